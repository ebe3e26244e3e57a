package runner

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestPaces has paces measured and kept, and those of another time or machine, or
// in a damaged file, measured again.
func TestPaces(t *testing.T) {
	j := jobOf(t, small)
	j.Threads = 1
	key, err := paceKey(j)
	if err != nil {
		t.Fatal(err)
	}
	file := func(machine string, pace Pace, measured time.Time) string {
		text, err := json.Marshal(paceRecord{machine, map[string]keptPace{key: {pace, measured}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	kept, now := Pace{123, 45}, time.Now()
	whole := file(thisMachine(), kept, now)
	for _, c := range []struct {
		name, text string
		known      bool
	}{
		{"kept", whole, true},
		{"missing", "", false},
		{"damaged", whole[:len(whole)/2], false},
		{"of another form", `{"paces": [1, 2]}`, false},
		{"null", "null", false},
		{"of another machine", file("an abacus", kept, now), false},
		{"too old", file(thisMachine(), kept, now.Add(-lasting-time.Hour)), false},
		{"of the future", file(thisMachine(), kept, now.Add(time.Hour)), false},
		{"impossible", file(thisMachine(), Pace{-1, 45}, now), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), PacesFile)
			if c.text != "" {
				if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			measured := 0
			count := func(int) { measured++ }
			first, err := ReadPaces(path).Measure(t.Context(), []Job{j}, count)
			if err != nil {
				t.Fatal(err)
			}
			if p := *first[0]; (p == kept) != c.known || p.Train <= 0 || p.Evaluate <= 0 {
				t.Errorf("pace %v, expected the kept one: %v", p, c.known)
			}
			again, err := ReadPaces(path).Measure(t.Context(), []Job{j}, count)
			if err != nil {
				t.Fatal(err)
			}
			if *again[0] != *first[0] {
				t.Errorf("pace %v the second time, %v the first", *again[0], *first[0])
			}
			if (measured == 0) != c.known || measured > 1 {
				t.Errorf("measured %d times", measured)
			}
			left, err := os.ReadDir(filepath.Dir(path))
			if err != nil || len(left) != 1 {
				t.Errorf("%d files beside each other, expected one: %v", len(left), err)
			}
		})
	}
}

func ignore(int) {}

// TestPacesUnknown asks for paces that cannot be measured: without a dataset there
// is none, of a network that is too large it comes from the multiply-adds.
func TestPacesUnknown(t *testing.T) {
	j := jobOf(t, small)
	huge, without := jobOf(t, small, "batch_size=50"), j
	huge.Plan.Network.Layers[0].MultiplyAdds = mostMultiplyAdds + 1
	without.Dataset = nil
	folder := filepath.Join(t.TempDir(), "missing", PacesFile) // where nothing can be kept
	paces, err := ReadPaces(folder).Measure(t.Context(), []Job{j, without, huge, {}}, ignore)
	if err != nil {
		t.Fatal(err)
	}
	if paces[0] == nil || paces[1] != nil || paces[2] == nil || paces[3] != nil {
		t.Fatalf("paces %v", paces)
	}
	if want := paces[0].Train * perExample(huge) / perExample(j); math.Abs(paces[2].Train/want-1) > 1e-9 {
		t.Errorf("%v s an example, expected %v", paces[2].Train, want)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := ReadPaces(folder).Measure(stopped, []Job{j}, ignore); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: error %v", err)
	}
	if paces, err = ReadPaces(folder).Measure(t.Context(), []Job{huge}, ignore); err != nil || paces[0] != nil {
		t.Errorf("pace %v where nothing was measured: %v", paces[0], err)
	}
}

// TestPaceKey tells jobs apart by what decides how fast they train.
func TestPaceKey(t *testing.T) {
	key := func(threads int, set ...string) string {
		j := jobOf(t, small, set...)
		j.Threads = threads
		key, err := paceKey(j)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	base := key(1)
	for _, same := range []string{"seed=7", "epochs=9", "mode=full", "data_batch=2", "init.weights=he_normal",
		"name=other"} {
		if key(1, same) != base {
			t.Errorf("%s: another key", same)
		}
	}
	for _, other := range []string{"batch_size=7", "shuffle=false", "optimizer={adamw: {}}"} {
		if key(1, other) == base {
			t.Errorf("%s: the same key", other)
		}
	}
	if key(2) == base {
		t.Error("2 threads: the same key as 1")
	}
}

func TestEpoch(t *testing.T) {
	j := jobOf(t, small, "mode=full", "batch_size=100", "epochs=1")
	train, evaluate := j.EpochSeconds(Pace{Train: 2, Evaluate: 3})
	if train != 2*9000 || evaluate != 3*(100+1000) {
		t.Errorf("%v and %v seconds", train, evaluate)
	}
	if got, want := j.Estimate(Pace{Train: 2, Evaluate: 3}, 4), 4*(train+evaluate)+3*2000; got != want {
		t.Errorf("%v seconds, expected %v", got, want)
	}
}

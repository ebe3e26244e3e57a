package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/checkpoint"
	"runner/store"
	"runner/store/storetest"
)

// stopping is a context that is cancelled when it is asked for the n-th time
// whether it is, which a training does once a mini-batch: so a test can stop it
// at each of its steps.
type stopping struct {
	context.Context
	left   int
	killed bool // nothing is written any more, as after kill -9
}

func (c *stopping) Err() error {
	if c.left--; c.left >= 0 {
		return nil
	}
	if c.killed {
		return errors.New("killed") // another each time
	}
	return context.Canceled
}

// trainUntil returns the epochs before the training is stopped, and whether it was.
func trainUntil(t *testing.T, f Folder, j Job, asked int, killed bool) (rows []store.Epoch, stopped bool) {
	t.Helper()
	start, err := f.origin()
	if err != nil {
		t.Fatal(err)
	}
	if start == nil {
		start = j.origin()
	}
	ctx := &stopping{context.Background(), asked, killed}
	for row, err := range trainFrom(ctx, j, start, f, new(Progress)) {
		if err != nil {
			if !errors.Is(err, context.Canceled) && err.Error() != "killed" {
				t.Fatal(err)
			}
			return rows, true
		}
		rows = append(rows, row.Epoch)
	}
	return rows, false
}

// TestResumeAnywhere does so with each optimizer that has other state.
func TestResumeAnywhere(t *testing.T) {
	for _, optimizer := range []string{"adam", "{sgd: {learning_rate: 0.01, momentum: 0.9}}",
		"{rmsprop: {momentum: 0.9}}"} {
		resumeAnywhere(t, optimizer, func() Job {
			return jobOf(t, small, "batch_size=512", "optimizer="+optimizer, "checkpoint_every=1ms")
		})
	}
}

// resumeAnywhere stops a training at its steps, those of evaluation included, in an
// orderly way and by force, again and again, and goes on: to the same bits.
func resumeAnywhere(t *testing.T, what string, job func() Job) {
	t.Helper()
	whole := Folder{Path: t.TempDir()}
	want := trainInto(t, whole, job())
	end := tensors(t, whole)
	j := job()
	for _, killed := range []bool{false, true} {
		for asked := 1; ; asked += 1 + asked/2 {
			folder := Folder{Path: t.TempDir()}
			got := make(map[int]store.Epoch)
			sessions := 0
			for stopped := true; stopped; sessions++ {
				var rows []store.Epoch
				// A killed one may have kept nothing since it was last stopped at
				// the same place, so it is given more time with each turn.
				rows, stopped = trainUntil(t, folder, j, asked*(sessions+1), killed)
				for _, row := range rows {
					if before, ok := got[row.Epoch]; ok {
						if diff := cmp.Diff(before, row, times); diff != "" {
							t.Fatalf("%s, stopped after %d: an epoch met again (-before +after):\n%s", what, asked, diff)
						}
					}
					got[row.Epoch] = row
				}
			}
			for _, row := range want {
				if diff := cmp.Diff(row, got[row.Epoch], times); diff != "" {
					t.Fatalf("%s, killed %v, stopped after %d: (-whole +resumed):\n%s", what, killed, asked, diff)
				}
			}
			if diff := cmp.Diff(end, tensors(t, folder)); diff != "" {
				t.Fatalf("%s, stopped after %d: another state in the end", what, asked)
			}
			if sessions == 1 {
				break
			}
		}
	}
}

// tensors returns what the last state in a folder holds.
func tensors(t *testing.T, f Folder) []checkpoint.Tensor {
	t.Helper()
	file, err := checkpoint.Read(filepath.Join(f.Path, LastFile))
	if err != nil {
		t.Fatal(err)
	}
	return file.Tensors
}

// begun puts a run of a job on record, as one that was interrupted with the
// epochs given, and makes it this process's again.
func begun(t *testing.T, j Job, change func(*store.Run), epochs ...store.Epoch) (*store.Store, store.Run) {
	t.Helper()
	st, run := recordOf(t, j)
	if change != nil {
		change(&run)
	}
	var err error
	if run, err = st.Begin(t.Context(), run, j.Measured()); err != nil {
		t.Fatal(err)
	}
	for _, e := range epochs {
		if err := st.Log(t.Context(), run.ID, e, storetest.Answers(e.ValAccuracy)); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.End(t.Context(), run.ID, store.Interrupted, "", ""); err != nil {
		t.Fatal(err)
	}
	if run, err = st.Resume(t.Context(), run.ID); err != nil {
		t.Fatal(err)
	}
	return st, run
}

// recordAll trains a run to its end and returns it as it was left.
func recordAll(t *testing.T, st *store.Store, run store.Run, j Job) (store.Run, error) {
	t.Helper()
	var failure error
	for _, err := range Record(t.Context(), st, run, j, new(Progress)) {
		failure = err
	}
	run, err := st.Find(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	return run, failure
}

// A run without a state, as an older version leaves it, is trained from its
// beginning, and compared with what is on record.
func TestRecordMeetsItsRows(t *testing.T) {
	j := jobOf(t, small)
	want := train(t, j)
	for i := range want {
		want[i].Seconds = 1000 + float64(i)
	}
	st, run := begun(t, j, nil, want[0])
	run, err := recordAll(t, st, run, j)
	if err != nil || run.Status != store.Finished || run.Logged != 2 {
		t.Fatalf("%s after %d epochs: %v", run.Status, run.Logged, err)
	}
	rows, err := st.Epochs(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, rows, times); diff != "" || rows[0].Seconds != 1000 {
		t.Errorf("%v %s", rows[0].Seconds, diff)
	}

	for _, change := range []func(*store.Epoch){
		func(e *store.Epoch) { e.ValLoss += 1e-9 },
		func(e *store.Epoch) { e.WeightsHash = "other" },
	} {
		other := want[0]
		change(&other)
		st, run := begun(t, j, nil, other)
		run, err := recordAll(t, st, run, j)
		var changed *ChangedError
		if !errors.As(err, &changed) || changed.Before.Epoch != 1 || run.Status != store.Failed || run.Logged != 1 ||
			!strings.Contains(run.Reason, "epoch 1 of run "+run.ID+" does not come out as it is on record") {
			t.Errorf("%s, reason %q: %v", run.Status, run.Reason, err)
		}
	}
}

func TestNotResumable(t *testing.T) {
	j := jobOf(t, small)
	for _, c := range []struct {
		change func(*store.Run)
		want   string
	}{
		{func(r *store.Run) { r.Features = "abacus: beads" }, "was begun with abacus arithmetic"},
		{func(r *store.Run) { r.Identity = "of an older version" }, "was begun with other arithmetic or another dataset"},
	} {
		st, run := begun(t, j, c.change)
		run, err := recordAll(t, st, run, j)
		if err == nil || !strings.Contains(err.Error(), c.want) || run.Status != store.Failed {
			t.Errorf("%s: %v, expected %q", run.Status, err, c.want)
		}
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{{"", "purego", true}, {"avx2", "avx512", true}, {"purego", "avx2", false}, {"purego", "purego", true}} {
		if got := sameBits(c.a, c.b); got != c.want {
			t.Errorf("sameBits(%s, %s) = %v", c.a, c.b, got)
		}
	}
}

// A state that is damaged, incomplete or another run's is refused, and says what
// to do; nothing is trained from half of it.
func TestDamagedState(t *testing.T) {
	j := jobOf(t, small, "epochs=1")
	folder := Folder{t.TempDir(), "this"}
	trainInto(t, folder, j)
	path := filepath.Join(folder.Path, LastFile)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(content)
	flipped[len(flipped)-1] ^= 1
	withoutOptimizer := func() []byte {
		file, err := checkpoint.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		file.Tensors = file.Tensors[:4]
		if err := checkpoint.Write(path, file); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}()
	for _, c := range []struct {
		name, identity string
		content        []byte
		want           string
	}{
		{"whole", "this", content, ""},
		{"flipped", "this", flipped, "checksum"},
		{"truncated", "this", content[:len(content)/2], "truncated"},
		{"another run's", "that", content, "is the state of another run"},
		{"without the optimizer", "this", withoutOptimizer, "has no tensor optimizer.adam.m"},
	} {
		if err := os.WriteFile(path, c.content, 0o644); err != nil {
			t.Fatal(err)
		}
		start, failure := Folder{folder.Path, c.identity}.origin()
		if failure == nil {
			for _, err := range trainFrom(t.Context(), j, start, Folder{}, new(Progress)) {
				failure = err
			}
		}
		if c.want == "" {
			if failure != nil {
				t.Errorf("%s: %v", c.name, failure)
			}
			continue
		}
		if failure == nil || !strings.Contains(failure.Error(), c.want) || !strings.Contains(failure.Error(), path) ||
			!strings.Contains(failure.Error(), "remove the file") {
			t.Errorf("%s: %v, expected %q", c.name, failure, c.want)
		}
	}
}

// A run that began from a file of weights is not begun again from others.
func TestResumeNeedsItsWeights(t *testing.T) {
	first := jobOf(t, small, "epochs=1")
	folder := Folder{Path: t.TempDir()}
	trainInto(t, folder, first)
	j := jobOf(t, small, "seed=2")
	j.InitFrom = filepath.Join(folder.Path, BestFile)
	st, run := begun(t, j, nil)
	without := j
	without.InitFrom = ""
	run, err := recordAll(t, st, run, without)
	if err == nil || !strings.Contains(err.Error(), "--init-from") || run.Status != store.Failed || run.Logged != 0 {
		t.Errorf("%s after %d epochs: %v", run.Status, run.Logged, err)
	}
	if run, err = st.Resume(t.Context(), run.ID); err != nil {
		t.Fatal(err)
	}
	if run, err = recordAll(t, st, run, j); err != nil || run.Status != store.Finished {
		t.Errorf("with the weights: %s, %v", run.Status, err)
	}
}

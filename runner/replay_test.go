package runner

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/arch/kernel"
	"runner/store"
)

// replay returns the epochs of a replay, each as the fields in which it differs, and
// the error it ended with.
func replay(ctx context.Context, run store.Run, recorded []store.Epoch, j Job) (fields [][]string, err error) {
	for r, err := range Replay(ctx, run, recorded, j, new(Progress)) {
		if err != nil {
			return fields, err
		}
		var names []string
		for _, d := range r.Differences {
			names = append(names, d.Field)
		}
		fields = append(fields, names)
	}
	return fields, nil
}

// TestReplay holds trainings against records that they agree with, in whole or in
// part, and against records that say something else.
func TestReplay(t *testing.T) {
	t.Chdir(t.TempDir())
	j := jobOf(t, small, "batch_size=512")
	epochs := train(t, j)
	j.Threads = 1
	finished := store.Run{Status: store.Finished, Results: store.Results{Logged: 2}}
	other := func(change func(*store.Epoch)) []store.Epoch {
		e := slices.Clone(epochs)
		change(&e[1])
		return e
	}
	for _, c := range []struct {
		name     string
		run      store.Run
		recorded []store.Epoch
		want     [][]string
	}{
		{"the same", finished, epochs, [][]string{nil, nil}},
		{"other seconds", finished, other(func(e *store.Epoch) { e.Seconds, e.EvalSeconds = 99, 99 }), [][]string{nil, nil}},
		{"interrupted after one epoch", store.Run{Status: store.Interrupted, Results: store.Results{Logged: 1}}, epochs[:1],
			[][]string{nil}},
		{"other weights", finished, other(func(e *store.Epoch) { e.WeightsHash = "ab" }), [][]string{nil, {"weights_hash"}}},
		{"other figures", finished, other(func(e *store.Epoch) { e.ValLoss, e.ValAccuracy, e.TrainLoss = 1, 0, 2 }),
			[][]string{nil, {"train_loss", "val_loss", "val_accuracy"}}},
		{"other figures still", finished, other(func(e *store.Epoch) { e.BatchLoss, e.LearningRate = 1, 2 }),
			[][]string{nil, {"learning_rate", "batch_loss"}}},
		{"diverged after one epoch", store.Run{Status: store.Diverged, Results: store.Results{Logged: 1},
			Reason: "the loss became NaN"}, epochs[:1],
			[][]string{nil, {"outcome"}}},
	} {
		got, err := replay(t.Context(), c.run, c.recorded, j)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := replay(ctx, finished, epochs, j); len(got) > 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %d epochs, %v", len(got), err)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("written where there is no folder: %v, %v", left, err)
	}
}

// TestReplayDivergence trains what diverges, as recorded, at another step, and
// although it is recorded to have gone well.
func TestReplayDivergence(t *testing.T) {
	j := jobOf(t, small, "optimizer={sgd: {learning_rate: 1000}}",
		"layers=[flatten, {dense: {units: 32}}, {dense: {units: 10}}]")
	var reason string
	for _, err := range Train(t.Context(), j, Folder{}, new(Progress)) {
		if err == nil {
			t.Fatal("an epoch of it went well")
		}
		reason = Sentence(err)
	}
	diverged := store.Run{Status: store.Diverged, Reason: reason}
	elsewhere := diverged
	elsewhere.Reason = strings.Replace(reason, "step ", "step 9", 1)
	for _, c := range []struct {
		run      store.Run
		recorded []store.Epoch
		want     []string
	}{
		{diverged, nil, nil},
		{elsewhere, nil, []string{"outcome"}},
		{store.Run{Status: store.Finished, Results: store.Results{Logged: 1}}, []store.Epoch{{Epoch: 1}},
			[]string{"outcome"}},
	} {
		got, err := replay(t.Context(), c.run, c.recorded, j)
		if diff := cmp.Diff([][]string{c.want}, got); diff != "" || err != nil {
			t.Errorf("%s %q: %v (-want +got):\n%s", c.run.Status, c.run.Reason, err, diff)
		}
	}
}

func TestEnvironmentDifferences(t *testing.T) {
	j := jobOf(t, small)
	now, err := NewRun(j, store.Environment{Version: "v2", Commit: "abc", GoVersion: "go2", Processor: "P",
		Features: "avx2: ADX AVX2"})
	if err != nil {
		t.Fatal(err)
	}
	if d := EnvironmentDifferences(j.Plan, now, now); len(d) > 0 {
		t.Errorf("of a run and itself: %v", d)
	}
	dirty := now
	dirty.Dirty = true
	want := []store.Difference{difference("commit", "abc (with uncommitted changes)", "abc (with uncommitted changes)")}
	if diff := cmp.Diff(want, EnvironmentDifferences(j.Plan, dirty, dirty)); diff != "" {
		t.Errorf("uncommitted changes, which may be others (-want +got):\n%s", diff)
	}
	then := store.Run{
		Environment: store.Environment{Commit: "abd", Version: "v1", GoVersion: "go1", Processor: "Q",
			Features: "avx512: AVX2 AVX512F"}, Threads: 16,
		Fingerprint: now.Fingerprint,
	}
	if then.Identity, _, err = j.Plan.identity(now.Fingerprint, "", kernel.Version-1); err != nil {
		t.Fatal(err)
	}
	want = []store.Difference{
		difference("commit", "abd", "abc"), difference("version", "v1", "v2"), difference("go_version", "go1", "go2"),
		difference("processor", "Q", "P"),
		difference("instruction_set", "avx512", "avx2"), difference("features", "AVX512F", "ADX"),
		difference("threads", "16", "2"),
		difference("arithmetic", strconv.Itoa(kernel.Version-1), strconv.Itoa(kernel.Version)),
	}
	if diff := cmp.Diff(want, EnvironmentDifferences(j.Plan, then, now)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	then.Identity = "of a later version"
	if d := EnvironmentDifferences(j.Plan, then, now); d[len(d)-1].Recorded != "unknown" {
		t.Errorf("arithmetic that nobody knows: %v", d)
	}
}

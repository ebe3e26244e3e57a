package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"runner/arch"
	"runner/internal/spec"
	"runner/store"
)

func TestOutcome(t *testing.T) {
	crash := &arch.PanicError{Operation: "layers.0.conv2d", Cause: "out of range", Stack: "goroutine 7"}
	for _, c := range []struct {
		err           error
		status        store.Status
		reason, stack string
	}{
		{nil, store.Finished, "", ""},
		{&DivergedError{Epoch: 1, Step: 2}, store.Diverged,
			"the loss became 0 in epoch 1, step 2: try a smaller learning rate", ""},
		{fmt.Errorf("a step: %w", context.Canceled), store.Interrupted, "told to stop", ""},
		{fmt.Errorf("a step: %w", crash), store.Failed, "a step: layers.0.conv2d: out of range", "goroutine 7"},
		{errors.New("no room"), store.Failed, "no room", ""},
		{errors.Join(errors.New("no room"), errors.New("nor there")), store.Failed, "no room; nor there", ""},
	} {
		status, reason, stack := outcome(c.err)
		if status != c.status || reason != c.reason || stack != c.stack {
			t.Errorf("%v: %s, %q, %q", c.err, status, reason, stack)
		}
	}
}

// A record, with all defaults written out and text escaped, is larger than the file, and is read
// back even of the largest file.
func TestLargestRecords(t *testing.T) {
	for _, test := range []struct {
		layer  string
		values int // of that layer
	}{
		{"conv2d: {filters: 1, kernel: 1}", 4},
		{"maxpool2d: {pool: 1}", 3},
		{"activation: relu", 2},
	} {
		text := "name: x\ndescription: \"" + strings.Repeat("\\N", 70_000) + "\"\ndataset: synthetic\nlayers:\n" +
			strings.Repeat("  - "+test.layer+"\n", 9950/test.values) + "  - flatten\n  - dense: {units: 10}\n"
		j := jobOf(t, text)
		run, err := NewRun(j, ThisEnvironment())
		if err != nil {
			t.Errorf("%s: %v", test.layer, err)
			continue
		}
		e, faults := spec.Parse("record", []byte(run.Config))
		if len(faults) > 0 {
			t.Errorf("%s: %v", test.layer, faults)
		} else if len(e.Layers) != len(j.Plan.Experiment.Layers) {
			t.Errorf("%s: %d layers of %d are left", test.layer, len(e.Layers), len(j.Plan.Experiment.Layers))
		}
	}
}

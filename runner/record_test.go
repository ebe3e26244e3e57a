package runner

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"runner/arch"
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
		{&DivergedError{Epoch: 1, Step: 2}, store.Diverged, "the loss became 0 in epoch 1, step 2: try a smaller learning rate", ""},
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

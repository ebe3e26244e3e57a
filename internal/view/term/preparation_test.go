package term

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data"
)

// broken is a transfer that breaks in the middle and is resumed.
func broken(tell func(data.Event), total int64) {
	tell(data.Event{Total: total})
	for done := int64(0); done <= 490_000; done += 7000 {
		tell(data.Event{Done: done, Total: total})
	}
	tell(data.Event{Done: 490_000, Total: total, Over: true})
	tell(data.Event{Note: "fetching here: it broke, trying again"})
	for done := int64(490_000); done <= 1_000_000; done += 6000 {
		tell(data.Event{Done: done, Total: total})
	}
	tell(data.Event{Done: 1_000_000, Total: total, Over: true})
	tell(data.Event{Note: "cifar10: preparing"})
}

func TestPreparation(t *testing.T) {
	t.Run("lines", func(t *testing.T) {
		var told strings.Builder
		broken(NewPreparation(&told, false).Tell, 1_000_000)
		want := `fetching: 10% of 1.0 MB
fetching: 20% of 1.0 MB
fetching: 30% of 1.0 MB
fetching: 40% of 1.0 MB
fetching here: it broke, trying again
fetching: 49% of 1.0 MB
fetching: 50% of 1.0 MB
fetching: 60% of 1.0 MB
fetching: 70% of 1.0 MB
fetching: 80% of 1.0 MB
fetching: 90% of 1.0 MB
fetching: 100% of 1.0 MB
cifar10: preparing
`
		if diff := cmp.Diff(want, told.String()); diff != "" {
			t.Errorf("(-expected +got):\n%s", diff)
		}
	})
	t.Run("no length", func(t *testing.T) {
		var told strings.Builder
		broken(NewPreparation(&told, false).Tell, 0)
		if want := "fetching here: it broke, trying again\ncifar10: preparing\n"; told.String() != want {
			t.Errorf("told %q, expected %q", told.String(), want)
		}
	})
	// A bar, whole or broken off, with a length or without, comes down by itself.
	t.Run("terminal", func(t *testing.T) {
		for _, total := range []int64{1_000_000, 0} {
			var told strings.Builder
			broken(NewPreparation(&told, true).Tell, total)
			if !strings.Contains(told.String(), "fetching ") || !strings.Contains(told.String(), "cifar10: preparing\n") {
				t.Errorf("told %q, expected a bar", told.String())
			}
		}
	})
}

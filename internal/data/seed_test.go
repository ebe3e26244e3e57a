package data

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The figures of CIFAR-10 itself, of ten of its examples.
func TestSeedStats(t *testing.T) {
	if os.Getenv("RUNNER_CIFAR10_URL") == "" {
		t.Skip("needs CIFAR-10: name an archive with RUNNER_CIFAR10_URL")
	}
	text, err := os.ReadFile("testdata/seed-dataset-stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []Stats
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 10 {
		t.Fatalf("%d entries, expected 10", len(all))
	}
	o := Options{Dir: t.TempDir()}
	o.Tell = func(e Event) {
		if e.Note != "" {
			t.Log(e.Note)
		}
	}
	d, err := named(t, "cifar10").Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Train(0).Len() != 45_000 || d.Validation().Len() != 5000 || d.Test().Len() != 10_000 {
		t.Errorf("splits of %d, %d and %d", d.Train(0).Len(), d.Validation().Len(), d.Test().Len())
	}
	if err := d.Verify(context.Background()); err != nil {
		t.Error(err)
	}
	for _, want := range all {
		got, _, err := d.Stats(want.Batch, want.Image)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("batch %d, sample %d (-expected +got):\n%s", want.Batch, want.Image, diff)
		}
		t.Logf("%+v", got)
	}
	_, _, err = d.Stats(1, 12000)
	if want := "10000 samples in batch 1. 12000 is out of range."; err == nil || err.Error() != want {
		t.Errorf("error %v, expected %s", err, want)
	}
}

package runner

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"runner/arch/kernel"
)

// loaderOf returns a loader for a job's mini-batches.
func loaderOf(t *testing.T, j Job) *loader {
	t.Helper()
	pool := kernel.NewPool(1)
	defer pool.Close()
	m, err := j.Plan.Network.BuildForEvaluation(pool, j.Plan.Experiment.BatchSize)
	if err != nil {
		t.Fatal(err)
	}
	return newLoader(m)
}

// TestLoader holds the mini-batches of a pass against reading them one at a
// time: each while the next is being read, and the last after the pass.
func TestLoader(t *testing.T) {
	j := jobOf(t, small)
	l := loaderOf(t, j)
	s, direct := j.Dataset.Train(1), j.Dataset.Train(1)
	for _, size := range []int{256, 128, 256} {
		o := s.Order(size, true, scaled(1, size))
		images, labels := make([]float32, len(l[0].Images)), make([]int32, len(l[0].Labels))
		latest := l[0]
		same := func(k int) {
			t.Helper()
			indices := o.Indices(k)
			if err := direct.Read(indices, o.Pass, images, labels); err != nil {
				t.Fatal(err)
			}
			pixels := len(images) / len(labels) * len(indices)
			if latest.N != len(indices) || !slices.Equal(latest.Labels[:latest.N], labels[:latest.N]) ||
				!slices.Equal(latest.Images[:pixels], images[:pixels]) {
				t.Errorf("mini-batch %d of %d examples is not what the split has", k, latest.N)
			}
		}
		k := 0
		for b, err := range l.batches(t.Context(), s, o, 0) {
			if err != nil {
				t.Fatal(err)
			}
			latest = b
			same(k)
			k++
		}
		if k != o.Steps() {
			t.Errorf("%d mini-batches, expected %d", k, o.Steps())
		}
		same(k - 1)
	}
}

// TestLoaderStops leaves a pass at every step: then nothing is read any more,
// so the mini-batches and the split can be used at once. The race detector sees
// it if not.
func TestLoaderStops(t *testing.T) {
	j := jobOf(t, small)
	l := loaderOf(t, j)
	s := j.Dataset.Train(1)
	o := s.Order(256, true, scaled(1, 1))
	for last := range o.Steps() {
		k := 0
		for _, err := range l.batches(t.Context(), s, o, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if k++; k > last {
				break
			}
		}
		for _, b := range l {
			if err := s.Read(o.Indices(0), o.Pass, b.Images, b.Labels); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(l[0].Images, l[1].Images) || !slices.Equal(l[0].Labels, l[1].Labels) {
			t.Errorf("left after %d mini-batches, another was read", k)
		}
	}
}

// TestLoaderFails has an error come where its mini-batch would, and not before:
// the split has fewer examples than the order.
func TestLoaderFails(t *testing.T) {
	j := jobOf(t, small)
	l := loaderOf(t, j)
	order := j.Dataset.Train(0).Order(256, false, scaled(0, 0))
	split := j.Dataset.Train(1)
	good := split.Order(256, false, scaled(0, 0)).Steps() // the first batch file's part of the order
	var failure error
	k := 0
	for b, err := range l.batches(t.Context(), split, order, 0) {
		if failure != nil {
			t.Fatal("the sequence goes on after an error")
		}
		if failure = err; err == nil {
			k++
		} else if b != nil {
			t.Error("a mini-batch with an error")
		}
	}
	if k != good || failure == nil || !strings.Contains(failure.Error(), "expected 0 to") {
		t.Errorf("error %v after %d mini-batches, expected one after %d", failure, k, good)
	}

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	k = 0
	for _, err := range l.batches(ctx, split, split.Order(256, false, scaled(0, 0)), 0) {
		if failure = err; err == nil {
			k++
			cancel()
		}
	}
	if k != 1 || !errors.Is(failure, context.Canceled) {
		t.Errorf("error %v after %d mini-batches, expected context.Canceled after 1", failure, k)
	}
}

// TestTrainLeavesNoGoroutine abandons trainings after an epoch and within one.
func TestTrainLeavesNoGoroutine(t *testing.T) {
	for _, abandon := range []func(cancel context.CancelFunc) bool{
		func(context.CancelFunc) bool { return false },
		func(cancel context.CancelFunc) bool { cancel(); return true },
	} {
		j := jobOf(t, small, "epochs=100")
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			epochs := 0
			for _, err := range Train(ctx, j, Folder{}, new(Progress)) {
				if err == nil {
					epochs++
				}
				if !abandon(cancel) {
					break
				}
			}
			if epochs != 1 {
				t.Errorf("%d epochs, expected 1", epochs)
			}
		})
	}
}

// TestDamagedData has a training end with the error of reading.
func TestDamagedData(t *testing.T) {
	j := jobOf(t, small)
	j.Dataset.Close()
	ends := 0
	for _, err := range Train(t.Context(), j, Folder{}, new(Progress)) {
		ends++
		if err == nil || !strings.Contains(err.Error(), "reading examples") {
			t.Errorf("error %v", err)
		}
	}
	if ends != 1 {
		t.Errorf("%d errors, expected one", ends)
	}
}

// TestFitsMachine asks for mini-batches that no machine can hold.
func TestFitsMachine(t *testing.T) {
	j := jobOf(t, small)
	fits := func() error {
		need, err := Memory(j)
		if err != nil {
			return err
		}
		return FitsMachine(need, MachineMemory())
	}
	if err := fits(); err != nil {
		t.Error(err)
	}
	if MachineMemory() == 0 {
		t.Skip("this machine does not tell its memory")
	}
	j.Plan.Experiment.BatchSize = math.MaxInt32
	if err := fits(); err == nil || !strings.Contains(err.Error(), "make batch_size or the layers smaller") {
		t.Errorf("error %v", err)
	}
}

package arch

import (
	"runtime"
	"slices"
	"testing"

	"runner/arch/kernel"
)

// heap returns the bytes in use and those allocated so far.
func heap() (used, total int64) {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc), int64(stats.TotalAlloc)
}

// TestStepsAllocateNoTensors counts what steps and evaluations allocate once the buffers
// exist: small objects, as many for a large mini-batch as for a small one.
func TestStepsAllocateNoTensors(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	n := network(t, Shape{32, 32, 3}, 4, everyKind)
	perStep := func(size int) int64 {
		m, err := n.Build(t.Context(), pool, size, 3)
		if err != nil {
			t.Fatal(err)
		}
		b := random(m, size)
		step := func() {
			if _, err := m.Step(b, 1); err != nil {
				t.Fatal(err)
			}
			if _, err := m.Evaluate(b); err != nil {
				t.Fatal(err)
			}
		}
		step()
		const steps = 10
		_, before := heap()
		for range steps {
			step()
		}
		_, after := heap()
		return (after - before) / steps
	}
	small, large := perStep(2), perStep(64)
	t.Logf("a step and an evaluation allocate %d bytes with a mini-batch of 2, %d with one of 64", small, large)
	// The smallest output has 4 values for an example, all of them thousands.
	if large > small+62*4*4 || large > 100_000 {
		t.Errorf("a step and an evaluation allocate %d bytes with a mini-batch of 2, %d with one of 64", small, large)
	}
}

// TestMemory holds the forecast of a model's memory against the heap once it has run, and
// asks for more than any machine has.
func TestMemory(t *testing.T) {
	const threads = 2
	n := network(t, Shape{32, 32, 3}, 4, everyKind)
	want, err := n.Memory(256, threads)
	if err != nil {
		t.Fatal(err)
	}
	pool := kernel.NewPool(threads)
	defer pool.Close()
	before, _ := heap()
	m, err := n.Build(t.Context(), pool, 256, 3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Step(random(m, 256), 1); err != nil {
		t.Fatal(err)
	}
	after, _ := heap()
	runtime.KeepAlive(m)
	// The graphs themselves take some, the tensors megabytes.
	const batch = 4 * 256 * (32*32*3 + 1)
	if got := after - before - batch; got < want-1<<18 || got > want+1<<18 {
		t.Errorf("a model takes %d bytes, expected %d", got, want)
	}

	_, before = heap()
	huge, err := n.Memory(256<<20, threads)
	if err != nil {
		t.Fatal(err)
	}
	_, after = heap()
	if huge < want<<19 {
		t.Errorf("%d bytes for mini-batches of 2^28, %d for 2^8", huge, want)
	}
	if after-before > 1<<20 {
		t.Errorf("asking how much memory a model takes allocates %d bytes", after-before)
	}
}

// TestBuildForEvaluation holds a model without a training graph against one that has it:
// they give the same bits.
func TestBuildForEvaluation(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	n := network(t, Shape{9, 8, 3}, 4, everyKind)
	both, err := n.Build(t.Context(), pool, 5, 3)
	if err != nil {
		t.Fatal(err)
	}
	m, err := n.BuildForEvaluation(pool, 5)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range both.Params {
		if q := m.Params[i]; q.Name != p.Name || !slices.Equal(q.Shape, p.Shape) || q.Grad != nil {
			t.Errorf("parameter %s %v with a gradient of %d values, expected %s %v without",
				q.Name, q.Shape, len(q.Grad), p.Name, p.Shape)
		}
		copy(m.Params[i].Value, p.Value)
	}
	want, err := both.Evaluate(random(both, 3))
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Evaluate(random(m, 3))
	if err != nil {
		t.Fatal(err)
	}
	if got.Loss != want.Loss || !slices.Equal(got.Predicted, want.Predicted) || !slices.Equal(got.Logits, want.Logits) {
		t.Errorf("evaluation %v, expected %v", got, want)
	}
	if _, err := m.Step(random(m, 3), 1); err == nil {
		t.Error("a step of a model without a training graph")
	}
}

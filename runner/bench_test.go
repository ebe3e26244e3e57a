package runner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner/optim"
)

// postModel builds the network of the blog post with a mini-batch of images
// between 0 and 1, and its optimizer.
func postModel(b *testing.B, pool *kernel.Pool) (*arch.Model, *arch.MiniBatch, *optim.Optimizer, *Plan) {
	b.Helper()
	loaded, faults := spec.Load(filepath.Join("..", "experiments", "seed-cnn.yaml"), nil)
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	plan, faults := NewPlan(loaded.Experiments[0], data.Kinds())
	if len(faults) > 0 {
		b.Fatal(faults)
	}
	m, err := plan.Network.Build(context.Background(), pool, plan.Experiment.BatchSize, plan.Experiment.Seed)
	if err != nil {
		b.Fatal(err)
	}
	batch := m.NewMiniBatch()
	for i := range batch.Images {
		batch.Images[i] = float32(i*7919%256) / 255
	}
	for i := range batch.Labels {
		batch.Labels[i] = int32(i % 10)
	}
	return m, batch, plan.Optimizer.New(m.Params), plan
}

// eachPool runs a benchmark on one and two threads.
func eachPool(b *testing.B, f func(b *testing.B, p *kernel.Pool)) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("%s/threads=%d", kernel.ISA(), threads), func(b *testing.B) {
			pool := kernel.NewPool(threads)
			defer pool.Close()
			f(b, pool)
		})
	}
}

// BenchmarkStep is one step of the blog post's network: forward, backward and
// the optimizer, on a mini-batch of 256.
func BenchmarkStep(b *testing.B) {
	eachPool(b, func(b *testing.B, pool *kernel.Pool) {
		m, batch, optimizer, plan := postModel(b, pool)
		b.ReportAllocs()
		t := int64(0)
		for b.Loop() {
			t++
			if _, err := m.Step(batch, t); err != nil {
				b.Fatal(err)
			}
			optimizer.Step(pool, t, plan.Optimizer.Rate())
		}
		images := float64(batch.N * b.N)
		// A gradient costs as much as the forward pass, and there are two; the
		// images have none.
		rate := 18.98e6 * images / b.Elapsed().Seconds() / 1e9
		b.ReportMetric(rate, "GFLOP/s")
		b.ReportMetric(100*rate/kernel.Peak(pool), "%peak")
		b.ReportMetric(images/b.Elapsed().Seconds(), "images/s")
	})
}

// BenchmarkEvaluate is the evaluation of one mini-batch of 256.
func BenchmarkEvaluate(b *testing.B) {
	eachPool(b, func(b *testing.B, pool *kernel.Pool) {
		m, batch, _, _ := postModel(b, pool)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := m.Evaluate(batch); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(batch.N*b.N)/b.Elapsed().Seconds(), "images/s")
	})
}

// BenchmarkEpoch is an epoch of the blog post's network on a batch file of the
// synthetic dataset, 1,800 pictures, with reading them and the evaluation.
func BenchmarkEpoch(b *testing.B) {
	text, err := os.ReadFile(filepath.Join("..", "experiments", "seed-cnn.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	eachPool(b, func(b *testing.B, pool *kernel.Pool) {
		j := jobOf(b, string(text), "dataset=synthetic", "epochs=1")
		j.Threads = pool.Threads()
		for b.Loop() {
			train(b, j)
		}
		b.ReportMetric(1800*float64(b.N)/b.Elapsed().Seconds(), "images/s")
	})
}

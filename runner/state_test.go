package runner

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorgonia.org/gorgonia"

	"runner/arch"
	"runner/arch/op"
	"runner/internal/checkpoint"
)

// centering is a layer with state: y = x - mean + shift, where training moves the
// mean a tenth of the way to that of each mini-batch, and shift is learned.
// x: (Size, features).
type centering struct{ features int }

func (c centering) Place(in arch.Shape) (arch.Placed, error) {
	of := func(initialiser string) arch.Initializer {
		kinds := arch.InitKinds()
		return kinds[slices.IndexFunc(kinds, func(k arch.InitKind) bool { return k.Name == initialiser })].New()
	}
	c.features = in[0]
	return arch.Placed{
		Out: in,
		Tensors: []arch.Tensor{
			{Name: "mean", Shape: in, Init: of("normal")},
			{Name: "shift", Shape: in, Trained: true, Role: arch.Bias},
		},
		Build: func(b *arch.Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
			return b.Apply(op.Layer{
				Forward:  func(batch *op.Batch, p op.Pass) { c.forward(batch, p, b.Training) },
				Backward: c.backward,
				InPlace:  true,
			}, x)
		},
	}, nil
}

func (c centering) forward(b *op.Batch, p op.Pass, training bool) {
	mean, shift := p.Tensors[0], p.Tensors[1]
	if training {
		for f := range mean {
			sum := float32(0)
			for i := range b.N {
				sum += p.X[i*c.features+f]
			}
			mean[f] += 0.1 * (sum/float32(b.N) - mean[f])
		}
	}
	for i := range b.N * c.features {
		p.Y[i] = p.X[i] - mean[i%c.features] + shift[i%c.features]
	}
}

func (c centering) backward(b *op.Batch, p op.Pass) {
	if p.DTensors[0] != nil {
		panic("a gradient of state")
	}
	clear(p.DTensors[1])
	for i := range b.N * c.features {
		p.DTensors[1][i%c.features] += p.DY[i]
		p.DX[i] = p.DY[i]
	}
}

// withState is a job whose network has a layer with state in place of one without.
func withState(t *testing.T, threads int) Job {
	t.Helper()
	text := strings.Replace(small, "  - flatten\n", "  - flatten\n  - activation: tanh\n", 1)
	j := jobOf(t, text, "batch_size=512", "checkpoint_every=1ms")
	j.Threads = threads
	l := &j.Plan.Network.Layers[3]
	l.Name = "layers.3.centering"
	var err error
	if l.Placed, err = (centering{}).Place(l.In); err != nil {
		t.Fatal(err)
	}
	return j
}

// TestStateIsKept trains with a layer that has state: it is drawn, saved, restored
// and hashed like the parameters, has no optimizer and is no parameter.
func TestStateIsKept(t *testing.T) {
	const mean, shift = "layers.3.centering.mean", "layers.3.centering.shift"
	j := withState(t, 1)
	folder := Folder{Path: t.TempDir()}
	rows := trainInto(t, folder, j)
	if diff := cmp.Diff(rows, train(t, withState(t, 2)), times); diff != "" {
		t.Errorf("two threads (-one +two):\n%s", diff)
	}
	features := j.Plan.Network.Layers[3].In[0]
	if got, want := j.Plan.Network.Layers[3].Parameters(), int64(features); got != want {
		t.Errorf("%d parameters, expected %d", got, want)
	}
	last := make(map[string][]float32)
	for _, tensor := range tensors(t, folder) {
		last[tensor.Name] = tensor.Data
	}
	for name, want := range map[string]int{mean: features, shift: features, "optimizer.adam.m." + shift: features,
		"optimizer.adam.m." + mean: 0} {
		if got := len(last[name]); got != want {
			t.Errorf("%s has %d values in a checkpoint, expected %d", name, got, want)
		}
	}

	// A checkpoint is the whole model: it evaluates as the training did.
	best := 0
	for i, row := range rows {
		if row.ValAccuracy > rows[best].ValAccuracy {
			best = i
		}
	}
	path := filepath.Join(folder.Path, BestFile)
	m, _, err := load(j, nil, 1, path)
	if err != nil {
		t.Fatal(err)
	}
	if got := weightsHash(m.Tensors); got != rows[best].WeightsHash {
		t.Errorf("weights %s read back as %s", rows[best].WeightsHash, got)
	}
	at := slices.IndexFunc(m.Tensors, func(v arch.Variable) bool { return v.Name == mean })
	m.Tensors[at].Value[0]++
	if weightsHash(m.Tensors) == rows[best].WeightsHash {
		t.Error("state has no part in the hash of the weights")
	}
	for _, p := range m.Params {
		if p.Name == mean {
			t.Error("state is among the parameters")
		}
	}

	// One without the state belongs to another network.
	file, err := checkpoint.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	file.Tensors = slices.DeleteFunc(file.Tensors, func(t checkpoint.Tensor) bool { return t.Name == mean })
	without := filepath.Join(t.TempDir(), "x.safetensors")
	if err := checkpoint.Write(without, file); err != nil {
		t.Fatal(err)
	}
	if err := fits(without, j.Plan.Network); err == nil || !strings.Contains(err.Error(), "has no tensor "+mean) {
		t.Errorf("error %v of a checkpoint without state", err)
	}
}

// TestStateResumes stops a training with state anywhere.
func TestStateResumes(t *testing.T) {
	for _, threads := range []int{1, 2} {
		resumeAnywhere(t, "state", func() Job { return withState(t, threads) })
	}
}

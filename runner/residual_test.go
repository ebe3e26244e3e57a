package runner

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/arch/kernel"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/store"
)

// branched is a network with branches inside branches, and dropout on each path.
const branched = `
name: branched
dataset: synthetic
layers:
  - conv2d: {filters: 4, kernel: 3, stride: 4, activation: relu}
  - repeat:
      times: 2
      layers:
        - residual:
            layers:
              - activation: silu
              - residual: {layers: [conv2d: {filters: 4, kernel: 3}, dropout: {rate: 0.2}]}
            shortcut:
              - dropout: {rate: 0.1}
  - residual: {layers: [maxpool2d: {pool: 2}, conv2d: {filters: 6, kernel: 2}], shortcut: [conv2d: {filters: 6, kernel: 1, stride: 2}]}
  - global_avgpool2d
  - dense: {units: 10}
epochs: 2
batch_size: 512
checkpoint_every: 1ms
`

func branchedJob(t *testing.T, threads int) Job {
	t.Helper()
	j := jobOf(t, branched)
	j.Threads = threads
	return j
}

// TestBranchesResume stops a training of a network with branches anywhere.
func TestBranchesResume(t *testing.T) {
	for _, threads := range []int{1, 2} {
		resumeAnywhere(t, "branches", func() Job { return branchedJob(t, threads) })
	}
}

// TestBranchesReplay trains one again from the text that is put on record, with another number of
// threads. What it draws for one layer it does not draw for another.
func TestBranchesReplay(t *testing.T) {
	j := branchedJob(t, 2)
	recorded := train(t, j)
	text, err := j.Plan.Experiment.Text()
	if err != nil {
		t.Fatal(err)
	}
	e, faults := spec.Parse("record", text)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	again := branchedJob(t, 1)
	if again.Plan, faults = NewPlan(e, data.Kinds()); len(faults) > 0 {
		t.Fatal(faults)
	}
	got, err := replay(t.Context(), store.Run{Status: store.Finished, Results: store.Results{Logged: len(recorded)}},
		recorded, again)
	if diff := cmp.Diff([][]string{nil, nil}, got); diff != "" || err != nil {
		t.Errorf("error %v, differences (-want +got):\n%s\nof\n%s", err, diff, text)
	}

	pool := kernel.NewPool(1)
	defer pool.Close()
	model, err := j.Plan.Network.Build(t.Context(), pool, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	kernels := make(map[string][]float32)
	for _, v := range model.Params {
		kernels[v.Name] = v.Value
	}
	const one, two = "layers.1.residual.layers.1.residual.layers.0.conv2d.kernel",
		"layers.2.residual.layers.1.residual.layers.0.conv2d.kernel"
	if kernels[one] == nil || kernels[two] == nil || slices.Equal(kernels[one], kernels[two]) {
		t.Errorf("%s starts with %v, %s with %v", one, kernels[one], two, kernels[two])
	}
}

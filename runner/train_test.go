package runner

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"runner/arch/kernel"
	"runner/internal/checkpoint"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/store"
)

// dataDir holds the synthetic dataset for all tests of the package.
var dataDir string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "runner-data")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		dataDir = dir
		return m.Run()
	}())
}

const small = `
name: small
dataset: synthetic
layers:
  - conv2d: {filters: 4, kernel: 3, stride: 2, activation: relu}
  - maxpool2d: {pool: 2}
  - flatten
  - dropout: {rate: 0.2}
  - dense: {units: 10}
epochs: 2
batch_size: 256
`

// planOf plans an experiment's text.
func planOf(t testing.TB, kinds []data.Kind, text string, set ...string) (*Plan, spec.Faults) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	loaded, faults := spec.Load(file, set)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return NewPlan(loaded.Experiments[0], kinds)
}

// jobOf makes a job of an experiment's text.
func jobOf(t testing.TB, text string, set ...string) Job {
	t.Helper()
	plan, faults := planOf(t, data.Kinds(), text, set...)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	ds, err := plan.Dataset.Open(context.Background(), data.Options{Dir: dataDir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ds.Close() })
	return Job{Plan: plan, Dataset: ds, Threads: 2}
}

// train returns all epochs of a job.
func train(t testing.TB, j Job) []store.Epoch {
	t.Helper()
	return trainInto(t, Folder{}, j)
}

// trainInto also keeps the job's checkpoints.
func trainInto(t testing.TB, f Folder, j Job) []store.Epoch {
	t.Helper()
	var rows []store.Epoch
	for row, err := range Train(context.Background(), j, f, new(Progress)) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Epoch)
	}
	return rows
}

// times leaves out what may differ between two equal runs.
var times = cmpopts.IgnoreFields(store.Epoch{}, "Seconds", "EvalSeconds")

// TestSameBits trains twice with one thread and once each with 2, 3 and 16,
// shuffled and not. 1,800 examples in mini-batches of 256 end with one of 8.
func TestSameBits(t *testing.T) {
	for _, shuffle := range []string{"true", "false"} {
		var want []store.Epoch
		for _, threads := range []int{1, 1, 2, 3, 16} {
			j := jobOf(t, small, "shuffle="+shuffle)
			j.Threads = threads
			got := train(t, j)
			if want == nil {
				want = got
			}
			if diff := cmp.Diff(want, got, times); diff != "" {
				t.Errorf("shuffle %s: %d threads (-first +got):\n%s", shuffle, threads, diff)
			}
		}
		if want[0].WeightsHash == want[1].WeightsHash {
			t.Error("an epoch left the weights as they were")
		}
	}
}

// TestSeedsDiffer makes sure that the seed reaches the weights.
func TestSeedsDiffer(t *testing.T) {
	one := train(t, jobOf(t, small, "epochs=1", "seed=1"))
	two := train(t, jobOf(t, small, "epochs=1", "seed=2"))
	if one[0].WeightsHash == two[0].WeightsHash {
		t.Error("two seeds give the same weights")
	}
}

// recordOf returns an empty store and the record of a job that is about to start.
func recordOf(t *testing.T, j Job) (*store.Store, store.Run) {
	t.Helper()
	st, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "runs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	run, err := NewRun(j, ThisEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	return st, run
}

// record runs a job with a store and returns the run as it was left.
func record(t *testing.T, ctx context.Context, j Job) (*store.Store, store.Run, []store.Epoch, error) {
	t.Helper()
	st, run := recordOf(t, j)
	var err error
	if run, err = st.Begin(context.Background(), run, j.Measured()); err != nil {
		t.Fatal(err)
	}
	var seen []store.Epoch
	var failure error
	for row, err := range Record(ctx, st, run, j, new(Progress)) {
		if err != nil {
			failure = err
			continue
		}
		seen = append(seen, row)
		committed, err := st.Epochs(context.Background(), run.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(seen, committed); diff != "" {
			t.Errorf("epochs seen and committed (-seen +committed):\n%s", diff)
		}
	}
	run, err = st.Find(context.Background(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	return st, run, seen, failure
}

func TestRecord(t *testing.T) {
	j := jobOf(t, small, "mode=full", "epochs=3")
	st, run, rows, err := record(t, context.Background(), j)
	if err != nil {
		t.Fatal(err)
	}
	if run.Status != store.Finished || len(rows) != 3 {
		t.Fatalf("status %s after %d epochs, expected finished after 3", run.Status, len(rows))
	}
	last, err := checkpoint.Read(filepath.Join(st.Folder(run.ID), LastFile))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := last.Metadata["weights_hash"], rows[2].WeightsHash; got != want {
		t.Errorf("last checkpoint has hash %s, expected that of the last epoch, %s", got, want)
	}
	var names []string
	for _, tensor := range last.Tensors {
		names = append(names, tensor.Name)
	}
	want := []string{"layers.0.conv2d.bias", "layers.0.conv2d.kernel", "layers.4.dense.bias", "layers.4.dense.kernel"}
	for _, buffer := range []string{"m", "v"} {
		for _, name := range want[:4] {
			want = append(want, "optimizer.adam."+buffer+"."+name)
		}
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("tensors (-want +got):\n%s", diff)
	}
	best, err := checkpoint.Read(filepath.Join(st.Folder(run.ID), BestFile))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := best.Metadata["weights_hash"], rows[*run.BestEpoch-1].WeightsHash; got != want {
		t.Errorf("best checkpoint has hash %s, expected that of epoch %d, %s", got, *run.BestEpoch, want)
	}
	test, err := Test(context.Background(), j, filepath.Join(st.Folder(run.ID), BestFile))
	if err != nil {
		t.Fatal(err)
	}
	if run.TestLoss == nil || *run.TestLoss != test.Loss || *run.TestAccuracy != test.Answers.Accuracy() ||
		test.Epoch != *run.BestEpoch {
		t.Errorf("recorded test loss %v and accuracy %v, a reloaded checkpoint gives %g and %g",
			run.TestLoss, run.TestAccuracy, test.Loss, test.Answers.Accuracy())
	}
	e, faults := spec.Parse("record", []byte(run.Config))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	plan, faults := NewPlan(e, data.Kinds())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	identity, group, err := plan.Identity(run.Fingerprint, "")
	if err != nil {
		t.Fatal(err)
	}
	if identity != run.Identity || group != run.Group {
		t.Error("the recorded experiment has another identity than the run")
	}
}

func TestInterruption(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	j := jobOf(t, small, "epochs=1000000")
	st, run := recordOf(t, j)
	var err error
	if run, err = st.Begin(ctx, run, j.Measured()); err != nil {
		t.Fatal(err)
	}
	var failure error
	for _, err := range Record(ctx, st, run, j, new(Progress)) {
		failure = err
		cancel()
	}
	if !errors.Is(failure, context.Canceled) {
		t.Errorf("error %v, expected context.Canceled", failure)
	}
	run, err = st.Find(context.Background(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if run.Status != store.Interrupted || run.Logged != 1 {
		t.Errorf("status %s after %d epochs, expected interrupted after 1", run.Status, run.Logged)
	}
}

// TestBreak stops pulling after one epoch.
func TestBreak(t *testing.T) {
	j := jobOf(t, small)
	st, run := recordOf(t, j)
	var err error
	if run, err = st.Begin(context.Background(), run, j.Measured()); err != nil {
		t.Fatal(err)
	}
	for range Record(context.Background(), st, run, j, new(Progress)) {
		break
	}
	if run, err = st.Find(context.Background(), run.ID); err != nil || run.Status != store.Interrupted {
		t.Errorf("status %s, error %v, expected interrupted", run.Status, err)
	}
}

func TestInitFrom(t *testing.T) {
	first := jobOf(t, small, "epochs=1")
	folder := Folder{Path: t.TempDir()}
	rows := trainInto(t, folder, first)
	weights := filepath.Join(folder.Path, LastFile)

	second := jobOf(t, small, "epochs=1", "optimizer={sgd: {learning_rate: 1e-30}}")
	second.InitFrom = weights
	if got := train(t, second); got[0].ValLoss != rows[0].ValLoss {
		t.Errorf("started from the weights and left them alone: validation loss %g, expected %g", got[0].ValLoss,
			rows[0].ValLoss)
	}

	plain, err := NewRun(first, ThisEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	first.InitFrom = weights
	started, err := NewRun(first, ThisEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	if plain.Identity == started.Identity {
		t.Error("the weights to start from are no part of the identity")
	}

	other := jobOf(t, strings.Replace(small, "filters: 4", "filters: 5", 1))
	other.InitFrom = weights
	for _, err := range Train(context.Background(), other, Folder{}, new(Progress)) {
		if err == nil || !strings.Contains(err.Error(), "layers.0.conv2d.bias has shape [4], expected [5]") {
			t.Errorf("error %v", err)
		}
	}
}

func TestPredict(t *testing.T) {
	j := jobOf(t, small, "epochs=1")
	folder := Folder{Path: t.TempDir()}
	trainInto(t, folder, j)
	best := filepath.Join(folder.Path, BestFile)
	indices := []int32{1999, 0, 7}
	predictions, err := Predict(context.Background(), j, best, j.Dataset.Test(), indices)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range predictions {
		var sum, exps float64
		for k, q := range p.Probabilities {
			sum += q
			exps += math.Exp(p.Logits[k])
		}
		if p.Index != int(indices[i]) || math.Abs(sum-1) > 1e-6 ||
			math.Abs(p.Probabilities[3]-math.Exp(p.Logits[3])/exps) > 1e-6 {
			t.Errorf("prediction %d: index %d, probabilities sum to %g", i, p.Index, sum)
		}
	}
	if none, err := Predict(context.Background(), j, best, j.Dataset.Test(), nil); len(none) > 0 || err != nil {
		t.Errorf("no examples: %d predictions, %v", len(none), err)
	}
	if _, err := Predict(context.Background(), j, filepath.Join(folder.Path, "missing.safetensors"), j.Dataset.Test(),
		indices); err == nil {
		t.Error("no error for a missing checkpoint")
	}
}

// TestPredictEqualsEvaluation predicts a whole split, whose last mini-batch is
// smaller, and counts the same answers as the epoch did that the checkpoint is of.
func TestPredictEqualsEvaluation(t *testing.T) {
	j := jobOf(t, small, "epochs=1", "batch_size=96")
	folder := Folder{Path: t.TempDir()}
	var want store.Answers
	for e, err := range Train(context.Background(), j, folder, new(Progress)) {
		if err != nil {
			t.Fatal(err)
		}
		want = e.Answers
	}
	split := j.Dataset.Validation()
	all := make([]int32, split.Len())
	for i := range all {
		all[i] = int32(i)
	}
	predictions, err := Predict(context.Background(), j, filepath.Join(folder.Path, BestFile), split, all)
	if err != nil {
		t.Fatal(err)
	}
	got := store.NewAnswers(split.Len(), len(j.Dataset.Classes))
	for i, p := range predictions {
		got.Set(i, p.Label, slices.Index(p.Logits, slices.Max(p.Logits)))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("answers %v, expected %v", got.Confusion, want.Confusion)
	}
}

// TestIdentity changes one thing at a time.
func TestIdentity(t *testing.T) {
	identity := func(set ...string) (string, string) {
		j := jobOf(t, small, set...)
		identity, group, err := j.Plan.Identity("bytes", "")
		if err != nil {
			t.Fatal(err)
		}
		return identity, group
	}
	base, group := identity()
	if again, _ := identity(); again != base {
		t.Error("the same experiment has two identities")
	}
	for _, set := range []string{"name=other", "description=words"} {
		if got, _ := identity(set); got != base {
			t.Errorf("%s changes the identity", set)
		}
	}
	for _, set := range []string{"epochs=3", "layers[0].conv2d.filters=5", "optimizer.adam.learning_rate=0.1",
		"mode=full", "data_batch=2"} {
		got, gotGroup := identity(set)
		if got == base || gotGroup == group {
			t.Errorf("%s leaves the identity as it is", set)
		}
	}
	if got, gotGroup := identity("seed=2"); got == base || gotGroup != group {
		t.Error("a seed changes the identity and leaves the group")
	}
	full1, _ := identity("mode=full", "data_batch=1")
	full2, _ := identity("mode=full", "data_batch=2")
	if full1 != full2 {
		t.Error("data_batch changes the identity in full mode")
	}
}

func TestPlanFaults(t *testing.T) {
	_, faults := planOf(t, data.Kinds(), strings.Replace(small, "synthetic", "sinthetic", 1)+"optimizer: {adm: {}}\n")
	var got []string
	for _, f := range faults {
		got = append(got, f.Message)
	}
	want := []string{
		`optimizer: unknown optimizer "adm", did you mean "adam"?`,
		`dataset: unknown dataset "sinthetic", expected one of cifar10, synthetic`,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("faults %q, expected %q", got, want)
	}
}

// TestArithmeticVersion pins the bits of an epoch. Where it fails on purpose,
// raise kernel.Version with the new hashes: stored runs must not be taken for
// what the new arithmetic would give.
func TestArithmeticVersion(t *testing.T) {
	want, known := map[string]string{
		"avx512": "48fdc1e51403fbd6bc54f7b48bcdb5d1973b3ae5ee496087334f75882b602c2b",
		"avx2":   "48fdc1e51403fbd6bc54f7b48bcdb5d1973b3ae5ee496087334f75882b602c2b",
		"purego": "48f24620368d9427c772663ec3d4bd9fb86f5166b8c308eedbd2f4d4371078fa",
	}[kernel.ISA()]
	if err := kernel.CheckISA(); err != nil {
		t.Skip(err)
	}
	if !known || runtime.GOARCH != "amd64" {
		t.Skipf("no pinned bits for %s on %s", kernel.ISA(), runtime.GOARCH)
	}
	if got := train(t, jobOf(t, small, "epochs=1"))[0].WeightsHash; got != want {
		t.Errorf("version %d of the arithmetic on %s: weights %s, expected %s", kernel.Version, kernel.ISA(), got, want)
	}
}

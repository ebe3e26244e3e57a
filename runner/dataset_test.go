package runner

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data"
	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
	"runner/store"
)

// bars is a dataset like none of the program's: pictures of 6x4x1 with a bright column
// for the class, as many classes as asked for, batch files of different sizes and a test
// file of another.
type bars struct {
	Classes int `json:"classes" jsonschema:"required,minimum=2,maximum=1000"`
}

var barSizes = []int{37, 40, 90, 25} // of the test file and the batch files

func (b *bars) Describe() (prepared.Description, error) {
	d := prepared.Description{Name: "bars", Shape: [3]int{6, 4, 1}, BatchFiles: len(barSizes) - 1}
	for i := range b.Classes {
		d.Classes = append(d.Classes, strings.Repeat("i", i+1))
	}
	return d, nil
}

func (b *bars) Examples(_ context.Context, _ fetch.Options, to *prepared.Builder) error {
	for batch, n := range barSizes {
		err := to.Add(batch, func(yield func(prepared.Example, error) bool) {
			for i := range n {
				label := (i*7 + batch) % b.Classes
				if i%5 == 0 { // the highest, whatever their number
					label = b.Classes - 1
				}
				pixels := make([]byte, 24)
				for row := range 6 {
					pixels[row*4+label%4] = byte(200 + i%50)
				}
				if !yield(prepared.Example{Label: label, Pixels: pixels}, nil) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// withBars are the kinds, and bars.
func withBars() []data.Kind {
	return append(data.Kinds(), data.Kind{Name: "bars", Doc: "Bars.", New: func() data.Source { return new(bars) }})
}

const onBars = `
name: bars
dataset: {bars: {classes: 300}}
mode: full
layers: [flatten, {dense: {units: 300}}]
epochs: 1
batch_size: 16
shuffle: false
`

// TestOtherDataset prepares, opens and verifies a dataset that the program does not
// know, trains on it for an epoch and predicts from what came of it.
func TestOtherDataset(t *testing.T) {
	plan, faults := planOf(t, withBars(), onBars)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	ctx := t.Context()
	ds, err := plan.Dataset.Open(ctx, data.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close()
	if err := ds.Verify(ctx); err != nil {
		t.Fatal(err)
	}
	j := Job{Plan: plan, Dataset: ds, Threads: 2}
	st, run := recordOf(t, j)
	if run.Dataset != "bars" || !strings.Contains(run.Config, "dataset: {bars: {classes: 300}}\n") {
		t.Errorf("recorded %s in\n%s", run.Dataset, run.Config)
	}
	want := store.Dataset{
		Name: "bars", Fingerprint: ds.Fingerprint, Shape: []int{6, 4, 1}, Classes: ds.Classes,
		Train: []int{36, 81, 23}, Validation: 4 + 9 + 2, Test: 37,
	}
	if diff := cmp.Diff(want, j.Measured()); diff != "" {
		t.Errorf("on record of the dataset (-expected +got):\n%s", diff)
	}
	run, err = st.Begin(ctx, run, j.Measured())
	if err != nil {
		t.Fatal(err)
	}
	epochs := 0
	for _, err := range Record(ctx, st, run, j, new(Progress)) {
		if err != nil {
			t.Fatal(err)
		}
		epochs++
	}
	if epochs != 1 {
		t.Errorf("%d epochs, expected 1", epochs)
	}
	// 36, 81 and 23 training examples in mini-batches of 16, none across two batch files.
	if steps := j.TrainSplit().Order(16, false, scaled(0, 0)).Steps(); steps != 3+6+2 {
		t.Errorf("%d steps, expected 11", steps)
	}
	for split, n := range map[string]int{store.Validation: 4 + 9 + 2, store.Test: 37} {
		answers, _, found, err := st.Answers(ctx, run.ID, split)
		if err != nil || !found || answers.Examples != n || len(answers.Confusion) != 300 {
			t.Errorf("%s: answers to %d examples (%v), expected %d", split, answers.Examples, err, n)
		}
	}
	pace, err := MeasurePace(ctx, j)
	if err != nil || j.Estimate(pace, 1) <= 0 {
		t.Errorf("pace %+v, error %v", pace, err)
	}
	if memory, err := Memory(j); err != nil || memory <= 0 {
		t.Errorf("memory %v, error %v", memory, err)
	}

	predictions, err := Predict(ctx, j, filepath.Join(st.Folder(run.ID), BestFile), ds.Test(), []int32{0, 36})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{299, (36 * 7) % 300} {
		p := predictions[i]
		sum := 0.0
		for _, v := range p.Probabilities {
			sum += v
		}
		if p.Label != want || len(p.Pixels) != 24 || len(p.Logits) != 300 || math.Abs(sum-1) > 1e-4 {
			t.Errorf("prediction %d: label %d, expected %d; probabilities sum to %v", p.Index, p.Label, want, sum)
		}
	}
}

// The arguments of a dataset are a part of what a run is, and what is wrong with them is
// told beside what else is wrong.
func TestDatasetArguments(t *testing.T) {
	identities := map[string]bool{}
	for _, classes := range []string{"300", "300", "301"} {
		plan, faults := planOf(t, withBars(), onBars, "dataset.bars.classes="+classes, "layers[1].dense.units="+classes)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		identity, _, err := plan.Identity("f", "")
		if err != nil {
			t.Fatal(err)
		}
		identities[identity] = true
	}
	if len(identities) != 2 {
		t.Errorf("%d identities, expected 2", len(identities))
	}
	wrong := strings.Replace(onBars, "300}}\n", "1, colour: red}}\ndata_batch: 9\n", 1)
	_, faults := planOf(t, withBars(), wrong, "optimizer=adm")
	faults.Sort()
	var got []string
	for _, f := range faults {
		got = append(got, f.Message)
	}
	want := []string{
		`optimizer: unknown optimizer "adm", did you mean "adam"?`,
		"dataset bars: classes: must be at least 2, got 1",
		`dataset bars: unknown key "colour", expected one of classes`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("faults %q, expected %q", got, want)
	}
	_, faults = planOf(t, withBars(), onBars, "data_batch=4", "layers[1].dense.units=10")
	if len(faults) != 2 || !strings.Contains(faults[0].Message, "data_batch: bars has batch files 1 to 3, received 4") {
		t.Errorf("faults %v", faults)
	}
}

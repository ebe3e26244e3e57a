package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSweep(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": `name: x
dataset: d
layers: [flatten, dense: {units: 10}]
seed: 5
sweep:
  seeds: 2
  grid:
    optimizer.adam.learning_rate: [1e-3, 0.01]
    layers[1]: [dense: {units: 20}, "two words"]
`})
	loaded, faults := Load("x.yaml", nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got []string
	for _, e := range loaded.Experiments {
		got = append(got, fmt.Sprintf("%s seed %d: %s, %s", e.Name, e.Seed, entry(e.Optimizer), entry(e.Layers[1])))
	}
	want := []string{
		"x[optimizer.adam.learning_rate=1e-3,layers[1]={dense: {units: 20}}] seed 5: adam: {learning_rate: 1e-3}, " +
			"dense: {units: 20}",
		"x[optimizer.adam.learning_rate=1e-3,layers[1]={dense: {units: 20}}] seed 6: adam: {learning_rate: 1e-3}, " +
			"dense: {units: 20}",
		"x[optimizer.adam.learning_rate=1e-3,layers[1]=two words] seed 5: adam: {learning_rate: 1e-3}, two words",
		"x[optimizer.adam.learning_rate=1e-3,layers[1]=two words] seed 6: adam: {learning_rate: 1e-3}, two words",
		"x[optimizer.adam.learning_rate=0.01,layers[1]={dense: {units: 20}}] seed 5: adam: {learning_rate: 0.01}, " +
			"dense: {units: 20}",
		"x[optimizer.adam.learning_rate=0.01,layers[1]={dense: {units: 20}}] seed 6: adam: {learning_rate: 0.01}, " +
			"dense: {units: 20}",
		"x[optimizer.adam.learning_rate=0.01,layers[1]=two words] seed 5: adam: {learning_rate: 0.01}, two words",
		"x[optimizer.adam.learning_rate=0.01,layers[1]=two words] seed 6: adam: {learning_rate: 0.01}, two words",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := loaded.Experiments[7].At("optimizer.adam.learning_rate"), (Pos{"x.yaml", 8, 42}); got != want {
		t.Errorf("a grid's value is at %v, want %v", got, want)
	}
}

func TestSweepFaults(t *testing.T) {
	values := strings.TrimSuffix(strings.Repeat("1, ", 101), ", ")
	for _, test := range []struct{ name, sweep, want string }{
		{"seeds", "{seeds: 0}", "x.yaml:4:16: sweep.seeds: must be at least 1, got 0"},
		{"many seeds", "{seeds: 10001}", "x.yaml:4:16: sweep.seeds: must be at most 10000, got 10001"},
		{"many runs", "{seeds: 100, grid: {epochs: [" + values + "]}}", "x.yaml:4:8: sweep: more than 10000 runs"},
		{"many points", "{grid: {epochs: [" + values + "], seed: [" + values + "]}}",
			"x.yaml:4:8: sweep: more than 10000 runs"},
		{"large points", "{grid: {epochs: [" + values + "], batch_size: [1, 2, 3, 4, 5, 6]}}\ndescription: [" +
			strings.Repeat("1,", 7000) + "]",
			"x.yaml:4:8: sweep: 606 runs of 7006 values each are more than 1000000 values together"},
		{"large seeds", "{seeds: 600}\ndescription: [" + strings.Repeat("1,", 7000) + "]",
			"x.yaml:4:8: sweep: 600 runs of 7006 values each are more than 1000000 values together"},
		{"seed at the end", "{seeds: 2}\nseed: 9223372036854775807",
			"x.yaml:5:1: seed: 1 more seeds go beyond the largest, 9223372036854775807"},
		{"no map", "[1]", "x.yaml:4:8: sweep: expected keys and values, got a list"},
		{"no grid", "{grid: 3}", "x.yaml:4:15: sweep.grid: expected a map such as {optimizer.adam.learning_rate: " +
			"[1e-3, 1e-4]}, got the number 3"},
		{"no list", "{grid: {epochs: 3}}", "x.yaml:4:24: sweep.grid: epochs: expected a list of values, got the number 3"},
		{"no values", "{grid: {epochs: []}}",
			"x.yaml:4:24: sweep.grid: epochs: expected a list of values, got an empty list"},
		{"no path", "{grid: {a b: [3]}}",
			`x.yaml:4:16: sweep.grid: "a b" is not a path of keys such as optimizer.adam.learning_rate or ` +
				`layers[7].dropout.rate`},
		{"names", "{grid: {name: [a, b]}}", "x.yaml:4:16: sweep.grid: name cannot be swept"},
		{"unknown key", "{grid: {epoch: [1, 2]}}",
			"x.yaml:4:24: unknown key \"epoch\", did you mean \"epochs\"?\n" +
				"x.yaml:4:27: unknown key \"epoch\", did you mean \"epochs\"?"},
		{"values", "{grid: {epochs: [1, x], mode: [full, all]}}",
			"x.yaml:4:28: epochs: expected a whole number, got the text \"x\"\n" +
				"x.yaml:4:45: mode: unknown value \"all\", expected one of single-batch, full"},
		{"slash", "{grid: {description: [a, b/c]}}",
			"x.yaml:4:33: sweep.grid: the name \"x[description=b/c]\" holds a slash"},
		{"long value", "{grid: {description: [" + strings.Repeat("a", 501) + "]}}",
			"x.yaml:4:30: sweep.grid: too long a value: it becomes part of the run's name"},
		{"unknown", "{seed: 3}", "x.yaml:4:9: sweep: unknown key \"seed\", did you mean \"seeds\"?"},
		{"with others", "{seeds: x}\nepochs: y",
			"x.yaml:4:16: sweep.seeds: expected a whole number, got the text \"x\"\n" +
				"x.yaml:5:9: epochs: expected a whole number, got the text \"y\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, map[string]string{"x.yaml": small + "sweep: " + test.sweep + "\n"})
			loaded, faults := Load("x.yaml", nil)
			wantFaults(t, faults, test.want)
			if len(loaded.Experiments) > 0 {
				t.Errorf("experiments beside faults: %d", len(loaded.Experiments))
			}
		})
	}
}

// What a base file leaves out for the grid to say is not missing.
func TestSweepFillsIn(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": "name: x\nlayers: [flatten]\nsweep: {grid: {dataset: [a, b]}}\n"})
	loaded, faults := Load("x.yaml", nil)
	if len(faults) > 0 || len(loaded.Experiments) != 2 || loaded.Experiments[1].Dataset.Kind != "b" {
		t.Errorf("got %d experiments, %v", len(loaded.Experiments), faults)
	}
}

// TestSweepOverridden sets a key that the grid varies.
func TestSweepOverridden(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.yaml")
	text := "name: x\ndataset: d\nlayers: [flatten]\nsweep: {grid: {seed: [1, 2]}}\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, faults := Load(file, []string{"seed=77", "epochs=3"})
	if len(faults) != 1 || !strings.Contains(faults[0].Message, "varies seed itself") {
		t.Errorf("faults %v", faults)
	}
}

package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// inFolder makes an empty folder with the given files the current one, so that faults name
// short paths.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// load1 loads x.yaml, which has to hold exactly one experiment.
func load1(t *testing.T, set ...string) *Experiment {
	t.Helper()
	loaded, faults := Load("x.yaml", set)
	if len(faults) > 0 {
		t.Fatalf("faults:\n%v", faults)
	}
	if len(loaded.Experiments) != 1 {
		t.Fatalf("got %d experiments, want 1", len(loaded.Experiments))
	}
	return loaded.Experiments[0]
}

func wantFaults(t *testing.T, got Faults, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), got.Error()); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

const small = "name: x\ndataset: d\nlayers: [flatten]\n"

// The golden files hold what a file of the same name resolves to. UPDATE_GOLDEN=1 writes
// them anew.
func TestLoadGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test files: %v", err)
	}
	for _, file := range files {
		loaded, faults := Load(file, nil)
		var got strings.Builder
		for _, fault := range faults {
			got.WriteString("# " + filepath.ToSlash(fault.String()) + "\n")
		}
		if loaded.Abstract {
			got.WriteString("# abstract\n")
		}
		for _, e := range loaded.Experiments {
			text, err := e.Text()
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
			got.WriteString("---\n" + string(text))
		}
		golden := strings.TrimSuffix(file, ".yaml") + ".golden"
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func TestLoadDefaults(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": small})
	e := load1(t)
	at := func(line, column int) Pos { return Pos{"x.yaml", line, column} }
	want := Experiment{
		File: "x.yaml", Name: "x", Dataset: Item{Kind: "d", Pos: at(2, 10), Where: "dataset",
			Args: Node{Pos: at(2, 10)}}, Mode: SingleBatch, DataBatch: 1,
		Layers: []Item{{Kind: "flatten", Pos: at(3, 10), Where: "layers[0]", Args: Node{Pos: at(3, 10)}}},
		Init: Initialisation{
			Weights: Item{Kind: "glorot_uniform", Pos: at(1, 1), Args: Node{Pos: at(1, 1)}},
			Bias:    Item{Kind: "zeros", Pos: at(1, 1), Args: Node{Pos: at(1, 1)}},
		},
		Loss:      "softmax_cross_entropy",
		Optimizer: Item{Kind: "adam", Pos: at(1, 1), Args: Node{Pos: at(1, 1)}},
		Epochs:    10, BatchSize: 128, Shuffle: true, Seed: 1, CheckpointEvery: Duration(time.Minute),
	}
	got := *e
	got.root = Node{}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Experiment{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAt(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": `name: x
dataset: d
layers:
  - flatten
  - dense:
      units: 3
  - {activation: relu}
init:
  bias: zeros
`})
	e := load1(t, "epochs=3")
	for path, want := range map[string]string{
		"dataset":               "x.yaml:2:1",
		"layers":                "x.yaml:3:1",
		"layers[0]":             "x.yaml:4:5",
		"layers[1]":             "x.yaml:5:5",
		"layers[1].dense.units": "x.yaml:6:7",
		"layers[1].dense.bias":  "x.yaml:6:7", // missing: its map, which starts at its first key
		"layers[2]":             "x.yaml:7:5",
		"layers[9]":             "x.yaml:3:1",
		"init.bias":             "x.yaml:9:3",
		"init.weights":          "x.yaml:9:3",
		"optimizer":             "x.yaml:1:1",
		"epochs":                "--set epochs=3",
		"no path":               "x.yaml:1:1",
	} {
		if got := e.At(path).String(); got != want {
			t.Errorf("At(%q) = %s, want %s", path, got, want)
		}
	}
	if got, want := e.Init.Weights.Pos.String(), "x.yaml:9:3"; got != want {
		t.Errorf("the default of init.weights is at %s, want %s", got, want)
	}
}

func TestAbstract(t *testing.T) {
	inFolder(t, map[string]string{
		"x.yaml": "abstract: true\nepochs: 3\n",
		"y.yaml": "abstract: true\nepoch: 3\nmode: all\nsweep: {seeds: x}\n",
		"z.yaml": "extends: x.yaml\nname: z\ndataset: d\nlayers: [flatten]\n",
	})
	loaded, faults := Load("x.yaml", []string{"seed=3"})
	if !loaded.Abstract || len(loaded.Experiments) != 0 || len(faults) > 0 {
		t.Errorf("got %+v, %v", loaded, faults)
	}
	_, faults = Load("y.yaml", nil)
	wantFaults(t, faults, `
y.yaml:2:1: unknown key "epoch", did you mean "epochs"?
y.yaml:3:7: mode: unknown value "all", expected one of single-batch, full
y.yaml:4:16: sweep.seeds: expected a whole number, got the text "x"`)
	if loaded, faults := Load("z.yaml", nil); loaded.Abstract || len(loaded.Experiments) != 1 {
		t.Errorf("what extends an abstract file is abstract: %+v, %v", loaded, faults)
	}
}

package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExtends(t *testing.T) {
	inFolder(t, map[string]string{
		"x.yaml": "extends: shared/middle.yaml\nname: x\noptimizer: {adam: {beta1: 0.8}}\ninit: {weights: " +
			"{normal: {stddev: 1}}}\n",
		"shared/middle.yaml": "extends: ../base.yaml\nabstract: true\nepochs: 7\noptimizer: {adam: {learning_rate: 1e-2}}\n",
		"base.yaml": `
abstract: true
dataset: d
layers: [flatten, dense: {units: 10}]
optimizer: {sgd: {learning_rate: 1, momentum: 0.9}}
init: {weights: {uniform: {limit: 1}}, bias: zeros}
epochs: 3
`,
	})
	e := load1(t)
	text, err := e.Text()
	if err != nil {
		t.Fatal(err)
	}
	const want = `name: x
dataset: d
mode: single-batch
data_batch: 1
layers:
  - flatten
  - dense: {units: 10}
init:
  weights: {normal: {stddev: 1}}
  bias: zeros
loss: softmax_cross_entropy
optimizer: {adam: {learning_rate: 1e-2, beta1: 0.8}}
epochs: 7
batch_size: 128
shuffle: true
seed: 1
checkpoint_every: 1m
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for path, want := range map[string]string{
		"name":                         "x.yaml:2:1",
		"epochs":                       filepath.Join("shared", "middle.yaml") + ":3:1",
		"layers[1]":                    "base.yaml:4:19",
		"optimizer.adam.learning_rate": filepath.Join("shared", "middle.yaml") + ":4:20",
		"seed":                         "x.yaml:1:1", // missing
	} {
		if got := e.At(path).String(); got != want {
			t.Errorf("At(%q) = %s, want %s", path, got, want)
		}
	}
}

// A null takes away what the other file says.
func TestExtendsNull(t *testing.T) {
	inFolder(t, map[string]string{
		"x.yaml":    "extends: base.yaml\nsweep:\nepochs: ~\n",
		"base.yaml": small + "sweep: {seeds: 3}\nepochs: 99\n",
	})
	if e := load1(t); e.Epochs != 10 {
		t.Errorf("epochs %d, want the default, 10", e.Epochs)
	}
}

func TestExtendsFaults(t *testing.T) {
	files := map[string]string{
		"missing.yaml": "name: x\nextends: nowhere.yaml\n",
		"folder.yaml":  "name: x\nextends: .\n",
		"number.yaml":  "name: x\nextends: 3\n",
		"itself.yaml":  "name: x\nextends: ./itself.yaml\n",
		"circle.yaml":  "name: x\nextends: sub/one.yaml\n",
		"sub/one.yaml": "extends: two.yaml\n",
		"sub/two.yaml": "extends: one.yaml\n",
		"broken.yaml":  "name: x\nname: y\nextends: syntax.yaml\n",
		"syntax.yaml":  "a: [\n",
		"base.yaml":    "dataset: d\nepochs: many\nbatch_size: 0\n",
		"both.yaml":    "extends: base.yaml\nname: x\nlayers: []\nbatch_size: 3\n",
		"list.yaml":    "- name: x\n",
		"text.yaml":    "hello\n",
		"long.yaml":    "name: x\nextends: " + strings.Repeat("y", 1001) + "\n",
		"lines.yaml":   "name: x\nextends: \"y\\nz\"\n",
		"chain0.yaml":  small,
		"large0.yaml":  "description: " + strings.Repeat("x", 100_000) + "\n",
		"large1.yaml":  "extends: large0.yaml\ndescription: " + strings.Repeat("x", 100_000) + "\n",
		"large2.yaml":  "extends: large1.yaml\ndescription: " + strings.Repeat("x", 100_000) + "\n",
	}
	for i := range 20 {
		files[fmt.Sprintf("chain%d.yaml", i+1)] = fmt.Sprintf("extends: chain%d.yaml\n", i)
	}
	inFolder(t, files)
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"missing.yaml": "missing.yaml:2:10: extends nowhere.yaml: there is no such file",
		"folder.yaml":  "folder.yaml:2:10: extends .: this is a folder; name an experiment file",
		"number.yaml":  "number.yaml:2:10: extends: expected the path of another file, got the number 3",
		"long.yaml": "long.yaml:2:10: extends: expected the path of another file, got the text \"" +
			strings.Repeat("y", 60) + "...\"",
		"lines.yaml": `lines.yaml:2:10: extends: expected the path of another file, got the text "y\nz"`,
		"large2.yaml": "large1.yaml:1:10: extends large0.yaml: the files that build upon one another are larger than " +
			"262144 bytes",
		"itself.yaml": "itself.yaml:2:10: extends: the files extend one another in a circle: itself.yaml -> itself.yaml",
		"circle.yaml": "sub/two.yaml:1:10: extends: the files extend one another in a circle: sub/one.yaml -> " +
			"sub/two.yaml -> sub/one.yaml",
		"broken.yaml": "broken.yaml:2:1: the key \"name\" is given twice; the first is in line 1\n" +
			"syntax.yaml:1:4: not valid YAML: sequence end token ']' not found",
		"both.yaml": "base.yaml:2:9: epochs: expected a whole number, got the text \"many\"\n" +
			"both.yaml:3:9: layers: needs at least 1, got 0",
		"list.yaml": "list.yaml:1:1: expected the keys of an experiment (name, dataset, layers, ...), got a list",
		"text.yaml": "text.yaml:1:1: expected the keys of an experiment (name, dataset, layers, ...), got the text " +
			"\"hello\"",
		"nowhere.yaml": "nowhere.yaml: there is no such file",
		"empty":        "empty: this is a folder; name an experiment file",
		"chain16.yaml": "",
		"chain17.yaml": "chain1.yaml:1:10: extends: more than 16 files extend one another",
	} {
		_, faults := Load(file, nil)
		if got := filepath.ToSlash(faults.Error()); got != want {
			t.Errorf("%s:\n got %s\nwant %s", file, got, want)
		}
	}
}

func TestReadFileRefusesDevices(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no /dev/zero here")
	}
	_, faults := Load("/dev/zero", nil)
	wantFaults(t, faults, "/dev/zero: this is not a regular file")
}

func TestReadFileStopsAtTheLimit(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": strings.Repeat("#\n", ofFile.bytes)})
	text, err := readFile("x.yaml")
	if err != nil || len(text) != ofFile.bytes+1 {
		t.Errorf("read %d bytes, %v; want one more than the limit", len(text), err)
	}
}

package spec

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func dataset(e *Experiment) string { return flow(e.Dataset.Node()) }

// A dataset is a name, or a name with arguments that are set and extended like those of
// an optimizer.
func TestDataset(t *testing.T) {
	inFolder(t, map[string]string{
		"x.yaml": "name: x\ndataset: {pictures: {path: here, side: 32}}\nlayers: [flatten]\n",
		"y.yaml": "extends: x.yaml\ndataset: {pictures: {side: 8}}\n",
		"z.yaml": "extends: x.yaml\ndataset: {others: {}}\n",
	})
	for _, test := range []struct{ file, set, want string }{
		{"x.yaml", "", "{pictures: {path: here, side: 32}}"},
		{"x.yaml", "dataset.pictures.side=64", "{pictures: {path: here, side: 64}}"},
		{"x.yaml", "dataset=d", "d"},
		{"x.yaml", "dataset.others.path=there", "{others: {path: there}}"},
		{"y.yaml", "", "{pictures: {path: here, side: 8}}"},
		{"z.yaml", "", "{others: {}}"},
	} {
		var set []string
		if test.set != "" {
			set = []string{test.set}
		}
		loaded, faults := Load(test.file, set)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if got := dataset(loaded.Experiments[0]); got != test.want {
			t.Errorf("%s --set %s: got %s, want %s", test.file, test.set, got, test.want)
		}
	}
	loaded, faults := Load("x.yaml", []string{"sweep={grid: {dataset.pictures.side: [1, 2], dataset: [d]}}"})
	if len(faults) > 0 || len(loaded.Experiments) != 2 {
		t.Fatalf("%d experiments, %v", len(loaded.Experiments), faults)
	}
	for _, test := range []struct{ value, want string }{
		{"[a]", `x.yaml:2:10: dataset: expected a kind ("name") or a kind with arguments ("name: {key: value}"), got a list`},
		{"{a/b: {side: 3}}", `x.yaml:2:11: dataset: expected the plain name of a dataset, such as cifar10, got "a/b"`},
		{"{a: {}, b: {}}", `x.yaml:2:18: dataset: expected one kind, got "a" and "b" as well: ` +
			"arguments go into braces, as in a: {key: value}"},
	} {
		inFolder(t, map[string]string{"x.yaml": "name: x\ndataset: " + test.value + "\nlayers: [flatten]\n"})
		if _, faults := Load("x.yaml", nil); faults.Error() != test.want {
			t.Errorf("dataset: %s: got %v, want %s", test.value, faults, test.want)
		}
	}
}

// A dataset without arguments hashes as it did before datasets had any; arguments make
// another experiment, however they are written.
func TestDatasetHash(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": small})
	of := func(value string) string { return hash(t, load1(t, "dataset="+value), true) }
	if a, b := of("d"), of("{d: {}}"); a != b {
		t.Errorf("hash %s became %s with no arguments written out", a, b)
	}
	if a, b := of("{d: {side: 3, path: x}}"), of("{d: {path: x, side: 3.0}}"); a != b {
		t.Errorf("hash %s became %s written in another way", a, b)
	}
	seen := map[string]string{}
	for _, value := range []string{"d", "e", "{d: {side: 3}}", "{d: {side: 4}}", "{d: {side: null}}"} {
		if other, again := seen[of(value)]; again {
			t.Errorf("%s and %s have one hash", value, other)
		}
		seen[of(value)] = value
	}
}

// The schema knows arguments of datasets once there are some.
func TestSchemaDatasetArguments(t *testing.T) {
	text, err := Schema([]KindSchema{
		{"plain", "Without.", struct{}{}},
		{"pictures", "With.", &struct {
			Side int `json:"side" jsonschema:"minimum=1"`
		}{32}},
	}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var root part
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	at := root.Properties["dataset"]
	for value, want := range map[string]bool{
		"plain": true, "pictures": true, "{plain: {}}": true, "{pictures: {side: 3}}": true,
		"other": false, "{pictures: {sides: 3}}": false, "{plain: {side: 3}}": false, "3": false,
	} {
		n, faults, ok := parse("x", []byte(value), ofFile)
		if !ok {
			t.Fatal(faults)
		}
		if got := at.accepts(&root, n); got != want {
			t.Errorf("dataset: %s: accepted: %v, want %v", value, got, want)
		}
	}
	if !bytes.Contains(text, []byte(`"default": 32`)) {
		t.Errorf("no default in\n%s", text)
	}
}

func TestParseItem(t *testing.T) {
	for text, want := range map[string]string{
		"cifar10": "cifar10", " pictures: {path: here} ": "{pictures: {path: here}}", "../x": `"../x"`, " ": `""`,
	} {
		it, faults := ParseItem(text)
		if len(faults) > 0 || flow(it.Node()) != want || it.Pos != (Pos{File: text}) {
			t.Errorf("%q: got %s at %v, %v; want %s", text, flow(it.Node()), it.Pos, faults, want)
		}
	}
	var got []string
	for _, text := range []string{"3", "{a: ", "[a]"} {
		_, faults := ParseItem(text)
		got = append(got, faults.Error())
	}
	want := []string{
		`3: the argument: expected a kind ("name") or a kind with arguments ("name: {key: value}"), got the number 3`,
		"{a: : not valid YAML: could not find map value",
		`[a]: the argument: expected a kind ("name") or a kind with arguments ("name: {key: value}"), got a list`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

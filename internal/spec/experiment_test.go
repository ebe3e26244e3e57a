package spec

import (
	"strings"
	"testing"
	"unicode"
)

func TestNames(t *testing.T) {
	for _, name := range []string{"x", "seed-cnn", "a b", "été", "v1.2", "a,b", strings.Repeat("é", 100),
		"x[a=1]", "x[a=[1, 2],b={c: d}]", "x[a=1][b=2]", "...", "_"} {
		if message := checkName(name); message != "" {
			t.Errorf("%q: %s", name, message)
		}
	}
	for name, want := range map[string]string{
		"":          "the name is empty",
		"  ":        "the name is empty",
		".":         `the name "." means a folder`,
		"..":        `the name ".." means a folder`,
		"-x":        `the name "-x" starts with a dash, like an option`,
		" x":        `the name " x" has spaces around it`,
		"a/b":       `the name "a/b" holds a slash`,
		"../x":      `the name "../x" holds a slash`,
		"/etc/x":    `the name "/etc/x" holds a slash`,
		`C:\x`:      `the name "C:\\x" holds a slash`,
		`a\b`:       `the name "a\\b" holds a slash`,
		"a\nb":      `the name "a\nb" holds characters that cannot be printed`,
		"a\x1b[31m": `the name "a\x1b[31m" holds characters that cannot be printed`,
		"a\u202eb":  `the name "a\u202eb" holds characters that cannot be printed`,
		"x[1]": `the name "x[1]" holds brackets, which name the points of a sweep: ` +
			`name[key=value]`,
		"[a=1]": `the name "[a=1]" holds brackets, which name the points of a sweep: ` +
			`name[key=value]`,
		"x]": `the name "x]" holds brackets, which name the points of a sweep: ` +
			`name[key=value]`,
		strings.Repeat("é", 101):                "the name is longer than 100 characters",
		"x[a=" + strings.Repeat("1", 500) + "]": "the name of this point is longer than 500 characters",
	} {
		if got := checkName(name); got != want {
			t.Errorf("%q:\n got %s\nwant %s", name, got, want)
		}
	}
}

// Each key of a file is held to its type and bounds.
func TestExperimentFaults(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"name: x\n", "x.yaml:1:1: the key \"dataset\" is missing\nx.yaml:1:1: the key \"layers\" is missing"},
		{small + "name2: y\n", `x.yaml:4:1: unknown key "name2", did you mean "name"?`},
		{small + "something: y\n", `x.yaml:4:1: unknown key "something", expected one of name, description, dataset, ` +
			`mode, data_batch, layers, init, loss, optimizer, epochs, batch_size, shuffle, seed, checkpoint_every, ` +
			`abstract, extends, sweep`},
		{"name: x\ndataset: d\nlayers: []\n", "x.yaml:3:9: layers: needs at least 1, got 0"},
		{"name: x\ndataset: d\nlayers: flatten\n", `x.yaml:3:9: layers: expected a list, got the text "flatten"`},
		{"name: x\ndataset: a/b\nlayers: [a]\n",
			`x.yaml:2:10: dataset: expected the plain name of a dataset, such as cifar10, got "a/b"`},
		{"name: 3\ndataset: d\nlayers: [a]\n",
			`x.yaml:1:7: name: expected text, got the number 3 (in quotes it would be text: "3")`},
		{"name:\ndataset: d\nlayers: [a]\n", `x.yaml:1:1: the key "name" is missing`},
		{small + "abstract: maybe\n", `x.yaml:4:11: abstract: expected true or false, got the text "maybe"`},
		{small + "data_batch: 0\n", "x.yaml:4:13: data_batch: must be at least 1, got 0"},
		{small + "epochs: 1.5\n", "x.yaml:4:9: epochs: expected a whole number, got the number 1.5"},
		{small + "batch_size: 65537\n", "x.yaml:4:13: batch_size: must be at most 65536, got 65537"},
		{small + "seed: 9223372036854775808\n", "x.yaml:4:7: seed: the number 9223372036854775808 is too large"},
		{small + "shuffle: 1\n", "x.yaml:4:10: shuffle: expected true or false, got the number 1"},
		{small + "loss: mse\n", `x.yaml:4:7: loss: unknown value "mse", expected one of softmax_cross_entropy`},
		{small + "init: zeros\n", `x.yaml:4:7: init: expected keys and values, got the text "zeros"`},
		{small + "init: {weight: zeros, bias: 0}\n",
			"x.yaml:4:8: init: unknown key \"weight\", did you mean \"weights\"?\n" +
				"x.yaml:4:29: init.bias: expected a kind (\"name\") or a kind with arguments (\"name: {key: " +
				"value}\"), got the number 0"},
		{small + "optimizer: [adam]\n",
			`x.yaml:4:12: optimizer: expected a kind ("name") or a kind with arguments ("name: {key: value}"), got a list`},
		{small + "optimizer: {}\n", `x.yaml:4:12: optimizer: expected a kind, got an empty map`},
	} {
		inFolder(t, map[string]string{"x.yaml": test.text})
		_, faults := Load("x.yaml", nil)
		wantFaults(t, faults, test.want)
	}
}

// A message quotes of foreign text what fits into a line.
func TestForeignText(t *testing.T) {
	many, lines, more := strings.Repeat("9", 200_000), `"a\nb\e[31m"`, `"c\nd"`
	for _, text := range []string{
		small + "seed: " + many, small + "seed: 1." + many, small + "seed: " + many + ".0",
		small + "epochs: 1e" + many, small + "shuffle: " + many,
		small + "checkpoint_every: " + many, small + "checkpoint_every: '" + many + "'",
		small + "description: " + many, small + "mode: " + many,
		small + "extends: " + many, small + "sweep: {seeds: " + many + "}", small + "sweep: {grid: {epochs: " + many + "}}",
		small + "optimizer: {" + lines + ":, " + more + ": 1}",
		small + "optimizer: {" + lines + ": 1, " + more + ": 1}", small + lines + ": 1", lines,
		"name: " + many, "name: x\ndataset: d" + many + "\nlayers: [a]", "a: |" + many, "a: !{" + many,
		"a: *" + many, "- " + many, "? " + many,
		"name: x\ndataset: d\nlayers: ['" + many + "']\nsweep: {grid: {'layers[0].b': [1]}}",
		"name: x\ndataset: d\nlayers: [" + lines + "]\nsweep: {grid: {'layers[0].b': [1]}}",
	} {
		inFolder(t, map[string]string{"x.yaml": text})
		_, faults := Load("x.yaml", nil)
		if len(faults) == 0 {
			t.Errorf("%.100s: no faults", text)
		}
		for _, fault := range faults {
			if len(fault.Message) > 400 || strings.ContainsFunc(fault.Message, unicode.IsControl) {
				t.Errorf("%.100s: %d bytes: %.1000q", text, len(fault.Message), fault.Message)
			}
		}
	}
}

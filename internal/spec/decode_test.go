package spec

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// arguments has a field of every type that Decode knows.
type arguments struct {
	Units int      `json:"units" jsonschema:"required,minimum=1,maximum=10" jsonschema_description:"Outputs, all."`
	Rate  float64  `json:"rate" jsonschema:"minimum=0,exclusiveMaximum=1"`
	Small float32  `json:"small" jsonschema:"exclusiveMinimum=0"`
	Tiny  int8     `json:"tiny"`
	Mode  string   `json:"mode" jsonschema:"enum=same,enum=valid"`
	On    bool     `json:"on"`
	Size  Pair     `json:"size" jsonschema:"minimum=2,maximum=9"`
	Step  *Pair    `json:"step,omitempty"`
	Keep  *float64 `json:"keep,omitempty" jsonschema:"maximum=1"`
	List  []int    `json:"list,omitempty"`
	shared
	Below struct {
		Value int `json:"value" jsonschema:"required"`
	} `json:"below"`
	hidden int //lint:ignore U1000 Decode must pass over unexported fields
	Skip   int `json:"-"`
}

// shared is embedded: its keys belong to those around it.
type shared struct {
	Name string `json:"name"`
}

func given(t *testing.T, text string) Node {
	t.Helper()
	n, faults, _ := parse("x", []byte(text), ofFile)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return n
}

func TestDecode(t *testing.T) {
	got := arguments{Rate: 0.5, Mode: "same", Tiny: 3}
	faults := Decode(given(t, "{units: 3, small: 1e-3, size: [3, 2], step: 4, keep: 1, list: [1, 0x10], name: n, "+
		"below: {value: 7}, on: true, tiny: ~}"), &got, "layers[3] dense")
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	one := 1.0
	want := arguments{Units: 3, Rate: 0.5, Small: 1e-3, Tiny: 3, Mode: "same", On: true,
		Size: Pair{3, 2}, Step: &Pair{4, 4}, Keep: &one, List: []int{1, 16}, shared: shared{"n"}}
	want.Below.Value = 7
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(arguments{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeFaults(t *testing.T) {
	const missing = "x:1:1: layers[3] dense: the key \"units\" is missing"
	for text, want := range map[string]string{
		"{}":             missing,
		"~":              missing,
		"{units: ~}":     "x:1:9: layers[3] dense: the key \"units\" is missing",
		"seven":          "x:1:1: layers[3] dense: expected keys and values, got the text \"seven\"",
		"[1]":            "x:1:1: layers[3] dense: expected keys and values, got a list",
		"{units: seven}": "x:1:9: layers[3] dense: units: expected a whole number, got the text \"seven\"",
		"{units: 1.5}":   "x:1:9: layers[3] dense: units: expected a whole number, got the number 1.5",
		"{units: 1e1}": "x:1:9: layers[3] dense: units: expected a whole number, got the number 1e1: " +
			"write 10",
		"{units: 10000000000000000000}": "x:1:9: layers[3] dense: units: the number 10000000000000000000 is too large",
		"{units: .nan}":                 "x:1:9: layers[3] dense: units: expected a whole number, got the number .nan",
		"{units: true}":                 "x:1:9: layers[3] dense: units: expected a whole number, got true",
		"{units: [1]}":                  "x:1:9: layers[3] dense: units: expected a whole number, got a list",
		"{units: {a: 1}}":               "x:1:9: layers[3] dense: units: expected a whole number, got a map of keys",
		"{units: 0}":                    "x:1:9: layers[3] dense: units: must be at least 1, got 0",
		"{units: 11}":                   "x:1:9: layers[3] dense: units: must be at most 10, got 11",
		"{units: 1, tiny: 128}":         "x:1:18: layers[3] dense: tiny: the number 128 is too large",
		"{units: 1, rate: 1}":           "x:1:18: layers[3] dense: rate: must be less than 1, got 1",
		"{units: 1, rate: -1e-9}":       "x:1:18: layers[3] dense: rate: must be at least 0, got -1e-09",
		"{units: 1, rate: .inf}":        "x:1:18: layers[3] dense: rate: expected a finite number, got the number .inf",
		"{units: 1, rate: .nan}":        "x:1:18: layers[3] dense: rate: expected a finite number, got the number .nan",
		"{units: 1, rate: half}":        "x:1:18: layers[3] dense: rate: expected a number, got the text \"half\"",
		"{units: 1, small: 0}":          "x:1:19: layers[3] dense: small: must be greater than 0, got 0",
		"{units: 1, small: 1e39}":       "x:1:19: layers[3] dense: small: expected a finite number, got the number 1e39",
		"{units: 1, mode: sane}":        "x:1:18: layers[3] dense: mode: unknown value \"sane\", did you mean \"same\"?",
		"{units: 1, mode: 7}": "x:1:18: layers[3] dense: mode: expected text, got the number 7 (in quotes " +
			"it would be text: \"7\")",
		"{units: 1, on: yes}":       "x:1:16: layers[3] dense: on: expected true or false, got the text \"yes\"",
		"{units: 1, size: 1}":       "x:1:18: layers[3] dense: size: must be at least 2 and at most 9, got 1",
		"{units: 1, size: [3, 10]}": "x:1:18: layers[3] dense: size: must be at least 2 and at most 9, got 10",
		"{units: 1, size: [3]}": "x:1:18: layers[3] dense: size: expected one whole number or [height, " +
			"width], got a list of 1",
		"{units: 1, size: [a, 0.5]}": "x:1:19: layers[3] dense: size: expected a whole number or " +
			"[height, width], got the text \"a\"\n" +
			"x:1:22: layers[3] dense: size: expected a whole number or [height, width], got the number 0.5",
		"{units: 1, size: -3}":         "x:1:18: layers[3] dense: size: must be at least 2 and at most 9, got -3",
		"{units: 1, size: 9000000000}": "x:1:18: layers[3] dense: size: must be at least 2 and at most 9, got 9000000000",
		"{units: 1, step: 0}":          "x:1:18: layers[3] dense: step: must be at least 1, got 0",
		"{units: 1, step: [1, -2]}":    "x:1:18: layers[3] dense: step: must be at least 1, got -2",
		"{units: 1, keep: 2}":          "x:1:18: layers[3] dense: keep: must be at most 1, got 2",
		"{units: 1, list: 2}":          "x:1:18: layers[3] dense: list: expected a list, got the number 2",
		"{units: 1, list: [2, x]}":     "x:1:22: layers[3] dense: list[1]: expected a whole number, got the text \"x\"",
		"{units: 1, below: {}}":        "x:1:19: layers[3] dense: below: the key \"value\" is missing",
		"{units: 1, below: {valu: 1}}": "x:1:20: layers[3] dense: below: unknown key \"valu\", did you mean \"value\"?",
		"{units: 1, below: {worth: 1}}": "x:1:20: layers[3] dense: below: unknown key \"worth\", expected one of value\n" +
			"x:1:19: layers[3] dense: below: the key \"value\" is missing",
		"{unit: 1, Skip: 2, hidden: 3}": "x:1:2: layers[3] dense: unknown key \"unit\", did you mean \"units\"?\n" +
			"x:1:11: layers[3] dense: unknown key \"Skip\", expected one of units, rate, small, tiny, mode, " +
			"on, size, step, keep, list, name, below\n" +
			"x:1:20: layers[3] dense: unknown key \"hidden\", expected one of units, rate, small, tiny, " +
			"mode, on, size, step, keep, list, name, below",
		"{units: x, rate: x}": "x:1:9: layers[3] dense: units: expected a whole number, got the text \"x\"\n" +
			"x:1:18: layers[3] dense: rate: expected a number, got the text \"x\"",
		"{units: \"\\e[31m\", \"\\e\": true}": "x:1:19: layers[3] dense: unknown key \"\\x1b\", " +
			"expected one of units, rate, small, tiny, mode, on, size, step, keep, list, name, below\n" +
			"x:1:9: layers[3] dense: units: expected a whole number, got the text \"\\x1b[31m\"",
	} {
		got := arguments{}
		wantFaults(t, Decode(given(t, text), &got, "layers[3] dense"), want)
	}
}

func TestDecodeNoArguments(t *testing.T) {
	wantFaults(t, Decode(given(t, "{order: 1}"), &struct{}{}, "layers[0] flatten"),
		`x:1:2: layers[0] flatten: unknown key "order", none is expected here`)
}

// own has a syntax of its own beside that of its keys, as an activation layer does.
type own struct {
	Function string `json:"function" jsonschema:"required"`
}

func (o *own) DecodeNode(n Node, where string) Faults {
	if n.Kind == String {
		o.Function = n.String
		return nil
	}
	type keys own
	return Decode(n, (*keys)(o), where)
}

func TestDecodeOwnSyntax(t *testing.T) {
	for text, want := range map[string]string{"relu": "relu", "{function: elu}": "elu"} {
		var got own
		if faults := Decode(given(t, text), &got, "layers[0] activation"); len(faults) > 0 || got.Function != want {
			t.Errorf("%s: got %q, %v", text, got.Function, faults)
		}
	}
	var got own
	wantFaults(t, Decode(Node{}, &got, "layers[0] activation"), ": layers[0] activation: the key \"function\" is missing")
}

func TestResolve(t *testing.T) {
	keep := 0.5
	args := arguments{Units: 3, Rate: 1e-7, Small: 2, Mode: "same", Size: Pair{3, 3}, Keep: &keep, List: []int{1}}
	it := Item{Kind: "dense", Pos: Pos{"x", 1, 2}}
	got := it.Resolve(&args)
	// In the order of the fields; step, not given, is left out.
	const want = "dense: {units: 3, rate: 1e-07, small: 2, tiny: 0, mode: same, on: false, size: 3, keep: 0.5, " +
		"list: [1], name: \"\", below: {value: 0}}"
	if entry(got) != want {
		t.Errorf("got  %s\nwant %s", entry(got), want)
	}
	if got.Pos != it.Pos || got.Args.Pos != it.Pos || got.Args.Map[0].KeyPos != it.Pos {
		t.Error("resolved arguments are not at their item's place")
	}
	if diff := cmp.Diff(got, got.Resolve(&args)); diff != "" {
		t.Errorf("resolved twice (-once +twice):\n%s", diff)
	}
}

func TestResolveWithoutArguments(t *testing.T) {
	for _, args := range []any{nil, struct{}{}, &struct {
		Later *int `json:"later,omitempty"`
	}{}} {
		if got := (Item{Kind: "flatten"}).Resolve(args); entry(got) != "flatten" {
			t.Errorf("%T: got %s", args, entry(got))
		}
	}
}

// Decode refuses a NaN, so none is resolved. If one were, no run could be stored under its hash.
func TestResolvedNaN(t *testing.T) {
	e := Experiment{Optimizer: Item{Kind: "sgd"}.Resolve(&arguments{Rate: math.NaN()})}
	if _, err := e.Hash(true); err == nil {
		t.Error("a NaN has a hash")
	}
}

func TestSuggest(t *testing.T) {
	among := []string{"learning_rate", "filters", "kernel", "relu", "elu", "a"}
	for word, want := range map[string]string{
		"filter": "filters", "fitlers": "filters", "Kernel": "kernel", "kernle": "kernel", "learningrate": "learning_rate",
		"rellu": "relu", "lu": "elu", "b": "", "stride": "", "": "",
		"x_learning_rate_of_a_long_word_that_is_no_key_at_all_but_goes_on_and_on": "",
	} {
		if got := Suggest(word, among); got != want {
			t.Errorf("Suggest(%q) = %q, want %q", word, got, want)
		}
	}
}

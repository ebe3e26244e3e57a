package spec

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestItem(t *testing.T) {
	for text, want := range map[string]string{
		"flatten":            "flatten",
		"flatten:":           "flatten",
		"conv2d: {a: 1}":     "conv2d: {a: 1}",
		"activation: relu":   "activation: relu",
		"{activation: relu}": "activation: relu",
		`"flatten"`:          "flatten",
	} {
		var it Item
		if faults := it.DecodeNode(given(t, text), "layers[0]"); len(faults) > 0 || entry(it) != want {
			t.Errorf("%s: got %s, %v", text, entry(it), faults)
		}
		if it.Pos.Line != 1 || it.Args.Pos.Line != 1 {
			t.Errorf("%s: no position: %v, %v", text, it.Pos, it.Args.Pos)
		}
	}
}

func TestItemFaults(t *testing.T) {
	const form = `expected a kind ("name") or a kind with arguments ("name: {key: value}"), got `
	for text, want := range map[string]string{
		"3":       "x:1:1: layers[0]: " + form + "the number 3",
		"~":       "x:1:1: layers[0]: " + form + "nothing",
		"''":      "x:1:1: layers[0]: " + form + `the text ""`,
		"[dense]": "x:1:1: layers[0]: " + form + "a list",
		"{}":      "x:1:1: layers[0]: expected a kind, got an empty map",
		"dense:\nunits: 10": `x:2:1: layers[0]: "units" belongs to dense: indent it more, or ` +
			`write dense: {units: ...}`,
		"{dense: {units: 10}, activation: relu}": `x:1:22: layers[0]: expected one kind, got "dense" and "activation" ` +
			`as well: arguments go into braces, as in dense: {key: value}`,
	} {
		var it Item
		wantFaults(t, it.DecodeNode(given(t, text), "layers[0]"), want)
	}
}

func TestPair(t *testing.T) {
	for text, want := range map[string]string{"3": "3", "[3, 3]": "3", "[3, 5]": "[3,5]", "0x10": "16"} {
		var p Pair
		if faults := p.DecodeNode(given(t, text), "kernel"); len(faults) > 0 {
			t.Errorf("%s: %v", text, faults)
		}
		if got, err := json.Marshal(p); err != nil || string(got) != want {
			t.Errorf("%s: marshalled to %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestChoose(t *testing.T) {
	kinds := []Kind[any]{
		{"dense", "", func() any { return &denseArguments{} }},
		{"dropout", "", func() any { return &dropoutArguments{} }},
	}
	it := Item{Kind: "dense", Pos: Pos{"x", 1, 1}, Args: given(t, "{units: 0x10}")}
	args, resolved, faults := Choose(it, "layers[2]", "layer", kinds)
	diff := cmp.Diff(&denseArguments{Units: 16}, args)
	if diff != "" || entry(resolved) != "dense: {units: 16}" || len(faults) > 0 {
		t.Errorf("got %s, %v\n%s", entry(resolved), faults, diff)
	}
	for kind, want := range map[string]string{
		"dense":  `x:1:1: layers[2] dense: the key "units" is missing`,
		"dens":   `x:1:1: layers[2]: unknown layer "dens", did you mean "dense"?`,
		"conv3d": `x:1:1: layers[2]: unknown layer "conv3d", expected one of dense, dropout`,
	} {
		pos := Pos{"x", 1, 1}
		_, _, faults := Choose(Item{Kind: kind, Pos: pos, Args: Node{Pos: pos}}, "layers[2]", "layer", kinds)
		wantFaults(t, faults, want)
	}
}

// entry is an item as the entry of a list that it is written as.
func entry(it Item) string { return strings.TrimPrefix(entries(Layers{it}.Node(), ""), "\n- ") }

package spec

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawText draws text with everything in it that could mean something to YAML.
func drawText(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z_]{1,8}`),
		rapid.SampledFrom([]string{"", "true", "null", "~", "1e-3", "0x1f", ".nan", "yes", "-", "?", "<<", "a: b",
			"a #b", "- a", "[a", "{a}", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "'", `"`, `\`, "a,b", " a ", "\t",
			"\n", "a\nb\n", "\r\n", "\u0085", "\u2028", "\ufeff", "---", "..."}),
		rapid.StringOfN(rapid.Rune(), 0, 12, -1),
	).Draw(t, label)
}

// drawNode draws the tree of an argument.
func drawNode(t *rapid.T, depth int) Node {
	kinds := []NodeKind{Null, Bool, Int, Float, String}
	if depth > 0 {
		kinds = append(kinds, List, Map)
	}
	n := Node{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
	switch n.Kind {
	case Bool:
		n.Bool = rapid.Bool().Draw(t, "bool")
	case Int:
		n.Int = rapid.Int64().Draw(t, "int")
	case Float:
		n.Float = rapid.Float64().Filter(func(x float64) bool { return !math.IsInf(x, 0) }).Draw(t, "float")
	case String:
		n.String = drawText(t, "text")
	case List:
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			n.List = append(n.List, drawNode(t, depth-1))
		}
	case Map:
		for range rapid.IntRange(0, 3).Draw(t, "keys") {
			if key := drawText(t, "key"); n.find(key) < 0 {
				n.Map = append(n.Map, Entry{Key: key, Value: drawNode(t, depth-1)})
			}
		}
	}
	return n
}

func drawItem(t *rapid.T) Item {
	kind := rapid.StringMatching(`[a-z][a-z0-9_]{0,9}`).Filter(func(s string) bool {
		return plain(s,
			Pos{}).Kind == String
	})
	return Item{Kind: kind.Draw(t, "kind"), Args: drawNode(t, 3)}
}

// drawDataset draws a name, mostly without arguments.
func drawDataset(t *rapid.T) Item {
	kind := rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9_.-]{0,9}`).Filter(func(s string) bool {
		return plain(s,
			Pos{}).Kind == String
	})
	it := Item{Kind: kind.Draw(t, "dataset")}
	if rapid.IntRange(0, 3).Draw(t, "arguments") == 0 {
		it.Args = drawNode(t, 3)
	}
	return it
}

func drawExperiment(t *rapid.T) *Experiment {
	e := &Experiment{
		Name: rapid.StringMatching(`[a-zé][a-z0-9 '"#:{}&*!|>%@,.-]{0,20}[a-z](\[[a-z.]{1,9}=[a-z0-9.,{}: `+
			`-]{0,9}\])?`).Draw(t, "name"),
		Description: drawText(t, "description"),
		Dataset:     drawDataset(t),
		Mode:        rapid.SampledFrom([]Mode{SingleBatch, Full}).Draw(t, "mode"),
		DataBatch:   rapid.IntRange(1, 5).Draw(t, "data_batch"),
		Init:        Initialisation{Weights: drawItem(t), Bias: drawItem(t)}, Optimizer: drawItem(t),
		Loss:      "softmax_cross_entropy",
		Epochs:    rapid.IntRange(1, 1000).Draw(t, "epochs"),
		BatchSize: rapid.IntRange(1, 65536).Draw(t, "batch_size"),
		Shuffle:   rapid.Bool().Draw(t, "shuffle"),
		Seed:      rapid.Int64Range(0, math.MaxInt64).Draw(t, "seed"),

		CheckpointEvery: Duration(rapid.Int64Range(int64(shortestDuration), int64(longestDuration)).Draw(t,
			"checkpoint_every")),
	}
	for range rapid.IntRange(1, 4).Draw(t, "layers") {
		e.Layers = append(e.Layers, drawItem(t))
	}
	return e
}

// The text of any experiment is a file of the same experiment.
func TestTextReadsBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.yaml")
	rapid.Check(t, func(t *rapid.T) {
		e := drawExperiment(t)
		text, err := e.Text()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		loaded, faults := Load(file, nil)
		if len(faults) > 0 || len(loaded.Experiments) != 1 {
			t.Fatalf("%v\n%s", faults, text)
		}
		back := loaded.Experiments[0]
		again, err := back.Text()
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(text) {
			t.Fatalf("text of the text: %s", cmp.Diff(string(text), string(again)))
		}
		for _, withSeed := range []bool{true, false} {
			if a, b := hash(t, e, withSeed), hash(t, back, withSeed); a != b {
				t.Fatalf("hash %s became %s\n%s", a, b, text)
			}
		}
	})
}

func hash(t interface{ Fatal(...any) }, e *Experiment, withSeed bool) string {
	h, err := e.Hash(withSeed)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestTextFails(t *testing.T) {
	e := Experiment{Name: "x", Dataset: Item{Kind: "d"},
		Layers: []Item{{Kind: "dense", Args: Node{Kind: Float, Float: math.NaN()}}}}
	if text, err := e.Text(); err == nil {
		t.Errorf("no error for what cannot be read back:\n%s", text)
	}
}

// What was stored is text of one experiment; anything else in its place is a fault.
func TestParse(t *testing.T) {
	e, faults := Parse("run 1", []byte(small+"seed: 7\n"))
	if len(faults) > 0 || e.Name != "x" || e.Seed != 7 {
		t.Errorf("got %+v, %v", e, faults)
	}
	// What no file may hold any more may have been recorded.
	for _, line := range []string{
		"description: " + strings.Repeat("<", 200), "description: '" + strings.Repeat("\t", 200) + "'",
		"description: " + strings.Repeat("x", 2_000_000), "description: x" + strings.Repeat("\n", 200) + "  y",
		"optimizer: {" + strings.Repeat("k", 200) + ": 1}", "optimizer:\n adam:\n  " +
			strings.ReplaceAll(keys(2000), "\n", "\n  "),
	} {
		if _, faults := Parse("run 1", []byte(small+line+"\n")); len(faults) > 0 {
			t.Errorf("%.40q: %v", line, faults)
		}
	}
	for text, want := range map[string]string{
		"":                      "run 1:1:1: the file is empty",
		"[]":                    "run 1:1:1: expected keys and values, got an empty list",
		small + "epochs: 0\n":   "run 1:4:9: epochs: must be at least 1, got 0",
		small + "seed: !!int 1": "run 1:4:7: tags such as \"!!int\" are not used here: write the plain value",
	} {
		_, faults := Parse("run 1", []byte(text))
		wantFaults(t, faults, want)
	}
}

// What changes the hash, and what does not.
func TestHash(t *testing.T) {
	const file = "name: x\ndataset: d\nlayers: [dense: {units: 3, rate: 0.001}]\nseed: 1\ndata_batch: 1\n"
	inFolder(t, map[string]string{"x.yaml": file})
	same := func(a, b *Experiment, withSeed, want bool, why string) {
		t.Helper()
		if got := hash(t, a, withSeed) == hash(t, b, withSeed); got != want {
			t.Errorf("%s: equal hashes: %v, want %v", why, got, want)
		}
	}
	base := load1(t)
	same(base, load1(t), true, true, "the same file")
	same(base, load1(t, "name=y", "description=other"), true, true, "name and description")
	same(base, load1(t, "layers[0]={dense: {rate: 1e-3, units: 3}}"), true, true,
		"other order, other way to write a number")
	same(base, load1(t, "layers[0].dense.units=3.0"), true, true, "3 and 3.0")
	same(base, load1(t, "layers[0].dense.units=4"), true, false, "an argument")
	same(base, load1(t, "layers[0].dense.units='3'"), true, false, "a number and a text")
	same(base, load1(t, "seed=2"), true, false, "seed")
	same(base, load1(t, "seed=2"), false, true, "seed left out")
	same(base, load1(t, "data_batch=2"), true, false, "data_batch in single-batch mode")
	same(load1(t, "mode=full"), load1(t, "mode=full", "data_batch=2"), true, true, "data_batch in full mode")
	for _, set := range []string{"dataset=e", "mode=full", "epochs=3", "batch_size=3", "shuffle=false",
		"optimizer=sgd", "init.weights=zeros", "init.bias=ones", "layers=[flatten]"} {
		same(base, load1(t, set), false, false, set)
	}
	same(load1(t, "init.weights=a", "init.bias=b"), load1(t, "init.weights=b", "init.bias=a"), false, false,
		"weights and bias exchanged")
	same(load1(t, "layers=[flatten]"), load1(t, "layers=[flatten: {}]"), false, true, "no arguments and none of them")
}

// A stored hash finds its run again only as long as this does not change.
func TestHashStaysTheSame(t *testing.T) {
	loaded, faults := Load("testdata/seed-cnn.yaml", nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	const want = "aafcd13d935f99b4eb4b3366a9b92d11a48519b69e6780f62fe3d0638d1f1301"
	if got := hash(t, loaded.Experiments[0], true); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Each number has one canonical form, however it was written.
func TestCanonicalNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64().Filter(func(x float64) bool { return !math.IsInf(x, 0) }).Draw(t, "x")
		form := rapid.SampledFrom([]string{"e", "g", "f"}).Draw(t, "form")
		text := strconv.FormatFloat(x, form[0], -1, 64)
		want, err := canonical(Node{Kind: Float, Float: x})
		if err != nil {
			t.Fatal(err)
		}
		got, err := canonical(plain(text, Pos{}))
		if err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	})
}

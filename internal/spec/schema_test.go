package spec

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
)

// Kinds as other packages would describe theirs, enough for the design's example file.
type (
	convArguments struct {
		Filters int    `json:"filters" jsonschema:"required,minimum=1" jsonschema_description:"Number of output channels."`
		Kernel  Pair   `json:"kernel" jsonschema:"required,minimum=1,maximum=64" jsonschema_description:"Height and width, of the filters."`
		Stride  Pair   `json:"stride" jsonschema:"minimum=1"`
		Padding string `json:"padding" jsonschema:"enum=same,enum=valid"`
	}
	poolArguments struct {
		Pool   Pair  `json:"pool" jsonschema:"required"`
		Stride *Pair `json:"stride,omitempty" jsonschema:"maximum=9"`
	}
	denseArguments struct {
		Units int `json:"units" jsonschema:"required,minimum=1"`
	}
	dropoutArguments struct {
		Rate     *float64 `json:"rate,omitempty" jsonschema:"minimum=0,exclusiveMaximum=1"`
		KeepProb *float64 `json:"keep_prob,omitempty" jsonschema:"exclusiveMinimum=0,maximum=1"`
	}
	normalArguments struct {
		Stddev float64 `json:"stddev" jsonschema:"exclusiveMinimum=0"`
	}
	adamArguments struct {
		LearningRate float64 `json:"learning_rate" jsonschema:"exclusiveMinimum=0"`
		Beta1        float64 `json:"beta1" jsonschema:"minimum=0,exclusiveMaximum=1"`
	}
)

// JSONSchemaExtend asks for one of the two keys.
func (dropoutArguments) JSONSchemaExtend(s *jsonschema.Schema) {
	s.OneOf = []*jsonschema.Schema{{Required: []string{"rate"}}, {Required: []string{"keep_prob"}}}
}

func schema(t *testing.T) []byte {
	t.Helper()
	text, err := Schema(
		[]KindSchema{{"cifar10", "Photographs.", nil}, {"synthetic", "Drawings.", struct{}{}}},
		[]KindSchema{
			{"conv2d", "Convolution of <pictures> & more.", &convArguments{Stride: Pair{1, 1}, Padding: "same"}},
			{"maxpool2d", "The largest value of each window.", poolArguments{}},
			{"flatten", "A picture as one vector.", nil},
			{"dropout", "Zeroes values at random when training.", &dropoutArguments{}},
			{"dense", "Every input to every output.", &denseArguments{}},
		},
		[]KindSchema{
			{"truncated_normal", "Normal, without what lies beyond two deviations.", &normalArguments{Stddev: 0.05}},
			{"zeros", "All zero.", struct{}{}},
		},
		[]KindSchema{{"adam", "Adam.", &adamArguments{LearningRate: 0.001, Beta1: 0.9}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSchemaGolden(t *testing.T) {
	got := schema(t)
	if again := schema(t); !bytes.Equal(got, again) {
		t.Error("the same kinds gave two schemas")
	}
	const golden = "testdata/schema.golden.json"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// part is as much of JSON Schema as Schema uses.
type part struct {
	Ref                  string           `json:"$ref"`
	Defs                 map[string]*part `json:"$defs"`
	Properties           map[string]*part `json:"properties"`
	AdditionalProperties json.RawMessage  `json:"additionalProperties"`
	OneOf                []*part          `json:"oneOf"`
	Items                *part            `json:"items"`
	Required             []string         `json:"required"`
	Type                 string           `json:"type"`
	Enum                 []string         `json:"enum"`
}

// accepts tells whether a part describes a node: its type, its words, each of its keys and
// those that have to be there.
func (p *part) accepts(root *part, n Node) bool {
	if p.Ref != "" {
		p = root.Defs[p.Ref[len("#/$defs/"):]]
	}
	if p.OneOf != nil {
		matches := 0
		for _, one := range p.OneOf {
			if one.accepts(root, n) {
				matches++
			}
		}
		if matches != 1 || p.Type == "" {
			return matches == 1
		}
	}
	for _, key := range p.Required {
		if n.find(key) < 0 {
			return false
		}
	}
	if p.Type == "" { // only says what is required
		return p.Enum == nil
	}
	switch n.Kind {
	case Map:
		for _, e := range n.Map {
			if below := p.Properties[e.Key]; below == nil || !below.accepts(root, e.Value) {
				return false
			}
		}
		return p.Type == "object"
	case List:
		for _, child := range n.List {
			if p.Items == nil || !p.Items.accepts(root, child) {
				return false
			}
		}
		return p.Type == "array"
	case String:
		for _, word := range p.Enum {
			if word == n.String {
				return true
			}
		}
		return p.Type == "string" && p.Enum == nil
	}
	return map[NodeKind]map[string]bool{
		Bool: {"boolean": true}, Int: {"integer": true, "number": true}, Float: {"number": true},
	}[n.Kind][p.Type]
}

// The schema describes every key of the example file, and no misspelt one.
func TestSchemaDescribesTheExample(t *testing.T) {
	var root part
	if err := json.Unmarshal(schema(t), &root); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/seed-cnn.yaml")
	if err != nil {
		t.Fatal(err)
	}
	example, faults, _ := parse("x", text, ofFile)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if !root.accepts(&root, example) {
		t.Error("the schema does not accept the example")
	}
	for _, set := range []string{
		"epoch=3", "epochs=many", "mode=all", "dataset=cifar", "layers[0].conv2d.filtres=3", "layers[0].conv2d.kernel=x",
		"layers[6]=dense", "layers[6]=dropout", "layers[6]={dropout: {}}",
		"layers[6]=flattened", "layers[6]={flatten: {order: 1}}", "optimizer.adam.rate=3", "optimizer=adm",
		"init.weights=ones", "sweep.seed=3",
	} {
		o, faults := parseSet(set)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		wrong, faults := o.apply(example)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if root.accepts(&root, wrong) {
			t.Errorf("the schema accepts %s", set)
		}
	}
	for _, set := range []string{"sweep.seeds=3", "extends=x.yaml", "abstract=true", "optimizer=adam",
		"init.bias=zeros", "layers[0].conv2d.kernel=[3, 3]"} {
		o, _ := parseSet(set)
		if o.steps == nil { // extends and abstract are no overrides
			continue
		}
		if right, _ := o.apply(example); !root.accepts(&root, right) {
			t.Errorf("the schema refuses %s", set)
		}
	}
}

// Every map of the schema says what else it takes: nothing, or in a grid any list.
func TestSchemaIsClosed(t *testing.T) {
	var root part
	if err := json.Unmarshal(schema(t), &root); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, p *part)
	walk = func(path string, p *part) {
		if p == nil {
			return
		}
		if closed := string(p.AdditionalProperties) == "false"; p.Type == "object" && !closed && path != "/sweep/grid" {
			t.Errorf("%s is open", path)
		}
		for key, below := range p.Properties {
			walk(path+"/"+key, below)
		}
		for key, below := range p.Defs {
			walk(path+"/$defs/"+key, below)
		}
		for _, one := range p.OneOf {
			walk(path, one)
		}
		walk(path+"[]", p.Items)
	}
	walk("", &root)
}

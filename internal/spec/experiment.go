package spec

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Experiment is one experiment as a file describes it: merged with the files that it extends,
// overridden, and with the defaults of spec's own keys filled in. The arguments of its items are
// as written until [Item.Resolve].
//
// Its fields are the table of an experiment's keys: all that reads, checks, writes, hashes or
// describes an experiment loops over them (keys). A field's tags give the key, its rules (see
// [Decode]), its part in a run's identity and, of an item, the name of its kinds in the schema;
// [defaults] has its default and [docs] what it means. A key that a later version adds is marked
// omitempty, its zero value meaning what was so before: then it leaves old hashes and texts alone.
type Experiment struct {
	Name            string         `json:"name" jsonschema:"required" identity:"never"`
	Description     string         `json:"description,omitempty" identity:"never"`
	Dataset         Item           `json:"dataset" jsonschema:"required" identity:"always" kinds:"dataset"`
	Mode            Mode           `json:"mode" jsonschema:"enum=single-batch,enum=full" identity:"always"`
	DataBatch       int            `json:"data_batch" jsonschema:"minimum=1,maximum=1000000" identity:"single-batch"`
	Layers          Layers         `json:"layers" jsonschema:"required,minItems=1" identity:"always"`
	Init            Initialisation `json:"init"`
	Loss            string         `json:"loss" jsonschema:"enum=softmax_cross_entropy" identity:"always"`
	Optimizer       Item           `json:"optimizer" identity:"always" kinds:"optimizer"`
	Epochs          int            `json:"epochs" jsonschema:"minimum=1,maximum=1000000" identity:"always"`
	BatchSize       int            `json:"batch_size" jsonschema:"minimum=1,maximum=65536" identity:"always"`
	Shuffle         bool           `json:"shuffle" identity:"always"`
	Seed            int64          `json:"seed" jsonschema:"minimum=0" identity:"seed"`
	CheckpointEvery Duration       `json:"checkpoint_every" identity:"never"`

	File string `json:"-"` // that it was read from
	root Node   // what the fields were read from, for At
}

// Initialisation says which initialiser fills which parameters.
type Initialisation struct {
	Weights Item `json:"weights" identity:"always" kinds:"initialiser"`
	Bias    Item `json:"bias" identity:"always" kinds:"initialiser"`
}

// Mode is how much of a dataset is trained on.
type Mode string

const (
	SingleBatch Mode = "single-batch" // one batch file: Experiment.DataBatch
	Full        Mode = "full"         // all batch files
)

// document is an experiment file: the keys of an experiment, and those that say how the file
// is read.
type document struct {
	Experiment
	Abstract bool   `json:"abstract,omitempty"`
	Extends  string `json:"extends,omitempty"`
	Sweep    *sweep `json:"sweep,omitempty"`
}

// docs says what each key means, for the schema and the reference.
var docs = map[string]string{
	"name":             "What the experiment is called in tables and on the command line.",
	"description":      "What it tries, in a sentence.",
	"dataset":          "What to train on.",
	"mode":             "Train on one batch file of the dataset, or on all of them.",
	"data_batch":       "Which batch file, in single-batch mode.",
	"layers":           "The network, from the input to one output for each class.",
	"init":             "How parameters start.",
	"init.weights":     "How kernels and matrices start.",
	"init.bias":        "How biases start.",
	"loss":             "What training makes small.",
	"optimizer":        "How parameters follow their gradients.",
	"epochs":           "Passes over the training split.",
	"batch_size":       "Examples in a mini-batch.",
	"shuffle":          "Draw a new order of the examples for each epoch.",
	"seed":             "Decides every random draw. The same seed gives the same run.",
	"checkpoint_every": "How often the state of a run is kept, besides at each epoch's end.",

	"abstract":    "Only for other files to extend; never run itself.",
	"extends":     "Another file, relative to this one. Maps are merged key by key, lists are replaced.",
	"sweep":       "Make many runs from this file.",
	"sweep.seeds": "How many runs of each point, with seed, seed + 1, ...",
	"sweep.grid":  "Every combination of these values: {dotted.key: [value, ...]}.",
}

// defaults is the document that a file fills in.
func defaults() *document {
	return &document{Experiment: Experiment{
		Mode:            SingleBatch,
		DataBatch:       1,
		Init:            Initialisation{Weights: Item{Kind: "glorot_uniform"}, Bias: Item{Kind: "zeros"}},
		Loss:            "softmax_cross_entropy",
		Optimizer:       Item{Kind: "adam"},
		Epochs:          10,
		BatchSize:       128,
		Shuffle:         true,
		Seed:            1,
		CheckpointEvery: Duration(time.Minute),
	}}
}

// newExperiment checks a file's keys and fills in the defaults. With faults, the experiment is
// what could be read.
func newExperiment(root Node) (*Experiment, Faults) {
	doc := defaults()
	faults := doc.decode(root, false)
	e := &doc.Experiment
	e.root = root
	for _, k := range e.keys() {
		// A default item gets the place where a file would have it.
		if item, ok := k.value.Addr().Interface().(*Item); ok && item.Pos == (Pos{}) {
			item.Pos = e.At(k.path)
			item.Args.Pos = item.Pos
		}
	}
	return e, faults
}

// decode fills the document from a file's tree and checks it. An incomplete file may lack
// keys: it is for others to extend.
func (doc *document) decode(root Node, incomplete bool) Faults {
	faults := decodeKeys(root, reflect.ValueOf(doc).Elem(), "", incomplete)
	if n, _ := root.lookup("name"); n.Kind == String {
		if message := checkName(n.String); message != "" {
			faults = append(faults, n.Pos.fault("name", "%s", message)...)
		}
	}
	if it := doc.Dataset; it.Kind != "" && !datasetName.MatchString(it.Kind) {
		faults = append(faults, it.Pos.fault("dataset",
			"expected the plain name of a dataset, such as cifar10, got %s", quote(it.Kind))...)
	}
	return faults
}

const (
	longestName      = 100 // characters, as a person writes it
	longestPointName = 500 // with the values of a grid's point
)

// pointName is the name of a grid's point: name[key=value].
var pointName = regexp.MustCompile(`(?s)^([^\[\]]+)\[.*=.*\]$`)

// checkName returns what is wrong with a name, or "". Names appear in tables, file names and on
// the command line.
func checkName(name string) string {
	written := name
	if m := pointName.FindStringSubmatch(name); m != nil {
		written = m[1]
	}
	switch {
	case strings.TrimSpace(name) == "":
		return "the name is empty"
	case name == "." || name == "..":
		return "the name " + quote(name) + " means a folder"
	case strings.HasPrefix(name, "-"):
		return "the name " + quote(name) + " starts with a dash, like an option"
	case strings.TrimSpace(name) != name:
		return "the name " + quote(name) + " has spaces around it"
	case strings.ContainsAny(name, `/\`):
		return "the name " + quote(name) + " holds a slash"
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "the name " + quote(name) + " holds characters that cannot be printed"
	case strings.ContainsAny(written, "[]"):
		return "the name " + quote(name) + " holds brackets, which name the points of a sweep: name[key=value]"
	case utf8.RuneCountInString(written) > longestName:
		return fmt.Sprintf("the name is longer than %d characters", longestName)
	case utf8.RuneCountInString(name) > longestPointName:
		return fmt.Sprintf("the name of this point is longer than %d characters", longestPointName)
	}
	return ""
}

var datasetName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$`)

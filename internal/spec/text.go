package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Text renders the experiment as a file that Load reads back to the same experiment, with
// neither extends nor sweep. Layers stand one on a line.
func (e *Experiment) Text() ([]byte, error) {
	var b strings.Builder
	line := func(key string, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	line("name", lineText(e.Name))
	if e.Description != "" {
		line("description", lineText(e.Description))
	}
	line("dataset", scalarText(e.Dataset))
	line("mode", scalarText(string(e.Mode)))
	line("data_batch", strconv.Itoa(e.DataBatch))
	b.WriteString("layers:\n")
	for _, layer := range e.Layers {
		fmt.Fprintf(&b, "  - %s\n", layer.text())
	}
	b.WriteString("init:\n")
	line("  weights", e.Weights.choice())
	line("  bias", e.Bias.choice())
	line("loss", scalarText(e.Loss))
	line("optimizer", e.Optimizer.choice())
	line("epochs", strconv.Itoa(e.Epochs))
	line("batch_size", strconv.Itoa(e.BatchSize))
	line("shuffle", strconv.FormatBool(e.Shuffle))
	line("seed", strconv.FormatInt(e.Seed, 10))
	line("checkpoint_every", duration(e.CheckpointEvery).String())

	text := []byte(b.String())
	return text, e.readsBack(text)
}

// readsBack makes sure that text holds this experiment: it is what later explains a run.
func (e *Experiment) readsBack(text []byte) error {
	fail := func(err error) error {
		return fmt.Errorf("experiment %s cannot be written as YAML: %w", quote(e.Name), err)
	}
	back, faults := Parse("text", text)
	if len(faults) > 0 {
		return fail(faults)
	}
	want, err := e.Hash(true)
	if err != nil {
		return fail(err)
	}
	got, err := back.Hash(true)
	if err != nil {
		return fail(err)
	}
	if got != want || back.Name != e.Name || back.Description != e.Description || back.DataBatch != e.DataBatch ||
		back.CheckpointEvery != e.CheckpointEvery {
		return fail(errors.New("it reads back as another experiment"))
	}
	return nil
}

// text is an item as an entry of a list: "flatten", "conv2d: {filters: 32}".
func (it Item) text() string {
	if it.Args.Kind == Null {
		return scalarText(it.Kind)
	}
	return scalarText(it.Kind) + ": " + flow(it.Args)
}

// choice is an item as the value of a key: "zeros", "{adam: {learning_rate: 0.001}}".
func (it Item) choice() string {
	if it.Args.Kind == Null {
		return scalarText(it.Kind)
	}
	return "{" + it.text() + "}"
}

// flow writes a tree on one line. Numbers stay as they were written.
func flow(n Node) string {
	switch n.Kind {
	case String:
		return scalarText(n.String)
	case List:
		parts := make([]string, len(n.List))
		for i, child := range n.List {
			parts[i] = flow(child)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		parts := make([]string, len(n.Map))
		for i, e := range n.Map {
			parts[i] = scalarText(e.Key) + ": " + flow(e.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.written()
}

// plainText is text that needs no quotes anywhere: words without a character that means
// something to YAML.
var plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.()+/-]*( [A-Za-z0-9_.()+/-]+)*$`)

// plainLine is text that needs no quotes as the value of a key on a line of its own.
var plainLine = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.,;()'"=+/\[\]-]*( [A-Za-z0-9_.,;()'"=+/\[\]-]+)*$`)

// lineText writes text as the value of a key on a line of its own.
func lineText(text string) string {
	if plainLine.MatchString(text) && plain(text, Pos{}).Kind == String {
		return text
	}
	return strconv.Quote(text)
}

// scalarText writes text so that YAML reads it as that text.
func scalarText(text string) string {
	if plainText.MatchString(text) && plain(text, Pos{}).Kind == String {
		return text
	}
	return strconv.Quote(text)
}

package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Hash is the SHA-256, in hex, of what decides an experiment's result: it leaves out name,
// description and checkpoint_every and, in full mode, data_batch. Without the seed it names the group of
// runs that differ in nothing else. How a number was written (1e-3, 0.001) and the order of
// arguments make no difference. Only experiments whose items are resolved compare well:
// otherwise a default that one file writes out tells it from another.
func (e *Experiment) Hash(withSeed bool) (string, error) {
	fields := map[string]string{
		"dataset":    strconv.Quote(e.Dataset),
		"mode":       strconv.Quote(string(e.Mode)),
		"loss":       strconv.Quote(e.Loss),
		"epochs":     strconv.Itoa(e.Epochs),
		"batch_size": strconv.Itoa(e.BatchSize),
		"shuffle":    strconv.FormatBool(e.Shuffle),
	}
	if e.Mode == SingleBatch {
		fields["data_batch"] = strconv.Itoa(e.DataBatch)
	}
	if withSeed {
		fields["seed"] = strconv.FormatInt(e.Seed, 10)
	}
	items := map[string]Item{"weights": e.Weights, "bias": e.Bias, "optimizer": e.Optimizer}
	for i, layer := range e.Layers {
		items[fmt.Sprintf("layers[%d]", i)] = layer
	}
	for key, item := range items {
		text, err := item.canonical()
		if err != nil {
			return "", fmt.Errorf("%s %s: %w", key, item.Kind, err)
		}
		fields[key] = text
	}
	sum := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(sum, "%s: %s\n", key, fields[key])
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// canonical is the one text of all equal items.
func (it Item) canonical() (string, error) {
	args, err := canonical(it.Args)
	if args == "{}" {
		args = "null"
	}
	return strconv.Quote(it.Kind) + " " + args, err
}

// canonical is the one text of all equal trees: keys sorted, each number in one form.
func canonical(n Node) (string, error) {
	switch n.Kind {
	case String:
		return strconv.Quote(n.String), nil
	case Int:
		return strconv.FormatInt(n.Int, 10), nil
	case Float:
		switch {
		case math.IsNaN(n.Float) || math.IsInf(n.Float, 0):
			return "", fmt.Errorf("%s is not a finite number", n.written())
		case n.Float == math.Trunc(n.Float) && n.Float >= math.MinInt64 && n.Float < 1<<63:
			return strconv.FormatFloat(n.Float+0, 'f', -1, 64), nil // 1.0 is 1, -0 is 0
		}
		return formatFloat(n.Float), nil
	case List:
		parts := make([]string, len(n.List))
		for i, child := range n.List {
			var err error
			if parts[i], err = canonical(child); err != nil {
				return "", err
			}
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	case Map:
		parts := make([]string, len(n.Map))
		for i, e := range n.Map {
			value, err := canonical(e.Value)
			if err != nil {
				return "", err
			}
			parts[i] = strconv.Quote(e.Key) + ": " + value
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + "}", nil
	case Bool:
		return strconv.FormatBool(n.Bool), nil
	}
	return "null", nil
}

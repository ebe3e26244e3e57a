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

// Hash is the SHA-256, in hex, of what decides an experiment's result: not of keys such as the
// name and, in full mode, data_batch. Without the seed it names the group of runs that differ
// in nothing else. How a number was written (1e-3, 0.001) and the order of arguments make no
// difference. Compare only experiments whose items are resolved: otherwise a default that one
// file writes out makes a difference.
func (e *Experiment) Hash(withSeed bool) (string, error) {
	return e.hash(func(k key) bool { return k.identifies(e.Mode, withSeed) })
}

// hash is the hash of some of the keys, each under the last part of its path.
func (e *Experiment) hash(counts func(key) bool) (string, error) {
	texts := make(map[string]string)
	for _, k := range e.keys() {
		if !counts(k) || k.absent() {
			continue
		}
		var err error
		switch v := k.value.Interface().(type) {
		case Item:
			texts[k.name], err = v.canonical()
		case Layers:
			for i, it := range v {
				at := fmt.Sprintf("%s[%d]", k.name, i)
				if texts[at], err = it.canonical(); err != nil {
					return "", fmt.Errorf("%s %s: %w", at, it.Kind, err)
				}
			}
		default:
			texts[k.name], err = canonical(k.node())
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", k.path, err)
		}
	}
	// Datasets had no arguments once: without any, the text is the name alone.
	texts["dataset"] = strings.TrimSuffix(texts["dataset"], " null")
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(sum, "%s: %s\n", name, texts[name])
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
func canonical(n Node) (text string, err error) {
	text = n.line(true, func(n Node) string {
		switch {
		case n.Kind == String:
			return strconv.Quote(n.String)
		case n.Kind != Float:
		case math.IsNaN(n.Float) || math.IsInf(n.Float, 0):
			err = fmt.Errorf("%s is not a finite number", n.written())
		case n.Float == math.Trunc(n.Float) && n.Float >= math.MinInt64 && n.Float < 1<<63:
			return strconv.FormatFloat(n.Float+0, 'f', -1, 64) // 1.0 is 1, -0 is 0
		}
		n.String = "" // however it was written
		return n.written()
	})
	return text, err
}

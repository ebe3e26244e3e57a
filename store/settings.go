package store

import (
	"context"
	"iter"
	"strings"
)

// Settings are what the runs of a group have in common, one setting on a line: its path as overrides
// write it, a tab, and its value in the resolved experiment. The value of a layer, and of a kind with
// arguments such as an optimizer, is the kind.
//
//	layers[0]	conv2d
//	layers[0].conv2d.filters	32
//	optimizer	adam
//	optimizer.adam.learning_rate	0.001
type Settings string

// SettingsOf makes settings of pairs of a path and a value.
func SettingsOf(pairs iter.Seq2[string, string]) Settings {
	var b strings.Builder
	for path, value := range pairs {
		b.WriteString(path + "\t" + value + "\n")
	}
	return Settings(b.String())
}

// ReadSettings reads the settings from a run's resolved experiment, which the store cannot read itself.
type ReadSettings func(config string) (Settings, error)

// All yields the settings in their order.
func (s Settings) All() iter.Seq2[string, string] {
	return func(yield func(key, value string) bool) {
		for line := range strings.Lines(string(s)) {
			key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			if !yield(key, value) {
				return
			}
		}
	}
}

// Get returns the value of a setting.
func (s Settings) Get(key string) (value string, ok bool) {
	for line := range strings.Lines(string(s)) {
		if rest, found := strings.CutPrefix(line, key); found && strings.HasPrefix(rest, "\t") {
			return strings.TrimSuffix(rest[1:], "\n"), true
		}
	}
	return "", false
}

// allSettings returns the settings of each group, by its ID.
func allSettings(ctx context.Context, q querier) (map[string]Settings, error) {
	return pairs[string, Settings](ctx, q, `SELECT seedless_identity, lines FROM settings`)
}

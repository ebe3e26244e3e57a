package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"strings"
)

// Settings are what runs of one group have in common, one setting on a line: its path as overrides
// write it, a tab, and its value as it stands in the resolved experiment. A layer, and a kind with its
// arguments, such as an optimizer, has the kind for a value besides.
//
//	layers[0]	conv2d
//	layers[0].conv2d.filters	32
//	optimizer	adam
//	optimizer.adam.learning_rate	0.001
type Settings string

// SettingsOf are settings of pairs of a path and a value.
func SettingsOf(pairs iter.Seq2[string, string]) Settings {
	var b strings.Builder
	for path, value := range pairs {
		b.WriteString(path + "\t" + value + "\n")
	}
	return Settings(b.String())
}

// ReadSettings reads the settings out of the resolved experiment of a run, which is nothing to a store.
type ReadSettings func(config string) (Settings, error)

// All yields the settings in their order.
func (s Settings) All() func(yield func(key, value string) bool) {
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

func eachSettings(ctx context.Context, q querier, f func(group string, settings Settings)) error {
	rows, err := q.QueryContext(ctx, `SELECT seedless_identity, lines FROM settings`)
	if err == nil {
		defer rows.Close()
		for rows.Next() && err == nil {
			var group string
			var settings Settings
			if err = rows.Scan(&group, &settings); err == nil {
				f(group, settings)
			}
		}
	}
	if err == nil {
		err = rows.Err()
	}
	return err
}

// Settings returns the settings of the groups of these IDs that there are.
func (s *Store) Settings(ctx context.Context, groups ...string) (map[string]Settings, error) {
	all, err := selectSettings(ctx, s.db, groups)
	return all, s.failed("read the settings", err)
}

func selectSettings(ctx context.Context, q querier, groups []string) (map[string]Settings, error) {
	ids, err := json.Marshal(groups)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, `SELECT seedless_identity, lines FROM settings
		WHERE seedless_identity IN (SELECT value FROM json_each(?))`, string(ids))
	if err != nil {
		return nil, err
	}
	type row struct {
		group string
		Settings
	}
	all, err := collect(rows, func(r *row) []any { return []any{&r.group, &r.Settings} })
	settings := make(map[string]Settings, len(all))
	for _, r := range all {
		settings[r.group] = r.Settings
	}
	return settings, err
}

// keepSettings records the settings of a run's group, unless another run has.
func keepSettings(ctx context.Context, tx *sql.Tx, r Run) error {
	if r.Settings == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO settings (seedless_identity, lines) VALUES (?, ?) ON CONFLICT DO NOTHING`,
		r.Group, string(r.Settings))
	return err
}

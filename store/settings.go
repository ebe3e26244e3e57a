package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
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

// ofOneRun are the settings that runs of one group may differ in.
var ofOneRun = []string{"name", "description", "seed", "checkpoint_every"}

// SettingsOf flattens a resolved experiment.
func SettingsOf(config string) (Settings, error) {
	file, err := parser.ParseBytes([]byte(config), 0)
	if err != nil {
		return "", fmt.Errorf("the resolved experiment is no YAML: %s", yaml.FormatError(err, false, false))
	}
	var b strings.Builder
	for _, doc := range file.Docs {
		flatten(&b, "", doc.Body)
	}
	return Settings(b.String()), nil
}

func flatten(b *strings.Builder, path string, node ast.Node) {
	line := func(value string) {
		if !slices.Contains(ofOneRun, path) {
			b.WriteString(path + "\t" + strings.Join(strings.Fields(value), " ") + "\n")
		}
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) == 1 {
			_, arguments := n.Values[0].Value.(*ast.MappingNode)
			if arguments || strings.HasSuffix(path, "]") {
				line(n.Values[0].Key.GetToken().Value)
			}
		}
		for _, v := range n.Values {
			flatten(b, strings.TrimPrefix(path+"."+v.Key.GetToken().Value, "."), v.Value)
		}
	case *ast.SequenceNode:
		if square(n) {
			line(n.String())
			return
		}
		for i, v := range n.Values {
			flatten(b, fmt.Sprintf("%s[%d]", path, i), v)
		}
	case nil, *ast.NullNode:
	default:
		line(n.GetToken().Value)
	}
}

// square tells whether a list is one value, such as the height and width of a kernel.
func square(n *ast.SequenceNode) bool {
	for _, v := range n.Values {
		switch v.(type) {
		case *ast.IntegerNode, *ast.FloatNode:
		default:
			return false
		}
	}
	return true
}

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

// EachSettings calls f with the settings of each group, by its ID.
func (s *Store) EachSettings(ctx context.Context, f func(group string, settings Settings)) error {
	rows, err := s.db.QueryContext(ctx, `SELECT seedless_identity, lines FROM settings`)
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
	return s.failed("read the settings", err)
}

// Settings returns the settings of the groups of these IDs that there are.
func (s *Store) Settings(ctx context.Context, groups ...string) (map[string]Settings, error) {
	all, err := s.settings(ctx, groups)
	return all, s.failed("read the settings", err)
}

func (s *Store) settings(ctx context.Context, groups []string) (map[string]Settings, error) {
	ids, err := json.Marshal(groups)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, `SELECT seedless_identity, lines FROM settings
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

// keepSettings records the settings of a run's group, unless another run has. A record that cannot be read has
// none, which Check tells: it is no reason not to open a store, or to take in no other run.
func keepSettings(ctx context.Context, tx *sql.Tx, r Run) error {
	settings, err := SettingsOf(r.Config)
	if err != nil {
		return nil
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO settings (seedless_identity, lines) VALUES (?, ?) ON CONFLICT DO NOTHING`,
		r.Group, string(settings))
	return err
}

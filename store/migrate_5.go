package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/pressly/goose/v3"
)

// fillIn is the migration that gives the runs of older versions what version 4 has room for, where
// it takes more than SQL.
var fillIn = goose.NewGoMigration(5, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT number, config, seedless_identity, mode FROM runs ORDER BY number`)
	if err != nil {
		return err
	}
	type old struct {
		number int64
		Run
	}
	runs, err := collect(rows, func(r *old) []any { return []any{&r.number, &r.Config, &r.Group, &r.Mode} })
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, r := range runs {
		if err := drawCurve(ctx, tx, r.number); err != nil {
			return err
		}
		if known[r.Group] {
			continue
		}
		known[r.Group] = true
		// A record that cannot be read has no settings, which Check tells: it is no reason not to open a store.
		if lines, err := settings5(r.Config); err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO settings (seedless_identity, lines) VALUES (?, ?) ON CONFLICT DO NOTHING`,
				r.Group, lines)
			if err != nil {
				return err
			}
		}
	}
	return nil
}}, nil)

// ofOneRun5 are the settings that runs of one group may differ in.
var ofOneRun5 = []string{"name", "description", "seed", "checkpoint_every"}

// settings5 flattens a resolved experiment.
func settings5(config string) (string, error) {
	file, err := parser.ParseBytes([]byte(config), 0)
	if err != nil {
		return "", fmt.Errorf("the resolved experiment is no YAML: %s", yaml.FormatError(err, false, false))
	}
	var b strings.Builder
	for _, doc := range file.Docs {
		flatten5(&b, "", doc.Body)
	}
	return b.String(), nil
}

func flatten5(b *strings.Builder, path string, node ast.Node) {
	line := func(value string) {
		if !slices.Contains(ofOneRun5, path) {
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
			flatten5(b, strings.TrimPrefix(path+"."+v.Key.GetToken().Value, "."), v.Value)
		}
	case *ast.SequenceNode:
		if square5(n) {
			line(n.String())
			return
		}
		for i, v := range n.Values {
			flatten5(b, fmt.Sprintf("%s[%d]", path, i), v)
		}
	case nil, *ast.NullNode:
	default:
		line(n.GetToken().Value)
	}
}

// square5 tells whether a list is one value, such as the height and width of a kernel.
func square5(n *ast.SequenceNode) bool {
	for _, v := range n.Values {
		switch v.(type) {
		case *ast.IntegerNode, *ast.FloatNode:
		default:
			return false
		}
	}
	return true
}

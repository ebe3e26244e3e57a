package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/pressly/goose/v3"
)

// migrate5 gives the runs of older versions the curves and settings that version 4 has room for.
// A migration is frozen: but for reading rows it calls nothing that may change, so that every store of
// an older version becomes the same.
var migrate5 = goose.NewGoMigration(5, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	type run struct {
		number        int64
		config, group string
	}
	runs, err := list(ctx, tx, func(r *run) []any { return []any{&r.number, &r.config, &r.group} },
		`SELECT number, config, seedless_identity FROM runs ORDER BY number`)
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, r := range runs {
		if err := curve5(ctx, tx, r.number); err != nil {
			return err
		}
		if known[r.group] {
			continue
		}
		known[r.group] = true
		settings, err := settings5(r.config)
		if err != nil { // no reason not to open the store
			continue
		}
		_, err = tx.ExecContext(ctx,
			`INSERT INTO settings (seedless_identity, lines) VALUES (?, ?) ON CONFLICT DO NOTHING`, r.group, settings)
		if err != nil {
			return err
		}
	}
	return nil
}}, nil)

// curve5 records a run's curve: the validation accuracy and the seconds of each epoch, as float32.
func curve5(ctx context.Context, tx *sql.Tx, run int64) error {
	var points []byte
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var accuracy, seconds float64
		err := rows.Scan(&accuracy, &seconds)
		points = binary.LittleEndian.AppendUint32(points, math.Float32bits(float32(accuracy)))
		points = binary.LittleEndian.AppendUint32(points, math.Float32bits(float32(seconds)))
		return err
	}, `SELECT val_accuracy, seconds FROM epochs WHERE run = ? ORDER BY epoch`, run)
	if err != nil || len(points) == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO curves (run, points) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET points = ?2`, run, points)
	return err
}

// settings5 flattens a resolved experiment, one setting on a line: its path, a tab, its value.
func settings5(config string) (lines string, err error) {
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
		if !slices.Contains([]string{"name", "description", "seed", "checkpoint_every"}, path) {
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
		// A list of numbers is one value, such as the height and width of a kernel.
		other := slices.ContainsFunc(n.Values, func(v ast.Node) bool {
			_, integer := v.(*ast.IntegerNode)
			_, float := v.(*ast.FloatNode)
			return !integer && !float
		})
		if !other {
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

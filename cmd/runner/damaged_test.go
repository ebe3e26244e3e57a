package main

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"runner/store"
)

// Damaged answers are reported, and stop nothing.
func TestDamagedAnswers(t *testing.T) {
	const small = "name: small\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\n"
	dir := t.TempDir()
	ignore := func(*store.Run) {}
	damaged := forge(t, dir, small, ignore, store.Epoch{Epoch: 1, ValAccuracy: 0.5})
	forge(t, dir, strings.Replace(small, "name: small", "name: other", 1)+"batch_size: 7\n", ignore,
		store.Epoch{Epoch: 1, ValAccuracy: 0.25})
	db, err := sql.Open("sqlite3", filepath.Join(dir, "runs", "runner.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE answers SET confusion = x'808080' WHERE run = 1`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, out, errs string }{
		{"show " + damaged.ID, "confusion: not on record", "warning: store runs: read the answers of run " + damaged.ID},
		{"export --all --format csv", damaged.ID, "damaged, see 'runner store check'"},
		{"compare small other", "the answers of run " + damaged.ID + " of A are damaged, see 'runner store check'", ""},
	} {
		cmd := command(dir, strings.Fields(c.args)...)
		var out, errs strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil || !strings.Contains(out.String(), c.out) ||
			!strings.Contains(errs.String(), c.errs) {
			t.Errorf("%s: %v\n%s%s", c.args, err, out.String(), errs.String())
		}
	}
}

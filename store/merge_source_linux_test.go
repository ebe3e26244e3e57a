package store

import (
	"context"
	"path/filepath"
	"testing"
)

// TestOpenMergeSourceOnAReadOnlyDisk reads stores as a user who may not write there.
func TestOpenMergeSourceOnAReadOnlyDisk(t *testing.T) {
	for _, tc := range []struct {
		name  string
		make  func(t *testing.T, dir string)
		reads int
		want  []string
	}{
		{"closed", func(t *testing.T, dir string) {
			s := openStore(t, dir)
			begin(t, s, nil)
			s.Close()
		}, 1, nil},
		{"of an older version", func(t *testing.T, dir string) {
			writeFile(t, filepath.Join(dir, databaseName),
				string(contents(t, filepath.Join("testdata", "version1"))[databaseName]))
		}, 3, nil},
		{"left by a killed process", func(t *testing.T, dir string) {
			s := openStore(t, dir)
			begin(t, s, nil)
			kept := contents(t, dir)
			s.Close()
			for name, b := range kept {
				writeFile(t, filepath.Join(dir, name), string(b))
			}
		}, 0, []string{"runner.db-wal", "copy the folder", "merge the copy"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			dir := t.TempDir()
			tc.make(t, dir)
			forbidWriting(t, dir)
			ctx := context.Background() // so that SQLite is called on this thread, see TestReadOnlyFolder
			o, err := OpenMergeSource(ctx, dir)
			if tc.want != nil {
				wantError(t, err, append(tc.want, dir)...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			if runs, err := o.runs(ctx, s.db); err != nil || len(runs) != tc.reads {
				t.Errorf("%d runs (%v), want %d", len(runs), err, tc.reads)
			}
		})
	}
}

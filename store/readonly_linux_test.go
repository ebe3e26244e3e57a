package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// TestReadOnlyFolder opens stores as a user who may not write there. Tests may run as root, who may
// write everywhere, so its thread drops root's rights over files.
func TestReadOnlyFolder(t *testing.T) {
	for _, tc := range []struct {
		name  string
		keep  []string // of the files of a process that has the store open
		reads bool
	}{
		{"closed", nil, true},
		{"in use", []string{"-wal", "-shm"}, true},
		{"left by a killed process", []string{"-wal"}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "runs")
			s := openStore(t, dir)
			r := begin(t, s, nil)
			kept := map[string][]byte{}
			for _, suffix := range tc.keep {
				kept[suffix] = contentOf(t, dir, suffix)
			}
			if len(tc.keep) > 0 {
				kept[""] = contentOf(t, dir, "")
			}
			s.Close()
			for suffix, b := range kept {
				writeFile(t, filepath.Join(dir, databaseName+suffix), string(b))
			}
			forbidWriting(t, dir)

			// Without a Done channel SQLite is called on this thread, the one without rights.
			ctx := context.Background()
			if _, err := Open(ctx, dir); err == nil && tc.name != "in use" {
				t.Error("opened for writing")
			}
			s, err := OpenExisting(ctx, dir)
			if !tc.reads {
				wantError(t, err, dir, "runner.db-wal", "account that may write")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if got, err := s.Find(ctx, "seed-cnn"); err != nil || got.ID != r.ID {
				t.Error(got.ID, err)
			}
			_, err = s.Begin(ctx, example(), exampleData())
			wantError(t, err, dir, "may be read but not written")
		})
	}
}

func TestReadOnlyFolderOfAnOlderVersion(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs")
	rawDatabase(t, dir, nil, "CREATE TABLE goose_db_version (version_id INTEGER); "+
		"INSERT INTO goose_db_version VALUES (0)").Close()
	forbidWriting(t, dir)
	_, err := OpenExisting(context.Background(), dir)
	wantError(t, err, dir, "needs migrating", "account that may write")
}

func contentOf(t *testing.T, dir, suffix string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, databaseName+suffix))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// forbidWriting makes dir and its files read-only, and drops this thread's root rights over files,
// until the test ends.
func forbidWriting(t *testing.T, dir string) {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		mode := fs.FileMode(0o444)
		if d.IsDir() {
			mode = 0o555
		}
		return errors.Join(err, os.Chmod(path, mode))
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o777) })
	if uid := os.Geteuid(); uid == 0 {
		const nobody = 65534
		for parent := filepath.Dir(dir); parent != filepath.Clean(os.TempDir()) &&
			parent != "/"; parent = filepath.Dir(parent) {
			if err := os.Chmod(parent, 0o755); err != nil { // testing's folders are their owner's alone
				t.Fatal(err)
			}
		}
		if err := syscall.Setfsuid(nobody); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { syscall.Setfsuid(uid) })
	}
}

// Package datatest is what tests of datasets have in common.
package datatest

import (
	"io/fs"
	"os"
	"slices"
	"testing"
)

// Listing returns every path under a folder, sorted; nil for an empty one.
func Listing(t testing.TB, dir string) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		if path != "." {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	return paths
}

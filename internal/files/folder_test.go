package files

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCreateFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{".", "a", "b/c/d", "b/c/e/", "./f/../g/h", filepath.Join(t.TempDir(), "i", "j")} {
		for range 2 { // the second time it exists
			if err := CreateFolder(dir); err != nil {
				t.Errorf("%s: %v", dir, err)
			}
			if info, err := os.Stat(dir); err != nil || !info.IsDir() {
				t.Errorf("%s: %v", dir, err)
			}
		}
	}
}

// A file that is there stays, and is not overwritten.
func TestCreateRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := Create(path, writes("first")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, writes("second")); err == nil {
		t.Error("an existing file was overwritten")
	}
	if got, _ := os.ReadFile(path); string(got) != "first" {
		t.Errorf("content %q", got)
	}
	if err := SyncFolder(filepath.Dir(path)); err != nil {
		t.Error(err)
	}
	if err := SyncFolder(path + "/none"); err == nil {
		t.Error("a missing folder was synced")
	}
}

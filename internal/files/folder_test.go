package files

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCreateFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{".", "a", "b/c/d", "b/c/e/", "./f/../g/h", filepath.Join(t.TempDir(), "i", "j")} {
		for range 2 { // made, and there already
			if err := CreateFolder(dir); err != nil {
				t.Errorf("%s: %v", dir, err)
			}
			if info, err := os.Stat(dir); err != nil || !info.IsDir() {
				t.Errorf("%s: %v", dir, err)
			}
		}
	}
}

// What cannot be made is not there in part, and what is in its place stays.
func TestCreateRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := Create(path, writes("first")); err != nil {
		t.Fatal(err)
	}
	if err := Create(path, writes("second")); err == nil {
		t.Error("a file was made that was there")
	}
	if got, _ := os.ReadFile(path); string(got) != "first" {
		t.Errorf("content %q", got)
	}
	if err := SyncFolder(filepath.Dir(path)); err != nil {
		t.Error(err)
	}
	if err := SyncFolder(path + "/none"); err == nil {
		t.Error("a folder was synced that is not there")
	}
}

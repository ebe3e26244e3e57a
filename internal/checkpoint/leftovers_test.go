package checkpoint

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLeftovers(t *testing.T) {
	folder := t.TempDir()
	var want []string
	for _, base := range []string{"last.safetensors", "best.safetensors", "x", ".hidden*"} {
		temp, err := os.Create(filepath.Join(folder, tempOf(base)))
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, temp.Name())
		if err := temp.Close(); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)

	// None of these is one; the last two are not regular files.
	if err := Write(filepath.Join(folder, "last.safetensors"), sample()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".12.tmp", "..tmp",
		".last.safetensors.tmp", ".last.safetensors.1f.tmp", ".last.safetensors..tmp",
		"last.safetensors.12.tmp", ".last.safetensors.12.tmp~", ".last.safetensors.12", ".table.csv.0000abcd.part"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, ".last.safetensors.12.tmp"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("last.safetensors", filepath.Join(folder, ".last.safetensors.13.tmp")); err != nil {
		t.Fatal(err)
	}

	got, err := Leftovers(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLeftoversOfNoFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "absent")
	_, err := Leftovers(folder)
	wantError(t, err, folder, "temporary files")
}

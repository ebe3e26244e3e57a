package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestInstall installs what make install builds from a tagged commit of the working tree, and
// from one without a tag.
func TestInstall(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program twice")
	}
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = repository
	files, err := list.Output()
	if err != nil {
		t.Skip("not in a git checkout: ", err)
	}
	dir := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimRight(string(files), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(repository, name))
		if err != nil {
			continue // removed, but not yet from the index
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
			return strings.HasPrefix(v, "MAKE") || strings.HasPrefix(v, "MFLAGS") || strings.HasPrefix(v, "GIT_")
		})
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	version := func(prefix string) string {
		in("make", "install", "DESTDIR="+dir+"/installed", "PREFIX="+prefix)
		return in(filepath.Join(dir, "installed", prefix, "bin", "runner"), "--version")
	}
	in("git", "init", "-q")
	in("git", "config", "user.name", "test")
	in("git", "config", "user.email", "test@example.com")
	in("git", "config", "commit.gpgsign", "false")
	if err := os.WriteFile(filepath.Join(dir, ".git/info/exclude"), []byte("/installed/\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	in("git", "add", "--all")
	in("git", "commit", "-q", "-m", "all")
	commit := in("git", "rev-parse", "HEAD")[:7]

	if got := version("/plain"); !strings.HasPrefix(got, "runner v0.0.0-") || !strings.Contains(got, "("+commit+", go") {
		t.Errorf("built from a commit without a tag it says %q, expected v0.0.0-... and commit %s", got, commit)
	}
	in("git", "tag", "v1.2.3")
	if got, want := version("/tagged"), "runner v1.2.3 ("+commit+", go"; !strings.HasPrefix(got, want) {
		t.Errorf("built from tag v1.2.3 it says %q, expected %q...", got, want)
	}
}

package files

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// writes returns a function that writes s.
func writes(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

// After a failed write the folder holds what it held before.
func TestWriteFileIsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.png")
	if err := WriteFile(path, writes("first")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	err := WriteFile(path, func(w io.Writer) error {
		writes("half of the sec")(w)
		return full
	})
	if !errors.Is(err, full) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v does not name %s and its cause", err, path)
	}
	if got, _ := os.ReadFile(path); string(got) != "first" {
		t.Errorf("content %q", got)
	}
	if err := WriteFile(path, writes("second")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "second" {
		t.Errorf("content %q", got)
	}
	inTheWay := filepath.Join(dir, "folder.png")
	if err := os.Mkdir(inTheWay, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(inTheWay, writes("x")); err == nil {
		t.Error("a folder was overwritten")
	}
	if err := WriteFile(filepath.Join(dir, "missing", "x.png"), writes("x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// A link stays a link, also one to another link, and one that leads nowhere yet creates the file.
func TestWriteFileFollowsLinks(t *testing.T) {
	for _, c := range []struct{ name, link, to, target string }{
		{"relative", "link.png", "x.png", "x.png"},
		{"through a link to a folder", "link.png", "there/../x.png", "elsewhere/x.png"},
		{"through a second link", "link.png", "second.png", "elsewhere/second.png"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			link, target := filepath.Join(dir, c.link), filepath.Join(dir, c.target)
			err := errors.Join(
				os.MkdirAll(filepath.Join(dir, "elsewhere", "folder"), 0o777),
				os.Symlink("elsewhere/folder", filepath.Join(dir, "there")),
				os.Symlink("elsewhere/second.png", filepath.Join(dir, "second.png")),
				os.Symlink(c.to, link),
			)
			if err != nil {
				t.Fatal(err)
			}
			for _, content := range []string{"new", "replaced"} {
				if err := WriteFile(link, writes(content)); err != nil {
					t.Fatal(err)
				}
				if got, err := os.ReadFile(target); string(got) != content {
					t.Errorf("%s has %q, %v, want %q", c.target, got, err, content)
				}
			}
			if to, err := os.Readlink(link); to != c.to {
				t.Errorf("link leads to %q, %v, want %q", to, err, c.to)
			}
			full := errors.New("disk full")
			if err := WriteFile(link, func(io.Writer) error { return full }); !errors.Is(err, full) {
				t.Errorf("error %v, want %v", err, full)
			}
			if got, _ := os.ReadFile(target); string(got) != "replaced" {
				t.Errorf("%s has %q after a failure", c.target, got)
			}
		})
	}
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(loop, writes("x")); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("a link to itself: %v", err)
	}
}

// A reader of the pipe gets what is written, and the pipe stays.
func TestWriteFileWritesIntoAPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Skip(err)
	}
	read := make(chan string)
	go func() {
		content, _ := os.ReadFile(pipe)
		read <- string(content)
	}()
	if err := WriteFile(pipe, writes("content")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Fatalf("%v, %v in the place of the pipe", info, err)
	}
	if got := <-read; got != "content" {
		t.Errorf("read %q", got)
	}
}

package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Options say where datasets are kept and where they come from.
type Options struct {
	Dir      string    // the data folder: one folder a dataset
	URL      string    // another source than the dataset's home: http, https, file or a path
	Checksum string    // of that source: "sha256:" and 64 hexadecimal digits
	Progress io.Writer // receives progress and warnings; may be nil
	Terminal bool      // Progress is a terminal
}

// DefaultDir returns the data folder: RUNNER_DATA or runner in the user's
// cache folder.
func DefaultDir() (string, error) {
	if dir := os.Getenv("RUNNER_DATA"); dir != "" {
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for datasets: name one with --data or RUNNER_DATA: %w", err)
	}
	return filepath.Join(cache, "runner"), nil
}

// Ready tells whether a dataset is prepared.
func Ready(name string, o Options) bool {
	_, err := os.Stat(filepath.Join(o.Dir, name, metaFile))
	return err == nil
}

// Get fetches and prepares a dataset unless it is prepared. Other processes
// that want the same wait. On failure nothing half-prepared is left; a broken
// download is kept to be resumed.
func Get(ctx context.Context, name string, o Options) (err error) {
	kind, ok := Lookup(name)
	if !ok {
		return Unknown(name)
	}
	if Ready(name, o) {
		return nil
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("preparing %s: %w", name, err)
		}
	}()
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(o.Dir, name+".lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return fmt.Errorf("waiting for another process that prepares it: %w", err)
	}
	defer lock.Unlock()
	if Ready(name, o) {
		return nil
	}
	if err := refuseForeign(filepath.Join(o.Dir, name)); err != nil {
		return err
	}
	if err := removeStale(o.Dir, name); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(o.Dir, name+tempMark)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	b := &builder{kind: kind, dir: temp, counts: make(map[int]int)}
	if err := kind.prepare(ctx, o, b); err != nil {
		return err
	}
	if err := b.finish(); err != nil {
		return err
	}
	if err := publish(temp, filepath.Join(o.Dir, name)); err != nil {
		return err
	}
	return os.RemoveAll(downloadDir(name, o))
}

// downloadDir is where a dataset's source is fetched to; it stays until the
// dataset is prepared.
func downloadDir(name string, o Options) string { return filepath.Join(o.Dir, name+".download") }

// tempMark is in the names of folders that are being prepared.
const tempMark = ".preparing-"

// removeStale removes what a killed process left. The lock is held, so nobody
// is at work.
func removeStale(dir, name string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), name+tempMark) {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuseForeign returns an error if a dataset's folder is there and holds
// anything but prepared files: it would be lost.
func refuseForeign(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains([]string{trainFile, validationFile, testFile}, e.Name()) {
			return fmt.Errorf("%s is not one of the program's files: move %s away, or name another data folder with --data", e.Name(), dir)
		}
	}
	return nil
}

// publish gives a complete folder its name and makes sure that it stays.
func publish(temp, final string) error {
	// A folder without meta.json is what is left of a dataset, of which somebody
	// removed a part.
	if err := os.RemoveAll(final); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := syncDir(temp); err != nil {
		return err
	}
	if err := os.Rename(temp, final); err != nil {
		return err
	}
	return syncDir(filepath.Dir(final))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// exists tells whether a path is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

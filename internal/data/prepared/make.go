package prepared

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"runner/internal/files"
)

// Ready reports whether a folder holds a prepared dataset.
func Ready(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, metaFile))
	return err == nil
}

// Make prepares a dataset in a folder, unless it is there, from the examples that fill gives the builder. Other
// processes that want the same wait. A failure leaves nothing but what fill keeps in the builder's Downloads.
func Make(ctx context.Context, folder string, about Description, fill func(*Builder) error) (err error) {
	if Ready(folder) {
		return nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("preparing %s: %w", about.Name, err)
		}
	}()
	if err := about.check(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	lock := flock.New(folder + ".lock")
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return fmt.Errorf("waiting for another process that prepares it: %w", err)
	}
	defer lock.Unlock()
	if Ready(folder) {
		return nil
	}
	if err := refuseForeign(folder); err != nil {
		return err
	}
	if err := removeStale(folder); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(folder), filepath.Base(folder)+tempMark)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(temp))
		}
	}()
	b := &Builder{Downloads: folder + ".download", about: about, dir: temp, counts: make(map[int]int)}
	if err := fill(b); err != nil {
		return err
	}
	if err := b.finish(); err != nil {
		return err
	}
	if err := publish(temp, folder); err != nil {
		return err
	}
	return os.RemoveAll(b.Downloads)
}

// tempMark is in the names of folders that are being prepared.
const tempMark = ".preparing-"

// removeStale removes what a killed process left. The lock is held, so nobody is using it.
func removeStale(folder string) error {
	dir, name := filepath.Dir(folder), filepath.Base(folder)
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

// refuseForeign returns an error if the dataset's folder holds anything but prepared files, which would be lost.
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
			return fmt.Errorf("%s is not one of the program's files: move %s away, or name another data folder with --data",
				e.Name(), dir)
		}
	}
	return nil
}

// publish gives a complete folder its name, durably.
func publish(temp, final string) error {
	// A folder without meta.json is a dataset of which somebody removed a part.
	if err := os.RemoveAll(final); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := files.SyncFolder(temp); err != nil {
		return err
	}
	if err := os.Rename(temp, final); err != nil {
		return err
	}
	return files.SyncFolder(filepath.Dir(final))
}

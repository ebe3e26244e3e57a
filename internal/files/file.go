// Package files writes files whole or not at all, and makes their content durable, and with [SyncFolder] their names: a
// power cut then takes neither away.
package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// WriteFile makes a file of what write produces, whole or not at all: under another name in the same folder first,
// synced, then renamed. On failure what was at path before is still there, and nothing else. A symbolic link stays, and
// the file that it leads to is made. A pipe or a device is written to as it is.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode().IsRegular():
		target := linked(path)
		dir, base := filepath.Split(target)
		part := filepath.Join(dir, fmt.Sprintf(".%s.%08x.part", base, rand.Uint32()))
		return Replace(target, part, func(w io.Writer) error { return writeBuffered(w, write) })
	case err != nil:
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(writeBuffered(f, write), f.Close())
}

// linked returns the path that symbolic links lead to, whether a file is there or not.
func linked(path string) string {
	for {
		to, err := os.Readlink(path)
		if err != nil { // no link
			return path
		}
		if !filepath.IsAbs(to) {
			// Not filepath.Join, which resolves ".." by the names: the folder before it may be a link itself.
			dir, _ := filepath.Split(path)
			to = dir + to
		}
		path = to
	}
}

// Replace puts a file of what write produces at path: it creates the file at part, in the same folder, and renames it.
// On failure what was at path before is still there, and nothing at part. The caller makes the name durable: see
// SyncFolder.
func Replace(path, part string, write func(io.Writer) error) error {
	if err := Create(part, write); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("cannot be put in place: %w", errors.Join(err, os.Remove(part)))
	}
	return nil
}

// Create makes a new file of what write produces, and makes its content durable. On failure, such as of a file that is
// there already, it leaves nothing new.
func Create(path string, write func(io.Writer) error) error {
	// os.CreateTemp would make a file that only its owner may read.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func writeBuffered(w io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriter(w)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

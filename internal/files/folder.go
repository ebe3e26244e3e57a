package files

import (
	"errors"
	"os"
	"path/filepath"
)

// CreateFolder makes dir and the folders above it that are missing, and makes all of them durable.
func CreateFolder(dir string) error {
	var parents []string // of the folders to make
	for d := dir; ; {
		parent := filepath.Dir(d)
		if _, err := os.Stat(d); err == nil || parent == d {
			break
		}
		parents = append(parents, parent)
		d = parent
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, parent := range parents {
		if err := SyncFolder(parent); err != nil {
			return err
		}
	}
	return nil
}

// SyncFolder makes the names in a folder durable: without it a power cut may take a new file or
// folder away, however well its content was synced.
func SyncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

package files

import (
	"errors"
	"os"
	"path/filepath"
)

// CreateFolder creates dir and the missing folders above it, and makes them durable.
func CreateFolder(dir string) error {
	var parents []string // of the folders to create
	for d, parent := dir, filepath.Dir(dir); parent != d; d, parent = parent, filepath.Dir(parent) {
		if _, err := os.Stat(d); err == nil {
			break
		}
		parents = append(parents, parent)
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

// SyncFolder makes the names in a folder durable: without it a power cut may take away a new file or folder, although
// its content was synced.
func SyncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

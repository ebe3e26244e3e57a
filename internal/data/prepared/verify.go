package prepared

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// Verify reads the prepared files and returns an error unless they and meta.json match the fingerprint. Opening only
// checks sizes; a changed byte is found here. One call serves everybody who opens the dataset afterwards.
func (d *Dataset) Verify(ctx context.Context) error {
	folder := filepath.Dir(d.train.Name())
	h, buffer := d.meta.hash(), make([]byte, 1<<20)
	for _, split := range d.files() {
		size, err := hashFile(ctx, h, *split.file, buffer)
		if err != nil { // the content may still be intact
			return fmt.Errorf("verifying %s: %w", d.Name, err)
		}
		if err := split.checkSize(size); err != nil {
			return d.remedy(err)
		}
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != d.Fingerprint {
		return d.remedy(fmt.Errorf("%s: damaged: one of %s, %s, %s and %s changed since they were made: "+
			"expected fingerprint %s, got %s", folder, trainFile, validationFile, testFile, metaFile, d.Fingerprint, got))
	}
	return nil
}

// hashFile adds all of a file to a hash and returns its size.
func hashFile(ctx context.Context, h hash.Hash, f *os.File, buffer []byte) (size int64, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		n, err := f.ReadAt(buffer, size)
		h.Write(buffer[:n]) // never fails
		size += int64(n)
		if errors.Is(err, io.EOF) {
			return size, nil
		}
		if err != nil {
			return size, err
		}
	}
}

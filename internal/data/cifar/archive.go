package cifar

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
)

// Bounds on an archive: CIFAR-10 has 9 members of up to 31 MB.
const (
	maxMember  = 64 << 20
	maxArchive = 1 << 30 // bytes unpacked
	maxMembers = 1000
)

// archive reads the batch files of a tar.gz one at a time. No name in it becomes a path on disk. An archive with a path
// outside its folder, a link or too much content is refused as a whole.
func (r *reader) archive(ctx context.Context, f io.Reader) error {
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("not a gzip archive: %w", err)
	}
	bounded := &boundedReader{unzipped, maxArchive}
	archive := tar.NewReader(bounded)
	for range maxMembers {
		if err := ctx.Err(); err != nil {
			return err
		}
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			// gzip's own checksum comes last: pixels have no other.
			if _, err := io.Copy(io.Discard, bounded); err != nil {
				return fmt.Errorf("the archive is damaged: %w", err)
			}
			if len(r.counts) == 0 {
				return fmt.Errorf("no batch files: expected a folder named %s or %s in the archive", pickledLayout, binaryLayout)
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("the archive is damaged: %w", err)
		}
		if err := refuse(header); err != nil {
			return err
		}
		dir, name := path.Split(path.Clean(header.Name))
		m, ok := memberOf(path.Base(dir), name)
		if !ok || header.Typeflag != tar.TypeReg {
			continue
		}
		content := make([]byte, header.Size)
		if _, err := io.ReadFull(archive, content); err != nil {
			return fmt.Errorf("the archive is damaged at %s: %w", header.Name, err)
		}
		if err := r.add(m, content); err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d members: this is not CIFAR-10", maxMembers)
}

// boundedReader fails when more than left bytes come.
type boundedReader struct {
	r    io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errors.New("it unpacks to more than a CIFAR-10 archive may")
	}
	return n, err
}

// refuse returns why a member makes an archive untrustworthy, or nil.
func refuse(h *tar.Header) error {
	switch {
	case h.Typeflag == tar.TypeXGlobalHeader: // a remark of the program that made it, such as git
		return nil
	case !filepath.IsLocal(filepath.FromSlash(h.Name)):
		return fmt.Errorf("member %.100q lies outside of the archive's folder: refused", h.Name)
	case h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeDir:
		return fmt.Errorf("member %.100q is a link or special file: refused", h.Name)
	case h.Size > maxMember:
		return fmt.Errorf("member %.100q has %d bytes, more than the %d allowed: refused", h.Name, h.Size, maxMember)
	}
	return nil
}

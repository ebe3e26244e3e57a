package data

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The official archive of https://www.cs.toronto.edu/~kriz/cifar.html.
const (
	cifar10URL      = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
	cifar10Size     = 170_498_071
	cifar10Checksum = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
)

// source is where CIFAR-10 comes from and what it must be.
type source struct {
	url    string
	sha256 string // in hexadecimal; empty: anything is trusted
	size   int64  // in bytes; 0: any
}

// cifar10Source decides between the options, the environment and the official
// archive.
func cifar10Source(o Options) (source, error) {
	s := source{url: cmp.Or(o.URL, os.Getenv("RUNNER_CIFAR10_URL"), cifar10URL)}
	checksum := cmp.Or(o.Checksum, os.Getenv("RUNNER_CIFAR10_CHECKSUM"))
	if checksum == "" {
		if s.url == cifar10URL {
			s.sha256, s.size = cifar10Checksum, cifar10Size
		}
		return s, nil
	}
	digits, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(checksum)), "sha256:")
	if b, err := hex.DecodeString(digits); !ok || err != nil || len(b) != 32 {
		return s, fmt.Errorf("checksum %q: expected sha256: and 64 hexadecimal digits", checksum)
	}
	s.sha256 = digits
	return s, nil
}

// local returns the path that the source names on this machine, if it does.
func (s source) local() (path string, ok bool, err error) {
	u, err := url.Parse(s.url)
	if err != nil && strings.Contains(s.url, "://") {
		return "", false, err
	}
	if err != nil || len(u.Scheme) <= 1 { // a path; one letter is a drive
		return s.url, true, nil
	}
	switch u.Scheme {
	case "http", "https":
		return "", false, nil
	case "file":
		if u.Host != "" && u.Host != "localhost" || u.Path == "" {
			return "", false, fmt.Errorf("%s: expected file:// and an absolute path on this machine", s.url)
		}
		return filepath.FromSlash(u.Path), true, nil
	}
	return "", false, fmt.Errorf("%s: expected a URL that begins with https, http or file, or a path", s.url)
}

func prepareCIFAR10(ctx context.Context, o Options, b *builder) error {
	s, err := cifar10Source(o)
	if err != nil {
		return err
	}
	path, local, err := s.local()
	if err != nil {
		return err
	}
	if !local {
		if path, err = fetch(ctx, s, downloadDir(b.kind.Name, o), o); err != nil {
			return err
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		if s.sha256 != "" {
			return fmt.Errorf("%s is a folder, which has no checksum: name an archive, or leave the checksum out", path)
		}
		fmt.Fprintf(o.Progress, "warning: trusting the files in %s without a checksum\n", path)
		return readFolder(ctx, path, b)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err = s.verify(f, info.Size(), o); err == nil {
		fmt.Fprintf(o.Progress, "cifar10: preparing\n")
		if err = readArchive(ctx, f, b); err != nil {
			err = fmt.Errorf("%s: %w", s.url, err)
		}
	}
	if disk := (*fs.PathError)(nil); err != nil && !local && ctx.Err() == nil && !errors.As(err, &disk) {
		// What was fetched is of no use: the next try begins anew.
		err = errors.Join(err, os.RemoveAll(filepath.Dir(path)))
	}
	return err
}

// The layouts in which CIFAR-10 is distributed.
const (
	pickledLayout = "cifar-10-batches-py"
	binaryLayout  = "cifar-10-batches-bin"
)

// member is a batch file of either layout: its number and how to read it.
type member struct {
	batch int
	parse func(content []byte) (labels, planes []byte, err error)
}

// memberOf returns what a file of the layout is; ok is false for files that are
// of no interest.
func memberOf(layout, name string, kind Kind) (m member, ok bool) {
	switch layout {
	case pickledLayout:
		m.parse = parsePickled
	case binaryLayout:
		m.parse = parseBinary
		if name, ok = strings.CutSuffix(name, ".bin"); !ok {
			return member{}, false
		}
	default:
		return member{}, false
	}
	if name == "test_batch" {
		m.batch = kind.testBatch()
		return m, true
	}
	number, ok := strings.CutPrefix(name, "data_batch_")
	if !ok {
		return member{}, false
	}
	batch, err := strconv.Atoi(number)
	m.batch = batch
	return m, err == nil && batch >= 1 && batch <= kind.BatchFiles && strconv.Itoa(batch) == number
}

// add parses a member and gives it to the builder.
func (m member) add(b *builder, content []byte) error {
	labels, planes, err := m.parse(content)
	if err != nil {
		return fmt.Errorf("%s: %w", b.batchName(m.batch), err)
	}
	if len(planes) != len(labels)*b.kind.pixels() {
		return fmt.Errorf("%s: %d labels and %d bytes of pixels: expected %d bytes for each label",
			b.batchName(m.batch), len(labels), len(planes), b.kind.pixels())
	}
	return b.add(m.batch, labels, interleave(planes, b.kind))
}

// interleave turns pictures stored as one plane a channel, as CIFAR-10's are,
// into (height, width, channels).
func interleave(planes []byte, kind Kind) []byte {
	size, area := kind.pixels(), kind.Height*kind.Width
	pixels := make([]byte, len(planes))
	for start := 0; start < len(planes); start += size {
		from, to := planes[start:start+size], pixels[start:start+size]
		for c := range kind.Channels {
			for p, v := range from[c*area : (c+1)*area] {
				to[p*kind.Channels+c] = v
			}
		}
	}
	return pixels
}

// parseBinary reads the binary layout: a label and 3072 bytes for each example.
func parseBinary(content []byte) (labels, planes []byte, err error) {
	const record = 1 + 32*32*3
	if len(content) == 0 || len(content)%record != 0 {
		return nil, nil, fmt.Errorf("%d bytes: expected a multiple of %d, the file is truncated or damaged", len(content), record)
	}
	n := len(content) / record
	labels, planes = make([]byte, 0, n), make([]byte, 0, n*(record-1))
	for example := range slices.Chunk(content, record) {
		labels = append(labels, example[0])
		planes = append(planes, example[1:]...)
	}
	return labels, planes, nil
}

// readFolder reads an unpacked archive: the layout's folder or the one that
// holds it.
func readFolder(ctx context.Context, dir string, b *builder) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	layout := filepath.Base(dir)
	for _, inside := range []string{pickledLayout, binaryLayout} {
		if exists(filepath.Join(dir, inside)) {
			dir, layout = filepath.Join(dir, inside), inside
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		m, ok := memberOf(layout, e.Name(), b.kind)
		if !ok {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		content, err := readMember(os.DirFS(dir), e.Name())
		if err != nil {
			return err
		}
		if err := m.add(b, content); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	if len(b.counts) == 0 {
		return fmt.Errorf("%s: no batch files: expected a folder named %s or %s", dir, pickledLayout, binaryLayout)
	}
	return nil
}

func readMember(dir fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(dir, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxMember {
		return nil, fmt.Errorf("%s: expected a regular file of at most %d bytes", name, maxMember)
	}
	return fs.ReadFile(dir, name)
}

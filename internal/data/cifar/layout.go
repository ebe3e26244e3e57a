package cifar

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"runner/internal/data/prepared"
)

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

// memberOf returns which batch file a file of the layout is; ok is false for other files.
func memberOf(layout, name string) (m member, ok bool) {
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
		m.batch = prepared.Test
		return m, true
	}
	number, ok := strings.CutPrefix(name, "data_batch_")
	if !ok {
		return member{}, false
	}
	batch, err := strconv.Atoi(number)
	m.batch = batch
	return m, err == nil && batch >= 1 && batch <= batchFiles && strconv.Itoa(batch) == number
}

// parseBinary reads the binary layout: a label and 3072 bytes for each example.
func parseBinary(content []byte) (labels, planes []byte, err error) {
	const record = 1 + pixels
	if len(content) == 0 || len(content)%record != 0 {
		return nil, nil, fmt.Errorf("%d bytes: expected a multiple of %d, the file is truncated or damaged",
			len(content), record)
	}
	n := len(content) / record
	labels, planes = make([]byte, 0, n), make([]byte, 0, n*(record-1))
	for example := range slices.Chunk(content, record) {
		labels = append(labels, example[0])
		planes = append(planes, example[1:]...)
	}
	return labels, planes, nil
}

// folder reads an unpacked archive: the layout's folder or the one that holds it.
func (r *reader) folder(ctx context.Context, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	layout := filepath.Base(dir)
	for _, inside := range []string{pickledLayout, binaryLayout} {
		if _, err := os.Stat(filepath.Join(dir, inside)); !errors.Is(err, fs.ErrNotExist) {
			dir, layout = filepath.Join(dir, inside), inside
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		m, ok := memberOf(layout, e.Name())
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
		if err := r.add(m, content); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	if len(r.counts) == 0 {
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

// Package cifar fetches and reads CIFAR-10 (Krizhevsky 2009), as an archive or an unpacked folder, in both of its
// layouts.
package cifar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"slices"

	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
)

// The official archive of https://www.cs.toronto.edu/~kriz/cifar.html.
const (
	homeURL      = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
	homeSize     = 170_498_071
	homeChecksum = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
)

// The shape of a picture, and how many batch files there are besides the test file.
const (
	height, width, channels = 32, 32, 3

	area       = height * width
	pixels     = area * channels
	batchFiles = 5
)

// CIFAR10 is the source of the dataset.
type CIFAR10 struct{}

// Describe says what the dataset is.
func (*CIFAR10) Describe() (prepared.Description, error) {
	return prepared.Description{
		Name: "cifar10", Shape: [3]int{height, width, channels}, BatchFiles: batchFiles,
		Classes: []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
	}, nil
}

// home decides between the options, the environment and the official archive.
func home(o fetch.Options) (fetch.File, error) {
	f := fetch.File{URL: cmp.Or(o.URL, os.Getenv("RUNNER_CIFAR10_URL"), homeURL)}
	checksum := cmp.Or(o.Checksum, os.Getenv("RUNNER_CIFAR10_CHECKSUM"))
	if checksum == "" {
		if f.URL == homeURL {
			f.SHA256, f.Size = homeChecksum, homeSize
		}
		return f, nil
	}
	var err error
	f.SHA256, err = fetch.ParseChecksum(checksum)
	return f, err
}

// Examples reads every batch file of the archive or folder.
func (*CIFAR10) Examples(ctx context.Context, o fetch.Options, b *prepared.Builder) error {
	file, err := home(o)
	if err != nil {
		return err
	}
	path, local, err := file.Local()
	if err != nil {
		return err
	}
	if !local {
		if path, err = file.Fetch(ctx, b.Downloads, o); err != nil {
			return err
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	r := &reader{b, make(map[int]int)}
	if info.IsDir() {
		if file.SHA256 != "" {
			return fmt.Errorf("%s is a folder, which has no checksum: name an archive, or leave the checksum out", path)
		}
		o.Note("warning: trusting the files in %s without a checksum", path)
		if err := r.folder(ctx, path); err != nil {
			return err
		}
		return r.whole()
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err = file.Verify(f, o); err == nil {
		o.Note("cifar10: preparing")
		if err = r.archive(ctx, f); err == nil {
			err = r.whole()
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", file.URL, err)
		}
	}
	if disk := (*fs.PathError)(nil); err != nil && !local && ctx.Err() == nil && !errors.As(err, &disk) {
		// The downloaded file is useless: the next attempt begins anew.
		err = errors.Join(err, os.RemoveAll(b.Downloads))
	}
	return err
}

// reader gives batch files to a builder.
type reader struct {
	*prepared.Builder
	counts map[int]int // examples of each batch file
}

// add parses a member and gives it to the builder.
func (r *reader) add(m member, content []byte) error {
	labels, planes, err := m.parse(content)
	if err != nil {
		return fmt.Errorf("%s: %w", prepared.BatchName(m.batch), err)
	}
	if len(planes) != len(labels)*pixels {
		return fmt.Errorf("%s: %d labels and %d bytes of pixels: expected %d bytes for each label",
			prepared.BatchName(m.batch), len(labels), len(planes), pixels)
	}
	if err := r.Add(m.batch, examples(labels, planes)); err != nil {
		return err
	}
	r.counts[m.batch] = len(labels)
	return nil
}

// whole refuses batch files of different sizes, the only sign of a file that was cut off between two examples.
func (r *reader) whole() error {
	most := 0
	for _, n := range r.counts {
		most = max(most, n)
	}
	for _, batch := range slices.Sorted(maps.Keys(r.counts)) {
		if n := r.counts[batch]; n != most {
			return fmt.Errorf("%s has %d examples, expected %d as in the others: it is truncated",
				prepared.BatchName(batch), n, most)
		}
	}
	return nil
}

// examples yields pictures that are stored as one plane a channel. planes: (len(labels), channels, height, width).
func examples(labels, planes []byte) iter.Seq2[prepared.Example, error] {
	return func(yield func(prepared.Example, error) bool) {
		picture := make([]byte, pixels)
		for i, label := range labels {
			from := planes[i*pixels : (i+1)*pixels]
			for c := range channels {
				for p, v := range from[c*area : (c+1)*area] {
					picture[p*channels+c] = v
				}
			}
			if !yield(prepared.Example{Label: int(label), Pixels: picture}, nil) {
				return
			}
		}
	}
}

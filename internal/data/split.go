package data

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"runner/arch/kernel"
	"runner/internal/rng"
)

// Split is a part of a dataset: examples counted from 0. It is for one
// goroutine at a time.
type Split struct {
	file    *os.File
	pixels  int   // bytes of one picture
	start   int   // the first example's number in the file
	counts  []int // examples of each batch file
	len     int
	classes int    // labels are 0 to classes-1
	bytes   []byte // of the mini-batch being read
}

// Len returns the number of examples.
func (s *Split) Len() int { return s.len }

// Read fills the first len(indices) examples of a mini-batch.
// x: (at least len(indices), height, width, channels), 0 to 1; labels: as many.
func (s *Split) Read(indices []int32, x []float32, labels []int32) error {
	record := 1 + s.pixels
	if need := len(indices) * record; cap(s.bytes) < need {
		s.bytes = make([]byte, need)
	}
	for i := 0; i < len(indices); {
		// Examples that follow one another are read together.
		n := 1
		for i+n < len(indices) && indices[i+n] == indices[i+n-1]+1 {
			n++
		}
		if err := s.readRecords(int(indices[i]), s.bytes[i*record:(i+n)*record]); err != nil {
			return err
		}
		i += n
	}
	for i := range indices {
		r := s.bytes[i*record : (i+1)*record]
		labels[i] = int32(r[0])
		kernel.Normalize(x[i*s.pixels:(i+1)*s.pixels], r[1:])
	}
	return nil
}

// Pixels reads one picture as bytes. dst: (height, width, channels).
func (s *Split) Pixels(index int, dst []byte) (label int, err error) {
	r := make([]byte, 1+s.pixels)
	if err := s.readRecords(index, r); err != nil {
		return 0, err
	}
	copy(dst, r[1:])
	return int(r[0]), nil
}

func (s *Split) readRecords(first int, dst []byte) error {
	record := 1 + s.pixels
	last := first + len(dst)/record - 1
	if first < 0 || last >= s.len {
		return fmt.Errorf("examples %d to %d: expected 0 to %d", first, last, s.len-1)
	}
	start := int64(s.start+first) * int64(record)
	_, err := s.file.ReadAt(dst, start)
	if errors.Is(err, io.EOF) { // which names no file
		return s.damaged("expected at least %d bytes, the file is shorter", start+int64(len(dst)))
	}
	if err != nil {
		return fmt.Errorf("reading examples: %w", err)
	}
	for i := 0; i < len(dst); i += record {
		if label := int(dst[i]); label >= s.classes {
			return s.damaged("label %d, expected 0 to %d", label, s.classes-1)
		}
	}
	return nil
}

// damaged is the error of a file that changed since it was prepared.
func (s *Split) damaged(format string, args ...any) error {
	path := s.file.Name()
	return remedy(fmt.Errorf("%s: damaged: %s", path, fmt.Sprintf(format, args...)), filepath.Dir(path))
}

// Order is the sequence of mini-batches of one epoch.
type Order struct {
	indices []int32
	ends    []int // of each mini-batch, in indices
}

// Order returns the mini-batches of an epoch: a function of the seed and the
// epoch, so that any step can be asked for directly. Shuffled, they are drawn
// from the whole split; unshuffled, they follow the files and do not cross from
// one batch file to the next. The last one, or the last of each batch file, may
// be smaller. batchSize is at least 1.
func (s *Split) Order(batchSize int, shuffle bool, seed int64, epoch int) *Order {
	o := &Order{indices: make([]int32, s.len)}
	counts := s.counts
	if shuffle {
		rng.New(seed, rng.Shuffle, 0, int64(epoch)).Perm(o.indices)
		counts = []int{s.len}
	} else {
		for i := range o.indices {
			o.indices[i] = int32(i)
		}
	}
	start := 0
	for _, n := range counts {
		if n == 0 {
			continue
		}
		for end := start + batchSize; end < start+n; end += batchSize {
			o.ends = append(o.ends, end)
		}
		start += n
		o.ends = append(o.ends, start)
	}
	return o
}

// Steps returns the number of mini-batches.
func (o *Order) Steps() int { return len(o.ends) }

// Indices returns the examples of a mini-batch, counted from 0.
func (o *Order) Indices(step int) []int32 {
	start := 0
	if step > 0 {
		start = o.ends[step-1]
	}
	return o.indices[start:o.ends[step]]
}

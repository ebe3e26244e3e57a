package prepared

import (
	"errors"
	"fmt"
	"io"
	"os"

	"runner/internal/data/transform"
)

// Split is a part of a dataset, its examples counted from 0. One goroutine may use it at a time.
type Split struct {
	file    *os.File
	dataset *Dataset
	pixels  int    // bytes of one picture
	label   int    // bytes of its label
	start   int    // the first example's number in the file
	counts  []int  // examples of each batch file
	len     int    // examples
	bytes   []byte // of the mini-batch being read
}

// Len returns the number of examples.
func (s *Split) Len() int { return s.len }

// Read fills the first len(indices) examples of a mini-batch, transformed by the pass.
// x: (at least len(indices), height, width, channels); labels: (at least len(indices)).
func (s *Split) Read(indices []int32, p transform.Pass, x []float32, labels []int32) error {
	record := s.label + s.pixels
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
	for i, index := range indices {
		r := s.bytes[i*record : (i+1)*record]
		labels[i] = int32(s.labelOf(r))
		p.Apply(index, r[s.label:], x[i*s.pixels:(i+1)*s.pixels])
	}
	return nil
}

// Pixels reads one picture as bytes. dst: (height, width, channels).
func (s *Split) Pixels(index int, dst []byte) (label int, err error) {
	r := make([]byte, s.label+s.pixels)
	if err := s.readRecords(index, r); err != nil {
		return 0, err
	}
	copy(dst, r[s.label:])
	return s.labelOf(r), nil
}

// labelOf returns the label of a record.
func (s *Split) labelOf(r []byte) int {
	label := 0
	for i, b := range r[:s.label] {
		label |= int(b) << (8 * i)
	}
	return label
}

func (s *Split) readRecords(first int, dst []byte) error {
	record := s.label + s.pixels
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
		if label, classes := s.labelOf(dst[i:]), len(s.dataset.Classes); label >= classes {
			return s.damaged("label %d, expected 0 to %d", label, classes-1)
		}
	}
	return nil
}

// damaged is the error of a file that changed since it was prepared.
func (s *Split) damaged(format string, args ...any) error {
	return s.dataset.remedy(fmt.Errorf("%s: damaged: %s", s.file.Name(), fmt.Sprintf(format, args...)))
}

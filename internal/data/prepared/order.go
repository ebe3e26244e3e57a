package prepared

import (
	"runner/internal/data/transform"
	"runner/internal/rng"
)

// Order is the sequence of mini-batches of one pass over a split.
type Order struct {
	Pass    transform.Pass // what happens to its examples
	indices []int32
	ends    []int // of each mini-batch, in indices
}

// Order returns the mini-batches of a pass, which depend only on its seed and epoch, so that a pass can begin at any
// step. Shuffled, they are drawn from the whole split; unshuffled, they follow the files and do not cross from one
// batch file to the next. The last one, or the last of each batch file, may be smaller. batchSize is at least 1.
func (s *Split) Order(batchSize int, shuffle bool, p transform.Pass) *Order {
	o := &Order{Pass: p, indices: make([]int32, s.len)}
	counts := s.counts
	if shuffle {
		rng.New(p.Seed, rng.Shuffle, 0, int64(p.Epoch)).Perm(o.indices)
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

package op

import (
	"cmp"
	"slices"
)

// life is a place in the arena and the time it is in use: from one operation to another,
// both included, counted in the order in which they run.
type life struct {
	first, last int
	bytes       int
	offset      int       // in the arena, see place
	buffers     []*Buffer // that lie there, one after another
}

func (l *life) overlaps(other *life) bool { return l.first <= other.last && other.first <= l.last }

// place chooses offsets so that no two lives that overlap in time overlap in memory, and
// returns the bytes that all take. The largest come first, each in the smallest gap that
// holds it: "Greedy by Size for Offset Calculation" of Pisarchyk & Lee 2020, "Efficient
// Memory Management for Deep Neural Net Inference".
func place(lives []*life) (total int) {
	bySize := slices.Clone(lives)
	slices.SortStableFunc(bySize, func(a, b *life) int { return cmp.Compare(b.bytes, a.bytes) })
	var placed []*life // by offset
	for _, l := range bySize {
		best, smallest, end := -1, 0, 0
		for _, p := range placed {
			if !p.overlaps(l) {
				continue
			}
			if gap := p.offset - end; gap >= l.bytes && (best < 0 || gap < smallest) {
				best, smallest = end, gap
			}
			end = max(end, roundUp(p.offset+p.bytes))
		}
		if best < 0 {
			best = end
		}
		l.offset = best
		at, _ := slices.BinarySearchFunc(placed, l, func(a, b *life) int { return cmp.Compare(a.offset, b.offset) })
		placed = slices.Insert(placed, at, l)
		total = max(total, roundUp(l.offset+l.bytes))
	}
	return total
}

// roundUp returns the first multiple of a cache line from a number of bytes on.
func roundUp(bytes int) int { return (bytes + line - 1) / line * line }

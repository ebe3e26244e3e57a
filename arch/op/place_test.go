package op

import (
	"testing"

	"pgregory.net/rapid"
)

// TestPlace draws lives: those that overlap in time must not overlap in memory, each
// begins on a cache line, and the total is neither below what lives at one time nor above
// what all take side by side.
func TestPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const operations = 30
		lives := make([]*life, rapid.IntRange(0, 40).Draw(t, "lives"))
		sum := 0
		for i := range lives {
			first := rapid.IntRange(0, operations-1).Draw(t, "first")
			lives[i] = &life{
				first: first,
				last:  rapid.IntRange(first, operations-1).Draw(t, "last"),
				bytes: rapid.IntRange(1, 1000).Draw(t, "bytes"),
			}
			sum += roundUp(lives[i].bytes)
		}
		total := place(lives)
		if total > sum {
			t.Errorf("%d bytes, side by side they take %d", total, sum)
		}
		for operation := range operations {
			alive := 0
			for _, l := range lives {
				if l.first <= operation && operation <= l.last {
					alive += l.bytes
				}
			}
			if total < alive {
				t.Errorf("%d bytes, but %d live at operation %d", total, alive, operation)
			}
		}
		for i, a := range lives {
			if a.offset%line != 0 || a.offset < 0 || a.offset+a.bytes > total {
				t.Errorf("%d bytes at %d of %d", a.bytes, a.offset, total)
			}
			for _, b := range lives[:i] {
				together := a.first <= b.last && b.first <= a.last
				if together && a.offset < b.offset+b.bytes && b.offset < a.offset+a.bytes {
					t.Errorf("operations %d to %d at %d+%d and %d to %d at %d+%d",
						a.first, a.last, a.offset, a.bytes, b.first, b.last, b.offset, b.bytes)
				}
			}
		}
	})
}

// TestPlaceFillsGaps holds the plan of a small case against the best one: the third life
// takes the memory of the first, which has ended when it begins.
func TestPlaceFillsGaps(t *testing.T) {
	lives := []*life{
		{first: 0, last: 1, bytes: 256},
		{first: 1, last: 4, bytes: 128},
		{first: 2, last: 3, bytes: 192},
		{first: 3, last: 4, bytes: 64},
	}
	if total := place(lives); total != 256+128 {
		t.Errorf("%d bytes, expected %d", total, 256+128)
	}
}

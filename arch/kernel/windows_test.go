package kernel

import "testing"

// Where windows begin fits into 32 bits, however large examples are.
func TestGroupsOfLargeExamples(t *testing.T) {
	const n, large = 256, 1 << 24
	for _, test := range []struct {
		name        string
		c, outPitch int
	}{{"input", large, 1}, {"output", 1, large}} {
		pixel := Dense(test.c, 1, Linear)
		q := pixel.windows(n, nil)
		g := q.cut(test.outPitch)
		for i, start := range g.starts(make([]int32, g.pixels())) {
			if int(start) != i*test.c {
				t.Errorf("large %s: window %d begins at %d", test.name, i, start)
				break
			}
		}
		if end := int64(g.examples) * int64(test.outPitch); end > 1<<31 {
			t.Errorf("large %s: a group of %d examples, whose results end at %d", test.name, g.examples, end)
		}
	}
}

// A copy of pictures with zeros around stays within its bound, unless a single example
// does not.
func TestGroupsOfCopies(t *testing.T) {
	q := windows{n: 512, Window: Window{
		InH: 2, InW: 2, C: 2048, OutH: 1, OutW: 1,
		SizeH: 7, SizeW: 7, StrideH: 2, StrideW: 2, PadTop: 2, PadLeft: 2,
	}}
	if g := q.cut(0); !g.copied || g.floats() > groupFloats {
		t.Errorf("a copy of %d examples takes %d floats, expected at most %d", g.examples, g.floats(), groupFloats)
	}
}

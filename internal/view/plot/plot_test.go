package plot

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is no number leaves a gap, and a line without a number is left out but keeps its style.
func TestNew(t *testing.T) {
	nan := math.NaN()
	p := New("title", Series("none", []float64{nan}), Series("some", []float64{nan, 2, 1, math.Inf(1), 4}))
	if len(p.Lines) != 1 || p.Lines[0].Style != 1 || p.Last != 5 || p.Y != (Axis{1, 4}) {
		t.Errorf("%+v", p)
	}
	want := [][]Point{{{2, 2, 2, 2}, {3, 1, 1, 1}}, {{5, 4, 4, 4}}}
	if diff := cmp.Diff(want, p.Lines[0].Pieces()); diff != "" {
		t.Error(diff)
	}
	if empty := New("title"); empty.Last != 0 || len(empty.Lines) != 0 {
		t.Errorf("%+v", empty)
	}
}

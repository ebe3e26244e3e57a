package record

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestByClass(t *testing.T) {
	got := ByClass([][]int{{6, 2, 0}, {1, 3, 0}, {0, 0, 0}}, []string{"disc", "ring"})
	nan := Number(math.NaN())
	want := []PerClass{
		{"disc", 8, 7, 0.75, 6.0 / 7},
		{"ring", 4, 5, 0.75, 0.6},
		{"class 2", 0, 0, nan, nan},
	}
	same := cmp.Comparer(func(a, b Number) bool { return a == b || a != a && b != b })
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Error(diff)
	}
}

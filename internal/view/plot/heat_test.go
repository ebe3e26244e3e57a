package plot

import (
	"image/color"
	"math"
	"testing"

	"runner/internal/compare"
)

// Right and wrong answers have a scale each, by their share of a row.
func TestConfusion(t *testing.T) {
	h := Confusion("title", [][]int{{8, 2, 0}, {50, 50, 0}, {0, 0, 0}}, []string{"a", "b", "c"})
	for _, c := range []struct {
		i, j  int
		kind  Kind
		share float64
	}{
		{0, 0, Right, 1}, {1, 1, Right, 0.5 / 0.8}, {1, 0, Wrong, 1}, {0, 1, Wrong, 0.2 / 0.5}, {0, 2, Wrong, 0},
		{2, 2, Right, 0},
	} {
		if got := h.Cells[c.i][c.j]; got.Kind != c.kind || math.Abs(got.Share-c.share) > 1e-12 {
			t.Errorf("(%d, %d): %+v, want kind %d, share %v", c.i, c.j, got, c.kind, c.share)
		}
	}
	if names := Confusion("", [][]int{{1, 0}, {0, 1}}, nil).Classes; names[1] != "class 1" {
		t.Errorf("names that are not on record: %q", names)
	}
}

func TestShifts(t *testing.T) {
	h := Shifts(compare.Answers{
		Label: "B", ConfusionA: [][]int{{5, 3}, {0, 9}}, Confusion: [][]int{{9, 1}, {0, 9}},
	}, []string{"a", "b"})
	for _, c := range []struct {
		i, j int
		want Cell
	}{{0, 0, Cell{4, "+4", More, 1}}, {0, 1, Cell{-2, "-2", Less, 0.5}}, {1, 1, Cell{0, "", More, 0}}} {
		if got := h.Cells[c.i][c.j]; got != c.want {
			t.Errorf("(%d, %d): %+v, want %+v", c.i, c.j, got, c.want)
		}
	}
	if h.Most != 4 {
		t.Errorf("the greatest difference is %d", h.Most)
	}
}

// A share of 0 is white, and of 1 the kind's full colour.
func TestCellColor(t *testing.T) {
	for kind, full := range map[Kind]color.RGBA{Right: RightColor, Wrong: WrongColor, More: MoreColor, Less: LessColor} {
		if got := (Cell{Kind: kind}).Color(); got != (color.RGBA{255, 255, 255, 255}) {
			t.Errorf("kind %d begins with %v", kind, got)
		}
		if got := (Cell{Kind: kind, Share: 1}).Color(); got != full {
			t.Errorf("kind %d ends with %v", kind, got)
		}
	}
}

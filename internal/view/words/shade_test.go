package words

import (
	"math"
	"testing"
)

// What is right and what is wrong have a scale each, by their share of a row.
func TestShading(t *testing.T) {
	shade := Shading([][]int{{8, 2, 0}, {50, 50, 0}, {0, 0, 0}})
	for _, c := range []struct {
		i, j int
		want float64
	}{{0, 0, 1}, {1, 1, 0.5 / 0.8}, {1, 0, 1}, {0, 1, 0.2 / 0.5}, {0, 2, 0}, {2, 2, 0}} {
		if got := shade(c.i, c.j); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("(%d, %d): %v, want %v", c.i, c.j, got, c.want)
		}
	}
	if c := CellColor(0, 1, 0); c.R != 255 || c.G != 255 || c.B != 255 {
		t.Errorf("no mistakes are %v, want white", c)
	}
	if CellColor(0, 0, 1) != TrueColor || CellColor(0, 1, 1) != WrongColor {
		t.Error("the darkest cells are not of their full colours")
	}
}

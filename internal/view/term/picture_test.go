package term

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/view/viewtest"
	"runner/internal/view/words"
)

func TestPicture(t *testing.T) {
	white, grey, black, red := []byte{255, 255, 255}, []byte{128, 128, 128}, []byte{0, 0, 0}, []byte{255, 0, 0}
	three := bytes.Join([][]byte{white, black, grey, red, black, white}, nil) // 3 rows of 2
	for _, c := range []struct {
		name          string
		pixels        []byte
		height, width int
		channels      int
		style         Style
		want          string
	}{
		{"colour, odd height", three, 3, 2, 3, Style{Color: true, Width: 80},
			"\x1b[38;2;255;255;255;48;2;128;128;128m▀\x1b[38;2;0;0;0;48;2;255;0;0m▀\x1b[0m\n" +
				"\x1b[38;2;0;0;0m▀\x1b[38;2;255;255;255m▀\x1b[0m\n"},
		{"no colour", three, 3, 2, 3, Style{Width: 80}, "@@  \n==::\n  @@\n"},
		{"grey channel", []byte{255, 0, 128, 64}, 2, 2, 1, Style{}, "@@  \n==::\n"},
		{"one grey", []byte{200, 200}, 1, 2, 1, Style{}, "++++\n"},
		{"too narrow", []byte{255, 255, 0, 0, 255, 255, 0, 0}, 2, 4, 1, Style{Width: 4}, "@@  \n"},
	} {
		var out bytes.Buffer
		if err := Picture(&out, c.pixels, [3]int{c.height, c.width, c.channels}, c.style); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// A picture of any size fits a terminal of any width.
func TestPictureFits(t *testing.T) {
	for _, style := range []Style{{Width: 40}, {Width: 40, Color: true}, {Width: 7}, {Width: 1, Color: true}} {
		for _, size := range []int{1, 20, 32, 41, 96} {
			var out bytes.Buffer
			if err := Picture(&out, viewtest.Pixels(size, size, 3), [3]int{size, size, 3}, style); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if got := words.Cells(strings.TrimSuffix(line, "\n")); got > style.Width {
					t.Errorf("size %d: %d cells in a terminal of %d", size, got, style.Width)
				}
			}
		}
	}
}

func TestPictureRefuses(t *testing.T) {
	for _, c := range []struct{ bytes, height, width, channels int }{{5, 2, 1, 3}, {8, 2, 2, 2}, {0, 0, 0, 3},
		{0, -1, 1, 1}} {
		var out bytes.Buffer
		if err := Picture(&out, make([]byte, c.bytes), [3]int{c.height, c.width, c.channels}, Style{}); err == nil ||
			out.Len() > 0 {
			t.Errorf("%+v: error %v, wrote %q", c, err, out.String())
		}
	}
}

package figure

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"runner/internal/view/viewtest"
)

func TestPNG(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.png")
	source := viewtest.Pixels(2, 3, 3)
	if err := PNG(path, source, [3]int{2, 3, 3}, 4); err != nil {
		t.Fatal(err)
	}
	img := decode(t, path)
	if got, want := img.Bounds(), image.Rect(0, 0, 12, 8); got != want {
		t.Fatalf("bounds %v, want %v", got, want)
	}
	for y := range 8 {
		for x := range 12 {
			r, g, b, _ := img.At(x, y).RGBA()
			p := source[(y/4*3+x/4)*3:]
			if byte(r>>8) != p[0] || byte(g>>8) != p[1] || byte(b>>8) != p[2] {
				t.Fatalf("pixel (%d, %d) is %d %d %d, want %v", x, y, r>>8, g>>8, b>>8, p[:3])
			}
		}
	}
	if err := PNG(filepath.Join(t.TempDir(), "x.jpg"), source, [3]int{2, 3, 3}, 4); err == nil {
		t.Error("a .jpg was written")
	}
	if err := PNG(path, source, [3]int{2, 3, 3}, 0); err == nil {
		t.Error("scale 0 was accepted")
	}
}

func decode(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

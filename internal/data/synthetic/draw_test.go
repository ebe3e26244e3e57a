package synthetic

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
	"runner/internal/rng"
)

func drawn(seed int64, batch, n int) (pixels, labels []byte) {
	pixels, labels = make([]byte, n*pictureBytes), make([]byte, n)
	drawBatch(seed, batch, n, pixels, labels)
	return pixels, labels
}

// Drawn with and without fused multiply-add instructions, these pictures came
// out the same. A change here is a change of the dataset: results from before
// and after cannot be compared.
func TestSyntheticGolden(t *testing.T) {
	tests := []struct {
		seed  int64
		batch int
		want  string
	}{
		{1, 1, "8391a1d2949c9f72f7cb071db9ee0c7f985e497d47df16b6e4f899237f7769b2"},
		{1, 6, "6476ffa8a89c476b330b447b1074e48a6863e441855dc15eb4b7766e080b7a9d"},
		{-3, 2, "247799769e33c3139f1654644998d6e03c4ec24849da664bcb956ef16d698dd0"},
	}
	for _, test := range tests {
		pixels, labels := drawn(test.seed, test.batch, 200)
		hash := sha256.Sum256(append(pixels, labels...))
		if got := hex.EncodeToString(hash[:]); got != test.want {
			t.Errorf("seed %d, batch %d: pictures hash to %s, expected %s", test.seed, test.batch, got, test.want)
		}
	}
}

func TestSyntheticDependsOnCoordinateAlone(t *testing.T) {
	pixels, labels := drawn(5, 3, 64)
	t.Run("count", func(t *testing.T) {
		fewer, fewerLabels := drawn(5, 3, 7)
		if !bytes.Equal(fewer, pixels[:len(fewer)]) || !bytes.Equal(fewerLabels, labels[:7]) {
			t.Error("the first 7 of 7 pictures differ from the first 7 of 64")
		}
	})
	t.Run("threads", func(t *testing.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
		for _, threads := range []int{1, 2, 3, 16} {
			runtime.GOMAXPROCS(threads)
			again, againLabels := drawn(5, 3, 64)
			if !bytes.Equal(again, pixels) || !bytes.Equal(againLabels, labels) {
				t.Errorf("other pictures with %d threads", threads)
			}
		}
	})
	t.Run("none", func(t *testing.T) {
		drawBatch(5, 3, 0, nil, nil)
	})
}

// No picture comes twice, whatever the seed, the batch file or the index.
func TestSyntheticPicturesDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, seed := range []int64{0, 1, -1} {
		for batch := 1; batch <= 6; batch++ {
			pixels, _ := drawn(seed, batch, 20)
			for i := range 20 {
				at := fmt.Sprintf("seed %d, batch %d, index %d", seed, batch, i)
				picture := string(pixels[i*pictureBytes : (i+1)*pictureBytes])
				if other, again := seen[picture]; again {
					t.Errorf("%s is the same picture as %s", at, other)
				}
				seen[picture] = at
			}
		}
	}
}

func TestSyntheticLabels(t *testing.T) {
	if len(classes) != 10 || slices.Contains(classes, "") {
		t.Fatalf("classes %q, expected ten names", classes)
	}
	const n = 2000
	for batch := 1; batch <= 6; batch++ {
		_, labels := drawn(1, batch, n)
		counts := make([]int, len(classes))
		for _, label := range labels {
			counts[label]++ // out of range panics
		}
		// Binomial with mean 200 and standard deviation 13.4.
		for label, count := range counts {
			if count < 150 || count > 250 {
				t.Errorf("batch %d: %d pictures of %s, expected about 200", batch, count, classes[label])
			}
		}
	}
}

// Brightness and colour are to tell nothing about the class: what a class
// looks like on average may differ in how much of the picture it covers, but
// the corners, where no figure reaches, have one distribution.
func TestSyntheticCornersTellNothing(t *testing.T) {
	const n = 6000
	pixels, labels := drawn(2, 1, n)
	var sum, squares, total float64
	sums, counts := make([]float64, len(classes)), make([]float64, len(classes))
	for i, label := range labels {
		corner := 0.0
		for _, v := range pixels[i*pictureBytes:][:3] {
			corner += float64(v)
		}
		sum, squares, total = sum+corner, squares+corner*corner, total+1
		sums[label] += corner
		counts[label]++
	}
	mean := sum / total
	stddev := math.Sqrt(squares/total - mean*mean)
	for label, count := range counts {
		if got := sums[label] / count; math.Abs(got-mean) > 4*stddev/math.Sqrt(count) {
			t.Errorf("corners of %s are %.1f on average, expected about %.1f", classes[label], got, mean)
		}
	}
}

// An outline is continuous (or bytes would depend on how a processor rounds),
// no steeper than a distance, and paints nothing beyond what paint visits.
func TestSyntheticOutlines(t *testing.T) {
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				d := draws{stream: rng.New(rapid.Int64().Draw(t, "seed"), rng.Pictures, 0, 0)}
				edge := shape.outline(&d)

				angle := rapid.Float64Range(0, 2*math.Pi).Draw(t, "angle")
				sin, cos := math.Sincos(angle)
				radius := rapid.Float64Range(0.2, 1.5).Draw(t, "radius")
				x, y := radius*cos, radius*sin
				at := edge(x, y)
				if radius > figureReach && at <= 0 {
					t.Errorf("(%v, %v) at radius %v is inside", x, y, radius)
				}

				const step = 1e-6
				turn := rapid.Float64Range(0, 2*math.Pi).Draw(t, "turn")
				sin, cos = math.Sincos(turn)
				// The spiral's distance, taken along the radius, is up to a tenth too steep.
				if change := math.Abs(edge(x+step*cos, y+step*sin) - at); change > 1.1*step {
					t.Errorf("%v from (%v, %v) the distance changes by %v", step, x, y, change)
				}
			})

			// Some of the picture is inside, some outside.
			d := draws{stream: rng.New(1, rng.Pictures, 0, 0)}
			edge := shape.outline(&d)
			inside := 0
			for i := range 400 {
				if edge(float64(i%20)/10-0.95, float64(i/20)/10-0.95) < 0 {
					inside++
				}
			}
			if inside < 60 || inside > 340 {
				t.Errorf("%d of 400 points are inside", inside)
			}
		})
	}
}

// BenchmarkSynthetic draws a whole batch file; there are six.
func BenchmarkSynthetic(b *testing.B) {
	pixels, labels := make([]byte, 2000*pictureBytes), make([]byte, 2000)
	b.SetBytes(int64(len(pixels)))
	for range b.N {
		drawBatch(1, 1, 2000, pixels, labels)
	}
}

// The dataset is what is drawn, file by file.
func TestExamples(t *testing.T) {
	about, err := new(Synthetic).Describe()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), about.Name)
	err = prepared.Make(t.Context(), folder, about, func(b *prepared.Builder) error {
		return new(Synthetic).Examples(t.Context(), fetch.Options{}, b)
	})
	if err != nil {
		t.Fatal(err)
	}
	d, err := prepared.Open(folder, about, "again")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	pixels, labels := drawn(seed, 2, size)
	s, picture, err := d.Stats(2, size-1)
	if err != nil {
		t.Fatal(err)
	}
	if s.Samples != size || s.Label != int(labels[size-1]) || !bytes.Equal(picture, pixels[len(pixels)-pictureBytes:]) {
		t.Errorf("the last example of batch 2 is another: %+v", s)
	}
}

package store

import (
	"slices"
	"testing"
)

func points(c Curve) (accuracies []float64) {
	for i := range c.Len() {
		accuracy, _ := c.At(i)
		accuracies = append(accuracies, accuracy)
	}
	return accuracies
}

// A run's curve is that of its epochs, whatever the order in which they were logged.
func TestCurves(t *testing.T) {
	s := openStore(t, t.TempDir())
	var numbers []int64
	for _, order := range [][]int{{1, 2, 3}, {3, 1, 2}, {}} {
		r := begin(t, s, nil)
		for _, e := range order {
			logEpoch(t, s, r.ID, e, []float64{0, 0.25, 0.75, 0.5}[e], float64(e))
		}
		found, err := s.Find(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(order) > 0 && *found.LastValAccuracy != 0.5 || len(order) == 0 && found.LastValAccuracy != nil {
			t.Errorf("last accuracy %v", found.LastValAccuracy)
		}
		var number int64
		if err := s.db.QueryRow(`SELECT number FROM runs WHERE id = ?`, r.ID).Scan(&number); err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, number)
	}
	v, err := s.Snapshot(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	curves, err := v.Curves(t.Context(), numbers...)
	if err != nil || len(curves) != 2 {
		t.Fatalf("%d curves, %v; want 2", len(curves), err)
	}
	for _, number := range numbers[:2] {
		if got := points(curves[number]); !slices.Equal(got, []float64{0.25, 0.75, 0.5}) {
			t.Errorf("curve %v", got)
		}
		if _, seconds := curves[number].At(2); seconds != 3 {
			t.Errorf("epoch 3 took %v, want 3", seconds)
		}
	}
	seen := 0
	err = v.EachCurve(t.Context(), func(run int64, c Curve) {
		if seen++; !slices.Equal(c, curves[run]) {
			t.Errorf("curve %v of run %d, want %v", points(c), run, points(curves[run]))
		}
	})
	if err != nil || seen != 2 {
		t.Errorf("%d curves, %v; want 2", seen, err)
	}
}

func TestSecondsTo(t *testing.T) {
	var c Curve
	for i, accuracy := range []float64{0.1, 0.6, 0.5, 0.7} {
		c = c.append(Epoch{Epoch: i + 1, ValAccuracy: accuracy, Seconds: float64(i + 1)})
	}
	for target, want := range map[float64]float64{0.05: 1, 0.1: 1, 0.11: 3, 0.6: 3, 0.65: 10, 0.7: 10} {
		if seconds, reached := c.SecondsTo(target); !reached || seconds != want {
			t.Errorf("to %v: %v, %t; want %v", target, seconds, reached, want)
		}
	}
	for _, curve := range []Curve{nil, c} {
		if _, reached := curve.SecondsTo(0.71); reached {
			t.Errorf("a curve of %d epochs reaches 0.71", curve.Len())
		}
	}
}

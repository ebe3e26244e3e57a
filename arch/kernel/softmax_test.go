package kernel

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSoftmaxCrossEntropyAgainstNaive(t *testing.T) {
	p := newPool(t, active, 2)
	rapid.Check(t, func(t *rapid.T) {
		n, classes := rapid.IntRange(1, 200).Draw(t, "n"), rapid.IntRange(1, 20).Draw(t, "classes")
		scale := rapid.SampledFrom([]float32{1, 30, 1e4}).Draw(t, "scale")
		logits, labels := guarded(random(uint64(n), n*classes), classes), make([]int32, n)
		for i := range logits[:n*classes] {
			logits[i] *= scale
		}
		for i := range labels {
			labels[i] = int32(i * 7 % classes)
		}
		prob, losses, dlogits := outputs(n*classes, classes), outputs(n, 1), outputs(n*classes, classes)
		mean := SoftmaxCrossEntropy(p, n, classes, logits, labels, prob, losses)
		SoftmaxCrossEntropyBackward(p, n, classes, prob, labels, 1, dlogits)

		prob2, losses2, dlogits2 := make([]float32, n*classes), make([]float32, n), make([]float32, n*classes)
		mean2 := naiveLoss(n, classes, logits, labels, prob2, losses2, dlogits2)
		near(t, "prob", prob, prob2)
		near(t, "losses", losses, losses2)
		near(t, "dlogits", dlogits, dlogits2)
		near(t, "mean", []float32{mean}, []float32{float32(mean2)})
		untouched(t, "prob", prob, n*classes)
		untouched(t, "losses", losses, n)
		untouched(t, "dlogits", dlogits, n*classes)

		Softmax(n, classes, logits, prob2)
		if !cmp.Equal(prob2, prob[:n*classes]) {
			t.Fatal("Softmax and SoftmaxCrossEntropy differ in prob")
		}
	})
}

func TestSoftmaxCrossEntropyThreads(t *testing.T) {
	const n, classes = 1000, 10
	logits, labels := random(1, n*classes), make([]int32, n)
	sameBits(t, active, func(p *Pool) [][]float32 {
		prob, losses, dlogits := make([]float32, n*classes), make([]float32, n), make([]float32, n*classes)
		mean := SoftmaxCrossEntropy(p, n, classes, logits, labels, prob, losses)
		SoftmaxCrossEntropyBackward(p, n, classes, prob, labels, 1, dlogits)
		return [][]float32{prob, losses, dlogits, {mean}}
	})
}

func TestSoftmaxNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	p := newPool(t, active, 1)
	for _, test := range []struct {
		name   string
		logits []float32
		prob   []float32
		loss   float32
	}{
		{"NaN", []float32{0, nan}, []float32{nan, nan}, nan},
		{"infinity", []float32{0, inf}, []float32{nan, nan}, nan},
		{"minus infinity", []float32{0, -inf}, []float32{1, 0}, 0},
		{"label impossible", []float32{-inf, 0}, []float32{0, 1}, inf},
	} {
		prob, losses := make([]float32, 2), make([]float32, 1)
		loss := SoftmaxCrossEntropy(p, 1, 2, test.logits, []int32{0}, prob, losses)
		for i, v := range append(prob, loss) {
			expected := append(test.prob[:2:2], test.loss)[i]
			if v != expected && !(isNaN(v) && isNaN(expected)) {
				t.Errorf("%s: prob %v, loss %v", test.name, prob, loss)
			}
		}
	}
}

func TestPredict(t *testing.T) {
	nan := float32(math.NaN())
	logits := []float32{
		1, 2, 3,
		3, 3, 1, // the first maximum
		9, nan, 1, // NaN is the maximum
		nan, 9, nan, // the first NaN
		5, 1, 1, // past n
	}
	predicted := []int32{9, 9, 9, 9, 9}
	Predict(4, 3, logits, predicted)
	if want := []int32{2, 0, 1, 0, 9}; !slices.Equal(predicted, want) {
		t.Errorf("predicted %v, expected %v", predicted, want)
	}
}

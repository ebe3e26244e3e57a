package kernel

import "math"

// lossRows is the number of examples in a chunk of the loss.
const lossRows = 64

// SoftmaxCrossEntropy computes prob, the softmax of each row of logits, and losses,
// -log(prob) at each row's label, and returns the mean of the losses.
// logits, prob: (n, classes), labels in [0, classes), losses: (n).
func SoftmaxCrossEntropy(p *Pool, n, classes int, logits []float32, labels []int32, prob, losses []float32) float32 {
	p.Do(ceil(n, lossRows), func(_, chunk int) {
		for i := chunk * lossRows; i < min((chunk+1)*lossRows, n); i++ {
			row := logits[i*classes : (i+1)*classes]
			logSum := p.isa.vector.softmax(row, prob[i*classes:(i+1)*classes])
			losses[i] = float32(logSum - float64(row[labels[i]]))
		}
	})
	var sum float64
	for _, loss := range losses[:n] {
		sum += float64(loss)
	}
	return float32(sum / float64(n))
}

// SoftmaxCrossEntropyBackward computes dlogits = dloss*(prob - onehot)/n, where dloss is
// the gradient of the mean loss.
func SoftmaxCrossEntropyBackward(
	p *Pool, n, classes int, prob []float32, labels []int32, dloss float32, dlogits []float32,
) {
	scale := dloss / float32(n)
	p.Do(ceil(n, lossRows), func(_, chunk int) {
		for i := chunk * lossRows; i < min((chunk+1)*lossRows, n); i++ {
			row, out := prob[i*classes:(i+1)*classes], dlogits[i*classes:(i+1)*classes]
			p.isa.vector.scale(out, row, scale)
			out[labels[i]] = scale * (row[labels[i]] - 1)
		}
	})
}

// Softmax computes the softmax of each row. logits, prob: (n, classes).
func Softmax(n, classes int, logits, prob []float32) {
	for i := range n {
		active.vector.softmax(logits[i*classes:(i+1)*classes], prob[i*classes:(i+1)*classes])
	}
}

// softmax computes the softmax of a row and returns the logarithm of the sum of its
// exponentials. Shifting by the maximum keeps them from overflowing. The sum is in double
// precision. A NaN or an infinite maximum makes all NaN.
func (v *vector) softmax(logits, prob []float32) float64 {
	shift := v.maximum(logits)
	sum := v.exponentials(prob, logits, shift)
	v.scale(prob, prob, float32(1/sum))
	return float64(shift) + math.Log(sum)
}

// Predict fills in predicted, (n), with the first maximum of each row of logits, (n, classes).
// A NaN counts as the maximum.
func Predict(n, classes int, logits []float32, predicted []int32) {
	for i := range n {
		row := logits[i*classes : (i+1)*classes]
		best := 0
		for j, v := range row {
			if exceeds(v, row[best]) {
				best = j
			}
		}
		predicted[i] = int32(best)
	}
}

// exceeds reports whether v takes the place of the maximum so far: a NaN
// exceeds every number, and nothing exceeds a NaN.
func exceeds(v, best float32) bool {
	return v > best || v != v && best == best
}

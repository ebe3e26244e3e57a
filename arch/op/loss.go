package op

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
)

// SoftmaxCrossEntropy adds the mean cross-entropy of softmax(logits) over the
// live examples: one fused operation that shifts every row by its maximum.
// logits: (Size, classes), labels: (Size) int32. The result is a scalar.
func SoftmaxCrossEntropy(b *Batch, classes int, logits, labels *gorgonia.Node) (*gorgonia.Node, error) {
	probabilities, losses := newBuffer(b.Size*classes), newBuffer(b.Size)
	mean := gorgonia.NewF32(0)
	return insert(&operation{
		name:  "softmax_cross_entropy",
		shape: tensor.ScalarShape(),
		do: func(in []gorgonia.Value) {
			*mean = gorgonia.F32(kernel.SoftmaxCrossEntropy(
				b.Pool, b.N, classes, floats(in[0]), ints(in[1]), probabilities.floats(), losses.floats()))
		},
		// The mean is an input of the backward pass because it comes after the
		// probabilities: a tape machine orders by inputs alone.
		differentiate: func(in gorgonia.Nodes, _ []bool, mean, dloss *gorgonia.Node) (gorgonia.Nodes, error) {
			dlogits := newBuffer(b.Size * classes)
			backward, err := insert(&operation{
				name:  "softmax_cross_entropy.backward",
				shape: in[0].Shape(),
				do: func(in []gorgonia.Value) {
					scale := float32(*in[2].(*gorgonia.F32))
					kernel.SoftmaxCrossEntropyBackward(
						b.Pool, b.N, classes, probabilities.floats(), ints(in[0]), scale, dlogits.floats())
				},
				uses: []*Buffer{probabilities, dlogits},
				out:  dlogits,
			}, in[1], mean, dloss)
			return gorgonia.Nodes{backward, nil}, err
		},
		uses:  []*Buffer{bufferOf(logits), probabilities, losses},
		value: mean,
	}, logits, labels)
}

func ints(v gorgonia.Value) []int32 { return v.(*tensor.Dense).Int32s() }

// Package transform changes examples on their way from a prepared file into a mini-batch.
//
//	pixels ──Transform, Transform, ...──> what a network reads
//
// Transforms of pixels come before [Scale], those of its result after it. Each augmentation is a file here.
package transform

// Example names an example of a pass over a split. A transform's random draws depend on it alone, so that a resumed run
// draws the same, with any number of threads.
type Example struct {
	Seed  int64
	Epoch int   // from 1; 0: no epoch, as in evaluation
	Index int32 // in the split, from 0
}

// A Transform changes one example. pixels: (height, width, channels), read from the prepared file; x: (height, width,
// channels), what the network reads. It may change both, and keeps neither.
type Transform func(e Example, pixels []byte, x []float32)

// Scale fills x with the pixels scaled to [0, 1], x = pixels/255. normalize does the arithmetic: its fast form is a
// kernel.
func Scale(normalize func(x []float32, pixels []byte)) Transform {
	return func(_ Example, pixels []byte, x []float32) { normalize(x, pixels) }
}

// Pass is a pass over a split.
type Pass struct {
	Seed       int64
	Epoch      int         // from 1; 0: no epoch, as in evaluation
	Transforms []Transform // in their order
}

// Apply transforms one example. pixels, x: as of a [Transform].
func (p Pass) Apply(index int32, pixels []byte, x []float32) {
	for _, t := range p.Transforms {
		t(Example{p.Seed, p.Epoch, index}, pixels, x)
	}
}

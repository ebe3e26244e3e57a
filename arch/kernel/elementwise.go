package kernel

import "unsafe"

// Dropout is inverted dropout (Srivastava et al. 2014, "Dropout: a simple way to prevent
// neural networks from overfitting", scaled when training): elements are zeroed with
// probability Rate, in [0, 1), and the others multiplied by 1/(1-Rate). As in PyTorch, an
// element is zeroed by a multiplication, which keeps NaN and turns an infinity into NaN.
type Dropout struct{ Rate float64 }

// dropoutElements is the length of a chunk, whose random words stay in the
// first-level cache.
const dropoutElements = 1 << 12

// Forward computes y and kept: bit i%8 of kept[i/8] is set if element i is not zeroed.
// draw fills words with the random numbers of elements first, first+1, ...; several
// workers call it at a time, with first a multiple of 8. An element is zeroed if its word
// is below Rate*2^32. y may be x. A nil kept is not wanted.
func (d Dropout) Forward(p *Pool, draw func(words []uint32, first uint64), x, y []float32, kept []byte) {
	threshold, scale := uint32(d.Rate*(1<<32)), d.scale()
	p.Do(ceil(len(x), dropoutElements), func(worker, chunk int) {
		from := chunk * dropoutElements
		to := min(from+dropoutElements, len(x))
		scratch := p.Scratch(worker, to-from+ceil(to-from, 32))
		bits := unsafe.Slice((*byte)(unsafe.Pointer(&scratch[to-from])), ceil(to-from, 8))
		if kept != nil {
			bits = kept[from/8 : ceil(to, 8)]
		}
		words := unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(scratch))), to-from)
		draw(words, uint64(from))
		p.isa.vector.dropout(y[from:to], x[from:to], words, bits, threshold, scale)
	})
}

// Backward computes dx from Forward's kept. dx may be dy.
func (d Dropout) Backward(p *Pool, kept []byte, dy, dx []float32) {
	scale := d.scale()
	p.each(len(dy), func(from, to int) {
		p.isa.vector.dropoutBackward(dx[from:to], dy[from:to], kept[from/8:ceil(to, 8)], scale)
	})
}

func (d Dropout) scale() float32 { return float32(1 / (1 - d.Rate)) }

// Add computes y = a + b, element by element. y may be a or b.
func Add(p *Pool, a, b, y []float32) {
	p.each(len(y), func(from, to int) { p.isa.vector.add(y[from:to], a[from:to], b[from:to]) })
}

// Normalize scales bytes to [0, 1]: dst = src/255.
func Normalize(dst []float32, src []byte) { active.vector.normalize(dst[:len(src)], src) }

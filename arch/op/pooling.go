package op

import "runner/arch/kernel"

// MaxPool2D returns max pooling for mini-batches of size examples.
// x: (Size, height, width, channels).
func MaxPool2D(size int, k kernel.Pool2D) Layer {
	arg := newBuffer(size * k.OutH * k.OutW * k.C) // int32: which element of its example each maximum is
	return Layer{
		Forward:  func(b *Batch, p Pass) { k.MaxForward(b.Pool, b.N, p.X, p.Y, arg.ints()) },
		Backward: func(b *Batch, p Pass) { k.MaxBackward(b.Pool, b.N, p.DY, arg.ints(), p.DX) },
		Kept:     arg,
	}
}

// AvgPool2D returns average pooling that leaves padding out of the mean.
// x: (Size, height, width, channels).
func AvgPool2D(k kernel.Pool2D) Layer {
	return Layer{
		Forward:  func(b *Batch, p Pass) { k.AvgForward(b.Pool, b.N, p.X, p.Y) },
		Backward: func(b *Batch, p Pass) { k.AvgBackward(b.Pool, b.N, p.DY, p.DX) },
	}
}

package op

import "runner/arch/kernel"

type maxPool2D struct {
	kernel.Window
	arg *Buffer // int32: which element of its example each maximum is
}

// MaxPool2D returns max pooling for mini-batches of size examples.
// x: (Size, height, width, channels).
func MaxPool2D(size int, w kernel.Window) Layer {
	return &maxPool2D{w, newBuffer(size * w.OutH * w.OutW * w.C)}
}

func (m *maxPool2D) Memory() Memory { return Memory{Kept: m.arg} }

func (m *maxPool2D) Forward(b *Batch, x []float32, _ [][]float32, y []float32) {
	m.MaxForward(b.Pool, b.N, x, y, m.arg.ints())
}

func (m *maxPool2D) Backward(b *Batch, _, _, dy []float32, _ [][]float32, dx []float32, _ [][]float32) {
	m.MaxBackward(b.Pool, b.N, dy, m.arg.ints(), dx)
}

type avgPool2D struct{ kernel.Window }

// AvgPool2D returns average pooling that leaves padding out of the mean.
// x: (Size, height, width, channels).
func AvgPool2D(w kernel.Window) Layer { return &avgPool2D{w} }

func (a *avgPool2D) Memory() Memory { return Memory{} }

func (a *avgPool2D) Forward(b *Batch, x []float32, _ [][]float32, y []float32) {
	a.AvgForward(b.Pool, b.N, x, y)
}

func (a *avgPool2D) Backward(b *Batch, _, _, dy []float32, _ [][]float32, dx []float32, _ [][]float32) {
	a.AvgBackward(b.Pool, b.N, dy, dx)
}

type globalAvgPool2D struct{ area, channels int }

// GlobalAvgPool2D returns the mean over height and width.
// x: (Size, height, width, channels), y: (Size, channels); area is
// height*width.
func GlobalAvgPool2D(area, channels int) Layer { return &globalAvgPool2D{area, channels} }

func (g *globalAvgPool2D) Memory() Memory { return Memory{} }

func (g *globalAvgPool2D) Forward(b *Batch, x []float32, _ [][]float32, y []float32) {
	kernel.GlobalAvgForward(b.Pool, b.N, g.area, g.channels, x, y)
}

func (g *globalAvgPool2D) Backward(b *Batch, _, _, dy []float32, _ [][]float32, dx []float32, _ [][]float32) {
	kernel.GlobalAvgBackward(b.Pool, b.N, g.area, g.channels, dy, dx)
}

package main

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// stockTask is a step of the post's network with Gorgonia's own operations and
// its Adam. They pad alike on all sides, so the 2x2 convolution on 4x4 pictures
// gives 5x5 here instead of 4x4, which is 9 % more arithmetic; the dense layers
// are the same.
func stockTask(path string) (task, error) {
	classOf, images, err := readBatch(path)
	if err != nil {
		return nil, err
	}
	const classes = 10
	oneHot := make([]float32, batchSize*classes)
	for i, label := range classOf {
		oneHot[i*classes+int(label)] = 1
	}

	s := &stock{graph: gorgonia.NewGraph()}
	// The order of the pixels does not change the time.
	x := s.input("images", images, batchSize, 3, 32, 32)
	labels := s.input("labels", oneHot, batchSize, classes)
	x = s.pool(s.conv(x, 32, 3, 7, 3, 2))
	x = s.pool(s.conv(x, 64, 32, 3, 1, 1))
	x = s.pool(s.conv(x, 128, 64, 2, 1, 1))
	x = s.check(gorgonia.Reshape(x, tensor.Shape{batchSize, 512}))
	x = s.check(gorgonia.Dropout(x, 0.5))
	x = s.dense(x, 512, 1024)
	x = s.check(gorgonia.Dropout(x, 0.5))
	x = s.dense(x, 1024, 128)
	x = s.dense(x, 128, classes)
	logs := s.check(gorgonia.Log(s.check(gorgonia.SoftMax(x))))
	loss := s.check(gorgonia.Neg(s.check(gorgonia.Mean(s.check(gorgonia.HadamardProd(logs, labels))))))
	if s.err != nil {
		return nil, s.err
	}
	if _, err := gorgonia.Grad(loss, s.params...); err != nil {
		return nil, err
	}
	machine := gorgonia.NewTapeMachine(s.graph, gorgonia.BindDualValues(s.params...))
	solver := gorgonia.NewAdamSolver(gorgonia.WithLearnRate(0.001))
	step := func() error {
		if err := machine.RunAll(); err != nil {
			return err
		}
		err := solver.Step(gorgonia.NodesToValueGrads(s.params))
		machine.Reset()
		return err
	}
	return func() (float64, error) { return timed(1, step) }, nil
}

// stock builds a network of Gorgonia's own operations. Its methods return nil
// after the first error, which they keep.
type stock struct {
	graph  *gorgonia.ExprGraph
	params gorgonia.Nodes
	err    error
}

func (s *stock) check(n *gorgonia.Node, err error) *gorgonia.Node {
	if s.err == nil {
		s.err = err
	}
	return n
}

func (s *stock) input(name string, data []float32, shape ...int) *gorgonia.Node {
	value := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
	return gorgonia.NodeFromAny(s.graph, value, gorgonia.WithName(name))
}

func (s *stock) param(shape ...int) *gorgonia.Node {
	n := gorgonia.NewTensor(s.graph, tensor.Float32, len(shape), gorgonia.WithShape(shape...),
		gorgonia.WithName(fmt.Sprintf("parameter %d", len(s.params))), gorgonia.WithInit(gorgonia.Gaussian(0, 0.05)))
	s.params = append(s.params, n)
	return n
}

func (s *stock) conv(x *gorgonia.Node, filters, in, kernel, pad, stride int) *gorgonia.Node {
	w, b := s.param(filters, in, kernel, kernel), s.param(1, filters, 1, 1)
	if s.err != nil {
		return nil
	}
	y := s.check(gorgonia.Conv2d(x, w, tensor.Shape{kernel, kernel}, []int{pad, pad}, []int{stride, stride}, []int{1, 1}))
	return s.check(gorgonia.BroadcastAdd(y, b, nil, []byte{0, 2, 3}))
}

func (s *stock) pool(x *gorgonia.Node) *gorgonia.Node {
	if s.err != nil {
		return nil
	}
	return s.check(gorgonia.MaxPool2D(x, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2}))
}

func (s *stock) dense(x *gorgonia.Node, in, out int) *gorgonia.Node {
	w, b := s.param(in, out), s.param(1, out)
	if s.err != nil {
		return nil
	}
	return s.check(gorgonia.BroadcastAdd(s.check(gorgonia.Mul(x, w)), b, nil, []byte{0}))
}

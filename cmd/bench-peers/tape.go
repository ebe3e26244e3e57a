package main

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// tapeTask counts the objects that a tape machine allocates by itself for a graph
// like that of a step of the post's network, with operations that do nothing: 6
// layers with two parameters each and 6 without, the loss, all their backward
// passes, and one for the gradient of each of the 12 parameters.
func tapeTask() (task, error) {
	t := &tape{graph: gorgonia.NewGraph()}
	x := t.input("images")
	labels := t.input("labels")
	var params, outputs []*gorgonia.Node
	for i := range 6 {
		params = append(params, t.input(fmt.Sprint("weights ", i)), t.input(fmt.Sprint("bias ", i)))
		x = t.apply(x, params[2*i], params[2*i+1])
		outputs = append(outputs, x)
		x = t.apply(x)
	}
	loss := t.apply(x, labels)
	dx := t.apply(labels, loss, x)
	for i := 5; i >= 0; i-- {
		dx = t.apply(dx, outputs[i])
		dx = t.apply(dx, outputs[i], params[2*i], params[2*i+1])
		t.apply(dx)
		t.apply(dx)
	}
	if t.err != nil {
		return nil, t.err
	}
	machine := gorgonia.NewTapeMachine(t.graph)
	run := func() error {
		defer machine.Reset()
		return machine.RunAll()
	}
	return func() (float64, error) { return objects(run) }, nil
}

// tape builds a graph of operations that do nothing. Its methods return nil
// after the first error, which it keeps.
type tape struct {
	graph *gorgonia.ExprGraph
	nodes int
	err   error
}

func (t *tape) input(name string) *gorgonia.Node {
	value := tensor.New(tensor.WithShape(1), tensor.Of(tensor.Float32))
	return gorgonia.NodeFromAny(t.graph, value, gorgonia.WithName(name))
}

func (t *tape) apply(inputs ...*gorgonia.Node) *gorgonia.Node {
	if t.err != nil {
		return nil
	}
	t.nodes++
	n, err := gorgonia.ApplyOp(&nothing{id: t.nodes, arity: len(inputs)}, inputs...)
	t.err = err
	return n
}

// nothing is an operation that returns its first input.
type nothing struct{ id, arity int }

func (n *nothing) Arity() int { return n.arity }

func (n *nothing) Type() hm.Type {
	vector := gorgonia.TensorType{Dims: 1, Of: tensor.Float32}
	types := []hm.Type{vector}
	for range n.arity {
		types = append(types, vector)
	}
	return hm.NewFnType(types...)
}

func (*nothing) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) { return tensor.Shape{1}, nil }

func (*nothing) Do(in ...gorgonia.Value) (gorgonia.Value, error) { return in[0], nil }

func (*nothing) ReturnsPtr() bool     { return true }
func (*nothing) CallsExtern() bool    { return false }
func (*nothing) OverwritesInput() int { return -1 }

func (n *nothing) WriteHash(h hash.Hash) { fmt.Fprint(h, n) }

func (n *nothing) Hashcode() uint32 {
	h := fnv.New32a()
	n.WriteHash(h)
	return h.Sum32()
}

func (n *nothing) String() string { return fmt.Sprint("nothing ", n.id) }

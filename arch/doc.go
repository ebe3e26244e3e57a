// Package arch turns an experiment's layer stack into a network.
//
//	spec.Experiment ──New──> *Network ──Build──> *Model
//
// A [Network] is the stack with its shapes and costs: all that "runner check"
// needs, no graph. A [Model] is the network as Gorgonia graphs with values,
// ready to take steps. A kind of layer is a value, [Kind], in one list,
// [Kinds]; its Layer knows its output shape, its cost and how to add itself to
// a graph. The arithmetic is elsewhere: package op makes graph operations of
// package kernel's loops.
package arch

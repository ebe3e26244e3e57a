// Package op turns the layers' arithmetic (package kernel) into operations of a
// Gorgonia graph.
//
// A [Layer] is a forward and a backward pass over plain slices. [Apply] adds it to a
// graph as one node that knows how to differentiate itself. The backward pass is one
// operation too: it computes every gradient at once and returns the gradient of the
// layer's input. The gradients of the parameters come out through nodes that have it as
// their only input, so the order of work is certain:
//
//	x, kernel, bias ──> conv2d ──> y              forward
//	dy, x, y, kernel, bias ──> conv2d' ──> dx     backward
//	                             ├──> dkernel
//	                             └──> dbias
//
// Of x and y it takes only what the layer says it reads. [Gradients] walks a graph back
// from its loss and adds these operations; where several operations read one node, it
// adds up what each contributes to the node's gradient.
//
// A tape machine drops its registers at every Reset, so operations keep their memory
// for the life of the graph, and a step allocates no tensors. A graph is made without
// memory:
//
//	Apply, Reshape, Add, SoftmaxCrossEntropy    operations, and each Buffer they use
//	Gradients    those of the backward passes
//	NewPlan      the order of the operations, the buffers' lives, places in an arena
//	Bind         one arena for the graphs that take turns, values over it
//
// The gradients of parameters have memory of their own, which outlives the run. All
// operations of a graph share one [Batch]. It says how many examples of the buffers
// are live, so the last, shorter mini-batch of an epoch runs on the same graph.
package op

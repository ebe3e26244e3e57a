// Package op makes the layers' arithmetic (package kernel) into operations of
// a Gorgonia graph.
//
// A layer is a [Layer]: a forward and a backward pass over plain slices.
// [Apply] adds it to a graph as one node that knows how to differentiate
// itself. The backward pass is one operation too: it computes every
// gradient at once, returns the gradient of the layer's input, and the
// gradients of the parameters come out through nodes whose only input it is, so
// the order of work is certain:
//
//	x, kernel, bias ──> conv2d ──> y              forward
//	dy, x, y, kernel, bias ──> conv2d' ──> dx     backward
//	                             ├──> dkernel
//	                             └──> dbias
//
// Of x and y it takes what the layer says that it reads. [Gradients] walks a graph
// back from its loss and adds these operations; where several operations read one
// node, it adds up what each contributes to the node's gradient.
//
// An operation keeps its memory for the life of the graph, because a tape machine
// drops its registers at every Reset; a step allocates no tensors. A graph is made
// without memory:
//
//	Apply, Reshape, Add, SoftmaxCrossEntropy    operations, and each Buffer they use
//	Gradients    those of the backward passes
//	NewPlan      the order of the operations, the buffers' lives, places in an arena
//	Bind         one arena for the graphs that take turns, values over it
//
// Parameters' gradients have memory of their own: they outlive the run. All
// operations of a graph share one [Batch], which says how many examples of the
// buffers are alive, so that the last, shorter mini-batch of an epoch runs on
// the same graph.
package op

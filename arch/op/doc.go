// Package op makes the layers' arithmetic (package kernel) into operations of
// a Gorgonia graph.
//
// A layer is a [Layer]: a forward and a backward pass over plain slices.
// [Apply] adds it to a graph as one node and teaches the graph to
// differentiate it. The backward pass is one operation too: it computes every
// gradient at once, returns the gradient of the layer's input, and the
// gradients of the parameters come out through one-child tap nodes on it, so
// the order of work is certain:
//
//	x, kernel, bias ──> conv2d ──> y              forward
//	x, y, dy, kernel, bias ──> conv2d' ──> dx     backward
//	                             ├──> tap: dkernel
//	                             └──> tap: dbias
//
// Every operation owns its output and gradient buffers for the life of the
// graph, because a tape machine drops its registers at every Reset; a step
// allocates no tensors. All operations of a graph share one [Batch], which
// says how many examples of the buffers are alive, so that the last, shorter
// mini-batch of an epoch runs on the same graph.
package op

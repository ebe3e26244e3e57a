package op

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
)

// Gradients adds to the graph of a loss its gradients with respect to the parameters, and
// returns their nodes in the order of the parameters.
func Gradients(b *Batch, loss *gorgonia.Node, params ...*gorgonia.Node) (gorgonia.Nodes, error) {
	return Backpropagate(b, loss, loss.Graph().AddNode(gorgonia.NewConstant(float32(1))), params...)
}

// Backpropagate adds to the graph of y the gradients with respect to the nodes in wrt, and
// returns them. dy is the gradient with respect to y. It applies the operations' own rules in
// the reverse of the order in which they run, so the gradient of an operation's output is
// complete before the operation's turn. Where several operations read one node, what each
// contributes to its gradient is added at once, in that order.
func Backpropagate(b *Batch, y, dy *gorgonia.Node, wrt ...*gorgonia.Node) (gorgonia.Nodes, error) {
	nodes, err := gorgonia.Sort(y.Graph())
	if err != nil {
		return nil, fmt.Errorf("ordering the graph: %w", err)
	}
	needed := make(map[*gorgonia.Node]bool) // nodes in wrt and all that depends on them
	for _, n := range wrt {
		needed[n] = true
	}
	isNeeded := func(n *gorgonia.Node) bool { return needed[n] }
	for _, n := range slices.Backward(nodes) {
		if o, ours := n.Op().(*operation); ours && slices.ContainsFunc(o.in, isNeeded) {
			needed[n] = true
		}
	}
	grads := map[*gorgonia.Node]*gorgonia.Node{y: dy}
	for _, n := range nodes {
		o, ours := n.Op().(*operation)
		if !ours || grads[n] == nil || !needed[n] {
			continue
		}
		needs := make([]bool, len(o.in))
		for i, in := range o.in {
			needs[i] = needed[in]
		}
		contributions, err := o.differentiate(o.in, needs, n, grads[n])
		if err != nil {
			return nil, err
		}
		for i, in := range o.in {
			if !needs[i] {
				continue
			}
			if grads[in], err = accumulate(b, in, grads[in], contributions[i]); err != nil {
				return nil, err
			}
		}
	}
	results := make(gorgonia.Nodes, len(wrt))
	for i, n := range wrt {
		if results[i] = grads[n]; results[i] == nil {
			return nil, fmt.Errorf("%s has no gradient: %s does not depend on it", nameOf(n), nameOf(y))
		}
	}
	return results, nil
}

// accumulate returns the gradient of n so far, nil for none yet, with one more contribution.
func accumulate(b *Batch, n, sofar, contribution *gorgonia.Node) (*gorgonia.Node, error) {
	if sofar == nil {
		return contribution, nil
	}
	if o, ours := contribution.Op().(*operation); ours && o.parameterGradient {
		return nil, fmt.Errorf("%s is a parameter of two layers: give each its own", nameOf(n))
	}
	return insert(sum(b, nameOf(n)+".gradient", sofar, contribution), sofar, contribution)
}

// nameOf is the name of a node's operation, or of an input.
func nameOf(n *gorgonia.Node) string {
	if o, ours := n.Op().(*operation); ours {
		return o.name
	}
	return n.Name()
}

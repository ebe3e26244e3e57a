package op

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
)

// Plan says where the buffers of a graph's operations lie: those whose lives do not
// overlap share memory. Lives are counted in the order in which a tape machine runs the
// operations.
type Plan struct {
	Arena int // bytes of the memory that buffers share
	Own   int // bytes of the buffers that share nothing: gradients of parameters

	order []*operation
	lives []*life
}

// NewPlan plans a complete graph. After a run, the results' values, the loss and what
// Gradient returns can be read; the memory of other nodes may hold anything.
func NewPlan(g *gorgonia.ExprGraph, results ...*gorgonia.Node) (*Plan, error) {
	order, err := executionOrder(g)
	if err != nil {
		return nil, err
	}
	p := &Plan{order: order}
	at := p.live(results)
	p.share(at)
	p.Arena = place(p.lives)
	for _, o := range order {
		if o.out != nil && at[o.out] == nil {
			p.Own += roundUp(o.out.bytes)
		}
	}
	return p, nil
}

// executionOrder returns a graph's operations in the order in which a tape
// machine runs them: it compiles what Sort returns from its end.
func executionOrder(g *gorgonia.ExprGraph) ([]*operation, error) {
	nodes, err := gorgonia.Sort(g)
	if err != nil {
		return nil, fmt.Errorf("ordering the graph: %w", err)
	}
	var order []*operation
	for _, n := range slices.Backward(nodes) {
		o, ours := n.Op().(*operation)
		switch {
		case ours:
			order = append(order, o)
		case n.Op() != nil && n.Op().Arity() > 0: // neither an input nor a constant
			return nil, fmt.Errorf("planning the memory: %v is a stock operation, and what it reads is unknown", n)
		}
	}
	return order, nil
}

// live finds the lives of all buffers that operations use, in the order of their first
// use.
func (p *Plan) live(results gorgonia.Nodes) map[*Buffer]*life {
	used := make(map[*Buffer]bool)
	for _, o := range p.order {
		for _, b := range o.uses {
			used[b] = true
		}
	}
	at := make(map[*Buffer]*life)
	for i, o := range p.order {
		uses := o.uses
		if used[o.keeps] {
			uses = append(slices.Clip(uses), o.keeps)
		}
		for _, b := range uses {
			if b == nil {
				continue
			}
			if at[b] == nil {
				at[b] = &life{first: i, bytes: b.bytes, buffers: []*Buffer{b}}
				p.lives = append(p.lives, at[b])
			}
			at[b].last = i
		}
	}
	for _, n := range results {
		if l := at[bufferOf(n)]; l != nil {
			l.last = len(p.order)
		}
	}
	return at
}

// share puts a buffer that may lie in place of another there if the other's life ends
// as its own begins.
func (p *Plan) share(at map[*Buffer]*life) {
	var lives []*life
	for _, l := range p.lives { // by first use: a place is handed from buffer to buffer
		b := l.buffers[0]
		i := slices.IndexFunc(b.over, func(other *Buffer) bool {
			under := at[other]
			return under != nil && under.last == l.first && under.bytes >= l.bytes
		})
		if i < 0 {
			lives = append(lives, l)
			continue
		}
		under := at[b.over[i]]
		under.last = l.last
		under.buffers = append(under.buffers, b)
		at[b] = under
	}
	p.lives = lives
}

// Bind gives the operations of planned graphs their memory. The graphs share one arena,
// so only one of them may run at a time, and its results last until another runs.
func Bind(plans ...*Plan) {
	bytes := 0
	for _, p := range plans {
		bytes = max(bytes, p.Arena)
	}
	arena := aligned(bytes)
	for _, p := range plans {
		p.bind(arena)
	}
}

func (p *Plan) bind(arena []byte) {
	for _, l := range p.lives {
		for _, b := range l.buffers {
			b.memory = arena[l.offset:][:b.bytes:b.bytes]
		}
	}
	for _, o := range p.order {
		o.bind()
	}
}

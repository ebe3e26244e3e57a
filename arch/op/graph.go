package op

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"runtime/debug"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// operation is a node's operation in Gorgonia's terms. There is one type for
// forward passes, backward passes, sums and the loss: they differ in do.
type operation struct {
	name  string
	id    uint32 // distinguishes operations of one name; see insert
	in    gorgonia.Nodes
	shape tensor.Shape
	do    func(in []gorgonia.Value)

	// differentiate adds the gradients of the inputs to the graph and returns them;
	// what it returns for an input that needs none is ignored.
	differentiate func(in gorgonia.Nodes, needs []bool, y, dy *gorgonia.Node) (gorgonia.Nodes, error)

	uses  []*Buffer      // what do reads or writes of the arena; nil: nothing
	keeps *Buffer        // what do writes for another operation, if there is one that uses it
	out   *Buffer        // behind value; nil: value is no tensor, or a view of an input's memory
	value gorgonia.Value // the node's: do computes what it holds

	parameterGradient bool // value is one, and outlives the run
}

func (o *operation) Arity() int { return len(o.in) }

func (o *operation) Type() hm.Type {
	var types []hm.Type
	for _, in := range o.in {
		types = append(types, in.Type())
	}
	var output hm.Type = tensor.Float32
	if !o.shape.IsScalar() {
		output = gorgonia.TensorType{Dims: len(o.shape), Of: tensor.Float32}
	}
	return hm.NewFnType(append(types, output)...)
}

func (o *operation) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) { return o.shape, nil }

// Do runs the operation. The tape machine calls it in a goroutine of its own,
// where a panic would end the process, so it becomes an error.
func (o *operation) Do(in ...gorgonia.Value) (v gorgonia.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{o.name, r, string(debug.Stack())}
		}
	}()
	o.do(in)
	return o.value, nil
}

// PanicError is a panic of an operation: a bug in the program.
type PanicError struct {
	Operation string
	Cause     any
	Stack     string // of the goroutine that ran it
}

func (e *PanicError) Error() string { return fmt.Sprintf("%s: %v", e.Operation, e.Cause) }

func (o *operation) ReturnsPtr() bool     { return true }
func (o *operation) CallsExtern() bool    { return false }
func (o *operation) OverwritesInput() int { return -1 }
func (o *operation) String() string       { return o.name }

func (o *operation) WriteHash(h hash.Hash) {
	h.Write([]byte(o.name))
	binary.Write(h, binary.LittleEndian, o.id)
}

func (o *operation) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// bind makes the value over the operation's buffer, which gets memory of its own if
// the plan has none for it.
func (o *operation) bind() {
	if o.out == nil {
		return
	}
	if o.out.memory == nil {
		o.out.memory = aligned(o.out.bytes)
	}
	o.value = tensor.New(tensor.WithShape(o.shape...), tensor.WithBacking(o.out.floats()))
}

// insert adds the operation to its inputs' graph. Gorgonia silently merges nodes of
// equal 32-bit hashes, which would miswire a network, so an operation whose hash is
// taken gets another number and is added again.
func insert(o *operation, inputs ...*gorgonia.Node) (*gorgonia.Node, error) {
	o.in = inputs
	for o.id = 0; o.id < 1<<16; o.id++ {
		node, err := gorgonia.ApplyOp(o, inputs...)
		if err != nil {
			return nil, fmt.Errorf("adding %s to the graph: %w", o.name, err)
		}
		if node.Op() == gorgonia.Op(o) {
			return node, nil
		}
	}
	return nil, fmt.Errorf("adding %s to the graph: no unused hash found", o.name)
}

// Gradient returns the memory behind a node that Gradients returned for a parameter of
// a bound graph: the same slice for the life of the graph.
func Gradient(n *gorgonia.Node) ([]float32, error) {
	o, ok := n.Op().(*operation)
	if !ok || !o.parameterGradient {
		return nil, fmt.Errorf("node %v holds no parameter's gradient", n)
	}
	return o.out.floats(), nil
}

// bufferOf returns the buffer behind a node's value, nil for an input's.
func bufferOf(n *gorgonia.Node) *Buffer {
	if o, ok := n.Op().(*operation); ok {
		return o.out
	}
	return nil
}

func floats(v gorgonia.Value) []float32 { return v.(*tensor.Dense).Float32s() }

package cifar

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Bounds on a pickle. A batch file of CIFAR-10 has 20,000 instructions, four
// times as many where Python 3 wrote it for Python 2, and two builds.
const (
	maxInstructions = 200_000
	maxBuilds       = 16 // each may copy all of a dict
	inline          = 32 // bytes of a string that stays in the pickle; half of a name's two lines
)

// Instructions of a pickle, as Python's pickletools name them.
const (
	opStop       = '.'
	opBuild      = 'b'
	opFrame      = 0x95
	opNextBuffer = 0x97
)

// buffer is a long string of a pickle: values refer to it and never copy it.
type buffer struct {
	content []byte
	latin1  bool // the content is text whose characters are the bytes
}

// Format keeps a buffer's content out of messages.
func (b *buffer) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "%d bytes", len(b.content)) }

// slim walks over a pickle's instructions and makes it harmless to the pickle
// library, which allocates whatever lengths say and copies and prints whatever
// instructions combine. It refuses what a batch file does not need and lengths
// beyond the end, leaves frames out, which mean nothing, and puts an instruction
// to take the next buffer in the place of every long string.
func slim(content []byte) (program []byte, buffers []*buffer, err error) {
	builds := 0
	for at, count := 0, 0; at < len(content); count++ {
		op, rest := content[at], content[at+1:]
		fixed, length, err := operand(op, rest)
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("at byte %d: %w", at, err)
		case fixed > len(rest) || length > uint64(len(rest)-fixed):
			return nil, nil, fmt.Errorf("truncated: at byte %d an instruction goes beyond the end", at)
		case count == maxInstructions:
			return nil, nil, fmt.Errorf("more than %d instructions", maxInstructions)
		}
		if op == opBuild {
			if builds++; builds > maxBuilds {
				return nil, nil, fmt.Errorf("more than %d objects with a state", maxBuilds)
			}
		}
		end := at + 1 + fixed + int(length)
		switch {
		case length > inline:
			program = append(program, opNextBuffer)
			buffers = append(buffers, &buffer{content: content[end-int(length) : end]})
		case op != opFrame:
			program = append(program, content[at:end]...)
		}
		if op == opStop {
			return program, buffers, nil
		}
		at = end
	}
	return nil, nil, fmt.Errorf("truncated: no end after %d bytes", len(content))
}

// operand returns how many bytes follow an instruction: so many in any case,
// and the length of the string after them.
func operand(op byte, rest []byte) (fixed int, length uint64, err error) {
	counted := func(width int) (int, uint64, error) {
		var word [8]byte
		copy(word[:width], rest)
		return width, binary.LittleEndian.Uint64(word[:]), nil
	}
	switch op {
	case opStop, '(', '}', ']', ')', 'a', 'e', 's', 'u', 't', 'N', 'R', opBuild, // MARK dicts lists tuples NONE REDUCE
		0x85, 0x86, 0x87, 0x88, 0x89, 0x93, 0x94: // TUPLE1 to 3, NEWTRUE, NEWFALSE, STACK_GLOBAL, MEMOIZE
		return 0, 0, nil
	case 0x80, 'K', 'q', 'h': // PROTO BININT1 BINPUT BINGET
		return 1, 0, nil
	case 'M': // BININT2
		return 2, 0, nil
	case 'J', 'r', 'j': // BININT LONG_BINPUT LONG_BINGET
		return 4, 0, nil
	case opFrame: // the instructions in it are walked over like the others
		return 8, 0, nil
	case 'U', 'C', 0x8c: // SHORT_BINSTRING SHORT_BINBYTES SHORT_BINUNICODE
		return counted(1)
	case 'T', 'B', 'X': // BINSTRING BINBYTES BINUNICODE
		return counted(4)
	case 0x8d, 0x8e, 0x96: // BINUNICODE8 BINBYTES8 BYTEARRAY8
		return counted(8)
	case 0x8a: // LONG1: a whole number of so many bytes
		width, n, _ := counted(1)
		if n == 0 || n > 8 {
			return 0, 0, fmt.Errorf("a number of %d bytes", n)
		}
		return width + int(n), 0, nil
	case 'c': // GLOBAL: two lines
		names := rest[:min(len(rest), 2*inline)]
		first := bytes.IndexByte(names, '\n')
		second := bytes.IndexByte(names[first+1:], '\n')
		if first < 0 || second < 0 {
			return 0, 0, errors.New("a name without an end")
		}
		return first + 1 + second + 1, 0, nil
	}
	return 0, 0, fmt.Errorf("instruction %#x, which a batch file does not need", op)
}

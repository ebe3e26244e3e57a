package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
)

// checkPickle walks over a pickle's instructions and refuses those that a batch
// file does not need, and lengths beyond the end: the pickle library would
// allocate whatever they say.
func checkPickle(content []byte) error {
	for at := 0; at < len(content); {
		op := content[at]
		at++
		rest := content[at:]
		size, err := operand(op, rest)
		if err != nil {
			return fmt.Errorf("at byte %d: %w", at-1, err)
		}
		if size > len(rest) {
			return fmt.Errorf("at byte %d: truncated", at-1)
		}
		if at += size; op == '.' {
			return nil
		}
	}
	return fmt.Errorf("truncated: no end after %d bytes", len(content))
}

// operand returns how many bytes belong to an instruction. Opcodes are those of
// Python's pickletools.
func operand(op byte, rest []byte) (int, error) {
	counted := func(width int) (int, error) {
		if len(rest) < width {
			return width, nil
		}
		var word [8]byte
		copy(word[:], rest[:width])
		n := binary.LittleEndian.Uint64(word[:])
		if n > math.MaxInt32 {
			return math.MaxInt, nil
		}
		return width + int(n), nil
	}
	switch op {
	case '.', '(', '}', ']', ')', 'a', 'e', 's', 'u', 't', 'N', 'R', 'b', // STOP MARK dicts lists tuples NONE REDUCE BUILD
		0x85, 0x86, 0x87, 0x88, 0x89, 0x93, 0x94: // TUPLE1 to 3, NEWTRUE, NEWFALSE, STACK_GLOBAL, MEMOIZE
		return 0, nil
	case 0x80, 'K', 'q', 'h': // PROTO BININT1 BINPUT BINGET
		return 1, nil
	case 'M': // BININT2
		return 2, nil
	case 'J', 'r', 'j': // BININT LONG_BINPUT LONG_BINGET
		return 4, nil
	case 0x95: // FRAME: the instructions inside are walked over like the others
		n, err := counted(8)
		if n > len(rest) {
			return n, err
		}
		return 8, nil
	case 'U', 'C', 0x8c, 0x8a: // SHORT_BINSTRING SHORT_BINBYTES SHORT_BINUNICODE LONG1
		return counted(1)
	case 'T', 'B', 'X': // BINSTRING BINBYTES BINUNICODE
		return counted(4)
	case 0x8d, 0x8e: // BINUNICODE8 BINBYTES8
		return counted(8)
	case 'c': // GLOBAL: two lines
		first := bytes.IndexByte(rest, '\n')
		second := bytes.IndexByte(rest[first+1:], '\n')
		if first < 0 || second < 0 {
			return math.MaxInt, nil
		}
		return first + 1 + second + 1, nil
	}
	return 0, fmt.Errorf("instruction %#x, which a batch file does not need", op)
}

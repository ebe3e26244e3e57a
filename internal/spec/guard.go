package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// The parser takes memory with the square of the nesting and time with the square of the
// number of tokens, so both are bounded before it sees a file. The lexer is linear.
const (
	maxBytes  = 1 << 20
	maxDepth  = 64
	maxTokens = 50_000
)

// readFile reads at most maxBytes of a regular file; anything else could hang or never end.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	if info.IsDir() {
		return nil, errors.New("this is a folder; name an experiment file")
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("this is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the file: %s", reason(err))
	}
	return text, nil
}

// reason is an error of the file system without the path, which the fault already names.
func reason(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

// tokenize splits YAML text into tokens, comments left out, and refuses text that is no
// text or that would cost the parser too much.
func tokenize(file string, text []byte) (token.Tokens, Faults) {
	if len(text) > maxBytes {
		return nil, Faults{{Pos{file, 1, 1}, fmt.Sprintf("the file is larger than %d bytes", maxBytes)}}
	}
	if at := binaryAt(text); at >= 0 {
		return nil, Faults{{position(file, text, at),
			fmt.Sprintf("this is not a text file: byte 0x%02x is not UTF-8 text", text[at])}}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) // or the lexer loses count of the lines

	var tokens token.Tokens
	for _, t := range lexer.Tokenize(string(text)) {
		if t.Type == token.CommentType {
			continue
		}
		if tokens = append(tokens, t); len(tokens) > maxTokens {
			return nil, Faults{{tokenPos(file, t),
				fmt.Sprintf("the file is too long: more than %d keys, values and brackets", maxTokens)}}
		}
	}
	if t := tooDeep(tokens); t != nil {
		return nil, Faults{{tokenPos(file, t), fmt.Sprintf("nested more than %d levels deep", maxDepth)}}
	}
	return tokens, nil
}

// binaryAt is the offset of the first byte that is not UTF-8 text, -1 without one. Control
// characters other than tab and line ends are not allowed in YAML either.
func binaryAt(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 || r == 0x7f || r < ' ' && !strings.ContainsRune("\t\r\n", r) {
			return i
		}
		i += size
	}
	return -1
}

// position turns an offset into a line and column, counted in characters.
func position(file string, text []byte, offset int) Pos {
	before := text[:offset]
	line := bytes.LastIndexByte(before, '\n') + 1
	return Pos{file, bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[line:]) + 1}
}

// tokenPos is where a token starts. The lexer counts from 1, except for what it makes up.
func tokenPos(file string, t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{File: file}
	}
	return Pos{file, max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// tooDeep finds the first token nested too deeply. Brackets nest by themselves; elsewhere
// a level is a column at which a list entry or the first token of a line stands.
func tooDeep(tokens token.Tokens) *token.Token {
	var columns []int // of the enclosing levels of indentation, increasing
	flow := 0         // open brackets
	line, afterEntry := 0, false
	for _, t := range tokens {
		entry := t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType
		if flow == 0 && (entry || afterEntry || t.Position.Line != line) {
			column := t.Position.Column
			for len(columns) > 0 && columns[len(columns)-1] >= column {
				columns = columns[:len(columns)-1]
			}
			columns = append(columns, column)
		}
		line, afterEntry = t.Position.Line, entry
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow = max(flow-1, 0)
		}
		if len(columns)+flow > maxDepth+1 { // the document itself is a level of columns
			return t
		}
	}
	return nil
}

package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// limits is what a text may cost. The lexer and the parser take a kilobyte a token, and memory or
// time with the square of what the last four bound.
type limits struct {
	bytes  int // of the text; aliases may add as many again
	tokens int // keys, values, brackets
	values int // an alias counts as all its values
	keys   int // of a block map: the parser copies the map for each
	depth  int // levels of nesting
	key    int // characters: the parser keeps with each value the keys that lead to it
	row    int // of what lexerTrap counts
}

var (
	ofFile = limits{bytes: 256 << 10, tokens: 50_000, values: 10_000, keys: 1000, depth: 64, key: 100, row: 100}
	// A record is written by [Experiment.Text], in which nothing is costly but the size. With all
	// defaults and text escaped it is less than ten times the file's, and two levels deeper where a
	// kind had no arguments. Whatever was recorded has to be read.
	ofRecord = limits{bytes: 10 * ofFile.bytes, tokens: 10 * ofFile.tokens, values: 10 * ofFile.values,
		keys: math.MaxInt, depth: ofFile.depth + 2, key: math.MaxInt, row: math.MaxInt}
)

// readFile reads a regular file, since others could hang or never end. Of one that is too large
// it reads a byte too many.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, reason(err)
	case info.IsDir():
		return nil, errors.New("this is a folder; name an experiment file")
	case !info.Mode().IsRegular():
		return nil, errors.New("this is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(ofFile.bytes)+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the file: %w", reason(err))
	}
	return text, nil
}

// reason is an error of the file system without the path, which the fault already names.
func reason(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no such file")
	}
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err
	}
	return err
}

// tokenize splits YAML text into tokens, comments left out. It refuses bytes that are not text,
// and text that would cost the parser too much.
func tokenize(file string, text []byte, most limits) (token.Tokens, Faults) {
	if len(text) > most.bytes {
		return nil, Pos{file, 1, 1}.fault("", "the file is larger than %d bytes", most.bytes)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) // or the lexer loses count of the lines
	if at, message := lexerTrap(text, most.row); message != "" {
		before := text[:at]
		line := bytes.LastIndexByte(before, '\n') + 1
		pos := Pos{file, bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[line:]) + 1}
		return nil, Faults{{pos, message}}
	}

	var tokens token.Tokens
	for _, t := range lexer.Tokenize(string(text)) {
		if t.Type == token.CommentType {
			continue
		}
		if tokens = append(tokens, t); len(tokens) > most.tokens {
			return nil, tokenPos(file, t).fault("",
				"the file is too long: more than %d keys, values and brackets", most.tokens)
		}
	}
	if t, message := parserTrap(tokens, most); t != nil {
		return nil, Faults{{tokenPos(file, t), message}}
	}
	return tokens, nil
}

// lexerTrap finds the first byte that is not text, or of which there are too many in a row. YAML
// forbids control characters other than tab and line ends. The lexer copies a block of text for
// each empty line at its end, and scans from each tab in quotes to the end of the line, from each
// "<" to the end of their row.
func lexerTrap(text []byte, row int) (at int, message string) {
	lines, tabs, less := 0, 0, 0
	for size := 0; at < len(text); at += size {
		var r rune
		r, size = utf8.DecodeRune(text[at:])
		if less++; r != '<' {
			less = 0
		}
		switch r {
		case '\n', '\r':
			lines++
			tabs = 0
		case '\t':
			tabs++
		case ' ':
		default:
			lines = 0
		}
		switch {
		case r == utf8.RuneError && size == 1, r == 0x7f, r < ' ' && !strings.ContainsRune("\t\r\n", r):
			return at, fmt.Sprintf("expected UTF-8 text, got the byte 0x%02x: name a text file, saved as UTF-8", text[at])
		case lines-1 > row: // the first ends a line that is not empty
			return at, fmt.Sprintf("more than %d empty lines in a row: take them out", row)
		case tabs > row:
			return at, fmt.Sprintf("more than %d tabs in a line: write spaces", row)
		case less > row:
			return at, fmt.Sprintf(`more than %d "<" in a row: take them out`, row)
		}
	}
	return at, ""
}

// tokenPos is where a token starts. The lexer counts from 1, except for what it makes up.
func tokenPos(file string, t *token.Token) Pos {
	if t == nil || t.Position == nil {
		return Pos{File: file}
	}
	return Pos{file, max(t.Position.Line, 1), max(t.Position.Column, 1)}
}

// parserTrap finds the first token that is nested too deeply, is a key that is too long, or is one
// key too many. Brackets nest by themselves; elsewhere a level is a column at which a list entry
// or the first token of a line begins. Between brackets a comma ends a map.
func parserTrap(tokens token.Tokens, most limits) (at *token.Token, message string) {
	type level struct {
		brackets     bool
		column, keys int
	}
	levels := []level{{}} // around the token, the file first
	top := func() *level { return &levels[len(levels)-1] }
	before := &token.Token{Position: &token.Position{}}
	for _, t := range tokens {
		at = t
		if !top().brackets && (startsEntry(t) || startsEntry(before) || t.Position.Line != before.Position.Line) {
			for top().column > t.Position.Column {
				levels = levels[:len(levels)-1]
			}
			if top().column < t.Position.Column {
				levels = append(levels, level{column: t.Position.Column})
			}
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			levels = append(levels, level{brackets: true})
		case token.SequenceEndType, token.MappingEndType:
			if top().brackets {
				levels = levels[:len(levels)-1]
			}
		case token.CollectEntryType:
			top().keys = 0
		case token.MappingKeyType:
			top().keys++
		case token.MappingValueType:
			at = before
			top().keys++
			if utf8.RuneCountInString(at.Value) > most.key {
				return at, fmt.Sprintf("the key %s is longer than %d characters", quote(at.Value), most.key)
			}
		}
		switch {
		case top().keys > most.keys:
			return at, fmt.Sprintf("a map of more than %d keys", most.keys)
		case len(levels) > most.depth+2: // the file, and what it holds
			return at, fmt.Sprintf("nested more than %d levels deep", most.depth)
		}
		before = t
	}
	return nil, ""
}

// startsEntry reports whether what follows a token may be a level of its own.
func startsEntry(t *token.Token) bool {
	return t.Type == token.SequenceEntryType || t.Type == token.MappingKeyType
}

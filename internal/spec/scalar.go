package spec

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/token"
)

// The types of plain scalars in YAML 1.2's core schema (specification, section 10.3.2). The
// parser's own types follow other rules: 1e-3 is a string to it, 1_000 a number.
var (
	nullText  = regexp.MustCompile(`^(|~|null|Null|NULL)$`)
	trueText  = regexp.MustCompile(`^(true|True|TRUE)$`)
	falseText = regexp.MustCompile(`^(false|False|FALSE)$`)
	intText   = regexp.MustCompile(`^[-+]?[0-9]+$`)
	octalText = regexp.MustCompile(`^0o[0-7]+$`)
	hexText   = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	floatText = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	infText   = regexp.MustCompile(`^[-+]?\.(inf|Inf|INF)$`)
	nanText   = regexp.MustCompile(`^\.(nan|NaN|NAN)$`)
)

// scalar is the Node of a scalar token at pos, or at keyPos when its value was left out.
func scalar(t *token.Token, pos, keyPos Pos) Node {
	switch t.Type {
	case token.SingleQuoteType, token.DoubleQuoteType:
		return Node{Pos: pos, Kind: String, String: t.Value}
	case token.ImplicitNullType:
		return Node{Pos: keyPos}
	}
	return plain(t.Value, pos)
}

// plain gives unquoted text its type.
func plain(text string, pos Pos) Node {
	n := Node{Pos: pos, String: text}
	base := 0
	switch {
	case nullText.MatchString(text):
		return Node{Pos: pos}
	case trueText.MatchString(text):
		n.Kind, n.Bool = Bool, true
		return n
	case falseText.MatchString(text):
		n.Kind = Bool
		return n
	case intText.MatchString(text):
		base = 10 // 017 is seventeen
	case octalText.MatchString(text), hexText.MatchString(text):
		base = 0 // strconv reads the prefix
	case floatText.MatchString(text), infText.MatchString(text), nanText.MatchString(text):
		return float(n)
	default:
		n.Kind = String
		return n
	}
	i, err := strconv.ParseInt(text, base, 64)
	if err != nil {
		return float(n) // beyond 64 bits: still a number, and refused where an int is wanted
	}
	n.Kind, n.Int = Int, i
	return n
}

// float reads the number in n.String. What a float64 cannot hold becomes infinite, which no
// key accepts.
func float(n Node) Node {
	n.Kind = Float
	var err error
	switch {
	case nanText.MatchString(n.String):
		n.Float = math.NaN()
	case infText.MatchString(n.String):
		n.Float, err = strconv.ParseFloat(strings.Replace(n.String, ".", "", 1), 64)
	default:
		n.Float, err = strconv.ParseFloat(n.String, 64)
	}
	if err != nil {
		n.Float = math.Inf(1)
	}
	return n
}

// formatFloat is the shortest text that reads back to the same number.
func formatFloat(x float64) string {
	switch {
	case math.IsNaN(x):
		return ".nan"
	case math.IsInf(x, 1):
		return ".inf"
	case math.IsInf(x, -1):
		return "-.inf"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// written is a scalar's text: as written, or where nobody wrote it, the shortest.
func (n Node) written() string {
	if n.String != "" || n.Kind == String {
		return n.String
	}
	switch n.Kind {
	case Bool:
		return strconv.FormatBool(n.Bool)
	case Int:
		return strconv.FormatInt(n.Int, 10)
	case Float:
		return formatFloat(n.Float)
	}
	return "null"
}

// describe tells in a message what was received.
func describe(n Node) string {
	switch n.Kind {
	case Bool:
		return n.written()
	case Int, Float:
		return "the number " + short(n.written())
	case String:
		return "the text " + quote(n.String)
	case List:
		if len(n.List) == 0 {
			return "an empty list"
		}
		return "a list"
	case Map:
		return "a map of keys"
	}
	return "nothing"
}

// quote puts foreign text into a message: short, and without control characters.
func quote(text string) string { return strconv.Quote(cut(text, 60)) }

// short is [quote] without the quotes, for numbers, and for keys in an example.
func short(text string) string {
	quoted := quote(text)
	return quoted[1 : len(quoted)-1]
}

// cut shortens text to so many characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}

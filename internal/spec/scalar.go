package spec

import (
	"math"
	"regexp"
	"strconv"
)

// Plain scalars have the types of YAML 1.2's core schema (specification, section 10.3.2). The
// parser's own types follow other rules: 1e-3 is a string to it, 1_000 a number.
var (
	intText      = regexp.MustCompile(`^[-+]?[0-9]+$`)
	prefixedText = regexp.MustCompile(`^(0o[0-7]+|0x[0-9a-fA-F]+)$`)
	floatText    = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// plain is the Node of unquoted text.
func plain(text string, pos Pos) Node {
	n := Node{Pos: pos, String: text}
	switch text {
	case "", "~", "null", "Null", "NULL":
		return Node{Pos: pos}
	case "true", "True", "TRUE":
		n.Kind, n.Bool = Bool, true
	case "false", "False", "FALSE":
		n.Kind = Bool
	case ".nan", ".NaN", ".NAN":
		n.Kind, n.Float = Float, math.NaN()
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF":
		n.Kind, n.Float = Float, math.Inf(1)
	case "-.inf", "-.Inf", "-.INF":
		n.Kind, n.Float = Float, math.Inf(-1)
	default:
		n.Kind = String
		n.number()
	}
	return n
}

// number gives text that is a number its type. A whole number of more than 64 bits is a Float,
// and what a float64 cannot hold is infinite: keys refuse both with a message.
func (n *Node) number() {
	base := 10 // 017 is seventeen
	switch {
	case prefixedText.MatchString(n.String):
		base = 0 // strconv reads the prefix
	case !floatText.MatchString(n.String):
		return
	}
	if base == 0 || intText.MatchString(n.String) {
		i, err := strconv.ParseInt(n.String, base, 64)
		if err == nil {
			n.Kind, n.Int = Int, i
			return
		}
	}
	n.Kind = Float
	var err error
	if n.Float, err = strconv.ParseFloat(n.String, 64); err != nil {
		n.Float = math.Inf(1)
	}
}

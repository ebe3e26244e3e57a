package where

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// An expression holds for an experiment if the functions hold that its text was made from.
func TestMatchSaysWhatTheTextSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, _, holds := drawExpression(t, 4)
		e, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		values := rapid.SampledFrom([]string{"1", "1.0", "2", "-3", "1e3", "0.5", "1k", "x", "x y", ""})
		for range 8 {
			s := settings(rapid.MapOf(rapid.SampledFrom(drawnKeys), values).Draw(t, "settings"))
			if got, want := e.Match(s.lookup), holds(s); got != want {
				t.Fatalf("%s: %t of %v, want %t", text, got, s, want)
			}
		}
	})
}

const ( // in order of precedence
	bindsOr = iota
	bindsAnd
	bindsNot
	bindsComparison
)

// drawExpression draws an expression, its precedence, and a function that tells whether it holds.
func drawExpression(t *rapid.T, depth int) (text string, binds int, holds func(settings) bool) {
	binds = bindsComparison
	if depth > 0 {
		binds = rapid.IntRange(bindsOr, bindsComparison).Draw(t, "binds")
	}
	// operand is in parentheses where they are needed, and sometimes where not.
	operand := func() (string, func(settings) bool) {
		text, inner, holds := drawExpression(t, depth-1)
		if inner < binds || rapid.IntRange(0, 4).Draw(t, "parentheses") == 0 {
			text = "(" + text + ")"
		}
		return text, holds
	}
	switch binds {
	case bindsComparison:
		text, holds = drawComparison(t)
		return text, binds, holds
	case bindsNot:
		text, a := operand()
		return rapid.SampledFrom([]string{"not ", "NOT\n"}).Draw(t, "not") + text, binds,
			func(s settings) bool { return !a(s) }
	}
	left, a := operand()
	right, b := operand()
	if binds == bindsAnd {
		return left + "\tAnd " + right, binds, func(s settings) bool { return a(s) && b(s) }
	}
	return left + " or " + right, binds, func(s settings) bool { return a(s) || b(s) }
}

var drawnKeys = []string{"a", "b.c", "d[0].e"}

// drawnValues are numbers and then texts.
var drawnValues = []struct {
	written, text string
	number        float64
}{
	{"1", "1", 1}, {"1.0", "1.0", 1}, {"-3", "-3", -3}, {"1k", "1k", 1000}, {"50%", "50%", 0.5},
	{"x", "x", math.NaN()}, {"'1'", "1", math.NaN()}, {`"x y"`, "x y", math.NaN()},
}

func drawComparison(t *rapid.T) (text string, holds func(settings) bool) {
	key := rapid.SampledFrom(drawnKeys).Draw(t, "key")
	op := rapid.SampledFrom([]string{"=", "==", "!=", "<", "<=", ">", ">="}).Draw(t, "operator")
	values := drawnValues
	if strings.ContainsAny(op, "<>") {
		values = drawnValues[:5]
	}
	v := rapid.SampledFrom(values).Draw(t, "value")
	space := rapid.SampledFrom([]string{"", " ", " \n"}).Draw(t, "space")
	return key + space + op + space + v.written, func(s settings) bool {
		text, there := s[key]
		x, err := strconv.ParseFloat(text, 64)
		number := there && err == nil && !math.IsNaN(v.number)
		equal := number && x == v.number || there && !number && text == v.text
		return map[string]bool{
			"=": equal, "==": equal, "!=": !equal,
			"<": number && x < v.number, "<=": number && x <= v.number,
			">": number && x > v.number, ">=": number && x >= v.number,
		}[op]
	}
}

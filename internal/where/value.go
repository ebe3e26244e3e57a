package where

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// value is the right side of a comparison.
type value struct {
	text     string // as written
	number   float64
	isNumber bool
}

// powers are the powers of ten that a number's last character may stand for.
var powers = map[byte]string{'%': "e-2", 'k': "e3", 'M': "e6", 'G': "e9", 'T': "e12", 'P': "e15", 'E': "e18"}

// thousands is a count in groups of three digits.
var thousands = regexp.MustCompile(`^[+-]?[0-9]{1,3}(_[0-9]{3})+$`)

// literal is a word as a value.
func literal(text string) value {
	digits := text
	if thousands.MatchString(text) {
		digits = strings.ReplaceAll(text, "_", "")
	}
	// The power goes into the text: 62.34 divided by 100 need not be 0.6234.
	if last := len(digits) - 1; powers[digits[last]] != "" {
		digits = digits[:last] + powers[digits[last]]
	}
	x, ok := number(digits)
	return value{text, x, ok}
}

// number reads a decimal number. It looks at the characters first, for strconv also takes "inf" and
// "0x1p4", and allocates an error for every other text.
func number(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

// compare tells whether "text op v" is true.
func (v *value) compare(text, op string) bool {
	if op == "~" {
		return like(text, v.text)
	}
	x, isNumber := 0.0, false
	if v.isNumber {
		x, isNumber = number(text)
	}
	if !isNumber {
		return strings.HasPrefix(op, "=") && text == v.text
	}
	switch op {
	case "<":
		return x < v.number
	case "<=":
		return x <= v.number
	case ">":
		return x > v.number
	case ">=":
		return x >= v.number
	}
	return x == v.number
}

// like tells whether a shell pattern of * and ? matches all of text, in time of at most the product of
// their lengths. Where the rest does not match, the last * takes another character; an earlier * need
// never take more than it first did.
func like(text, pattern string) bool {
	starred := false
	var afterStar, untaken string // the pattern after the last *, and the text that it left
	for text != "" {
		switch {
		case strings.HasPrefix(pattern, "*"):
			pattern = pattern[1:]
			starred, afterStar, untaken = true, pattern, text
		case strings.HasPrefix(pattern, "?"):
			pattern, text = pattern[1:], afterFirst(text)
		case pattern != "" && pattern[0] == text[0]:
			pattern, text = pattern[1:], text[1:]
		case starred:
			untaken = afterFirst(untaken)
			pattern, text = afterStar, untaken
		default:
			return false
		}
	}
	return strings.Trim(pattern, "*") == ""
}

// afterFirst is text without its first character.
func afterFirst(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return text[size:]
}

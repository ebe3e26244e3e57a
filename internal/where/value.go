package where

import (
	"regexp"
	"strconv"
	"strings"
)

// value is what a comparison compares with.
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
	// The power goes into the text, since dividing 62.34 by 100 need not give 0.6234.
	if last := len(digits) - 1; powers[digits[last]] != "" {
		digits = digits[:last] + powers[digits[last]]
	}
	x, ok := number(digits)
	return value{text, x, ok}
}

// number reads a decimal number. It looks at the characters first, for strconv also takes "inf"
// and "0x1p4", and makes an error of every other text.
func number(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

package spec

import (
	"strconv"
	"strings"

	"runner/internal/spelling"
)

// Suggest returns the word among those given that a misspelt word most likely meant, or ""
// when none is near. A third of the letters may be wrong.
func Suggest(word string, among []string) string {
	const longest = 64 // no key is longer; the distance takes time with the square
	if len(word) > longest {
		return ""
	}
	best, least := "", max(1, len(word)/3)+1
	for _, candidate := range among {
		if d := spelling.Distance(strings.ToLower(word), strings.ToLower(candidate)); d < least && d < len(candidate) {
			best, least = candidate, d
		}
	}
	return best
}

// unknown is the message for a word that is not among those expected, with the one it may mean.
func unknown(what, word string, among []string) string {
	message := "unknown " + what + " " + quote(word)
	if near := Suggest(word, among); near != "" {
		return message + ", did you mean " + quote(near) + "?"
	}
	if len(among) == 0 {
		return message + ", none is expected here"
	}
	return message + ", expected one of " + strings.Join(among, ", ")
}

// quote puts foreign text into a message: short, and without control characters.
func quote(text string) string { return strconv.Quote(cut(text, 60)) }

// short is [quote] without the quotes, for numbers, and for keys in an example.
func short(text string) string {
	quoted := quote(text)
	return quoted[1 : len(quoted)-1]
}

// cut shortens text to at most that many characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}

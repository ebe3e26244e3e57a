package spec

import "strings"

// Suggest returns the word among those given that a misspelt word most likely meant, or ""
// when none is near. A third of the letters may be wrong.
func Suggest(word string, among []string) string {
	const longest = 64 // no key is longer; the distance takes time with the square
	if len(word) > longest {
		return ""
	}
	best, least := "", max(1, len(word)/3)+1
	for _, candidate := range among {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d < least && d < len(candidate) {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the insertions, deletions, substitutions and swaps of neighbours that turn
// a into b (optimal string alignment, the restricted Damerau-Levenshtein distance).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	beforeLast := make([]int, len(y)+1)
	last := make([]int, len(y)+1)
	row := make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], beforeLast[j-2]+1)
			}
		}
		beforeLast, last, row = last, row, beforeLast
	}
	return last[len(y)]
}

// unknown says that a word is not among those expected, with the one it may have meant.
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

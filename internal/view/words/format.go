package words

import (
	"fmt"
	"slices"
	"strings"
)

// Format is a form of output.
type Format string

// The forms of output. Not every command has all of them.
const (
	Table    Format = "table"
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// ParseFormat returns the format of a name. It must be one of those allowed, which the error lists.
func ParseFormat(name string, allowed ...Format) (Format, error) {
	if f := Format(name); slices.Contains(allowed, f) {
		return f, nil
	}
	words := make([]string, len(allowed))
	for i, f := range allowed {
		words[i] = string(f)
	}
	return "", fmt.Errorf("format %q: expected one of %s", name, strings.Join(words, ", "))
}

// UnknownFormat is the error of a function that does not have a format.
func UnknownFormat(f Format) error {
	return fmt.Errorf("report: no %q form of this output", string(f))
}

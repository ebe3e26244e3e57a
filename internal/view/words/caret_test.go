package words

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"runner/internal/where"
)

func TestCaret(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"a < and", "a < and\n    ^"},
		{"a <", "a <\n   ^"},
		{"", "\n^"},
		{"a = 1\n\tand 2", "a = 1  and 2\n           ^"},
		{"a = '層' 2", "a = '層' 2\n         ^"}, // as wide as two letters
		{
			"learning_rate < 0.01 and optimizer = adam and 2 < 0.5 and val_accuracy >= 50% and parameters < 1e6",
			"…0.01 and optimizer = adam and 2 < 0.5 and val_accuracy >= 50% and para…\n" +
				"                               ^",
		},
	} {
		var wrong *where.Error
		if _, err := where.Parse(tt.text); !errors.As(err, &wrong) {
			t.Errorf("%q: parsed", tt.text)
		} else if got := Caret(wrong.Text, wrong.Column); got != tt.want {
			t.Errorf("%q:\n got\n%s\nwant\n%s", tt.text, got, tt.want)
		}
	}
}

// Whatever is wrong, there are two short lines, the second of which is a caret.
func TestCaretProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z0-9<>=~!()'" \n\t層é]|and |or |not ){0,80}`)).Draw(t,
			"text")
		var wrong *where.Error
		if _, err := where.Parse(text); !errors.As(err, &wrong) {
			return
		}
		lines := strings.Split(Caret(wrong.Text, wrong.Column), "\n")
		if len(lines) != 2 || strings.TrimLeft(lines[1], " ") != "^" || utf8.RuneCountInString(lines[0]) > 72 {
			t.Fatalf("%q", lines)
		}
	})
}

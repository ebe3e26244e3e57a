package words

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"pgregory.net/rapid"
)

// hostile is text that would turn the terminal red, ring its bell, rewrite its
// title, begin a line of its own and hide what follows.
const hostile = "a\x1b[31mb\x07c\x1b]0;title\x07d\r\n\te\u202ef\u009b2Jg\u200b\xff"

// The width of a character may depend on the locale; the tests' may not.
func TestMain(m *testing.M) {
	twwidth.SetEastAsian(false)
	m.Run()
}

func TestClean(t *testing.T) {
	got := Clean(hostile)
	want := "a\uFFFD[31mb\uFFFDc\uFFFD]0;title\uFFFDd   e\uFFFDf\uFFFD2Jg\uFFFD\uFFFD"
	if got != want {
		t.Errorf("clean = %q, want %q", got, want)
	}
	if text := "größe 日本 ±"; Clean(text) != text {
		t.Errorf("clean(%q) = %q", text, Clean(text))
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text        string
		width       int
		end, middle string
	}{
		{"airplane", 8, "airplane", "airplane"},
		{"airplane", 7, "airpla…", "air…ane"},
		{"airplane", 2, "a…", "a…"},
		{"airplane", 1, "…", "…"},
		{"airplane", 0, "", ""},
		{"日本語日本語", 6, "日本…", "日…語"},
		{"name[lr=0.1]", 9, "name[lr=…", "name…0.1]"},
	} {
		if got := Shorten(c.text, c.width); got != c.end {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.text, c.width, got, c.end)
		}
		if got := ShortenMiddle(c.text, c.width); got != c.middle {
			t.Errorf("shortenMiddle(%q, %d) = %q, want %q", c.text, c.width, got, c.middle)
		}
	}
}

func TestWrap(t *testing.T) {
	got := Wrap("  one two three averyveryverylongword end", 10, 2)
	want := []string{"  one two", "    three", "    averyv", "    eryver", "    ylongw", "    ord", "    end"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrap (-want +got):\n%s", diff)
	}
	// Not even one character fits: too wide, but it ends.
	if diff := cmp.Diff([]string{"a", "日"}, Wrap("a 日", 1, 2)); diff != "" {
		t.Errorf("width 1 (-want +got):\n%s", diff)
	}
	if got := Wrap(strings.Repeat("x", 500), 0, 2); len(got) != 1 {
		t.Errorf("width 0 made %d lines", len(got))
	}
}

// Wrapping loses nothing but spaces, and no part is too wide.
func TestWrapProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := Clean(rapid.String().Draw(t, "line"))
		width := rapid.IntRange(4, 60).Draw(t, "width")
		parts := Wrap(line, width, rapid.IntRange(0, 8).Draw(t, "indent"))
		for _, p := range parts {
			if Cells(p) > width {
				t.Fatalf("%q is wider than %d", p, width)
			}
		}
		if got, want := letters(strings.Join(parts, "")), letters(line); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

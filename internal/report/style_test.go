package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"pgregory.net/rapid"

	"runner/store"
)

// The width of a character may depend on the locale; the tests' may not.
func TestMain(m *testing.M) {
	twwidth.SetEastAsian(false)
	m.Run()
}

// hostile is text that would turn the terminal red, ring its bell, rewrite its
// title, begin a line of its own and hide what follows.
const hostile = "a\x1b[31mb\x07c\x1b]0;title\x07d\r\n\te\u202ef\u009b2Jg\u200b\xff"

func TestParseFormat(t *testing.T) {
	if f, err := ParseFormat("json", Table, JSON); f != JSON || err != nil {
		t.Errorf("ParseFormat(json) = %q, %v", f, err)
	}
	_, err := ParseFormat("csv", Table, JSON)
	want := `format "csv": expected one of table, json`
	if err == nil || err.Error() != want {
		t.Errorf("ParseFormat(csv) = %v, want %s", err, want)
	}
}

func TestClean(t *testing.T) {
	got := clean(hostile)
	want := "a\uFFFD[31mb\uFFFDc\uFFFD]0;title\uFFFDd   e\uFFFDf\uFFFD2Jg\uFFFD\uFFFD"
	if got != want {
		t.Errorf("clean = %q, want %q", got, want)
	}
	if text := "größe 日本 ±"; clean(text) != text {
		t.Errorf("clean(%q) = %q", text, clean(text))
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
		if got := shorten(c.text, c.width); got != c.end {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.text, c.width, got, c.end)
		}
		if got := shortenMiddle(c.text, c.width); got != c.middle {
			t.Errorf("shortenMiddle(%q, %d) = %q, want %q", c.text, c.width, got, c.middle)
		}
	}
}

func TestWrap(t *testing.T) {
	got := wrap("  one two three averyveryverylongword end", 10, 2)
	want := []string{"  one two", "    three", "    averyv", "    eryver", "    ylongw", "    ord", "    end"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wrap (-want +got):\n%s", diff)
	}
	// Not even one character fits: too wide, but it ends.
	if diff := cmp.Diff([]string{"a", "日"}, wrap("a 日", 1, 2)); diff != "" {
		t.Errorf("width 1 (-want +got):\n%s", diff)
	}
	if got := wrap(strings.Repeat("x", 500), 0, 2); len(got) != 1 {
		t.Errorf("width 0 made %d lines", len(got))
	}
}

// Wrapping loses nothing but spaces, and no part is too wide.
func TestWrapProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := clean(rapid.String().Draw(t, "line"))
		width := rapid.IntRange(4, 60).Draw(t, "width")
		parts := wrap(line, width, rapid.IntRange(0, 8).Draw(t, "indent"))
		for _, p := range parts {
			if cells(p) > width {
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

// Whatever names and reasons hold, nothing reaches a terminal that it would obey.
func TestHostileText(t *testing.T) {
	s, r, c, p := board(), runs(), checked(), predictions()
	for i := range s.Standings {
		row := &s.Standings[i]
		row.Experiment, row.Mode, row.Dataset, row.Status = hostile, hostile, hostile, hostile
		row.Configuration = map[string]string{"batch_size": hostile}
	}
	s.Tests[0].Dataset = hostile
	for i := range r {
		r[i].Experiment, r[i].Description, r[i].Reason, r[i].Config = hostile, hostile, hostile, hostile
		r[i].Processor, r[i].Features, r[i].Commit, r[i].Mode, r[i].Dataset = hostile, hostile, hostile, hostile, hostile
		r[i].ID, r[i].InitFrom, r[i].Status = hostile, hostile, hostile
	}
	e := epochs()
	for i := range e {
		e[i].WeightsHash = hostile
	}
	for i := range c {
		c[i].File, c[i].Experiment = hostile, hostile
		for j := range c[i].Faults {
			c[i].Faults[j].File, c[i].Faults[j].Message = hostile, hostile
		}
		for j := range c[i].Layers {
			c[i].Layers[j].Kind, c[i].Layers[j].Args = hostile, hostile
		}
	}
	whole := shown()
	whole.Run, whole.Epochs, whole.Classes, whole.Looks = r[0], e, []string{hostile, hostile}, []store.Look{{Command: hostile}}
	for name, write := range map[string]func(*bytes.Buffer, Style) error{
		"leaderboard": func(w *bytes.Buffer, style Style) error { return Leaderboard(w, s, Table, style) },
		"markdown":    func(w *bytes.Buffer, style Style) error { return Leaderboard(w, s, Markdown, style) },
		"runs":        func(w *bytes.Buffer, style Style) error { return Runs(w, r, now, Table, style) },
		"show":        func(w *bytes.Buffer, style Style) error { return Show(w, whole, Table, style) },
		"start":       func(w *bytes.Buffer, _ Style) error { _, err := fmt.Fprintln(w, StartLine(r[0])); return err },
		"result":      func(w *bytes.Buffer, _ Style) error { _, err := fmt.Fprintln(w, ResultLine(r[0])); return err },
		"test": func(w *bytes.Buffer, _ Style) error {
			return Test(w, Tested{Run: hostile, Experiment: hostile, Checkpoint: hostile}, Table)
		},
		"datasets": func(w *bytes.Buffer, style Style) error {
			return Datasets(w, []Dataset{{Name: hostile, Description: hostile}}, Table, style)
		},
		"check": func(w *bytes.Buffer, style Style) error { return Check(w, c, Table, style) },
		"predictions": func(w *bytes.Buffer, style Style) error {
			return Predictions(w, p, []string{hostile, hostile, hostile}, 3, Table, style)
		},
	} {
		for _, style := range []Style{{}, {Width: 50}} {
			var out bytes.Buffer
			if err := write(&out, style); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for line := range strings.Lines(out.String()) {
				if line = strings.TrimSuffix(line, "\n"); clean(line) != line {
					t.Errorf("%s: %q", name, line)
				}
			}
		}
	}
}

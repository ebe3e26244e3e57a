package report

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/store"
)

func TestByClass(t *testing.T) {
	got := byClass([][]int{{6, 2, 0}, {1, 3, 0}, {0, 0, 0}}, []string{"disc", "ring"})
	nan := number(math.NaN())
	want := []perClass{
		{"disc", 8, 7, 0.75, 6.0 / 7},
		{"ring", 4, 5, 0.75, 0.6},
		{"class 2", 0, 0, nan, nan},
	}
	same := cmp.Comparer(func(a, b number) bool { return a == b || a != a && b != b })
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Error(diff)
	}
}

// The class that is told worst stands first, one without examples last.
func TestClassesAreSortedByRecall(t *testing.T) {
	var out bytes.Buffer
	rows := byClass([][]int{{0, 0, 0}, {0, 9, 1}, {0, 5, 5}}, []string{"none", "good", "bad"})
	if err := writeClasses(&out, rows, Style{}); err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, line := range strings.Split(out.String(), "\n")[2:5] {
		order = append(order, strings.Fields(line)[0])
	}
	if diff := cmp.Diff([]string{"bad", "good", "none"}, order); diff != "" {
		t.Error(diff)
	}
}

// A matrix gives way to a list where its columns would be no names any more, and no
// count is cut.
func TestConfusionFits(t *testing.T) {
	big := [][]int{{90000, 1}, {2, 80000}}
	for _, c := range []struct {
		confusion [][]int
		classes   []string
		width     int
		want      string
	}{
		{shown().confusion(store.Validation), shown().Classes, 0, "automobile"},
		{shown().confusion(store.Validation), shown().Classes, 80, "\n            airplane  automobile  bird"},
		{shown().confusion(store.Validation), shown().Classes, 72, "\n            airpl  autom  bird"},
		{shown().confusion(store.Validation), shown().Classes, 60, "\nlabel       taken for   examples\n"},
		{big, []string{"a", "b"}, 16, "90000"},
		{big, []string{"a", "b"}, 14, "most frequent"},
	} {
		var out bytes.Buffer
		if err := writeConfusion(&out, c.confusion, c.classes, Style{Width: c.width}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("width %d: no %q in\n%s", c.width, c.want, out.String())
		}
	}
}

func TestConfusedAreTheMostFrequent(t *testing.T) {
	var out bytes.Buffer
	if err := writeConfused(&out, shown().confusion(store.Validation), shown().Classes, Style{}); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(out.String()), "\n")[3:]
	if len(rows) != mostConfused || strings.Join(strings.Fields(rows[0]), " ") != "truck automobile 137" {
		t.Errorf("%d rows, the first %q", len(rows), rows[0])
	}
}

// What is right and what is wrong have a scale each, by their share of a row.
func TestShading(t *testing.T) {
	shade := shading([][]int{{8, 2, 0}, {50, 50, 0}, {0, 0, 0}})
	for _, c := range []struct {
		i, j int
		want float64
	}{{0, 0, 1}, {1, 1, 0.5 / 0.8}, {1, 0, 1}, {0, 1, 0.2 / 0.5}, {0, 2, 0}, {2, 2, 0}} {
		if got := shade(c.i, c.j); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("(%d, %d): %v, want %v", c.i, c.j, got, c.want)
		}
	}
	if c := cellColor(0, 1, 0); c.R != 255 || c.G != 255 || c.B != 255 {
		t.Errorf("no mistakes are %v, want white", c)
	}
	if cellColor(0, 0, 1) != trueColor || cellColor(0, 1, 1) != wrongColor {
		t.Error("the darkest cells are not of their full colours")
	}
}

// A record without answers says so in one line.
func TestAnswersNotOnRecord(t *testing.T) {
	s := shown()
	s.Answers = s.Answers[1:]
	var out bytes.Buffer
	if err := Show(&out, s, Table, Style{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "\nconfusion: not on record, the best epoch is of an older version\n\nepoch ") {
		t.Errorf("got\n%s", out.String())
	}
}

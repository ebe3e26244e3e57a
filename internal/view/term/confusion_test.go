package term

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/view/plot"
	"runner/internal/view/record"
	"runner/internal/view/viewtest"
	"runner/internal/view/words"
	"runner/store"
)

// The class with the lowest recall comes first, one without examples last.
func TestClassesAreSortedByRecall(t *testing.T) {
	var out bytes.Buffer
	rows := record.ByClass([][]int{{0, 0, 0}, {0, 9, 1}, {0, 5, 5}}, []string{"none", "good", "bad"})
	text := func(p *page) { table(p, classColumns, byRecall(rows)) }
	if err := writePage(&out, words.Table, Style{}, text); err != nil {
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

// A matrix gives way to a list where its columns would be no names any more, and no count is cut.
func TestConfusionFits(t *testing.T) {
	big := [][]int{{90000, 1}, {2, 80000}}
	for _, c := range []struct {
		confusion [][]int
		classes   []string
		width     int
		want      string
	}{
		{viewtest.Shown().Confusion(store.Validation), viewtest.Shown().Classes, 0, "automobile"},
		{viewtest.Shown().Confusion(store.Validation), viewtest.Shown().Classes, 80,
			"\n            airplane  automobile  bird"},
		{viewtest.Shown().Confusion(store.Validation), viewtest.Shown().Classes, 72, "\n            airpl  autom  bird"},
		{viewtest.Shown().Confusion(store.Validation), viewtest.Shown().Classes, 60, "\nlabel       taken for   examples\n"},
		{big, []string{"a", "b"}, 16, "90000"},
		{big, []string{"a", "b"}, 14, "most frequent"},
	} {
		var out bytes.Buffer
		text := func(p *page) { p.confusion(c.confusion, c.classes) }
		if err := writePage(&out, words.Table, Style{Width: c.width}, text); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("width %d: no %q in\n%s", c.width, c.want, out.String())
		}
	}
}

func TestConfusedAreTheMostFrequent(t *testing.T) {
	var out bytes.Buffer
	h := plot.Confusion("", viewtest.Shown().Confusion(store.Validation), viewtest.Shown().Classes)
	if err := writePage(&out, words.Table, Style{}, func(p *page) { p.confused(h) }); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(out.String()), "\n")[3:]
	if len(rows) != mostConfused || strings.Join(strings.Fields(rows[0]), " ") != "truck automobile 137" {
		t.Errorf("%d rows, the first %q", len(rows), rows[0])
	}
}

// A record without answers says so in one line.
func TestAnswersNotOnRecord(t *testing.T) {
	s := viewtest.Shown()
	s.Answers = s.Answers[1:]
	var out bytes.Buffer
	if err := Show(&out, s, words.Table, Style{}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "\nconfusion: not on record, the best epoch is of an older version\n\nepoch ") {
		t.Errorf("got\n%s", out.String())
	}
}

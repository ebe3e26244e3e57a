package term

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/internal/view/viewtest"
	"runner/internal/view/words"
	"runner/store"
)

// exported are a board of two rows and their runs: one of two seeds, one that failed.
func exported() (standing.Board, []record.FullRun) {
	b := viewtest.Board()
	b.Standings, b.More = b.Standings[:2], 0
	answers := store.NewAnswers(10, 2)
	for i := range answers.Examples {
		answers.Set(i, i%2, (i%2+i/7)%2)
	}
	first := record.FullRun{Run: viewtest.Runs()[0], Epochs: viewtest.Epochs()[:4], Classes: []string{"cat", "dog"},
		Answers: []record.SplitAnswers{{Split: store.Validation, Epoch: 4, Answers: answers},
			{Split: store.Test, Epoch: 4, Answers: answers}},
		Looks: []store.TestUse{{At: time.Date(2026, 3, 14, 15, 10, 0, 0, time.UTC), Command: "predict", Examples: 4}}}
	first.Memory = 98_000_000
	second := record.FullRun{Run: viewtest.Runs()[0], Epochs: viewtest.Epochs()[:1]}
	second.ID, second.Seed, second.Config = "00000002", 2, "seed: 2\n"
	failed := record.FullRun{Run: viewtest.Runs()[2]}
	failed.Group, failed.Config = "bb", "name: linear\ndescription: |\n  ```\n  a fence\n  ````\n"
	b.Standings[0].Group, b.Standings[1].Group = "aa", "bb"
	b.Standings[0].Runs = []store.GroupRun{
		{ID: second.ID, Status: store.Finished, Logged: 1, BestValAccuracy: 0.3112},
		{ID: first.ID, Status: store.Finished, Logged: 4, BestValAccuracy: 0.4512},
	}
	b.Standings[1].Runs = []store.GroupRun{{ID: failed.ID}}
	return b, []record.FullRun{first, second, failed}
}

func TestExportGolden(t *testing.T) {
	b, runs := exported()
	for _, f := range []words.Format{words.JSON, words.CSV, words.Markdown} {
		viewtest.Golden(t, "export-all-"+string(f), func(w *bytes.Buffer) error { return ExportAll(w, b, runs, f) })
	}
	viewtest.Golden(t, "export-run-json", func(w *bytes.Buffer) error { return ExportRun(w, b, runs[0], words.JSON) })
	viewtest.Golden(t, "export-run-csv", func(w *bytes.Buffer) error { return ExportRun(w, b, runs[0], words.CSV) })
	viewtest.Golden(t, "export-run-markdown", func(w *bytes.Buffer) error {
		one := b
		one.Standings = b.Standings[1:2]
		return ExportRun(w, one, runs[2], words.Markdown)
	})
}

// Where there is nothing, lists are empty, never null, and csv has its head.
func TestExportNothing(t *testing.T) {
	var out bytes.Buffer
	if err := ExportAll(&out, standing.Board{}, nil, words.JSON); err != nil ||
		strings.Contains(out.String(), "null") || !json.Valid(out.Bytes()) {
		t.Errorf("json: %s, %v", out.String(), err)
	}
	out.Reset()
	if err := ExportAll(&out, standing.Board{}, nil, words.CSV); err != nil ||
		!strings.HasPrefix(out.String(), "run,experiment,seed,mode,dataset,group,epoch,train_loss,") {
		t.Errorf("csv: %s, %v", out.String(), err)
	}
	out.Reset()
	if err := ExportRun(&out, standing.Board{}, record.FullRun{}, words.HTML); err == nil || out.Len() > 0 {
		t.Errorf("a form that it does not have: %q, %v", out.String(), err)
	}
}

// A row whose runs were removed has no best one.
func TestBestRun(t *testing.T) {
	b, runs := exported()
	if r, ok := record.BestRun(b.Standings[0], runs); !ok || r.ID != runs[0].ID {
		t.Errorf("best of two: %s, %v", r.ID, ok)
	}
	if r, ok := record.BestRun(b.Standings[1], runs); !ok || r.ID != runs[2].ID {
		t.Errorf("without an epoch: %s, %v", r.ID, ok)
	}
	if _, ok := record.BestRun(b.Standings[0], runs[2:]); ok {
		t.Error("a run that is not there was found")
	}
}

// Any name of an experiment is plain text in Markdown.
func TestMarkdownEscape(t *testing.T) {
	for text, want := range map[string]string{
		"small-kernels":              "small-kernels",
		"a[optimizer.adam.rate=0.1]": `a\[optimizer.adam.rate=0.1\]`,
		"[a](b) _c_ ~~d~~ *e* `f`":   "\\[a\\](b) \\_c\\_ \\~\\~d\\~\\~ \\*e\\* \\`f\\`",
		"&amp; $x$ @user #12 <b> x|": `\&amp; \$x\$ \@user \#12 \<b> x\|`,
		"www.example.org":            `www\.example.org`,
		"1.5M, 62.34%":               "1.5M, 62.34%",
	} {
		if got := markdownEscape.Replace(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

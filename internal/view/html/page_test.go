package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"image/color"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/internal/standing"
	"runner/internal/stats"
	"runner/internal/view/plot"
	"runner/internal/view/record"
	"runner/store"
)

// hostile is a name that leaves an element, an attribute, a script and a style where it is not escaped.
const hostile = `</title></script></style><img src=x onerror=alert(1)>"'><script>alert(2)</script>{{.}}`

// board makes rows of three seeds and so many epochs, each of another size, with all that a page shows.
func board(names []string, epochs int) (standing.Board, []record.FullRun) {
	b := standing.Board{Settings: []string{"optimizer"}, TestUses: len(names)}
	var runs []record.FullRun
	for i, name := range names {
		row := standing.Standing{
			// In the order of ranks parameters go down and up, and each has digits that the table rounds away.
			Ranking: standing.Ranking{Rank: i + 1},
			Subject: standing.Subject{Experiment: name, Mode: "full", Dataset: "synthetic",
				Configuration: map[string]string{"optimizer": "adam"}},
			Cost: standing.Cost{Parameters: int64(1_000_000 + 997*(i*7%len(names))), MultiplyAdds: int64(1000 + i)},
			Accuracy: standing.Accuracy{Seeds: 3, Interval: stats.StudentInterval, ValAccuracy: new(0.9 / float64(i+1)),
				ValAccuracyLow: new(0.8 / float64(i+1)), ValAccuracyHigh: new(1 / float64(i+1))},
			Time:      standing.Time{SecondsPerEpoch: new(1.5)},
			BestEpoch: new(1),
			Status:    "finished",
			Group:     strconv.Itoa(i),
		}
		if i != 1 {
			row.TestAccuracy = new(0.5 / float64(i+1))
		}
		for e := range epochs {
			row.Curve = append(row.Curve, 0.1+0.8*float64(e)/float64(epochs)/float64(i+1))
		}
		for seed := range 3 {
			id := fmt.Sprintf("%07x%d", i, seed)
			row.Runs = append(row.Runs, store.GroupRun{ID: id, Status: store.Finished, Logged: epochs, BestValAccuracy: 0.5})
			run := record.FullRun{
				Run: store.Run{ID: id, Experiment: name, Group: row.Group, Seed: int64(seed), Status: store.Finished,
					Epochs: epochs, Results: store.Results{Logged: epochs, BestEpoch: new(1)},
					Config: "name: " + name + "\n" +
						strings.Repeat("  - conv2d: {filters: 32, kernel: 3, stride: 1, padding: same}\n", 12)},
				Classes: []string{"disc", "ring", "square", "triangle", "cross", "star", "stripes", "checkerboard", "dots",
					"spiral"},
				Answers: []record.SplitAnswers{{Split: store.Validation, Epoch: 1, Answers: answers()}},
				Looks:   []store.TestUse{{At: time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC), Command: "test", Examples: 2000}},
			}
			for e := range epochs {
				run.Epochs = append(run.Epochs, store.Epoch{Epoch: e + 1, TrainLoss: 2 / float64(e+1), ValLoss: 1.5,
					ValAccuracy: row.Curve[e]})
			}
			runs = append(runs, run)
		}
		b.Standings = append(b.Standings, row)
	}
	return b, runs
}

// answers have every shade of right and of wrong.
func answers() store.Answers {
	a := store.NewAnswers(10*64, 10)
	example := 0
	for label := range 10 {
		right := min(64, label*label)
		for i := range 64 {
			class := label
			if i >= right {
				class = (label + 1) % 10
			}
			a.Set(example, label, class)
			example++
		}
	}
	return a
}

func render(t testing.TB, b standing.Board, runs []record.FullRun) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, b, runs); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Nothing in a page is an address of something else, and its policy allows its own script alone.
func TestPageStandsAlone(t *testing.T) {
	b, runs := board([]string{"wide", "deep"}, 5)
	page := render(t, b, runs)
	for _, pattern := range []string{`(?i)https?:`, `(?i)\bsrc\s*=`, `(?i)url\(`, `(?i)@import`,
		`(?i)<(link|iframe|object|base|form)\b`, `\shref="[^#]`, `(?i)\son\w+\s*=`} {
		if found := regexp.MustCompile(pattern).FindString(page); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	scripts := regexp.MustCompile(`(?s)<script[^>]*>(.*?)</script>`).FindAllStringSubmatch(page, -1)
	if len(scripts) != 1 {
		t.Fatalf("%d scripts, expected 1", len(scripts))
	}
	hash := sha256.Sum256([]byte(scripts[0][1]))
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(page)
	want := "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" +
		base64.StdEncoding.EncodeToString(hash[:]) + "'; base-uri 'none'; form-action 'none'"
	if policy == nil || html.UnescapeString(policy[1]) != want {
		t.Errorf("policy %q, expected %q", policy, want)
	}
	if policy != nil && strings.Index(page, policy[0]) > strings.Index(page, "<style") {
		t.Error("the policy comes after what it is for")
	}
}

// Names, settings and reasons from files and errors are words, wherever they stand.
func TestHostileNames(t *testing.T) {
	b, runs := board([]string{hostile}, 3)
	b.Settings = []string{hostile}
	b.Standings[0].Configuration = map[string]string{hostile: hostile}
	b.Standings[0].Dataset, b.Tests = hostile, []standing.Test{{Dataset: hostile}, {Dataset: hostile}}
	for i := range runs {
		r := &runs[i]
		r.Reason, r.Description, r.Processor, r.Classes[0], r.Looks[0].Command = hostile, hostile, hostile, hostile, hostile
	}
	for _, runs := range [][]record.FullRun{runs, runs[:1]} { // a single run is the title
		page := render(t, b, runs)
		if n := strings.Count(page, "<script"); n != 1 {
			t.Errorf("%d scripts, expected 1", n)
		}
		if strings.Contains(page, "<img") {
			t.Error("the page has an element of the name")
		}
		if !strings.Contains(html.UnescapeString(page), hostile) {
			t.Error("the page lacks the name")
		}
	}
}

// Rows of one name have different headings and legends.
func TestRowsOfOneName(t *testing.T) {
	b, runs := board([]string{"net", "net", "net", "other"}, 3)
	b.Standings[0].Mode = "single-batch"
	b.Standings[2].InitFrom = strings.Repeat("3f", 32)
	page := render(t, b, runs)
	for _, name := range []string{"net, single-batch", "net, full", "net (from 3f3f3f3f)", "other"} {
		for _, want := range []string{"<h3>" + name + "</h3>", "<span>" + name + "</span>", "<title>" + name + "</title>"} {
			if strings.Count(page, want) != 1 {
				t.Errorf("the page has %q %d times, expected once", want, strings.Count(page, want))
			}
		}
	}
}

// A page of a thousand experiments is a file that opens, and says what it leaves out.
func TestSize(t *testing.T) {
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("experiment[optimizer.adam.learning_rate=%d]", i)
	}
	b, runs := board(names, 300)
	page := render(t, b, runs)
	if mb := float64(len(page)) / 1e6; mb > 4 {
		t.Errorf("%.1f MB, expected at most 4", mb)
	}
	for _, want := range []string{
		"The first 30 of the table; 970 more stand in it alone.", "The first 7 experiments; 993 more are not drawn.",
		"At most 200 of 300 epochs are drawn.", "100 between these are left out.", names[999],
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, points := range regexp.MustCompile(`points="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if n := len(strings.Fields(points[1])); n > mostPoints {
			t.Fatalf("a curve of %d points", n)
		}
	}
	if page != render(t, b, runs) {
		t.Error("the same board gave another page")
	}
}

// Without rows, epochs or answers a page is still one.
func TestLittleToShow(t *testing.T) {
	if page := render(t, standing.Board{}, nil); !strings.Contains(page, "No experiment matches.") ||
		strings.Contains(page, "<h2>") {
		t.Error(page)
	}
	b := standing.Single(store.Run{ID: "3f9a01c4", Experiment: "x", Status: store.Failed, Reason: "no space left"}, nil,
		0, store.Dataset{})
	page := render(t, b, []record.FullRun{{Run: store.Run{ID: "3f9a01c4", Status: store.Failed, Reason: "no space left"}}})
	if !strings.Contains(page, "failed: no space left") || strings.Contains(page, "<polyline") ||
		strings.Contains(page, "NaN") {
		t.Error(page)
	}
	if values, err := figures(b.Standings[0]); err != nil || values["seconds_per_epoch"] != "" {
		t.Errorf("a row without an epoch is sorted by %q seconds, %v; expected none", values["seconds_per_epoch"], err)
	}
	b, runs := board([]string{"one"}, 1)
	if page := render(t, b, runs); !strings.Contains(page, `points="260.0,129.0"`) || strings.Contains(page, "NaN") {
		t.Error("the curve of one epoch is not a point in the middle")
	}
}

func TestConfusionShades(t *testing.T) {
	h := newConfusion(record.SplitAnswers{Split: store.Test, Epoch: 3, Answers: answers()}, nil)
	if h.Title != "test split after epoch 3: 41.88% of 640 examples right" || h.Classes[9] != "class 9" {
		t.Errorf("title %q, classes %v", h.Title, h.Classes)
	}
	for _, c := range []struct {
		cell plot.Cell
		want string
	}{
		{plot.Cell{}, ""}, {plot.Cell{Count: 1, Share: 0.001}, "r1"}, {plot.Cell{Count: 1, Share: 1}, "r8"},
		{plot.Cell{Count: 9, Kind: plot.Wrong, Share: 0.5}, "w4"},
	} {
		if got := shade(c.cell); got != c.want {
			t.Errorf("%+v: %q, expected %q", c.cell, got, c.want)
		}
	}
}

// The colours of a page in the light are those of all other media.
func TestColors(t *testing.T) {
	light, _, _ := strings.Cut(string(style), "@media")
	for i, c := range plot.LineColors[:len(plot.LineColors)-1] { // the last is the ink's
		if want := fmt.Sprintf("--l%d: #%02x%02x%02x;", i, c.R, c.G, c.B); !strings.Contains(light, want) {
			t.Errorf("no %s", want)
		}
	}
	for name, c := range map[string]color.RGBA{"right": plot.RightColor, "wrong": plot.WrongColor} {
		if want := fmt.Sprintf("--%s: %d, %d, %d;", name, c.R, c.G, c.B); !strings.Contains(light, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestThin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3*mostPoints).Draw(t, "n")
		values := make([]int, n)
		for i := range values {
			values[i] = i
		}
		keep := rapid.IntRange(-1, n-1).Draw(t, "keep")
		left := thin(values, keep)
		if len(left) != min(n, mostPoints) || left[0] != 0 || left[len(left)-1] != n-1 {
			t.Fatalf("of %d: %v", n, left)
		}
		if keep >= 0 && !slices.Contains(left, keep) {
			t.Fatalf("of %d: %v, without %d", n, left, keep)
		}
		for i := range left[1:] {
			if left[i] >= left[i+1] {
				t.Fatalf("of %d: %v", n, left)
			}
		}
	})
}

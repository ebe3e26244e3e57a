package standing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"runner/store"
)

// Every order, each the best or the least first, and what is missing last.
func TestOrders(t *testing.T) {
	none := Standing{Ranking: Ranking{Rank: 4}, Subject: Subject{Experiment: "none", Dataset: "d"},
		Cost: Cost{Parameters: 9, MultiplyAdds: 9}}
	rows := []Standing{
		none,
		{
			Ranking:    Ranking{Rank: 1},
			Subject:    Subject{Experiment: "b", Dataset: "d"},
			Cost:       Cost{Parameters: 3, MultiplyAdds: 1, Memory: new(int64(2))},
			Accuracy:   Accuracy{ValAccuracy: new(0.75), Seeds: 1},
			TestResult: TestResult{TestAccuracy: new(0.25)},
			Time:       Time{SecondsPerEpoch: new(3.0), SecondsToTarget: new(1.0)},
		},
		{
			Ranking:    Ranking{Rank: 1},
			Subject:    Subject{Experiment: "c", Dataset: "d"},
			Cost:       Cost{Parameters: 1, MultiplyAdds: 2, Memory: new(int64(3))},
			Accuracy:   Accuracy{ValAccuracy: new(0.875), Seeds: 1},
			TestResult: TestResult{TestAccuracy: new(0.5)},
			Time:       Time{SecondsPerEpoch: new(1.0), SecondsToTarget: new(2.0)},
		},
		{
			Ranking:    Ranking{Rank: 1},
			Subject:    Subject{Experiment: "a", Dataset: "c"},
			Cost:       Cost{Parameters: 2, MultiplyAdds: 3, Memory: new(int64(1))},
			Accuracy:   Accuracy{ValAccuracy: new(0.0), Seeds: 1},
			TestResult: TestResult{TestAccuracy: new(0.75)},
			Time:       Time{SecondsPerEpoch: new(2.0), SecondsToTarget: new(3.0)},
		},
	}
	want := map[string]string{
		"rank":              "a c b none",
		"val_accuracy":      "c b a none",
		"experiment":        "a b c none",
		"parameters":        "c a b none",
		"multiply_adds":     "b c a none",
		"memory":            "a b c none",
		"seconds":           "c a b none",
		"seconds_to_target": "b c a none",
		"test_accuracy":     "a c b none",
	}
	for name, want := range want {
		if got := sortedBy(t, name, rows); got != want {
			t.Errorf("by %s: %s, want %s", name, got, want)
		}
	}
	for _, name := range Keys((*Measure).Sorts) {
		if got := sortedBy(t, name, []Standing{none, none}); got != "none none" {
			t.Errorf("by %s: %s", name, got)
		}
	}
}

// sortedBy are the experiments of rows in an order.
func sortedBy(t *testing.T, name string, rows []Standing) string {
	t.Helper()
	order, err := parseOrder(name)
	if err != nil {
		t.Fatal(err)
	}
	var sorted []*Standing
	for i := range rows {
		sorted = append(sorted, &rows[i])
	}
	if err := order.sort(sorted, nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range sorted {
		got = append(got, row.Experiment)
	}
	return strings.Join(got, " ")
}

// Either way round, and by settings, of which numbers are numbers.
func TestDirections(t *testing.T) {
	var runs []trained
	for i, rate := range []string{"0.01", "1e-3", "0.1", "fast", ""} {
		config := "layers: [dense]\nbatch_size: 64\n"
		if rate != "" {
			config += "optimizer: {adam: {learning_rate: " + rate + "}}\n"
		}
		runs = append(runs, trained{experiment: string(rune('a' + i)), config: config,
			accuracies: []float64{0.5 + float64(i)/10}, parameters: int64(7 - i)})
	}
	st := openStore(t, runs...)
	for sort, want := range map[string]string{
		"val_accuracy": "e d c b a", "val_accuracy:desc": "e d c b a", "-val_accuracy": "e d c b a",
		"val_accuracy:asc": "a b c d e",
		"parameters":       "e d c b a", "parameters:asc": "e d c b a",
		"-parameters": "a b c d e", "parameters:desc": "a b c d e",
		"experiment": "a b c d e", "-experiment": "e d c b a", "seconds_per_epoch": "e d c b a", "seeds": "e d c b a",
		"optimizer.adam.learning_rate": "b a c d e", "-optimizer.adam.learning_rate": "d c a b e",
		"batch_size": "e d c b a", "layers": "e d c b a", "-status": "e d c b a", "rank:desc": "a b c d e",
	} {
		var got []string
		for _, row := range board(t, st, Options{Sort: sort}).Standings {
			got = append(got, row.Experiment)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("by %s: %v, want %s", sort, got, want)
		}
	}
	if b := board(t, st, Options{Sort: "-test_accuracy"}); !b.SortedByTest {
		t.Error("the board does not say that rows are sorted by accuracy on the test split")
	}
	for _, sort := range []string{"", "-", ":desc", "-parameters:asc", "curve", "beauty", "optimizer.beauty"} {
		var wrong *OrderError
		if _, err := compare(t, st, Options{Sort: sort}); !errors.As(err, &wrong) || wrong.Text != sort {
			t.Errorf("by %q: %v", sort, err)
		}
	}
}

// Where there is no experiment yet, names that none can have are refused all the same.
func TestNamesWithoutExperiments(t *testing.T) {
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Sort: "rank", Columns: []string{"val_accuracy", "curve", "batch_size", "layers[3].conv2d.filters",
			"init.weights"}, Group: []string{"optimizer"}}, ""},
		{Options{Sort: "-optimizer.adam.learning_rate"}, ""},
		{Options{Sort: "beauty"}, `received "beauty"`},
		{Options{Sort: "rank", Columns: []string{""}}, `""`},
		{Options{Sort: "rank", Columns: []string{"beauty"}}, `"beauty"`},
		{Options{Sort: "rank", Group: []string{"batch_sizes"}}, `"batch_sizes"`},
	} {
		_, err := Compare(t.Context(), new(store.Snapshot), c.o)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

// Measures are named as rows are in JSON, and say the same.
func TestMeasuresAreFields(t *testing.T) {
	row := Standing{
		Ranking:    Ranking{Rank: 1},
		Subject:    Subject{Experiment: "e", Mode: "full", Dataset: "d"},
		Cost:       Cost{Parameters: 2, MultiplyAdds: 3e15, Memory: new(int64(4))},
		Accuracy:   Accuracy{Seeds: 5, ValAccuracy: new(0.1), MoreSeeds: new(6)},
		TestResult: TestResult{TestAccuracy: new(0.2), TestUses: 8},
		Time:       Time{SecondsPerEpoch: new(9.5), SecondsToTarget: new(0.125)},
		Pareto:     true,
		BestEpoch:  new(7),
		BestOf:     10,
		Status:     "finished",
	}
	text, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&fields); err != nil {
		t.Fatal(err)
	}
	for _, m := range Measures() {
		if m.Key == "" || m.Head == "" || m.Doc == "" {
			t.Errorf("%+v", m)
		}
		if !m.Sorts() {
			continue
		}
		got, ok := m.Of(&row)
		if want := fmt.Sprint(fields[m.Key]); !ok || m.Unit != Mark && got != want {
			t.Errorf("%s is %q, in JSON %q", m.Key, got, want)
		}
		if _, ok := m.Of(&Standing{}); m.Better == More && m.Unit == Fraction && ok {
			t.Errorf("%s of nothing", m.Key)
		}
	}
}

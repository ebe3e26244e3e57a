package standing

import (
	"slices"
	"strings"
	"testing"
)

// Every order, each the best or the least first, and what is missing last.
func TestOrders(t *testing.T) {
	none := Standing{Experiment: "none", Dataset: "d", Rank: 4, Parameters: 9, MultiplyAdds: 9}
	rows := []Standing{
		none,
		{Experiment: "b", Dataset: "d", Rank: 1, ValAccuracy: new(0.75), Parameters: 3, MultiplyAdds: 1, Memory: new(int64(2)), Seeds: 1,
			SecondsPerEpoch: new(3.0), SecondsToTarget: new(1.0), TestAccuracy: new(0.25)},
		{Experiment: "c", Dataset: "d", Rank: 1, ValAccuracy: new(0.875), Parameters: 1, MultiplyAdds: 2, Memory: new(int64(3)), Seeds: 1,
			SecondsPerEpoch: new(1.0), SecondsToTarget: new(2.0), TestAccuracy: new(0.5)},
		{Experiment: "a", Dataset: "c", Rank: 1, ValAccuracy: new(0.0), Parameters: 2, MultiplyAdds: 3, Memory: new(int64(1)), Seeds: 1,
			SecondsPerEpoch: new(2.0), SecondsToTarget: new(3.0), TestAccuracy: new(0.75)},
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
	for _, name := range OrderNames() {
		order, err := parseOrder(name)
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Clone(rows)
		slices.SortStableFunc(sorted, func(a, b Standing) int { return order(&a, &b) })
		var got []string
		for _, row := range sorted {
			got = append(got, row.Experiment)
		}
		if strings.Join(got, " ") != want[name] {
			t.Errorf("by %s: %v, want %s", name, got, want[name])
		}
		if order(&none, &none) != 0 {
			t.Errorf("by %s what is missing differs from itself", name)
		}
	}
}

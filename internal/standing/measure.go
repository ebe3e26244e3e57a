package standing

import (
	"slices"
	"strconv"
)

// Measure is one result of a row. Columns, filters, orders and help all read the list of measures.
type Measure struct {
	Key   string // the field of Standing in JSON, and the name in --columns, --where and --sort
	Alias string // its name in --sort of older versions; "": none
	Head  string // of its column
	Short string // of its column where there is little room; "": as Head
	Doc   string
	Unit  Unit
	// Better says which values come first.
	Better Better
	// Ranked says that only ranked rows have it, so filters cannot use it.
	Ranked bool

	// At most one of them; neither where rows cannot be sorted by it. False: the row has no value.
	text   func(*Standing) string
	number func(*Standing) (float64, bool)
}

// Unit is what a measure's values are.
type Unit int

const (
	Text   Unit = iota
	Number      // whole
	Count       // whole, and often large
	Bytes
	Fraction    // 0..1
	Seconds     // of an epoch
	ManySeconds // of many epochs
	Mark        // there or not
	Drawing
)

// Better says which values of a measure come first.
type Better int

const (
	Less Better = iota
	More
)

// Measures returns the results of a leaderboard, in the order of its columns.
func Measures() []Measure { return slices.Clone(measures) }

var measures = []Measure{
	{
		Key: "rank", Head: "rank", Unit: Number, Ranked: true,
		number: func(s *Standing) (float64, bool) { return float64(s.Rank), true },
		Doc:    "one more than the rows of the dataset that are significantly better",
	},
	{
		Key: "experiment", Head: "experiment",
		text: func(s *Standing) string { return s.Experiment },
		Doc:  "its name, in the latest run",
	},
	{
		Key: "best_of", Head: "best of", Unit: Number, Better: More, Ranked: true,
		number: func(s *Standing) (float64, bool) { return float64(s.BestOf), true },
		Doc:    "how many rows this is the best of, with --group",
	},
	{
		Key: "dataset", Head: "dataset",
		text: func(s *Standing) string { return s.Dataset },
		Doc:  "the data it was trained on",
	},
	{
		Key: "mode", Head: "mode",
		text: func(s *Standing) string { return s.Mode },
		Doc:  "single-batch or full",
	},
	{
		Key: "parameters", Head: "parameters", Short: "params", Unit: Count,
		number: func(s *Standing) (float64, bool) { return float64(s.Parameters), true },
		Doc:    "parameters of the network",
	},
	{
		Key: "multiply_adds", Head: "multiply-adds", Short: "mult-adds", Unit: Count,
		number: func(s *Standing) (float64, bool) { return float64(s.MultiplyAdds), true },
		Doc:    "multiply-adds of one example",
	},
	{
		Key: "memory_bytes", Alias: "memory", Head: "memory", Unit: Bytes,
		number: func(s *Standing) (float64, bool) { return value(s.Memory) },
		Doc:    "memory that training takes, estimated",
	},
	{
		Key: "seeds", Head: "seeds", Unit: Number, Better: More,
		number: func(s *Standing) (float64, bool) { return float64(s.Seeds), true },
		Doc:    "number of seeds with an epoch",
	},
	{
		Key: "val_accuracy", Head: "val accuracy", Short: "val acc", Unit: Fraction, Better: More,
		number: func(s *Standing) (float64, bool) { return value(s.ValAccuracy) },
		Doc:    "accuracy on validation, 0 to 1, the mean over seeds",
	},
	{
		Key: "more_seeds", Head: "more seeds", Short: "more", Unit: Number, Ranked: true,
		number: func(s *Standing) (float64, bool) { return value(s.MoreSeeds) },
		Doc:    "more seeds that would separate it from its neighbour",
	},
	{
		Key: "pareto", Head: "pareto", Unit: Mark, Better: More, Ranked: true,
		number: func(s *Standing) (float64, bool) { return 1, s.Pareto },
		Doc:    "no row is more accurate with as few multiply-adds, or as accurate with fewer",
	},
	{
		Key: "curve", Head: "curve", Unit: Drawing, Ranked: true,
		Doc: "validation accuracy by epoch, drawn",
	},
	{
		Key: "best_epoch", Head: "best epoch", Short: "best", Unit: Number,
		number: func(s *Standing) (float64, bool) { return value(s.BestEpoch) },
		Doc:    "best epoch of the best seed",
	},
	{
		Key: "test_accuracy", Head: "test accuracy", Short: "test acc", Unit: Fraction, Better: More,
		number: func(s *Standing) (float64, bool) { return value(s.TestAccuracy) },
		Doc:    "accuracy on test, 0 to 1, the mean over the seeds that were tested",
	},
	{
		Key: "test_looks", Head: "test looks", Short: "looks", Unit: Number,
		number: func(s *Standing) (float64, bool) { return float64(s.TestUses), true },
		Doc:    "number of evaluations on the test split",
	},
	{
		Key: "seconds_per_epoch", Alias: "seconds", Head: "s/epoch", Unit: Seconds,
		number: func(s *Standing) (float64, bool) { return value(s.SecondsPerEpoch) },
		Doc:    "seconds of training an epoch",
	},
	{
		Key: "seconds_to_target", Head: "s to target", Unit: ManySeconds,
		number: func(s *Standing) (float64, bool) { return value(s.SecondsToTarget) },
		Doc:    "seconds of training to the accuracy of --target",
	},
	{
		Key: "status", Head: "status",
		text: func(s *Standing) string { return s.Status },
		Doc:  "finished if all its runs are, else the worst of theirs",
	},
}

func value[T int | int64 | float64](p *T) (float64, bool) {
	if p == nil {
		return 0, false
	}
	return float64(*p), true
}

// Sorts reports whether rows can be sorted by the measure.
func (m *Measure) Sorts() bool { return m.text != nil || m.number != nil }

// Filters reports whether rows can be filtered by the measure.
func (m *Measure) Filters() bool { return m.Sorts() && !m.Ranked }

// Number returns a row's value; false where the row has none, or the measure is no number.
func (m *Measure) Number(s *Standing) (x float64, ok bool) {
	if m.number == nil {
		return 0, false
	}
	return m.number(s)
}

// Of returns a row's value as text that a filter reads; false where the row has none.
func (m *Measure) Of(s *Standing) (text string, ok bool) {
	if m.text != nil {
		return m.text(s), true
	}
	x, ok := m.Number(s)
	if !ok {
		return "", false
	}
	format := byte('g')
	if m.Unit == Number || m.Unit == Count || m.Unit == Bytes {
		format = 'f' // in full
	}
	return strconv.FormatFloat(x, format, -1, 64), true
}

// Find returns the measure of a key, or nil.
func Find(key string) *Measure {
	i := slices.IndexFunc(measures, func(m Measure) bool { return m.Key == key })
	if i < 0 {
		return nil
	}
	return &measures[i]
}

// Keys are the keys of the measures that pick picks, in their order.
func Keys(pick func(*Measure) bool) []string {
	var keys []string
	for i := range measures {
		if pick(&measures[i]) {
			keys = append(keys, measures[i].Key)
		}
	}
	return keys
}

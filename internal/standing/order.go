package standing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"runner/internal/spec"
	"runner/store"
)

// order is how rows are sorted.
type order struct {
	text    string   // as it was given
	measure *Measure // or nil
	setting string   // without a measure
	// descending puts the greatest first. Missing values always come last.
	descending bool
}

// parseOrder reads --sort: a measure, the best first, or a setting, the least first. With "-" before it or ":desc"
// after it the greatest comes first, with ":asc" the least.
func parseOrder(text string) (order, error) {
	name, minus := strings.CutPrefix(text, "-")
	name, desc := strings.CutSuffix(name, ":desc")
	name, asc := strings.CutSuffix(name, ":asc")
	o := order{setting: name, descending: minus || desc}
	for i := range measures {
		m := &measures[i]
		if m.Sorts() && (m.Key == name || m.Alias != "" && m.Alias == name) {
			o = order{measure: m, descending: minus || desc || m.Better == More && !asc}
		}
	}
	if o.text = text; asc && (minus || desc) || name == "" {
		return order{}, &OrderError{text}
	}
	return o, nil
}

// OrderError says that rows cannot be sorted by Text.
type OrderError struct{ Text string }

func (e *OrderError) Error() string {
	return fmt.Sprintf("expected one of %s, or a setting that an experiment here has, with - before it or :desc after it "+
		"for the greatest first, with :asc for the least first; received %q",
		strings.Join(Keys((*Measure).Sorts), ", "), e.Text)
}

// possible reports whether an experiment can have a setting of that key.
func possible(key string) bool {
	top := func(path string) string {
		path, _, _ = strings.Cut(path, ".")
		path, _, _ = strings.Cut(path, "[")
		return path
	}
	return slices.ContainsFunc(spec.Keys(), func(k spec.Key) bool { return top(k.Path) == top(key) })
}

// sortKey is what a row is sorted by.
type sortKey struct {
	row     *Standing
	missing bool
	number  float64
	text    string
}

// sort sorts rows and keeps the order of equal ones.
func (o order) sort(rows []*Standing, settings *settings) error {
	var of map[string]store.Settings
	if o.measure == nil && len(rows) > 0 {
		var err error
		if of, err = settings.all(); err != nil {
			return err
		}
	}
	keys := make([]sortKey, len(rows))
	for i, row := range rows {
		keys[i] = o.key(row, of[row.Group])
	}
	if o.measure == nil && len(rows) > 0 && !slices.ContainsFunc(keys, func(k sortKey) bool { return !k.missing }) {
		return &OrderError{o.text}
	}
	byRank := o.measure != nil && o.measure.Key == "rank"
	slices.SortStableFunc(keys, func(a, b sortKey) int {
		if byRank { // accuracies on two datasets cannot be compared: each has its ranks
			if c := compareData(a.row, b.row); c != 0 {
				return c
			}
			if a.number == b.number {
				return cmp.Compare(b.row.accuracy(), a.row.accuracy())
			}
		}
		switch {
		case a.missing != b.missing && a.missing:
			return 1
		case a.missing != b.missing:
			return -1
		}
		c := cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.text, b.text))
		if o.descending {
			c = -c
		}
		return c
	})
	for i, k := range keys {
		rows[i] = k.row
	}
	return nil
}

// key is what a row is sorted by. Settings that are numbers come before those that are words.
func (o order) key(row *Standing, settings store.Settings) sortKey {
	k := sortKey{row: row}
	switch m := o.measure; {
	case m == nil:
		text, ok := setting(settings, o.setting)
		x, err := strconv.ParseFloat(text, 64)
		if k.missing = !ok; err == nil {
			k.number = x
		} else {
			k.number, k.text = math.Inf(1), text
		}
	case m.text != nil:
		k.text = m.text(row)
	default:
		x, ok := m.number(row)
		k.number, k.missing = x, !ok
	}
	return k
}

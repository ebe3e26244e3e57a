package standing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"runner/internal/spec"
	"runner/internal/where"
	"runner/store"
)

// filter leaves the rows that where matches. Keys that no row has are refused.
func filter(ctx context.Context, st *store.Store, rows []*Standing, where where.Expression) ([]*Standing, error) {
	if len(where.Keys()) == 0 || len(rows) == 0 {
		return rows, nil
	}
	index := byGroup(rows)
	keep := make([]bool, len(rows))
	known := append(slices.Clone(resultKeys), layersKey)
	missing := slices.DeleteFunc(where.Keys(), func(key string) bool { return slices.Contains(known, key) })
	err := st.EachSettings(ctx, func(group string, settings store.Settings) {
		i, has := index[group]
		if !has {
			return
		}
		missing = slices.DeleteFunc(missing, func(key string) bool {
			_, has := settings.Get(key)
			return has
		})
		keep[i] = where.Match(func(key string) (string, bool) {
			if slices.Contains(resultKeys, key) {
				return rows[i].result(key)
			}
			return setting(settings, key)
		})
	})
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		keys, err := settingKeys(ctx, st, index)
		if err != nil {
			return nil, err
		}
		if err := where.CheckKeys(append(known, keys...)); err != nil {
			return nil, err
		}
	}
	left := rows[:0]
	for i, row := range rows {
		if keep[i] {
			left = append(left, row)
		}
	}
	return left, nil
}

// settingKeys are the keys of all settings of some groups, sorted.
func settingKeys(ctx context.Context, st *store.Store, groups map[string]int) ([]string, error) {
	keys := make(map[string]bool)
	err := st.EachSettings(ctx, func(group string, settings store.Settings) {
		if _, has := groups[group]; !has {
			return
		}
		for key := range settings.All() {
			keys[key] = true
		}
	})
	return slices.Sorted(maps.Keys(keys)), err
}

func byGroup(rows []*Standing) map[string]int {
	index := make(map[string]int, len(rows))
	for i := range rows {
		index[rows[i].Group] = i
	}
	return index
}

// resultKeys are what a row can be filtered by besides its settings: names of its JSON form.
var resultKeys = []string{"experiment", "mode", "dataset", "parameters", "multiply_adds", "memory_bytes", "seeds", "val_accuracy", "best_epoch",
	"test_accuracy", "test_looks", "seconds_per_epoch", "seconds_to_target", "status"}

// ResultKeys are what rows can be filtered by besides their settings, by their names in JSON.
func ResultKeys() []string { return slices.Clone(resultKeys) }

// rankKeys are what a row has besides, once it is ranked.
var rankKeys = []string{"rank", "more_seeds", "pareto", "curve", "best_of"}

// result is what a row's key of its JSON form stands for, as text; false where it has none.
func (st *Standing) result(key string) (text string, ok bool) {
	float := func(x *float64) (string, bool) {
		if x == nil {
			return "", false
		}
		return strconv.FormatFloat(*x, 'g', -1, 64), true
	}
	integer := func(n int64) (string, bool) { return strconv.FormatInt(n, 10), true }
	switch key {
	case "experiment":
		return st.Experiment, true
	case "mode":
		return st.Mode, true
	case "dataset":
		return st.Dataset, true
	case "status":
		return st.Status, true
	case "parameters":
		return integer(st.Parameters)
	case "multiply_adds":
		return integer(st.MultiplyAdds)
	case "memory_bytes":
		if st.Memory != nil {
			return integer(*st.Memory)
		}
	case "seeds":
		return integer(int64(st.Seeds))
	case "best_epoch":
		if st.BestEpoch != nil {
			return integer(int64(*st.BestEpoch))
		}
	case "test_looks":
		return integer(int64(st.TestUses))
	case "val_accuracy":
		return float(st.ValAccuracy)
	case "test_accuracy":
		return float(st.TestAccuracy)
	case "seconds_per_epoch":
		return float(st.SecondsPerEpoch)
	case "seconds_to_target":
		return float(st.SecondsToTarget)
	}
	return "", false
}

// bestOf leaves, of the rows of a dataset that agree in the settings of the given keys, the one of the
// best mean.
func bestOf(ctx context.Context, st *store.Store, rows []*Standing, keys []string) ([]*Standing, error) {
	if len(keys) == 0 {
		return rows, nil
	}
	index, found := byGroup(rows), make([]bool, len(keys))
	values := make([]string, len(rows))
	err := st.EachSettings(ctx, func(group string, settings store.Settings) {
		i, has := index[group]
		if !has {
			return
		}
		for k, key := range keys {
			value, ok := rows[i].result(key)
			if !ok {
				value, ok = setting(settings, key)
			}
			found[k] = found[k] || ok
			values[i] += value + "\n"
		}
	})
	if err != nil {
		return nil, err
	}
	for k, key := range keys {
		if !found[k] && len(rows) > 0 {
			return nil, &UnknownKeyError{key}
		}
	}
	first := make(map[string]int) // in left, by dataset and values
	var left []*Standing
	for i, row := range rows { // the best of a dataset first
		key := row.Data() + "\n" + values[i]
		at, has := first[key]
		if !has {
			at = len(left)
			first[key] = at
			left = append(left, row)
		}
		left[at].BestOf++
	}
	return left, nil
}

// UnknownKeyError says that no row has a setting of that key.
type UnknownKeyError struct{ Key string }

func (e *UnknownKeyError) Error() string {
	return fmt.Sprintf("no experiment here has a setting %q", e.Key)
}

// configure fills in each row's settings that differ between the rows, or were asked for. Of candidates the rows are
// those that are shown: a setting may be of others alone.
func (b *Board) configure(ctx context.Context, st *store.Store, rows, candidates []*Standing, o Options) error {
	groups := make([]string, len(rows))
	for i, row := range rows {
		groups[i] = row.Group
	}
	byID, err := st.Settings(ctx, groups...)
	if err != nil {
		return err
	}
	all := make([]store.Settings, len(rows))
	for i, group := range groups {
		all[i] = byID[group]
	}
	if len(o.Columns) == 0 {
		b.Settings = foldLayers(slices.DeleteFunc(Differing(all), func(key string) bool {
			// The mode and the dataset have columns already. An argument that has one value wherever there
			// is one tells no more than its kind does.
			return slices.Contains(resultKeys, key) || !OfLayer(key) && alike(all, key)
		}))
	}
	for _, key := range slices.Concat(o.Group, o.Columns) {
		if !slices.Contains(b.Settings, key) && !slices.Contains(resultKeys, key) && !slices.Contains(rankKeys, key) {
			b.Settings = append(b.Settings, key)
		}
	}
	var missing []string
	for _, key := range b.Settings {
		found := false
		for i := range rows {
			value, ok := setting(all[i], key)
			if !ok {
				continue
			}
			found = true
			if rows[i].Configuration == nil {
				rows[i].Configuration = make(map[string]string)
			}
			rows[i].Configuration[key] = value
		}
		if !found && len(rows) > 0 {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	known, err := settingKeys(ctx, st, byGroup(candidates))
	if err != nil {
		return err
	}
	for _, key := range missing {
		if !slices.Contains(known, key) {
			return &UnknownKeyError{key}
		}
	}
	return nil
}

// setting returns a row's setting, or its layers in short.
func setting(s store.Settings, key string) (string, bool) {
	if key == layersKey {
		return layers(s), true
	}
	return s.Get(key)
}

// Differing returns the keys of settings that are not the same in all, in order.
func Differing(all []store.Settings) []string {
	type first struct {
		value string
		count int // in how many the key has it
	}
	var keys []string
	firsts := make(map[string]*first)
	for _, settings := range all {
		for key, value := range settings.All() {
			f, known := firsts[key]
			if !known {
				keys = append(keys, key)
				f = &first{value: value}
				firsts[key] = f
			}
			if f.value == value {
				f.count++
			}
		}
	}
	return slices.DeleteFunc(keys, func(key string) bool { return firsts[key].count == len(all) })
}

// alike tells whether a setting has one value in all that have it.
func alike(all []store.Settings, key string) bool {
	first, seen := "", false
	for _, settings := range all {
		value, ok := settings.Get(key)
		if ok && seen && value != first {
			return false
		}
		if ok {
			first, seen = value, true
		}
	}
	return true
}

// layersKey is the key of a row's layers in short.
const layersKey = "layers"

// foldLayers puts one key in place of those of layers, where not all have the same kinds of layers: what
// stands at one place then does not compare.
func foldLayers(keys []string) []string {
	at := slices.IndexFunc(keys, OfLayer)
	kinds := slices.ContainsFunc(keys, func(key string) bool {
		_, argument, ok := spec.CutLayer(key)
		return ok && argument == ""
	})
	if !kinds {
		return keys
	}
	return slices.Insert(slices.DeleteFunc(keys, OfLayer), at, layersKey)
}

// OfLayer tells whether a setting is a layer's.
func OfLayer(key string) bool {
	_, _, ok := spec.CutLayer(key)
	return ok
}

// layers is the layers of settings in short: "2 conv2d, flatten, dense".
func layers(settings store.Settings) string {
	var parts []string
	kind, n := "", 0
	for key, value := range settings.All() {
		if _, argument, ok := spec.CutLayer(key); !ok || argument != "" {
			continue
		}
		if value != kind {
			parts, kind, n = append(parts, value), value, 0
		}
		if n++; n > 1 {
			parts[len(parts)-1] = fmt.Sprintf("%d %s", n, kind)
		}
	}
	return strings.Join(parts, ", ")
}

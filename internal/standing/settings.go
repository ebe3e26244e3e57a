package standing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"runner/internal/spec"
	"runner/internal/where"
	"runner/store"
)

// settings are those of all groups in a snapshot, read once, when first needed.
type settings struct {
	ctx     context.Context
	v       *store.Snapshot
	byGroup map[string]store.Settings
}

// all returns the settings of each group, by its ID.
func (s *settings) all() (map[string]store.Settings, error) {
	if s.byGroup != nil {
		return s.byGroup, nil
	}
	var err error
	s.byGroup, err = s.v.AllSettings(s.ctx)
	return s.byGroup, err
}

// keys are the keys of all settings of some rows, sorted.
func (s *settings) keys(rows []*Standing) ([]string, error) {
	all, err := s.all()
	keys := make(map[string]bool)
	for _, row := range rows {
		for key := range all[row.Group].All() {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys)), err
}

// filter returns the rows that where matches. It refuses keys that no row has.
func filter(settings *settings, rows []*Standing, where where.Expression) ([]*Standing, error) {
	if len(where.Keys()) == 0 || len(rows) == 0 {
		return rows, nil
	}
	all, err := settings.all()
	if err != nil {
		return nil, err
	}
	known := append(Keys((*Measure).Filters), layersKey)
	missing := slices.DeleteFunc(where.Keys(), func(key string) bool { return slices.Contains(known, key) })
	left := make([]*Standing, 0, len(rows))
	for _, row := range rows {
		of := all[row.Group]
		missing = slices.DeleteFunc(missing, func(key string) bool {
			_, has := of.Get(key)
			return has
		})
		if where.Match(func(key string) (string, bool) { return row.lookUp(of, key) }) {
			left = append(left, row)
		}
	}
	if len(missing) > 0 {
		keys, err := settings.keys(rows)
		if err == nil {
			err = where.CheckKeys(append(known, keys...))
		}
		if err != nil {
			return nil, err
		}
	}
	return left, nil
}

// lookUp is a row's value of a key: a result that filters know, or a setting; false if it has none.
func (st *Standing) lookUp(settings store.Settings, key string) (text string, ok bool) {
	if m := Find(key); m != nil && m.Filters() {
		return m.Of(st)
	}
	return setting(settings, key)
}

// bestOf keeps the row of the best mean among those of a dataset that agree in the settings of the given keys.
func bestOf(settings *settings, rows []*Standing, keys []string) ([]*Standing, error) {
	if len(keys) == 0 || len(rows) == 0 {
		return rows, nil
	}
	all, err := settings.all()
	if err != nil {
		return nil, err
	}
	found := make([]bool, len(keys))
	first := make(map[string]int) // in left, by dataset and values
	var left []*Standing
	for _, row := range rows { // the best of a dataset first
		group := row.Data() + "\n"
		for k, key := range keys {
			value, ok := row.lookUp(all[row.Group], key)
			found[k] = found[k] || ok
			group += value + "\n"
		}
		at, has := first[group]
		if !has {
			at = len(left)
			first[group] = at
			left = append(left, row)
		}
		left[at].BestOf++
	}
	if k := slices.Index(found, false); k >= 0 {
		return nil, &UnknownKeyError{keys[k]}
	}
	return left, nil
}

// UnknownKeyError says that no row has a setting of that key.
type UnknownKeyError struct{ Key string }

func (e *UnknownKeyError) Error() string {
	return fmt.Sprintf("no experiment here has a setting %q", e.Key)
}

// configure fills in each row's settings that differ between the rows, or were asked for. The rows are the candidates
// that are shown: a setting may be one of other candidates only.
func (b *Board) configure(settings *settings, rows, candidates []*Standing, o Options) error {
	groups := make([]string, len(rows))
	for i, row := range rows {
		groups[i] = row.Group
	}
	byID, err := settings.v.Settings(settings.ctx, groups...)
	if err != nil {
		return err
	}
	all := make([]store.Settings, len(rows))
	for i, group := range groups {
		all[i] = byID[group]
	}
	if len(o.Columns) == 0 {
		b.Settings = foldLayers(slices.DeleteFunc(Differing(all), func(key string) bool {
			// Mode and dataset have columns already. An argument that is the same wherever it exists says no more than its kind.
			return Find(key) != nil || !spec.OfLayer(key) && alike(all, key)
		}))
	}
	for _, key := range slices.Concat(o.Group, o.Columns) {
		if !slices.Contains(b.Settings, key) && Find(key) == nil {
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
	known, err := settings.keys(candidates)
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

// alike reports whether a setting has one value in all that have it.
func alike(all []store.Settings, key string) bool {
	values := make(map[string]bool)
	for _, settings := range all {
		if value, ok := settings.Get(key); ok {
			values[value] = true
		}
	}
	return len(values) <= 1
}

// layersKey is the key of a row's layers in short.
const layersKey = "layers"

// foldLayers replaces the keys of layers by one key where the kinds of layers differ, as places then do not compare.
func foldLayers(keys []string) []string {
	at := slices.IndexFunc(keys, spec.OfLayer)
	if !slices.ContainsFunc(keys, ofKind) {
		return keys
	}
	return slices.Insert(slices.DeleteFunc(keys, spec.OfLayer), at, layersKey)
}

// ofKind reports whether a setting is a layer's kind.
func ofKind(key string) bool { return spec.OfLayer(key) && strings.HasSuffix(key, "]") }

// layers is the layers of settings in short: "2 conv2d, residual (2 conv2d; shortcut: conv2d), dense".
func layers(settings store.Settings) string {
	return inShort(spec.LayersOf(func(yield func(key, value string) bool) {
		for key, value := range settings.All() {
			if ofKind(key) && !yield(key, value) {
				return
			}
		}
	}))
}

// inShort counts equal layers that follow one another. Those inside a layer stand in parentheses, with the name of each
// list except "layers".
func inShort(layers []spec.LayerSettings) string {
	var parts []string
	last, n := "", 0
	for _, l := range layers {
		text := l.Kind
		if inside := insideInShort(l.Layers); inside != "" {
			text += " (" + inside + ")"
		}
		if text != last {
			parts, last, n = append(parts, text), text, 0
		}
		if n++; n > 1 {
			parts[len(parts)-1] = fmt.Sprintf("%d %s", n, last)
		}
	}
	return strings.Join(parts, ", ")
}

func insideInShort(layers []spec.LayerSettings) string {
	var parts []string
	for len(layers) > 0 {
		list := layers[0].List
		end := slices.IndexFunc(layers, func(l spec.LayerSettings) bool { return l.List != list })
		if end < 0 {
			end = len(layers)
		}
		text := inShort(layers[:end])
		if list != "layers" {
			text = list + ": " + text
		}
		parts, layers = append(parts, text), layers[end:]
	}
	return strings.Join(parts, "; ")
}

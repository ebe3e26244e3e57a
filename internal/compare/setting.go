package compare

import (
	"slices"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/store"
)

// Setting is one that is not the same on all sides.
type Setting struct {
	Key    string    `json:"key"`
	Values []*string `json:"values"` // of each side; nil: it has none
}

// InitFrom is the key of the weights file that a run started from, by its SHA-256, among settings.
const InitFrom = "init_from"

// differing are the settings that differ, but for those of layers, and InitFrom if that does.
func differing(sides []Side, settings []store.Settings) []Setting {
	keys := slices.DeleteFunc(standing.Differing(settings), spec.OfLayer)
	out := []Setting{}
	for _, key := range keys {
		s := Setting{Key: key}
		for _, each := range settings {
			var value *string
			if text, ok := each.Get(key); ok {
				value = &text
			}
			s.Values = append(s.Values, value)
		}
		out = append(out, s)
	}
	from, same := Setting{Key: InitFrom}, true
	for _, s := range sides {
		var value *string
		if s.InitFrom != "" {
			value = &s.InitFrom
		}
		from.Values = append(from.Values, value)
		same = same && s.InitFrom == sides[0].InitFrom
	}
	if !same {
		out = append(out, from)
	}
	return out
}

package compare

import (
	"slices"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/store"
)

// Setting is a setting that is not the same on all sides.
type Setting struct {
	Key    string    `json:"key"`
	Values []*string `json:"values"` // of each side; nil: it has none
}

// InitFrom is the key under which settings have the SHA-256 of the weights file that a run started from.
const InitFrom = "init_from"

// differing are the settings that differ, except those of layers, and InitFrom if that does.
func differing(sides []Side, settings []store.Settings) []Setting {
	out := []Setting{}
	for _, key := range slices.DeleteFunc(standing.Differing(settings), spec.OfLayer) {
		s := Setting{Key: key}
		for _, each := range settings {
			value, ok := each.Get(key)
			s.add(value, ok)
		}
		out = append(out, s)
	}
	from := Setting{Key: InitFrom}
	for _, s := range sides {
		from.add(s.InitFrom, s.InitFrom != "")
	}
	if slices.ContainsFunc(sides, func(s Side) bool { return s.InitFrom != sides[0].InitFrom }) {
		out = append(out, from)
	}
	return out
}

// add adds the value of the next side, if it has one.
func (s *Setting) add(value string, has bool) {
	if !has {
		s.Values = append(s.Values, nil)
		return
	}
	s.Values = append(s.Values, &value)
}

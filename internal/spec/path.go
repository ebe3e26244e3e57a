package spec

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// step is one part of a dotted path: a key of a map or, with key "", an index of a list.
type step struct {
	key   string
	index int
}

var pathPart = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_-]*)((?:\[[0-9]{1,6}\])*)$`)

// parsePath reads "layers[7].dropout.rate".
func parsePath(path string) ([]step, error) {
	var steps []step
	for part := range strings.SplitSeq(path, ".") {
		m := pathPart.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%s is not a path of keys such as "+
				"optimizer.adam.learning_rate or layers[7].dropout.rate", quote(path))
		}
		steps = append(steps, step{key: m[1]})
		for _, digits := range strings.FieldsFunc(m[2], func(r rune) bool { return r == '[' || r == ']' }) {
			index, _ := strconv.Atoi(digits) // at most six of them
			steps = append(steps, step{index: index})
		}
	}
	if len(steps) > ofFile.depth {
		return nil, fmt.Errorf("%s is nested more than %d levels deep", quote(path), ofFile.depth)
	}
	return steps, nil
}

// pathString writes steps as a path.
func pathString(steps []step) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.key == "":
			fmt.Fprintf(&b, "[%d]", s.index)
		case i > 0:
			b.WriteString("." + s.key)
		default:
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// At is the position of a map's key ("dataset", "init.weights") or a list's entry ("layers[3]")
// in the file that gives it. Where a key is missing it is that of the map that lacks it.
func (e *Experiment) At(path string) Pos {
	here, pos := e.root, e.root.Pos
	steps, err := parsePath(path)
	if err != nil {
		return pos
	}
	for _, s := range steps {
		if s.key == "" {
			if s.index >= len(here.List) {
				return pos
			}
			here = here.List[s.index]
			pos = here.Pos
			continue
		}
		i := here.find(s.key)
		if i < 0 {
			return here.Pos
		}
		pos, here = here.Map[i].KeyPos, here.Map[i].Value
	}
	return pos
}

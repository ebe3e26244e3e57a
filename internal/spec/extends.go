package spec

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

const (
	maxChain = 16   // files that build upon one another
	maxPath  = 1000 // bytes of the path of one, which messages repeat
)

// readTree reads a file and merges it over the file that it extends, and so on. The result
// has no key "extends" left, and "abstract" only as this file itself says it. At the first
// file that cannot be read at all ok is false. said is the place that named the file, chain are
// the files that lead to it, of so many bytes.
func readTree(path string, said Pos, chain []string, size int) (root Node, faults Faults, ok bool) {
	text, err := readFile(path)
	if size += len(text); len(chain) > 0 && size > ofFile.bytes {
		err = fmt.Errorf("the files that build upon one another are larger than %d bytes", ofFile.bytes)
	}
	if err != nil {
		message := err.Error()
		if len(chain) > 0 {
			message = fmt.Sprintf("extends %s: %s", path, message)
		}
		return Node{}, Faults{{said, message}}, false
	}
	root, faults, ok = parse(path, text, ofFile)
	if !ok {
		return Node{}, faults, false
	}
	if root.Kind != Map {
		return Node{}, append(faults, Fault{root.Pos, "expected the keys of an experiment (name, dataset, layers, ...), got " + describe(root)}), false
	}
	extends, given := root.lookup("extends")
	root = root.without("extends")
	if !given || extends.Kind == Null {
		return root, faults, true
	}
	fail := func(format string, args ...any) (Node, Faults, bool) {
		return Node{}, append(faults, Fault{extends.Pos, fmt.Sprintf(format, args...)}), false
	}
	if extends.Kind != String || extends.String == "" || len(extends.String) > maxPath || strings.ContainsFunc(extends.String, unicode.IsControl) {
		return fail("extends: expected the path of another file, got %s", describe(extends))
	}
	base := filepath.FromSlash(extends.String)
	if !filepath.IsAbs(base) {
		base = filepath.Join(filepath.Dir(path), base)
	}
	chain = append(slices.Clone(chain), filepath.Clean(path))
	if i := slices.Index(chain, filepath.Clean(base)); i >= 0 {
		return fail("extends: the files extend one another in a circle: %s", strings.Join(append(chain[i:], base), " -> "))
	}
	if len(chain) > maxChain {
		return fail("extends: more than %d files extend one another", maxChain)
	}
	baseRoot, baseFaults, ok := readTree(base, extends.Pos, chain, size)
	faults = append(faults, baseFaults...)
	if !ok {
		return Node{}, faults, false
	}
	return merge(baseRoot.without("abstract"), root, ""), faults, true
}

// merge lays one tree over another: maps key by key, everything else replaces. path is where
// the two stand, as an override would name it.
func merge(base, over Node, path string) Node {
	if base.Kind != Map || over.Kind != Map || otherKind(base, over, path) {
		return over
	}
	merged := over
	merged.Map = slices.Clone(base.Map)
	at := make(map[string]int, len(base.Map))
	for i, e := range base.Map {
		at[e.Key] = i
	}
	for _, e := range over.Map {
		if i, ok := at[e.Key]; ok {
			e.Value = merge(base.Map[i].Value, e.Value, strings.TrimPrefix(path+"."+e.Key, "."))
			merged.Map[i] = e
		} else {
			merged.Map = append(merged.Map, e)
		}
	}
	return merged
}

// otherKind tells whether both trees choose a kind where one has to be chosen, and differ:
// sgd over adam has none of adam's arguments.
func otherKind(base, over Node, path string) bool {
	return choosesKind(path) && len(base.Map) == 1 && len(over.Map) == 1 && base.Map[0].Key != over.Map[0].Key
}

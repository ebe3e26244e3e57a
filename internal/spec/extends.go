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

// readTree reads a file and merges it over the file that it extends, and so on. The result has
// no key "extends", and "abstract" only if this file says so. ok is false if a file cannot be
// read at all. said is the place that names the file; chain is the files that lead to it, of size
// bytes together.
func readTree(path string, said Pos, chain []string, size int) (root Node, faults Faults, ok bool) {
	text, err := readFile(path)
	if size += len(text); len(chain) > 0 && size > ofFile.bytes {
		err = fmt.Errorf("the files that build upon one another are larger than %d bytes", ofFile.bytes)
	}
	if err != nil {
		where := ""
		if len(chain) > 0 {
			where = "extends " + path
		}
		return Node{}, said.fault(where, "%v", err), false
	}
	root, faults, ok = parse(path, text, ofFile)
	if !ok {
		return Node{}, faults, false
	}
	if root.Kind != Map {
		return Node{}, append(faults, root.Pos.fault("",
			"expected the keys of an experiment (name, dataset, layers, ...), got %s", root.Describe())...), false
	}
	extends, _ := root.lookup("extends")
	root = root.without("extends")
	if extends.Kind == Null {
		return root, faults, true
	}
	fail := func(format string, args ...any) (Node, Faults, bool) {
		return Node{}, append(faults, extends.Pos.fault("extends", format, args...)...), false
	}
	if extends.Kind != String || extends.String == "" || len(extends.String) > maxPath ||
		strings.ContainsFunc(extends.String, unicode.IsControl) {
		return fail("expected the path of another file, got %s", extends.Describe())
	}
	base := filepath.FromSlash(extends.String)
	if !filepath.IsAbs(base) {
		base = filepath.Join(filepath.Dir(path), base)
	}
	chain = append(slices.Clone(chain), filepath.Clean(path))
	if i := slices.Index(chain, filepath.Clean(base)); i >= 0 {
		return fail("the files extend one another in a circle: %s", strings.Join(append(chain[i:], base), " -> "))
	}
	if len(chain) > maxChain {
		return fail("more than %d files extend one another", maxChain)
	}
	baseRoot, baseFaults, ok := readTree(base, extends.Pos, chain, size)
	faults = append(faults, baseFaults...)
	if !ok {
		return Node{}, faults, false
	}
	return merge(baseRoot.without("abstract"), root, ""), faults, true
}

// merge lays one tree over another: maps key by key, everything else replaces. path is where
// both are, as an override names it.
func merge(base, over Node, path string) Node {
	if base.Kind != Map || over.Kind != Map {
		return over
	}
	if choosesKind(path) && len(base.Map) == 1 && len(over.Map) == 1 && base.Map[0].Key != over.Map[0].Key {
		return over // sgd over adam has none of adam's arguments
	}
	merged := over
	merged.Map = slices.Clone(base.Map)
	for _, e := range over.Map {
		if i := base.find(e.Key); i >= 0 {
			e.Value = merge(base.Map[i].Value, e.Value, strings.TrimPrefix(path+"."+e.Key, "."))
			merged.Map[i] = e
		} else {
			merged.Map = append(merged.Map, e)
		}
	}
	return merged
}

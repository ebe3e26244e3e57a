package runner_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors are the top folders. A package imports those of its own floor and of lower ones.
var floors = map[string]int{"cmd": 3, "runner": 2, "arch": 1, "internal": 0, "store": 0}

func floor(name string) int {
	folder, _, _ := strings.Cut(name, "/")
	return floors[folder]
}

// arrows is the program's diagram: which of our packages each package imports,
// outside its tests. It points one way; a new arrow is a change of design, and
// one that nothing uses any more goes out of the diagram.
var arrows = map[string][]string{
	"internal/spec":           {"internal/spelling"},
	"internal/spelling":       nil,
	"internal/rng":            nil,
	"internal/checkpoint":     {"internal/files"},
	"arch/kernel":             nil,
	"store":                   {"internal/files", "internal/spelling"},
	"store/storetest":         {"store"},
	"internal/data/datatest":  nil,
	"internal/data/transform": nil,
	"internal/data/fetch":     nil,
	"internal/data/prepared":  {"internal/data/transform", "internal/files", "internal/rng"},
	"internal/data/cifar":     {"internal/data/fetch", "internal/data/prepared"},
	"internal/data/synthetic": {"internal/data/fetch", "internal/data/prepared", "internal/rng"},
	"internal/data": {"internal/data/cifar", "internal/data/fetch", "internal/data/prepared", "internal/data/synthetic",
		"internal/data/transform", "internal/spec"},
	"arch/op":      {"internal/rng", "arch/kernel"},
	"arch":         {"internal/spec", "internal/rng", "arch/op", "arch/kernel"},
	"runner/optim": {"arch", "arch/kernel", "internal/spec"},
	"runner": {"arch", "arch/kernel", "runner/optim", "internal/checkpoint",
		"internal/data", "internal/data/transform", "internal/spec", "store"},
	"internal/stats":       nil,
	"runner/sweep":         {"runner", "internal/data", "internal/spec", "store"},
	"internal/standing":    {"internal/spec", "internal/stats", "internal/where", "store"},
	"internal/compare":     {"internal/spec", "internal/standing", "internal/stats", "store"},
	"internal/files":       nil,
	"internal/view/words":  {"internal/compare", "internal/standing", "internal/stats", "store"},
	"internal/view/plot":   {"internal/view/words", "internal/compare", "store"},
	"internal/view/record": {"internal/view/words", "internal/standing", "store"},
	"internal/view/term": {"internal/view/words", "internal/view/plot", "internal/view/record", "internal/compare",
		"internal/data", "internal/standing", "internal/stats", "store"},
	"internal/view/figure": {"internal/view/words", "internal/view/plot", "internal/view/record", "internal/files",
		"internal/compare", "store"},
	"internal/view/html": {"internal/view/words", "internal/view/plot", "internal/view/record", "internal/view/term",
		"internal/standing", "store"},
	"internal/view/viewtest": {"internal/view/record", "internal/compare", "internal/standing", "internal/stats", "store"},
	"internal/where":         {"internal/spec"},
	"internal/bench":         nil,
	"cmd/bench-store":        {"internal/bench", "internal/spec", "store"},
	"cmd/bench-forecast": {"internal/bench", "runner", "runner/lab", "runner/sweep", "internal/data",
		"internal/view/term", "store"},
	"cmd/bench-peers": {"internal/bench", "arch/kernel", "internal/data", "internal/data/transform",
		"runner", "runner/lab"},
	"runner/lab": {"arch", "runner", "runner/optim", "runner/sweep", "internal/compare", "internal/data", "internal/rng",
		"internal/spec",
		"internal/standing", "internal/view/record", "store"},
	"cmd/runner": {"arch/kernel", "runner", "runner/lab", "runner/sweep", "internal/compare",
		"internal/data", "internal/files", "internal/view/words", "internal/view/term", "internal/view/figure",
		"internal/view/record", "internal/view/html", "internal/spec", "internal/standing", "internal/where", "store"},
}

func TestImportsFollowTheDiagram(t *testing.T) {
	path, err := exec.Command("go", "list", "-m").Output()
	if err != nil {
		t.Fatal(err)
	}
	module := strings.TrimSpace(string(path)) + "/" // which a fork names otherwise
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name, ours := strings.CutPrefix(p.ImportPath, module)
		if !ours {
			continue // this package: the module's root, tests only
		}
		seen[name] = true
		allowed, known := arrows[name]
		if !known {
			t.Errorf("package %s is not in the diagram", name)
		}
		for _, path := range p.Imports {
			if to, ours := strings.CutPrefix(path, module); ours && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s: no such arrow in the diagram", name, to)
			}
		}
		for _, to := range allowed {
			if floor(to) > floor(name) {
				t.Errorf("%s imports %s, which is on a higher floor", name, to)
			}
			if !slices.Contains(p.Imports, module+to) {
				t.Errorf("%s does not import %s: take the arrow out of the diagram", name, to)
			}
		}
	}
	for name := range arrows {
		if !seen[name] {
			t.Errorf("the diagram has a package %s, which there is not", name)
		}
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"runner/internal/spec"
)

const readme = "../../README.md"

// TestReadmeReference checks that the README's tables of kinds are those that
// the kinds' own documentation makes; -update writes them.
func TestReadmeReference(t *testing.T) {
	datasets, layers, initialisers, optimizers := kinds()
	old, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	text := string(old)
	sections := map[string][]spec.KindSchema{"layers": layers, "initialisers": initialisers, "optimizers": optimizers}
	if slices.ContainsFunc(datasets, spec.KindSchema.HasArguments) {
		sections["datasets"] = datasets
	}
	for section, kinds := range sections {
		text = splice(t, text, section, reference(t, kinds))
	}
	if text == string(old) {
		return
	}
	if !*update {
		t.Fatal("README.md is not up to date with the kinds: run make generate")
	}
	if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// reference is a table of kinds with their arguments: required ones in bold, the
// others with their defaults.
func reference(t *testing.T, kinds []spec.KindSchema) string {
	var b strings.Builder
	b.WriteString("| kind | arguments and defaults | what it does |\n|---|---|---|\n")
	for _, k := range kinds {
		args, err := spec.Arguments(k.Args)
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, a := range args {
			switch {
			case a.Required:
				words = append(words, fmt.Sprintf("**`%s`**", a.Name))
			case a.Default == "":
				words = append(words, fmt.Sprintf("`%s`", a.Name))
			default:
				words = append(words, fmt.Sprintf("`%s: %s`", a.Name, a.Default))
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Name, strings.Join(words, ", "), k.Doc)
	}
	return b.String()
}

// splice replaces what stands between <!-- section --> and <!-- /section -->.
func splice(t *testing.T, text, section, body string) string {
	begin, end := "<!-- "+section+" -->\n", "<!-- /"+section+" -->"
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md has no section between %q and %q", begin, end)
	}
	return before + begin + body + end + after
}

// TestReadmeCommands runs every command in the README's ```sh blocks, in order,
// in a copy of the experiments.
func TestReadmeCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("trains real networks, which takes minutes under the race detector")
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	script.WriteString("exec runner sweep experiments/quickstart --epochs 1\n") // as make demo, but shorter
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); line != "" {
				fmt.Fprintf(&script, "exec %s\n", line)
			}
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(script.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("RUNNER_DATA", shared)
			return os.CopyFS(filepath.Join(env.WorkDir, "experiments"), os.DirFS(filepath.Join(root, "experiments")))
		},
	})
}

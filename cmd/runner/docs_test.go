package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/runner/lab"
)

// repository is the folder of the repository.
const repository = "../.."

// documents are the pages for people who use the program. docs/log.md has commands of its time.
func documents(t *testing.T) []string {
	pages, err := filepath.Glob(filepath.Join(repository, "docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"} {
		pages = append(pages, filepath.Join(repository, name))
	}
	return slices.DeleteFunc(pages, func(page string) bool { return filepath.Base(page) == "log.md" })
}

// TestReference checks that the tables of keys, kinds and measures in docs/ are those that the code
// makes; -update writes them.
func TestReference(t *testing.T) {
	datasets, layers, initialisers, optimizers := lab.Kinds()
	for page, sections := range map[string]map[string]string{
		"docs/comparing.md": {"measures": measureTable()},
		"docs/data.md":      {"datasets": kindTable(t, datasets)},
		"docs/experiment-file.md": {
			"keys":         keyTable(),
			"layers":       kindTable(t, layers),
			"initialisers": kindTable(t, initialisers),
			"optimizers":   kindTable(t, optimizers),
		},
	} {
		path := filepath.Join(repository, page)
		old := readPage(t, path)
		text := old
		for section, body := range sections {
			text = splice(t, page, text, section, body)
		}
		switch {
		case text == old:
		case !*update:
			t.Errorf("%s is out of date: run make generate", page)
		default:
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// keyTable is a table of the keys of an experiment file.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| key | default | what it means |\n|---|---|---|\n")
	for _, k := range spec.Keys() {
		value := k.Default
		switch {
		case k.Required:
			value = "required"
		case value != "":
			value = "`" + value + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Path, value, k.Doc)
	}
	return b.String()
}

// measureTable is a table of what a leaderboard tells of an experiment.
func measureTable() string {
	var b strings.Builder
	b.WriteString("| name | column | what it is |\n|---|---|---|\n")
	for _, m := range standing.Measures() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.Key, m.Head, m.Doc)
	}
	return b.String()
}

// kindTable is a table of kinds with their arguments: required ones in bold, the others with
// their defaults.
func kindTable(t *testing.T, kinds []spec.KindSchema) string {
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
				words = append(words, fmt.Sprintf("**`%s`**", a.Path))
			case a.Default == "":
				words = append(words, fmt.Sprintf("`%s`", a.Path))
			default:
				words = append(words, fmt.Sprintf("`%s: %s`", a.Path, a.Default))
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Name, strings.Join(words, ", "), k.Doc)
	}
	return b.String()
}

// splice replaces what stands between <!-- section --> and <!-- /section --> of a page.
func splice(t *testing.T, page, text, section, body string) string {
	begin, end := "<!-- "+section+" -->\n", "<!-- /"+section+" -->"
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no section between %q and %q", page, begin, end)
	}
	return before + begin + body + end + after
}

// block is a fenced block of a page: its language and its text.
var block = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```")

// commands returns the command lines in a page's blocks of a language.
func commands(page, language string) []string {
	var all []string
	for _, found := range block.FindAllStringSubmatch(page, -1) {
		if found[1] != language {
			continue
		}
		for line := range strings.Lines(found[2]) {
			command, prompted := strings.CutPrefix(strings.TrimSpace(line), "$ ")
			if command != "" && (prompted || language == "sh") {
				all = append(all, command)
			}
		}
	}
	return all
}

// TestDocumentedCommands runs every command in the documents' ```sh blocks, in order, in a
// copy of the experiments of which the quickstart is trained. Of the ```console blocks, which
// hold what takes long or needs CIFAR-10, it runs the sweeps with --dry-run.
func TestDocumentedCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("trains real networks, which takes minutes under the race detector")
	}
	dir := t.TempDir()
	for _, page := range documents(t) {
		var lines []string
		text := readPage(t, page)
		for _, command := range commands(text, "sh") {
			lines = append(lines, "exec "+command)
		}
		for _, command := range commands(text, "console") {
			if strings.HasPrefix(command, "runner sweep") {
				lines = append(lines, "exec "+command+" --dry-run")
			}
		}
		if len(lines) == 0 {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(page), ".md") + ".txtar"
		// As make demo, but shorter.
		script := "exec runner sweep experiments/quickstart --epochs 1\n" + strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	testscript.Run(t, testscript.Params{
		Dir: dir,
		Setup: func(env *testscript.Env) error {
			env.Setenv("RUNNER_DATA", shared)
			return os.CopyFS(filepath.Join(env.WorkDir, "experiments"), os.DirFS(filepath.Join(repository, "experiments")))
		},
	})
}

// TestDocumentedNames checks that every command, flag and make target that the documents name
// exists, in text and in blocks that are not run.
func TestDocumentedNames(t *testing.T) {
	makefile := readPage(t, filepath.Join(repository, "Makefile"))
	span := regexp.MustCompile("`((?:runner|make) [^`]*)`")
	for _, page := range documents(t) {
		text := readPage(t, page)
		named := append(commands(text, "sh"), commands(text, "console")...)
		for _, found := range span.FindAllStringSubmatch(block.ReplaceAllString(text, ""), -1) {
			named = append(named, found[1])
		}
		for _, line := range named {
			var err error
			switch words := shellWords(line); words[0] {
			case "make":
				if !regexp.MustCompile(`(?m)^` + words[1] + `:`).MatchString(makefile) {
					err = fmt.Errorf("the Makefile has no target %s", words[1])
				}
			case "runner":
				err = parses(words[1:])
			}
			if err != nil {
				t.Errorf("%s: %s: %v", page, line, err)
			}
		}
	}
}

// parses tells why a command line names no command, or a flag that it does not have.
func parses(args []string) error {
	if args[0] == "COMMAND" {
		return nil
	}
	app := newRoot()
	cmd, rest, err := app.Find(args)
	if err != nil {
		return err
	}
	if cmd == app && !strings.HasPrefix(args[0], "-") {
		return errors.New("no such command")
	}
	cmd.InitDefaultHelpFlag()
	cmd.InitDefaultVersionFlag()
	return cmd.ParseFlags(rest)
}

// TestDocumentedLinks checks that the files that the documents link to are here, with the
// headings that they name.
func TestDocumentedLinks(t *testing.T) {
	for _, page := range documents(t) {
		for _, found := range regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`).FindAllStringSubmatch(readPage(t, page), -1) {
			target := page
			if found[1] != "" {
				target = filepath.Join(filepath.Dir(page), found[1])
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: link to %s: %v", page, found[1], err)
				continue
			}
			if found[2] != "" && !slices.Contains(anchors(readPage(t, target)), found[2]) {
				t.Errorf("%s: %s has no heading %s", page, target, found[2])
			}
		}
	}
}

// anchors returns how links name a page's headings.
func anchors(text string) []string {
	var all []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		kept := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		all = append(all, "#"+strings.ReplaceAll(kept, " ", "-"))
	}
	return all
}

// shellWords splits a command line at spaces, outside of single quotes.
func shellWords(line string) []string {
	var words []string
	for _, found := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		if strings.HasPrefix(found[2], "#") {
			break
		}
		words = append(words, found[1]+found[2])
	}
	return words
}

func readPage(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

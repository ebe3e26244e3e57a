//go:build ignore

// Command images draws the pictures of the README, in docs/images, from a real sweep: what a
// terminal shows, as text in an SVG, and a figure that compares two experiments. It runs bin/runner, from the
// repository's root, with a store of its own.
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	sweep       = "runner sweep experiments/quickstart --set sweep.seeds=3 --format json > results.json"
	leaderboard = "runner leaderboard --columns parameters,multiply_adds,seeds,val_accuracy,curve,seconds_per_epoch"
	figure      = "runner compare mlp cnn --figure compare.png"

	progressLines = 8 // of the sweep, its last
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal("images: ", err)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "images")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	_, progress, err := shell(dir, sweep)
	if err != nil {
		return err
	}
	table, _, err := shell(dir, leaderboard)
	if err != nil {
		return err
	}
	lines := slices.Concat([]string{"$ " + sweep, "⋮"}, progress[max(0, len(progress)-progressLines):],
		[]string{"", "$ " + leaderboard}, table)
	if err := os.WriteFile("docs/images/terminal.svg", terminal(lines), 0o644); err != nil {
		return err
	}
	if _, _, err := shell(dir, figure); err != nil {
		return err
	}
	drawn, err := os.ReadFile(filepath.Join(dir, "compare.png"))
	if err != nil {
		return err
	}
	return os.WriteFile("docs/images/compare.png", drawn, 0o644)
}

// shell runs a command line in dir, which gets the experiments, and returns the lines of its two outputs.
func shell(dir, line string) (out, progress []string, err error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, nil, err
	}
	err = os.Symlink(filepath.Join(here, "experiments"), filepath.Join(dir, "experiments"))
	if err != nil && !os.IsExist(err) {
		return nil, nil, err
	}
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUNNER_STORE=runs", "PATH="+filepath.Join(here, "bin")+":"+os.Getenv("PATH"))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w\n%s", line, err, stderr.String())
	}
	split := func(b *bytes.Buffer) []string { return strings.Split(strings.TrimRight(b.String(), "\n"), "\n") }
	return split(&stdout), split(&stderr), nil
}

// A character of the terminal, in pixels.
const (
	charWidth, charHeight = 8.4, 19
	margin                = 18
)

// terminal draws lines on a dark ground, which reads well on light pages and dark ones. Each column
// of a table has a place of its own, since not every font gives all characters one width.
func terminal(lines []string) []byte {
	column := regexp.MustCompile(`\S+( \S+)*`)
	widest := slices.MaxFunc(lines, func(a, b string) int {
		return cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	})
	width := 2*margin + int(charWidth*float64(utf8.RuneCountInString(widest)))
	height := 2*margin + charHeight*len(lines)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-size="14" fill="#d6deeb"`+
		` font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" rx="8" fill="#161b22"/>`+"\n", width, height)
	for i, line := range lines {
		color := ""
		if strings.HasPrefix(line, "$ ") {
			color = ` fill="#7ee787"`
		}
		for _, at := range column.FindAllStringIndex(line, -1) {
			text := line[at[0]:at[1]]
			n := utf8.RuneCountInString(text)
			fmt.Fprintf(&b, `<text x="%.1f" y="%d" textLength="%.1f"%s>%s</text>`+"\n",
				margin+charWidth*float64(utf8.RuneCountInString(line[:at[0]])), margin+charHeight*i+14,
				charWidth*float64(n), color, html.EscapeString(text))
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"
	"time"

	"runner/internal/bench"
)

// figure is what the starts of the program with some arguments took.
type figure struct {
	arguments []string
	ms        []float64 // from start to end
	memory    float64   // peak of all, in bytes
}

// measure starts the program with each line of arguments, in turns, and writes a table.
func measure(ctx context.Context, w io.Writer, binary, dir string, repetitions int) error {
	const where = "optimizer.adam.learning_rate < 0.001 and val_accuracy > 0.5"
	figures := []*figure{
		{arguments: []string{"--version"}},
		{arguments: []string{"leaderboard"}},
		{arguments: []string{"leaderboard", "--where", where, "--sort", "seconds"}},
		{arguments: []string{"leaderboard", "--target", "50%", "--sort", "seconds_to_target"}},
		{arguments: []string{"leaderboard", "--format", "json"}},
		{arguments: []string{"show", id(1)}},
	}
	for range repetitions {
		for _, f := range figures {
			cmd := exec.CommandContext(ctx, binary, append([]string{"--store", dir}, f.arguments...)...)
			cmd.Stderr = os.Stderr // its output goes nowhere: kept, it would count as memory (main.go)
			start := time.Now()
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("%s: %w", cmd, err)
			}
			f.ms = append(f.ms, 1e3*time.Since(start).Seconds())
			f.memory = max(f.memory, bench.PeakMemory(cmd.ProcessState))
		}
	}
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	fmt.Fprint(table, "| runner ...\t| n\t| median\t| quartiles\t| peak memory\t|\n|---\t|---:\t|---:\t|---\t|---:\t|\n")
	for _, f := range figures {
		at := func(part float64) float64 { return bench.Quantile(f.ms, part) }
		fmt.Fprintf(table, "| `%s`\t| %d\t| %.0f ms\t| %.0f .. %.0f ms\t| %.0f MB\t|\n",
			strings.Join(f.arguments, " "), len(f.ms), at(0.5), at(0.25), at(0.75), f.memory/1e6)
	}
	return table.Flush()
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"

	"runner/internal/bench"
	"runner/internal/view/term"
	"runner/runner"
	"runner/runner/lab"
	"runner/runner/sweep"
	"runner/store"
)

// comparison is networks and what was measured of them.
type comparison struct {
	program  string
	threads  int
	set      []string
	dataDir  string
	networks []*network
}

type network struct {
	file  string
	job   runner.Job
	turns []turn
}

// turn is what was forecast of a network, and what its training then took.
type turn struct{ forecast, truth figures }

// figures of a training are the seconds of its median epoch and of its evaluation, and at most how many bytes it takes.
// Their keys are those that 'runner check' prints.
type figures struct {
	Seconds     float64 `json:"seconds_per_epoch"`
	EvalSeconds float64 `json:"eval_seconds_per_epoch"`
	Memory      float64 `json:"memory_bytes"`
}

// add adds the first experiment of a file, if it has any: those of a sweep differ
// in what decides neither time nor memory.
func (b *comparison) add(ctx context.Context, file string) error {
	plans, faults := lab.LoadValid([]string{file}, b.set)
	if len(faults) > 0 {
		return faults
	}
	if len(plans) == 0 {
		return nil
	}
	l := lab.Lab{Data: b.dataDir, Preparing: term.NewPreparation(os.Stderr, false).Tell}
	ds, err := l.OpenData(ctx, plans[0].Dataset)
	if err != nil {
		return err
	}
	b.networks = append(b.networks, &network{file, runner.Job{Plan: plans[0], Dataset: ds, Threads: b.threads}, nil})
	return nil
}

// turn forecasts a network and trains it.
func (b *comparison) turn(ctx context.Context, n *network) error {
	dir, err := os.MkdirTemp("", "forecasts")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	forecast, err := b.forecast(ctx, n, dir)
	if err != nil {
		return err
	}
	truth, err := b.measure(ctx, n.job, dir)
	if err != nil {
		return err
	}
	n.turns = append(n.turns, turn{forecast, truth})
	return nil
}

// forecast asks the program, in a folder of datasets where no pace is kept.
func (b *comparison) forecast(ctx context.Context, n *network, dir string) (figures, error) {
	named := n.job.Plan.Dataset
	if err := os.Symlink(named.Folder(b.dataDir), named.Folder(dir)); err != nil {
		return figures{}, err
	}
	args := []string{"--data", dir, "check", n.file, "--format", "json", "--threads", strconv.Itoa(b.threads)}
	for _, s := range b.set {
		args = append(args, "--set", s)
	}
	cmd := exec.CommandContext(ctx, b.program, args...)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return figures{}, fmt.Errorf("runner check: %w", err)
	}
	var all []figures
	if err := json.Unmarshal(text, &all); err != nil {
		return figures{}, err
	}
	return all[0], nil
}

// measure trains a job in a worker.
func (b *comparison) measure(ctx context.Context, j runner.Job, dir string) (f figures, err error) {
	st, err := store.Open(ctx, dir)
	if err != nil {
		return f, err
	}
	defer st.Close()
	run, err := runner.NewRun(j, runner.ThisEnvironment())
	if err != nil {
		return f, err
	}
	var cmd *exec.Cmd
	options := sweep.Options{
		Store: st, Jobs: 1, Threads: j.Threads,
		Place: sweep.Here{Store: dir, Data: b.dataDir, Worker: func() (*exec.Cmd, error) {
			cmd = exec.Command(b.program, "worker")
			return cmd, nil
		}},
	}
	var train, evaluate []float64
	for event := range sweep.Train(ctx, sweep.List(&sweep.Task{Job: j, Run: run}), options) {
		if cmd != nil && cmd.Process != nil { // it was started
			// It grows to the end; of a process that has ended nothing is known.
			f.Memory = max(f.Memory, peakMemory(cmd.Process.Pid))
		}
		switch event.What {
		case sweep.Logged:
			train, evaluate = append(train, event.Epoch.Seconds), append(evaluate, event.Epoch.EvalSeconds)
		case sweep.Ended:
			err = event.Err
		}
	}
	if err == nil && len(train) == 0 {
		err = errors.New("no epoch was trained")
	}
	if err == nil {
		f.Seconds, f.EvalSeconds = bench.Median(train), bench.Median(evaluate)
	}
	return f, err
}

// peakMemory returns the most bytes that a running process had in memory at a time,
// 0 where the system does not tell.
func peakMemory(process int) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	for line := range strings.Lines(string(status)) {
		if kilobytes, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			var n float64
			fmt.Sscan(kilobytes, &n)
			return 1024 * n
		}
	}
	return 0
}

// write prints the table.
func (b *comparison) write(w io.Writer) error {
	table := tablewriter.NewTable(w)
	table.Header("experiment", "s/epoch", "forecast", "ratio", "evaluation", "forecast", "ratio",
		"MB", "forecast", "ratio")
	for _, n := range b.networks {
		row := []string{n.job.Plan.Experiment.Name}
		row = append(row, cells("%.3f", n.turns, func(f figures) float64 { return f.Seconds })...)
		row = append(row, cells("%.3f", n.turns, func(f figures) float64 { return f.EvalSeconds })...)
		row = append(row, cells("%.0f", n.turns, func(f figures) float64 { return f.Memory / 1e6 })...)
		table.Append(row)
	}
	return table.Render()
}

// cells shows the medians of the truths and of the forecasts, and that of their
// ratios with its quartiles.
func cells(format string, turns []turn, of func(figures) float64) []string {
	var truths, forecasts, ratios []float64
	for _, t := range turns {
		truth, forecast := of(t.truth), of(t.forecast)
		truths, forecasts = append(truths, truth), append(forecasts, forecast)
		ratios = append(ratios, forecast/truth)
	}
	return []string{
		fmt.Sprintf(format, bench.Median(truths)), fmt.Sprintf(format, bench.Median(forecasts)),
		fmt.Sprintf("%.2f (%.2f .. %.2f)", bench.Median(ratios), bench.Quantile(ratios, 0.25), bench.Quantile(ratios, 0.75)),
	}
}

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
	"runner/internal/data"
	"runner/internal/spec"
	"runner/internal/view/term"
	"runner/runner"
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
	file                   string
	job                    runner.Job
	train, evaluate, bytes []pair // one a turn
}

// pair is a forecast and what was true then.
type pair struct{ forecast, truth float64 }

// add adds the first experiment of a file, if it has any: those of a sweep differ
// in what decides neither time nor memory.
func (b *comparison) add(ctx context.Context, file string) error {
	loaded, faults := spec.Load(file, b.set)
	if len(faults) > 0 {
		return faults
	}
	if len(loaded.Experiments) == 0 {
		return nil
	}
	plan, faults := runner.NewPlan(loaded.Experiments[0], data.Kinds())
	if len(faults) > 0 {
		return faults
	}
	o := data.Options{Dir: b.dataDir}
	o.Tell = term.NewPreparation(os.Stderr, false).Tell
	ds, err := plan.Dataset.Open(ctx, o)
	if err != nil {
		return err
	}
	b.networks = append(b.networks, &network{file: file, job: runner.Job{Plan: plan, Dataset: ds, Threads: b.threads}})
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
	real, err := b.measure(ctx, n.job, dir)
	if err != nil {
		return err
	}
	n.train = append(n.train, pair{forecast.Seconds, real.train})
	n.evaluate = append(n.evaluate, pair{forecast.EvalSeconds, real.evaluate})
	n.bytes = append(n.bytes, pair{forecast.Memory, real.bytes})
	return nil
}

// forecast is what 'runner check' says of a network.
type forecast struct {
	Seconds     float64 `json:"seconds_per_epoch"`
	EvalSeconds float64 `json:"eval_seconds_per_epoch"`
	Memory      float64 `json:"memory_bytes"`
}

// forecast asks the program, in a folder of datasets where no pace is kept.
func (b *comparison) forecast(ctx context.Context, n *network, dir string) (forecast, error) {
	named := n.job.Plan.Dataset
	if err := os.Symlink(named.Folder(b.dataDir), named.Folder(dir)); err != nil {
		return forecast{}, err
	}
	args := []string{"--data", dir, "check", n.file, "--format", "json", "--threads", strconv.Itoa(b.threads)}
	for _, s := range b.set {
		args = append(args, "--set", s)
	}
	cmd := exec.CommandContext(ctx, b.program, args...)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return forecast{}, fmt.Errorf("runner check: %w", err)
	}
	var all []forecast
	if err := json.Unmarshal(text, &all); err != nil {
		return forecast{}, err
	}
	return all[0], nil
}

// truth is what a training took: the seconds of its median epoch, and at most how
// many bytes.
type truth struct{ train, evaluate, bytes float64 }

// measure trains a job in a worker.
func (b *comparison) measure(ctx context.Context, j runner.Job, dir string) (t truth, err error) {
	st, err := store.Open(ctx, dir)
	if err != nil {
		return t, err
	}
	defer st.Close()
	run, err := runner.NewRun(j, runner.ThisEnvironment())
	if err != nil {
		return t, err
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
			t.bytes = max(t.bytes, peakMemory(cmd.Process.Pid))
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
		t.train, t.evaluate = bench.Median(train), bench.Median(evaluate)
	}
	return t, err
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
		row = append(row, cells("%.3f", 1, n.train)...)
		row = append(row, cells("%.3f", 1, n.evaluate)...)
		row = append(row, cells("%.0f", 1e-6, n.bytes)...)
		table.Append(row)
	}
	return table.Render()
}

// cells shows the medians of the truths and of the forecasts, and that of their
// ratios with its quartiles.
func cells(format string, scale float64, pairs []pair) []string {
	var truths, forecasts, ratios []float64
	for _, p := range pairs {
		truths, forecasts = append(truths, scale*p.truth), append(forecasts, scale*p.forecast)
		ratios = append(ratios, p.forecast/p.truth)
	}
	return []string{
		fmt.Sprintf(format, bench.Median(truths)), fmt.Sprintf(format, bench.Median(forecasts)),
		fmt.Sprintf("%.2f (%.2f .. %.2f)", bench.Median(ratios), bench.Quantile(ratios, 0.25), bench.Quantile(ratios, 0.75)),
	}
}

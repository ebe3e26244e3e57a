package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"

	"github.com/klauspost/cpuid/v2"

	"runner/arch/kernel"
	"runner/internal/bench"
	"runner/internal/data"
	"runner/internal/data/transform"
	"runner/runner"
)

// options are what the command line says.
type options struct {
	repetitions int
	only        *regexp.Regexp
	runner      string
}

// figure is a row of the table: what was measured and how it compares.
type figure struct {
	name       string
	peer, ours string // medians, with units
	values     []float64
	format     string  // of one of values
	must, aim  float64 // both 0: no bounds
	most       bool    // must and aim are upper bounds
}

// step's arithmetic: for an image, forward and backward.
const stepFlops = 18.98e6

// measurements are one run of the program.
type measurements struct {
	options
	ctx     context.Context
	batch   string
	figures []figure
	notes   []string
	open    map[string]*contender
}

// sides is what is set in the environment of ours and of the peer.
type sides struct{ ours, peer []string }

// Where a processor has AVX-512, these keep a side from it. PyTorch computes with
// oneDNN, OpenBLAS and loops of its own (ATen).
var (
	avx2Ours = []string{"RUNNER_ISA=avx2"}
	avx2Peer = []string{"ONEDNN_MAX_CPU_ISA=AVX2", "OPENBLAS_CORETYPE=Haswell", "ATEN_CPU_CAPABILITY=avx2"}
)

// rows has every figure with its format and bounds, and what measures it.
var rows = []struct {
	figure
	run func(*measurements, figure) error
}{
	{figure{name: "step, 2 threads", format: "%.2f", must: 1.5, aim: 2.2}, torch("step", 2, sides{})},
	{figure{name: "step, 1 thread", format: "%.2f", must: 1.1, aim: 1.4}, torch("step", 1, sides{})},
	{figure{name: "evaluate 10,000 images, 2 threads", format: "%.2f", must: 1.3, aim: 1.7}, torch("evaluate", 2, sides{})},
	{figure{name: "3x3 convolution 64->64, 2 threads", format: "%.2f", must: 0.8, aim: 1.1},
		torch("convolution", 2, sides{})},
	{figure{name: "step, AVX2 here, 2 threads", format: "%.2f", must: 1.3, aim: 2.0},
		torch("step", 2, sides{ours: avx2Ours})},
	{figure{name: "step, AVX2 on both sides, 2 threads", format: "%.2f", must: 1.3, aim: 2.0},
		torch("step", 2, sides{ours: avx2Ours, peer: avx2Peer})},
	{figure{name: "step / the tile's peak, 2 threads", format: "%.0f %%", must: 55, aim: 75}, (*measurements).peak},
	{figure{name: "product 256x1024x512", format: "%.2f", must: 1, aim: 1.2}, (*measurements).product},
	{figure{name: "product 16384x64x288", format: "%.2f", must: 1, aim: 1.2}, (*measurements).product},
	{figure{name: "product 65536x32x147", format: "%.2f", must: 1, aim: 1.2}, (*measurements).product},
	{figure{name: "step of stock Gorgonia, 2 threads", format: "%.1f", must: 9, aim: 14}, (*measurements).stock},
	{figure{name: "objects in a step", format: "%.0f", must: 50, aim: 0, most: true}, (*measurements).objects},
	{figure{name: "runner --help", format: "%.1f ms", must: 50, aim: 20, most: true}, (*measurements).help},
	{figure{name: "memory of a full run", format: "%.0f MB", must: 400, aim: 250, most: true}, (*measurements).memory},
}

func measureAll(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "runner-peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &measurements{options: o, ctx: ctx, batch: filepath.Join(dir, "batch"), open: make(map[string]*contender)}
	defer b.closeAll()
	source, err := b.images()
	if err != nil {
		return err
	}
	env := runner.ThisEnvironment()
	fmt.Printf("%s, %d processors, %s, images of %s, %d repetitions\n",
		cpuid.CPU.BrandName, runtime.NumCPU(), runner.VersionText(env), source, o.repetitions)
	for _, m := range rows {
		if !o.only.MatchString(m.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, m.name)
		if err := m.run(b, m.figure); err != nil {
			// What was measured until then is not lost.
			return errors.Join(fmt.Errorf("%s: %w", m.name, err), b.write(os.Stdout))
		}
	}
	return b.write(os.Stdout)
}

// images writes the mini-batch of all contenders, CIFAR-10's if it is here, and
// returns the dataset's name.
func (b *measurements) images() (string, error) {
	dir, err := data.DefaultDir()
	if err != nil {
		return "", err
	}
	named, err := data.ByName("cifar10")
	if err == nil && !named.Ready(dir) {
		named, err = data.ByName("synthetic")
	}
	if err != nil {
		return "", err
	}
	dataset, err := named.Open(b.ctx, data.Options{Dir: dir})
	if err != nil {
		return "", err
	}
	defer dataset.Close()
	indices := make([]int32, batchSize)
	for i := range indices {
		indices[i] = int32(i)
	}
	labels, images := make([]int32, batchSize), make([]float32, batchSize*pixels)
	scaled := data.Pass{Transforms: []transform.Transform{transform.Scale(kernel.Normalize)}}
	if err := dataset.Train(1).Read(indices, scaled, images, labels); err != nil {
		return "", err
	}
	return named.Name, writeBatch(b.batch, labels, images)
}

// contender returns "ours", or "torch" or "blas" of peers.py, and starts it at its first use.
func (b *measurements) contender(kind string, threads int, env ...string) (*contender, error) {
	name := fmt.Sprint(kind, " ", threads, env)
	if c, ok := b.open[name]; ok {
		return c, nil
	}
	if kind == "ours" {
		c, err := startOurs(b.ctx, name, threads, b.batch, env...)
		if err == nil {
			b.open[name] = c
		}
		return c, err
	}
	c, err := startPython(b.ctx, name, kind, threads, b.batch, env...)
	if err == nil {
		b.open[name] = c
		b.notes = append(b.notes, fmt.Sprintf("%s: %s", name, c.about))
	}
	return c, err
}

func (b *measurements) closeAll() {
	for _, c := range b.open {
		c.close()
	}
}

// torch measures a task against PyTorch, see [measurements.torch].
func torch(task string, threads int, env sides) func(*measurements, figure) error {
	return func(b *measurements, f figure) error { return b.torch(f, task, threads, env) }
}

// torch measures a task against PyTorch. The fastest of its usual configurations
// is the peer. One that is not usual, but often faster still, has its own row,
// without bounds. All of them are in the notes.
func (b *measurements) torch(f figure, task string, threads int, env sides) error {
	ours, err := b.contender("ours", threads, env.ours...)
	if err != nil {
		return err
	}
	turns, names := []turn{{ours, task}}, []string{"ours"}
	policies := [][]string{nil, {"OMP_WAIT_POLICY=passive"}}
	if threads > 1 {
		// OpenMP's threads spin while OpenBLAS's compute, and the other way round.
		policies = append(policies, []string{"OPENBLAS_NUM_THREADS=1"})
	}
	for _, policy := range policies {
		c, err := b.contender("torch", threads, slices.Concat(env.peer, policy)...)
		if err != nil {
			return err
		}
		for _, layout := range []string{"default", "channels_last"} {
			turns = append(turns, turn{c, task + " " + layout})
			names = append(names, c.name+" "+layout)
		}
	}
	times, err := alternate(b.ctx, b.repetitions, turns...)
	if err != nil {
		return err
	}
	const usual = 1 + 4 // ours, and two layouts of two configurations
	b.compare(f, times[1+fastest(times[1:usual])], times[0])
	if threads > 1 {
		other := figure{name: f.name + ", OPENBLAS_NUM_THREADS=1", format: f.format}
		b.compare(other, times[usual+fastest(times[usual:])], times[0])
	}
	for i := range turns {
		b.notes = append(b.notes, fmt.Sprintf("%s, %s: %s", f.name, names[i], seconds(times[i])))
	}
	return nil
}

// compare adds a figure of ratios: how many times as fast ours is.
func (b *measurements) compare(f figure, peer, ours []float64) {
	b.add(f, seconds(peer), seconds(ours), ratios(peer, ours))
}

// add adds a figure with its medians and values.
func (b *measurements) add(f figure, peer, ours string, values []float64) {
	f.peer, f.ours, f.values = peer, ours, values
	b.figures = append(b.figures, f)
}

// seconds shows a median as milliseconds.
func seconds(times []float64) string { return fmt.Sprintf("%.1f ms", 1e3*bench.Median(times)) }

// own alternates two tasks of ours on two threads, and returns their answers.
func (b *measurements) own(first, second string) (answers1, answers2 []float64, err error) {
	c, err := b.contender("ours", 2)
	if err != nil {
		return nil, nil, err
	}
	answers, err := alternate(b.ctx, b.repetitions, turn{c, first}, turn{c, second})
	if err != nil {
		return nil, nil, err
	}
	return answers[0], answers[1], nil
}

// peak measures the share of the tile's peak that a step reaches.
func (b *measurements) peak(f figure) error {
	peaks, steps, err := b.own("peak", "step")
	if err != nil {
		return err
	}
	rates, shares := make([]float64, len(steps)), make([]float64, len(steps))
	for i, s := range steps {
		rates[i] = batchSize * stepFlops / s / 1e9
		shares[i] = 100 * rates[i] / peaks[i]
	}
	b.add(f, fmt.Sprintf("%.0f GFLOP/s", bench.Median(peaks)), fmt.Sprintf("%.0f GFLOP/s", bench.Median(rates)), shares)
	return nil
}

// product measures a matrix product against OpenBLAS.
func (b *measurements) product(f figure) error {
	task := f.name
	var m, n, k float64
	fmt.Sscanf(task, "product %fx%fx%f", &m, &n, &k)
	rate := func(s []float64) string { return fmt.Sprintf("%.0f GFLOP/s", 2*m*n*k/bench.Median(s)/1e9) }
	for _, threads := range []int{1, 2} {
		ours, err := b.contender("ours", threads)
		if err != nil {
			return err
		}
		blas, err := b.contender("blas", threads)
		if err != nil {
			return err
		}
		times, err := alternate(b.ctx, b.repetitions, turn{ours, task}, turn{blas, task})
		if err != nil {
			return err
		}
		f.name = fmt.Sprintf("%s, threads %d", task, threads)
		b.add(f, rate(times[1]), rate(times[0]), ratios(times[1], times[0]))
	}
	return nil
}

// stock measures a step against stock Gorgonia's.
func (b *measurements) stock(f figure) error {
	ours, stock, err := b.own("step", "stock")
	if err != nil {
		return err
	}
	b.compare(f, stock, ours)
	return nil
}

// objects counts what a step allocates beyond the tape machine.
func (b *measurements) objects(f figure) error {
	step, tape, err := b.own("objects", "tape")
	if err != nil {
		return err
	}
	beyond := make([]float64, len(step))
	for i := range beyond {
		beyond[i] = step[i] - tape[i]
	}
	f.name += " beyond the tape machine's"
	b.add(f, fmt.Sprintf("%.0f", bench.Median(tape)), fmt.Sprintf("%.0f", bench.Median(step)), beyond)
	return nil
}

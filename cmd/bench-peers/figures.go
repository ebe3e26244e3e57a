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
	for _, m := range []struct {
		name string
		run  func(b *measurements, name string) error
	}{
		{"step, 2 threads", func(b *measurements, name string) error { return b.torch(name, "step", 2, 1.5, 2.2, sides{}) }},
		{"step, 1 thread", func(b *measurements, name string) error { return b.torch(name, "step", 1, 1.1, 1.4, sides{}) }},
		{"evaluate 10,000 images, 2 threads", func(b *measurements, name string) error {
			return b.torch(name, "evaluate", 2, 1.3, 1.7, sides{})
		}},
		{"3x3 convolution 64->64, 2 threads", func(b *measurements, name string) error {
			return b.torch(name, "convolution", 2, 0.8, 1.1, sides{})
		}},
		{"step, AVX2 here, 2 threads", func(b *measurements, name string) error {
			return b.torch(name, "step", 2, 1.3, 2.0, sides{ours: avx2Ours})
		}},
		{"step, AVX2 on both sides, 2 threads", func(b *measurements, name string) error {
			return b.torch(name, "step", 2, 1.3, 2.0, sides{ours: avx2Ours, peer: avx2Peer})
		}},
		{"step / the tile's peak, 2 threads", (*measurements).peak},
		{"product 256x1024x512", (*measurements).product},
		{"product 16384x64x288", (*measurements).product},
		{"product 65536x32x147", (*measurements).product},
		{"step of stock Gorgonia, 2 threads", (*measurements).stock},
		{"objects in a step", (*measurements).objects},
		{"runner --help", (*measurements).help},
		{"memory of a full run", (*measurements).memory},
	} {
		if !o.only.MatchString(m.name) {
			continue
		}
		fmt.Fprintln(os.Stderr, m.name)
		if err := m.run(b, m.name); err != nil {
			// What was measured until then is not lost.
			return errors.Join(fmt.Errorf("%s: %w", m.name, err), b.write(os.Stdout))
		}
	}
	return b.write(os.Stdout)
}

// images writes the mini-batch of all contenders, CIFAR-10's if it is here, and
// returns the dataset's name.
func (b *measurements) images() (string, error) {
	dir, err := dataDir()
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

func dataDir() (string, error) {
	if dir := os.Getenv("RUNNER_DATA"); dir != "" {
		return dir, nil
	}
	return data.DefaultDir()
}

// ours returns our contender, which is started at its first use.
func (b *measurements) ours(threads int, env ...string) (*contender, error) {
	return b.started(fmt.Sprint("ours ", threads, env), func(name string) (*contender, error) {
		return startOurs(b.ctx, name, threads, b.batch, env...)
	})
}

func (b *measurements) python(kind string, threads int, env ...string) (*contender, error) {
	return b.started(fmt.Sprint(kind, " ", threads, env), func(name string) (*contender, error) {
		c, err := startPython(b.ctx, name, kind, threads, b.batch, env...)
		if err == nil {
			b.notes = append(b.notes, fmt.Sprintf("%s: %s", name, c.about))
		}
		return c, err
	})
}

func (b *measurements) started(name string, start func(name string) (*contender, error)) (*contender, error) {
	if c, ok := b.open[name]; ok {
		return c, nil
	}
	c, err := start(name)
	if err == nil {
		b.open[name] = c
	}
	return c, err
}

func (b *measurements) closeAll() {
	for _, c := range b.open {
		c.close()
	}
}

// torch measures a task against PyTorch. The fastest of its usual configurations
// is the peer; one that is not usual, but often faster still, has a row of its
// own. All of them are in the notes.
func (b *measurements) torch(name, task string, threads int, must, aim float64, env sides) error {
	ours, err := b.ours(threads, env.ours...)
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
		c, err := b.python("torch", threads, slices.Concat(env.peer, policy)...)
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
	peer := 1 + fastest(times[1:usual])
	b.add(name, seconds(times[peer]), seconds(times[0]), ratios(times[peer], times[0]), "%.2f", must, aim)
	if threads > 1 {
		other := usual + fastest(times[usual:])
		b.add(name+", OPENBLAS_NUM_THREADS=1", seconds(times[other]), seconds(times[0]), ratios(times[other], times[0]),
			"%.2f", 0, 0)
	}
	for i := range turns {
		b.notes = append(b.notes, fmt.Sprintf("%s, %s: %s", name, names[i], seconds(times[i])))
	}
	return nil
}

func (b *measurements) add(name, peer, ours string, values []float64, format string, must, aim float64) {
	b.figures = append(b.figures, figure{
		name: name, peer: peer, ours: ours, values: values, format: format, must: must, aim: aim,
	})
}

// seconds shows a median as milliseconds.
func seconds(times []float64) string { return fmt.Sprintf("%.1f ms", 1e3*bench.Median(times)) }

// peak measures the share of the tile's peak that a step reaches.
func (b *measurements) peak(name string) error {
	c, err := b.ours(2)
	if err != nil {
		return err
	}
	answers, err := alternate(b.ctx, b.repetitions, turn{c, "peak"}, turn{c, "step"})
	if err != nil {
		return err
	}
	shares := make([]float64, b.repetitions)
	rates := make([]float64, b.repetitions)
	for i, s := range answers[1] {
		rates[i] = batchSize * stepFlops / s / 1e9
		shares[i] = 100 * rates[i] / answers[0][i]
	}
	b.add(name, fmt.Sprintf("%.0f GFLOP/s", bench.Median(answers[0])), fmt.Sprintf("%.0f GFLOP/s", bench.Median(rates)),
		shares, "%.0f %%", 55, 75)
	return nil
}

// product measures a matrix product against OpenBLAS.
func (b *measurements) product(name string) error {
	for _, threads := range []int{1, 2} {
		ours, err := b.ours(threads)
		if err != nil {
			return err
		}
		blas, err := b.python("blas", threads)
		if err != nil {
			return err
		}
		times, err := alternate(b.ctx, b.repetitions, turn{ours, name}, turn{blas, name})
		if err != nil {
			return err
		}
		var m, n, k float64
		fmt.Sscanf(name, "product %fx%fx%f", &m, &n, &k)
		rate := func(s []float64) string { return fmt.Sprintf("%.0f GFLOP/s", 2*m*n*k/bench.Median(s)/1e9) }
		b.add(fmt.Sprintf("%s, threads %d", name, threads), rate(times[1]), rate(times[0]), ratios(times[1], times[0]),
			"%.2f", 1, 1.2)
	}
	return nil
}

// stock measures a step against stock Gorgonia's.
func (b *measurements) stock(name string) error {
	c, err := b.ours(2)
	if err != nil {
		return err
	}
	times, err := alternate(b.ctx, b.repetitions, turn{c, "step"}, turn{c, "stock"})
	if err != nil {
		return err
	}
	b.add(name, seconds(times[1]), seconds(times[0]), ratios(times[1], times[0]), "%.1f", 9, 14)
	return nil
}

// objects counts what a step allocates beyond the tape machine.
func (b *measurements) objects(name string) error {
	c, err := b.ours(2)
	if err != nil {
		return err
	}
	counts, err := alternate(b.ctx, b.repetitions, turn{c, "objects"}, turn{c, "tape"})
	if err != nil {
		return err
	}
	beyond := make([]float64, b.repetitions)
	for i := range beyond {
		beyond[i] = counts[0][i] - counts[1][i]
	}
	b.figures = append(b.figures, figure{
		name: name + " beyond the tape machine's", most: true, must: 50, aim: 0, format: "%.0f", values: beyond,
		peer: fmt.Sprintf("%.0f", bench.Median(counts[1])), ours: fmt.Sprintf("%.0f", bench.Median(counts[0])),
	})
	return nil
}

package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"runner/arch/kernel"
	"runner/runner/lab"
)

// The mini-batch of all contenders.
const (
	batchSize = 256
	pixels    = 32 * 32 * 3
)

// server is the other end of a contender of this program.
type server struct {
	pool  *kernel.Pool
	batch string                          // the mini-batch's file
	model func() (map[string]task, error) // made once
}

// task is what a server does when asked: it returns seconds, or what else its
// name says.
type task func() (float64, error)

func serve(threads int, batch string) error {
	if err := kernel.CheckISA(); err != nil {
		return err
	}
	runtime.GOMAXPROCS(threads)
	s := &server{pool: kernel.NewPool(threads), batch: batch}
	defer s.pool.Close()
	s.model = sync.OnceValues(func() (map[string]task, error) { return modelTasks(s.pool, batch) })
	fmt.Printf("%s, %d threads\n", kernel.ISA(), threads)
	tasks := make(map[string]task)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		name := lines.Text()
		if tasks[name] == nil {
			t, err := s.task(name)
			if err != nil {
				return fmt.Errorf("task %s: %w", name, err)
			}
			tasks[name] = t
		}
		value, err := tasks[name]()
		if err != nil {
			return fmt.Errorf("task %s: %w", name, err)
		}
		fmt.Println(value)
	}
	return lines.Err()
}

// task makes a task with its operands: a name, or a name and a shape.
func (s *server) task(name string) (task, error) {
	kind, shape, _ := strings.Cut(name, " ")
	switch kind {
	case "step", "evaluate", "objects":
		tasks, err := s.model()
		return tasks[kind], err
	case "peak":
		return func() (float64, error) { return kernel.Peak(s.pool), nil }, nil
	case "product":
		return productTask(s.pool, shape)
	case "convolution":
		return convolutionTask(s.pool), nil
	case "stock":
		return stockTask(s.batch)
	case "tape":
		return tapeTask()
	}
	return nil, errors.New("unknown")
}

// timed returns the seconds of one of several runs.
func timed(repeat int, run func() error) (float64, error) {
	start := time.Now()
	for range repeat {
		if err := run(); err != nil {
			return 0, err
		}
	}
	return time.Since(start).Seconds() / float64(repeat), nil
}

// modelTasks are steps and evaluations of the post's network, and the objects
// that a step allocates.
func modelTasks(pool *kernel.Pool, path string) (map[string]task, error) {
	plans, err := lab.LoadPlans([]string{"experiments/seed-cnn.yaml"}, nil)
	if err != nil {
		return nil, err
	}
	p := plans[0]
	m, err := p.Network.Build(context.Background(), pool, batchSize, p.Experiment.Seed)
	if err != nil {
		return nil, err
	}
	labels, images, err := readBatch(path)
	if err != nil {
		return nil, err
	}
	batch := m.NewMiniBatch()
	copy(batch.Labels, labels)
	copy(batch.Images, images)
	optimizer, t := p.Optimizer.New(m.Params), int64(0)
	step := func() error {
		t++
		batch.N = batchSize
		_, err := m.Step(batch, t)
		optimizer.Step(pool, t, p.Optimizer.Rate())
		return err
	}
	evaluate := func() error {
		for i := range 40 { // 10,000 images
			batch.N = batchSize
			if i == 39 {
				batch.N = 16
			}
			if _, err := m.Evaluate(batch); err != nil {
				return err
			}
		}
		return nil
	}
	return map[string]task{
		"step":     func() (float64, error) { return timed(4, step) },
		"evaluate": func() (float64, error) { return timed(1, evaluate) },
		"objects":  func() (float64, error) { return objects(step) },
	}, nil
}

// objects returns how many objects a step allocates.
func objects(step func() error) (float64, error) {
	const steps = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := timed(steps, step)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / steps, err
}

// productTask is a dense layer's product, of the shape rows x cols x depth.
func productTask(pool *kernel.Pool, shape string) (task, error) {
	var rows, cols, depth int
	if _, err := fmt.Sscanf(shape, "%dx%dx%d", &rows, &cols, &depth); err != nil {
		return nil, fmt.Errorf("shape %q: %w", shape, err)
	}
	d := kernel.Dense(depth, cols, kernel.Linear)
	x, w, b, y := numbers(rows*depth), numbers(depth*cols), numbers(cols), make([]float32, rows*cols)
	return func() (float64, error) {
		return timed(32, func() error {
			d.Forward(pool, rows, x, w, b, nil, y)
			return nil
		})
	}, nil
}

// convolutionTask is a 3x3 convolution, forward and all gradients.
func convolutionTask(pool *kernel.Pool) task {
	const n, size, channels = 64, 32, 64
	c := kernel.Conv2D{
		Window: kernel.Window{
			InH: size, InW: size, C: channels, OutH: size, OutW: size,
			SizeH: 3, SizeW: 3, StrideH: 1, StrideW: 1, PadTop: 1, PadLeft: 1,
		},
		OutC: channels,
	}
	floats := n * size * size * channels
	x, y, dy, dx := numbers(floats), make([]float32, floats), numbers(floats), make([]float32, floats)
	w, b := numbers(9*channels*channels), numbers(channels)
	dw, db := make([]float32, len(w)), make([]float32, len(b))
	return func() (float64, error) {
		return timed(3, func() error {
			c.Forward(pool, n, x, w, b, nil, y)
			c.Backward(pool, n, x, w, dy, dx, dw, db)
			return nil
		})
	}
}

// numbers returns so many numbers between 0 and 1.
func numbers(count int) []float32 {
	all := make([]float32, count)
	for i := range all {
		all[i] = float32(i*7919%1021) / 1021
	}
	return all
}

// writeBatch writes a mini-batch where all contenders read it: 256 labels, then
// the images (256, 32, 32, 3), as float32 in the machine's order.
func writeBatch(path string, labels []int32, images []float32) error {
	data := make([]float32, 0, len(labels)+len(images))
	for _, l := range labels {
		data = append(data, float32(l))
	}
	bytes, err := binary.Append(nil, binary.NativeEndian, append(data, images...))
	if err != nil {
		return err
	}
	return os.WriteFile(path, bytes, 0o666)
}

func readBatch(path string) (labels []int32, images []float32, err error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	data := make([]float32, batchSize*(1+pixels))
	if _, err := binary.Decode(bytes, binary.NativeEndian, data); err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", path, err)
	}
	labels = make([]int32, batchSize)
	for i := range labels {
		labels[i] = int32(data[i])
	}
	return labels, data[batchSize:], nil
}

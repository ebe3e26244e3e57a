package optim

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/checkpoint"
	"runner/internal/spec"
)

// reference is what PyTorch recorded: see testdata/pytorch/README.md.
type reference struct {
	cases []struct {
		Name      string
		Optimizer map[string]map[string]any
		Rates     []float64
	}
	tensors map[string][]float32
}

func readReference(t *testing.T) reference {
	t.Helper()
	folder := filepath.Join("..", "..", "testdata", "pytorch")
	text, err := os.ReadFile(filepath.Join(folder, "optim.json"))
	if err != nil {
		t.Fatal(err)
	}
	var ref reference
	if err := json.Unmarshal(text, &ref.cases); err != nil {
		t.Fatal(err)
	}
	file, err := checkpoint.Read(filepath.Join(folder, "optim.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	ref.tensors = map[string][]float32{}
	for _, tensor := range file.Tensors {
		ref.tensors[tensor.Name] = tensor.Data
	}
	return ref
}

var referenceParams = []string{"kernel", "bias"}

// params returns the recorded parameters at the start, with empty gradients.
func (ref reference) params() []arch.Variable {
	var params []arch.Variable
	for _, name := range referenceParams {
		value := slices.Clone(ref.tensors["start/"+name])
		params = append(params, arch.Variable{Name: name, Value: value, Grad: make([]float32, len(value))})
	}
	return params
}

// grad fills in the recorded gradients of a step, which counts from 0.
func (ref reference) grad(params []arch.Variable, step int) {
	for _, p := range params {
		n := len(p.Value)
		copy(p.Grad, ref.tensors["gradient/"+p.Name][step*n:(step+1)*n])
	}
}

// item is an optimizer as an experiment file would give it.
func item(kind string, args map[string]any) spec.Item {
	pos := spec.Pos{File: "x.yaml", Line: 7, Column: 3}
	it := spec.Item{Kind: kind, Pos: pos, Args: spec.Node{Pos: pos}}
	for _, key := range slices.Sorted(maps.Keys(args)) {
		it.Args.Kind = spec.Map
		it.Args.Map = append(it.Args.Map, spec.Entry{Key: key, KeyPos: pos, Value: it.Resolve(args[key]).Args})
	}
	return it
}

func parse(t *testing.T, it spec.Item) Config {
	t.Helper()
	config, _, faults := Parse(it)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return config
}

func TestTrajectoriesAgreeWithPyTorch(t *testing.T) {
	ref := readReference(t)
	pool := kernel.NewPool(2)
	defer pool.Close()
	covered := map[string]bool{}
	for _, c := range ref.cases {
		for kind, args := range c.Optimizer {
			covered[kind] = true
			t.Run(c.Name, func(t *testing.T) {
				config := parse(t, item(kind, args))
				if config.Rate() != c.Rates[0] {
					t.Errorf("base rate %g, PyTorch's is %g", config.Rate(), c.Rates[0])
				}
				params := ref.params()
				optimizer := config.New(params)
				for step, rate := range c.Rates {
					ref.grad(params, step)
					optimizer.Step(pool, int64(step+1), rate)
					for _, p := range params {
						n := len(p.Value)
						want := ref.tensors[c.Name+"/"+p.Name][step*n : (step+1)*n]
						if diff, most := furthest(p.Value, want); !(diff <= 1e-5*most) {
							t.Fatalf("step %d, %s: off by %g of %g", step+1, p.Name, diff, most)
						}
					}
				}
			})
		}
	}
	for _, k := range Kinds() {
		if !covered[k.Name] {
			t.Errorf("%s has no reference trajectory", k.Name)
		}
	}
}

// furthest returns max|a-b| and max|b|.
func furthest(a, b []float32) (diff, most float64) {
	for i := range b {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if math.IsNaN(d) {
			return math.NaN(), 0
		}
		diff, most = max(diff, d), max(most, math.Abs(float64(b[i])))
	}
	return diff, most
}

// A new optimizer with the state of another copied into its buffers makes the same steps, to the bit.
func TestStateRestores(t *testing.T) {
	ref := readReference(t)
	pool := kernel.NewPool(1)
	defer pool.Close()
	for _, c := range ref.cases {
		for kind, args := range c.Optimizer {
			config := parse(t, item(kind, args))
			train := func(o *Optimizer, params []arch.Variable, from, to int) {
				for step := from; step < to; step++ {
					ref.grad(params, step)
					o.Step(pool, int64(step+1), c.Rates[step])
				}
			}
			params, resumed := ref.params(), ref.params()
			whole, half := config.New(params), len(c.Rates)/2
			train(whole, params, 0, half)
			second := config.New(resumed)
			for i, p := range params {
				copy(resumed[i].Value, p.Value)
			}
			state := second.State()
			for i, slot := range whole.State() {
				copy(state[i].Data, slot.Data)
			}
			train(whole, params, half, len(c.Rates))
			train(second, resumed, half, len(c.Rates))
			for i, p := range params {
				if !slices.Equal(p.Value, resumed[i].Value) {
					t.Errorf("%s: %s differs after restoring", c.Name, p.Name)
				}
			}
		}
	}
}

func TestBitsDoNotDependOnThreads(t *testing.T) {
	const n = 100_000 // several chunks
	for _, kind := range Kinds() {
		var first []float32
		for _, threads := range []int{1, 2, 3, 16} {
			pool := kernel.NewPool(threads)
			p := arch.Variable{Name: "w", Value: make([]float32, n), Grad: make([]float32, n)}
			for i := range n {
				p.Value[i] = float32(math.Sin(float64(i)))
				p.Grad[i] = float32(math.Cos(float64(i * i)))
			}
			config := parse(t, item(kind.Name, map[string]any{"learning_rate": 0.1, "weight_decay": 0.01}))
			optimizer := config.New([]arch.Variable{p})
			for step := range int64(3) {
				optimizer.Step(pool, step+1, 0.1)
			}
			pool.Close()
			if first == nil {
				first = p.Value
			}
			if !slices.Equal(p.Value, first) {
				t.Errorf("%s: the bits with %d threads differ from those with 1", kind.Name, threads)
			}
		}
	}
}

func TestStateNames(t *testing.T) {
	tests := []struct {
		kind string
		args map[string]any
		want []string
	}{
		{"sgd", map[string]any{"learning_rate": 0.1}, nil},
		{"sgd", map[string]any{"learning_rate": 0.1, "momentum": 0.9}, []string{"sgd.velocity.a", "sgd.velocity.b"}},
		{"rmsprop", nil, []string{"rmsprop.square.a", "rmsprop.square.b"}},
		{"rmsprop", map[string]any{"momentum": 0.9},
			[]string{"rmsprop.square.a", "rmsprop.square.b", "rmsprop.velocity.a", "rmsprop.velocity.b"}},
		{"adam", nil, []string{"adam.m.a", "adam.m.b", "adam.v.a", "adam.v.b"}},
		{"adamw", nil, []string{"adamw.m.a", "adamw.m.b", "adamw.v.a", "adamw.v.b"}},
	}
	params := []arch.Variable{
		{Name: "a", Value: make([]float32, 3), Grad: make([]float32, 3)},
		{Name: "b", Value: make([]float32, 2), Grad: make([]float32, 2)},
	}
	for _, tt := range tests {
		var names []string
		for i, slot := range parse(t, item(tt.kind, tt.args)).New(params).State() {
			names = append(names, slot.Name)
			if want := len(params[i%2].Value); len(slot.Data) != want {
				t.Errorf("%s has %d elements, want %d", slot.Name, len(slot.Data), want)
			}
		}
		if diff := cmp.Diff(tt.want, names); diff != "" {
			t.Errorf("%s %v (-want +got)\n%s", tt.kind, tt.args, diff)
		}
	}
}

func TestParseFillsInDefaults(t *testing.T) {
	for kind, want := range map[string]string{
		"sgd":     `{"learning_rate":0.1,"momentum":0,"nesterov":false,"weight_decay":0}`,
		"rmsprop": `{"learning_rate":0.1,"alpha":0.99,"eps":1e-8,"momentum":0,"weight_decay":0}`,
		"adam":    `{"learning_rate":0.1,"beta1":0.9,"beta2":0.999,"eps":1e-8,"weight_decay":0}`,
		"adamw":   `{"learning_rate":0.1,"beta1":0.9,"beta2":0.999,"eps":1e-8,"weight_decay":0.01}`,
	} {
		config, resolved, faults := Parse(item(kind, map[string]any{"learning_rate": 0.1}))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		got, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(normal(t, want), normal(t, string(got))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", kind, diff)
		}
		// A resolved item is complete: parsed again it is the same.
		_, again, faults := Parse(resolved)
		if diff := cmp.Diff(resolved, again); diff != "" || len(faults) > 0 {
			t.Errorf("%s: resolved, then parsed again: %v\n%s", kind, faults, diff)
		}
		if len(resolved.Args.Map) != strings.Count(want, ":") {
			t.Errorf("%s: the resolved item has the arguments %v", kind, resolved.Args.Map)
		}
	}
}

// normal returns JSON as Go values, so that only content is compared.
func normal(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		kind string
		args map[string]any
		want []string // of one fault each
	}{
		{"adm", nil, []string{`did you mean "adam"`}},
		{"lion", nil, []string{"sgd, rmsprop, adam, adamw"}},
		{"sgd", nil, []string{"learning_rate"}},
		{"sgd", map[string]any{"learning_rate": 0}, []string{"learning_rate: must be greater than 0, got 0"}},
		{"sgd", map[string]any{"learning_rate": 0.1, "nesterov": true}, []string{"nesterov needs a momentum"}},
		{"sgd", map[string]any{"learning_rate": 0.1, "momentum": 1}, []string{"momentum: must be less than 1"}},
		{"adam", map[string]any{"beta1": -0.1, "beta2": 1, "eps": 0, "weight_decay": -1, "learning_rate": "x"},
			[]string{"beta1", "beta2", "eps", "weight_decay", "learning_rate"}},
		{"adamw", map[string]any{"lerning_rate": 0.1}, []string{`learning_rate`}},
		{"rmsprop", map[string]any{"alpha": 1}, []string{"alpha: must be less than 1"}},
	}
	for _, tt := range tests {
		_, _, faults := Parse(item(tt.kind, tt.args))
		if len(faults) != len(tt.want) {
			t.Errorf("%s %v: got %d faults, want %d: %v", tt.kind, tt.args, len(faults), len(tt.want), faults)
		}
		for _, want := range tt.want {
			if text := faults.Error(); !strings.Contains(text, want) || !strings.Contains(text, "x.yaml:7:3: optimizer") {
				t.Errorf("%s %v: got\n%s\nwant a fault of x.yaml:7:3 that says %q", tt.kind, tt.args, text, want)
			}
		}
	}
}

package main

import "fmt"

// architecture is a network and what it costs.
type architecture struct {
	name, layers                     string // layers with %g for the rate of dropout
	parameters, multiplyAdds, memory int64
	best                             float64 // validation accuracy with the best settings
}

const (
	head = "  - flatten\n" + tail
	tail = "  - dropout: {rate: %g}\n  - dense: {units: 10, activation: linear}\n"
)

var architectures = []architecture{
	{"linear", head, 30_730, 30_720, 50e6, 0.40},
	{"mlp", "  - flatten\n  - dense: {units: 512, activation: relu}\n" + tail, 1_578_506, 1_577_984, 90e6, 0.55},
	{"one-conv", conv(32) + head, 82_826, 1_245_184, 110e6, 0.64},
	{"two-convs", conv(32) + conv(64) + head, 60_362, 6_021_120, 180e6, 0.72},
	{"three-convs", conv(32) + conv(64) + conv(128) + head, 113_738, 10_739_712, 230e6, 0.77},
}

func conv(filters int) string {
	return fmt.Sprintf("  - conv2d: {filters: %d, kernel: 3, stride: 1, padding: same, activation: relu}\n"+
		"  - maxpool2d: {pool: 2, stride: 2, padding: same}\n", filters)
}

var (
	learningRates = []float64{1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 3e-4, 5e-4, 7e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 5e-3, 7e-3, 0.01,
		0.02, 0.03, 0.05, 0.07, 0.1}
	optimizers = []string{
		"adam: {learning_rate: %g, beta1: 0.9, beta2: 0.999, eps: 1e-08, weight_decay: %g}",
		"sgd: {learning_rate: %g, momentum: 0.9, nesterov: true, weight_decay: %g}",
	}
	batchSizes  = []int{32, 64, 128, 256, 512}
	decays      = []float64{0, 1e-5, 1e-4, 1e-3, 1e-2}
	dropouts    = []float64{0, 0.1, 0.2, 0.3, 0.5}
	weightInits = []string{"glorot_uniform", "glorot_normal", "he_uniform", "he_normal"}
)

// point is an experiment of the grid.
type point struct {
	architecture
	rate, batch, optimizer, decay, dropout, init int // places in the lists above
}

// points is the number of experiments in the grid.
var points = len(architectures) * len(optimizers) * len(batchSizes) * len(learningRates) * len(decays) *
	len(dropouts) * len(weightInits)

// at returns experiment i of the grid, the architecture changing fastest.
func at(i int) point {
	digit := func(base int) int {
		d := i % base
		i /= base
		return d
	}
	return point{architectures[digit(len(architectures))], digit(len(learningRates)), digit(len(batchSizes)),
		digit(len(optimizers)), digit(len(decays)), digit(len(dropouts)), digit(len(weightInits))}
}

// config is the resolved experiment with a seed.
func (p point) config(seed, epochs int) string {
	return fmt.Sprintf("name: %s\ndescription: One of a grid.\ndataset: cifar10\nmode: full\ndata_batch: 1\n"+
		"layers:\n"+p.layers+
		"init:\n  weights: %s\n  bias: zeros\nloss: softmax_cross_entropy\noptimizer: {"+optimizers[p.optimizer]+"}\n"+
		"epochs: %d\nbatch_size: %d\nshuffle: true\nseed: %d\ncheckpoint_every: 1m\n",
		p.name(), dropouts[p.dropout], weightInits[p.init], learningRates[p.rate], decays[p.decay], epochs,
		batchSizes[p.batch], seed)
}

// name is as sweeps give it.
func (p point) name() string {
	return fmt.Sprintf("%s[learning_rate=%g,batch_size=%d]", p.architecture.name,
		learningRates[p.rate], batchSizes[p.batch])
}

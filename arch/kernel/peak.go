package kernel

import "time"

// Peak measures the limit of products on this machine: the GFLOP/s that the pool's threads
// reach together in the innermost product, on data in the first-level cache.
func Peak(p *Pool) float64 {
	const depth, calls, chunks = 128, 500, 8
	t := p.isa.wide
	operands := make([]tileCall, p.Threads())
	for i := range operands {
		c := &operands[i]
		c.a, c.steps = make([]float32, t.rows*depth), make([]int32, depth)
		c.b, c.c, c.cRow = make([]float32, depth*t.cols), make([]float32, t.rows*t.cols), t.cols
		for j := range c.steps {
			c.steps[j] = int32(j)
		}
		c.rows = make([]int32, t.rows)
		for j := range c.rows {
			c.rows[j] = int32(j * depth)
		}
	}
	start := time.Now()
	p.Do(chunks*p.Threads(), func(worker, _ int) {
		for range calls {
			t.multiplyAdd(&operands[worker])
		}
	})
	flops := 2 * depth * t.rows * t.cols * calls * chunks * p.Threads()
	return float64(flops) / time.Since(start).Seconds() / 1e9
}

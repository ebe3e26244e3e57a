package runner

import (
	"math"
	"sync/atomic"
)

// Progress tells how far a training has come. It is written by Train and read
// by polling from any goroutine.
type Progress struct {
	epoch, step, steps atomic.Int64
	loss               atomic.Uint64 // float64 bits
}

// Position is a moment of a training: Step of Steps of Epoch, each counted
// from 1, and the loss of that step's mini-batch.
type Position struct {
	Epoch, Step, Steps int
	Loss               float64
}

// Now returns the latest position; the zero Position before the first step.
func (p *Progress) Now() Position {
	return Position{
		Epoch: int(p.epoch.Load()),
		Step:  int(p.step.Load()),
		Steps: int(p.steps.Load()),
		Loss:  math.Float64frombits(p.loss.Load()),
	}
}

func (p *Progress) set(epoch, step, steps int, loss float64) {
	p.epoch.Store(int64(epoch))
	p.step.Store(int64(step))
	p.steps.Store(int64(steps))
	p.loss.Store(math.Float64bits(loss))
}

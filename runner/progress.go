package runner

import "sync"

// Progress tells how far a training has come. Train writes it; any goroutine may read it at any time.
type Progress struct {
	mu sync.Mutex
	at Position
}

// Position is a moment of a training: Step of Steps of Epoch, each counted from 1, and the loss of that step's
// mini-batch.
type Position struct {
	Epoch, Step, Steps int
	Loss               float64
}

// Now returns the latest position; the zero Position before the first step.
func (p *Progress) Now() Position {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

func (p *Progress) set(at Position) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = at
}

package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"runner/arch/kernel"
	"runner/internal/spec"
)

// PacesFile is the name of the file, in the folder of the datasets, that keeps measured paces. It may be removed at any
// time.
const PacesFile = "paces.json"

// lasting is how long a pace is kept: the machine may have been busy when it was measured.
const lasting = time.Hour

// Paces are the paces of networks that were measured on this machine.
type Paces struct {
	path  string
	known paceRecord
}

// paceRecord is the content of a PacesFile.
type paceRecord struct {
	Machine string              `json:"machine"` // and the program: see thisMachine
	Paces   map[string]keptPace `json:"paces"`   // by paceKey
}

type keptPace struct {
	Pace
	Measured time.Time `json:"measured"`
}

// thisMachine names what decides a network's pace besides the network and the threads.
func thisMachine() string {
	env := ThisEnvironment()
	return fmt.Sprintf("%s, %d processors, %s, arithmetic %d, runner %s %s",
		strings.TrimSpace(env.Processor), runtime.GOMAXPROCS(0), kernel.ISA(), kernel.Version, env.Version, env.Commit)
}

// ReadPaces returns the paces in a file that are not too old: none if the file is missing, damaged, or of another
// machine or program.
func ReadPaces(path string) *Paces {
	p := &Paces{path: path}
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &p.known) != nil || p.known.Machine != thisMachine() {
		p.known = paceRecord{Machine: thisMachine()}
	}
	if p.known.Paces == nil {
		p.known.Paces = make(map[string]keptPace)
	}
	maps.DeleteFunc(p.known.Paces, func(_ string, k keptPace) bool {
		age := time.Since(k.Measured)
		return age < 0 || age > lasting || k.Train <= 0 || k.Evaluate < 0
	})
	return p
}

// write replaces the file of the paces. It need not survive a power failure.
func (p *Paces) write() error {
	text, err := json.MarshalIndent(p.known, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(p.path), "."+PacesFile+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), p.path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// paceKey names what decides a job's pace: its threads, and all of its experiment but for its values and its length.
func paceKey(j Job) (string, error) {
	e := *j.Plan.Experiment
	e.Mode, e.Epochs = spec.Full, 0
	e.Init = spec.Initialisation{}
	e.Optimizer = spec.Item{Kind: e.Optimizer.Kind}
	hash, err := e.Hash(false)
	return fmt.Sprintf("%s with %d threads", hash, j.Threads), err
}

// measuring is how long paces are measured in all: no measurement begins later.
const measuring = 12 * time.Second

// Measure returns the paces of jobs, nil for those without a dataset and those that cannot be measured. It measures the
// unknown ones and keeps them; after some seconds it estimates the rest from their multiply-adds. It calls begin with
// the index of each job that it is about to measure. The error is the context's.
func (p *Paces) Measure(ctx context.Context, jobs []Job, begin func(i int)) ([]*Pace, error) {
	paces, learned := make([]*Pace, len(jobs)), false
	var sum Pace
	var work float64
	for i, start := 0, time.Now(); i < len(jobs); i++ {
		if jobs[i].Dataset == nil {
			continue
		}
		key, err := paceKey(jobs[i])
		if err != nil {
			return nil, err
		}
		kept, known := p.known.Paces[key]
		pace := kept.Pace
		if !known {
			if time.Since(start) > measuring {
				continue
			}
			begin(i)
			if pace, err = MeasurePace(ctx, jobs[i]); ctx.Err() != nil {
				return nil, ctx.Err()
			} else if err != nil {
				continue // too large, or it fails in training too, which says why
			}
			p.known.Paces[key], learned = keptPace{pace, time.Now()}, true
		}
		paces[i] = &pace
		sum = Pace{sum.Train + pace.Train, sum.Evaluate + pace.Evaluate}
		work += perExample(jobs[i])
	}
	for i, j := range jobs {
		if paces[i] == nil && j.Dataset != nil && work > 0 {
			share := perExample(j) / work
			paces[i] = &Pace{share * sum.Train, share * sum.Evaluate}
		}
	}
	if learned {
		_ = p.write() // without the file they are measured again
	}
	return paces, nil
}

// perExample is the work of an example: its multiply-adds, plus one for a network without any.
func perExample(j Job) float64 { return float64(1 + j.Plan.Network.MultiplyAdds()) }

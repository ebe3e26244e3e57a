package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner/optim"
)

// Plan is an experiment that is ready to train: its layers fit together, and
// its dataset and optimizer are known.
type Plan struct {
	Experiment *spec.Experiment // with every default filled in
	Network    *arch.Network
	Optimizer  optim.Config
	Dataset    data.Named
}

// NewPlan checks an experiment's dataset, which must be one of the kinds, its layers and its optimizer, and returns
// every fault it finds; the plan is then nil. It reads no data. The experiment may have been read in part only, after
// faults.
func NewPlan(e *spec.Experiment, kinds []data.Kind) (*Plan, spec.Faults) {
	config, optimizer, faults := optim.Parse(e.Optimizer)
	item := e.Dataset
	item.Pos = e.At("dataset")
	dataset, more := data.Find(item, kinds)
	faults = append(faults, more...)
	var input arch.Shape
	if known := dataset.BatchFiles > 0; known {
		input = dataset.Shape[:]
		if e.DataBatch > dataset.BatchFiles {
			faults = append(faults, spec.Fault{Pos: e.At("data_batch"), Message: fmt.Sprintf(
				"data_batch: %s has batch files 1 to %d, received %d", dataset.Name, dataset.BatchFiles, e.DataBatch)})
		}
	}
	network, resolved, more := arch.New(e, input, len(dataset.Classes))
	if faults = append(faults, more...); len(faults) > 0 || network == nil {
		return nil, faults
	}
	resolved.Dataset, resolved.Optimizer = dataset.Item, optimizer
	return &Plan{resolved, network, config, dataset}, nil
}

// Identity names what a run computes: two runs of one identity have the same epochs on the same kind of processor. It
// covers the resolved experiment, the dataset's bytes, the version of the arithmetic, and the SHA-256 of the file of
// weights that the run starts from ("": drawn from the seed). The group leaves the seed out: runs of one group differ
// by seed alone.
func (p *Plan) Identity(fingerprint, initFrom string) (identity, group string, err error) {
	return p.identity(fingerprint, initFrom, kernel.Version)
}

// identity is Identity under a version of the arithmetic.
func (p *Plan) identity(fingerprint, initFrom string, arithmetic int) (identity, group string, err error) {
	compose := func(withSeed bool) (string, error) {
		hash, err := p.Experiment.Hash(withSeed)
		if err != nil {
			return "", err
		}
		h := sha256.New()
		fmt.Fprintf(h, "experiment %s\ndataset %s\narithmetic %d\n", hash, fingerprint, arithmetic)
		if initFrom != "" {
			fmt.Fprintf(h, "weights %s\n", initFrom)
		}
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	if identity, err = compose(true); err != nil {
		return "", "", err
	}
	group, err = compose(false)
	return identity, group, err
}

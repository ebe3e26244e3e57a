package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"time"

	"runner/internal/checkpoint"
)

// origin gives a training its first values: [fromSeed], those of [fromFile], or those of [fromState]. A state that is not
// kept yet is kept at once: what a run starts from is then on record, whatever becomes of a file of weights.
type origin func(*training) error

// fromSeed leaves the values as they were drawn from the seed.
func fromSeed(t *training) error { return t.keep() }

// fromFile takes the weights of a checkpoint.
func fromFile(path string) origin {
	return func(t *training) error {
		if _, err := restore(path, t.model.Tensors); err != nil {
			return err
		}
		return t.keep()
	}
}

// fromState resumes from the state in the checkpoint at path.
func fromState(path string, file checkpoint.File) origin {
	return func(t *training) (err error) {
		if t.at, err = readState(file.Metadata); err != nil {
			return unresumable(fmt.Errorf("%s: %w", path, err))
		}
		if err := assign(path, file, t.model.Tensors, t.optimizer.State()); err != nil {
			return unresumable(err)
		}
		t.kept = time.Now()
		return nil
	}
}

// origin returns an origin from the state in the folder; nil where there is none, as in the folder of a run of an older
// version, which kept weights alone.
func (f Folder) origin() (origin, error) {
	path := filepath.Join(f.Path, LastFile)
	file, err := checkpoint.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unresumable(err)
	}
	if _, whole := file.Metadata["step"]; !whole {
		return nil, nil
	}
	if !file.Checksummed {
		return nil, unresumable(fmt.Errorf("%s: has no checksum", path))
	}
	if file.Metadata["identity"] != f.Identity {
		return nil, unresumable(fmt.Errorf("%s: is the state of another run", path))
	}
	return fromState(path, file), nil
}

func unresumable(err error) error {
	return fmt.Errorf("cannot resume from the state: %w: remove the file to train the run again from its beginning, "+
		"and compare it with the epochs on record", err)
}

// state is where a training stands between two steps, but for its tensors. All random numbers are a function of the
// seed and of this, so there is no generator's state to keep.
type state struct {
	Epoch       int     // in progress, counted from 1; beyond the last when all are done
	StepInEpoch int     // steps of the epoch that are done
	TotalSteps  int64   // steps of the training that are done
	Sum         float64 // of the losses of the epoch's examples so far
	Seconds     float64 // of training in the epoch so far
	Best        float64 // validation accuracy of the epochs so far, -1 before the first
}

// metadata is the state as a checkpoint holds it.
func (s state) metadata() map[string]string {
	return map[string]string{
		"epoch":    strconv.Itoa(s.Epoch),
		"steps":    strconv.Itoa(s.StepInEpoch),
		"step":     strconv.FormatInt(s.TotalSteps, 10),
		"loss_sum": exact(s.Sum),
		"seconds":  exact(s.Seconds),
		"best":     exact(s.Best),
	}
}

// exact writes a number so that it reads back to the same bits.
func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func readState(m map[string]string) (s state, err error) {
	var errs [6]error
	s.Epoch, errs[0] = strconv.Atoi(m["epoch"])
	s.StepInEpoch, errs[1] = strconv.Atoi(m["steps"])
	s.TotalSteps, errs[2] = strconv.ParseInt(m["step"], 10, 64)
	s.Sum, errs[3] = strconv.ParseFloat(m["loss_sum"], 64)
	s.Seconds, errs[4] = strconv.ParseFloat(m["seconds"], 64)
	s.Best, errs[5] = strconv.ParseFloat(m["best"], 64)
	return s, errors.Join(errs[:]...)
}

// keep has the whole state of the training kept, in place of the one before.
func (t *training) keep() error {
	t.kept = time.Now()
	metadata := t.at.metadata()
	metadata["experiment"] = t.experiment.Name
	metadata["weights_hash"] = weightsHash(t.model.Tensors)
	return t.recorder.State(checkpointOf(t.model.Tensors, t.optimizer.State(), metadata))
}

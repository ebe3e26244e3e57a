package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"runner/arch/kernel"
	"runner/internal/checkpoint"
	"runner/store"
)

// state is where a training stands between two steps, but for its tensors. What
// is drawn is a function of the seed and of this, so there is no generator's
// state to keep.
type state struct {
	Epoch   int     // in progress, counted from 1; beyond the last when all are done
	Steps   int     // of the epoch that are done
	Step    int64   // of the training that are done
	Sum     float64 // of the losses of the epoch's examples so far
	Seconds float64 // of training in the epoch so far
	Best    float64 // validation accuracy of the epochs so far, -1 before the first
}

// keep writes the whole state of the training to LastFile, in place of the one
// before.
func (t *training) keep() error {
	t.kept = time.Now()
	return t.save(LastFile, t.optimizer.State(), map[string]string{
		"experiment":   t.experiment.Name,
		"identity":     t.identity,
		"epoch":        strconv.Itoa(t.at.Epoch),
		"steps":        strconv.Itoa(t.at.Steps),
		"step":         strconv.FormatInt(t.at.Step, 10),
		"loss_sum":     exact(t.at.Sum),
		"seconds":      exact(t.at.Seconds),
		"best":         exact(t.at.Best),
		"weights_hash": weightsHash(t.model.Tensors),
	})
}

// exact writes a number so that it reads back to the same bits.
func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// resume goes back to the state in LastFile. It returns false where there is
// none, as in the folder of a run of an older version, which kept weights alone.
func (t *training) resume() (bool, error) {
	path := filepath.Join(t.folder, LastFile)
	file, err := checkpoint.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		if _, whole := file.Metadata["step"]; !whole {
			return false, nil
		}
		if !file.Checksummed {
			err = fmt.Errorf("%s: has no checksum", path)
		}
	}
	if err == nil {
		err = t.read(path, file)
	}
	if err != nil {
		return false, fmt.Errorf("cannot go on from the kept state: %w: remove the file to train the run again "+
			"from its beginning, against the epochs that are on record", err)
	}
	return true, nil
}

// read takes the state over from a checkpoint.
func (t *training) read(path string, file checkpoint.File) error {
	m := file.Metadata
	if m["identity"] != t.identity {
		return fmt.Errorf("%s: is the state of another run", path)
	}
	var at state
	var errs [6]error
	at.Epoch, errs[0] = strconv.Atoi(m["epoch"])
	at.Steps, errs[1] = strconv.Atoi(m["steps"])
	at.Step, errs[2] = strconv.ParseInt(m["step"], 10, 64)
	at.Sum, errs[3] = strconv.ParseFloat(m["loss_sum"], 64)
	at.Seconds, errs[4] = strconv.ParseFloat(m["seconds"], 64)
	at.Best, errs[5] = strconv.ParseFloat(m["best"], 64)
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := assign(path, file, t.model.Tensors, t.optimizer.State()); err != nil {
		return err
	}
	t.at, t.kept = at, time.Now()
	return nil
}

// Resumable says why a recorded run cannot be gone on with here to the same bits,
// or nil.
func Resumable(run store.Run, j Job) error {
	if identity, _, err := j.Plan.Identity(j.Dataset.Fingerprint, run.InitFrom); err != nil {
		return err
	} else if identity != run.Identity {
		return fmt.Errorf("run %s was begun with other arithmetic or another dataset than this program and the data "+
			"folder have, and would not come to the same: train it anew with --again", run.ID)
	}
	then, _, _ := strings.Cut(run.Features, ": ")
	if now := kernel.ISA(); !sameBits(then, now) {
		return fmt.Errorf("run %s was begun with %s arithmetic, which rounds otherwise than %s: "+
			"go on with RUNNER_ISA=%s where the processor has it, or train it anew with --again", run.ID, then, now, then)
	}
	return nil
}

// sameBits tells whether two instruction sets give the same bits. A run of an
// older version says none.
func sameBits(a, b string) bool {
	vector := func(isa string) bool { return isa == "avx512" || isa == "avx2" }
	return a == "" || a == b || vector(a) && vector(b)
}

// ChangedError says that an epoch did not come out as it is on record.
type ChangedError struct {
	Run           string
	Before, After store.Epoch
}

func (e *ChangedError) Error() string {
	d := differences(e.Before, e.After)[0]
	return fmt.Sprintf("epoch %d of run %s does not come out as it is on record: %s %s, recorded %s: "+
		"the processor, the program or the data changed; train it anew with --again",
		e.Before.Epoch, e.Run, strings.ReplaceAll(d.Field, "_", " "), d.Now, d.Recorded)
}

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Outcome is the result of merging a run.
type Outcome string

const (
	TakenIn  Outcome = "taken in"     // it is a run here now
	Extended Outcome = "extended"     // the run here was resumed there, and is as far here now
	Present  Outcome = "already here" // there is nothing to do
	Conflict Outcome = "conflict"     // the run has other results there: nothing is changed
	Refused  Outcome = "refused"      // it cannot be merged as it is or at the moment: nothing is changed
)

// Merged is a run of another store and the result of merging it.
type Merged struct {
	Run     Run    // as it is there
	ID      string // here, "" if it is not here
	Outcome Outcome
	Had     int    // the number of epochs that were here before
	Why     string // of a Conflict; of a Refused run, with what to do
}

// Checkpoints says which files of a run's folder are its own, to a store that knows nothing of
// training.
type Checkpoints struct {
	// Names are in the order in which training replaces the files. Read in the opposite order,
	// while a process trains, no file is newer than those before it.
	Names []string
	// Verify says what is wrong with a file.
	Verify func(path string) error
}

// ErrSameStore is the error of merging a store into itself.
var ErrSameStore = errors.New("they are the same store: name another one")

// merging is the merge of one run.
type merging struct {
	*Store      // here
	from        *MergeSource
	checkpoints Checkpoints
	Merged
}

// Merge merges the runs of another store into this one, in the order in which they were begun there.
// Nothing here is overwritten. A run is here with its record and its checkpoints or not at all, even
// if the process is killed; merging again completes what was left. The results before an error are
// returned with the error. read reads the settings of runs that are taken in.
//
//	a run that is not here                               TakenIn, under its own ID if that is free
//	the same, but a finished run here has the same rows  Present
//	a run that is here, and as far as there              Present
//	the same, but further there                          Extended
//	the same, but rows that both have differ             Conflict
func (s *Store) Merge(
	ctx context.Context, o *MergeSource, checkpoints Checkpoints, read ReadSettings,
) ([]Merged, error) {
	if err := s.notItself(o); err != nil {
		return nil, s.failed("merge "+o.dir, err)
	}
	runs, err := o.runs(ctx, s.db)
	if err != nil {
		return nil, s.failed("merge "+o.dir, err)
	}
	var all []Merged
	for _, r := range runs {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		if settings, err := read(r.Config); err == nil { // Check finds records that cannot be read
			r.Settings = settings
		}
		m := merging{s, o, checkpoints, Merged{Run: r}}
		err := m.merge(ctx)
		var no refusal
		if errors.As(err, &no) {
			m.Outcome, m.Why, err = Refused, string(no), nil
		}
		if err != nil {
			return all, fmt.Errorf("merge run %s of %s: %w", r.ID, o.dir, err)
		}
		all = append(all, m.Merged)
	}
	return all, nil
}

// refusal says why a run is Refused.
type refusal string

func (r refusal) Error() string { return string(r) }

// notItself refuses a store that is this one, by whatever path.
func (s *Store) notItself(o *MergeSource) error {
	for _, name := range []string{".", databaseName} {
		here, err := os.Stat(filepath.Join(s.dir, name))
		if err != nil {
			return err
		}
		there, err := os.Stat(filepath.Join(o.dir, name))
		if err != nil {
			return err
		}
		if os.SameFile(here, there) {
			return ErrSameStore
		}
	}
	return nil
}

// merge decides on the outcome and brings it about.
func (m *merging) merge(ctx context.Context) error {
	r := m.Run
	// A run is here under another ID if its own belonged to another run: then the time of its
	// beginning distinguishes it from other runs of its identity.
	here, err := readRuns(ctx, m.db, `WHERE identity = ?1 AND (id = ?2 OR started = ?3) ORDER BY id = ?2 DESC LIMIT 1`,
		r.Identity, r.ID, instant{&r.Started})
	if err != nil {
		return err
	}
	if len(here) == 1 {
		m.ID, m.Had = here[0].ID, here[0].Logged
		return m.mergeInto(ctx)
	}
	if m.ID, err = m.sameResult(ctx); err != nil {
		return err
	}
	if m.ID != "" {
		m.Outcome = Present
		return nil
	}
	id := r.ID
	taken, err := hasRun(ctx, m.db, id)
	if err == nil && taken { // two stores drew one ID for different runs
		id, err = m.freeID(ctx, m.db)
	}
	if err == nil {
		err = m.add(ctx, id)
	}
	if err == nil {
		m.ID, m.Outcome = id, TakenIn
	}
	return err
}

// sameResult returns the ID of a finished run here with the identity and the rows of a finished run
// there, or "". Rows differ where another kind of processor rounds differently.
func (m *merging) sameResult(ctx context.Context) (string, error) {
	if m.Run.Status != Finished {
		return "", nil
	}
	here, err := readRuns(ctx, m.db, `WHERE identity = ? AND status = ? ORDER BY number DESC`, m.Run.Identity, Finished)
	if err != nil || len(here) == 0 {
		return "", err
	}
	there, err := m.from.epochs(ctx, m.Run)
	if err != nil {
		return "", err
	}
	for _, candidate := range here {
		epochs, err := readEpochs(ctx, m.db, candidate.ID)
		if err != nil {
			return "", err
		}
		if len(epochs) == len(there) && difference(epochs, there) == "" {
			return candidate.ID, nil
		}
	}
	return "", nil
}

// difference says where rows that both have differ in more than the time they took, or is "".
func difference(here, there []Epoch) string {
	byNumber := make(map[int]Epoch, len(here))
	for _, e := range here {
		byNumber[e.Epoch] = e
	}
	for _, t := range there {
		h, both := byNumber[t.Epoch]
		t.Seconds, t.EvalSeconds = h.Seconds, h.EvalSeconds
		if both && h != t {
			return fmt.Sprintf("epoch %d has validation loss %v and weights %.8s here, %v and %.8s there",
				h.Epoch, h.ValLoss, h.WeightsHash, t.ValLoss, t.WeightsHash)
		}
	}
	return ""
}

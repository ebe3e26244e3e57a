package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Outcome is what became of a run of another store.
type Outcome string

const (
	TakenIn  Outcome = "taken in"     // it is a run here now
	Extended Outcome = "extended"     // the run here went on there, and is as far here now
	Present  Outcome = "already here" // nothing is to be done
	Conflict Outcome = "conflict"     // the run here came to something else there: nothing is changed
	Refused  Outcome = "refused"      // it cannot be taken in as it is or just now: nothing is changed
)

// Merged is a run of another store and what became of it.
type Merged struct {
	Run     Run    // as it is there
	ID      string // here, "" if it is not here
	Outcome Outcome
	Had     int    // the number of epochs that were here before
	Why     string // of a Conflict, or what was Refused and what to do
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

// ErrSameStore is the error of a store that is merged into itself.
var ErrSameStore = errors.New("they are the same store: name another one")

// Merge takes in the runs of another store, in the order in which they were begun there. What is
// here is never overwritten, and a run that is taken in is here with its record and its checkpoints,
// or not at all, also when the process is killed; merging again completes what was left. What became
// of the runs before an error is returned with the error. read reads the settings of what is taken in.
//
//	a run that is not here                               TakenIn, under its own ID if that is free
//	the same, but a finished run here has the same rows  Present
//	a run that is here, and as far as there              Present
//	the same, but it went on there                       Extended
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
		if settings, err := read(r.Config); err == nil { // a record that cannot be read has none, which Check tells
			r.Settings = settings
		}
		m := Merged{Run: r}
		err := s.merge(ctx, o, checkpoints, &m)
		var no refusal
		if errors.As(err, &no) {
			m.Outcome, m.Why, err = Refused, string(no), nil
		}
		if err != nil {
			return all, fmt.Errorf("merge run %s of %s: %w", r.ID, o.dir, err)
		}
		all = append(all, m)
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

// merge decides what becomes of the run m.Run, and does it.
func (s *Store) merge(ctx context.Context, o *MergeSource, checkpoints Checkpoints, m *Merged) error {
	r := m.Run
	// A run may be here under another ID, if its own belonged to another run already: then the
	// instant of its beginning tells it from the other runs of its identity.
	here, err := readRuns(ctx, s.db, `WHERE identity = ?1 AND (id = ?2 OR started = ?3) ORDER BY id = ?2 DESC LIMIT 1`,
		r.Identity, r.ID, instant{&r.Started})
	if err != nil {
		return err
	}
	if len(here) == 1 {
		m.ID, m.Had = here[0].ID, here[0].Logged
		return s.mergeInto(ctx, o, checkpoints, m)
	}
	if m.ID, err = s.sameResult(ctx, o, r); err != nil {
		return err
	}
	if m.ID != "" {
		m.Outcome = Present
		return nil
	}
	id := r.ID
	taken, err := hasRun(ctx, s.db, id)
	if err == nil && taken { // two stores drew one ID for different runs
		id, err = s.freeID(ctx, s.db)
	}
	if err == nil {
		err = s.add(ctx, o, checkpoints, r, id)
	}
	if err == nil {
		m.ID, m.Outcome = id, TakenIn
	}
	return err
}

// sameResult returns the ID of a finished run here that has a finished run's identity and rows, or
// "". Rows differ where another kind of processor rounds otherwise.
func (s *Store) sameResult(ctx context.Context, o *MergeSource, r Run) (string, error) {
	if r.Status != Finished {
		return "", nil
	}
	here, err := readRuns(ctx, s.db, `WHERE identity = ? AND status = ? ORDER BY number DESC`, r.Identity, Finished)
	if err != nil || len(here) == 0 {
		return "", err
	}
	there, err := o.epochs(ctx, r)
	if err != nil {
		return "", err
	}
	for _, candidate := range here {
		epochs, err := readEpochs(ctx, s.db, candidate.ID)
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
		if !both {
			continue
		}
		t.Seconds, t.EvalSeconds = h.Seconds, h.EvalSeconds
		if h != t {
			return fmt.Sprintf("epoch %d has validation loss %v and weights %.8s here, %v and %.8s there",
				h.Epoch, h.ValLoss, h.WeightsHash, t.ValLoss, t.WeightsHash)
		}
	}
	return ""
}

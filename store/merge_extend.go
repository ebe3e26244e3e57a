package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"runner/internal/files"
)

// mergeInto merges the run into m.ID, which is the same run here.
func (m *merging) mergeInto(ctx context.Context) error {
	extras, err := m.from.extras(ctx, m.Run)
	if err != nil {
		return err
	}
	if _, err := m.judge(ctx); err != nil {
		return err
	}
	switch m.Outcome {
	case Present: // perhaps tested there
		missing, err := extras.missingOf(ctx, m.db, m.ID)
		if err != nil || missing.none() {
			return err
		}
		return m.write(ctx, "add tests to run "+m.ID, func(tx *transaction) error { return extras.add(ctx, tx, m.ID) })
	case Extended:
		return m.staged(ctx, m.ID, func(stage string) error {
			missing, err := m.judge(ctx) // again, now that nobody trains the run here
			if err != nil || m.Outcome != Extended {
				return err
			}
			if extras, err = m.from.extras(ctx, m.Run); err != nil { // they may have changed
				return err
			}
			return m.extend(ctx, missing, extras, stage)
		})
	}
	return nil
}

// judge compares the run m.ID with the same run there. It sets the outcome, and returns the epochs that
// are missing here.
func (m *merging) judge(ctx context.Context) (missing []Epoch, err error) {
	here, err := readRun(ctx, m.db, m.ID)
	if gone := new(NotFoundError); errors.As(err, &gone) {
		return nil, refusal("it was removed here meanwhile")
	}
	if err != nil {
		return nil, err
	}
	ours, err := readEpochs(ctx, m.db, m.ID)
	if err != nil {
		return nil, err
	}
	theirs, err := m.from.epochs(ctx, m.Run)
	if err != nil {
		return nil, err
	}
	more := len(theirs) - len(ours)
	m.Why = difference(ours, theirs)
	switch {
	case m.Why != "":
		m.Outcome = Conflict
	case here.Over() && more > 0:
		m.Outcome, m.Why = Conflict, fmt.Sprintf("it is %s here after %d epochs, and has %d there",
			here.Status, len(ours), len(theirs))
	case here.Over() || more < 0, more == 0 && !m.Run.Over() && here.Reason != halfExtended:
		m.Outcome = Present
	default:
		m.Outcome = Extended
		has := make(map[int]bool, len(ours))
		for _, e := range ours {
			has[e.Epoch] = true
		}
		missing = slices.DeleteFunc(theirs, func(e Epoch) bool { return has[e.Epoch] })
	}
	return missing, nil
}

// halfExtended is the reason of a run whose merge was interrupted. Another merge treats the run as
// one that is behind.
const halfExtended = "a merge into it was interrupted: merge again, or resume it"

// extend makes the run m.ID what it is there. The order is that of training: rows before the files that
// pass them, and the end last. In between the run is interrupted, with a state that is older than its
// rows, and may be resumed.
func (m *merging) extend(ctx context.Context, missing []Epoch, extras extras, stage string) error {
	there := m.Run
	err := m.write(ctx, "add epochs to run "+m.ID, func(tx *transaction) error {
		var number int64
		err := tx.QueryRowContext(ctx, `UPDATE runs SET status = ?, reason = ?, finished = ? WHERE id = ? RETURNING number`,
			Interrupted, halfExtended, instant{&there.Finished}, m.ID).Scan(&number)
		if err != nil {
			return err
		}
		if err := insertEpochs(ctx, tx, number, missing); err != nil {
			return err
		}
		return extras.add(ctx, tx, m.ID) // with the rows: the answers are those of the best one
	})
	if err != nil {
		return err
	}
	if err := m.place(stage); err != nil {
		return err
	}
	return m.write(ctx, "end run "+m.ID, func(tx *transaction) error {
		return tx.exec(ctx, `UPDATE runs SET status = ?, reason = ?, stack = ?, finished = ?,
			host = ?, process = ?, boot = ?, resumes = ? WHERE id = ?`,
			there.Status, there.Reason, there.Stack, instant{&there.Finished},
			there.Host, there.Process, there.Boot, there.Resumes, m.ID)
	})
}

// place moves the files in the folder stage into the folder of m.ID. If the run is over, files that
// stage lacks are of a time before its end and are removed.
func (m *merging) place(stage string) error {
	folder := m.Folder(m.ID)
	if err := files.CreateFolder(folder); err != nil {
		return err
	}
	for _, name := range m.checkpoints.Names {
		err := os.Rename(filepath.Join(stage, name), filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			if err = nil; m.Run.Over() {
				err = os.RemoveAll(filepath.Join(folder, name))
			}
		}
		if err == nil {
			err = files.SyncFolder(folder) // each before the next
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// extras are what a run's record has beyond the run and its epochs.
type extras struct {
	dataset Dataset // that it was trained and measured on
	answers []splitAnswers
	uses    []TestUse
	// loss and accuracy on the test split, nil if it was not evaluated on it.
	loss, accuracy *float64
}

type splitAnswers struct {
	split string
	epoch int
	Answers
}

// extras returns the extras of one of the runs. A store of an older version has none, except that a
// test was a use of the test split, as migrating says too. Answers that are damaged or contradict the
// record are left out.
func (o *MergeSource) extras(ctx context.Context, r Run) (extras, error) {
	e := extras{loss: r.TestLoss, accuracy: r.TestAccuracy}
	var err error
	if e.dataset, err = o.dataset(ctx, r); err != nil {
		return e, err
	}
	if !o.tables["answers"] || !o.tables["looks"] {
		if r.TestAccuracy != nil {
			e.uses = []TestUse{{At: r.Started, Command: "run"}}
		}
		return e, nil
	}
	for _, split := range []string{Validation, Test} {
		a, epoch, found, err := readAnswers(ctx, o.db, r.ID, split)
		if err != nil && !errors.Is(err, ErrDamagedAnswers) {
			return e, err
		}
		accuracy := r.BestValAccuracy
		if split == Test {
			accuracy = r.TestAccuracy
		}
		if found && !a.contradicts(accuracy) {
			e.answers = append(e.answers, splitAnswers{split, epoch, a})
			e.dataset.believe(split, a)
		}
	}
	e.uses, err = readTestUses(ctx, o.db, r.ID)
	return e, err
}

// missingOf returns what a run lacks of e. Answers of another epoch than its best one are left out: the
// run was trained there while it was read.
func (e extras) missingOf(ctx context.Context, q querier, id string) (extras, error) {
	var missing extras
	var best int
	var tested bool
	err := q.QueryRowContext(ctx, `SELECT coalesce(best_epoch, 0), test_accuracy IS NOT NULL FROM runs WHERE id = ?`,
		id).Scan(&best, &tested)
	if err != nil {
		return missing, err
	}
	if !tested {
		missing.loss, missing.accuracy = e.loss, e.accuracy
	}
	for _, a := range e.answers {
		_, _, has, err := readAnswers(ctx, q, id, a.split)
		if err != nil && !errors.Is(err, ErrDamagedAnswers) {
			return missing, err
		}
		if a.epoch == best && !has {
			missing.answers = append(missing.answers, a)
		}
	}
	here, err := readTestUses(ctx, q, id)
	missing.uses = slices.DeleteFunc(slices.Clone(e.uses), func(u TestUse) bool {
		return slices.ContainsFunc(here, func(h TestUse) bool { return h.At.Equal(u.At) && h.Command == u.Command })
	})
	return missing, err
}

// none is true if there is nothing to add.
func (e extras) none() bool { return len(e.answers) == 0 && len(e.uses) == 0 && e.accuracy == nil }

// add adds to a run what it lacks of e.
func (e extras) add(ctx context.Context, tx *transaction, id string) error {
	missing, err := e.missingOf(ctx, tx, id)
	if err != nil {
		return err
	}
	var number int64
	err = tx.QueryRowContext(ctx, `UPDATE runs
		SET test_loss = coalesce(test_loss, ?), test_accuracy = coalesce(test_accuracy, ?)
		WHERE id = ? RETURNING number`, missing.loss, missing.accuracy, id).Scan(&number)
	if err == nil {
		err = putDataset(ctx, tx, e.dataset)
	}
	for _, a := range missing.answers {
		if err == nil {
			err = putAnswers(ctx, tx, number, a.split, a.epoch, a.Answers)
		}
	}
	for _, u := range missing.uses {
		if err == nil {
			err = insertTestUse(ctx, tx, id, u)
		}
	}
	return err
}

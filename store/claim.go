package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Claimed is what became of a claim to a run.
type Claimed int

const (
	Begun   Claimed = iota // a new run, and this process's
	Resumed                // an unfinished run, and this process's now
	Done                   // finished or diverged: training it again would give the same
	Busy                   // another process trains it
)

// BusyError says that another process trains a run.
type BusyError struct{ Run Run }

func (e *BusyError) Error() string {
	return fmt.Sprintf("process %d on %s trains run %s: wait for it or stop it", e.Run.Process, e.Run.Host, e.Run.ID)
}

// Claim looks for the runs of r's identity and begins r only if there is nothing to go on with:
//
//	a finished one    that is it; else the latest diverged one      Done
//	a running one     is left to its process                        Busy
//	the latest of the others is gone on with                        Resumed
//	none              r is begun                                    Begun
//
// on is what r is trained and measured on, which is put on record with it.
//
// Looking and taking are one transaction: of two processes that claim one identity at the same
// time one gets it.
func (s *Store) Claim(ctx context.Context, r Run, on Dataset) (run Run, what Claimed, err error) {
	err = s.take(ctx, fmt.Sprintf("claim a run of %s", r.Experiment), func(tx *sql.Tx, undo *undo) error {
		var found bool
		run, what, found, err = s.look(ctx, tx, r.Identity)
		var busy *BusyError
		switch {
		case err != nil:
		case !found:
			what = Begun
			run, err = s.begin(ctx, tx, r, on, undo)
		case what == Resumed:
			run, err = s.takeOver(ctx, tx, run, undo)
			if errors.As(err, &busy) {
				run, what, err = busy.Run, Busy, nil
			}
			if err == nil && what == Resumed {
				err = putDataset(ctx, tx, on) // an older version may not have
			}
		}
		return err
	})
	if err != nil {
		return Run{}, 0, err
	}
	return run, what, nil
}

// Look tells what Claim would do, and of which run; found is false where it would begin one.
func (s *Store) Look(ctx context.Context, identity string) (run Run, what Claimed, found bool, err error) {
	run, what, found, err = s.look(ctx, s.db, identity)
	return run, what, found, s.failed("look for runs", err)
}

func (s *Store) look(ctx context.Context, q querier, identity string) (run Run, what Claimed, found bool, err error) {
	runs, err := readRuns(ctx, q, `WHERE identity = ? ORDER BY number DESC`, identity)
	if err == nil {
		err = s.settle(ctx, q, runs)
	}
	if err != nil || len(runs) == 0 {
		return Run{}, 0, false, err
	}
	run, what = choose(runs)
	return run, what, true, nil
}

// choose returns the run that counts among those of one identity, the latest first, and what a
// claim comes to.
func choose(runs []Run) (Run, Claimed) {
	for _, c := range []struct {
		status Status
		means  Claimed
	}{{Finished, Done}, {Diverged, Done}, {Running, Busy}} {
		if i := slices.IndexFunc(runs, func(r Run) bool { return r.Status == c.status }); i >= 0 {
			return runs[i], c.means
		}
	}
	return runs[0], Resumed
}

// Resume makes an unfinished run, which was interrupted or failed, this process's and Running
// again. The error is a *BusyError if another process trains it.
func (s *Store) Resume(ctx context.Context, id string) (run Run, err error) {
	err = s.take(ctx, fmt.Sprintf("resume run %s", id), func(tx *sql.Tx, undo *undo) error {
		runs, err := readRuns(ctx, tx, `WHERE id = ?`, id)
		if err == nil && len(runs) == 0 {
			err = &NotFoundError{Ref: id}
		}
		if err == nil {
			err = s.settle(ctx, tx, runs)
		}
		if err == nil {
			run, err = s.takeOver(ctx, tx, runs[0], undo)
		}
		return err
	})
	if err != nil {
		return Run{}, err
	}
	return run, nil
}

// takeOver makes a settled run this process's.
func (s *Store) takeOver(ctx context.Context, tx *sql.Tx, r Run, undo *undo) (Run, error) {
	switch {
	case r.Status == Running:
		return Run{}, &BusyError{r}
	case r.Over():
		return Run{}, fmt.Errorf("the run has ended (%s): there is nothing to go on with", r.Status)
	}
	taken, err := s.takeLock(r.ID, undo)
	if err != nil {
		return Run{}, err
	}
	if !taken { // by somebody who is ending it after a crash, or removing it
		return Run{}, &BusyError{r}
	}
	r.Status, r.Reason, r.Stack, r.Finished = Running, "", "", time.Time{}
	r.Resumes++
	r.Owner = thisProcess()
	_, err = tx.ExecContext(ctx, `UPDATE runs SET status = ?, reason = '', stack = '', finished = NULL,
		host = ?, process = ?, boot = ?, resumes = ? WHERE id = ?`,
		r.Status, r.Host, r.Process, r.Boot, r.Resumes, r.ID)
	return r, err
}

// EndLost ends a run whose process, which was not this one, is gone without having ended it. It
// does nothing if the run has ended, or if somebody else has taken it over.
func (s *Store) EndLost(ctx context.Context, id string, st Status, reason, stack string) error {
	do := fmt.Sprintf("end run %s as %s", id, st)
	taken, err := s.locks.take(lockOf(id))
	if err != nil || !taken {
		return s.failed(do, err)
	}
	var recorded Status
	err = s.db.QueryRowContext(ctx, `SELECT status FROM runs WHERE id = ?`, id).Scan(&recorded)
	if err == nil && recorded == Running {
		if err := s.End(ctx, id, st, reason, stack); err != nil {
			// Not this process's any more, though it cannot be said why.
			return errors.Join(err, s.locks.free(lockOf(id)))
		}
		return nil
	}
	return s.failed(do, errors.Join(err, s.locks.free(lockOf(id))))
}

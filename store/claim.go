package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Claimed is the result of a claim to a run.
type Claimed int

const (
	Begun   Claimed = iota // a new run of this process
	Resumed                // an unfinished run, now of this process
	Done                   // finished or diverged: training it again would give the same result
	Busy                   // another process trains it
)

// BusyError says that another process trains a run.
type BusyError struct{ Run Run }

func (e *BusyError) Error() string {
	return fmt.Sprintf("process %d on %s trains run %s: wait for it or stop it", e.Run.Process, e.Run.Host, e.Run.ID)
}

// Claim finds the run of r's identity to train, and begins r only if there is none:
//
//	one is finished, or else diverged    Done, the latest of them
//	one is running                       Busy: it is left to its process
//	there are others                     Resumed, the latest
//	there is none                        Begun
//
// The dataset that r is trained and measured on is recorded with it. Looking and taking are one
// transaction: of two processes that claim one identity at the same time, one gets it.
func (s *Store) Claim(ctx context.Context, r Run, on Dataset) (run Run, what Claimed, err error) {
	err = s.write(ctx, "claim a run of "+r.Experiment, func(tx *transaction) error {
		var found bool
		run, what, found, err = s.look(ctx, tx, r.Identity)
		switch {
		case err != nil:
		case !found:
			what = Begun
			run, err = s.begin(ctx, tx, r, on)
		case what == Resumed:
			run, err = s.takeOver(ctx, tx, run)
			var busy *BusyError
			if errors.As(err, &busy) {
				run, what = busy.Run, Busy
				return nil
			}
			if err == nil {
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

// Look returns the run that Claim would find, and the result; found is false if it would begin one.
func (s *Store) Look(ctx context.Context, identity string) (run Run, what Claimed, found bool, err error) {
	run, what, found, err = s.look(ctx, s.db, identity)
	return run, what, found, s.failed("look for runs", err)
}

func (s *Store) look(ctx context.Context, q querier, identity string) (run Run, what Claimed, found bool, err error) {
	runs, err := s.settled(ctx, q, `WHERE identity = ? ORDER BY number DESC`, identity)
	if err != nil || len(runs) == 0 {
		return Run{}, 0, false, err
	}
	run, what = choose(runs)
	return run, what, true, nil
}

// choose returns the run that counts among those of one identity, of which the latest is first, and
// the result of a claim.
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

// Resume makes an interrupted or failed run Running again, as a run of this process. The error is a
// *BusyError if another process trains it.
func (s *Store) Resume(ctx context.Context, id string) (run Run, err error) {
	err = s.write(ctx, "resume run "+id, func(tx *transaction) error {
		r, err := readRun(ctx, tx, id)
		if err == nil {
			err = s.settle(ctx, tx, &r)
		}
		if err == nil {
			run, err = s.takeOver(ctx, tx, r)
		}
		return err
	})
	return run, err
}

// takeOver makes a settled run this process's.
func (s *Store) takeOver(ctx context.Context, tx *transaction, r Run) (Run, error) {
	switch {
	case r.Status == Running:
		return Run{}, &BusyError{r}
	case r.Over():
		return Run{}, fmt.Errorf("the run has ended (%s): there is nothing to resume", r.Status)
	}
	free, err := s.takeLock(tx, lockOf(r.ID))
	if err != nil {
		return Run{}, err
	}
	if !free { // a process is ending it after a crash, or removing it
		return Run{}, &BusyError{r}
	}
	r.Status, r.Reason, r.Stack, r.Finished = Running, "", "", time.Time{}
	r.Resumes++
	r.Owner = thisProcess()
	return r, tx.exec(ctx, `UPDATE runs SET status = ?, reason = '', stack = '', finished = NULL,
		host = ?, process = ?, boot = ?, resumes = ? WHERE id = ?`,
		r.Status, r.Host, r.Process, r.Boot, r.Resumes, r.ID)
}

// EndLost ends a run of another process that is gone without having ended it. It does nothing if the
// run has ended, or if another process has taken it over.
func (s *Store) EndLost(ctx context.Context, id string, st Status, reason, stack string) error {
	var ended error
	_, err := s.locked(id, func() error {
		var recorded Status
		err := s.db.QueryRowContext(ctx, `SELECT status FROM runs WHERE id = ?`, id).Scan(&recorded)
		if err == nil && recorded == Running {
			ended = s.End(ctx, id, st, reason, stack)
		}
		return err
	})
	return cmp.Or(ended, s.failed(fmt.Sprintf("end run %s as %s", id, st), err))
}

// Owner is a process on record, for people to read: whether it is alive, a lock says.
type Owner struct {
	Host    string
	Process int    // its number there, 0: not recorded
	Boot    string // identifies the boot of the host; "": not known
}

func thisProcess() Owner {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // on Linux
	return Owner{host, os.Getpid(), strings.TrimSpace(string(boot))}
}

// lost says why a run of a process that is gone is not running.
func (o Owner) lost() string {
	here := thisProcess()
	switch {
	case o.Process == 0: // a version that did not record it
		return "its process died without recording its end"
	case o.Host != here.Host:
		return fmt.Sprintf("its process, %d on %s, cannot be seen from here", o.Process, o.Host)
	case o.Boot != here.Boot:
		return fmt.Sprintf("the machine was restarted while process %d trained it", o.Process)
	}
	return fmt.Sprintf("its process, %d, died without recording its end", o.Process)
}

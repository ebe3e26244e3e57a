package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Sweep is a number of runs that one process has trained. It is recorded so that others can see
// how far it is; the runs are what they are without it.
type Sweep struct {
	Number  int64
	Started time.Time // UTC
	Owner             // the process that trains them, or did
	Alive   bool      // it has not ended
	Runs    []SweepRun
}

// SweepRun is one of a sweep's runs.
type SweepRun struct {
	Identity   string
	Experiment string
	Seed       int64
	Mode       string
	Epochs     int     // planned
	Work       float64 // how much there is to do, beside the sweep's other runs
	Again      bool    // it is trained even if it is done
	// Run is the recorded run of that identity, nil where none was begun: one that is running, else
	// what Claim would find. Where it is trained again, only what was begun since the sweep was counts.
	Run *Run
}

// BeginSweep records a sweep of this process and forgets those whose processes are gone.
func (s *Store) BeginSweep(ctx context.Context, runs []SweepRun) (number int64, err error) {
	err = s.take(ctx, "begin a sweep", func(tx *sql.Tx, undo *undo) error {
		sweeps, err := s.sweeps(ctx, tx)
		if err != nil {
			return err
		}
		for _, old := range sweeps {
			if old.Alive {
				continue
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM sweeps WHERE number = ?`, old.Number); err != nil {
				return err
			}
		}
		now, here := time.Now().UTC(), thisProcess()
		res, err := tx.ExecContext(ctx, `INSERT INTO sweeps (started, host, process, boot) VALUES (?, ?, ?, ?)`,
			instant{&now}, here.Host, here.Process, here.Boot)
		if err != nil {
			return err
		}
		if number, err = res.LastInsertId(); err != nil {
			return err
		}
		// The lock before the commit: nobody ever sees the sweep without it.
		if taken, err := s.locks.take(lockOfSweep(number)); err != nil {
			return err
		} else if !taken {
			return fmt.Errorf("another process holds the lock of the new sweep %d: try again", number)
		}
		undo.add(func() { s.locks.free(lockOfSweep(number)) })
		insert, err := tx.PrepareContext(ctx, `INSERT INTO sweep_runs
			(sweep, position, identity, experiment, seed, mode, planned_epochs, work, again) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for i, r := range runs {
			_, err := insert.ExecContext(ctx, number, i,
				r.Identity, r.Experiment, r.Seed, r.Mode, r.Epochs, r.Work, r.Again)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return number, err
}

// EndSweep says that this process does no more for a sweep. It is forgotten when all was done;
// otherwise it is there to be seen until the next one begins.
func (s *Store) EndSweep(ctx context.Context, number int64, done bool) error {
	do := fmt.Sprintf("end sweep %d", number)
	if done {
		err := s.write(ctx, do, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM sweeps WHERE number = ?`, number)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.failed(do, s.locks.free(lockOfSweep(number)))
}

// Sweeps returns the sweeps that are under way or were left undone, the latest first, with their
// runs.
func (s *Store) Sweeps(ctx context.Context) ([]Sweep, error) {
	sweeps, err := s.sweeps(ctx, s.db)
	for i := range sweeps {
		if err == nil {
			sweeps[i].Runs, err = s.sweepRuns(ctx, sweeps[i])
		}
	}
	return sweeps, s.failed("read the sweeps", err)
}

// sweeps reads the sweeps without their runs.
func (s *Store) sweeps(ctx context.Context, q querier) ([]Sweep, error) {
	rows, err := q.QueryContext(ctx, `SELECT number, started, host, process, boot FROM sweeps ORDER BY number DESC`)
	if err != nil {
		return nil, err
	}
	sweeps, err := collect(rows, func(w *Sweep) []any {
		return []any{&w.Number, instant{&w.Started}, &w.Host, &w.Process, &w.Boot}
	})
	for i := range sweeps {
		if err == nil {
			sweeps[i].Alive, err = s.locks.held(lockOfSweep(sweeps[i].Number))
		}
	}
	return sweeps, err
}

func (s *Store) sweepRuns(ctx context.Context, w Sweep) ([]SweepRun, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT identity, experiment, seed, mode, planned_epochs, work, again
		FROM sweep_runs WHERE sweep = ? ORDER BY position`, w.Number)
	if err != nil {
		return nil, err
	}
	planned, err := collect(rows, func(r *SweepRun) []any {
		return []any{&r.Identity, &r.Experiment, &r.Seed, &r.Mode, &r.Epochs, &r.Work, &r.Again}
	})
	if err != nil {
		return nil, err
	}
	recorded, err := s.selectRuns(ctx,
		`WHERE identity IN (SELECT identity FROM sweep_runs WHERE sweep = ?) ORDER BY number DESC`, w.Number)
	if err != nil {
		return nil, err
	}
	of := make(map[string][]Run)
	for _, r := range recorded {
		of[r.Identity] = append(of[r.Identity], r)
	}
	for i := range planned {
		runs := of[planned[i].Identity]
		if planned[i].Again {
			runs = slices.DeleteFunc(slices.Clone(runs), func(r Run) bool { return r.Started.Before(w.Started) })
		}
		if len(runs) == 0 {
			continue
		}
		run, _ := choose(runs)
		if i := slices.IndexFunc(runs, func(r Run) bool { return r.Status == Running }); i >= 0 {
			run = runs[i]
		}
		planned[i].Run = &run
	}
	return planned, nil
}

// lockOfSweep is the byte of a sweep, beyond those of the runs.
func lockOfSweep(number int64) int64 { return 1<<32 + number }

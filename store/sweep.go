package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Sweep is a number of runs that one process trains or has trained. It is recorded so that others can
// see its progress; the runs do not depend on it.
type Sweep struct {
	Number  int64
	Started time.Time // UTC
	Owner             // the process that trains them, or did
	Alive   bool      // it has not ended
	Runs    []SweepRun
}

func (w *Sweep) columns() columns {
	return columns{
		{"number", &w.Number}, {"started", instant{&w.Started}},
		{"host", &w.Host}, {"process", &w.Process}, {"boot", &w.Boot},
	}
}

// SweepRun is one of a sweep's runs.
type SweepRun struct {
	Identity   string
	Experiment string
	Seed       int64
	Mode       string
	Epochs     int     // planned
	Work       float64 // how long it takes, relative to the sweep's other runs
	Again      bool    // it is trained even if it is finished
	// Run is the run on record of that identity, nil if none was begun: a running one, else the one that
	// Claim would find. If it is trained again, only runs begun since the sweep count.
	Run *Run
}

func (r *SweepRun) columns() columns {
	return columns{
		{"identity", &r.Identity}, {"experiment", &r.Experiment}, {"seed", &r.Seed}, {"mode", &r.Mode},
		{"planned_epochs", &r.Epochs}, {"work", &r.Work}, {"again", &r.Again},
	}
}

// BeginSweep records a sweep of this process and forgets those whose processes are gone.
func (s *Store) BeginSweep(ctx context.Context, runs []SweepRun) (number int64, err error) {
	err = s.write(ctx, "begin a sweep", func(tx *transaction) error {
		sweeps, err := s.sweeps(ctx, tx)
		if err != nil {
			return err
		}
		for _, old := range sweeps {
			if old.Alive {
				continue
			}
			if err := tx.exec(ctx, `DELETE FROM sweeps WHERE number = ?`, old.Number); err != nil {
				return err
			}
		}
		w := Sweep{Started: time.Now(), Owner: thisProcess()}
		c := w.columns()[1:] // SQLite numbers it
		err = tx.QueryRowContext(ctx, c.insert("sweeps")+` RETURNING number`, c.fields()...).Scan(&number)
		if err != nil {
			return err
		}
		// The lock before the commit: nobody ever sees the sweep without it.
		if free, err := s.takeLock(tx, lockOfSweep(number)); err != nil {
			return err
		} else if !free {
			return fmt.Errorf("another process holds the lock of the new sweep %d: try again", number)
		}
		for i, r := range runs {
			c := append(r.columns(), column{"sweep", number}, column{"position", i})
			if err := tx.exec(ctx, c.insert("sweep_runs"), c.fields()...); err != nil {
				return err
			}
		}
		return nil
	})
	return number, err
}

// EndSweep ends a sweep of this process. It is forgotten if all of it is done; otherwise it stays on
// record until the next one begins.
func (s *Store) EndSweep(ctx context.Context, number int64, done bool) error {
	do := fmt.Sprintf("end sweep %d", number)
	if done {
		err := s.write(ctx, do, func(tx *transaction) error {
			return tx.exec(ctx, `DELETE FROM sweeps WHERE number = ?`, number)
		})
		if err != nil {
			return err
		}
	}
	return s.failed(do, s.locks.free(lockOfSweep(number)))
}

// Sweeps returns the sweeps that are under way or were left unfinished, the latest first, with their
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
	sweeps, err := read(ctx, q, (*Sweep).columns, `FROM sweeps ORDER BY number DESC`)
	for i := range sweeps {
		if err == nil {
			sweeps[i].Alive, err = s.locks.held(lockOfSweep(sweeps[i].Number))
		}
	}
	return sweeps, err
}

func (s *Store) sweepRuns(ctx context.Context, w Sweep) ([]SweepRun, error) {
	planned, err := read(ctx, s.db, (*SweepRun).columns, `FROM sweep_runs WHERE sweep = ? ORDER BY position`, w.Number)
	if err != nil {
		return nil, err
	}
	recorded, err := s.settled(ctx, s.db,
		`WHERE identity IN (SELECT identity FROM sweep_runs WHERE sweep = ?) ORDER BY number DESC`, w.Number)
	if err != nil {
		return nil, err
	}
	byIdentity := make(map[string][]Run)
	for _, r := range recorded {
		byIdentity[r.Identity] = append(byIdentity[r.Identity], r)
	}
	for i := range planned {
		runs := byIdentity[planned[i].Identity]
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

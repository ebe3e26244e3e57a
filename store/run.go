package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"runner/internal/files"
)

// Status is where a run stands.
type Status string

// A run is Running until End gives it one of the others.
const (
	Running     Status = "running"     // and its process lives: see settle
	Finished    Status = "finished"    // every planned epoch was trained
	Failed      Status = "failed"      // an error or a crash stopped it
	Interrupted Status = "interrupted" // a person or the system stopped it
	Diverged    Status = "diverged"    // the loss was no longer a finite number
)

// Run is one training of one resolved experiment with one seed and mode.
type Run struct {
	ID          string // 8 hexadecimal digits
	Experiment  string // the experiment's name
	Description string
	Identity    string // hash of all that can change the result
	Group       string // the same without the seed: runs of one group differ by their seed alone
	Seed        int64
	Mode        string
	Dataset     string
	Fingerprint string   // hash of the dataset's content
	InitFrom    string   // SHA-256 in hexadecimal of the weights file it started from; "": drawn
	Config      string   // the resolved experiment, as YAML
	Settings    Settings // the same, of the group; not read back: see Store.Settings
	// Parameters and MultiplyAdds are the network's; multiply-adds are those of one example.
	Parameters, MultiplyAdds int64
	Memory                   int64 // bytes that the training takes, estimated; 0: not recorded
	Epochs                   int   // planned
	Threads                  int
	Environment
	Owner                       // the process that trains it, or trained it last
	Started, Finished time.Time // UTC; Finished is zero while the run is running
	Status            Status
	Reason            string // why it ended as it did, "" if there is nothing to say
	Stack             string // of a crash, "" if there was none
	Resumes           int    // how often it was resumed
	Results
}

// Environment is by what and where a run was trained.
type Environment struct {
	Version, Commit string // of the program, and of its git checkout
	Dirty           bool   // the checkout had changes
	GoVersion       string
	Processor       string // its model
	Features        string // the instruction set used, a colon, and all that the processor has
}

// Results are what the epochs of a run came to, so far.
type Results struct {
	Logged          int      // number of epochs logged
	Seconds         float64  // training time of all of them
	BestEpoch       *int     // the first epoch with the best validation accuracy, nil without epochs
	BestValAccuracy *float64 // 0..1
	LastValAccuracy *float64 // of the last epoch logged
	// TestLoss and TestAccuracy are of the best epoch, nil until the test split was evaluated.
	TestLoss, TestAccuracy *float64
}

// Over tells whether a run has ended for good: its state is not needed any more.
func (r Run) Over() bool { return r.Status == Finished || r.Status == Diverged }

// columns pairs the columns of the table runs with the fields of r that hold them, for reading
// and for inserting.
func columns(r *Run) (names []string, fields []any) {
	for _, c := range []struct {
		name  string
		field any
	}{
		{"id", &r.ID},
		{"experiment", &r.Experiment},
		{"description", &r.Description},
		{"identity", &r.Identity},
		{"seedless_identity", &r.Group},
		{"seed", &r.Seed},
		{"mode", &r.Mode},
		{"dataset", &r.Dataset},
		{"fingerprint", &r.Fingerprint},
		{"init_from", &r.InitFrom},
		{"parameters", &r.Parameters},
		{"multiply_adds", &r.MultiplyAdds},
		{"memory", &r.Memory},
		{"planned_epochs", &r.Epochs},
		{"git_commit", &r.Commit},
		{"git_dirty", &r.Dirty},
		{"version", &r.Version},
		{"go_version", &r.GoVersion},
		{"processor", &r.Processor},
		{"features", &r.Features},
		{"threads", &r.Threads},
		{"started", instant{&r.Started}},
		{"finished", instant{&r.Finished}},
		{"status", &r.Status},
		{"reason", &r.Reason},
		{"test_loss", &r.TestLoss},
		{"test_accuracy", &r.TestAccuracy},
		{"logged_epochs", &r.Logged},
		{"seconds", &r.Seconds},
		{"best_epoch", &r.BestEpoch},
		{"best_val_accuracy", &r.BestValAccuracy},
		{"last_val_accuracy", &r.LastValAccuracy},
		{"host", &r.Host},
		{"process", &r.Process},
		{"boot", &r.Boot},
		{"resumes", &r.Resumes},
		{"stack", &r.Stack},
		{"config", &r.Config},
	} {
		names, fields = append(names, c.name), append(fields, c.field)
	}
	return names, fields
}

// Begin adds a run, which is then Running and this process's, and makes its folder. It fills in
// ID, Started, Status and the process, and clears what a run has only later; the rest is the
// caller's. What it is trained and measured on is put on record with it.
func (s *Store) Begin(ctx context.Context, r Run, on Dataset) (Run, error) {
	err := s.take(ctx, fmt.Sprintf("begin a run of %s", r.Experiment), func(tx *sql.Tx, undo *undo) (err error) {
		r, err = s.begin(ctx, tx, r, on, undo)
		return err
	})
	if err != nil {
		return Run{}, err
	}
	return r, nil
}

// begin is Begin in a transaction.
func (s *Store) begin(ctx context.Context, tx *sql.Tx, r Run, on Dataset, undo *undo) (Run, error) {
	if err := on.check(r); err != nil {
		return Run{}, err
	}
	r.Started, r.Finished = time.Now().UTC().Round(0), time.Time{}
	r.Status, r.Reason, r.Stack, r.Resumes = Running, "", "", 0
	r.Results, r.Owner = Results{}, thisProcess()
	for made := false; !made; {
		var err error
		r.ID = s.newID()
		if made, err = s.insert(ctx, tx, &r); err != nil {
			return Run{}, err
		}
	}
	undo.add(func() { os.Remove(s.Folder(r.ID)) }) // empty, and harmless if it stays
	// The lock before the commit: nobody ever sees the run without it.
	if taken, err := s.takeLock(r.ID, undo); err != nil {
		return Run{}, err
	} else if !taken {
		return Run{}, fmt.Errorf("another process holds the lock of the new run %s: try again", r.ID)
	}
	if err := putDataset(ctx, tx, on); err != nil {
		return Run{}, err
	}
	return r, files.SyncFolder(s.dir)
}

// undo is what a transaction did outside the database, to be taken back when it is not committed.
type undo []func()

func (u *undo) add(f func()) { *u = append(*u, f) }

// take is write for transactions that also take locks and make folders.
func (s *Store) take(ctx context.Context, do string, f func(*sql.Tx, *undo) error) error {
	var u undo
	err := s.write(ctx, do, func(tx *sql.Tx) error { return f(tx, &u) })
	if err != nil {
		for _, f := range u {
			f()
		}
	}
	return err
}

// takeLock takes a run's lock unless somebody holds it.
func (s *Store) takeLock(id string, undo *undo) (bool, error) {
	taken, err := s.locks.take(lockOf(id))
	if taken {
		undo.add(func() { s.locks.free(lockOf(id)) })
	}
	return taken, err
}

// insert adds r and makes its folder; made is false, and nothing done, when r.ID is taken.
func (s *Store) insert(ctx context.Context, tx *sql.Tx, r *Run) (made bool, err error) {
	names, fields := columns(r)
	res, err := tx.ExecContext(ctx, fmt.Sprintf(`INSERT INTO runs (%s) VALUES (?%s) ON CONFLICT (id) DO NOTHING`,
		strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1)), fields...)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); n == 0 || err != nil {
		return false, err
	}
	if err := keepSettings(ctx, tx, *r); err != nil {
		return false, err
	}
	// The folder before the commit: a folder without a run does no harm, a run without one does.
	err = os.Mkdir(s.Folder(r.ID), 0o777)
	if errors.Is(err, fs.ErrExist) {
		_, err = tx.ExecContext(ctx, `DELETE FROM runs WHERE id = ?`, r.ID)
		return false, err
	}
	if err == nil {
		r.Settings = "" // as in a run that is read
	}
	return err == nil, err
}

// randomID draws an ID of 8 hexadecimal digits.
func randomID() string {
	var b [4]byte
	rand.Read(b[:]) // never fails: it ends the process instead
	return hex.EncodeToString(b[:])
}

// End gives a run of this process its final status, the reason for it and, after a crash, the
// stack; the run is this process's no longer. A caller that was told to stop passes a context that
// is not cancelled (context.WithoutCancel), or nothing is written.
func (s *Store) End(ctx context.Context, id string, st Status, reason, stack string) error {
	do := fmt.Sprintf("end run %s as %s", id, st)
	switch st {
	case Finished, Failed, Interrupted, Diverged:
	default:
		return s.failed(do, fmt.Errorf("want %s, %s, %s or %s", Finished, Failed, Interrupted, Diverged))
	}
	err := s.write(ctx, do, func(tx *sql.Tx) error {
		if _, err := s.running(ctx, tx, id); err != nil {
			return err
		}
		now := time.Now()
		_, err := tx.ExecContext(ctx, `UPDATE runs SET status = ?, reason = ?, stack = ?, finished = ? WHERE id = ?`,
			st, reason, stack, instant{&now}, id)
		return err
	})
	if err != nil {
		return err
	}
	return s.failed(do, s.locks.free(lockOf(id)))
}

// RecordTest keeps what a run's best epoch comes to on the test split, evaluated during the run or
// after it: the loss, and what it said of each example. Later figures replace earlier ones. The epoch that was
// evaluated has to be the best on record: a process may have been killed between a row and its checkpoint.
func (s *Store) RecordTest(ctx context.Context, id string, epoch int, loss float64, test Answers) error {
	do := fmt.Sprintf("record the test of run %s", id)
	if err := finite("loss", loss); err != nil {
		return s.failed(do, err)
	}
	return s.write(ctx, do, func(tx *sql.Tx) error {
		var number int64
		var best *int
		err := tx.QueryRowContext(ctx, `UPDATE runs SET test_loss = ?, test_accuracy = ? WHERE id = ?
			RETURNING number, best_epoch`, loss, test.Accuracy(), id).Scan(&number, &best)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return &NotFoundError{Ref: id}
		case err != nil:
			return err
		case best == nil:
			return errors.New("the run has no epoch yet: log one before its test")
		case *best != epoch:
			return fmt.Errorf("the test is of epoch %d, on record epoch %d is the best: 'runner resume %s' makes them agree",
				epoch, *best, id)
		}
		return putAnswers(ctx, tx, number, Test, epoch, test)
	})
}

// running returns the row number of a run that this process trains.
func (s *Store) running(ctx context.Context, tx *sql.Tx, id string) (number int64, err error) {
	var st Status
	err = tx.QueryRowContext(ctx, `SELECT number, status FROM runs WHERE id = ?`, id).Scan(&number, &st)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, &NotFoundError{Ref: id}
	case err != nil:
		return 0, err
	case st != Running:
		return 0, fmt.Errorf("the run has ended (%s): resume it or begin another", st)
	case !s.locks.holds(lockOf(id)):
		return 0, errors.New("the run is not this process's: resume it first")
	}
	return number, nil
}

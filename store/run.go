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
	"time"

	"runner/internal/files"
)

// Status is the state of a run.
type Status string

// A run is Running until End gives it one of the others.
const (
	Running     Status = "running"     // and its process is alive: see settle
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
	InitFrom    string   // SHA-256, in hexadecimal, of the weights file it started from; "": drawn weights
	Config      string   // the resolved experiment, as YAML
	Settings    Settings // of the group, only for Begin and Claim: Store.Settings reads them
	Parameters  int64
	// MultiplyAdds are of the forward pass of one example.
	MultiplyAdds int64
	Memory       int64 // bytes that training takes, estimated; 0: not recorded
	Epochs       int   // planned
	Threads      int
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

func (r *Run) columns() columns {
	return columns{
		{"id", &r.ID}, {"experiment", &r.Experiment}, {"description", &r.Description},
		{"identity", &r.Identity}, {"seedless_identity", &r.Group}, {"seed", &r.Seed}, {"mode", &r.Mode},
		{"dataset", &r.Dataset}, {"fingerprint", &r.Fingerprint}, {"init_from", &r.InitFrom},
		{"parameters", &r.Parameters}, {"multiply_adds", &r.MultiplyAdds}, {"memory", &r.Memory},
		{"planned_epochs", &r.Epochs}, {"threads", &r.Threads},
		{"version", &r.Version}, {"git_commit", &r.Commit}, {"git_dirty", &r.Dirty}, {"go_version", &r.GoVersion},
		{"processor", &r.Processor}, {"features", &r.Features},
		{"host", &r.Host}, {"process", &r.Process}, {"boot", &r.Boot},
		{"started", instant{&r.Started}}, {"finished", instant{&r.Finished}},
		{"status", &r.Status}, {"reason", &r.Reason}, {"stack", &r.Stack}, {"resumes", &r.Resumes},
		{"logged_epochs", &r.Logged}, {"seconds", &r.Seconds},
		{"best_epoch", &r.BestEpoch}, {"best_val_accuracy", &r.BestValAccuracy},
		{"last_val_accuracy", &r.LastValAccuracy}, {"test_loss", &r.TestLoss}, {"test_accuracy", &r.TestAccuracy},
		{"config", &r.Config},
	}
}

// Begin adds a run, which is then Running and belongs to this process, and makes its folder. It sets
// ID, Started, Status and the owner, and clears what a run has only later. The dataset that the run
// is trained and measured on is recorded with it.
func (s *Store) Begin(ctx context.Context, r Run, on Dataset) (run Run, err error) {
	err = s.write(ctx, "begin a run of "+r.Experiment, func(tx *transaction) error {
		run, err = s.begin(ctx, tx, r, on)
		return err
	})
	return run, err
}

func (s *Store) begin(ctx context.Context, tx *transaction, r Run, on Dataset) (Run, error) {
	if on.Name != r.Dataset || on.Fingerprint != r.Fingerprint {
		return Run{}, fmt.Errorf("the run is on the dataset %s %s, received %s %s",
			r.Dataset, r.Fingerprint, on.Name, on.Fingerprint)
	}
	r.Started, r.Finished = time.Now().UTC().Round(0), time.Time{}
	r.Status, r.Reason, r.Stack, r.Resumes = Running, "", "", 0
	r.Results, r.Owner = Results{}, thisProcess()
	for number := int64(0); number == 0; {
		var err error
		r.ID = s.newID()
		if number, err = s.insert(ctx, tx, &r); err != nil {
			return Run{}, err
		}
	}
	tx.undo = append(tx.undo, func() { os.Remove(s.Folder(r.ID)) }) // empty, and harmless if it stays
	// The lock before the commit: nobody ever sees the run without it.
	if free, err := s.takeLock(tx, lockOf(r.ID)); err != nil {
		return Run{}, err
	} else if !free {
		return Run{}, fmt.Errorf("another process holds the lock of the new run %s: try again", r.ID)
	}
	if err := putDataset(ctx, tx, on); err != nil {
		return Run{}, err
	}
	return r, files.SyncFolder(s.dir)
}

// takeLock takes a lock, which is freed unless tx is committed. It returns false if the lock is taken.
func (s *Store) takeLock(tx *transaction, n int64) (bool, error) {
	free, err := s.locks.take(n)
	if free {
		tx.undo = append(tx.undo, func() { s.locks.free(n) })
	}
	return free, err
}

// insert adds r, makes its folder and returns its number. It returns 0 and does nothing if r.ID is taken.
func (s *Store) insert(ctx context.Context, tx *transaction, r *Run) (number int64, err error) {
	c := r.columns()
	err = tx.QueryRowContext(ctx, c.insert("runs")+` ON CONFLICT (id) DO NOTHING RETURNING number`, c.fields()...).
		Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err == nil && r.Settings != "" {
		err = tx.exec(ctx, `INSERT INTO settings (seedless_identity, lines) VALUES (?, ?) ON CONFLICT DO NOTHING`,
			r.Group, string(r.Settings))
	}
	if err != nil {
		return 0, err
	}
	// The folder before the commit: a folder without a run does no harm, a run without one does.
	err = os.Mkdir(s.Folder(r.ID), 0o777)
	if errors.Is(err, fs.ErrExist) {
		return 0, tx.exec(ctx, `DELETE FROM runs WHERE id = ?`, r.ID)
	}
	r.Settings = "" // as in a run that is read
	return number, err
}

// randomID draws an ID of 8 hexadecimal digits.
func randomID() string {
	var b [4]byte
	rand.Read(b[:]) // never fails: it ends the process instead
	return hex.EncodeToString(b[:])
}

// End gives a run of this process its final status, the reason and, after a crash, the stack. The run
// then belongs to no process. A caller that is being stopped passes a context that is not cancelled
// (context.WithoutCancel), or nothing is written.
func (s *Store) End(ctx context.Context, id string, st Status, reason, stack string) error {
	do := fmt.Sprintf("end run %s as %s", id, st)
	switch st {
	case Finished, Failed, Interrupted, Diverged:
	default:
		return s.failed(do, fmt.Errorf("want %s, %s, %s or %s", Finished, Failed, Interrupted, Diverged))
	}
	err := s.write(ctx, do, func(tx *transaction) error {
		number, err := s.running(ctx, tx, id)
		if err != nil {
			return err
		}
		now := time.Now()
		return tx.exec(ctx, `UPDATE runs SET status = ?, reason = ?, stack = ?, finished = ? WHERE number = ?`,
			st, reason, stack, instant{&now}, number)
	})
	if err != nil {
		return err
	}
	return s.failed(do, s.locks.free(lockOf(id)))
}

// RecordTest records the results of a run's best epoch on the test split, during the run or after it:
// the loss, and the answers. They replace earlier ones. epoch, the one evaluated, has to be the best on
// record: a process may have been killed between writing a row and its checkpoint.
func (s *Store) RecordTest(ctx context.Context, id string, epoch int, loss float64, test Answers) error {
	do := "record the test of run " + id
	if err := finite("loss", loss); err != nil {
		return s.failed(do, err)
	}
	return s.write(ctx, do, func(tx *transaction) error {
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

// running returns the number of a run that this process trains.
func (s *Store) running(ctx context.Context, tx *transaction, id string) (number int64, err error) {
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

package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"runner/runner"
	"runner/store"
)

// Message is what a worker reports to its sweep: one of these.
type Message struct {
	Claim *Claim           `json:",omitempty"` // the first
	At    *runner.Position `json:",omitempty"` // the latest of several
	Epoch *store.Epoch     `json:",omitempty"` // is on record
	End   *End             `json:",omitempty"` // of the task, the last
	Exit  *Exit            `json:"-"`          // of the worker, which its place reports
}

// Claim is what became of a worker's claim to its run.
type Claim struct {
	What store.Claimed
	Run  store.Run
}

// End is how a worker's task ended, as the store has it.
type End struct {
	Error   string // "": well
	Stopped bool   // because the sweep stopped it
}

// Work is the whole life of a worker: it reads its assignment from in, trains until it has finished or in is closed, and
// reports on out. It returns an error if it receives no assignment; what goes wrong with the training it reports.
func Work(ctx context.Context, in io.Reader, out io.Writer) error {
	var a Assignment
	if err := json.NewDecoder(in).Decode(&a); err != nil {
		return fmt.Errorf("workers are started by a sweep, not by hand: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		io.Copy(io.Discard, in) // nothing more comes: it ends when the sweep closes it, or dies
		stop()
	}()
	r := newReporter(out)
	defer r.close()
	var end End
	if err := work(ctx, &a, r); err != nil {
		end = End{Error: runner.Sentence(err), Stopped: errors.Is(err, context.Canceled)}
	}
	r.report(Message{End: &end})
	return nil
}

func work(ctx context.Context, a *Assignment, r *reporter) error {
	job, err := a.job()
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	st, err := store.OpenExisting(ctx, string(a.Store))
	if err != nil {
		return err
	}
	defer st.Close()
	run, what, err := a.take(ctx, st, job)
	if err != nil {
		return err
	}
	claim := Claim{what, run}
	r.report(Message{Claim: &claim})
	if !claim.ours() {
		return nil
	}
	if err := runner.BoundGarbage(job); err != nil {
		return err
	}
	for epoch, err := range runner.Record(ctx, st, run, job, &r.progress) {
		if err != nil {
			return err
		}
		r.report(Message{Epoch: &epoch})
	}
	return nil
}

// ours tells whether the worker has a run to train.
func (c Claim) ours() bool {
	return c.Run.ID != "" && (c.What == store.Begun || c.What == store.Resumed)
}

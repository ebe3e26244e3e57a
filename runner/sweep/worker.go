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

// Message is what a worker tells its sweep: one of these.
type Message struct {
	Claim *Claim           `json:",omitempty"` // the first
	At    *runner.Position `json:",omitempty"` // the latest of several
	Epoch *store.Epoch     `json:",omitempty"` // is on record
	End   *End             `json:",omitempty"` // of the task
}

// Claim is what became of a worker's claim to its run.
type Claim struct {
	What store.Claimed
	Run  store.Run
}

// End is how a worker's task ended, once the store knows it.
type End struct {
	Error   string // "": well
	Stopped bool   // because it was told to
}

// Work is the whole life of a worker: it reads its order from in, trains until it
// is done or in is closed, and tells on out how it goes. The error is of an order
// that is none; what goes wrong with the training is told.
func Work(ctx context.Context, in io.Reader, out io.Writer) error {
	var o Order
	if err := json.NewDecoder(in).Decode(&o); err != nil {
		return fmt.Errorf("workers are started by a sweep, not by hand: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		// Nothing more is said: it ends when the parent closes it, or dies.
		io.Copy(io.Discard, in)
		stop()
	}()
	t := newTeller(out)
	defer t.close()
	err := work(ctx, &o, t)
	if err == nil {
		t.tell(Message{End: &End{}})
	} else {
		t.tell(Message{End: &End{Error: runner.Sentence(err), Stopped: errors.Is(err, context.Canceled)}})
	}
	return nil
}

func work(ctx context.Context, o *Order, t *teller) error {
	job, run, err := o.job()
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	st, err := store.OpenExisting(ctx, string(o.Store))
	if err != nil {
		return err
	}
	defer st.Close()
	run, what, err := o.take(ctx, st, job, run)
	if err != nil {
		return err
	}
	t.tell(Message{Claim: &Claim{what, run}})
	if err := runner.BoundGarbage(job); err != nil {
		return err
	}
	if what != store.Begun && what != store.Resumed {
		return nil
	}
	for epoch, err := range runner.Record(ctx, st, run, job, &t.progress) {
		if err != nil {
			return err
		}
		t.tell(Message{Epoch: &epoch})
	}
	return nil
}

// take makes the run of an order this process's. A run that cannot be gone on
// with here is left as it is.
func (o *Order) take(ctx context.Context, st *store.Store, job runner.Job, run store.Run) (store.Run, store.Claimed, error) {
	if o.Again {
		run, err := st.Begin(ctx, run, job.Measured())
		return run, store.Begun, err
	}
	var found store.Run
	var err error
	if o.Resume != "" {
		found, err = st.Find(ctx, o.Resume)
	} else {
		var what store.Claimed
		if found, what, _, err = st.Look(ctx, run.Identity); what != store.Resumed {
			found = store.Run{}
		}
	}
	if err == nil && found.ID != "" {
		err = runner.Resumable(found, job)
	}
	if err != nil {
		return store.Run{}, 0, err
	}
	if o.Resume == "" {
		return st.Claim(ctx, run, job.Measured())
	}
	run, err = st.Resume(ctx, o.Resume)
	var busy *store.BusyError
	if errors.As(err, &busy) {
		return busy.Run, store.Busy, nil
	}
	return run, store.Resumed, err
}

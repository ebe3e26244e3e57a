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

// message is what a worker tells its parent: one of these.
type message struct {
	Claim *claim           `json:",omitempty"` // the first
	At    *runner.Position `json:",omitempty"` // the latest of several
	Epoch *store.Epoch     `json:",omitempty"` // is on record
	End   *end             `json:",omitempty"` // of the task
}

// claim is what became of a worker's claim to its run.
type claim struct {
	What store.Claimed
	Run  store.Run
}

// end is how a worker's task ended, once the store knows it.
type end struct {
	Error   string // "": well
	Stopped bool   // because it was told to
}

// Work is the whole life of a worker: it reads its order from in, trains until it
// is done or in is closed, and tells on out how it goes. The error is of an order
// that is none; what goes wrong with the training is told.
func Work(ctx context.Context, in io.Reader, out io.Writer) error {
	var o order
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
		t.tell(message{End: &end{}})
	} else {
		t.tell(message{End: &end{Error: runner.Sentence(err), Stopped: errors.Is(err, context.Canceled)}})
	}
	return nil
}

func work(ctx context.Context, o *order, t *teller) error {
	job, run, err := o.job()
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	st, err := store.Open(ctx, string(o.Store))
	if err != nil {
		return err
	}
	defer st.Close()
	run, what, err := o.take(ctx, st, job, run)
	if err != nil {
		return err
	}
	t.tell(message{Claim: &claim{what, run}})
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
		t.tell(message{Epoch: &epoch})
	}
	return nil
}

// take makes the run of an order this process's. A run that cannot be gone on
// with here is left as it is.
func (o *order) take(ctx context.Context, st *store.Store, job runner.Job, run store.Run) (store.Run, store.Claimed, error) {
	if o.Again {
		run, err := st.Begin(ctx, run)
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
		return st.Claim(ctx, run)
	}
	run, err = st.Resume(ctx, o.Resume)
	var busy *store.BusyError
	if errors.As(err, &busy) {
		return busy.Run, store.Busy, nil
	}
	return run, store.Resumed, err
}

package lab

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"

	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/store"
)

// Export reads a run, and the board of that run alone.
func (l *Lab) Export(ctx context.Context, ref string) (standing.Board, record.FullRun, error) {
	st, run, err := l.FindRun(ctx, ref)
	if err != nil {
		return standing.Board{}, record.FullRun{}, err
	}
	defer st.Close()
	full, err := l.Full(ctx, st, run)
	if err != nil {
		return standing.Board{}, full, err
	}
	on, err := st.Dataset(ctx, run)
	return standing.Single(run, full.Epochs, len(full.Looks), on), full, err
}

// ExportAll reads a board and its runs, in their order of beginning.
func (l *Lab) ExportAll(ctx context.Context, o standing.Options) (standing.Board, []record.FullRun, error) {
	st, b, err := l.openBoard(ctx, o)
	if err != nil {
		return b, nil, err
	}
	defer st.Close()
	shown := make(map[string]bool, len(b.Standings))
	for _, row := range b.Standings {
		shown[row.Group] = true
	}
	runs, err := st.Runs(ctx, o.Filter)
	if err != nil {
		return b, nil, err
	}
	var full []record.FullRun
	for _, run := range slices.Backward(runs) {
		if !shown[run.Group] {
			continue
		}
		r, err := l.Full(ctx, st, run)
		var removed *store.NotFoundError
		if errors.As(err, &removed) { // meanwhile
			continue
		}
		if err != nil {
			return b, nil, err
		}
		full = append(full, r)
	}
	return b, full, nil
}

// Full reads all that the store keeps of a run. It leaves the model and the dataset alone, to be quick.
func (l *Lab) Full(ctx context.Context, st *store.Store, run store.Run) (record.FullRun, error) {
	full := record.FullRun{Run: run, Data: cmp.Or(l.Data, os.Getenv("RUNNER_DATA"))}
	if l.Store != UsualStore {
		full.Store = l.Store
	}
	on, err := st.Dataset(ctx, run)
	if err != nil {
		return full, err
	}
	full.Classes = on.Classes
	if full.Epochs, err = st.Epochs(ctx, run.ID); err != nil {
		return full, err
	}
	if full.Looks, err = st.TestUses(ctx, run.ID); err != nil {
		return full, err
	}
	for _, split := range []string{store.Validation, store.Test} {
		answers, epoch, found, err := st.Answers(ctx, run.ID, split)
		if errors.Is(err, store.ErrDamagedAnswers) {
			l.warnf("warning: %v", err)
		} else if err != nil {
			return full, err
		}
		if found {
			full.Answers = append(full.Answers, record.SplitAnswers{Split: split, Epoch: epoch, Answers: answers})
		}
	}
	return full, nil
}

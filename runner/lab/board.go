package lab

import (
	"context"

	"runner/internal/standing"
	"runner/store"
)

// Board compares what is in the store; it is empty where there is none yet.
func (l *Lab) Board(ctx context.Context, o standing.Options) (standing.Board, error) {
	st, err := l.readStore(ctx)
	if err != nil {
		return standing.Board{}, err
	}
	defer st.Close()
	return board(ctx, st, o)
}

// Proxy compares how the two modes order experiments.
func (l *Lab) Proxy(ctx context.Context, o standing.Options) (standing.Proxy, error) {
	st, err := l.readStore(ctx)
	if err != nil {
		return standing.Proxy{}, err
	}
	defer st.Close()
	v, err := snapshot(ctx, st, store.Filter{Dataset: o.Filter.Dataset})
	if err != nil {
		return standing.Proxy{}, err
	}
	defer v.Close()
	return standing.CompareModes(ctx, v, o)
}

// Runs are the recorded runs that a filter picks, the latest first.
func (l *Lab) Runs(ctx context.Context, f store.Filter) ([]store.Run, error) {
	st, err := l.readStore(ctx)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	if err := knownDataset(ctx, st, f.Dataset); err != nil || st == nil {
		return nil, err
	}
	return st.Runs(ctx, f)
}

// openBoard opens the store, which must exist, and compares what is in it.
func (l *Lab) openBoard(ctx context.Context, o standing.Options) (*store.Store, standing.Board, error) {
	st, err := l.OpenStore(ctx)
	if err != nil {
		return nil, standing.Board{}, err
	}
	b, err := board(ctx, st, o)
	if err != nil {
		st.Close()
		return nil, standing.Board{}, err
	}
	return st, b, nil
}

// board compares what is in a store, which may be nil.
func board(ctx context.Context, st *store.Store, o standing.Options) (standing.Board, error) {
	v, err := snapshot(ctx, st, o.Filter)
	if err != nil {
		return standing.Board{}, err
	}
	defer v.Close()
	return standing.Compare(ctx, v, o)
}

// snapshot takes a snapshot of a store; of a nil store it is empty. An unknown dataset is an error of usage.
func snapshot(ctx context.Context, st *store.Store, f store.Filter) (*store.Snapshot, error) {
	if err := knownDataset(ctx, st, f.Dataset); err != nil {
		return nil, err
	}
	if st == nil {
		return new(store.Snapshot), nil
	}
	return st.Snapshot(ctx, f)
}

package store

import (
	"context"
	"database/sql"
	"errors"
)

// Snapshot is what comparing reads of a store, as of one moment: a read transaction, which sees nothing that others
// write meanwhile. The store's other methods wait until Close.
type Snapshot struct {
	Groups   []Group   // those picked, each with at least one run, in order of their IDs
	Datasets []Dataset // of all runs

	reader
	conn *sql.Conn
	lost map[string]bool // by ID
}

// Snapshot reads the runs that f picks. Close it.
func (s *Store) Snapshot(ctx context.Context, f Filter) (_ *Snapshot, err error) {
	defer func() { err = s.failed("compare the runs", err) }()
	// Before the snapshot is taken: a run that ends in between is in it as it ended.
	lost, err := s.lost(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	// Not conn.BeginTx, which takes the write lock.
	if _, err = conn.ExecContext(ctx, `BEGIN DEFERRED`); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	v := &Snapshot{reader: reader{s.dir, conn}, conn: conn, lost: lost}
	defer func() {
		if err != nil {
			err = errors.Join(err, v.Close())
		}
	}()
	if v.Groups, err = readGroups(ctx, conn, f, lost); err != nil {
		return nil, err
	}
	v.Datasets, err = readDatasets(ctx, conn, `ORDER BY name, fingerprint`)
	return v, err
}

// Close ends the snapshot. The zero Snapshot, of a store without runs, needs none.
func (v *Snapshot) Close() error {
	if v.conn == nil {
		return nil
	}
	_, err := v.conn.ExecContext(context.Background(), `ROLLBACK`)
	return v.failed("close the snapshot", errors.Join(err, v.conn.Close()))
}

// Find is Store.Find.
func (v *Snapshot) Find(ctx context.Context, ref string) (Run, error) {
	run, err := find(ctx, v.conn, ref)
	if run.Status == Running && v.lost[run.ID] {
		run.interrupt()
	}
	return run, v.failed("find a run", err)
}

// Dataset returns what a run was trained and measured on.
func (v *Snapshot) Dataset(r Run) Dataset {
	for _, d := range v.Datasets {
		if d.Name == r.Dataset && d.Fingerprint == r.Fingerprint {
			return d
		}
	}
	return Dataset{Name: r.Dataset, Fingerprint: r.Fingerprint} // Check finds that it is missing
}

// AllSettings returns the settings of each group of the store, by its ID.
func (v *Snapshot) AllSettings(ctx context.Context) (map[string]Settings, error) {
	all, err := allSettings(ctx, v.conn)
	return all, v.failed("read the settings", err)
}

// Settings returns the settings of those groups that are in the store.
func (v *Snapshot) Settings(ctx context.Context, groups ...string) (map[string]Settings, error) {
	all, err := pairs[string, Settings](ctx, v.conn, `SELECT seedless_identity, lines FROM settings
		WHERE seedless_identity IN (SELECT value FROM json_each(?))`, array[string]{&groups})
	return all, v.failed("read the settings", err)
}

// EachCurve calls f with the number and the curve of each run that has one. The curve is f's only until f returns.
func (v *Snapshot) EachCurve(ctx context.Context, f func(run int64, c Curve)) error {
	err := each(ctx, v.conn, func(rows *sql.Rows) error {
		var run int64
		var points sql.RawBytes
		if err := rows.Scan(&run, &points); err != nil {
			return err
		}
		f(run, Curve(points))
		return nil
	}, `SELECT run, points FROM curves`)
	return v.failed("read the curves", err)
}

// Curves returns the curves of those runs, given by number, that have one.
func (v *Snapshot) Curves(ctx context.Context, runs ...int64) (map[int64]Curve, error) {
	curves, err := pairs[int64, Curve](ctx, v.conn,
		`SELECT run, points FROM curves WHERE run IN (SELECT value FROM json_each(?))`, array[int64]{&runs})
	return curves, v.failed("read the curves", err)
}

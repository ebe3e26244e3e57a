package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"runner/internal/files"
)

// MergeSource is a store that runs are merged from. Nothing in it is changed, and its database is not
// migrated.
type MergeSource struct {
	dir    string
	db     *sql.DB
	locks  *locks
	tables map[string]bool // those that its version has
}

// OpenMergeSource opens the store in the folder dir, which may be of an older version or on a disk that
// may not be written. Without a store the error satisfies errors.Is(err, fs.ErrNotExist).
func OpenMergeSource(ctx context.Context, dir string) (*MergeSource, error) {
	// If the database is a symbolic link, its log is beside the link's target.
	path, err := filepath.EvalSymlinks(filepath.Join(dir, databaseName))
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("no store in %s: %w", dir, err)
	}
	o := &MergeSource{dir: dir, locks: newLocks(filepath.Join(dir, locksName))}
	if err := o.open(ctx, path); err != nil {
		return nil, fmt.Errorf("store %s: open %s: %w", dir, databaseName, err)
	}
	return o, nil
}

func (o *MergeSource) open(ctx context.Context, path string) error {
	db, version, err := inspect(ctx, path)
	if err != nil {
		return needsWriting(err, "copy the folder to where it may be written, and merge the copy")
	}
	if version == 0 {
		db.Close()
		return errors.New("the database is empty: there is nothing to merge")
	}
	// That is enough where nobody may write. Elsewhere a process may begin to write at any moment, and
	// SQLite needs files beside the database, which it removes in the end, to isolate readers.
	o.db, err = connect(ctx, dsn(path, url.Values{
		"mode": {"rw"}, "_query_only": {"on"}, "_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
	}))
	if unwritable(err) {
		o.db, err = db, nil
	} else {
		db.Close()
	}
	if err != nil {
		return explain(err)
	}
	found, err := damage(ctx, o.db)
	if err == nil && found != "" {
		err = fmt.Errorf("the database is damaged: %s: merge a copy that is not, see 'runner store check'", found)
	}
	if err == nil {
		o.tables, err = pairs[string, bool](ctx, o.db, `SELECT name, true FROM sqlite_schema WHERE type = 'table'`)
	}
	if err != nil {
		o.db.Close()
	}
	return explain(err)
}

// Close releases the database.
func (o *MergeSource) Close() error { return o.db.Close() }

// runs returns all runs, in the order in which they were begun. A run that is still recorded as
// running there is returned as interrupted.
func (o *MergeSource) runs(ctx context.Context, here *sql.DB) ([]Run, error) {
	selection, err := o.selection(ctx, here)
	if err != nil {
		return nil, err
	}
	runs, err := list(ctx, o.db, func(r *Run) []any { return r.columns().fields() },
		`SELECT `+selection+` FROM runs ORDER BY number`)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		r := &runs[i]
		if r.Status != Running {
			continue
		}
		held, err := o.locks.held(lockOf(r.ID))
		if err != nil {
			return nil, err
		}
		r.interrupt()
		if held {
			r.Reason = "it was being trained when it was merged"
		}
		// Nobody knows when it stopped, but it was not before this.
		r.Finished = r.Started.Add(time.Duration(r.Seconds * float64(time.Second)))
	}
	return runs, nil
}

// selection is what to select from runs for the columns of a Run. A column that an older version lacks
// has the value that migrating would give it: the default here.
func (o *MergeSource) selection(ctx context.Context, here *sql.DB) (string, error) {
	const query = `SELECT name, coalesce(dflt_value, 'NULL') FROM pragma_table_info('runs')`
	defaults, err := pairs[string, string](ctx, here, query)
	if err != nil {
		return "", err
	}
	theirs, err := pairs[string, string](ctx, o.db, query)
	if err != nil {
		return "", err
	}
	columns := new(Run).columns()
	for i, c := range columns {
		if _, has := theirs[c.name]; !has {
			columns[i].name = defaults[c.name]
		}
	}
	return columns.names(), nil
}

// epochs returns the epochs of one of the runs. It refuses a run whose record is incomplete.
func (o *MergeSource) epochs(ctx context.Context, r Run) ([]Epoch, error) {
	epochs, err := readEpochs(ctx, o.db, r.ID)
	if err != nil {
		return nil, err
	}
	if has, err := hasRun(ctx, o.db, r.ID); err != nil || !has { // and so its epochs may be
		return nil, cmp.Or[error](err, refusal("it was removed there meanwhile"))
	}
	n := len(epochs)
	if n > 0 && epochs[n-1].Epoch != n || r.Status == Finished && n < r.Epochs {
		return nil, refusal("its record is incomplete there, see: runner store check --store " + o.dir)
	}
	return epochs, nil
}

// copyFile copies a file and makes the copy durable. It returns false if there is none.
func copyFile(from, to string) (bool, error) {
	// Before it is opened: opening a named pipe waits for a writer.
	info, err := os.Stat(from)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("%s is not a regular file", from)
	}
	source, err := os.Open(from)
	if err != nil {
		return false, err
	}
	defer source.Close()
	err = files.Create(to, func(w io.Writer) error {
		_, err := io.Copy(w, source)
		return err
	})
	return err == nil, err
}

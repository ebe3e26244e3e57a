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
	"strings"
	"time"

	"runner/internal/files"
)

// MergeSource is a store that runs are merged from. Nothing of it is altered, nor is its database
// migrated.
type MergeSource struct {
	dir   string
	db    *sql.DB
	locks *locks
}

// OpenMergeSource opens the store in the folder dir, which may be of an older version or on a disk that
// may not be written. The error satisfies errors.Is(err, fs.ErrNotExist) when there is none.
func OpenMergeSource(ctx context.Context, dir string) (*MergeSource, error) {
	// Where the database is a link, its log is beside what the link leads to.
	path, err := filepath.EvalSymlinks(filepath.Join(dir, databaseName))
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, fmt.Errorf("no store in %s: %w", dir, err)
	}
	db, err := openMergeSource(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("store %s: open %s: %w", dir, databaseName, err)
	}
	return &MergeSource{dir, db, newLocks(filepath.Join(dir, locksName))}, nil
}

func openMergeSource(ctx context.Context, path string) (*sql.DB, error) {
	db, version, err := inspect(ctx, path)
	if unwritable(err) {
		return nil, fmt.Errorf("the database may not be written, and cannot be read without that (a %s-wal may be left "+
			"from a run that was killed): copy the folder to where it may be written, and merge the copy: %w", databaseName, err)
	}
	if err != nil {
		return nil, explain(err)
	}
	if version == 0 {
		db.Close()
		return nil, errors.New("the database is empty: there is nothing to merge")
	}
	// That is enough where nobody may write. Elsewhere somebody may begin to at any moment, and SQLite
	// takes files beside the database, which it removes in the end, to keep readers apart from writers.
	live, err := connect(ctx, dsn(path, url.Values{
		"mode": {"rw"}, "_query_only": {"on"}, "_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
	}))
	if unwritable(err) {
		live, err = db, nil
	} else {
		db.Close()
	}
	if err != nil {
		return nil, explain(err)
	}
	found, err := damage(ctx, live)
	if err == nil && found != "" {
		err = fmt.Errorf("the database is damaged: %s: merge a copy that is not, see 'runner store check'", found)
	}
	if err != nil {
		live.Close()
		return nil, explain(err)
	}
	return live, nil
}

// Close releases the database.
func (o *MergeSource) Close() error { return o.db.Close() }

// runs returns all runs, in the order in which they were begun, ended ones all of them: what is
// still running there, or was lost, comes as interrupted.
func (o *MergeSource) runs(ctx context.Context, here *sql.DB) ([]Run, error) {
	selection, err := o.selection(ctx, here)
	if err != nil {
		return nil, err
	}
	rows, err := o.db.QueryContext(ctx, `SELECT `+selection+` FROM runs ORDER BY number`)
	if err != nil {
		return nil, err
	}
	runs, err := collect(rows, func(r *Run) []any {
		_, fields := columns(r)
		return fields
	})
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
		r.Status, r.Reason = Interrupted, r.Owner.lost()
		if held {
			r.Reason = "it was being trained when it was merged"
		}
		// Nobody knows when it stopped. Not before this.
		r.Finished = r.Started.Add(time.Duration(r.Seconds * float64(time.Second)))
	}
	return runs, nil
}

// selection is what to select from runs for columns. What an older version has no column for is what
// migrating would give it: the default of the column here.
func (o *MergeSource) selection(ctx context.Context, here *sql.DB) (string, error) {
	const query = `SELECT name, coalesce(dflt_value, 'NULL') FROM pragma_table_info('runs')`
	type column struct{ name, fallback string }
	var tables [2]map[string]string
	for i, db := range []*sql.DB{here, o.db} {
		rows, err := db.QueryContext(ctx, query)
		if err != nil {
			return "", err
		}
		all, err := collect(rows, func(c *column) []any { return []any{&c.name, &c.fallback} })
		if err != nil {
			return "", err
		}
		tables[i] = make(map[string]string, len(all))
		for _, c := range all {
			tables[i][c.name] = c.fallback
		}
	}
	names, _ := columns(new(Run))
	for i, name := range names {
		if _, has := tables[1][name]; !has {
			names[i] = tables[0][name]
		}
	}
	return strings.Join(names, ", "), nil
}

// epochs returns the epochs of one of the runs. A run whose record is not whole is refused.
func (o *MergeSource) epochs(ctx context.Context, r Run) ([]Epoch, error) {
	epochs, err := readEpochs(ctx, o.db, r.ID)
	if err != nil {
		return nil, err
	}
	if has, err := hasRun(ctx, o.db, r.ID); err != nil || !has { // epochs go with their run alone
		return nil, cmp.Or[error](err, refusal("it was removed there meanwhile"))
	}
	n := len(epochs)
	if n > 0 && epochs[n-1].Epoch != n || r.Status == Finished && n < r.Epochs {
		return nil, refusal("its record is not whole there, see: runner store check --store " + o.dir)
	}
	return epochs, nil
}

// copyFile copies a file and makes the copy durable. It tells whether there was one.
func copyFile(from, to string) (bool, error) {
	// Looked at before opening, because opening a named pipe waits for a writer.
	info, err := os.Stat(from)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
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

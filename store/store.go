package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mattn/go-sqlite3"

	"runner/internal/files"
)

const databaseName = "runner.db"

// Store is an open store folder. Its methods may be called from several goroutines.
type Store struct {
	reader
	db    *sql.DB
	locks *locks
	newID func() string
}

// Open opens the store in the folder dir for writing. It creates the folder and the database if they
// are missing, and migrates a database of an older version. It refuses one of a newer version and
// leaves it as it is.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := files.CreateFolder(dir); err != nil {
		return nil, fmt.Errorf("store %s: create the folder: %w", dir, err)
	}
	return open(ctx, dir, openWritable)
}

// OpenExisting opens the store in the folder dir and creates none: without a store the error
// satisfies errors.Is(err, fs.ErrNotExist). A store that this process may read but not write is
// opened read-only.
func OpenExisting(ctx context.Context, dir string) (*Store, error) {
	if _, err := os.Stat(filepath.Join(dir, databaseName)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("no store in %s yet: train something first, or name the folder of another store: %w",
				dir, err)
		}
		return nil, fmt.Errorf("store %s: %w", dir, err)
	}
	s, err := open(ctx, dir, openWritable)
	if unwritable(err) {
		return open(ctx, dir, openReadable)
	}
	return s, err
}

// open opens the database of the folder dir in one of the two ways of database.go.
func open(ctx context.Context, dir string, database func(context.Context, string) (*sql.DB, error)) (*Store, error) {
	path, err := filepath.Abs(filepath.Join(dir, databaseName)) // a URI knows no relative path
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", dir, err)
	}
	db, err := database(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("store %s: open %s: %w", dir, databaseName, err)
	}
	return &Store{reader: reader{dir, db}, db: db, locks: newLocks(filepath.Join(dir, locksName)), newID: randomID}, nil
}

// Close releases the database and the locks of the runs that this process has not ended. What was
// written is safe without it; Close tidies the folder. A nil store has nothing to close.
func (s *Store) Close() error {
	if s == nil {
		return nil
	}
	if err := errors.Join(s.locks.close(), s.db.Close()); err != nil {
		return fmt.Errorf("store %s: close: %w", s.dir, err)
	}
	return nil
}

// Folder is the folder of a run's files, <store>/<id>. Begin makes it.
func (s *Store) Folder(id string) string {
	return filepath.Join(s.dir, id)
}

// transaction is one that writes.
type transaction struct {
	*sql.Tx
	undo []func() // take back what was done outside the database, unless it is committed
}

func (tx *transaction) exec(ctx context.Context, statement string, args ...any) error {
	_, err := tx.ExecContext(ctx, statement, args...)
	return err
}

// write runs f in one transaction: all of it is durable when write returns nil, none of it otherwise.
// do names the attempt in errors.
func (s *Store) write(ctx context.Context, do string, f func(*transaction) error) error {
	return s.failed(do, s.transact(ctx, f))
}

// transact is write with the errors of f and of SQLite as they are.
func (s *Store) transact(ctx context.Context, f func(*transaction) error) (err error) {
	tx := new(transaction)
	defer func() {
		if err != nil {
			for _, undo := range tx.undo {
				undo()
			}
		}
	}()
	conn, err := s.db.Conn(ctx) // there is one: the process's own writers queue for it
	if err != nil {
		return err
	}
	defer conn.Close()
	leave := s.locks.queue(ctx)
	defer leave()
	if tx.Tx, err = conn.BeginTx(ctx, nil); err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := f(tx); err != nil {
		return err
	}
	err = tx.Commit()
	var e sqlite3.Error
	if errors.As(err, &e) && e.ExtendedCode == sqlite3.ErrIoErrFsync {
		// The log was written but not synced: a process that opens it anew, as after a crash, would
		// take the transaction for committed. A small one is written over it.
		conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA user_version = 0`)
	}
	return err
}

// locked calls f while this process holds a run's lock. It returns false, and does not call f, when
// the lock is taken.
func (s *Store) locked(id string, f func() error) (bool, error) {
	free, err := s.locks.take(lockOf(id))
	if err == nil && free {
		err = errors.Join(f(), s.locks.free(lockOf(id)))
	}
	return free, err
}

// reader reads a store or a snapshot of it.
type reader struct {
	dir string // as given, for folders and messages
	q   querier
}

// failed says which store could not do what, and what to do about it; nil stays nil.
func (r reader) failed(do string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store %s: %s: %w", r.dir, do, explain(err))
}

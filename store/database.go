package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

// schemaVersion is the number of the newest migration.
const schemaVersion = 7

//go:embed migrations/*.sql
var migrations embed.FS

// busyTimeout is how long a transaction waits for another process's.
const busyTimeout = 10 * time.Second

// openWritable opens the database at path, an absolute one, for reading and writing; it creates
// or migrates it first where needed.
func openWritable(ctx context.Context, path string) (_ *sql.DB, err error) {
	// Goose has no lock for SQLite: processes that create or migrate one database at the same time
	// would collide. The system frees this lock if the process dies. Its file has the permissions
	// of a database, or another user of the store could not take it.
	l := flock.New(path+".lock", flock.SetPermissions(0o666))
	if _, err := l.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, fmt.Errorf("lock %s: %w", l, err)
	}
	defer func() { err = errors.Join(explain(err), l.Unlock()) }()

	var version int64
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		db, v, err := inspect(ctx, path)
		if err != nil {
			return nil, err
		}
		db.Close()
		version = v
	}
	db, err := connect(ctx, dsn(path, url.Values{
		// Readers and the writer do not wait for each other.
		"_journal_mode": {"WAL"},
		// NORMAL syncs the log at checkpoints only; an epoch must be on the disk before it is shown.
		"_synchronous": {"FULL"},
		// SQLite ignores foreign keys unless each connection asks for them.
		"_foreign_keys": {"on"},
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		// A transaction that reads first and then writes fails at once, whatever the timeout, if
		// another one wrote in between, so every transaction takes the write lock as it begins.
		"_txlock": {"immediate"},
	}))
	if err != nil {
		return nil, err
	}
	if version < schemaVersion {
		if err := migrate(ctx, db); err != nil {
			db.Close()
			return nil, err
		}
	}
	return db, nil
}

// openReadable opens the database at path where it or its folder may not be written.
func openReadable(ctx context.Context, path string) (*sql.DB, error) {
	db, version, err := inspect(ctx, path)
	if err != nil {
		return nil, needsWriting(err, "open the store once from an account that may write")
	}
	if version < schemaVersion {
		db.Close()
		return nil, fmt.Errorf("the database has version %d, needs migrating to %d, and may not be written: "+
			"open the store once from an account that may write", version, schemaVersion)
	}
	return db, nil
}

// needsWriting explains the error of inspect; remedy is for a database that cannot be read without writing: to join the
// log of a killed process with the database takes writing.
func needsWriting(err error, remedy string) error {
	if unwritable(err) {
		return fmt.Errorf("the database may not be written, and cannot be read without that (a %s-wal may be left from a "+
			"run that was killed): %s: %w", databaseName, remedy, err)
	}
	return explain(err)
}

// inspect opens the database at path read-only and returns its schema's version, 0 for an empty
// file. It refuses another program's database and a newer version.
func inspect(ctx context.Context, path string) (_ *sql.DB, version int64, err error) {
	query := url.Values{"mode": {"ro"}, "_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())}}
	if _, err := os.Lstat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		// A writer has a log. Without one everything is in the database itself, which can then be
		// read without the files that SQLite would make beside it.
		query.Set("immutable", "1")
	}
	db, err := connect(ctx, dsn(path, query))
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	var tables, versioned int
	err = db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = ?) FROM sqlite_schema`,
		goose.DefaultTablename).Scan(&tables, &versioned)
	if err != nil || tables == 0 {
		return db, 0, err
	}
	if versioned == 0 {
		return nil, 0, errors.New("the database is another program's: name another store folder")
	}
	err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM `+goose.DefaultTablename).Scan(&version)
	if err != nil {
		return nil, 0, err
	}
	if version > schemaVersion {
		return nil, 0, fmt.Errorf("the database has version %d, and this program knows versions up to %d: "+
			"use a newer runner, or name another store folder", version, schemaVersion)
	}
	return db, version, nil
}

// connect opens a database and reads from it, so that a file that is no database fails here.
func connect(ctx context.Context, dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, err
	}
	// With one connection, the process's own writers queue in order and without a timeout instead of
	// polling SQLite's lock.
	db.SetMaxOpenConns(1)
	var tables int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// dsn is path as a URI, with ?, # and % escaped.
func dsn(path string, query url.Values) string {
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// migrate brings the schema to schemaVersion; the caller holds the lock.
func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		var e sqlite3.Error
		if errors.As(err, &e) {
			err = e // without goose's complaint that it cannot roll back what SQLite has rolled back
		}
		return fmt.Errorf("migrate to version %d: %w", schemaVersion, err)
	}
	return nil
}

// provider knows all migrations.
func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(migrate5, migrate7))
}

// unwritable tells whether err comes from a file or folder that may not be written.
func unwritable(err error) bool {
	var e sqlite3.Error
	if errors.As(err, &e) {
		return e.Code == sqlite3.ErrReadonly || e.Code == sqlite3.ErrCantOpen
	}
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// explain adds to an error of SQLite what a person can do about it.
func explain(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrBusy:
		return fmt.Errorf("another process kept the database locked for more than %v, try again: %w", busyTimeout, err)
	case sqlite3.ErrFull:
		return fmt.Errorf("the disk is full, make room: %w", err)
	case sqlite3.ErrCantOpen: // such as the log, which only a writer needs
		return fmt.Errorf("the store may be read but not written, or is missing, "+
			"see the folder, its permissions and its disk: %w", err)
	case sqlite3.ErrReadonly:
		return fmt.Errorf("the store may be read but not written, see the folder's permissions and its disk: %w", err)
	case sqlite3.ErrNotADB, sqlite3.ErrCorrupt:
		return fmt.Errorf("the file is damaged or is no SQLite database, move it away or name another store folder: %w", err)
	}
	return err
}

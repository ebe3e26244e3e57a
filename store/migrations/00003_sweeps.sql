-- +goose Up

-- One row a sweep that is under way, or that ended before all was done. Whether it is under way is
-- told by a lock (lock.go).
CREATE TABLE sweeps (
    number  INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: it names the lock
    started TEXT    NOT NULL,
    host    TEXT    NOT NULL,
    process INTEGER NOT NULL,
    boot    TEXT    NOT NULL
) STRICT;

-- What a sweep is to train, in its order.
CREATE TABLE sweep_runs (
    sweep          INTEGER NOT NULL REFERENCES sweeps (number) ON DELETE CASCADE,
    position       INTEGER NOT NULL,
    identity       TEXT    NOT NULL,
    experiment     TEXT    NOT NULL,
    seed           INTEGER NOT NULL,
    mode           TEXT    NOT NULL,
    planned_epochs INTEGER NOT NULL,
    work           REAL    NOT NULL, -- beside that of others
    again          INTEGER NOT NULL CHECK (again IN (0, 1)), -- even if it is done
    PRIMARY KEY (sweep, position)
) STRICT, WITHOUT ROWID;

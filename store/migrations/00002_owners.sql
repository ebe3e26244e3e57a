-- +goose Up

-- Who trains a run, or did last: for people. Whether it still does is told by a lock (lock.go).
ALTER TABLE runs ADD COLUMN host    TEXT    NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN process INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN boot    TEXT    NOT NULL DEFAULT ''; -- of the host's system
ALTER TABLE runs ADD COLUMN resumes INTEGER NOT NULL DEFAULT 0 CHECK (resumes >= 0);
ALTER TABLE runs ADD COLUMN stack   TEXT    NOT NULL DEFAULT ''; -- of a run that failed in a crash

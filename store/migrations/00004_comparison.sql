-- +goose Up

-- What comparing needs of a run besides its best epoch.
ALTER TABLE runs ADD COLUMN last_val_accuracy REAL CHECK (last_val_accuracy BETWEEN 0 AND 1);
ALTER TABLE runs ADD COLUMN memory INTEGER NOT NULL DEFAULT 0 CHECK (memory >= 0); -- bytes, estimated; 0: not recorded

-- The settings of each group of runs, one on a line (settings.go): so that filtering ten thousand
-- runs by their configuration parses no YAML.
CREATE TABLE settings (
    seedless_identity TEXT PRIMARY KEY,
    lines             TEXT NOT NULL
) STRICT;

-- The validation accuracy and the training time of each epoch of a run (curve.go): so that a sparkline,
-- or the time to an accuracy, does not read a million epochs.
CREATE TABLE curves (
    run    INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
    points BLOB    NOT NULL
) STRICT;

-- What a run's best epoch said of each example of a split (answers.go).
CREATE TABLE answers (
    run       INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    split     TEXT    NOT NULL CHECK (split IN ('validation', 'test')),
    epoch     INTEGER NOT NULL,
    examples  INTEGER NOT NULL,
    correct   BLOB    NOT NULL,
    confusion BLOB    NOT NULL,
    PRIMARY KEY (run, split)
) STRICT, WITHOUT ROWID;

-- Each time that a run was evaluated on examples of the test split.
CREATE TABLE looks (
    number   INTEGER PRIMARY KEY,
    run      INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    at       TEXT    NOT NULL,
    command  TEXT    NOT NULL,
    examples INTEGER NOT NULL
) STRICT;

CREATE INDEX looks_by_run ON looks (run);

-- All that a comparison reads of a run, in its order: the rows themselves are mostly configuration.
CREATE INDEX runs_to_compare ON runs (seedless_identity, number, id, seed, status, logged_epochs, seconds, best_epoch,
    best_val_accuracy, last_val_accuracy, test_accuracy, experiment, mode, dataset, init_from, parameters, multiply_adds, memory);

UPDATE runs SET last_val_accuracy = (SELECT val_accuracy FROM epochs WHERE run = number ORDER BY epoch DESC LIMIT 1);

-- Of a test before this version only that it was is known.
INSERT INTO looks (run, at, command, examples)
SELECT number, started, 'run', 0 FROM runs WHERE test_accuracy IS NOT NULL;

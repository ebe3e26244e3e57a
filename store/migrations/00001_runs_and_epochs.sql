-- +goose Up

-- One row a run. Times are RFC 3339 text in UTC with nine decimals, so that they sort as text.
CREATE TABLE runs (
    number            INTEGER PRIMARY KEY, -- in order of beginning: "the latest" needs no clock
    id                TEXT    NOT NULL UNIQUE CHECK (length(id) = 8 AND id NOT GLOB '*[^0-9a-f]*'),
    experiment        TEXT    NOT NULL CHECK (experiment <> ''),
    description       TEXT    NOT NULL,
    identity          TEXT    NOT NULL CHECK (identity <> ''),
    seedless_identity TEXT    NOT NULL CHECK (seedless_identity <> ''),
    seed              INTEGER NOT NULL,
    mode              TEXT    NOT NULL CHECK (mode <> ''),
    dataset           TEXT    NOT NULL CHECK (dataset <> ''),
    fingerprint       TEXT    NOT NULL,
    -- "" or the SHA-256, in hexadecimal, of the weights file that the run started from
    init_from         TEXT    NOT NULL
        CHECK (init_from = '' OR length(init_from) = 64 AND init_from NOT GLOB '*[^0-9a-f]*'),
    parameters        INTEGER NOT NULL CHECK (parameters >= 0),
    multiply_adds     INTEGER NOT NULL CHECK (multiply_adds >= 0),
    planned_epochs    INTEGER NOT NULL CHECK (planned_epochs >= 0),
    git_commit        TEXT    NOT NULL,
    git_dirty         INTEGER NOT NULL CHECK (git_dirty IN (0, 1)),
    version           TEXT    NOT NULL,
    go_version        TEXT    NOT NULL,
    processor         TEXT    NOT NULL,
    features          TEXT    NOT NULL,
    threads           INTEGER NOT NULL CHECK (threads >= 0),
    started           TEXT    NOT NULL,
    finished          TEXT,
    status            TEXT    NOT NULL CHECK (status IN ('running', 'finished', 'failed', 'interrupted', 'diverged')),
    reason            TEXT    NOT NULL,
    test_loss         REAL,
    test_accuracy     REAL    CHECK (test_accuracy BETWEEN 0 AND 1),
    -- Sums over the run's epochs, kept up to date with them, so that comparing ten thousand runs
    -- does not read a million epochs.
    logged_epochs     INTEGER NOT NULL,
    seconds           REAL    NOT NULL,
    best_epoch        INTEGER,
    best_val_accuracy REAL,
    config            TEXT    NOT NULL, -- last, because it is long: queries stop reading before it
    CHECK ((status = 'running') = (finished IS NULL))
) STRICT;

CREATE INDEX runs_by_identity   ON runs (identity);
CREATE INDEX runs_by_experiment ON runs (experiment);

-- One row an epoch.
CREATE TABLE epochs (
    run           INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    epoch         INTEGER NOT NULL CHECK (epoch >= 1),
    train_loss    REAL    NOT NULL,
    batch_loss    REAL    NOT NULL,
    val_loss      REAL    NOT NULL,
    val_accuracy  REAL    NOT NULL CHECK (val_accuracy BETWEEN 0 AND 1),
    learning_rate REAL    NOT NULL,
    seconds       REAL    NOT NULL CHECK (seconds >= 0),
    eval_seconds  REAL    NOT NULL CHECK (eval_seconds >= 0),
    weights_hash  TEXT    NOT NULL,
    PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID;

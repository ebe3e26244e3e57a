-- +goose Up

-- Which bytes of each dataset runs were trained on: mostly the same, and then nothing else has to be read to know.
CREATE INDEX runs_by_data ON runs (dataset, fingerprint);

package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"runner/internal/spec"
	"runner/store"
)

// generate makes a store of the first experiments of the grid in dir. It writes one transaction, past the
// store's own methods, which would wait for the disk after each epoch, and makes no folders of runs.
func generate(ctx context.Context, dir string, experiments, seeds, epochs int) error {
	if experiments < 1 || experiments > points || seeds < 1 || epochs < 1 {
		return fmt.Errorf("expected 1 to %d experiments, and at least one seed and one epoch, received %d, %d and %d",
			points, experiments, seeds, epochs)
	}
	st, err := store.Open(ctx, dir) // which makes the tables
	if err != nil {
		return err
	}
	if err := st.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, "runner.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	w := writer{tx, rand.New(rand.NewPCG(1, 2)), nil}
	w.insert(`INSERT INTO datasets (name, fingerprint, validation, test) VALUES ('cifar10', 'f00d', 5000, 10000)`)
	for i := range experiments {
		p := at(i)
		e, faults := spec.Parse(p.name(), []byte(p.config(1, epochs)))
		if len(faults) > 0 {
			return faults
		}
		w.insert(`INSERT INTO settings (seedless_identity, lines) VALUES (?, ?)`,
			p.group(epochs), string(store.SettingsOf(e.Settings())))
		for seed := range seeds {
			w.addRun(i*seeds+seed+1, p, seed+1, epochs)
		}
		if w.err != nil {
			return fmt.Errorf("experiment %d: %w", i, w.err)
		}
	}
	return tx.Commit()
}

// writer adds to a store, up to the first error.
type writer struct {
	*sql.Tx
	random *rand.Rand
	err    error
}

func (w *writer) insert(statement string, args ...any) {
	if w.err == nil {
		_, w.err = w.Exec(statement, args...)
	}
}

// group is the identity of the runs that differ in their seed alone.
func (p point) group(epochs int) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(p.config(0, epochs))))
}

// id is the ID of a run: no two are equal, by Knuth's multiplier.
func id(number int) string { return fmt.Sprintf("%08x", uint32(number)*2654435761) }

func (w *writer) addRun(number int, p point, seed, epochs int) {
	accuracies := w.accuracies(p, epochs)
	var pairs [][2]float64 // accuracy and seconds of each epoch
	var curve []byte
	var seconds float64
	for _, accuracy := range accuracies {
		took := float64(p.multiplyAdds)/4e6 + w.random.Float64()/10
		pairs, seconds = append(pairs, [2]float64{accuracy, took}), seconds+took
		curve, _ = binary.Append(curve, binary.LittleEndian, [2]float32{float32(accuracy), float32(took)})
	}
	list, err := json.Marshal(pairs)
	w.err = cmp.Or(w.err, err)
	best := slices.Max(accuracies)
	config := p.config(seed, epochs)
	started := time.Date(2026, 1, 1, 0, 0, number, 0, time.UTC).Format("2006-01-02T15:04:05.000000000Z")
	w.insert(`INSERT INTO runs (number, id, experiment, identity, seedless_identity, seed, parameters,
			multiply_adds, memory, planned_epochs, started, finished, test_accuracy, logged_epochs, seconds, best_epoch,
			best_val_accuracy, last_val_accuracy, config, description, mode, dataset, fingerprint, init_from, git_commit,
			git_dirty, version, go_version, processor, features, threads, status, reason, test_loss)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'One of a grid.', 'full', 'cifar10', 'f00d', '', '',
			0, '', '', '', '', 2, 'finished', '', 1.0)`,
		number, id(number), p.name(), fmt.Sprintf("%x", sha256.Sum256([]byte(config))),
		p.group(epochs), seed, p.parameters, p.multiplyAdds, p.memory, epochs, started, started,
		max(0, best-0.01), epochs, seconds, slices.Index(accuracies, best)+1, best, accuracies[epochs-1], config)
	w.insert(`INSERT INTO looks (run, at, command, examples) VALUES (?, ?, 'run', 10000)`, number, started)
	w.insert(`INSERT INTO curves (run, points) VALUES (?, ?)`, number, curve)
	w.insert(`INSERT INTO epochs SELECT ?1, key + 1, 2.3 - 2 * (value ->> 0), 2.3 - 2 * (value ->> 0),
			2.4 - 2 * (value ->> 0), value ->> 0, 0.001, value ->> 1, 0.3, lower(hex(randomblob(32)))
		FROM json_each(?2)`, number, string(list))
}

// accuracies are those of a run's epochs: they rise to what the architecture can reach, less for a learning rate far
// from the best one, and differ between seeds.
func (w *writer) accuracies(p point, epochs int) []float64 {
	const validation = 5000 // examples
	off := float64(p.rate-8) / 8
	final := p.best - 0.15*off*off - 0.01*float64(p.decay) + 0.005*w.random.NormFloat64()
	var all []float64
	for e := range epochs {
		a := final*(1-0.7*math.Exp(-float64(e+1)/8)) + 0.004*w.random.NormFloat64()
		all = append(all, math.Round(min(1, max(0, a))*validation)/validation)
	}
	return all
}

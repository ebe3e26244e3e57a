package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"time"

	"runner/internal/spec"
	"runner/store"
)

// validation is the number of examples that accuracies are fractions of.
const validation = 5000

// generate makes a store of the first experiments of the grid in dir. It writes one transaction, past the
// store's own methods, in which each epoch would wait for the disk, and makes no folders of runs.
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
	w := writer{ctx: ctx, random: rand.New(rand.NewPCG(1, 2))}
	for _, s := range []struct {
		statement **sql.Stmt
		text      string
	}{
		{&w.run, insertRun}, {&w.epochs, insertEpochs}, {&w.curve, insertCurve}, {&w.settings, insertSettings},
		{&w.look, insertLook},
	} {
		if *s.statement, err = tx.PrepareContext(ctx, s.text); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, insertDataset); err != nil {
		return err
	}
	number := 0
	for i := range experiments {
		p := at(i)
		if err := w.addSettings(p, epochs); err != nil {
			return err
		}
		for seed := range seeds {
			number++
			if err := w.addRun(number, p, seed+1, epochs); err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}

const (
	insertRun = `INSERT INTO runs (number, id, experiment, description, identity, seedless_identity, seed, mode, dataset,
		fingerprint, init_from, parameters, multiply_adds, memory, planned_epochs, git_commit, git_dirty, version,
		go_version, processor,
		features, threads, started, finished, status, reason, test_loss, test_accuracy, logged_epochs, seconds, best_epoch,
		best_val_accuracy, last_val_accuracy, config)
		VALUES (?, ?, ?, 'One of a grid.', ?, ?, ?, 'full', 'cifar10', 'f00d', '', ?, ?, ?, ?, '', 0, '', '', '',
		'', 2, ?, ?, 'finished', '', ?, ?, ?, ?, ?, ?, ?, ?)`
	// The accuracies and the seconds are a list of pairs.
	insertEpochs = `INSERT INTO epochs SELECT ?1, key + 1, 2.3 - 2 * (value ->> 0), 2.3 - 2 * (value ->> 0),
		2.4 - 2 * (value ->> 0),
		value ->> 0, 0.001, value ->> 1, 0.3, lower(hex(randomblob(32))) FROM json_each(?2)`
	insertDataset  = `INSERT INTO datasets (name, fingerprint, validation, test) VALUES ('cifar10', 'f00d', 5000, 10000)`
	insertCurve    = `INSERT INTO curves (run, points) VALUES (?, ?)`
	insertSettings = `INSERT INTO settings (seedless_identity, lines) VALUES (?, ?)`
	insertLook     = `INSERT INTO looks (run, at, command, examples) VALUES (?, ?, 'run', 10000)`
)

// writer adds experiments and their runs to a store.
type writer struct {
	ctx                                context.Context
	random                             *rand.Rand
	run, epochs, curve, settings, look *sql.Stmt
}

func (w *writer) addSettings(p point, epochs int) error {
	e, faults := spec.Parse(p.name(), []byte(p.config(1, epochs)))
	if len(faults) > 0 {
		return faults
	}
	_, err := w.settings.ExecContext(w.ctx, p.group(epochs), string(store.SettingsOf(e.Settings())))
	return err
}

// group is the identity of the runs that differ in their seed alone.
func (p point) group(epochs int) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(p.config(0, epochs))))
}

func (w *writer) addRun(number int, p point, seed, epochs int) error {
	var pairs [][2]float64
	var curve []byte
	best, last, seconds := 0, 0.0, 0.0
	for _, accuracy := range w.accuracies(p, epochs) {
		took := float64(p.multiplyAdds)/4e6 + w.random.Float64()/10
		pairs = append(pairs, [2]float64{accuracy, took})
		curve = binary.LittleEndian.AppendUint32(curve, math.Float32bits(float32(accuracy)))
		curve = binary.LittleEndian.AppendUint32(curve, math.Float32bits(float32(took)))
		if accuracy > pairs[best][0] {
			best = len(pairs) - 1
		}
		last, seconds = accuracy, seconds+took
	}
	list, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	config := p.config(seed, epochs)
	started := time.Date(2026, 1, 1, 0, 0, number, 0, time.UTC).Format("2006-01-02T15:04:05.000000000Z")
	// Knuth's multiplier: no two are equal.
	_, err = w.run.ExecContext(w.ctx, number, fmt.Sprintf("%08x", uint32(number)*2654435761), p.name(),
		fmt.Sprintf("%x", sha256.Sum256([]byte(config))), p.group(epochs), seed, p.parameters, p.multiplyAdds, p.memory,
		epochs, started, started, 1.0, max(0, pairs[best][0]-0.01), epochs, seconds, best+1, pairs[best][0], last, config)
	if err == nil {
		_, err = w.look.ExecContext(w.ctx, number, started)
	}
	if err == nil {
		_, err = w.curve.ExecContext(w.ctx, number, curve)
	}
	if err == nil {
		_, err = w.epochs.ExecContext(w.ctx, number, string(list))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("run %d", number), err)
	}
	return nil
}

// accuracies are those of a run's epochs: they rise to what the architecture can, less for a learning rate that is
// far from the best one, and are not the same for two seeds.
func (w *writer) accuracies(p point, epochs int) []float64 {
	off := float64(p.rate-8) / 8
	final := p.best - 0.15*off*off - 0.01*float64(p.decay) + 0.005*w.random.NormFloat64()
	var all []float64
	for e := range epochs {
		a := final*(1-0.7*math.Exp(-float64(e+1)/8)) + 0.004*w.random.NormFloat64()
		all = append(all, math.Round(min(1, max(0, a))*validation)/validation)
	}
	return all
}

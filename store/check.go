package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Finding is something that a check of the store found.
type Finding struct {
	Run    string `json:"run"` // its ID; "": the store as a whole
	What   string `json:"what"`
	Remedy string `json:"remedy"`
	Note   bool   `json:"note"` // harmless: the store is sound all the same
}

// Health is what a check of the store comes to. A store without findings, or with notes alone, is
// sound.
type Health struct {
	Runs     int       `json:"runs"`
	Epochs   int       `json:"epochs"`
	Findings []Finding `json:"findings"`
}

// Check holds the database against itself and against the folders. What the files in a run's folder
// have to be is not the store's to know, nor how settings stand in a resolved experiment, which read
// reads: look is called with each run that nobody trains, and tells
// what is wrong in its folder. Nothing is written. A damaged database is one finding, and the only
// one: nothing else that it says can be relied on.
func (s *Store) Check(ctx context.Context, read ReadSettings, look func(Run) []Finding) (Health, error) {
	h := Health{Findings: []Finding{}} // JSON shows []
	found, err := damage(ctx, s.db)
	if err != nil {
		return h, s.failed("check the database", err)
	}
	if found != "" {
		h.add(Finding{What: "the database is damaged: " + found, Remedy: fmt.Sprintf("restore %s from a copy, or save "+
			"what can be read with the .recover command of the program sqlite3", filepath.Join(s.dir, databaseName))})
		return h, nil
	}
	if err := s.checkRuns(ctx, &h, read, look); err != nil {
		return h, s.failed("check the runs", err)
	}
	strays, err := s.strays(ctx, s.isFree)
	for _, name := range strays {
		h.add(Finding{What: "the folder " + name + " belongs to no run", Remedy: "runner gc removes it", Note: true})
	}
	return h, err
}

func (h *Health) add(f ...Finding) { h.Findings = append(h.Findings, f...) }

// checkRuns holds the runs against their epochs and their folders.
func (s *Store) checkRuns(ctx context.Context, h *Health, read ReadSettings, look func(Run) []Finding) error {
	// The remedy for a database that is whole and contradicts itself.
	anew := fmt.Sprintf("copy the runs into a new store, which adds them up anew and leaves out what is damaged: "+
		"runner store merge %s --store NEW", s.dir)
	var lost int
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&lost); err != nil {
		return err
	}
	if lost > 0 {
		h.add(Finding{What: fmt.Sprintf("rows that belong to no run: %d", lost), Remedy: anew})
	}
	if err := s.checkDerived(ctx, h, anew); err != nil {
		return err
	}
	tallies, err := s.tallies(ctx)
	if err != nil {
		return err
	}
	runs, err := s.selectRuns(ctx, `ORDER BY number`)
	if err != nil {
		return err
	}
	if err := s.checkSettings(ctx, h, read, runs, anew); err != nil {
		return err
	}
	for _, r := range runs {
		if err := ctx.Err(); err != nil {
			return err
		}
		t := tallies[r.ID]
		h.Runs++
		h.Epochs += t.made.epochs
		h.add(t.findings(anew)...)
		found, err := s.checkFolder(r, look)
		if err != nil {
			return err
		}
		h.add(found...)
	}
	return nil
}

// damage says how a database is damaged, or "".
func damage(ctx context.Context, db *sql.DB) (string, error) {
	var first string
	err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&first)
	var e sqlite3.Error
	switch {
	case errors.As(err, &e) && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB):
		return e.Error(), nil
	case err != nil || first == "ok":
		return "", err
	}
	// One line, which need not say that it is about the only database there is.
	return strings.Join(strings.Fields(strings.TrimPrefix(first, "*** in database main ***")), " "), nil
}

// checkFolder holds a run against its folder.
func (s *Store) checkFolder(r Run, look func(Run) []Finding) ([]Finding, error) {
	info, err := os.Stat(s.Folder(r.ID))
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.IsDir():
		return []Finding{{Run: r.ID, What: fmt.Sprintf("its folder %s is missing", s.Folder(r.ID)),
			Remedy: "restore the folder from a copy, or remove the run: runner rm " + r.ID}}, nil
	case err != nil || r.Status == Running: // its files come and go
		return nil, err
	}
	return look(r), nil
}

// sums is what a run's epochs come to.
type sums struct {
	epochs   int
	seconds  float64
	best     *int
	accuracy *float64
}

// tally holds what a run says of its epochs against the epochs.
type tally struct {
	id       string
	status   Status
	planned  int
	kept     sums // on the run
	made     sums // of its epochs
	greatest int  // number of an epoch
}

// tallies returns the tally of each run, by ID. One statement reads it all, so that nothing is
// logged in between.
func (s *Store) tallies(ctx context.Context) (map[string]tally, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT r.id, r.status, r.planned_epochs, r.logged_epochs, r.seconds, r.best_epoch, r.best_val_accuracy,
			count(e.epoch), total(e.seconds), max(e.val_accuracy), coalesce(max(e.epoch), 0),
			(SELECT epoch FROM epochs WHERE run = r.number ORDER BY val_accuracy DESC, epoch LIMIT 1)
		FROM runs r LEFT JOIN epochs e ON e.run = r.number
		GROUP BY r.number`)
	if err != nil {
		return nil, err
	}
	all, err := collect(rows, func(t *tally) []any {
		return []any{&t.id, &t.status, &t.planned, &t.kept.epochs, &t.kept.seconds, &t.kept.best, &t.kept.accuracy,
			&t.made.epochs, &t.made.seconds, &t.made.accuracy, &t.greatest, &t.made.best}
	})
	byID := make(map[string]tally, len(all))
	for _, t := range all {
		byID[t.id] = t
	}
	return byID, err
}

// findings tells what is wrong; anew is the remedy for sums.
func (t tally) findings(anew string) []Finding {
	var found []Finding
	add := func(remedy, format string, args ...any) {
		found = append(found, Finding{Run: t.id, What: fmt.Sprintf(format, args...), Remedy: remedy})
	}
	if differ := t.kept.differences(t.made); len(differ) > 0 {
		add(anew, "its sums are not those of its epochs: %s", strings.Join(differ, ", "))
	}
	if t.greatest != t.made.epochs {
		add(again(t.id), "its epochs have gaps: %d on record, the last is epoch %d", t.made.epochs, t.greatest)
	}
	if t.status == Finished && t.made.epochs < t.planned {
		add(again(t.id), "it is finished with %d of %d epochs", t.made.epochs, t.planned)
	}
	return found
}

// again is the remedy for a run whose record is beyond repair.
func again(id string) string {
	return "train it again with --again, then remove this one: runner rm " + id
}

// differences says where the sums on a run are not those of its epochs.
func (kept sums) differences(made sums) []string {
	var all []string
	add := func(name string, kept, made any) {
		all = append(all, fmt.Sprintf("%s is %v, expected %v", name, kept, made))
	}
	if kept.epochs != made.epochs {
		add("logged_epochs", kept.epochs, made.epochs)
	}
	// The order of adding rounds otherwise.
	if math.Abs(kept.seconds-made.seconds) > 1e-6*(1+made.seconds) {
		add("seconds", kept.seconds, made.seconds)
	}
	if !same(kept.best, made.best) {
		add("best_epoch", orNone(kept.best), orNone(made.best))
	}
	if !same(kept.accuracy, made.accuracy) {
		add("best_val_accuracy", orNone(kept.accuracy), orNone(made.accuracy))
	}
	return all
}

func same[T cmp.Ordered](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func orNone[T any](p *T) any {
	if p == nil {
		return "none"
	}
	return *p
}

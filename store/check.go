package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Finding is a problem that a check of the store found.
type Finding struct {
	Run    string `json:"run"` // its ID; "": the store as a whole
	What   string `json:"what"`
	Remedy string `json:"remedy"`
	Note   bool   `json:"note"` // harmless: the store is sound
}

// Health is the result of a check. A store is sound if all findings are notes.
type Health struct {
	Runs     int       `json:"runs"`
	Epochs   int       `json:"epochs"`
	Findings []Finding `json:"findings"`
}

// checker is one check of a store.
type checker struct {
	*Store
	health Health
	anew   string // the remedy for a database that is undamaged but contradicts itself
}

// Check compares the database with itself and with the runs' folders. It writes nothing. read reads
// settings from a resolved experiment; look, called with each run that nobody trains, returns what is
// wrong in the run's folder. A damaged database is the only finding: nothing else that it says can be
// relied on.
func (s *Store) Check(ctx context.Context, read ReadSettings, look func(Run) []Finding) (Health, error) {
	c := checker{s, Health{Findings: []Finding{}}, // JSON shows []
		"copy the runs into a new store, which computes their sums anew and leaves out what is damaged: " +
			"runner store merge " + s.dir + " --store NEW"}
	found, err := damage(ctx, s.db)
	if err != nil {
		return c.health, s.failed("check the database", err)
	}
	if found != "" {
		c.add("", fmt.Sprintf("restore %s from a copy, or save what can be read with the .recover command of the program "+
			"sqlite3", filepath.Join(s.dir, databaseName)), "the database is damaged: %s", found)
		return c.health, nil
	}
	if err := c.runs(ctx, read, look); err != nil {
		return c.health, s.failed("check the runs", err)
	}
	strays, err := s.strays(ctx, s.isFree)
	for _, name := range strays {
		c.health.Findings = append(c.health.Findings,
			Finding{What: "the folder " + name + " belongs to no run", Remedy: "runner gc removes it", Note: true})
	}
	return c.health, err
}

func (c *checker) add(run, remedy, format string, args ...any) {
	c.health.Findings = append(c.health.Findings, Finding{Run: run, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

// runs compares the runs with their epochs and their folders.
func (c *checker) runs(ctx context.Context, read ReadSettings, look func(Run) []Finding) error {
	var lost int
	if err := c.db.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&lost); err != nil {
		return err
	}
	if lost > 0 {
		c.add("", c.anew, "rows that belong to no run: %d", lost)
	}
	if err := c.derived(ctx); err != nil {
		return err
	}
	tallies, err := c.tallies(ctx)
	if err != nil {
		return err
	}
	runs, err := c.settled(ctx, c.db, `ORDER BY number`)
	if err != nil {
		return err
	}
	if err := c.settings(ctx, read, runs); err != nil {
		return err
	}
	for _, r := range runs {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.health.Runs++
		if t, has := tallies[r.ID]; has { // not begun since
			c.health.Epochs += t.epochs
			c.tally(t)
		}
		if err := c.folder(r, look); err != nil {
			return err
		}
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

// folder looks into the folder of a run.
func (c *checker) folder(r Run, look func(Run) []Finding) error {
	info, err := os.Stat(c.Folder(r.ID))
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.IsDir():
		c.add(r.ID, "restore the folder from a copy, or remove the run: runner rm "+r.ID,
			"its folder %s is missing", c.Folder(r.ID))
		return nil
	case err != nil || r.Status == Running: // its files come and go
		return err
	}
	c.health.Findings = append(c.health.Findings, look(r)...)
	return nil
}

// tally is what a run says of its epochs, and what the epochs say.
type tally struct {
	id                       string
	status                   Status
	planned, epochs, largest int    // epochs: planned; on record; the largest number of one
	kept, made               [4]any // the sums of the run; of its epochs
}

// tallies returns the tally of each run, by ID. One statement reads it all, so that nothing is logged
// in between. Seconds agree where only the order of summing makes them differ.
func (c *checker) tallies(ctx context.Context) (map[string]tally, error) {
	all, err := list(ctx, c.db, func(t *tally) []any {
		return []any{&t.id, &t.status, &t.planned, &t.epochs, &t.largest,
			&t.kept[0], &t.kept[1], &t.kept[2], &t.kept[3], &t.made[0], &t.made[1], &t.made[2], &t.made[3]}
	}, `SELECT r.id, r.status, r.planned_epochs, count(e.epoch), coalesce(max(e.epoch), 0),
			r.logged_epochs, r.seconds, coalesce(r.best_epoch, 'none'), coalesce(r.best_val_accuracy, 'none'),
			count(e.epoch), iif(abs(r.seconds - total(e.seconds)) <= 1e-6 * (1 + total(e.seconds)), r.seconds, total(e.seconds)),
			coalesce((SELECT epoch FROM epochs WHERE run = r.number ORDER BY val_accuracy DESC, epoch LIMIT 1), 'none'),
			coalesce(max(e.val_accuracy), 'none')
		FROM runs r LEFT JOIN epochs e ON e.run = r.number
		GROUP BY r.number`)
	byID := make(map[string]tally, len(all))
	for _, t := range all {
		byID[t.id] = t
	}
	return byID, err
}

// tally compares a run's sums and status with its epochs.
func (c *checker) tally(t tally) {
	var differ []string
	for i, name := range []string{"logged_epochs", "seconds", "best_epoch", "best_val_accuracy"} {
		if t.kept[i] != t.made[i] {
			differ = append(differ, fmt.Sprintf("%s is %v, expected %v", name, t.kept[i], t.made[i]))
		}
	}
	if len(differ) > 0 {
		c.add(t.id, c.anew, "its sums are not those of its epochs: %s", strings.Join(differ, ", "))
	}
	if t.largest != t.epochs {
		c.add(t.id, again(t.id), "its epochs have gaps: %d on record, the last is epoch %d", t.epochs, t.largest)
	}
	if t.status == Finished && t.epochs < t.planned {
		c.add(t.id, again(t.id), "it is finished with %d of %d epochs", t.epochs, t.planned)
	}
}

// again is the remedy for a run whose record is beyond repair.
func again(id string) string {
	return "train it again with --again, then remove this one: runner rm " + id
}

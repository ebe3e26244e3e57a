package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Filter picks runs; an empty field picks all.
type Filter struct{ Mode, Dataset string }

// matchesFilter is Filter's SQL condition, with its two arguments.
const matchesFilter = `?1 IN ('', mode) AND ?2 IN ('', dataset)`

// Runs returns the runs that f picks, the latest first.
func (s *Store) Runs(ctx context.Context, f Filter) ([]Run, error) {
	runs, err := s.selectRuns(ctx, `WHERE `+matchesFilter+` ORDER BY number DESC`, f.Mode, f.Dataset)
	return runs, s.failed("list the runs", err)
}

// Find returns the run that a person means by ref: its ID, else an experiment's name (its latest
// run), else the beginning of one ID. The error is a *NotFoundError or an *AmbiguousError if ref
// means none or several.
func (s *Store) Find(ctx context.Context, ref string) (Run, error) {
	run, err := find(ctx, s.db, ref)
	if err == nil {
		found := []Run{run}
		err = s.settle(ctx, s.db, found)
		run = found[0]
	}
	return run, s.failed("find a run", err)
}

// find is Find, with the status on record.
func find(ctx context.Context, q querier, ref string) (Run, error) {
	// An index answers each of the two: sorting would read every run of an experiment, configuration
	// and all.
	runs, err := readRuns(ctx, q, `WHERE number = coalesce((SELECT number FROM runs WHERE id = ?1),
		(SELECT max(number) FROM runs WHERE experiment = ?1))`, ref)
	if err == nil && len(runs) == 0 && hexadecimal.MatchString(ref) { // and so without GLOB's own signs
		runs, err = readRuns(ctx, q, `WHERE id GLOB ? ORDER BY number DESC`, ref+"*")
	}
	switch {
	case err != nil:
		return Run{}, err
	case len(runs) == 1:
		return runs[0], nil
	case len(runs) > 1:
		return Run{}, &AmbiguousError{Ref: ref, Candidates: runs}
	}
	names, err := experiments(ctx, q)
	if err != nil {
		return Run{}, err
	}
	return Run{}, &NotFoundError{Ref: ref, Near: near(ref, names)}
}

var hexadecimal = regexp.MustCompile(`^[0-9a-f]+$`)

// querier is the database or a transaction of it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// selectRuns reads the runs that an SQL condition picks, each with the status that is true.
func (s *Store) selectRuns(ctx context.Context, where string, args ...any) ([]Run, error) {
	runs, err := readRuns(ctx, s.db, where, args...)
	if err != nil {
		return nil, err
	}
	return runs, s.settle(ctx, s.db, runs)
}

// readRuns reads the runs that an SQL condition picks as they were recorded.
func readRuns(ctx context.Context, q querier, where string, args ...any) ([]Run, error) {
	names, _ := columns(new(Run))
	rows, err := q.QueryContext(ctx, `SELECT `+strings.Join(names, ", ")+` FROM runs `+where, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *Run) []any {
		_, fields := columns(r)
		return fields
	})
}

// settle makes those of the runs interrupted that were recorded as running and whose process is
// gone, killed or cut from its power before it could say so. Nothing is written: what is true is
// told by the locks, to everybody who looks.
func (s *Store) settle(ctx context.Context, q querier, runs []Run) error {
	for i := range runs {
		if runs[i].Status != Running {
			continue
		}
		held, err := s.locks.held(lockOf(runs[i].ID))
		if err != nil {
			return err
		}
		if held {
			continue
		}
		// It may have ended between the two looks: whoever ends a run records it and then lets go.
		now, err := readRuns(ctx, q, `WHERE id = ?`, runs[i].ID)
		if err != nil {
			return err
		}
		if len(now) == 1 {
			runs[i] = now[0]
		}
		if runs[i].Status == Running {
			runs[i].interrupt()
		}
	}
	return nil
}

// interrupt makes a run that lost its process interrupted.
func (r *Run) interrupt() { r.Status, r.Reason = Interrupted, r.Owner.lost() }

// lost returns the IDs of the runs that are recorded as running and whose process is gone, by number.
func (s *Store) lost(ctx context.Context) (map[int64]string, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT number, id FROM runs WHERE status = 'running'`)
	if err != nil {
		return nil, err
	}
	type row struct {
		number int64
		id     string
	}
	running, err := collect(rows, func(r *row) []any { return []any{&r.number, &r.id} })
	if err != nil {
		return nil, err
	}
	lost := make(map[int64]string)
	for _, r := range running {
		held, err := s.locks.held(lockOf(r.id))
		if err != nil {
			return nil, err
		}
		if !held {
			lost[r.number] = r.id
		}
	}
	return lost, nil
}

// experiments returns the names of all experiments.
func experiments(ctx context.Context, q querier) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT experiment FROM runs ORDER BY experiment`)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(name *string) []any { return []any{name} })
}

// collect scans every row into the fields of a T, and closes the rows.
func collect[T any](rows *sql.Rows, fields func(*T) []any) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		var t T
		if err := rows.Scan(fields(&t)...); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// NotFoundError says that no run is meant by Ref, and which experiments have a name near it.
type NotFoundError struct {
	Ref  string
	Near []string
}

func (e *NotFoundError) Error() string {
	if len(e.Near) == 0 {
		return fmt.Sprintf("no run %q: want a run's id, the beginning of one, or an experiment's name", e.Ref)
	}
	return fmt.Sprintf("no run %q: did you mean %s?", e.Ref, strings.Join(e.Near, " or "))
}

// AmbiguousError says that Ref begins the IDs of several runs, the latest first.
type AmbiguousError struct {
	Ref        string
	Candidates []Run
}

func (e *AmbiguousError) Error() string {
	const most = 10 // lines that a person will read
	var b strings.Builder
	fmt.Fprintf(&b, "%q begins the ids of %d runs, give more of it:", e.Ref, len(e.Candidates))
	for i, r := range e.Candidates {
		if i == most {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Candidates)-most)
			break
		}
		fmt.Fprintf(&b, "\n  %s  %s  %s", r.ID, r.Started.Format(time.RFC3339), r.Experiment)
	}
	return b.String()
}

// near returns up to three of the names that contain word or are a few typing errors away from it,
// the nearest first.
func near(word string, names []string) []string {
	if word == "" {
		return nil
	}
	type candidate struct {
		name  string
		edits int
	}
	var found []candidate
	word = strings.ToLower(word)
	for _, name := range names {
		lower := strings.ToLower(name)
		edits := distance(word, lower)
		if edits <= 1+len(word)/4 || strings.Contains(lower, word) {
			found = append(found, candidate{name, edits})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.edits, b.edits) })
	var nearest []string
	for _, c := range found[:min(3, len(found))] {
		nearest = append(nearest, c.name)
	}
	return nearest
}

// distance is the least number of characters to insert, delete or replace to get from a to b
// (Wagner and Fischer, "The string-to-string correction problem", 1974).
func distance(a, b string) int {
	to := []rune(b)
	row := make([]int, len(to)+1) // row[j]: from the characters of a so far to to[:j]
	for j := range row {
		row[j] = j
	}
	i := 0
	for _, r := range a {
		i++
		diagonal := row[0]
		row[0] = i
		for j, t := range to {
			replace := diagonal
			if r != t {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

package store

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"runner/internal/spelling"
)

// Filter picks runs; an empty field picks all.
type Filter struct{ Mode, Dataset string }

// matchesFilter is Filter's SQL condition, with its two arguments.
const matchesFilter = `?1 IN ('', mode) AND ?2 IN ('', dataset)`

// Runs returns the runs that f picks, the latest first.
func (s *Store) Runs(ctx context.Context, f Filter) ([]Run, error) {
	runs, err := s.settled(ctx, s.db, `WHERE `+matchesFilter+` ORDER BY number DESC`, f.Mode, f.Dataset)
	return runs, s.failed("list the runs", err)
}

// Find returns the run that ref names: by its ID, by its experiment's name (the latest run), or by the
// beginning of its ID. The error is a *NotFoundError if there is none, and an *AmbiguousError if there
// are several.
func (s *Store) Find(ctx context.Context, ref string) (Run, error) {
	run, err := find(ctx, s.db, ref)
	if err == nil {
		err = s.settle(ctx, s.db, &run)
	}
	return run, s.failed("find a run", err)
}

// find is Find with the status on record.
func find(ctx context.Context, q querier, ref string) (Run, error) {
	// An index answers each of the two; sorting would read all runs with their configurations.
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
	names, err := list(ctx, q, func(name *string) []any { return []any{name} },
		`SELECT DISTINCT experiment FROM runs ORDER BY experiment`)
	if err != nil {
		return Run{}, err
	}
	return Run{}, &NotFoundError{Ref: ref, Near: near(ref, names)}
}

var hexadecimal = regexp.MustCompile(`^[0-9a-f]+$`)

// settled reads the runs that an SQL condition picks, and settles them.
func (s *Store) settled(ctx context.Context, q querier, where string, args ...any) ([]Run, error) {
	runs, err := readRuns(ctx, q, where, args...)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		if err := s.settle(ctx, q, &runs[i]); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// readRuns reads the runs that an SQL condition picks, as they are recorded.
func readRuns(ctx context.Context, q querier, where string, args ...any) ([]Run, error) {
	return read(ctx, q, (*Run).columns, `FROM runs `+where, args...)
}

// readRun reads a run as it is recorded. The error may be a *NotFoundError.
func readRun(ctx context.Context, q querier, id string) (Run, error) {
	runs, err := readRuns(ctx, q, `WHERE id = ?`, id)
	if err != nil {
		return Run{}, err
	}
	if len(runs) == 0 {
		return Run{}, &NotFoundError{Ref: id}
	}
	return runs[0], nil
}

func hasRun(ctx context.Context, q querier, id string) (has bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?)`, id).Scan(&has)
	return has, err
}

// settle marks a run as interrupted that is recorded as running but whose process was killed, or cut
// off from power, before it could say so. It writes nothing: the locks say the same to everybody.
func (s *Store) settle(ctx context.Context, q querier, r *Run) error {
	if r.Status != Running {
		return nil
	}
	if free, err := s.isFree(r.ID); err != nil || !free {
		return err
	}
	// It may have ended meanwhile: a process records the end of a run before it frees the lock.
	now, err := readRuns(ctx, q, `WHERE id = ?`, r.ID)
	if err != nil {
		return err
	}
	if len(now) == 1 {
		*r = now[0]
	}
	if r.Status == Running {
		r.interrupt()
	}
	return nil
}

// interrupt marks a run that lost its process as interrupted.
func (r *Run) interrupt() { r.Status, r.Reason = Interrupted, r.Owner.lost() }

// lost returns the IDs of the runs that are recorded as running but whose process is gone.
func (s *Store) lost(ctx context.Context) (map[string]bool, error) {
	lost, err := pairs[string, bool](ctx, s.db, `SELECT id, true FROM runs WHERE status = 'running'`)
	for id := range lost {
		if err == nil {
			lost[id], err = s.isFree(id)
		}
	}
	return lost, err
}

// isFree tells whether nobody holds a run's lock.
func (s *Store) isFree(id string) (bool, error) {
	held, err := s.locks.held(lockOf(id))
	return !held && err == nil, err
}

// NotFoundError says that Ref names no run, and which experiments have a similar name.
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

// AmbiguousError says that the IDs of several runs begin with Ref; the latest is first.
type AmbiguousError struct {
	Ref        string
	Candidates []Run
}

func (e *AmbiguousError) Error() string {
	const most = 10 // lines that a person will read
	var b strings.Builder
	fmt.Fprintf(&b, "%q begins the ids of %d runs, give more of it:", e.Ref, len(e.Candidates))
	for _, r := range e.Candidates[:min(most, len(e.Candidates))] {
		fmt.Fprintf(&b, "\n  %s  %s  %s", r.ID, r.Started.Format(time.RFC3339), r.Experiment)
	}
	if more := len(e.Candidates) - most; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

// near returns up to three of the names that contain word or are a few typing errors away from it,
// the nearest first.
func near(word string, names []string) []string {
	if word == "" {
		return nil
	}
	word = strings.ToLower(word)
	edits := make(map[string]int)
	for _, name := range names {
		lower := strings.ToLower(name)
		if d := spelling.Distance(word, lower); d <= 1+len(word)/4 || strings.Contains(lower, word) {
			edits[name] = d
		}
	}
	found := slices.DeleteFunc(names, func(name string) bool { _, near := edits[name]; return !near })
	slices.SortStableFunc(found, func(a, b string) int { return cmp.Compare(edits[a], edits[b]) })
	if len(found) == 0 {
		return nil
	}
	return found[:min(3, len(found))]
}

package store

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Remove removes a run: first its record, then its folder, which does no harm if it stays. The error
// is a *BusyError if a process trains the run.
func (s *Store) Remove(ctx context.Context, id string) error {
	do := "remove run " + id
	r, err := readRun(ctx, s.db, id)
	if err != nil {
		return s.failed(do, err)
	}
	free, err := s.locked(id, func() error {
		err := s.transact(ctx, func(tx *transaction) error {
			err := tx.exec(ctx, `DELETE FROM runs WHERE id = ?`, id) // and its epochs: ON DELETE CASCADE
			if err != nil {
				return err
			}
			err = tx.exec(ctx, `DELETE FROM settings
				WHERE seedless_identity = ?1 AND ?1 NOT IN (SELECT seedless_identity FROM runs)`, r.Group)
			if err != nil {
				return err
			}
			return tx.exec(ctx, `DELETE FROM datasets WHERE NOT EXISTS
				(SELECT 1 FROM runs WHERE dataset = name AND runs.fingerprint = datasets.fingerprint)`)
		})
		if err != nil {
			return err
		}
		return os.RemoveAll(s.Folder(id))
	})
	if err == nil && !free {
		err = &BusyError{r}
	}
	return s.failed(do, err)
}

// Removed is a file or a folder that GC removed.
type Removed struct {
	Name  string // in the store's folder, such as 3f9a01c4/last.safetensors
	Bytes int64
}

// GC removes folders that belong to no run, and from the folders of runs that nobody trains the files
// that garbage names. With dry it removes nothing and returns what it would remove. What was removed
// before an error is returned with the error.
func (s *Store) GC(ctx context.Context, garbage func(Run) ([]string, error), dry bool) ([]Removed, error) {
	found, err := damage(ctx, s.db)
	if err == nil && found != "" { // a damaged database may not list all runs
		err = fmt.Errorf("the database is damaged: %s: nothing is removed, see 'runner store check'", found)
	}
	if err != nil {
		return nil, s.failed("look for garbage", err)
	}
	removed, err := s.removeStrays(ctx, dry)
	if err != nil {
		return removed, err
	}
	runs, err := s.Runs(ctx, Filter{})
	if err != nil {
		return removed, err
	}
	for _, r := range runs {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		if r.Status == Running {
			continue
		}
		more, err := s.removeGarbage(ctx, r, garbage, dry)
		removed = append(removed, more...)
		if err != nil {
			return removed, s.failed("remove files of run "+r.ID, err)
		}
	}
	return removed, nil
}

// removeGarbage removes what garbage names of a run. It holds the run's lock, so that nobody resumes
// the run or merges into it meanwhile, and leaves alone a run whose lock is taken.
func (s *Store) removeGarbage(
	ctx context.Context, r Run, garbage func(Run) ([]string, error), dry bool,
) (removed []Removed, err error) {
	discard := func(names []string) error {
		for _, name := range names {
			one, err := s.discard(filepath.Join(r.ID, name), dry)
			if err != nil {
				return err
			}
			removed = append(removed, one)
		}
		return nil
	}
	names, err := garbage(r)
	switch {
	case err != nil || len(names) == 0:
		return nil, err
	case dry:
		err = discard(names)
		return removed, err
	}
	_, err = s.locked(r.ID, func() error {
		now, err := readRuns(ctx, s.db, `WHERE id = ?`, r.ID) // as it is now that nobody changes it
		if err != nil || len(now) == 0 {
			return err
		}
		if now[0].Status == Running { // and its lock was free
			now[0].Status = Interrupted
		}
		if names, err = garbage(now[0]); err != nil {
			return err
		}
		return discard(names)
	})
	return removed, err
}

// removeStrays removes the folders that belong to no run. It holds their locks until they are gone,
// or a merge could give a folder its run meanwhile.
func (s *Store) removeStrays(ctx context.Context, dry bool) ([]Removed, error) {
	free := s.isFree
	if !dry {
		free = func(id string) (bool, error) { return s.locks.take(lockOf(id)) }
	}
	strays, err := s.strays(ctx, free)
	if !dry {
		defer func() {
			for _, name := range strays {
				s.locks.free(lockOf(strayName.FindStringSubmatch(name)[2]))
			}
		}()
	}
	if err == nil && len(strays) > 0 {
		err = s.guard(ctx, strays[0])
	}
	if err != nil {
		return nil, err
	}
	var removed []Removed
	for _, name := range strays {
		one, err := s.discard(name, dry)
		if err != nil {
			return removed, s.failed("remove "+name, err)
		}
		removed = append(removed, one)
	}
	return removed, nil
}

// guard refuses to remove a folder from a store without a single run: its database was probably made
// anew in place of another one, whose runs the folders belong to.
func (s *Store) guard(ctx context.Context, stray string) error {
	var any bool
	if err := s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM runs)`).Scan(&any); err != nil || any {
		return s.failed("count the runs", err)
	}
	return s.failed("remove folders of no run", fmt.Errorf(
		"the database has no runs, but there are folders such as %s: "+
			"restore the database that they belong to, or remove them by hand", stray))
}

// strayName matches the folder of a run, and the one in which a merge collects the files of a run.
var strayName = regexp.MustCompile(`^(` + regexp.QuoteMeta(stagePrefix) + `)?([0-9a-f]{8})$`)

// strays returns the names of the folders that belong to no run and whose lock is free, which it asks
// free once a run.
//
// A folder is made before its run is on record, so the run of a folder may be about to be committed.
// Begin makes the folder in its transaction, and during a transaction of ours there is no other.
// A merge holds the run's lock all the while.
func (s *Store) strays(ctx context.Context, free func(id string) (bool, error)) ([]string, error) {
	var names []string
	err := s.write(ctx, "look for folders of no run", func(tx *transaction) error {
		entries, err := os.ReadDir(s.dir)
		if err != nil {
			return err
		}
		known, err := pairs[string, bool](ctx, tx, `SELECT id, true FROM runs`)
		if err != nil {
			return err
		}
		asked := make(map[string]bool)
		for _, e := range entries {
			m := strayName.FindStringSubmatch(e.Name())
			if m == nil || !e.IsDir() || m[1] == "" && known[m[2]] {
				continue
			}
			id := m[2]
			if _, done := asked[id]; !done {
				if asked[id], err = free(id); err != nil {
					return err
				}
			}
			if asked[id] {
				names = append(names, e.Name())
			}
		}
		return nil
	})
	return names, err
}

// discard removes a file or folder of the store, or with dry only measures it.
func (s *Store) discard(name string, dry bool) (Removed, error) {
	path := filepath.Join(s.dir, name)
	var bytes int64
	err := filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err == nil && !dry {
		err = os.RemoveAll(path)
	}
	return Removed{name, bytes}, err
}

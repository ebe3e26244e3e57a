package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"runner/internal/files"
)

// stagePrefix and a run's ID are the name of the folder in which a merge collects the run's files,
// while it holds the run's lock.
const stagePrefix = ".merge-"

// staged calls f with a folder of this store that holds verified copies of the run's checkpoints, while
// it holds the lock of the run id, which the run is or is to be here.
func (m *merging) staged(ctx context.Context, id string, f func(stage string) error) error {
	free, err := m.locked(id, func() error {
		stage := filepath.Join(m.dir, stagePrefix+id)
		if err := os.RemoveAll(stage); err != nil { // of a merge that was killed
			return err
		}
		if err := os.Mkdir(stage, 0o777); err != nil {
			return err
		}
		err := m.collect(ctx, stage)
		if err == nil {
			err = f(stage)
		}
		return errors.Join(err, os.RemoveAll(stage))
	})
	if err == nil && !free {
		return refusal("another process trains it here, or merges it: merge again when that is done")
	}
	return err
}

// collect copies the run's checkpoints into the folder stage.
func (m *merging) collect(ctx context.Context, stage string) error {
	for _, name := range slices.Backward(m.checkpoints.Names) {
		if err := ctx.Err(); err != nil {
			return err
		}
		from, to := filepath.Join(m.from.dir, m.Run.ID, name), filepath.Join(stage, name)
		found, err := copyFile(from, to)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := m.checkpoints.Verify(to); err != nil {
			return refusal(fmt.Sprintf("its %s is damaged: remove %s to merge the run without it (%v)", name, from, err))
		}
	}
	return files.SyncFolder(stage)
}

// add adds the run, which is not here, under the given ID.
func (m *merging) add(ctx context.Context, id string) error {
	return m.staged(ctx, id, func(stage string) error {
		// After the files: a process that trains records an epoch before a file passes it.
		epochs, err := m.from.epochs(ctx, m.Run)
		if err != nil {
			return err
		}
		extras, err := m.from.extras(ctx, m.Run)
		if err != nil {
			return err
		}
		r := m.Run
		r.ID = id
		return m.write(ctx, "add it", func(tx *transaction) error {
			if err := m.addRun(ctx, tx, r, epochs, stage); err != nil {
				return err
			}
			return extras.add(ctx, tx, id)
		})
	})
}

// addRun adds a run and gives it the folder stage, before the commit: a folder without a run does no
// harm, a run without one does.
func (s *Store) addRun(ctx context.Context, tx *transaction, r Run, epochs []Epoch, stage string) error {
	// Again, now that nobody else writes: another merge may have added the run meanwhile, whose ID then
	// seemed to be another run's.
	here, err := readRuns(ctx, tx, `WHERE id = ?1 OR identity = ?2 AND started = ?3`,
		r.ID, r.Identity, instant{&r.Started})
	if err != nil {
		return err
	}
	if len(here) > 0 {
		return refusal("another process has added it, or a run of its id, at the same moment: merge again")
	}
	folder := s.Folder(r.ID)
	if err := s.setAside(ctx, tx, folder); err != nil {
		return err
	}
	number, err := s.insert(ctx, tx, &r)
	if err != nil {
		return err
	}
	if number == 0 {
		return fmt.Errorf("cannot make the folder %s", folder)
	}
	tx.undo = append(tx.undo, func() { // unless the commit that failed is on the disk all the same
		if has, err := hasRun(context.WithoutCancel(ctx), s.db, r.ID); err == nil && !has {
			os.RemoveAll(folder)
		}
	})
	if err := insertEpochs(ctx, tx, number, epochs); err != nil {
		return err
	}
	if err := os.Remove(folder); err != nil { // empty
		return err
	}
	if err := os.Rename(stage, folder); err != nil {
		return err
	}
	return files.SyncFolder(s.dir)
}

// setAside renames a folder that belongs to no run, as a merge leaves it that was killed before its
// commit, so that 'runner gc' removes it. Nobody makes folders during our transaction.
func (s *Store) setAside(ctx context.Context, tx *transaction, folder string) error {
	if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	id, err := s.freeID(ctx, tx)
	if err != nil {
		return err
	}
	return os.Rename(folder, s.Folder(id))
}

// freeID draws an ID that neither a run nor a folder has.
func (s *Store) freeID(ctx context.Context, q querier) (string, error) {
	for {
		id := s.newID()
		if taken, err := hasRun(ctx, q, id); err != nil {
			return "", err
		} else if taken {
			continue
		}
		if _, err := os.Lstat(s.Folder(id)); errors.Is(err, fs.ErrNotExist) {
			return id, nil
		} else if err != nil {
			return "", err
		}
	}
}

package store

import (
	"context"
	"database/sql"
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

// staged calls f with a folder of this store that holds verified copies of the checkpoints of r,
// which is the run id here. Meanwhile it holds the run's lock.
func (s *Store) staged(
	ctx context.Context, o *MergeSource, checkpoints Checkpoints, r Run, id string, f func(stage string) error,
) (err error) {
	taken, err := s.locks.take(lockOf(id))
	if err != nil {
		return err
	}
	if !taken {
		return refusal("another process trains it here, or merges it: merge again when that is done")
	}
	defer func() { err = errors.Join(err, s.locks.free(lockOf(id))) }()
	stage := filepath.Join(s.dir, stagePrefix+id)
	if err := os.RemoveAll(stage); err != nil { // of a merge that was killed
		return err
	}
	if err := os.Mkdir(stage, 0o777); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	for _, name := range slices.Backward(checkpoints.Names) {
		if err := ctx.Err(); err != nil {
			return err
		}
		from, to := filepath.Join(o.dir, r.ID, name), filepath.Join(stage, name)
		found, err := copyFile(from, to)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		if err := checkpoints.Verify(to); err != nil {
			return refusal(fmt.Sprintf("its %s is damaged: remove %s to merge the run without it (%v)", name, from, err))
		}
	}
	if err := files.SyncFolder(stage); err != nil {
		return err
	}
	return f(stage)
}

// add makes r, which is not here, a run here under the given ID.
func (s *Store) add(ctx context.Context, o *MergeSource, checkpoints Checkpoints, r Run, id string) error {
	return s.staged(ctx, o, checkpoints, r, id, func(stage string) error {
		// After the files: a process that trains puts an epoch on record before a file passes it.
		epochs, err := o.epochs(ctx, r)
		if err != nil {
			return err
		}
		extras, err := o.extras(ctx, r)
		if err != nil {
			return err
		}
		r.ID = id
		return s.take(ctx, "add it", func(tx *sql.Tx, undo *undo) error {
			if err := s.addRun(ctx, tx, r, epochs, stage, undo); err != nil {
				return err
			}
			return extras.add(ctx, tx, id)
		})
	})
}

// addRun adds a run, and gives it the folder stage, before the commit: a folder without a run does
// no harm, a run without one does.
func (s *Store) addRun(ctx context.Context, tx *sql.Tx, r Run, epochs []Epoch, stage string, undo *undo) error {
	// Looked for again, now that nobody writes: another merge may have added the run since, and then
	// its ID seemed to be another run's.
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
	made, err := s.insert(ctx, tx, &r)
	if err != nil {
		return err
	}
	if !made {
		return fmt.Errorf("cannot make the folder %s", folder)
	}
	undo.add(func() { // unless the commit that failed is on the disk all the same
		if has, err := hasRun(context.WithoutCancel(ctx), s.db, r.ID); err == nil && !has {
			os.RemoveAll(folder)
		}
	})
	if err := insertEpochs(ctx, tx, r.ID, epochs); err != nil {
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

// setAside gives a folder that belongs to no run, as a merge leaves it that was killed before its
// commit, a name of no run: 'runner gc' removes it. Nobody makes folders during our transaction.
func (s *Store) setAside(ctx context.Context, tx *sql.Tx, folder string) error {
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

// freeID draws an ID that no run has and no folder.
func (s *Store) freeID(ctx context.Context, q querier) (string, error) {
	for {
		id := s.newID()
		taken, err := hasRun(ctx, q, id)
		if err != nil {
			return "", err
		}
		if taken {
			continue
		}
		if _, err := os.Lstat(s.Folder(id)); errors.Is(err, fs.ErrNotExist) {
			return id, nil
		} else if err != nil {
			return "", err
		}
	}
}

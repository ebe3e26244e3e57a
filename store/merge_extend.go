package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"runner/internal/files"
)

// mergeInto merges the run m.Run into m.ID, which is the same run here.
func (s *Store) mergeInto(ctx context.Context, o *MergeSource, checkpoints Checkpoints, m *Merged) error {
	judge := func() (missing []Epoch, err error) {
		missing, m.Outcome, m.Why, err = s.judge(ctx, o, m.ID, m.Run)
		return missing, err
	}
	extras, err := o.extras(ctx, m.Run)
	if err == nil {
		_, err = judge()
	}
	switch {
	case err != nil:
		return err
	case m.Outcome == Present:
		return s.addExtras(ctx, m.ID, extras)
	case m.Outcome != Extended:
		return nil
	}
	return s.staged(ctx, o, checkpoints, m.Run, m.ID, func(stage string) error {
		missing, err := judge() // again, now that nobody trains the run here
		if err != nil || m.Outcome != Extended {
			return err
		}
		if extras, err = o.extras(ctx, m.Run); err != nil { // it may have gone on
			return err
		}
		return s.extend(ctx, checkpoints, m, missing, extras, stage)
	})
}

// addExtras brings a run that is as far here up to date with how it was tested there.
func (s *Store) addExtras(ctx context.Context, id string, e extras) error {
	missing, err := e.missingOf(ctx, s.db, id)
	if err != nil || missing.none() {
		return err
	}
	return s.write(ctx, "add tests to run "+id, func(tx *sql.Tx) error { return e.add(ctx, tx, id) })
}

// judge holds the run id here against the same run there.
func (s *Store) judge(
	ctx context.Context, o *MergeSource, id string, there Run,
) (missing []Epoch, what Outcome, why string, err error) {
	found, err := readRuns(ctx, s.db, `WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		err = refusal("it was removed here meanwhile")
	}
	if err != nil {
		return nil, "", "", err
	}
	here := found[0]
	hereEpochs, err := readEpochs(ctx, s.db, id)
	if err != nil {
		return nil, "", "", err
	}
	thereEpochs, err := o.epochs(ctx, there)
	if err != nil {
		return nil, "", "", err
	}
	more := len(thereEpochs) - len(hereEpochs)
	if why := difference(hereEpochs, thereEpochs); why != "" {
		return nil, Conflict, why, nil
	}
	switch {
	case here.Over() && more > 0:
		return nil, Conflict, fmt.Sprintf("it is %s here after %d epochs, and has %d there",
			here.Status, len(hereEpochs), len(thereEpochs)), nil
	case here.Over() || more < 0, more == 0 && !there.Over() && here.Reason != halfExtended:
		return nil, Present, "", nil
	}
	has := make(map[int]bool, len(hereEpochs))
	for _, e := range hereEpochs {
		has[e.Epoch] = true
	}
	for _, e := range thereEpochs {
		if !has[e.Epoch] {
			missing = append(missing, e)
		}
	}
	return missing, Extended, "", nil
}

// halfExtended is the reason of a run that is interrupted because a merge into it was: another merge
// takes it for one that is behind.
const halfExtended = "a merge into it was interrupted: merge again, or resume it"

// extend makes the run m.ID what it is in the other store. The order is that of training: rows come
// before the files that pass them, and the end comes last. In between the run is interrupted, with
// a state that is older than its rows, and may as well be resumed.
func (s *Store) extend(
	ctx context.Context, checkpoints Checkpoints, m *Merged, missing []Epoch, extras extras, stage string,
) error {
	id, there := m.ID, m.Run
	err := s.write(ctx, "add epochs to run "+id, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE runs SET status = ?, reason = ?, finished = ? WHERE id = ?`,
			Interrupted, halfExtended, instant{&there.Finished}, id)
		if err != nil {
			return err
		}
		if err := insertEpochs(ctx, tx, id, missing); err != nil {
			return err
		}
		return extras.add(ctx, tx, id) // with the rows: the answers are those of the best one
	})
	if err != nil {
		return err
	}
	if err := place(stage, s.Folder(id), checkpoints.Names, there.Over()); err != nil {
		return err
	}
	return s.write(ctx, "end run "+id, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE runs SET status = ?, reason = ?, stack = ?, finished = ?,
			host = ?, process = ?, boot = ?, resumes = ? WHERE id = ?`,
			there.Status, there.Reason, there.Stack, instant{&there.Finished},
			there.Host, there.Process, there.Boot, there.Resumes, id)
		return err
	})
}

// place moves files from the folder stage into a run's. Those that stage lacks are, for a run that
// is over, of a time before its end, and go.
func place(stage, folder string, names []string, over bool) error {
	if err := files.CreateFolder(folder); err != nil {
		return err
	}
	for _, name := range names {
		err := os.Rename(filepath.Join(stage, name), filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			if err = nil; over {
				err = os.RemoveAll(filepath.Join(folder, name))
			}
		}
		if err == nil {
			err = files.SyncFolder(folder) // each before the next
		}
		if err != nil {
			return err
		}
	}
	return nil
}

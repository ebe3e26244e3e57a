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

// mergeInto merges the run into m.ID, which is the same run here.
func (m *merging) mergeInto(ctx context.Context) error {
	extras, err := m.from.extras(ctx, m.Run)
	if err != nil {
		return err
	}
	if _, err := m.judge(ctx); err != nil {
		return err
	}
	switch m.Outcome {
	case Present: // perhaps tested there
		missing, err := extras.missingOf(ctx, m.db, m.ID)
		if err != nil || missing.none() {
			return err
		}
		return m.write(ctx, "add tests to run "+m.ID, func(tx *transaction) error { return extras.add(ctx, tx, m.ID) })
	case Extended:
		return m.staged(ctx, m.ID, func(stage string) error {
			missing, err := m.judge(ctx) // again, now that nobody trains the run here
			if err != nil || m.Outcome != Extended {
				return err
			}
			if extras, err = m.from.extras(ctx, m.Run); err != nil { // they may have changed
				return err
			}
			return m.extend(ctx, missing, extras, stage)
		})
	}
	return nil
}

// judge compares the run m.ID with the same run there. It sets the outcome, and returns the epochs that
// are missing here.
func (m *merging) judge(ctx context.Context) (missing []Epoch, err error) {
	here, err := readRun(ctx, m.db, m.ID)
	if gone := new(NotFoundError); errors.As(err, &gone) {
		return nil, refusal("it was removed here meanwhile")
	}
	if err != nil {
		return nil, err
	}
	ours, err := readEpochs(ctx, m.db, m.ID)
	if err != nil {
		return nil, err
	}
	theirs, err := m.from.epochs(ctx, m.Run)
	if err != nil {
		return nil, err
	}
	more := len(theirs) - len(ours)
	m.Why = difference(ours, theirs)
	switch {
	case m.Why != "":
		m.Outcome = Conflict
	case here.Over() && more > 0:
		m.Outcome, m.Why = Conflict, fmt.Sprintf("it is %s here after %d epochs, and has %d there",
			here.Status, len(ours), len(theirs))
	case here.Over() || more < 0, more == 0 && !m.Run.Over() && here.Reason != halfExtended:
		m.Outcome = Present
	default:
		m.Outcome = Extended
		has := make(map[int]bool, len(ours))
		for _, e := range ours {
			has[e.Epoch] = true
		}
		missing = slices.DeleteFunc(theirs, func(e Epoch) bool { return has[e.Epoch] })
	}
	return missing, nil
}

// halfExtended is the reason of a run whose merge was interrupted. Another merge treats the run as
// one that is behind.
const halfExtended = "a merge into it was interrupted: merge again, or resume it"

// extend makes the run m.ID what it is there. The order is that of training: rows before the files that
// pass them, and the end last. In between the run is interrupted, with a state that is older than its
// rows, and may be resumed.
func (m *merging) extend(ctx context.Context, missing []Epoch, extras extras, stage string) error {
	there := m.Run
	err := m.write(ctx, "add epochs to run "+m.ID, func(tx *transaction) error {
		var number int64
		err := tx.QueryRowContext(ctx, `UPDATE runs SET status = ?, reason = ?, finished = ? WHERE id = ? RETURNING number`,
			Interrupted, halfExtended, instant{&there.Finished}, m.ID).Scan(&number)
		if err != nil {
			return err
		}
		if err := insertEpochs(ctx, tx, number, missing); err != nil {
			return err
		}
		return extras.add(ctx, tx, m.ID) // with the rows: the answers are those of the best one
	})
	if err != nil {
		return err
	}
	if err := m.place(stage); err != nil {
		return err
	}
	return m.write(ctx, "end run "+m.ID, func(tx *transaction) error {
		return tx.exec(ctx, `UPDATE runs SET status = ?, reason = ?, stack = ?, finished = ?,
			host = ?, process = ?, boot = ?, resumes = ? WHERE id = ?`,
			there.Status, there.Reason, there.Stack, instant{&there.Finished},
			there.Host, there.Process, there.Boot, there.Resumes, m.ID)
	})
}

// place moves the files in the folder stage into the folder of m.ID. If the run is over, files that
// stage lacks are of a time before its end and are removed.
func (m *merging) place(stage string) error {
	folder := m.Folder(m.ID)
	if err := files.CreateFolder(folder); err != nil {
		return err
	}
	for _, name := range m.checkpoints.Names {
		err := os.Rename(filepath.Join(stage, name), filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			if err = nil; m.Run.Over() {
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

package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
)

// Remove removes a run: first its record, then its folder, which does no harm should it stay. The
// error is a *BusyError if a process trains the run.
func (s *Store) Remove(ctx context.Context, id string) (err error) {
	do := "remove run " + id
	runs, err := readRuns(ctx, s.db, `WHERE id = ?`, id)
	if err == nil && len(runs) == 0 {
		err = &NotFoundError{Ref: id}
	}
	if err != nil {
		return s.failed(do, err)
	}
	taken, err := s.locks.take(lockOf(id))
	if err == nil && !taken {
		err = &BusyError{runs[0]}
	}
	if err != nil {
		return s.failed(do, err)
	}
	defer func() { err = errors.Join(err, s.failed(do, s.locks.free(lockOf(id)))) }()
	err = s.write(ctx, do, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM runs WHERE id = ?`, id) // and its epochs: ON DELETE CASCADE
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM settings
			WHERE seedless_identity = ?1 AND ?1 NOT IN (SELECT seedless_identity FROM runs)`, runs[0].Group)
		if err != nil {
			return err
		}
		return dropDatasets(ctx, tx)
	})
	if err != nil {
		return err
	}
	return s.failed(do, os.RemoveAll(s.Folder(id)))
}

package store

import (
	"context"
	"os"
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

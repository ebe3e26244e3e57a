package runner

import (
	"context"
	"errors"
	"iter"
	"slices"

	"runner/store"
)

// differences returns the figures in which two trainings of an epoch differ. Seconds do not count.
func differences(recorded, now store.Epoch) []store.Difference {
	figure := func(x float64) string { return exact(x + 0) } // SQLite has no -0
	return changed([]store.Difference{
		difference("learning_rate", figure(recorded.LearningRate), figure(now.LearningRate)),
		difference("train_loss", figure(recorded.TrainLoss), figure(now.TrainLoss)),
		difference("batch_loss", figure(recorded.BatchLoss), figure(now.BatchLoss)),
		difference("val_loss", figure(recorded.ValLoss), figure(now.ValLoss)),
		difference("val_accuracy", figure(recorded.ValAccuracy), figure(now.ValAccuracy)),
		difference("weights_hash", recorded.WeightsHash, now.WeightsHash),
	})
}

func difference(field, recorded, now string) store.Difference {
	return store.Difference{Field: field, Recorded: recorded, Now: now}
}

// changed leaves out what is equal.
func changed(all []store.Difference) []store.Difference {
	return slices.DeleteFunc(all, func(d store.Difference) bool { return d.Recorded == d.Now })
}

// Replayable returns how many epochs of a run can be trained again and compared: those on record, and the one in which
// it diverged.
func Replayable(run store.Run) int {
	if run.Status == store.Diverged {
		return run.Logged + 1
	}
	return run.Logged
}

// Replay trains a recorded run again, from its beginning to where its record ends, and returns each epoch beside the
// one in recorded, which has all of the run's. Pulling an epoch trains it; nothing is written anywhere. An epoch that
// diverges ends the sequence, and equals one on record that diverged at the same step and in the same place, which the
// recorded reason says. The job is the run's; its InitFrom names the file that the run started from, if there was one.
func Replay(
	ctx context.Context, run store.Run, recorded []store.Epoch, j Job, progress *Progress,
) iter.Seq2[store.ReplayedEpoch, error] {
	return func(yield func(store.ReplayedEpoch, error) bool) {
		done := 0
		for now, err := range Train(ctx, j, Folder{}, progress) {
			var diverged *DivergedError
			if err != nil && !errors.As(err, &diverged) {
				yield(store.ReplayedEpoch{}, err)
				return
			}
			r := store.ReplayedEpoch{Epoch: done + 1}
			before, after := run.Reason, "trained"
			if done < len(recorded) {
				r.Recorded, before = &recorded[done], "trained"
			}
			if err == nil {
				r.Now = &now.Epoch
			} else {
				after = Sentence(err)
			}
			if r.Recorded != nil && r.Now != nil {
				r.Differences = differences(*r.Recorded, *r.Now)
			} else {
				r.Differences = changed([]store.Difference{difference("outcome", before, after)})
			}
			done++
			if !yield(r, nil) || done == Replayable(run) {
				return
			}
		}
	}
}

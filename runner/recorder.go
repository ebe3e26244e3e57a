package runner

import (
	"context"
	"path/filepath"
	"slices"

	"runner/internal/checkpoint"
	"runner/store"
)

// Recorder keeps what a training produces: a [Folder] its checkpoints alone, [Record] in a store its epochs too.
type Recorder interface {
	// Epoch puts an epoch on record before anybody sees it, and returns the row on record.
	Epoch(context.Context, Epoch) (store.Epoch, error)
	// State keeps the whole state of the training, in place of the one before.
	State(checkpoint.File) error
	// Best keeps the weights after the best epoch so far, in place of those before.
	Best(checkpoint.File) error
}

// The checkpoints in a run's folder.
const (
	LastFile = "last.safetensors" // the latest state, to resume from
	BestFile = "best.safetensors" // after the epoch with the best validation accuracy
)

// Folder is a Recorder that writes checkpoints to LastFile and BestFile, and drops epochs. The zero Folder keeps
// nothing.
type Folder struct {
	Path     string
	Identity string // of the run, so that no other run is resumed from its state
}

// Epoch returns the epoch as it was trained.
func (f Folder) Epoch(_ context.Context, e Epoch) (store.Epoch, error) { return e.Epoch, nil }

// State writes LastFile.
func (f Folder) State(file checkpoint.File) error {
	file.Metadata["identity"] = f.Identity
	return f.write(LastFile, file)
}

// Best writes BestFile.
func (f Folder) Best(file checkpoint.File) error { return f.write(BestFile, file) }

func (f Folder) write(name string, file checkpoint.File) error {
	if f.Path == "" {
		return nil
	}
	return checkpoint.Write(filepath.Join(f.Path, name), file)
}

// storeRecorder keeps a run in a store, and its checkpoints in the run's folder there.
type storeRecorder struct {
	Folder
	store    *store.Store
	run      string
	recorded []store.Epoch // when the run was resumed
}

// Epoch commits an epoch. One that is on record already must have come out as it did then, but for its seconds; the
// row on record stays.
func (r *storeRecorder) Epoch(ctx context.Context, e Epoch) (store.Epoch, error) {
	i := slices.IndexFunc(r.recorded, func(row store.Epoch) bool { return row.Epoch == e.Epoch.Epoch })
	if i < 0 {
		return e.Epoch, r.store.Log(ctx, r.run, e.Epoch, e.Answers)
	}
	if before := r.recorded[i]; len(differences(before, e.Epoch)) > 0 {
		return e.Epoch, &ChangedError{r.run, before, e.Epoch}
	}
	return r.recorded[i], nil
}

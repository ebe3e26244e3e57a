package data

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
	"runner/internal/data/transform"
	"runner/internal/spec"
)

// The types that users of a dataset need.
type (
	Dataset    = prepared.Dataset
	Split      = prepared.Split
	Order      = prepared.Order
	Stats      = prepared.Stats
	RangeError = prepared.RangeError
	Pass       = transform.Pass
	Event      = fetch.Event
)

// Options say where datasets are kept and where they come from.
type Options struct {
	Dir string // the data folder: one folder a dataset
	fetch.Options
}

// DefaultDir returns the data folder: RUNNER_DATA, or runner in the user's cache folder.
func DefaultDir() (string, error) {
	if dir := os.Getenv("RUNNER_DATA"); dir != "" {
		return dir, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for datasets: name one with --data or RUNNER_DATA: %w", err)
	}
	return filepath.Join(cache, "runner"), nil
}

// Named is a dataset that an experiment names.
type Named struct {
	prepared.Description
	Kind   Kind
	Item   spec.Item // with every argument
	source Source
}

// Find finds the kind that an item names, decodes its arguments and has the dataset describe itself. It returns every
// fault.
func Find(it spec.Item, kinds []Kind) (Named, spec.Faults) {
	if it.Kind == "" {
		return Named{}, nil // spec has reported it
	}
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == it.Kind })
	if i < 0 {
		return Named{}, spec.Faults{{Pos: it.Pos, Message: "dataset: " + Unknown(it.Kind, kinds).Error()}}
	}
	choice := []spec.Kind[Source]{{Name: it.Kind, New: kinds[i].New}}
	source, resolved, faults := spec.Choose(it, "dataset", "dataset", choice)
	if len(faults) > 0 {
		return Named{}, faults
	}
	about, err := source.Describe()
	if err != nil {
		return Named{}, spec.Faults{{Pos: it.Pos, Message: fmt.Sprintf("dataset %s: %v", it.Kind, err)}}
	}
	return Named{about, kinds[i], resolved, source}, nil
}

// ByName is Find among all kinds for a name without arguments.
func ByName(name string) (Named, error) {
	n, faults := Find(spec.Item{Kind: name}, Kinds())
	if len(faults) > 0 {
		return Named{}, faults
	}
	return n, nil
}

// Folder is the dataset's folder in the data folder, named after its kind and arguments.
func (n Named) Folder(dir string) string {
	name := n.Item.Kind
	if args := n.Item.ArgsText(); args != "" {
		name = fmt.Sprintf("%s-%.6x", name, sha256.Sum256([]byte(args)))
	}
	return filepath.Join(dir, name)
}

// written is the dataset as it is typed in a shell.
func (n Named) written() string {
	if args := n.Item.ArgsText(); args != "" {
		return strconv.Quote(fmt.Sprintf("%s: {%s}", n.Item.Kind, args))
	}
	return n.Item.Kind
}

// Ready tells whether the dataset is prepared.
func (n Named) Ready(dir string) bool { return prepared.Ready(n.Folder(dir)) }

// Get fetches and prepares the dataset unless it is prepared. Other processes that want the same wait. A failure leaves
// nothing half-prepared; a broken download is kept to be resumed.
func (n Named) Get(ctx context.Context, o Options) error {
	return prepared.Make(ctx, n.Folder(o.Dir), n.Description, func(b *prepared.Builder) error {
		return n.source.Examples(ctx, o.Options, b)
	})
}

// Open opens the dataset and fetches it first if it is not prepared.
func (n Named) Open(ctx context.Context, o Options) (*Dataset, error) {
	if err := n.Get(ctx, o); err != nil {
		return nil, err
	}
	return n.OpenPrepared(o.Dir)
}

// OpenPrepared opens the dataset in the data folder dir. It fetches nothing and takes no lock, so any number of
// processes may call it at once. If the dataset is not prepared the error is [fs.ErrNotExist].
func (n Named) OpenPrepared(dir string) (*Dataset, error) {
	return prepared.Open(n.Folder(dir), n.Description, "runner data get "+n.written())
}

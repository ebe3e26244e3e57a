package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"runner/internal/checkpoint"
	"runner/store"
)

// Checkpoints are the checkpoints of a run, for store.Merge, in the order in which a training replaces them.
func Checkpoints() store.Checkpoints {
	return store.Checkpoints{
		Names: []string{BestFile, LastFile},
		Verify: func(path string) error {
			_, err := checkpoint.Read(path)
			return err
		},
	}
}

// CheckFolder returns what is wrong with the files in the folder of a run that is not being trained.
func CheckFolder(folder string, run store.Run) []store.Finding {
	var found []store.Finding
	add := func(note bool, remedy, format string, args ...any) {
		found = append(found, store.Finding{Run: run.ID, What: fmt.Sprintf(format, args...), Remedy: remedy, Note: note})
	}
	best, errBest := checkpoint.Read(filepath.Join(folder, BestFile))
	last, errLast := checkpoint.Read(filepath.Join(folder, LastFile))
	noBest, noLast := errors.Is(errBest, fs.ErrNotExist), errors.Is(errLast, fs.ErrNotExist)

	again := "restore it from a copy, or train the run again with --again"
	if !run.Over() {
		again = fmt.Sprintf("restore it from a copy, or remove %s: then 'runner resume %s' trains it again from its "+
			"beginning, against the epochs that are on record", filepath.Join(folder, LastFile), run.ID)
	}
	switch {
	case errBest != nil && !noBest:
		add(false, again, "%v", errBest)
	case noBest && run.Status == store.Finished:
		add(true, "train it again with --again should it be needed", "its %s was removed by runner gc, or is lost", BestFile)
	case noBest && !run.Over() && knowsBest(last):
		add(false, again, "its %s is missing, which its state needs to end well", BestFile)
	}
	switch {
	case errLast != nil && !noLast && run.Over():
		add(false, "runner gc removes it: the run is over", "%v", errLast)
	case errLast != nil && !noLast:
		add(false, again, "%v", errLast)
	case noLast && !run.Over() && run.Logged > 0:
		add(true, "'runner resume "+run.ID+"' trains it again from its beginning", "its %s is missing", LastFile)
	}
	finished := run.Status == store.Finished && run.BestEpoch != nil
	if epoch, ok := best.Metadata["epoch"]; ok && finished && epoch != strconv.Itoa(*run.BestEpoch) {
		add(false, again, "its %s is of epoch %s, on record epoch %d is the best", BestFile, epoch, *run.BestEpoch)
	}
	leftovers, err := checkpoint.Leftovers(folder)
	if err != nil {
		add(false, "see the folder's permissions", "%v", err)
	}
	for _, path := range leftovers {
		add(true, "runner gc removes it", "%s is left from a process that was killed", path)
	}
	return found
}

// knowsBest tells whether a state is of after the first epoch, so that there are best weights.
func knowsBest(state checkpoint.File) bool {
	best, err := strconv.ParseFloat(state.Metadata["best"], 64)
	return err == nil && best >= 0
}

// Garbage returns the names of the files that may go from the folder of a run that is not being trained: temporary
// files of killed processes and, of a run that is over, the checkpoints in drop.
func Garbage(folder string, run store.Run, drop ...string) ([]string, error) {
	leftovers, err := checkpoint.Leftovers(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, path := range leftovers {
		names = append(names, filepath.Base(path))
	}
	if !run.Over() {
		return names, nil
	}
	for _, name := range drop {
		if _, err := os.Lstat(filepath.Join(folder, name)); err == nil {
			names = append(names, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return names, nil
}

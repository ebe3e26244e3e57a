package lab

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner"
	"runner/store"
)

// LoadPlans reads experiment files and checks everything in them. All faults of all files are returned together.
func LoadPlans(files, set []string) ([]*runner.Plan, error) {
	var plans []*runner.Plan
	var faults spec.Faults
	for _, file := range files {
		loaded, more := loadFile(file, set)
		plans = append(plans, loaded...)
		faults = append(faults, more...)
	}
	if len(faults) > 0 {
		return nil, faults.Distinct() // a fault of --set comes with every file
	}
	if len(plans) == 0 {
		return nil, Usagef("%s: abstract, only for other files to extend", strings.Join(files, ", "))
	}
	return plans, nil
}

// LoadValid returns the plans of the valid files, and the faults of the others.
func LoadValid(files, set []string) ([]*runner.Plan, spec.Faults) {
	var plans []*runner.Plan
	var faults spec.Faults
	for _, file := range files {
		loaded, more := loadFile(file, set)
		if len(more) > 0 {
			faults = append(faults, more...)
			continue
		}
		plans = append(plans, loaded...)
	}
	return plans, faults.Distinct()
}

// loadFile reads one file: no plan if it is abstract, several if it is a sweep. Its faults are limited to those that
// are worth printing.
func loadFile(file string, set []string) ([]*runner.Plan, spec.Faults) {
	loaded, faults := spec.Load(file, set)
	var plans []*runner.Plan
	for _, e := range append(loaded.Experiments, loaded.Partial...) {
		plan, more := runner.NewPlan(e, data.Kinds())
		plans = append(plans, plan)
		if faults = append(faults, more...).Distinct(); len(faults) > spec.Enough {
			break // the other runs of a sweep may have as many each
		}
	}
	if len(faults) > 0 {
		return nil, faults.Told()
	}
	return plans, nil
}

// ExperimentFiles returns the files among paths, and the *.yaml and *.yml files below the folders among them, each once
// and sorted within a folder.
func ExperimentFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		// A missing file is a fault like others, found when it is read.
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path)
			continue
		}
		before := len(files)
		// The separator has a link to a folder followed.
		err = filepath.WalkDir(path+string(filepath.Separator), func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if ext := filepath.Ext(file); !entry.IsDir() && (ext == ".yaml" || ext == ".yml") {
				files = append(files, file)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("looking for experiments in %s: %w", path, err)
		}
		if len(files) == before {
			return nil, Usagef("%s: no *.yaml or *.yml file in this folder", path)
		}
	}
	var once []string
	seen := make(map[string]bool)
	for _, file := range files {
		if clean := filepath.Clean(file); !seen[clean] {
			seen[clean] = true
			once = append(once, file)
		}
	}
	return once, nil
}

// planOf makes the plan of a recorded run.
func planOf(run store.Run) (*runner.Plan, error) { return planIn(run, spec.Mode(run.Mode)) }

// planIn makes the plan of a recorded run in either mode.
func planIn(run store.Run, mode spec.Mode) (*runner.Plan, error) {
	e, faults := spec.Parse("run "+run.ID, []byte(run.Config))
	if len(faults) > 0 {
		return nil, damaged(run, faults)
	}
	e.Mode = mode
	plan, faults := runner.NewPlan(e, data.Kinds())
	if len(faults) > 0 {
		return nil, damaged(run, faults)
	}
	return plan, nil
}

// damaged is the error of a record that cannot be read back, which is not the user's.
func damaged(run store.Run, faults spec.Faults) error {
	return fmt.Errorf("the record of run %s cannot be read: %s", run.ID, faults.Error())
}

// jobOf makes the job of a recorded run, without its threads; open opens its dataset.
func (l *Lab) jobOf(ctx context.Context, st *store.Store, run store.Run, open opener) (runner.Job, error) {
	plan, err := planOf(run)
	if err != nil {
		return runner.Job{}, err
	}
	ds, err := open(ctx, plan.Dataset)
	if err != nil {
		return runner.Job{}, err
	}
	if ds.Fingerprint != run.Fingerprint {
		l.warnf("warning: run %s was trained on other bytes of %s than those in the data folder", run.ID, run.Dataset)
	}
	return runner.Job{Plan: plan, Dataset: ds}, nil
}

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner"
)

// loadPlans reads experiment files and checks everything in them. All faults
// of all files come back together.
func loadPlans(files []string, set []string) ([]*runner.Plan, error) {
	var plans []*runner.Plan
	var faults spec.Faults
	for _, file := range files {
		loaded, more := loadFile(file, set)
		plans = append(plans, loaded...)
		faults = append(faults, more...)
	}
	if len(faults) > 0 {
		return nil, faults.Distinct() // those of --set come once a file
	}
	if len(plans) == 0 {
		return nil, usagef("%s: abstract, only for other files to extend", strings.Join(files, ", "))
	}
	return plans, nil
}

// loadFile reads one file: no plan when it is abstract, several when it is a
// sweep. Its faults are as they are told.
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

// experimentFiles returns the files among paths and the *.yaml and *.yml files
// below the folders among them, each once, sorted within a folder.
func experimentFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		// A missing file is a fault like another, told when it is read.
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path)
			continue
		}
		before := len(files)
		// The separator makes a link to a folder be followed where it is named.
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
			return nil, usagef("%s: no *.yaml or *.yml file in this folder", path)
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

// atLeast and exactly check the number of arguments and say what is missing.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usagef("expected %s: %s", what, cmd.UseLine())
		}
		return nil
	}
}

func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("expected %s, received %d: %s", what, len(args), cmd.UseLine())
		}
		return nil
	}
}

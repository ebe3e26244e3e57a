package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"runner/internal/spec"
)

func newNew(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "new NAME",
		Short: "Write a commented experiment file to start from",
		Long: `Write a commented experiment file to start from: experiments/NAME.yaml, or the
given path if NAME ends with .yaml.`,
		Args: exactly(1, "one NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := args[0]
			if ext := filepath.Ext(path); ext != ".yaml" && ext != ".yml" {
				path = filepath.Join("experiments", path+".yaml")
			}
			name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
			text := fmt.Sprintf(starter, strconv.Quote(name))
			if _, faults := spec.Parse(path, []byte(text)); len(faults) > 0 {
				return faults
			}
			if err := writeNew(path, text); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "next: runner check %[1]s, then runner run %[1]s\n", path)
			_, err := fmt.Fprintln(a.out, path)
			return err
		},
	}
}

// writeNew writes a file that must not exist yet.
func writeNew(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s: exists already, choose another name", path)
	}
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		return errors.Join(err, f.Close(), os.Remove(path))
	}
	return f.Close()
}

// starter is the file that "runner new" writes. The verb is for the name in quotes: without them a name such as 123 or
// true would be no text.
const starter = `# yaml-language-server: $schema=schema.json
name: %s
description: What this network is and what it should show.

dataset: cifar10              # or synthetic, which needs no download
mode: single-batch            # one batch file, quick; full: all five, then a test
data_batch: 1                 # which batch file, in single-batch mode

layers:                       # from the picture to one value for each class
  - conv2d: {filters: 32, kernel: 3, activation: relu}
  - maxpool2d: {pool: 2}
  - conv2d: {filters: 64, kernel: 3, activation: relu}
  - maxpool2d: {pool: 2}
  - flatten
  - dropout: {rate: 0.5}
  - dense: {units: 128, activation: relu}
  - dense: {units: 10}        # as many as there are classes

init:
  weights: he_normal          # suits relu; glorot_uniform is the default
  bias: zeros

optimizer: {adam: {learning_rate: 0.001}}
epochs: 20
batch_size: 128
seed: 1

# sweep:                      # many runs from one file
#   seeds: 3                  # seed, seed+1, seed+2
#   grid:
#     optimizer.adam.learning_rate: [0.001, 0.0003]
`

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"runner/internal/view/figure"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner/lab"
	"runner/store"
)

func newPredict(a *app) *cobra.Command {
	var f predictFlags
	var format string
	cmd := &cobra.Command{
		Use:   "predict RUN",
		Short: "Predict random test examples and draw them beside their probabilities",
		Args:  exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format words.Format) error {
				return a.predict(ctx, st, run, f, format)
			})
		},
	}
	flags := cmd.Flags()
	checkpointFlag(cmd, &f.Checkpoint)
	flags.IntVar(&f.Samples, "samples", 4, "number of test examples")
	flags.IntVar(&f.Top, "top", 3, "number of most probable classes to show")
	flags.Int64Var(&f.Seed, "seed", 1, "which examples are drawn")
	flags.StringVar(&f.figure, "figure", "", "draw the examples beside their probabilities into a .png or .svg file")
	flags.StringVar(&format, "format", "table", "table or json")
	return cmd
}

type predictFlags struct {
	lab.PredictOptions
	figure string
}

// mostDrawn is how many examples a figure has room for.
const mostDrawn = 100

func (a *app) predict(ctx context.Context, st *store.Store, run store.Run, f predictFlags, format words.Format) error {
	if err := checkFigure(f.figure); err != nil {
		return err
	}
	if f.figure != "" && f.Samples > mostDrawn {
		return usagef("--figure: expected --samples of at most %d, received %d", mostDrawn, f.Samples)
	}
	p, err := a.lab.Predict(ctx, st, run, f.PredictOptions)
	if err != nil {
		return err
	}
	if f.figure != "" {
		if err := figure.Predictions(f.figure, p.Examples, p.Classes, f.Top, p.Shape); err != nil {
			return err
		}
		fmt.Fprintf(a.err, "figure: %s\n", f.figure)
	}
	return term.Predictions(a.out, p.Examples, p.Classes, f.Top, format, style(a.out))
}

// checkFigure refuses a path that cannot be a figure's; "" means none.
func checkFigure(path string) error {
	if ext := strings.ToLower(filepath.Ext(path)); path != "" && ext != ".png" && ext != ".svg" {
		return usagef("--figure: expected a name that ends with .png or .svg, received %s", path)
	}
	return nil
}

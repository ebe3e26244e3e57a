package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"runner/internal/rng"
	"runner/internal/view/figure"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
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
	f.checkpoint = checkpointFlag(cmd)
	flags.IntVar(&f.samples, "samples", 4, "number of test examples")
	flags.IntVar(&f.top, "top", 3, "number of most probable classes to show")
	flags.Int64Var(&f.seed, "seed", 1, "which examples are drawn")
	flags.StringVar(&f.figure, "figure", "", "draw the examples beside their probabilities into a .png or .svg file")
	flags.StringVar(&format, "format", "table", "table or json")
	return cmd
}

type predictFlags struct {
	checkpoint   *string
	samples, top int
	seed         int64
	figure       string
}

// mostDrawn is how many examples a figure has room for.
const mostDrawn = 100

func (a *app) predict(ctx context.Context, st *store.Store, run store.Run, f predictFlags, format words.Format) error {
	if err := checkFigure(f.figure); err != nil {
		return err
	}
	if f.figure != "" && f.samples > mostDrawn {
		return usagef("--figure: expected --samples of at most %d, received %d", mostDrawn, f.samples)
	}
	_, file, err := checkpointFile(st, run, *f.checkpoint)
	if err != nil {
		return err
	}
	job, err := a.jobOf(ctx, st, run, a.openData)
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	job.Threads = runtime.GOMAXPROCS(0)
	ds, length := job.Dataset, job.Dataset.Test().Len()
	if f.samples < 1 || f.samples > length {
		return usagef("--samples: expected 1 to %d, received %d", length, f.samples)
	}
	on, err := st.Dataset(ctx, run)
	if err != nil {
		return err
	}
	classes := on.Classes // what the network tells apart
	if len(classes) == 0 {
		classes = ds.Classes
	}
	if f.top < 1 || f.top > len(classes) {
		return usagef("--top: expected 1 to %d, received %d", len(classes), f.top)
	}
	if err := st.CountTestUse(ctx, run.ID, "predict", f.samples); err != nil {
		return err
	}
	predicted, err := runner.Predict(ctx, job, file, job.Dataset.Test(), drawSamples(f.seed, f.samples, length))
	if err != nil {
		return err
	}
	predictions := reportPredictions(predicted)
	if f.figure != "" {
		height, width, channels := ds.Shape[0], ds.Shape[1], ds.Shape[2]
		if err := figure.Figure(f.figure, predictions, classes, f.top, height, width, channels); err != nil {
			return err
		}
		fmt.Fprintf(a.err, "figure: %s\n", f.figure)
	}
	return term.Predictions(a.out, predictions, classes, f.top, format, style(a.out))
}

// checkFigure refuses what is no name of a figure; "" is for none.
func checkFigure(path string) error {
	if ext := strings.ToLower(filepath.Ext(path)); path != "" && ext != ".png" && ext != ".svg" {
		return usagef("--figure: expected a name that ends with .png or .svg, received %s", path)
	}
	return nil
}

// reportPredictions are predictions as report writes them.
func reportPredictions(predicted []runner.Prediction) []words.Prediction {
	predictions := make([]words.Prediction, len(predicted))
	for i, p := range predicted {
		predictions[i] = words.Prediction(p)
	}
	return predictions
}

// drawSamples returns distinct random indices below length.
func drawSamples(seed int64, samples, length int) []int32 {
	order := make([]int32, length)
	rng.New(seed, rng.Sample, 0, 0).Perm(order)
	return order[:samples]
}

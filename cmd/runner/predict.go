package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/internal/rng"
	"runner/runner"
)

func newPredict(a *app) *cobra.Command {
	var checkpoint *string
	var format, figure string
	var samples, top int
	var seed int64
	cmd := &cobra.Command{
		Use:   "predict RUN",
		Short: "Predict random test examples and draw them beside their probabilities",
		Args:  exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := formatFlag(format, report.Table, report.JSON)
			if err != nil {
				return err
			}
			st, run, err := a.findRun(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer st.Close()
			file, err := checkpointFile(st.Folder(run.ID), *checkpoint)
			if err != nil {
				return err
			}
			job, err := a.jobOf(cmd.Context(), st, run, runtime.GOMAXPROCS(0))
			if err != nil {
				return err
			}
			defer job.Dataset.Close()
			kind, length := job.Dataset.Kind, job.Dataset.Test().Len()
			if samples < 1 || samples > length {
				return usagef("--samples: expected 1 to %d, received %d", length, samples)
			}
			if top < 1 || top > len(kind.Classes) {
				return usagef("--top: expected 1 to %d, received %d", len(kind.Classes), top)
			}
			predicted, err := runner.Predict(job, file, drawSamples(seed, samples, length))
			if err != nil {
				return err
			}
			predictions := make([]report.Prediction, len(predicted))
			for i, p := range predicted {
				predictions[i] = report.Prediction(p)
			}
			if figure != "" {
				if err := report.Figure(figure, predictions, kind.Classes, top, kind.Height, kind.Width, kind.Channels); err != nil {
					return err
				}
				fmt.Fprintf(a.err, "figure: %s\n", figure)
			}
			return report.Predictions(a.out, predictions, kind.Classes, top, f, style(a.out))
		},
	}
	checkpoint = checkpointFlag(cmd)
	flags := cmd.Flags()
	flags.IntVar(&samples, "samples", 4, "number of test examples")
	flags.IntVar(&top, "top", 3, "number of most probable classes to show")
	flags.Int64Var(&seed, "seed", 1, "which examples are drawn")
	flags.StringVar(&figure, "figure", "", "draw the examples beside their probabilities into a .png or .svg file")
	flags.StringVar(&format, "format", "table", "table or json")
	return cmd
}

// drawSamples returns distinct random indices below length.
func drawSamples(seed int64, samples, length int) []int32 {
	order := make([]int32, length)
	rng.New(seed, rng.Sample, 0, 0).Perm(order)
	return order[:samples]
}

package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"runner/internal/data"
	"runner/internal/report"
	"runner/runner"
	"runner/store"
)

func newShow(a *app) *cobra.Command {
	var format, figure string
	var config bool
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show a run: its resolved experiment, every epoch, its curves and mistakes",
		Long: `Show a run. RUN is an id, a unique prefix of one, or an experiment's name (its latest
run). --config prints its resolved experiment alone, as a file for 'runner run'.
--figure evaluates the best checkpoint on the validation split, never on the test split,
and draws its worst mistakes, the confusion matrix and the curves on one page.`,
		Args: exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if config && cmd.Flags().Changed("format") {
				return usagef("--config: expected no --format besides, received %q", format)
			}
			if config && figure != "" {
				return usagef("--config: expected no --figure besides, received %s", figure)
			}
			if err := checkFigure(figure); err != nil {
				return err
			}
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format report.Format) error {
				if config {
					_, err := io.WriteString(a.out, run.Config)
					return err
				}
				shown, err := readShown(ctx, st, run)
				if err != nil {
					return err
				}
				if figure != "" {
					if err := a.contactSheet(ctx, st, shown, figure); err != nil {
						return err
					}
				}
				return report.Show(a.out, shown, format, style(a.out))
			})
		},
	}
	cmd.Flags().BoolVar(&config, "config", false, "print the resolved experiment alone, as an experiment file")
	cmd.Flags().StringVar(&figure, "figure", "", "draw the worst mistakes, the confusion matrix and the curves into a .png or .svg file")
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

// readShown reads all that there is of a run. Neither its model nor its dataset is
// touched: that takes longer than a person likes to wait for a table.
func readShown(ctx context.Context, st *store.Store, run store.Run) (report.Shown, error) {
	kind, _ := data.Lookup(run.Dataset)
	s := report.Shown{Run: run, Classes: kind.Classes}
	var err error
	if s.Epochs, err = st.Epochs(ctx, run.ID); err != nil {
		return s, err
	}
	if s.Looks, err = st.Looks(ctx, run.ID); err != nil {
		return s, err
	}
	if s.Validation, err = answers(ctx, st, run, store.Validation); err != nil {
		return s, err
	}
	s.Test, err = answers(ctx, st, run, store.Test)
	return s, err
}

// answers returns what a run's best epoch said of a split, nil if that is not on record.
func answers(ctx context.Context, st *store.Store, run store.Run, split string) (*store.Answers, error) {
	a, _, found, err := st.Answers(ctx, run.ID, split)
	if err != nil || !found {
		return nil, err
	}
	return &a, nil
}

// contactSheet draws a run's best checkpoint on the validation split, which must be
// on this machine.
func (a *app) contactSheet(ctx context.Context, st *store.Store, shown report.Shown, path string) error {
	_, file, err := checkpointFile(st, shown.Run, "best")
	if err != nil {
		return err
	}
	job, err := a.jobOf(ctx, st, shown.Run, a.preparedOnly)
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	job.Threads = runtime.GOMAXPROCS(0)
	split := job.Dataset.Validation()
	all := make([]int32, split.Len())
	for i := range all {
		all[i] = int32(i)
	}
	predicted, err := runner.Predict(ctx, job, file, split, all)
	if err != nil {
		return err
	}
	kind := job.Dataset.Kind
	if err := report.ContactSheet(path, shown, reportPredictions(predicted), kind.Height, kind.Width, kind.Channels); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "figure: %s\n", path)
	return nil
}

package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"runner/internal/view/figure"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
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
				return usagef("--config: expected no --format with it, received %q", format)
			}
			if config && figure != "" {
				return usagef("--config: expected no --figure with it, received %s", figure)
			}
			if err := checkFigure(figure); err != nil {
				return err
			}
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format words.Format) error {
				if config {
					_, err := io.WriteString(a.out, run.Config)
					return err
				}
				shown, err := a.lab.Full(ctx, st, run)
				if err != nil {
					return err
				}
				if figure != "" {
					if err := a.contactSheet(ctx, st, shown, figure); err != nil {
						return err
					}
				}
				return term.Show(a.out, shown, format, style(a.out))
			})
		},
	}
	cmd.Flags().BoolVar(&config, "config", false, "print the resolved experiment alone, as an experiment file")
	cmd.Flags().StringVar(&figure, "figure", "",
		"draw the worst mistakes, the confusion matrix and the curves into a .png or .svg file")
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

// contactSheet draws a run's best checkpoint on the validation split, which must be on this machine.
func (a *app) contactSheet(ctx context.Context, st *store.Store, shown record.FullRun, path string) error {
	p, err := a.lab.PredictValidation(ctx, st, shown.Run)
	if err != nil {
		return err
	}
	if err := figure.ContactSheet(path, shown, p.Examples, p.Shape); err != nil {
		return err
	}
	fmt.Fprintf(a.err, "figure: %s\n", path)
	return nil
}

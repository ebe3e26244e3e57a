package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"runner/internal/compare"
	"runner/internal/view/figure"
	"runner/internal/view/term"
	"runner/internal/view/words"
)

func newCompare(a *app) *cobra.Command {
	var drawing, format string
	cmd := &cobra.Command{
		Use:   "compare A B...",
		Short: "Compare experiments side by side: layers, settings, accuracy, answers, curves",
		Long: `Compare experiments side by side, each with the first. A and B are ids of runs, unique prefixes
of one, or experiments' names. Accuracies and curves are compared between whole experiments, with
all seeds; the answers to the validation examples between single runs: the run that an id names,
or the latest of the experiment that a name means.`,
		Example: `  runner compare mlp cnn --figure mlp-cnn.png
  runner compare 3f9a01c4 77777777 deadbeef --format markdown`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 || len(args) > compare.Most {
				return usagef("expected 2 to %d experiments or runs, received %d: %s", compare.Most, len(args), cmd.UseLine())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := formatFlag(format, words.Table, words.JSON, words.Markdown)
			if err != nil {
				return err
			}
			if err := checkFigure(drawing); err != nil {
				return err
			}
			c, err := a.lab.Compare(cmd.Context(), args)
			if err != nil {
				return err
			}
			if drawing != "" {
				if err := figure.CompareFigure(drawing, c); err != nil {
					return err
				}
				fmt.Fprintf(a.err, "figure: %s\n", drawing)
			}
			return term.Compare(a.out, c, f, style(a.out))
		},
	}
	cmd.Flags().StringVar(&drawing, "figure", "", "draw curves and confusion matrices into a .png or .svg file")
	cmd.Flags().StringVar(&format, "format", "table", "table, json or markdown")
	return cmd
}

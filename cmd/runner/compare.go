package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"runner/internal/compare"
	"runner/internal/spec"
	"runner/internal/view/figure"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/store"
)

func newCompare(a *app) *cobra.Command {
	var drawing, format string
	cmd := &cobra.Command{
		Use:   "compare A B...",
		Short: "Compare experiments side by side: layers, settings, accuracy, answers, curves",
		Long: `Compare experiments side by side, each with the first. A and B are ids of runs, unique prefixes
of one, or experiments' names. Each stands for its whole experiment, all seeds, in accuracies and
curves, and for one run in what is said of each validation example: the one that an id names; for
a name, of the runs that count on the leaderboard, one a seed, the latest with an epoch.`,
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
			st, err := a.existingStore(cmd.Context())
			if err != nil {
				return err
			}
			defer st.Close()
			c, err := compare.Runs(cmd.Context(), st, args, compareOptions())
			if err != nil {
				var same *compare.SameError
				if errors.As(err, &same) {
					return usageError{err}
				}
				return findUsage(err)
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

// compareOptions are what is known of datasets and layers besides the store.
func compareOptions() compare.Options {
	return compare.Options{
		Default: layerDefault,
		Costs: func(run store.Run) ([]compare.Costs, error) {
			plan, err := planOf(run)
			if err != nil {
				return nil, err
			}
			var costs []compare.Costs
			for _, l := range plan.Network.Layers {
				costs = append(costs, compare.Costs{Output: l.Out, Parameters: l.Parameters(), MultiplyAdds: l.MultiplyAdds})
			}
			return costs, nil
		},
	}
}

// layerDefault is the default of a layer's argument, "" where it has none.
func layerDefault(layer, argument string) string {
	_, layers, _, _ := kinds()
	for _, k := range layers {
		if k.Name != layer {
			continue
		}
		args, err := spec.Arguments(k.Args)
		if err != nil {
			return ""
		}
		for _, a := range args {
			if a.Name == argument {
				return a.Default
			}
		}
	}
	return ""
}

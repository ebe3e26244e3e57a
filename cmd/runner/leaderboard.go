package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"runner/internal/standing"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/internal/where"
	"runner/runner/lab"
)

// tableRows is how many rows of a table a person may be expected to read.
const tableRows = 100

func newLeaderboard(a *app) *cobra.Command {
	var o standing.Options
	var proxy bool
	var condition, epoch, target, format string
	cmd := &cobra.Command{
		Use:   "leaderboard",
		Short: "Compare experiments, best validation accuracy first",
		Long: `Compare experiments by validation accuracy, with intervals and ranks over their seeds
(docs/statistics.md), and by what they cost.

--where takes comparisons (= != < <= > >=, and ~ and !~ for patterns with * and ?) joined by and, or, not
and parentheses. They compare settings, named as in --set, the layers in short ("2 conv2d, dense"), and these
results:
` + strings.Join(standing.Keys((*standing.Measure).Filters), ", ") + `.

--sort takes a result or a setting: the best result or the least value first; with - before it, or :desc after
it, the greatest first, with :asc the least. --columns takes results and settings. The results are

` + resultsHelp(),
		Example: `  runner leaderboard --where 'parameters < 1M and optimizer = adam'
  runner leaderboard --columns optimizer,batch_size,val_accuracy --group optimizer
  runner leaderboard --target 60% --sort seconds_to_target`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := formatFlag(format, words.Table, words.JSON, words.CSV, words.Markdown)
			if err != nil {
				return err
			}
			for _, name := range []string{"mode", "columns", "group", "target", "sort", "limit"} {
				if proxy && cmd.Flags().Changed(name) {
					return usagef("--%s: expected no --proxy with it, which takes only --dataset, --where, --epoch and --format", name)
				}
			}
			if o.Limit < 0 {
				return usagef("--limit: expected 0 (all) or more, received %d", o.Limit)
			}
			if !cmd.Flags().Changed("limit") && (f == words.JSON || f == words.CSV) {
				o.Limit = 0
			}
			if err := pick(&o, condition); err != nil {
				return err
			}
			switch epoch {
			case "best", "last":
				o.Last = epoch == "last"
			default:
				return usagef("--epoch: expected best or last, received %q", epoch)
			}
			if target != "" {
				if o.Target, err = parseFraction(target); err != nil {
					return usagef("--target: %w", err)
				}
			}
			if proxy {
				return a.printProxy(cmd.Context(), o, f)
			}
			o.Curves = f == words.Table || f == words.Markdown
			b, err := a.lab.Board(cmd.Context(), o)
			if err != nil {
				return wrongComparison(err)
			}
			return term.Leaderboard(a.out, b, f, style(a.out))
		},
	}
	flags := cmd.Flags()
	filterFlags(cmd, &o.Filter)
	flags.StringVar(&condition, "where", "", "compare only experiments that meet this condition")
	flags.StringSliceVar(&o.Columns, "columns", nil,
		"show these results and settings "+
			"(default: results and the settings that differ; json and csv always have all results)")
	flags.StringSliceVar(&o.Group, "group", nil, "show only the best of the experiments that agree in these settings")
	flags.StringVar(&epoch, "epoch", "best", "compare each run's best epoch, or its last")
	flags.StringVar(&target, "target", "", "show the training time to this validation accuracy, such as 60% or 0.6")
	flags.StringVar(&o.Sort, "sort", "rank",
		"result or setting to sort by, the best first; -KEY or KEY:desc: the greatest first")
	flags.IntVar(&o.Limit, "limit", tableRows, "print at most so many rows (0: all; json and csv: all unless given)")
	flags.BoolVar(&proxy, "proxy", false, "show instead how well single-batch mode predicts the order in full mode")
	flags.StringVar(&format, "format", "table", "table, json, csv or markdown")
	return cmd
}

// resultsHelp lists the measures of a leaderboard.
func resultsHelp() string {
	var b strings.Builder
	for _, m := range standing.Measures() {
		fmt.Fprintf(&b, "  %-18s %s\n", m.Key, m.Doc)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// parseFraction reads an accuracy: 0.6 or 60%.
func parseFraction(text string) (float64, error) {
	digits, percent := strings.CutSuffix(text, "%")
	x, err := strconv.ParseFloat(digits, 64)
	if percent {
		x /= 100
	}
	if err != nil || !(x > 0 && x <= 1) {
		return 0, fmt.Errorf("expected an accuracy such as 60%% or 0.6, received %q", text)
	}
	return x, nil
}

// pick checks --mode, and adds --where to it.
func pick(o *standing.Options, condition string) (err error) {
	if err := checkMode(o.Filter.Mode); err != nil || condition == "" {
		return err
	}
	if o.Where, err = where.Parse(condition); err != nil {
		return wrongWhere(err)
	}
	return nil
}

// wrongComparison turns an error about what was to be compared into one of usage.
func wrongComparison(err error) error {
	var wrong *where.Error
	var unknown *standing.UnknownKeyError
	var order *standing.OrderError
	switch {
	case errors.As(err, &wrong):
		return wrongWhere(wrong)
	case errors.As(err, &order):
		return usagef("--sort: %w", order)
	case errors.As(err, &unknown):
		return lab.Usage(err)
	}
	return err
}

// wrongWhere says what is wrong with --where, and points at it.
func wrongWhere(err error) error {
	var wrong *where.Error
	if errors.As(err, &wrong) {
		return usagef("--where: %w\n%s", wrong, words.Caret(wrong.Text, wrong.Column))
	}
	return usagef("--where: %w", err)
}

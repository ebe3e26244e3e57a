package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"runner/internal/files"
	"runner/internal/standing"
	"runner/internal/view/html"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
)

func newExport(a *app) *cobra.Command {
	o := standing.Options{Sort: "rank", Curves: true}
	var all bool
	var condition, format, output string
	cmd := &cobra.Command{
		Use:   "export RUN|--all",
		Short: "Export a run, or the leaderboard and all runs, for other programs and people",
		Long: `Export a run, or with --all the leaderboard and its runs.

csv is a line an epoch; json is everything; markdown is the leaderboard and the configuration of each
experiment; html is one file, without a request to anywhere, with curves and confusion matrices.`,
		Example: `  runner export --all --format csv --output epochs.csv
  runner export --all --where 'parameters < 1M' --format html --output results.html
  runner export cnn --format json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if all {
				return exactly(0, "no RUN beside --all")(cmd, args)
			}
			return exactly(1, "one RUN or --all")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := formatFlag(format, words.CSV, words.JSON, words.Markdown, words.HTML)
			if err != nil {
				return err
			}
			for _, name := range []string{"mode", "dataset", "where"} {
				if !all && cmd.Flags().Changed(name) {
					return usagef("--%s: expected --all instead of RUN, received %q", name, args[0])
				}
			}
			if err := pick(&o, condition); err != nil {
				return err
			}
			var write func(io.Writer) error
			if all {
				write, err = a.exportAll(cmd.Context(), o, f)
			} else {
				write, err = a.exportRun(cmd.Context(), args[0], f)
			}
			if err != nil {
				return err
			}
			if output == "" {
				return write(a.out)
			}
			if err := files.WriteFile(output, write); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "export: %s\n", output)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&all, "all", false, "export the leaderboard and its runs")
	flags.StringVar(&format, "format", "json", "csv, json, markdown or html")
	flags.StringVar(&output, "output", "", "write to this file instead of standard output")
	filterFlags(cmd, &o.Filter)
	flags.StringVar(&condition, "where", "", "only experiments that meet this condition, as in runner leaderboard")
	return cmd
}

// exportRun reads a run and returns what writes it.
func (a *app) exportRun(ctx context.Context, ref string, f words.Format) (func(io.Writer) error, error) {
	b, full, err := a.lab.Export(ctx, ref)
	if err != nil {
		return nil, err
	}
	return func(w io.Writer) error {
		if f == words.HTML {
			return html.Write(w, b, []record.FullRun{full})
		}
		return term.ExportRun(w, b, full, f)
	}, nil
}

// exportAll reads the leaderboard and its runs, and returns what writes them.
func (a *app) exportAll(ctx context.Context, o standing.Options, f words.Format) (func(io.Writer) error, error) {
	b, full, err := a.lab.ExportAll(ctx, o)
	if err != nil {
		return nil, wrongComparison(err)
	}
	return func(w io.Writer) error {
		if f == words.HTML {
			return html.Write(w, b, full)
		}
		return term.ExportAll(w, b, full, f)
	}, nil
}

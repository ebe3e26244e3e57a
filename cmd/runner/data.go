package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/internal/view/figure"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
)

func newData(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Fetch, list and look at datasets",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDataGet(a), newDataList(a), newDataShow(a))
	return cmd
}

func newDataGet(a *app) *cobra.Command {
	var url, checksum string
	cmd := &cobra.Command{
		Use:   "get NAME",
		Short: "Fetch a dataset and prepare it, unless it is there",
		Args:  exactly(1, "one dataset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			named, err := namedDataset(args[0])
			if err != nil {
				return err
			}
			o, err := a.lab.DataOptions()
			if err != nil {
				return err
			}
			if !named.Kind.Fetched && url+checksum != "" {
				return usagef("%s is drawn, not fetched: leave out --url and --checksum", named.Name)
			}
			if named.Ready(o.Dir) && url+checksum != "" {
				fmt.Fprintf(a.err, "%s is prepared already, from an earlier source: remove %s to fetch it again\n",
					named.Name, named.Folder(o.Dir))
			}
			o.URL, o.Checksum = url, checksum
			if err := named.Get(cmd.Context(), o); err != nil {
				return err
			}
			_, err = fmt.Fprintln(a.out, named.Folder(o.Dir))
			return err
		},
	}
	cmd.Flags().StringVar(&url, "url", "", "fetch from here instead (http, https or file; RUNNER_CIFAR10_URL)")
	cmd.Flags().StringVar(&checksum, "checksum", "", "expected sha256:... of what is fetched (RUNNER_CIFAR10_CHECKSUM)")
	return cmd
}

func newDataList(a *app) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the datasets and whether they are on this machine",
		Args:  exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := formatFlag(format, words.Table, words.JSON)
			if err != nil {
				return err
			}
			o, err := a.lab.DataOptions()
			if err != nil {
				return err
			}
			return term.Datasets(a.out, datasetRows(data.Kinds(), o.Dir), f, style(a.out))
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

// datasetRows describes each kind of dataset without arguments.
func datasetRows(kinds []data.Kind, dir string) []record.Dataset {
	rows := make([]record.Dataset, len(kinds))
	for i, k := range kinds {
		rows[i] = record.Dataset{Name: k.Name, Description: k.Doc}
		if d, faults := data.Find(spec.Item{Kind: k.Name}, kinds); len(faults) == 0 { // else it needs arguments
			rows[i].Shape, rows[i].Classes, rows[i].Ready = d.Shape, len(d.Classes), d.Ready(dir)
		}
	}
	return rows
}

func newDataShow(a *app) *cobra.Command {
	var batch, sample int
	var format, png string
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show a batch file's figures and one of its pictures",
		Args:  exactly(1, "one dataset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := formatFlag(format, words.Table, words.JSON)
			if err != nil {
				return err
			}
			named, err := namedDataset(args[0])
			if err != nil {
				return err
			}
			if png != "" && !strings.EqualFold(filepath.Ext(png), ".png") {
				return usagef("--png: expected a name that ends with .png, received %s", png)
			}
			ds, err := a.lab.OpenData(cmd.Context(), named)
			if err != nil {
				return err
			}
			defer ds.Close()
			stats, pixels, err := ds.Stats(batch, sample)
			if err != nil {
				return rangeUsage(err)
			}
			if err := term.DatasetStats(a.out, stats, f, style(a.out)); err != nil {
				return err
			}
			if f == words.Table {
				if err := term.Picture(a.out, pixels, ds.Shape, style(a.out)); err != nil {
					return err
				}
			}
			if png == "" {
				return nil
			}
			if err := figure.PNG(png, pixels, ds.Shape, pngScale); err != nil {
				return err
			}
			fmt.Fprintf(a.err, "picture: %s\n", png)
			return nil
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&batch, "batch", 1, "batch file")
	flags.IntVar(&sample, "sample", 0, "example in the batch file, from 0")
	flags.StringVar(&png, "png", "", "write the picture to this file")
	flags.StringVar(&format, "format", "table", "table or json")
	return cmd
}

// pngScale enlarges a picture of 32 pixels to a size that a person can see.
const pngScale = 8

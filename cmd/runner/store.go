package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"github.com/spf13/cobra"

	"runner/internal/view/words"
	"runner/runner"
	"runner/runner/lab"
	"runner/store"
)

func newStore(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Check the store of runs, and merge other stores into it",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newStoreCheck(a), newStoreMerge(a))
	return cmd
}

func newStoreCheck(a *app) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the database, the runs' figures and their checkpoints",
		Long: `Check the database, the runs' figures against their epochs, and their folders and
checkpoints. Harmless findings are notes; any other makes the exit code 1.`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := formatFlag(format, words.Table, words.JSON)
			if err != nil {
				return err
			}
			st, err := a.lab.OpenStore(cmd.Context())
			if err != nil {
				return err
			}
			defer st.Close()
			health, err := st.Check(cmd.Context(), runner.ReadSettings, func(r store.Run) []store.Finding {
				return runner.CheckFolder(st.Folder(r.ID), r)
			})
			if err != nil {
				return err
			}
			return a.printHealth(health, f)
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

// printHealth prints what a check found, a line each. Faults make it an error.
func (a *app) printHealth(h store.Health, format words.Format) error {
	faults := 0
	for _, f := range h.Findings {
		kind := "note"
		if !f.Note {
			faults++
			kind = "fault"
		}
		if format == words.JSON {
			continue
		}
		if f.Run != "" {
			kind += ": run " + f.Run
		}
		if _, err := fmt.Fprintf(a.out, "%s: %s: %s\n", kind, f.What, f.Remedy); err != nil {
			return err
		}
	}
	if format == words.JSON {
		encoder := json.NewEncoder(a.out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err := encoder.Encode(struct {
			Sound bool `json:"sound"`
			store.Health
		}{faults == 0, h})
		if err != nil {
			return err
		}
	}
	if faults > 0 {
		return fmt.Errorf("%s: the store is not sound: %s", a.lab.Store, words.Count(faults, "fault"))
	}
	if format == words.JSON {
		return nil
	}
	_, err := fmt.Fprintf(a.out, "%s: the store is sound (%s, %s)\n", a.lab.Store, words.Count(h.Runs, "run"),
		words.Count(h.Epochs, "epoch"))
	return err
}

func newStoreMerge(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "merge OTHER...",
		Short: "Copy the runs of other stores into this one, such as those of another machine",
		Long: `Copy the runs of the stores in other folders into this one, with their checkpoints. A run
that is here already is extended by the epochs it has there. Nothing here is overwritten, and
nothing there is changed. Merging again completes a merge that was stopped.`,
		Args: atLeast(1, "the folder of another store"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			var others []*store.MergeSource
			for _, dir := range args {
				other, err := store.OpenMergeSource(ctx, dir)
				if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
					err = lab.Usage(err)
				}
				if err != nil {
					return err
				}
				defer other.Close()
				others = append(others, other)
			}
			st, err := store.Open(ctx, a.lab.Store)
			if err != nil {
				return err
			}
			defer st.Close()
			return a.merge(ctx, st, others)
		},
	}
}

// merge merges other stores, and prints a line for each run that was not here already, and a summary.
func (a *app) merge(ctx context.Context, st *store.Store, others []*store.MergeSource) error {
	counts := make(map[store.Outcome]int)
	var err error
	for _, other := range others {
		var merged []store.Merged
		merged, err = st.Merge(ctx, other, runner.Checkpoints(), runner.ReadSettings)
		for _, m := range merged {
			counts[m.Outcome]++
			if line := mergedLine(m); line != "" {
				if _, unprinted := fmt.Fprintln(a.out, line); err == nil {
					err = unprinted
				}
			}
		}
		if err != nil {
			break
		}
	}
	if errors.Is(err, store.ErrSameStore) {
		return lab.Usage(err)
	}
	_, unprinted := fmt.Fprintf(a.out, "%s: %d taken in, %d extended, %d already here, %d in conflict, %d refused\n",
		a.lab.Store,
		counts[store.TakenIn], counts[store.Extended], counts[store.Present], counts[store.Conflict], counts[store.Refused])
	if not := counts[store.Conflict] + counts[store.Refused]; err == nil && not > 0 {
		err = fmt.Errorf("%s not merged, see above", words.Count(not, "run"))
	}
	if err == nil {
		err = unprinted
	}
	return err
}

// mergedLine says what became of a run; it is empty if nothing did.
func mergedLine(m store.Merged) string {
	line := fmt.Sprintf("%-8s  %s  %s", m.Outcome, m.Run.ID, lab.Describe(m.Run))
	if m.ID != "" && m.ID != m.Run.ID {
		line += ", here " + m.ID
	}
	switch m.Outcome {
	case store.TakenIn:
		return fmt.Sprintf("%s  %d/%d epochs  %s", line, m.Run.Logged, m.Run.Epochs, m.Run.Status)
	case store.Extended:
		return fmt.Sprintf("%s  from %d to %d/%d epochs  %s", line, m.Had, m.Run.Logged, m.Run.Epochs, m.Run.Status)
	case store.Conflict, store.Refused:
		return line + ": " + m.Why
	}
	return ""
}

package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"runner/runner"
	"runner/store"
)

func newGC(a *app) *cobra.Command {
	var keep string
	var dry bool
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "Remove checkpoints and leftovers that nothing needs",
		Long: `Remove folders that belong to no run, temporary files of processes that were killed and
checkpoints of runs that are finished or diverged: with --keep best the last state, with
--keep last none, with --keep none all. What a run needs to be resumed is never removed.`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var drop []string
			switch keep {
			case "best":
				drop = []string{runner.LastFile}
			case "last":
			case "none":
				drop = []string{runner.LastFile, runner.BestFile}
			default:
				return usagef("--keep: expected best, last or none, received %q", keep)
			}
			st, err := a.lab.OpenStore(cmd.Context())
			if err != nil {
				return err
			}
			defer st.Close()
			removed, err := st.GC(cmd.Context(), func(r store.Run) ([]string, error) {
				return runner.Garbage(st.Folder(r.ID), r, drop...)
			}, dry)
			if unprinted := a.printRemoved(removed, dry); err == nil {
				err = unprinted
			}
			return err
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "best",
		"which checkpoints of runs that are over stay: best, last (and best) or none")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "say what would be removed, and remove nothing")
	return cmd
}

func (a *app) printRemoved(removed []store.Removed, dry bool) error {
	did, freed := "removed", "freed"
	if dry {
		did, freed = "would remove", "would be freed"
	}
	var bytes int64
	for _, r := range removed {
		bytes += r.Bytes
		if _, err := fmt.Fprintf(a.out, "%s %s (%s)\n", did, filepath.Join(a.lab.Store, r.Name), size(r.Bytes)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(a.out, "%s: %s %s\n", a.lab.Store, size(bytes), freed)
	return err
}

// size writes a number of bytes in a few characters.
func size(n int64) string {
	switch x := float64(n); {
	case x < 1e3:
		return fmt.Sprintf("%d bytes", n)
	case x < 1e6:
		return fmt.Sprintf("%.1f kB", x/1e3)
	case x < 1e9:
		return fmt.Sprintf("%.1f MB", x/1e6)
	default:
		return fmt.Sprintf("%.1f GB", x/1e9)
	}
}

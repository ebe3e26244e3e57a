package main

import (
	"context"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/runner/lab"
	"runner/store"
)

type replayFlags struct {
	lab.ReplayOptions
	verify bool
}

func newReplay(a *app) *cobra.Command {
	var f replayFlags
	var format string
	var epochs int
	cmd := &cobra.Command{
		Use:   "replay RUN",
		Short: "Train a run again from its record and compare every epoch",
		Long: `Train a run again from its record alone and compare every epoch with the one on
record: weights, losses and accuracy, to the last bit. Nothing in the store changes.
Where an epoch differs, it prints how the environment differs, and the exit code is 1.
--verify stops at the first such epoch and prints only the verdict to standard output.`,
		Args: exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkThreads(f.Threads); err != nil {
				return err
			}
			if cmd.Flags().Changed("epochs") {
				f.Epochs = &epochs
			}
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format words.Format) error {
				return a.replay(ctx, st, run, f, format)
			})
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.verify, "verify", false, "stop at the first epoch that differs, and print the verdict alone")
	flags.IntVar(&epochs, "epochs", 0, "only the first epochs (default: all on record)")
	flags.StringVar(&f.InitFrom, "init-from", "", "the file of weights that the run started from, if it did")
	flags.StringVar(&format, "format", "table", "table or json")
	threadsFlag(cmd, &f.Threads)
	return cmd
}

func (a *app) replay(ctx context.Context, st *store.Store, run store.Run, f replayFlags, format words.Format) error {
	r, err := a.lab.NewReplay(ctx, st, run, f.ReplayOptions)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := a.trainAgain(ctx, r, f.verify); err != nil {
		return err
	}
	write := term.Replay
	if f.verify {
		write = term.Verdict
	}
	if err := write(a.out, r.Outcome, format, style(a.out)); err != nil {
		return err
	}
	for _, e := range r.Outcome.Epochs {
		if len(e.Differences) > 0 {
			return errReported
		}
	}
	return nil
}

// trainAgain trains the epochs of a run again and shows how it goes, up to the first that differs if it is to stop
// there.
func (a *app) trainAgain(ctx context.Context, r *lab.Replay, stop bool) error {
	d := newDisplay(a, nil, results{})
	defer d.close()
	d.println(term.StartLine(r.Run))
	var position runner.Progress
	progress := lab.NewRunProgress(r.Run, r.Epochs)
	var mu sync.Mutex // guards progress: bars are drawn in a goroutine of mpb's
	if d.bars != nil {
		bar := d.addBar(func(style term.Style) string {
			mu.Lock()
			defer mu.Unlock()
			if at := position.Now(); at.Steps > 0 {
				progress.Reach(at, time.Now())
			}
			return term.ProgressLine(progress.Progress, style)
		})
		if bar != nil {
			defer bar.Abort(true)
		}
	}
	for e, err := range r.Train(ctx, &position) {
		if err != nil {
			return err
		}
		d.println(term.ReplayLine(e, r.Epochs))
		if e.Now != nil {
			mu.Lock()
			progress.Log(*e.Now)
			mu.Unlock()
		}
		if stop && len(e.Differences) > 0 {
			break
		}
	}
	return ctx.Err()
}

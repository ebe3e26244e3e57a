package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"runner/internal/data"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/store"
)

type replayFlags struct {
	verify          bool
	initFrom        string
	epochs, threads int
}

func newReplay(a *app) *cobra.Command {
	var f replayFlags
	var format string
	cmd := &cobra.Command{
		Use:   "replay RUN",
		Short: "Train a run again from its record and compare every epoch",
		Long: `Train a run again from its record alone and compare every epoch with the one on
record: weights, losses and accuracy, to the last bit. Nothing in the store changes.
Where an epoch differs, what is different about the environment is told, and the exit
code is 1. --verify stops at the first such epoch and prints nothing but the verdict on
standard output.`,
		Args: exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkThreads(f.threads); err != nil {
				return err
			}
			all := !cmd.Flags().Changed("epochs")
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format words.Format) error {
				recorded := runner.Replayable(run)
				if recorded == 0 {
					return usagef("run %s (%s) has no epoch on record: there is nothing to replay", run.ID, run.Status)
				}
				if all {
					f.epochs = recorded
				} else if f.epochs < 1 || f.epochs > recorded {
					return usagef("--epochs: expected 1 to %d, the epochs on record, received %d", recorded, f.epochs)
				}
				return a.replay(ctx, st, run, f, format)
			})
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.verify, "verify", false, "stop at the first epoch that differs, and print the verdict alone")
	flags.IntVar(&f.epochs, "epochs", 0, "only the first epochs (default: all on record)")
	flags.StringVar(&f.initFrom, "init-from", "", "the file of weights that the run started from, if it did")
	flags.StringVar(&format, "format", "table", "table or json")
	threadsFlag(cmd, &f.threads)
	return cmd
}

func (a *app) replay(ctx context.Context, st *store.Store, run store.Run, f replayFlags, format words.Format) error {
	job, now, err := a.replayJob(ctx, st, run, f)
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	recorded, err := st.Epochs(ctx, run.ID)
	if err != nil {
		return err
	}
	if n := len(recorded); n != run.Logged || n > 0 && recorded[n-1].Epoch != n {
		return fmt.Errorf("the record of run %s is not whole, see 'runner store check'", run.ID)
	}
	epochs, err := a.trainAgain(ctx, run, recorded, job, f)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("replaying run %s: %w", run.ID, err)
	}
	write := term.Replay
	if f.verify {
		write = term.Verdict
	}
	replayed := record.Replayed{
		Run: run.ID, Experiment: run.Experiment, Recorded: runner.Replayable(run), Epochs: epochs,
		Environment: reportDifferences(runner.EnvironmentDifferences(job.Plan, run, now)),
	}
	if err := write(a.out, replayed, format, style(a.out)); err != nil {
		return err
	}
	for _, e := range epochs {
		if len(e.Differences) > 0 {
			return errReported
		}
	}
	return nil
}

// replayJob makes the job of a recorded run and the record that it would have now,
// and refuses what cannot come out the same: other data, or other weights to start
// from.
func (a *app) replayJob(ctx context.Context, st *store.Store, run store.Run, f replayFlags) (runner.Job, store.Run, error) {
	switch {
	case run.InitFrom == "" && f.initFrom != "":
		return runner.Job{}, store.Run{}, usagef("--init-from: run %s started from weights drawn from its seed: leave it out", run.ID)
	case run.InitFrom != "" && f.initFrom == "":
		return runner.Job{}, store.Run{}, usagef("run %s started from a file of weights, of which only the hash is on record: "+
			"name the file, of SHA-256 %s, with --init-from", run.ID, run.InitFrom)
	case f.initFrom != "":
		if _, err := os.Stat(f.initFrom); err != nil {
			return runner.Job{}, store.Run{}, usagef("--init-from: %v", err)
		}
	}
	job, err := a.jobOf(ctx, st, run, func(ctx context.Context, named data.Named) (*data.Dataset, error) {
		ds, err := a.openData(ctx, named)
		if err == nil && ds.Fingerprint != run.Fingerprint {
			ds.Close()
			err = fmt.Errorf("run %s was trained on other bytes of %s than those in the data folder, and cannot come out the same: "+
				"fingerprint %s, recorded %s: name the folder of the recorded ones with --data", run.ID, named.Name, ds.Fingerprint, run.Fingerprint)
		}
		return ds, err
	})
	if err != nil {
		return runner.Job{}, store.Run{}, err
	}
	job.Threads, job.InitFrom = f.threads, f.initFrom
	now, err := checkReplay(ctx, job, run)
	if err != nil {
		job.Dataset.Close()
	}
	return job, now, err
}

// checkReplay returns the record that a job would have now, once what there is to
// train it with is what is on record, whole, and fits into memory.
func checkReplay(ctx context.Context, job runner.Job, run store.Run) (store.Run, error) {
	now, err := runner.NewRun(job, runner.ThisEnvironment())
	if err != nil {
		return store.Run{}, err
	}
	if now.InitFrom != run.InitFrom {
		return store.Run{}, usagef("--init-from: run %s started from the file of SHA-256 %s, received one of %s", run.ID, run.InitFrom, now.InitFrom)
	}
	need, err := runner.Memory(job)
	if err == nil {
		err = runner.FitsMachine(need, runner.MachineMemory())
	}
	if err != nil {
		return store.Run{}, fmt.Errorf("run %s: %w", run.ID, err)
	}
	return now, job.Dataset.Verify(ctx)
}

// trainAgain trains the epochs of a run again and shows how it goes, as run does.
func (a *app) trainAgain(ctx context.Context, run store.Run, recorded []store.Epoch, job runner.Job, f replayFlags) ([]record.ReplayedEpoch, error) {
	d := newDisplay(a, nil, 1, results{})
	defer d.close()
	d.println(term.StartLine(run))
	var progress runner.Progress
	t := newTraining(run, f.epochs)
	if d.bars != nil {
		bar := d.addBar(func(style term.Style) string {
			if at := progress.Now(); at.Steps > 0 {
				t.reach(at)
			}
			return term.ProgressLine(t.Progress, style)
		})
		if bar != nil {
			defer bar.Abort(true)
		}
	}
	var epochs []record.ReplayedEpoch
	for r, err := range runner.Replay(ctx, run, recorded, job, &progress) {
		if err != nil {
			return nil, err
		}
		e := record.ReplayedEpoch{Epoch: r.Epoch, Recorded: r.Recorded, Now: r.Now, Differences: reportDifferences(r.Differences)}
		epochs = append(epochs, e)
		d.println(term.ReplayLine(e, f.epochs))
		if r.Now != nil {
			d.mu.Lock()
			t.ValAccuracy = &r.Now.ValAccuracy
			d.mu.Unlock()
		}
		if len(epochs) == f.epochs || f.verify && len(e.Differences) > 0 {
			break
		}
	}
	return epochs, nil
}

// reportDifferences are differences as report writes them, never nil.
func reportDifferences(differences []runner.Difference) []record.Difference {
	out := make([]record.Difference, len(differences))
	for i, d := range differences {
		out[i] = record.Difference(d)
	}
	return out
}

// Command runner trains neural networks that YAML files describe and compares
// them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"runner/arch/kernel"
	"runner/internal/spec"
	"runner/runner"
	"runner/runner/lab"
)

// The exit codes.
const (
	exitFailed      = 1   // a run failed, or the machine did
	exitUsage       = 2   // wrong usage or an invalid file
	exitInterrupted = 130 // stopped by Ctrl-C, SIGTERM or a closed terminal
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), heeded(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)...)
	// The first signal begins an orderly stop; the second ends the process at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:]))
}

// heeded leaves out the signals that the process was started to ignore, as by nohup.
func heeded(signals ...os.Signal) []os.Signal {
	return slices.DeleteFunc(signals, signal.Ignored)
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string) int {
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	code := exitCode(err)
	if !errors.Is(err, errReported) {
		fmt.Fprintln(os.Stderr, message(err))
	}
	return code
}

func newRoot() *cobra.Command {
	app := newApp(os.Stdout, os.Stderr)
	root := &cobra.Command{
		Use:   "runner",
		Short: "Train networks described in YAML and compare them",
		Long: `runner trains neural networks that YAML files describe, on this machine's
processor, records every epoch and compares architectures in tables.

  runner new my-net                write a commented experiment file
  runner check experiments/        check files, print shapes and costs
  runner sweep experiments/        train everything that is not trained yet
  runner leaderboard               compare`,
		Version:       runner.VersionText(runner.ThisEnvironment()),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if app.lab.Store == "" {
				return usagef("--store: expected a folder, received nothing")
			}
			if err := kernel.CheckISA(); err != nil {
				return lab.Usage(err)
			}
			return nil
		},
	}
	root.SetVersionTemplate("runner {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%v, see '%s --help'", err, cmd.CommandPath())
	})
	flags := root.PersistentFlags()
	flags.StringVar(&app.lab.Store, "store", envOr("RUNNER_STORE", lab.UsualStore),
		"folder of the recorded runs (RUNNER_STORE)")
	flags.StringVar(&app.lab.Data, "data", "", "folder of the datasets (RUNNER_DATA; default: the user's cache folder)")
	root.AddCommand(
		newRun(app), newResume(app), newSweep(app), newStatus(app), newLeaderboard(app), newCompare(app), newList(app),
		newShow(app), newExport(app), newTest(app), newReplay(app), newPredict(app), newPromote(app), newCheck(app),
		newNew(app), newSchema(app), newData(app), newStore(app), newRm(app), newGC(app), newWorker(app),
	)
	return root
}

// noCommand refuses arguments of a command that only has subcommands.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	hint := "see '" + cmd.CommandPath() + " --help'"
	if near := spec.Suggest(args[0], names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return usagef("unknown command %q for %q, %s", args[0], cmd.CommandPath(), hint)
}

// usagef is an error of the command line or of a file: exit code 2.
func usagef(format string, args ...any) error { return lab.Usagef(format, args...) }

// errReported says that the error has been printed already.
var errReported = errors.New("reported")

func exitCode(err error) int {
	var usage lab.UsageError
	var faults spec.Faults
	switch {
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage), errors.As(err, &faults):
		return exitUsage
	default:
		return exitFailed
	}
}

func message(err error) string {
	var faults spec.Faults
	if errors.As(err, &faults) {
		return faults.Error()
	}
	if err == context.Canceled { // with nothing else wrong
		return "runner: stopped"
	}
	if exitCode(err) == exitFailed {
		return "runner: " + runner.Sentence(err)
	}
	return "runner: " + err.Error() // of several lines, where there are choices to list
}

func envOr(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

package main

import (
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"runner/runner/sweep"
)

// workerCommand is the name of the hidden command that trains one run.
const workerCommand = "worker"

// newWorker is the command of the process in which a run is trained.
func newWorker(a *app) *cobra.Command {
	return &cobra.Command{
		Use:    workerCommand,
		Short:  "Train one run of a sweep",
		Hidden: true,
		Args:   exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if term.IsTerminal(int(os.Stdin.Fd())) {
				return usagef("workers are started by a sweep, not by hand")
			}
			// Ctrl-C and the end of a terminal reach every process in it. The parent decides what they mean for a run,
			// and stops it by closing the input.
			signal.Ignore(os.Interrupt, syscall.SIGHUP)
			// A parent that died reads no more; its worker saves its state before it ends.
			signal.Ignore(syscall.SIGPIPE)
			return sweep.Work(cmd.Context(), os.Stdin, a.out)
		},
	}
}

// startWorker makes the command of a worker process.
func startWorker() (*exec.Cmd, error) {
	program := "/proc/self/exe" // the same program even where its file was replaced meanwhile
	if runtime.GOOS != "linux" {
		var err error
		if program, err = os.Executable(); err != nil {
			return nil, err
		}
	}
	return &exec.Cmd{Path: program, Args: []string{os.Args[0], workerCommand}}, nil
}

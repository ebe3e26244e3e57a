package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"runner/runner"
)

// Place is where workers run. [Here] is this machine.
type Place interface {
	// Capacity returns the processors and the bytes of memory that all workers share; 0 bytes are unknown.
	Capacity() (processors int, memory float64)
	// Start starts a worker. hear receives its messages in their order, the last of which is its Exit, from a
	// goroutine of the worker's. When the context is cancelled the worker keeps the state of its run and ends.
	Start(ctx context.Context, a Assignment, hear func(Message)) error
}

// Exit is how a worker's process ended.
type Exit struct {
	Process int    // its ID
	Err     error  // nil: exit status 0; an *exec.ExitError has the signal that ended it
	Stderr  string // the beginning of its standard error: after a crash, what happened and where
}

// Here is this machine: each worker is a process.
type Here struct {
	Store, Data string                    // the folders of the store and of the prepared datasets
	Worker      func() (*exec.Cmd, error) // makes the command of a process that calls Work
}

// Capacity implements Place.
func (h Here) Capacity() (processors int, memory float64) {
	return runtime.GOMAXPROCS(0), runner.MachineMemory()
}

// Start implements Place.
func (h Here) Start(ctx context.Context, a Assignment, hear func(Message)) error {
	a.Store, a.Data = []byte(h.Store), []byte(h.Data)
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	cmd, err := h.Worker()
	if err != nil {
		return err
	}
	var stderr beginning
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting a process to train in: %w", err)
	}
	forget := context.AfterFunc(ctx, func() { stdin.Close() })
	go func() {
		defer forget()
		stdin.Write(text) // fails where the worker has died, and then its exit says why
		for decoder := json.NewDecoder(stdout); ; {
			var m Message
			if decoder.Decode(&m) != nil {
				break
			}
			hear(m)
		}
		io.Copy(io.Discard, stdout) // what is no message
		err := cmd.Wait()
		hear(Message{Exit: &Exit{cmd.Process.Pid, err, strings.TrimSpace(stderr.String())}})
	}()
	return nil
}

// signal returns the signal that ended the worker's process, if one did.
func (e Exit) signal() (signal syscall.Signal, signaled bool) {
	exit, ok := errors.AsType[*exec.ExitError](e.Err)
	if !ok {
		return 0, false
	}
	status := exit.Sys().(syscall.WaitStatus)
	return status.Signal(), status.Signaled()
}

// unheard tells whether a signal ended the worker that reaches all processes of a terminal, and is the sweep's to
// hear.
func (e Exit) unheard() bool {
	signal, signaled := e.signal()
	return signaled && (signal == syscall.SIGINT || signal == syscall.SIGHUP)
}

// reason says why a worker ended that reported no end of its task.
func (e Exit) reason() string {
	for line := range strings.Lines(e.Stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return "its process crashed: " + line
		}
	}
	reason := "its process ended too early"
	if signal, signaled := e.signal(); signaled {
		reason = fmt.Sprintf("its process was ended by a signal (%v)", signal)
		if signal == syscall.SIGKILL {
			reason += ", as the system does where memory runs out"
		}
	} else if e.Err != nil {
		reason += ": " + e.Err.Error()
	}
	if first, _, _ := strings.Cut(e.Stderr, "\n"); first != "" {
		reason += ": " + first
	}
	return reason
}

// beginning keeps the first bytes that are written to it.
type beginning struct{ strings.Builder }

const longestStack = 64 << 10

func (b *beginning) Write(p []byte) (int, error) {
	b.Builder.Write(p[:min(len(p), longestStack-b.Len())])
	return len(p), nil
}

package sweep

import (
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
	// Capacity tells what its workers have together: processors, and bytes of memory, 0 where these
	// are unknown.
	Capacity() (processors int, memory float64)
	// Start starts a worker. What it tells comes through hear, in its order, and its end through
	// ended, once, both from a goroutine of the worker's. stop, which may be called several times,
	// has it keep the state of its run and end.
	Start(o Order, hear func(Message), ended func(Exit)) (stop func(), err error)
}

// Exit is how a worker ended.
type Exit struct {
	Process int    // its number
	Err     error  // nil: as it should; an *exec.ExitError tells the signal that ended it
	Stderr  string // the first that it wrote there: of a crash, what happened and where
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
func (h Here) Start(o Order, hear func(Message), ended func(Exit)) (stop func(), err error) {
	o.Store, o.Data = []byte(h.Store), []byte(h.Data)
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	cmd, err := h.Worker()
	if err != nil {
		return nil, err
	}
	var stderr beginning
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a process to train in: %w", err)
	}
	go func() {
		stdin.Write(text) // a worker that does not read it has died, which its end tells
		for decoder := json.NewDecoder(stdout); ; {
			var m Message
			if decoder.Decode(&m) != nil {
				break
			}
			hear(m)
		}
		io.Copy(io.Discard, stdout) // nothing, unless it was no message
		err := cmd.Wait()
		ended(Exit{cmd.Process.Pid, err, strings.TrimSpace(stderr.String())})
	}()
	return func() { stdin.Close() }, nil
}

// signal returns the signal that ended the worker's process, if one did.
func (e Exit) signal() (signal syscall.Signal, signaled bool) {
	var exit *exec.ExitError
	if !errors.As(e.Err, &exit) {
		return 0, false
	}
	status := exit.Sys().(syscall.WaitStatus)
	return status.Signal(), status.Signaled()
}

// reason says why a worker ended that did not tell.
func (e Exit) reason() string {
	for line := range strings.Lines(e.Stderr) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
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

// beginning keeps the first of what is written to it.
type beginning struct{ strings.Builder }

const longestStack = 64 << 10

func (b *beginning) Write(p []byte) (int, error) {
	b.Builder.Write(p[:min(len(p), longestStack-b.Len())])
	return len(p), nil
}

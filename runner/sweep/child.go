package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"

	"runner/store"
)

// child is a worker process as its parent sees it.
type child struct {
	task   *Task
	pid    int
	stdin  io.Closer
	need   float64
	claim  *claim // nil until it is told
	end    *end   // nil until it is told; a child that dies never does
	stderr beginning
	exit   error // once it has ended
}

// news is a message of a child; nil when the child has ended.
type news struct {
	child *child
	*message
}

// start starts a worker for a task. Its news come on the channel, the last one
// when the process has ended.
func (o *Options) start(t *Task, need float64, to chan<- news) (*child, error) {
	order, err := o.order(t)
	if err != nil {
		return nil, err
	}
	cmd, err := o.Worker()
	if err != nil {
		return nil, err
	}
	c := &child{task: t, need: need}
	cmd.Stderr = &c.stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	c.stdin = stdin
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a process to train in: %w", err)
	}
	c.pid = cmd.Process.Pid
	go func() {
		stdin.Write(order) // a child that does not read it has died, which its end tells
		for decoder := json.NewDecoder(stdout); ; {
			var m message
			if decoder.Decode(&m) != nil {
				break
			}
			to <- news{c, &m}
		}
		io.Copy(io.Discard, stdout) // nothing, unless it was no message
		c.exit = cmd.Wait()
		to <- news{c, nil}
	}()
	return c, nil
}

// stop tells the child to keep the state of its run and end.
func (c *child) stop() { c.stdin.Close() }

// running tells whether the child has a run of its own.
func (c *child) running() bool {
	return c.claim != nil && (c.claim.What == store.Begun || c.claim.What == store.Resumed)
}

// unheard tells whether the child died of a signal that reaches all processes of a
// terminal before it could leave it to its parent.
func (c *child) unheard() bool {
	var exit *exec.ExitError
	if c.claim != nil || !errors.As(c.exit, &exit) {
		return false
	}
	status := exit.Sys().(syscall.WaitStatus)
	return status.Signaled() && (status.Signal() == syscall.SIGINT || status.Signal() == syscall.SIGHUP)
}

// death says how a child ended that did not tell, and the stack if there is one.
func (c *child) death() (reason, stack string) {
	stack = strings.TrimSpace(c.stderr.String())
	for line := range strings.Lines(stack) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return "its process crashed: " + line, stack
		}
	}
	reason = "its process ended too early"
	var exit *exec.ExitError
	if errors.As(c.exit, &exit) && exit.Sys().(syscall.WaitStatus).Signaled() {
		signal := exit.Sys().(syscall.WaitStatus).Signal()
		reason = fmt.Sprintf("its process was ended by a signal (%v)", signal)
		if signal == syscall.SIGKILL {
			reason += ", as the system does where memory runs out"
		}
	} else if c.exit != nil {
		reason += ": " + c.exit.Error()
	}
	if first, _, _ := strings.Cut(stack, "\n"); first != "" {
		reason += ": " + first
	}
	return reason, stack
}

// beginning keeps the first of what is written to it: of a crash that is what
// happened and where.
type beginning struct{ strings.Builder }

const longestStack = 64 << 10

func (b *beginning) Write(p []byte) (int, error) {
	b.Builder.Write(p[:min(len(p), longestStack-b.Len())])
	return len(p), nil
}

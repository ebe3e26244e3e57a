package main

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"runner/internal/bench"
)

//go:embed peers.py
var script string

// contender is a process that runs tasks: it reads a task's name in a line and
// answers with a number in another, the seconds that it took.
type contender struct {
	name  string
	cmd   *exec.Cmd
	tasks io.WriteCloser
	times *bufio.Reader
	about string // what it says of itself in its first line
}

// missingError says that something that a peer needs is not installed.
type missingError struct{ what string }

func (e *missingError) Error() string { return e.what }

func (e *missingError) Unwrap() error { return bench.ErrUsage }

// startPython starts a contender of peers.py: "torch" or "blas".
func startPython(ctx context.Context, name, kind string, threads int, batch string, env ...string) (*contender, error) {
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "/usr/bin/python3"
	}
	c, err := start(ctx, name, append(withoutLimits(os.Environ()), env...), python, "-c", script, kind,
		strconv.Itoa(threads), batch)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, exec.ErrNotFound) {
		return nil, &missingError{
			python + " is not there: install Debian's packages python3-torch and libopenblas0, or set PYTHON",
		}
	}
	if err == nil && strings.HasPrefix(c.about, "missing ") {
		c.close()
		return nil, &missingError{fmt.Sprintf("%s has no %s: install Debian's package of that name, or set PYTHON",
			python, strings.TrimPrefix(c.about, "missing "))}
	}
	return c, err
}

// startOurs starts this program as a contender.
func startOurs(ctx context.Context, name string, threads int, batch string, env ...string) (*contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(ctx, name, append(os.Environ(), env...), self, "-serve", strconv.Itoa(threads), "-batch", batch)
}

// withoutLimits leaves out of an environment what keeps peers from choosing
// their fastest kernels for this processor.
func withoutLimits(env []string) []string {
	return slices.DeleteFunc(env, func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		switch name {
		case "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY":
			return true
		}
		return false
	})
}

func start(ctx context.Context, name string, env []string, program string, args ...string) (*contender, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = env
	cmd.Stderr = os.Stderr
	tasks, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	times, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	c := &contender{name: name, cmd: cmd, tasks: tasks, times: bufio.NewReader(times)}
	c.about, err = c.line()
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// run has the contender run a task and returns what it answers. Between its
// turns it is stopped: threads that wait for more work by spinning would slow
// the others down.
func (c *contender) run(task string) (float64, error) {
	resume(c.cmd.Process)
	defer stop(c.cmd.Process)
	if _, err := fmt.Fprintln(c.tasks, task); err != nil {
		return 0, fmt.Errorf("%s: %w", c.name, err)
	}
	answer, err := c.line()
	if err != nil {
		return 0, err
	}
	value, err := strconv.ParseFloat(answer, 64)
	if err != nil {
		return 0, fmt.Errorf("%s, task %s: expected a number, received %q", c.name, task, answer)
	}
	return value, nil
}

func (c *contender) line() (string, error) {
	line, err := c.times.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("%s ended: %w", c.name, err)
	}
	return strings.TrimSpace(line), nil
}

// close ends the contender and waits for it.
func (c *contender) close() {
	resume(c.cmd.Process)
	c.tasks.Close()
	c.cmd.Wait()
}

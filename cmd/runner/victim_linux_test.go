package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long anything is waited for that has to happen.
const patience = 2 * time.Minute

// victim is a sweep in a process group of its own, with the lines it prints on
// standard error.
type victim struct {
	group int // and the parent's process
	cmd   *exec.Cmd
	ended chan struct{} // closed when the parent has ended, and all it printed is read
	err   error         // how it ended, once it has

	mu    sync.Mutex
	lines []string
	more  chan struct{} // holds one when there are new lines
}

func startVictim(t *testing.T, cmd *exec.Cmd) *victim {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	v := &victim{group: cmd.Process.Pid, cmd: cmd, ended: make(chan struct{}), more: make(chan struct{}, 1)}
	go func() {
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			v.mu.Lock()
			v.lines = append(v.lines, lines.Text())
			v.mu.Unlock()
			select {
			case v.more <- struct{}{}:
			default:
			}
		}
		v.err = cmd.Wait()
		close(v.ended)
	}()
	t.Cleanup(func() {
		syscall.Kill(-v.group, syscall.SIGKILL)
		<-v.ended
	})
	return v
}

// said returns the lines so far.
func (v *victim) said() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.lines)
}

// await waits for a line, and returns false where the sweep ended without it.
func (v *victim) await(t *testing.T, matches func(string) bool) bool {
	t.Helper()
	for late := time.After(patience); ; {
		if slices.ContainsFunc(v.said(), matches) {
			return true
		}
		select {
		case <-v.more:
		case <-v.ended:
			return slices.ContainsFunc(v.said(), matches)
		case <-late:
			t.Fatalf("waited in vain for a line; the last ones:\n%s", v.tail())
		}
	}
}

// tail is the last of what was printed.
func (v *victim) tail() string {
	lines := v.said()
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

// end waits for the parent to end by itself, for as long as a sweep may take.
func (v *victim) end(t *testing.T) {
	t.Helper()
	select {
	case <-v.ended:
	case <-time.After(20 * time.Minute):
		t.Fatalf("the sweep does not end; its last lines:\n%s", v.tail())
	}
}

// member is a process of a victim's group.
type member struct{ pid, parent int }

// members returns the processes of a group, those included that are dead and
// that nobody has waited for.
func members(t *testing.T, group int) []member {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var all []member
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// The name, in parentheses, may hold anything.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if fields[2] != strconv.Itoa(group) {
			continue
		}
		pid, err1 := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent, err2 := strconv.Atoi(fields[1])
		if err1 != nil || err2 != nil {
			t.Fatalf("%s: %s", path, text)
		}
		all = append(all, member{pid, parent})
	}
	return all
}

// workers returns the processes that the parent has started.
func (v *victim) workers(t *testing.T) []int {
	t.Helper()
	var pids []int
	for _, m := range members(t, v.group) {
		if m.parent == v.group {
			pids = append(pids, m.pid)
		}
	}
	return pids
}

// awaitDeath waits until all threads of processes are gone, and what they held
// with them.
func awaitDeath(t *testing.T, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		fd, err := unix.PidfdOpen(pid, 0)
		if err == unix.ESRCH {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		late := time.Now().Add(patience)
		for {
			// It becomes readable when the last thread has ended.
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}},
				int(max(0, time.Until(late).Milliseconds())))
			if err == unix.EINTR {
				continue
			}
			if err != nil || n == 0 {
				t.Fatalf("process %d does not end: %v", pid, err)
			}
			break
		}
		unix.Close(fd)
	}
}

// awaitAllDead waits until no process of the group is alive. A worker may have
// been started just before its parent died.
func (v *victim) awaitAllDead(t *testing.T) {
	t.Helper()
	<-v.ended // its parent was killed
	dead := make(map[int]bool)
	for more := true; more; {
		more = false
		for _, m := range members(t, v.group) {
			if !dead[m.pid] { // else nobody waits for it
				awaitDeath(t, m.pid)
				dead[m.pid], more = true, true
			}
		}
	}
}

// send sends a signal to a process or, where it is negative, to a group. It
// returns false where there is none any more.
func send(t *testing.T, pid int, s syscall.Signal) bool {
	t.Helper()
	err := syscall.Kill(pid, s)
	if err != nil && err != syscall.ESRCH {
		t.Fatal(err)
	}
	return err == nil
}

// stop stops a process, until resumed is called, and returns when all its threads
// stand still. It returns false where the process has ended.
func stop(t *testing.T, pid int) (resume func(), stopped bool) {
	t.Helper()
	if !send(t, pid, syscall.SIGSTOP) {
		return nil, false
	}
	resume = func() { syscall.Kill(pid, syscall.SIGCONT) }
	for late := time.Now().Add(patience); time.Now().Before(late); time.Sleep(time.Millisecond) {
		states := threadStates(pid)
		switch {
		case strings.Trim(states, "T") == "" && states != "":
			return resume, true
		case strings.Trim(states, "ZX") == "":
			return nil, false
		}
	}
	resume()
	t.Fatalf("process %d does not stop", pid)
	return nil, false
}

// threadStates returns a letter for each thread of a process, as ps does.
func threadStates(pid int) string {
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	var states strings.Builder
	for _, path := range stats {
		if text, err := os.ReadFile(path); err == nil {
			states.WriteByte(text[strings.LastIndexByte(string(text), ')')+2])
		}
	}
	return states.String()
}

// printedEpoch is a line of a sweep that tells of an epoch.
var printedEpoch = regexp.MustCompile(`^.+ seed \d+ \S+: epoch +\d+/\d+ `)

// startedRun matches the line of a sweep for a run that is begun or resumed.
var startedRun = regexp.MustCompile(`^(\S+)  run [0-9a-f]{8}  (\S+)  seed (\d+)  `)

// isKilled tells whether a line says that a worker was killed.
func isKilled(line string) bool {
	return strings.Contains(line, ": its process was ended by a signal (killed)")
}

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// command returns the program itself, run in a folder of its own.
func command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Args = append([]string{"runner"}, args...) // the test binary answers to this name
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUNNER_DATA="+shared)
	return cmd
}

// TestSignals stops a run after its first epoch, in an orderly way and by force:
// the run is interrupted, what was printed is recorded, and it is resumed to
// the epochs of a run that nothing disturbed.
func TestSignals(t *testing.T) {
	dir := t.TempDir()
	text := "name: long\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\nepochs: 30\ncheckpoint_every: 10ms\n"
	if err := os.WriteFile(filepath.Join(dir, "long.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := command(dir, "run", "long.yaml", "--threads", "1").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := recorded(t, dir, "runs")
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, os.Kill} {
		runs := signal.String()
		cmd := command(dir, "run", "long.yaml", "--threads", "1", "--store", runs)
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		printed, told := 0, false
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			told = told || strings.Contains(lines.Text(), "resume it with: runner resume ")
			if strings.HasPrefix(lines.Text(), "epoch") {
				if printed++; printed == 1 {
					if err := cmd.Process.Signal(signal); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		code := exitInterrupted
		if signal == os.Kill {
			code = -1
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != code || told != (signal != os.Kill) {
			t.Errorf("%v: ended with %v, expected exit code %d; told how to go on: %v", signal, err, code, told)
		}
		before := recorded(t, dir, runs)
		if before.Status != "interrupted" && signal != os.Kill || len(before.Epochs) < printed {
			t.Errorf("%v: %s, %d epochs recorded, %d printed", signal, before.Status, len(before.Epochs), printed)
		}
		again := []string{"resume", "--store", runs}
		if signal == os.Kill { // the process that trains may still be keeping its state, and is waited for
			again = []string{"run", "long.yaml", "--store", runs}
		}
		if out, err := command(dir, again...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", signal, err, out)
		}
		after := recorded(t, dir, runs)
		if after.Status != "finished" || after.ID != before.ID || !slices.Equal(after.Epochs, whole.Epochs) {
			t.Errorf("%v: %s, with other epochs than a run that nothing disturbed", signal, after.Status)
		}
	}
}

// TestTerminalSignal sends Ctrl-C as a terminal does, to a sweep and its workers
// alike, at different moments: no run fails of it.
func TestTerminalSignal(t *testing.T) {
	dir := t.TempDir()
	text := "name: long\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\nepochs: 1000000\nsweep: {seeds: 4}\n"
	if err := os.WriteFile(filepath.Join(dir, "long.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, moment := range []string{"long  run ", "long seed 3 single-batch: epoch "} {
		cmd := command(dir, "sweep", "long.yaml", "--jobs", "4")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var said []string
		sent := false
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if said = append(said, lines.Text()); !sent && strings.HasPrefix(lines.Text(), moment) {
				sent = true
				if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
					t.Fatal(err)
				}
			}
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
			t.Errorf("at %q: ended with %v\n%s", moment, err, strings.Join(said, "\n"))
		}
		out, err := command(dir, "list", "--format", "json").Output()
		if err != nil || strings.Contains(string(out), `"failed"`) || strings.Contains(string(out), `"running"`) {
			t.Errorf("at %q: %v\n%s\n%s", moment, err, out, strings.Join(said, "\n"))
		}
	}
}

// TestWaiting starts a run that another process trains: it waits, and goes
// on with the run when that process is killed.
func TestWaiting(t *testing.T) {
	dir := t.TempDir()
	text := "name: long\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\nepochs: 1000000\n" +
		"checkpoint_every: 10ms\n"
	if err := os.WriteFile(filepath.Join(dir, "long.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	start := func() (*exec.Cmd, *bufio.Scanner) {
		cmd := command(dir, "run", "long.yaml", "--threads", "1")
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Signal(os.Interrupt); cmd.Wait() })
		return cmd, bufio.NewScanner(stderr)
	}
	first, lines := start()
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "epoch") {
	}
	told := 0
	_, lines = start()
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "epoch") {
		if strings.Contains(lines.Text(), ": waiting for run ") {
			if told++; told == 1 {
				if err := first.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if told != 1 || !strings.HasPrefix(lines.Text(), "epoch") {
		t.Errorf("told %d times, then %q", told, lines.Text())
	}
}

// recordedRun is what `show --format json` tells of a run.
type recordedRun struct {
	ID, Status string
	Epochs     []struct {
		WeightsHash string  `json:"weights_hash"`
		TrainLoss   float64 `json:"train_loss"`
	}
}

// recorded reads the run of the experiment "long" from a store.
func recorded(t *testing.T, dir, store string) (r recordedRun) {
	t.Helper()
	out, err := command(dir, "show", "long", "--format", "json", "--store", store).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestIgnoredSignal starts a run as nohup does: a closed terminal leaves it
// alone.
func TestIgnoredSignal(t *testing.T) {
	dir := t.TempDir()
	text := "name: short\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\nepochs: 30\n"
	if err := os.WriteFile(filepath.Join(dir, "short.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	run := command(dir, "run", "short.yaml", "--threads", "1")
	// The shell gives what it ignores to what it becomes; exec -a would be
	// shorter, but not every sh has it, so a link stands for the name.
	link := filepath.Join(dir, "runner")
	if err := os.Symlink(run.Path, link); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", append([]string{"-c", `trap "" HUP; exec "$0" "$@"`, link}, run.Args[1:]...)...)
	cmd.Dir, cmd.Env = run.Dir, run.Env
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	sent := false
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if !sent && strings.HasPrefix(lines.Text(), "epoch") {
			sent = true
			if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err != nil || !sent {
		t.Errorf("ended with %v, expected all epochs", err)
	}
}

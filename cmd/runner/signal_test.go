package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
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

// TestSignals stops a run after its first epoch: the run is interrupted, what
// was printed is recorded, and the exit code says so.
func TestSignals(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		dir := t.TempDir()
		text := "name: long\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\nepochs: 1000000\n"
		if err := os.WriteFile(filepath.Join(dir, "long.yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := command(dir, "run", "long.yaml", "--threads", "1")
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		printed := 0
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), "epoch") {
				if printed++; printed == 1 {
					if err := cmd.Process.Signal(signal); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
			t.Errorf("%v: ended with %v, expected exit code %d", signal, err, exitInterrupted)
		}
		out, err := command(dir, "show", "long", "--format", "json").Output()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(out), `"status": "interrupted"`) {
			t.Errorf("%v: the run is not interrupted:\n%s", signal, out)
		}
		if recorded := strings.Count(string(out), `"epoch": `); recorded < printed {
			t.Errorf("%v: %d epochs recorded, %d printed", signal, recorded, printed)
		}
	}
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

package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/internal/view/record"
)

// TestStatus looks at a sweep from another process, while it is under way and when
// it was stopped.
func TestStatus(t *testing.T) {
	dir := t.TempDir()
	text := "name: long\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\nepochs: 1000000\nsweep: {seeds: 3}\n"
	if err := os.WriteFile(filepath.Join(dir, "long.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	status := func(args ...string) string {
		t.Helper()
		out, err := command(dir, append([]string{"status"}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if got := status(); got != "nothing is being trained\n" {
		t.Errorf("without a store: %q", got)
	}
	cmd := command(dir, "sweep", "long.yaml", "--jobs", "2")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	for seen := make(map[string]bool); len(seen) < 2 && lines.Scan(); {
		if name, _, ok := strings.Cut(lines.Text(), ": epoch "); ok {
			seen[name] = true
		}
	}
	var s record.Status
	if err := json.Unmarshal([]byte(status("--format", "json")), &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Sweeps) != 1 || !s.Sweeps[0].Alive || s.Sweeps[0].Runs != 3 || s.Sweeps[0].Running != 2 ||
		s.Sweeps[0].SecondsLeft == nil {
		t.Errorf("sweeps %+v", s.Sweeps)
	}
	for _, r := range s.Running {
		if r.EpochsDone < 1 || r.TrainLoss == nil || r.SecondsLeft == nil || r.Process == cmd.Process.Pid {
			t.Errorf("running %+v", r)
		}
	}
	got := status()
	for _, want := range []string{"long seed 1 ", "long seed 2 ", "sweep ", "0/3 runs", "2 running"} {
		if len(s.Running) != 2 || strings.Count(got, want) != 1 {
			t.Errorf("%q is not told once, of %d runs:\n%s", want, len(s.Running), got)
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	cmd.Wait()
	if got, want := status(),
		"nothing is being trained\na sweep was stopped with 0 of 3 runs over: repeat its command to resume it\n"+
			"2 interrupted runs: resume with: runner resume --all\n"; got != want {
		t.Errorf("when it was stopped:\n%s", got)
	}
}

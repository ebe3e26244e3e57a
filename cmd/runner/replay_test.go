package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"runner/runner"
	"runner/runner/lab"
	"runner/store"
	"runner/store/storetest"
)

// forge puts a run of an experiment on record that nobody trained, as change makes
// it, and ends it as interrupted.
func forge(t *testing.T, dir, experiment string, change func(*store.Run), epochs ...store.Epoch) store.Run {
	t.Helper()
	file := filepath.Join(dir, "forged.yaml")
	if err := os.WriteFile(file, []byte(experiment), 0o644); err != nil {
		t.Fatal(err)
	}
	plans, err := lab.LoadPlans([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ds, err := plans[0].Dataset.OpenPrepared(shared)
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close()
	job := runner.Job{Plan: plans[0], Dataset: ds, Threads: 1}
	run, err := runner.NewRun(job, runner.ThisEnvironment())
	if err != nil {
		t.Fatal(err)
	}
	change(&run)
	ctx := context.Background()
	st, err := store.Open(ctx, filepath.Join(dir, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	on := job.Measured()
	on.Fingerprint = run.Fingerprint // which change may have changed
	if run, err = st.Begin(ctx, run, on); err != nil {
		t.Fatal(err)
	}
	for _, e := range epochs {
		if err := st.Log(ctx, run.ID, e, storetest.Answers(e.ValAccuracy)); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.End(ctx, run.ID, store.Interrupted, "told to stop", ""); err != nil {
		t.Fatal(err)
	}
	return run
}

// replay replays a run and returns what it said and its exit code.
func replay(t *testing.T, dir, run string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := command(dir, append([]string{"replay", run}, args...)...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.String(), errs.String(), exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), 0
}

// TestReplayRefusesOtherData holds a replay against records of other bytes of the
// dataset, which it refuses at once, and of no epoch.
func TestReplayRefusesOtherData(t *testing.T) {
	const small = "name: small\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\n"
	dir := t.TempDir()
	other := forge(t, dir, small, func(r *store.Run) { r.Fingerprint = "f00d" }, store.Epoch{Epoch: 1})
	out, errs, code := replay(t, dir, other.ID, "--verify")
	if code != exitFailed || out != "" || strings.Contains(errs, "epoch") ||
		!strings.Contains(errs, "trained on other bytes of synthetic") || !strings.Contains(errs, "recorded f00d") {
		t.Errorf("other data: exit code %d\n%s%s", code, out, errs)
	}
	empty := forge(t, dir, small, func(*store.Run) {})
	if out, errs, code := replay(t, dir, empty.ID); code != exitUsage ||
		!strings.Contains(errs, "has no epoch on record") {
		t.Errorf("no epoch: exit code %d\n%s%s", code, out, errs)
	}
}

// TestReplayInterrupted replays a run that was interrupted after an epoch of figures
// that it cannot have, and stops a replay: the store has the files it had before.
func TestReplayInterrupted(t *testing.T) {
	dir := t.TempDir()
	const text = "name: x\ndataset: synthetic\n" +
		"layers: [{conv2d: {filters: 32, kernel: 9}}, {conv2d: {filters: 64, kernel: 9, stride: 2}}, " +
		"global_avgpool2d, {dense: {units: 10}}]\nbatch_size: 8\n"
	slow := forge(t, dir, text, func(*store.Run) {}, store.Epoch{Epoch: 1, WeightsHash: "ab"})
	fast := forge(t, dir, strings.Replace(text,
		"{conv2d: {filters: 32, kernel: 9}}, {conv2d: {filters: 64, kernel: 9, stride: 2}}", "{avgpool2d: {pool: 8}}", 1),
		func(r *store.Run) { r.GoVersion = "go1.2" }, store.Epoch{Epoch: 1, LearningRate: 0.001, WeightsHash: "ab"})
	before := allFiles(t, dir)
	out, errs, code := replay(t, dir, fast.ID, "--verify", "--threads", "1")
	if code != exitFailed || !strings.Contains(out, "epoch 1 of 1 is the first that differs") ||
		!strings.Contains(out, "\nweights hash  ab ") || !strings.Contains(out, "\ngo version   go1.2 ") ||
		strings.Contains(out, "threads") {
		t.Errorf("forged figures: exit code %d\n%s%s", code, out, errs)
	}

	cmd := command(dir, "replay", slow.ID)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "x  run") {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Errorf("stopped: ended with %v, expected exit code %d", err, exitInterrupted)
	}
	if after := allFiles(t, dir); !slices.Equal(before, after) {
		t.Errorf("files before %q, after %q", before, after)
	}
}

// allFiles are the paths of all files in a folder.
func allFiles(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		paths = append(paths, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

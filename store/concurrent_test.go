package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// With both set, the test binary trains one run of that many epochs in the store in that folder.
const (
	childFolder = "STORE_TEST_FOLDER"
	childEpochs = "STORE_TEST_EPOCHS"
)

// torture, when set, makes TestProcessesWriteAtOnce take minutes and test what the store promises in
// full.
const torture = "RUNNER_TORTURE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := child(context.Background(), dir, os.Getenv(childEpochs)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child waits for the end of its standard input, then opens the store and trains one run. It prints
// how long each epoch took to log.
func child(ctx context.Context, dir, epochs string) error {
	n, err := strconv.Atoi(epochs)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	for range 5 { // processes come and go while others write
		s, err := Open(ctx, dir)
		if err != nil {
			return err
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
	s, err := Open(ctx, dir)
	if err != nil {
		return err
	}
	defer s.Close()
	took, err := trainOne(ctx, s, n)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(took)
}

// trainOne trains a run and returns how long each of its epochs took to log.
func trainOne(ctx context.Context, s *Store, epochs int) ([]time.Duration, error) {
	r := example()
	r.Epochs = epochs
	r, err := s.Begin(ctx, r, dataOf(r))
	if err != nil {
		return nil, err
	}
	var took []time.Duration
	for _, e := range epochsOf(r) {
		start := time.Now()
		if err := s.Log(ctx, r.ID, e, answersOf(e.ValAccuracy)); err != nil {
			return nil, err
		}
		took = append(took, time.Since(start))
	}
	return took, s.End(ctx, r.ID, Finished, "", "")
}

// epochsOf returns the epochs of a run, different ones for each run.
func epochsOf(r Run) []Epoch {
	epochs := make([]Epoch, r.Epochs)
	for i := range epochs {
		n := lockOf(r.ID) + int64(i)
		epochs[i] = Epoch{
			Epoch: i + 1, TrainLoss: float64(n) / 3, BatchLoss: float64(n) / 7, ValLoss: float64(n) / 9, Seconds: 0.25,
			ValAccuracy: float64(n%1000) / 1000, LearningRate: 0.1, EvalSeconds: 0.125,
			WeightsHash: fmt.Sprintf("%s/%d", r.ID, i+1),
		}
	}
	return epochs
}

// checkTrained wants n finished runs with all their epochs.
func checkTrained(t *testing.T, s *Store, n, epochs int) {
	t.Helper()
	if h := check(t, s); h.Runs != n || h.Epochs != n*epochs || len(h.Findings) > 0 {
		t.Errorf("%d runs and %d epochs, want %d and %d: %+v", h.Runs, h.Epochs, n, n*epochs, h.Findings)
	}
	runs, err := s.Runs(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		got, err := s.Epochs(t.Context(), r.ID)
		if diff := cmp.Diff(epochsOf(r), got); err != nil || diff != "" || r.Status != Finished {
			t.Errorf("run %s: %s %v (-want +got) %s", r.ID, r.Status, err, diff)
		}
	}
}

// Processes that open a new store at the same time all record their runs.
func TestProcessesWriteAtOnce(t *testing.T) {
	processes, epochs := 8, 50
	if testing.Short() {
		epochs = 10
	}
	if os.Getenv(torture) != "" {
		processes, epochs = 32, 1000
	}
	dir := filepath.Join(t.TempDir(), "runs")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start, release, err := os.Pipe() // its end is the starting gun: all children hear it at once
	if err != nil {
		t.Fatal(err)
	}
	defer start.Close()
	children := make([]*exec.Cmd, processes)
	said, complaints := make([]bytes.Buffer, processes), make([]bytes.Buffer, processes)
	for i := range children {
		c := exec.CommandContext(t.Context(), program)
		c.Env = append(os.Environ(), childFolder+"="+dir, fmt.Sprintf("%s=%d", childEpochs, epochs))
		c.Stdin, c.Stdout, c.Stderr = start, &said[i], &complaints[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		children[i] = c
	}
	began := time.Now()
	release.Close()
	var all []time.Duration
	for i, c := range children {
		if err := c.Wait(); err != nil {
			t.Errorf("process %d: %v: %s", i, err, &complaints[i])
			continue
		}
		var took []time.Duration
		if err := json.Unmarshal(said[i].Bytes(), &took); err != nil {
			t.Error(err)
		}
		all = append(all, took...)
	}
	elapsed := time.Since(began)
	checkTrained(t, openStore(t, dir), processes, epochs)
	if len(all) > 0 {
		median, p99, longest := spread(all)
		t.Logf("%d processes, %d epochs, %v: to log one took %v (median), %v (99th percentile), %v (longest)",
			processes, len(all), elapsed.Round(time.Millisecond), median, p99, longest)
	}
}

// spread returns the median, the 99th percentile and the greatest of durations, which it sorts.
func spread(all []time.Duration) (median, p99, longest time.Duration) {
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100], all[len(all)-1]
}

func TestStoresOfOneProcessWriteAtOnce(t *testing.T) {
	const perStore, epochs = 4, 20
	dir := t.TempDir()
	stores := []*Store{openStore(t, dir), openStore(t, dir)}
	var wg sync.WaitGroup
	for _, s := range stores {
		for range perStore {
			wg.Go(func() {
				if _, err := trainOne(t.Context(), s, epochs); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() { // reading meanwhile
				if _, err := groupsOf(t.Context(), s, Filter{}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	checkTrained(t, stores[0], perStore*len(stores), epochs)
}

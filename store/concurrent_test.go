package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// childFolder, when set, makes the test binary a process that trains in the store of that folder.
const childFolder = "STORE_TEST_FOLDER"

const childEpochs = 20

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := child(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child waits until its standard input ends, then opens the store and trains one run.
func child(ctx context.Context, dir string) error {
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
	return trainOne(ctx, s)
}

func trainOne(ctx context.Context, s *Store) error {
	r, err := s.Begin(ctx, example())
	if err != nil {
		return err
	}
	for i := range childEpochs {
		if err := s.Log(ctx, r.ID, Epoch{Epoch: i + 1, ValAccuracy: float64(i) / 100, Seconds: 1}); err != nil {
			return err
		}
	}
	return s.End(ctx, r.ID, Finished, "", "")
}

// checkTrained wants n finished runs with all their epochs.
func checkTrained(t *testing.T, s *Store, n int) {
	t.Helper()
	runs, err := s.Runs(t.Context(), Filter{})
	if err != nil || len(runs) != n {
		t.Fatalf("%d runs (%v), want %d", len(runs), err, n)
	}
	for _, r := range runs {
		epochs, err := s.Epochs(t.Context(), r.ID)
		if err != nil || len(epochs) != childEpochs || r.Logged != childEpochs || r.Seconds != childEpochs || r.Status != Finished {
			t.Errorf("run %s: %d epochs, %d counted, %s (%v)", r.ID, len(epochs), r.Logged, r.Status, err)
		}
	}
}

func TestProcessesOpenAFreshStoreAtOnce(t *testing.T) {
	const processes = 8
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
	var children [processes]*exec.Cmd
	var complaints [processes]bytes.Buffer
	for i := range children {
		c := exec.CommandContext(t.Context(), program)
		c.Env = append(os.Environ(), childFolder+"="+dir)
		c.Stdin, c.Stderr = start, &complaints[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		children[i] = c
	}
	release.Close()
	for i, c := range children {
		if err := c.Wait(); err != nil {
			t.Errorf("process %d: %v: %s", i, err, &complaints[i])
		}
	}
	checkTrained(t, openStore(t, dir), processes)
}

func TestStoresOfOneProcessWriteAtOnce(t *testing.T) {
	const perStore = 4
	dir := t.TempDir()
	stores := []*Store{openStore(t, dir), openStore(t, dir)}
	var wg sync.WaitGroup
	for _, s := range stores {
		for range perStore {
			wg.Go(func() {
				if err := trainOne(t.Context(), s); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() { // reading meanwhile
				if _, err := s.Standings(t.Context(), Filter{}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	checkTrained(t, stores[0], perStore*len(stores))
}

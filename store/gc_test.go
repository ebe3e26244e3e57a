package store

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lastOfFinished is garbage as the program knows it.
func lastOfFinished(s *Store) func(Run) ([]string, error) {
	return func(r Run) ([]string, error) {
		if _, err := os.Stat(filepath.Join(s.Folder(r.ID), "last")); err != nil || r.Status != Finished {
			return nil, nil
		}
		return []string{"last"}, nil
	}
}

func TestGC(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	for _, id := range []string{"00000001", "00000002"} { // of no run
		if err := os.Mkdir(s.Folder(id), 0o777); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(s.Folder(id), "last"), "12345")
	}
	done, interrupted, running := finished(t, s, nil), begin(t, s, nil), begin(t, s, nil)
	end(t, s, interrupted, Interrupted)
	for _, r := range []Run{done, interrupted, running} {
		writeFile(t, filepath.Join(s.Folder(r.ID), "last"), "123")
	}
	stage := stagePrefix + done.ID
	if err := os.Mkdir(s.Folder(stage), 0o777); err != nil {
		t.Fatal(err)
	}
	other := openStore(t, dir)
	if taken, err := other.locks.take(lockOf("00000002")); !taken || err != nil { // as a merge does
		t.Fatal(taken, err)
	}
	want := []Removed{{stage, 0}, {"00000001", 5}, {filepath.Join(done.ID, "last"), 3}}
	before := fileNames(t, dir)
	for _, dry := range []bool{true, false} {
		removed, err := s.GC(t.Context(), lastOfFinished(s), dry)
		if diff := cmp.Diff(want, removed); err != nil || diff != "" {
			t.Errorf("dry %v: %v %s", dry, err, diff)
		}
		if dry {
			if diff := cmp.Diff(before, fileNames(t, dir)); diff != "" {
				t.Error("removed something, dry:", diff)
			}
		}
	}
	if removed, err := s.GC(t.Context(), lastOfFinished(s), false); err != nil || len(removed) != 0 {
		t.Errorf("a second time: %v %v", removed, err)
	}
	for _, r := range []Run{interrupted, running} {
		if _, err := os.Stat(filepath.Join(s.Folder(r.ID), "last")); err != nil {
			t.Error(err)
		}
	}
	if held, err := other.locks.held(lockOf("00000001")); held || err != nil {
		t.Error("a lock is still held", err)
	}
	if _, err := os.Stat(s.Folder("00000002")); err != nil {
		t.Error("removed what another process holds:", err)
	}
	// Garbage of a run that is resumed meanwhile stays.
	_, err := s.GC(t.Context(), func(r Run) ([]string, error) {
		if r.ID != interrupted.ID {
			return nil, nil
		}
		_, err := other.Resume(t.Context(), r.ID)
		return []string{"last"}, err
	}, false)
	if err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(s.Folder(interrupted.ID), "last")); err != nil {
		t.Error(err)
	}
	_, err = s.GC(t.Context(), func(Run) ([]string, error) { return nil, errors.New("unreadable") }, false)
	wantError(t, err, dir, "unreadable")
}

// Runs that begin while folders of no run are removed begin without an error and keep their folders.
func TestGCWhileRunsBegin(t *testing.T) {
	dir := t.TempDir()
	s, collector := openStore(t, dir), openStore(t, dir)
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			if removed, err := collector.GC(t.Context(), func(Run) ([]string, error) { return nil, nil }, false); err != nil ||
				len(removed) > 0 {
				t.Errorf("removed %v, %v", removed, err)
				return
			}
		}
	})
	for range 200 {
		end(t, s, begin(t, s, nil), Finished)
	}
	close(done)
	wg.Wait()
	if runs, err := s.Runs(t.Context(), Filter{}); err != nil || len(runs) != 200 {
		t.Error(len(runs), err)
	}
	for _, f := range check(t, s).Findings {
		if f.What != "it is finished with 0 of 3 epochs" {
			t.Errorf("%+v", f)
		}
	}
}

func TestRemove(t *testing.T) {
	dir := t.TempDir()
	s, other := openStore(t, dir), openStore(t, dir)
	done, running := finished(t, s, nil), begin(t, s, nil)
	writeFile(t, filepath.Join(s.Folder(done.ID), "last"), "123")
	if err := other.Remove(t.Context(), done.ID); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.Folder(done.ID)); !errors.Is(err, os.ErrNotExist) {
		t.Error("the folder is still there:", err)
	}
	var missing *NotFoundError
	if err := other.Remove(t.Context(), done.ID); !errors.As(err, &missing) {
		t.Errorf("removed twice: %v", err)
	}
	var busy *BusyError
	for _, s := range []*Store{s, other} {
		if err := s.Remove(t.Context(), running.ID); !errors.As(err, &busy) || busy.Run.ID != running.ID {
			t.Errorf("removed what is running: %v", err)
		}
	}
	logEpoch(t, s, running.ID, 1, 0.5, 1) // it still is
	s.Close()
	if err := other.Remove(t.Context(), running.ID); err != nil {
		t.Errorf("what was lost: %v", err)
	}
	if diff := cmp.Diff(Health{Findings: []Finding{}}, check(t, other)); diff != "" {
		t.Error(diff)
	}
	if held, err := openStore(t, dir).locks.held(lockOf(running.ID)); held || err != nil {
		t.Error("a lock is still held", err)
	}
}

// A database that was made anew beside the folders of another one's runs removes none of them.
func TestGCLeavesFoldersOfALostDatabase(t *testing.T) {
	s := openStore(t, t.TempDir())
	if err := os.Mkdir(s.Folder("00000001"), 0o777); err != nil {
		t.Fatal(err)
	}
	nothing := func(Run) ([]string, error) { return nil, nil }
	_, err := s.GC(t.Context(), nothing, false)
	wantError(t, err, "the database has no runs", "00000001")
	if _, err := os.Stat(s.Folder("00000001")); err != nil {
		t.Error(err)
	}
	if held, err := openStore(t, s.dir).locks.held(lockOf("00000001")); held || err != nil {
		t.Error("the folder's lock is still held", err)
	}
}

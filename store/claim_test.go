package store

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func end(t *testing.T, s *Store, r Run, st Status) {
	t.Helper()
	if err := s.End(t.Context(), r.ID, st, "", ""); err != nil {
		t.Fatal(err)
	}
}

func TestLook(t *testing.T) {
	s := openStore(t, t.TempDir())
	check := func(identity string, want Claimed, id string) {
		t.Helper()
		r, what, found, err := s.Look(t.Context(), identity)
		if err != nil || found != (id != "") || r.ID != id || what != want {
			t.Errorf("Look(%s): %s %v %v %v, want %v of %q", identity, r.ID, what, found, err, want, id)
		}
	}
	check("i1", Begun, "")
	first := begin(t, s, nil)
	check("i1", Busy, first.ID)
	end(t, s, first, Failed)
	check("i1", Resumed, first.ID)
	second := begin(t, s, nil)
	end(t, s, second, Interrupted)
	check("i1", Resumed, second.ID)
	for range 2 { // the latest diverged one, as long as none is finished
		diverged := begin(t, s, nil)
		end(t, s, diverged, Diverged)
		check("i1", Done, diverged.ID)
	}
	for range 2 {
		finished := begin(t, s, nil)
		end(t, s, finished, Finished)
		end(t, s, begin(t, s, nil), Interrupted)
		end(t, s, begin(t, s, nil), Diverged)
		check("i1", Done, finished.ID)
	}
	check("i2", Begun, "")
	check("", Begun, "")
}

// claim claims example().
func claim(t *testing.T, s *Store) (Run, Claimed) {
	t.Helper()
	r, what, err := s.Claim(t.Context(), example(), exampleData())
	if err != nil {
		t.Fatal(err)
	}
	return r, what
}

// A run goes from process to process: two stores of one folder stand for them, and closing a store
// for the death of its process.
func TestClaim(t *testing.T) {
	dir := t.TempDir()
	first, other := openStore(t, dir), openStore(t, dir)
	run, what := claim(t, first)
	if what != Begun {
		t.Fatal(what)
	}
	logEpoch(t, first, run.ID, 1, 0.5, 1)
	for _, s := range []*Store{first, other} {
		if got, what := claim(t, s); what != Busy || got.ID != run.ID {
			t.Errorf("claimed again: %v of %s, want it to be busy", what, got.ID)
		}
	}
	var busy *BusyError
	if _, err := other.Resume(t.Context(), run.ID); !errors.As(err, &busy) || busy.Run.ID != run.ID {
		t.Errorf("resumed what is running: %v", err)
	}
	wantError(t, other.Log(t.Context(), run.ID, Epoch{Epoch: 2}, answersOf(0)), "is not this process's")
	wantError(t, other.End(t.Context(), run.ID, Finished, "", ""), "is not this process's")

	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	got, what := claim(t, other)
	if what != Resumed || got.ID != run.ID || got.Resumes != 1 || got.Status != Running || got.Logged != 1 {
		t.Errorf("after its process's death: %v %+v", what, got)
	}
	read, err := other.Find(t.Context(), run.ID)
	if diff := cmp.Diff(got, read); err != nil || diff != "" {
		t.Error(err, diff)
	}
	logEpoch(t, other, run.ID, 2, 0.75, 1)
	end(t, other, run, Finished)
	third := openStore(t, dir)
	if got, what := claim(t, third); what != Done || got.ID != run.ID || got.Logged != 2 {
		t.Errorf("finished: %v %+v", what, got)
	}
	_, err = third.Resume(t.Context(), run.ID)
	wantError(t, err, run.ID, "has ended (finished)")
	_, err = third.Resume(t.Context(), "00000000")
	wantError(t, err, "00000000")
}

// Of many processes that claim one identity at once, one trains it.
func TestClaimAtOnce(t *testing.T) {
	dir := t.TempDir()
	for _, before := range []string{"nothing", "an abandoned run"} {
		var stores [8]*Store
		for i := range stores {
			stores[i] = openStore(t, dir)
		}
		var wg sync.WaitGroup
		outcomes := make([]Claimed, len(stores))
		for i, s := range stores {
			wg.Go(func() {
				var err error
				if _, outcomes[i], err = s.Claim(t.Context(), example(), exampleData()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got := 0
		for _, o := range outcomes {
			if o == Begun || o == Resumed {
				got++
			} else if o != Busy {
				t.Errorf("%s: outcome %v", before, o)
			}
		}
		if got != 1 {
			t.Errorf("%s: %d processes train the run", before, got)
		}
		for _, s := range stores { // which leaves the run abandoned
			s.Close()
		}
	}
	s := openStore(t, dir)
	if runs, err := s.Runs(t.Context(), Filter{}); err != nil || len(runs) != 1 {
		t.Error(len(runs), err)
	}
}

// A run whose process is gone reads as interrupted everywhere, also without permission to write, and
// reading writes nothing.
func TestLostRunsAreInterrupted(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	run := begin(t, s, nil)
	logEpoch(t, s, run.ID, 1, 0.5, 1)
	looker := openStore(t, dir)
	check := func(want Status, reason string) {
		t.Helper()
		found, err := looker.Find(t.Context(), run.ID)
		if err != nil || found.Status != want {
			t.Errorf("Find: %s %v, want %s", found.Status, err, want)
		}
		if found.Reason != reason {
			t.Errorf("reason %q, want %q", found.Reason, reason)
		}
		groups, err := groupsOf(t.Context(), looker, Filter{})
		if err != nil || len(groups) != 1 || groups[0].Runs[0].Status != want {
			t.Errorf("Groups: %+v %v, want %s", groups, err, want)
		}
	}
	check(Running, "")
	s.Close()
	here := thisProcess()
	check(Interrupted, here.lost())
	for _, c := range []struct {
		column string
		value  any
		reason string
	}{
		{"boot", "another", "the machine was restarted while process"},
		{"host", "elsewhere", "on elsewhere, cannot be seen from here"},
		{"process", 0, "its process died without recording its end"},
	} {
		if _, err := looker.db.Exec(`UPDATE runs SET `+c.column+` = ?`, c.value); err != nil {
			t.Fatal(err)
		}
		found, err := looker.Find(t.Context(), run.ID)
		wantError(t, errors.New(found.Reason), c.reason)
		if err != nil || found.Status != Interrupted {
			t.Error(found.Status, err)
		}
	}
	var recorded Status
	if err := looker.db.QueryRow(`SELECT status FROM runs`).Scan(&recorded); err != nil || recorded != Running {
		t.Errorf("recorded %s (%v): looking wrote something", recorded, err)
	}
}

func TestEndLost(t *testing.T) {
	dir := t.TempDir()
	s, parent := openStore(t, dir), openStore(t, dir)
	lose := func() error { return parent.EndLost(t.Context(), run(t, parent).ID, Failed, "killed", "a stack") }
	begin(t, s, nil)
	if err := lose(); err != nil || run(t, parent).Status != Running {
		t.Errorf("a running run: %v, %s", err, run(t, parent).Status)
	}
	s.Close()
	if err := lose(); err != nil {
		t.Error(err)
	}
	if r := run(t, parent); r.Status != Failed || r.Reason != "killed" || r.Stack != "a stack" || r.Finished.IsZero() {
		t.Errorf("%+v", r)
	}
	again := openStore(t, dir)
	if _, err := again.Resume(t.Context(), run(t, parent).ID); err != nil {
		t.Fatal(err)
	}
	end(t, again, run(t, again), Finished)
	if err := lose(); err != nil || run(t, parent).Status != Finished || parent.locks.holds(lockOf(run(t, parent).ID)) {
		t.Errorf("a finished run: %v, %s", err, run(t, parent).Status)
	}
}

// run is the store's only run.
func run(t *testing.T, s *Store) Run {
	t.Helper()
	runs, err := s.Runs(t.Context(), Filter{})
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	return runs[0]
}

// A claim that is not committed takes nothing.
func TestClaimThatFails(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	r := begin(t, s, nil)
	end(t, s, r, Interrupted)
	execute(t, s, `CREATE TRIGGER full BEFORE UPDATE ON runs BEGIN SELECT raise(ABORT, 'no room'); END`)
	_, _, err := s.Claim(t.Context(), example(), exampleData())
	wantError(t, err, "claim a run of seed-cnn", "no room")
	_, err = s.Resume(t.Context(), r.ID)
	wantError(t, err, "resume run "+r.ID, "no room")
	if held, err := openStore(t, dir).locks.held(lockOf(r.ID)); held || err != nil {
		t.Error("the lock is still held", err)
	}
}

// A parent ends the run of a child that died, and does not keep the run's lock if it cannot record the
// end.
func TestEndLostThatFails(t *testing.T) {
	dir := t.TempDir()
	child, parent := openStore(t, dir), openStore(t, dir)
	r := begin(t, child, nil)
	if err := child.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, parent, `CREATE TRIGGER full BEFORE UPDATE ON runs BEGIN SELECT raise(ABORT, 'no room'); END`)
	wantError(t, parent.EndLost(t.Context(), r.ID, Failed, "it crashed", ""), "end run "+r.ID, "no room")
	if held, err := openStore(t, dir).locks.held(lockOf(r.ID)); held || err != nil {
		t.Error("the lock is still held", err)
	}
}

// Stores of all released versions open, and their runs are read, listed and resumed.
func TestOlderVersions(t *testing.T) {
	for _, version := range []string{"version1", "version2", "version3", "version5", "version6"} {
		dir := filepath.Join(t.TempDir(), version)
		if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", version))); err != nil {
			t.Fatal(err)
		}
		s := openStore(t, dir)
		runs, err := s.Runs(t.Context(), Filter{})
		if err != nil {
			t.Fatal(err)
		}
		want := []Run{
			{ID: "52d16e7e", Experiment: "killed", Status: Interrupted, Reason: "its process died without recording its end",
				Results: Results{Logged: 3}, Epochs: 40},
			{ID: "cc519b5e", Experiment: "stopped", Status: Interrupted, Reason: "stopped by a signal",
				Results: Results{Logged: 4}, Epochs: 40},
			{ID: "3bd217ea", Experiment: "tiny", Status: Finished, Results: Results{Logged: 2}, Epochs: 2},
		}
		for i := range runs {
			r := runs[i]
			runs[i] = Run{ID: r.ID, Experiment: r.Experiment, Status: r.Status, Reason: r.Reason,
				Results: Results{Logged: r.Logged}, Epochs: r.Epochs}
		}
		if diff := cmp.Diff(want, runs); diff != "" {
			t.Errorf("%s (-want +got):\n%s", version, diff)
		}
		epochs, err := s.Epochs(t.Context(), "3bd217ea")
		wantEpochs := []Epoch{{Epoch: 1, ValAccuracy: 0.094}, {Epoch: 2, ValAccuracy: 0.115}}
		few := cmpopts.IgnoreFields(Epoch{}, "TrainLoss", "BatchLoss", "ValLoss", "LearningRate", "Seconds", "EvalSeconds",
			"WeightsHash")
		if diff := cmp.Diff(wantEpochs, epochs, few); err != nil || diff != "" {
			t.Errorf("%s: %v %s", version, err, diff)
		}
		for _, id := range []string{"52d16e7e", "cc519b5e"} {
			r, err := s.Resume(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			logEpoch(t, s, id, r.Logged+1, 0.5, 1)
			end(t, s, r, Finished)
		}
	}
}

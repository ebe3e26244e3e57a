package store

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A killed merge leaves its folder, or the run's folder without the run.
func TestMergeAfterAKilledMerge(t *testing.T) {
	from := openStore(t, t.TempDir())
	r := finished(t, from, nil)
	keep(t, from, r.ID, "best", "best")
	s := openStore(t, t.TempDir())
	for _, left := range []string{stagePrefix + r.ID, r.ID} {
		if err := os.Mkdir(s.Folder(left), 0o777); err != nil {
			t.Fatal(err)
		}
		keep(t, s, left, "best", "half")
		keep(t, s, left, "last", "stale")
	}
	s.newID = func() string { return "00000001" }
	wantMerged(t, s, from.dir, TakenIn)
	if diff := cmp.Diff(everything(t, from, r.ID), everything(t, s, r.ID)); diff != "" {
		t.Error("(-there +here)", diff)
	}
	// Files of no run are not lost until they are collected as garbage.
	if diff := cmp.Diff(map[string]string{"best": "half", "last": "stale"}, kept(t, s, "00000001")); diff != "" {
		t.Error(diff)
	}
	removed, err := s.GC(t.Context(), func(Run) ([]string, error) { return nil, nil }, false)
	if diff := cmp.Diff([]Removed{{"00000001", 9}}, removed); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if found := check(t, s).Findings; len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestMergeThatIsNotCommitted(t *testing.T) {
	from := openStore(t, t.TempDir())
	first, second := finished(t, from, nil), finished(t, from, func(r *Run) { r.Identity = "i2" })
	keep(t, from, second.ID, "best", "best")
	s := openStore(t, t.TempDir())
	execute(t, s, `CREATE TABLE none (id INTEGER PRIMARY KEY)`)
	execute(t, s, `CREATE TABLE pending (id INTEGER REFERENCES none DEFERRABLE INITIALLY DEFERRED)`)
	execute(t, s, `CREATE TRIGGER at_commit AFTER INSERT ON runs WHEN new.identity = 'i2'
		BEGIN INSERT INTO pending VALUES (1); END`)
	o, err := OpenMergeSource(t.Context(), from.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	all, err := s.Merge(t.Context(), o, twoFiles, readSettings)
	wantError(t, err, "merge run "+second.ID, from.dir, "FOREIGN KEY")
	if len(all) != 1 || all[0].ID != first.ID || all[0].Outcome != TakenIn {
		t.Errorf("merged before the error: %+v", all)
	}
	if h := check(t, s); h.Runs != 1 || len(h.Findings) > 0 {
		t.Errorf("left behind: %+v", h)
	}
	execute(t, s, `DROP TRIGGER at_commit`)
	wantMerged(t, s, from.dir, Present, TakenIn)
}

// Whichever step of extending a run fails, the run is interrupted, no file passes its rows, and merging
// again completes it.
func TestExtendThatStops(t *testing.T) {
	from := openStore(t, t.TempDir())
	r := begin(t, from, nil)
	logEpoch(t, from, r.ID, 1, 0.5, 1)
	keep(t, from, r.ID, "best", "best 1")
	keep(t, from, r.ID, "last", "last 1")
	s := openStore(t, t.TempDir())
	wantMerged(t, s, from.dir, TakenIn)
	for i := range 2 {
		logEpoch(t, from, r.ID, i+2, 0.75, 1)
	}
	keep(t, from, r.ID, "best", "best 3")
	keep(t, from, r.ID, "last", "last 3")
	end(t, from, r, Finished)
	for _, tc := range []struct {
		name         string
		stop, resume func(s *Store)
		status       Status
		rows         int
		files        map[string]string
	}{
		{"before anything", func(s *Store) {
			execute(t, s, `CREATE TRIGGER stop BEFORE INSERT ON epochs BEGIN SELECT raise(ABORT, 'stop'); END`)
		}, func(s *Store) {
			execute(t, s, `DROP TRIGGER stop`)
		}, Interrupted, 1, map[string]string{"best": "best 1", "last": "last 1"}},
		{"before the files", func(s *Store) {
			os.Remove(filepath.Join(s.Folder(r.ID), "best"))
			os.MkdirAll(filepath.Join(s.Folder(r.ID), "best", "stop"), 0o777)
		}, func(s *Store) {
			os.RemoveAll(filepath.Join(s.Folder(r.ID), "best"))
			keep(t, s, r.ID, "best", "best 1")
		}, Interrupted, 3, map[string]string{"best": "best 1", "last": "last 1"}},
		{"between the files", func(s *Store) {
			os.Remove(filepath.Join(s.Folder(r.ID), "last"))
			os.MkdirAll(filepath.Join(s.Folder(r.ID), "last", "stop"), 0o777)
		}, func(s *Store) {
			os.RemoveAll(filepath.Join(s.Folder(r.ID), "last"))
			keep(t, s, r.ID, "last", "last 1")
		}, Interrupted, 3, map[string]string{"best": "best 3", "last": "last 1"}},
		{"before the end", func(s *Store) {
			execute(t, s, `CREATE TRIGGER stop BEFORE UPDATE ON runs WHEN new.status = 'finished'
			BEGIN SELECT raise(ABORT, 'stop'); END`)
		}, func(s *Store) {
			execute(t, s, `DROP TRIGGER stop`)
		}, Interrupted, 3, map[string]string{"best": "best 3", "last": "last 3"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := openStore(t, copyStore(t, s.dir))
			tc.stop(s)
			o, err := OpenMergeSource(t.Context(), from.dir)
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			if _, err := s.Merge(t.Context(), o, twoFiles, readSettings); err == nil {
				t.Fatal("nothing stopped it")
			}
			tc.resume(s)
			wantSound(t, s)
			got := everything(t, s, r.ID)
			if got.Run.Status != tc.status || got.Run.Logged != tc.rows {
				t.Errorf("%s, %d rows, want %s and %d", got.Run.Status, got.Run.Logged, tc.status, tc.rows)
			}
			if diff := cmp.Diff(tc.files, got.Files); diff != "" {
				t.Error(diff)
			}
			resumed := openStore(t, copyStore(t, s.dir)) // either of the two completes it
			if _, err := resumed.Resume(t.Context(), r.ID); err != nil {
				t.Error(err)
			}
			wantMerged(t, s, from.dir, Extended)
			if diff := cmp.Diff(everything(t, from, r.ID), everything(t, s, r.ID)); diff != "" {
				t.Error("(-there +here)", diff)
			}
		})
	}
}

// An interrupted run with complete rows but incomplete files is completed too.
func TestExtendThatStopsBetweenInterruptedRuns(t *testing.T) {
	from := openStore(t, t.TempDir())
	r := begin(t, from, nil)
	keep(t, from, r.ID, "last", "last 0")
	s := openStore(t, t.TempDir())
	wantMerged(t, s, from.dir, TakenIn)
	logEpoch(t, from, r.ID, 1, 0.5, 1)
	keep(t, from, r.ID, "last", "last 1")
	execute(t, s, `UPDATE runs SET reason = ?`, halfExtended)
	number := 0
	if err := s.db.QueryRow(`SELECT number FROM runs`).Scan(&number); err != nil {
		t.Fatal(err)
	}
	execute(t, s, `INSERT INTO epochs VALUES (?, 1, 0, 0, 0, 0.5, 0, 1, 0, '')`, number)
	wantMerged(t, s, from.dir, Extended)
	if got := everything(t, s, r.ID); got.Files["last"] != "last 1" || got.Run.Reason == halfExtended {
		t.Errorf("%+v", got)
	}
	wantMerged(t, s, from.dir, Present)
}

const mergeFolders = "STORE_TEST_MERGE"

// TestMergeChild is the process that TestKilledMerges kills.
func TestMergeChild(t *testing.T) {
	folders := filepath.SplitList(os.Getenv(mergeFolders))
	if len(folders) != 2 {
		t.Skip("started by TestKilledMerges alone")
	}
	fmt.Println("begins")
	merge(t, openStore(t, folders[0]), folders[1])
}

// The store is sound whenever a merge is killed, and the last merge completes it.
func TestKilledMerges(t *testing.T) {
	const runs = 40
	from := openStore(t, t.TempDir())
	for i := range runs {
		r := begin(t, from, func(r *Run) { r.Identity = fmt.Sprint(i) })
		logEpoch(t, from, r.ID, 1, 0.5, 1)
		keep(t, from, r.ID, "best", "best 1")
		keep(t, from, r.ID, "last", "last 1")
		end(t, from, r, Interrupted)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := openStore(t, t.TempDir())
	kill := func(wait time.Duration) {
		t.Helper()
		c := exec.CommandContext(t.Context(), program, "-test.run=^TestMergeChild$")
		c.Env = append(os.Environ(), mergeFolders+"="+s.dir+string(filepath.ListSeparator)+from.dir)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fscanln(out, new(string)); err != nil {
			t.Error("the child does not begin:", err)
		}
		time.Sleep(wait)
		c.Process.Kill()
		c.Wait()
		wantSound(t, s)
	}
	complete := func() {
		t.Helper()
		merge(t, s, from.dir)
		theirs, err := from.Runs(t.Context(), Filter{})
		if err != nil || len(theirs) != runs {
			t.Fatal(len(theirs), err)
		}
		for _, r := range theirs {
			if diff := cmp.Diff(everything(t, from, r.ID), everything(t, s, r.ID)); diff != "" {
				t.Errorf("(-there +here) %s", diff)
			}
		}
		if h := check(t, s); h.Runs != runs {
			t.Errorf("%d runs, want %d", h.Runs, runs)
		}
	}
	for i := range 6 {
		kill(time.Duration(3+7*i) * time.Millisecond)
	}
	complete()
	theirs, err := from.Runs(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range theirs {
		if _, err := from.Resume(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
		logEpoch(t, from, r.ID, 2, 0.75, 1)
		logEpoch(t, from, r.ID, 3, 0.75, 1)
		keep(t, from, r.ID, "best", "best 3")
		keep(t, from, r.ID, "last", "last 3")
		end(t, from, r, Finished)
	}
	for i := range 6 {
		kill(time.Duration(3+7*i) * time.Millisecond)
	}
	complete()
}

// A run that another merge adds between the search for the run and the search for its ID is not taken
// for another run of that ID.
func TestMergeOfARunAddedMeanwhile(t *testing.T) {
	from, s := openStore(t, t.TempDir()), openStore(t, t.TempDir())
	r := finished(t, from, nil)
	wantMerged(t, s, from.dir, TakenIn)
	o, err := OpenMergeSource(t.Context(), from.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	runs, err := o.runs(t.Context(), s.db)
	if err != nil {
		t.Fatal(err)
	}
	var no refusal
	for _, id := range []string{r.ID, "0badcafe"} {
		m := merging{s, o, twoFiles, Merged{Run: runs[0]}}
		if err := m.add(t.Context(), id); !errors.As(err, &no) {
			t.Errorf("as %s: %v, want a refusal", id, err)
		}
	}
	if h := check(t, s); h.Runs != 1 || len(h.Findings) > 0 {
		t.Errorf("%+v", h)
	}
}

// Several processes merge at once.
func TestMergesAtOnce(t *testing.T) {
	from := openStore(t, t.TempDir())
	for i := range 10 {
		r := finished(t, from, func(r *Run) { r.Identity = fmt.Sprint(i) })
		keep(t, from, r.ID, "best", "best")
	}
	dir := t.TempDir()
	var wg sync.WaitGroup
	for range 3 {
		s := openStore(t, dir)
		wg.Go(func() { merge(t, s, from.dir) })
	}
	wg.Wait()
	s := openStore(t, dir)
	merge(t, s, from.dir)
	if h := check(t, s); h.Runs != 10 || len(h.Findings) > 0 {
		t.Errorf("%+v", h)
	}
	runs, err := s.Runs(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		if diff := cmp.Diff(everything(t, from, r.ID), everything(t, s, r.ID)); diff != "" {
			t.Errorf("(-there +here) %s", diff)
		}
	}
}

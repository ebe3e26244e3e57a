package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// twoFiles are the checkpoints of the tests' runs; one that reads "bad" is damaged.
var twoFiles = Checkpoints{
	Names: []string{"best", "last"},
	Verify: func(path string) error {
		b, err := os.ReadFile(path)
		if err == nil && string(b) == "bad" {
			err = errors.New("bad checksum")
		}
		return err
	},
}

func merge(t *testing.T, s *Store, from string) []Merged {
	t.Helper()
	o, err := OpenMergeSource(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	all, err := s.Merge(t.Context(), o, twoFiles, readSettings)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// wantMerged merges and fails unless these are the outcomes, in order.
func wantMerged(t *testing.T, s *Store, from string, want ...Outcome) []Merged {
	t.Helper()
	all := merge(t, s, from)
	var got []Outcome
	for _, m := range all {
		got = append(got, m.Outcome)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcomes (-want +got): %s\n%+v", diff, all)
	}
	wantSound(t, s)
	return all
}

// keep writes a checkpoint into a run's folder.
func keep(t *testing.T, s *Store, id, name, content string) {
	t.Helper()
	writeFile(t, filepath.Join(s.Folder(id), name), content)
}

// kept returns the files in a run's folder, by name.
func kept(t *testing.T, s *Store, id string) map[string]string {
	t.Helper()
	all := map[string]string{}
	if _, err := os.Stat(s.Folder(id)); errors.Is(err, fs.ErrNotExist) {
		return all
	}
	for _, name := range fileNames(t, s.Folder(id)) {
		b, err := os.ReadFile(filepath.Join(s.Folder(id), name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(b)
	}
	return all
}

// all is what is on record of a run.
type all struct {
	Run     Run
	Epochs  []Epoch
	Curve   Curve
	Answers map[string]Answers // by split
	Of      map[string]int     // the epoch that they are of
	Looks   []TestUse
	Files   map[string]string
}

func everything(t *testing.T, s *Store, id string) all {
	t.Helper()
	r, err := s.Find(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	epochs, err := s.Epochs(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	a := all{Run: r, Epochs: epochs, Answers: map[string]Answers{}, Of: map[string]int{}, Files: kept(t, s, id)}
	for _, split := range []string{Validation, Test} {
		answers, epoch, found, err := s.Answers(t.Context(), id, split)
		if err != nil {
			t.Fatal(err)
		}
		if found {
			a.Answers[split], a.Of[split] = answers, epoch
		}
	}
	if a.Looks, err = s.TestUses(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	err = s.db.QueryRow(`SELECT points FROM curves JOIN runs ON number = run WHERE id = ?`, id).Scan((*[]byte)(&a.Curve))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatal(err)
	}
	return a
}

func copyStore(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestMergeTakesIn(t *testing.T) {
	from := openStore(t, t.TempDir())
	done := finished(t, from, func(r *Run) { r.Identity = "done" })
	if err := from.RecordTest(t.Context(), done.ID, done.Epochs, 0.5, answersOf(0.75)); err != nil {
		t.Fatal(err)
	}
	stopped := begin(t, from, func(r *Run) { r.Identity = "stopped" })
	logEpoch(t, from, stopped.ID, 1, 0.5, 1)
	end(t, from, stopped, Interrupted)
	running := begin(t, from, func(r *Run) { r.Identity = "running" })
	logEpoch(t, from, running.ID, 1, 0.5, 2)
	for _, r := range []Run{done, stopped, running} {
		keep(t, from, r.ID, "last", "last of "+r.ID)
		keep(t, from, r.ID, ".last.1.tmp", "half")
	}
	keep(t, from, done.ID, "best", "best of "+done.ID)

	s := openStore(t, t.TempDir())
	mine := begin(t, s, nil)
	before := contents(t, from.dir)
	wantMerged(t, s, from.dir, TakenIn, TakenIn, TakenIn)
	if diff := cmp.Diff(before, contents(t, from.dir)); diff != "" {
		t.Error("the other store is changed:", diff)
	}
	ignoreTemp := cmpopts.IgnoreMapEntries(func(name, _ string) bool { return name == ".last.1.tmp" })
	for _, id := range []string{done.ID, stopped.ID} {
		if diff := cmp.Diff(everything(t, from, id), everything(t, s, id), ignoreTemp); diff != "" {
			t.Errorf("(-there +here) %s", diff)
		}
	}
	if diff := cmp.Diff(map[string]string{"last": "last of " + stopped.ID}, kept(t, s, stopped.ID)); diff != "" {
		t.Error(diff)
	}
	got := everything(t, s, running.ID).Run
	if got.Status != Interrupted || got.Logged != 1 || got.Reason != "it was being trained when it was merged" ||
		got.Finished.Sub(got.Started).Seconds() != 2 {
		t.Errorf("what is running there: %+v", got)
	}
	runs, err := s.Runs(t.Context(), Filter{})
	var order []string
	for _, r := range runs {
		order = append(order, r.ID)
	}
	if diff := cmp.Diff([]string{running.ID, stopped.ID, done.ID, mine.ID}, order); err != nil || diff != "" {
		t.Error("the order of beginning:", err, diff)
	}
	if _, err := s.Resume(t.Context(), stopped.ID); err != nil {
		t.Error("a run that was taken in cannot be resumed:", err)
	}

	wantMerged(t, s, from.dir, Present, Present, Present)
	logEpoch(t, from, running.ID, 2, 0.75, 1)
	end(t, from, running, Diverged)
	wantMerged(t, s, from.dir, Present, Present, Extended)
	wantMerged(t, s, from.dir, Present, Present, Present)
}

// Of finished runs of one identity, those with other rows are taken in.
func TestMergeOfTheSameResult(t *testing.T) {
	train := func(s *Store, st Status, valLoss, seconds float64) Run {
		r := begin(t, s, nil)
		if err := s.Log(t.Context(), r.ID, Epoch{Epoch: 1, ValLoss: valLoss, Seconds: seconds, EvalSeconds: seconds},
			answersOf(0)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.db.Exec(`UPDATE runs SET planned_epochs = 1`); err != nil {
			t.Fatal(err)
		}
		end(t, s, r, st)
		return r
	}
	s, from := openStore(t, t.TempDir()), openStore(t, t.TempDir())
	train(s, Interrupted, 0.5, 1)
	here := train(s, Finished, 0.5, 1)
	train(s, Finished, 0.25, 1)
	train(from, Finished, 0.5, 2)
	train(from, Finished, 0.125, 1)
	train(from, Diverged, 0.5, 1)
	all := wantMerged(t, s, from.dir, Present, TakenIn, TakenIn)
	if all[0].ID != here.ID {
		t.Errorf("the same result is %s, want %s", all[0].ID, here.ID)
	}
	wantMerged(t, s, from.dir, Present, Present, Present)
}

func TestMergeOfACopyThatWentOn(t *testing.T) {
	first := openStore(t, t.TempDir())
	r := begin(t, first, nil)
	logEpoch(t, first, r.ID, 1, 0.5, 1)
	keep(t, first, r.ID, "best", "best 1")
	keep(t, first, r.ID, "last", "last 1")
	first.Close() // lost, and the store is copied so
	for _, tc := range []struct {
		name string
		// What happens here and there after the copy.
		here, there func(s *Store)
		want        Outcome
		why         string
		files       map[string]string
	}{
		{"nothing", nil, nil, Present, "", map[string]string{"best": "best 1", "last": "last 1"}},
		{"it went on there", nil, func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.75, 1)
			keep(t, s, r.ID, "best", "best 2")
			keep(t, s, r.ID, "last", "last 2")
			end(t, s, r, Interrupted)
		}, Extended, "", map[string]string{"best": "best 2", "last": "last 2"}},
		{"it was finished there, and its state removed", nil, func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.25, 1)
			logEpoch(t, s, r.ID, 3, 0.25, 1)
			os.Remove(filepath.Join(s.Folder(r.ID), "last"))
			end(t, s, r, Finished)
		}, Extended, "", map[string]string{"best": "best 1"}},
		{"it ended there without another epoch", nil, func(s *Store) { end(t, s, r, Diverged) }, Extended, "",
			map[string]string{"best": "best 1", "last": "last 1"}},
		{"both went on", func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.75, 7)
			end(t, s, r, Failed)
		}, func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.75, 8)
			logEpoch(t, s, r.ID, 3, 0.75, 8)
			end(t, s, r, Finished)
		}, Extended, "", map[string]string{"best": "best 1", "last": "last 1"}},
		{"it went on further here", func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.75, 1)
			end(t, s, r, Interrupted)
		}, func(s *Store) { end(t, s, r, Diverged) }, Present, "", map[string]string{"best": "best 1", "last": "last 1"}},
		{"it came to something else", func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.5, 1)
			end(t, s, r, Interrupted)
		}, func(s *Store) {
			if err := s.Log(t.Context(), r.ID, Epoch{Epoch: 2, ValLoss: 0.125, WeightsHash: "0123456789"},
				answersOf(0)); err != nil {
				t.Fatal(err)
			}
			end(t, s, r, Finished)
		}, Conflict, "epoch 2 has validation loss 0 and weights  here, 0.125 and 01234567 there",
			map[string]string{"best": "best 1", "last": "last 1"}},
		{"it ended here before", func(s *Store) { end(t, s, r, Diverged) }, func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.5, 1)
			end(t, s, r, Interrupted)
		}, Conflict, "it is diverged here after 1 epochs, and has 2 there",
			map[string]string{"best": "best 1", "last": "last 1"}},
		{"it is running here", func(s *Store) {}, func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.5, 1)
			end(t, s, r, Interrupted)
		}, Refused, "another process trains it here", map[string]string{"best": "best 1", "last": "last 1"}},
		{"its folder is lost here", func(s *Store) {
			end(t, s, r, Interrupted)
			os.RemoveAll(s.Folder(r.ID))
		}, func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.5, 1)
			end(t, s, r, Interrupted)
		}, Extended, "", map[string]string{"best": "best 1", "last": "last 1"}},
		{"a file is damaged there", nil, func(s *Store) {
			logEpoch(t, s, r.ID, 2, 0.5, 1)
			keep(t, s, r.ID, "best", "bad")
			end(t, s, r, Interrupted)
		}, Refused, "its best is damaged: remove", map[string]string{"best": "best 1", "last": "last 1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			here, there := copyStore(t, first.dir), copyStore(t, first.dir)
			for dir, happens := range map[string]func(*Store){here: tc.here, there: tc.there} {
				if happens == nil {
					continue
				}
				s := openStore(t, dir)
				if _, err := s.Resume(t.Context(), r.ID); err != nil {
					t.Fatal(err)
				}
				happens(s)
			}
			s := openStore(t, here)
			before := everything(t, openStore(t, here), r.ID)
			other := openStore(t, there)
			execute(t, other, `UPDATE runs SET planned_epochs = 0`)
			execute(t, s, `UPDATE runs SET planned_epochs = 0`)
			got := merge(t, s, there)
			if len(got) != 1 || got[0].Outcome != tc.want || got[0].ID != r.ID || got[0].Had != before.Run.Logged {
				t.Fatalf("%+v, want %s", got, tc.want)
			}
			if tc.why != "" {
				wantError(t, errors.New(got[0].Why), tc.why)
			}
			wantSound(t, s)
			after := everything(t, s, r.ID)
			if diff := cmp.Diff(tc.files, after.Files); diff != "" {
				t.Error("files:", diff)
			}
			want := before
			if tc.want == Extended {
				want = everything(t, other, r.ID)
				copy(want.Epochs, before.Epochs) // rows that are here stay
				want.Curve = nil
				for _, e := range want.Epochs {
					want.Curve = want.Curve.append(e)
				}
			}
			if diff := cmp.Diff(want, after, cmpopts.IgnoreFields(all{}, "Files"),
				cmpopts.IgnoreFields(Run{}, "Epochs", "Seconds")); diff != "" {
				t.Error("(-want +got):", diff)
			}
			if tc.want == Extended {
				wantMerged(t, s, there, Present)
			} else if again := merge(t, s, there); again[0].Outcome != tc.want {
				t.Errorf("again: %+v", again)
			}
		})
	}
}

func TestMergeRefusesWhatIsNotWhole(t *testing.T) {
	from, s := openStore(t, t.TempDir()), openStore(t, t.TempDir())
	finished(t, from, nil)
	finished(t, from, func(r *Run) { r.Identity = "i2" })
	gap := begin(t, from, func(r *Run) { r.Identity = "i3" })
	logEpoch(t, from, gap.ID, 2, 0.5, 1)
	end(t, from, gap, Interrupted)
	execute(t, from, `UPDATE runs SET planned_epochs = 4, logged_epochs = 4 WHERE identity = 'i2'`)
	all := wantMerged(t, s, from.dir, TakenIn, Refused, Refused)
	wantError(t, errors.New(all[1].Why), "is incomplete there", "runner store check --store "+from.dir)
	// Sums that are wrong there are computed anew.
	execute(t, from, `UPDATE runs SET planned_epochs = 3, seconds = 99`)
	wantMerged(t, s, from.dir, Present, TakenIn, Refused)
}

// Damaged answers are left out, and nothing else is.
func TestMergeLeavesOutDamagedAnswers(t *testing.T) {
	from, s := openStore(t, t.TempDir()), openStore(t, t.TempDir())
	first := finished(t, from, nil)
	second := finished(t, from, func(r *Run) { r.Identity = "i2" })
	for _, r := range []Run{first, second} {
		if err := from.RecordTest(t.Context(), r.ID, r.Epochs, 0.5, answersOf(0.75)); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]all{first.ID: everything(t, from, first.ID), second.ID: everything(t, from, second.ID)}
	delete(want[first.ID].Answers, Validation)
	delete(want[first.ID].Of, Validation)
	execute(t, from, `UPDATE answers SET confusion = x'808080' WHERE split = 'validation' AND run = 1`)
	delete(want[second.ID].Answers, Test)
	delete(want[second.ID].Of, Test)
	execute(t, from, `UPDATE answers SET correct = zeroblob(125), confusion = x'00e8070000'
		WHERE split = 'test' AND run = 2`)
	wantMerged(t, s, from.dir, TakenIn, TakenIn)
	for id, want := range want {
		if diff := cmp.Diff(want, everything(t, s, id)); diff != "" {
			t.Errorf("%s (-want +got) %s", id, diff)
		}
	}
}

// Merging again brings the result of a test that was running there during the first merge.
func TestMergeBringsTheTestAfterItsLook(t *testing.T) {
	from, s := openStore(t, t.TempDir()), openStore(t, t.TempDir())
	r := finished(t, from, nil)
	if err := from.CountTestUse(t.Context(), r.ID, "test", 1000); err != nil {
		t.Fatal(err)
	}
	wantMerged(t, s, from.dir, TakenIn)
	if err := from.RecordTest(t.Context(), r.ID, r.Epochs, 0.5, answersOf(0.75)); err != nil {
		t.Fatal(err)
	}
	wantMerged(t, s, from.dir, Present)
	if diff := cmp.Diff(everything(t, from, r.ID), everything(t, s, r.ID)); diff != "" {
		t.Errorf("(-there +here) %s", diff)
	}
}

// A run that was resumed there and has a better epoch loses its answers here, even if there are none there.
func TestMergeLeavesNoStaleAnswers(t *testing.T) {
	first := openStore(t, t.TempDir())
	r := begin(t, first, nil)
	logEpoch(t, first, r.ID, 1, 0.5, 1)
	end(t, first, r, Interrupted)
	there := openStore(t, copyStore(t, first.dir))
	if _, err := there.Resume(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	logEpoch(t, there, r.ID, 2, 0.75, 1)
	end(t, there, r, Interrupted)
	execute(t, there, `DELETE FROM answers`)
	wantMerged(t, first, there.dir, Extended)
	if a := everything(t, first, r.ID).Answers; len(a) > 0 {
		t.Errorf("answers of another epoch than the best: %+v", a)
	}
}

// Two stores drew one ID for different runs.
func TestMergeWithACollision(t *testing.T) {
	s, from := openStore(t, t.TempDir()), openStore(t, t.TempDir())
	one := func() string { return "00000001" }
	s.newID, from.newID = one, one
	mine := finished(t, s, nil)
	theirs := begin(t, from, func(r *Run) { r.Identity, r.Experiment = "i2", "other" })
	keep(t, from, theirs.ID, "last", "1")
	end(t, from, theirs, Interrupted)
	ids := []string{"00000001", "00000002", "00000003"}
	if err := os.Mkdir(s.Folder("00000002"), 0o777); err != nil { // of no run
		t.Fatal(err)
	}
	s.newID = func() string {
		id := ids[0]
		ids = ids[1:]
		return id
	}
	before := everything(t, s, mine.ID)
	got := wantMerged(t, s, from.dir, TakenIn)
	if got[0].ID != "00000003" {
		t.Errorf("taken in as %s", got[0].ID)
	}
	wantMerged(t, s, from.dir, Present)
	if diff := cmp.Diff(before, everything(t, s, mine.ID)); diff != "" {
		t.Error("the run here was changed:", diff)
	}
	if _, err := from.Resume(t.Context(), theirs.ID); err != nil {
		t.Fatal(err)
	}
	logEpoch(t, from, theirs.ID, 1, 0.5, 1)
	end(t, from, theirs, Interrupted)
	if got := wantMerged(t, s, from.dir, Extended); got[0].ID != "00000003" {
		t.Errorf("extended %s", got[0].ID)
	}
	if got := everything(t, s, "00000003"); got.Run.Logged != 1 || got.Files["last"] != "1" {
		t.Errorf("%+v", got)
	}
}

func TestMergeOfItself(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "runs")
	s := openStore(t, dir)
	finished(t, s, nil)
	link := filepath.Join(parent, "link")
	if err := os.Symlink("runs", link); err != nil {
		t.Fatal(err)
	}
	linked := filepath.Join(parent, "linked")
	if err := os.Mkdir(linked, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, databaseName), filepath.Join(linked, databaseName)); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{dir, link, linked} {
		o, err := OpenMergeSource(t.Context(), other)
		if err != nil {
			t.Fatal(err)
		}
		defer o.Close()
		if all, err := s.Merge(t.Context(), o, twoFiles, readSettings); !errors.Is(err, ErrSameStore) || len(all) > 0 {
			t.Errorf("%s: %v %v", other, all, err)
		}
	}
}

func TestOpenMergeSourceRefuses(t *testing.T) {
	dir := t.TempDir()
	_, err := OpenMergeSource(t.Context(), dir)
	if wantError(t, err, dir, "no store"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	writeFile(t, filepath.Join(dir, databaseName), "")
	_, err = OpenMergeSource(t.Context(), dir)
	wantError(t, err, dir, "empty")
	newer := filepath.Join(dir, "newer")
	rawDatabase(t, newer, nil, "CREATE TABLE goose_db_version (version_id INTEGER); "+
		"INSERT INTO goose_db_version VALUES (99)").Close()
	_, err = OpenMergeSource(t.Context(), newer)
	wantError(t, err, newer, "version 99", "newer runner")
}

// Stores of all released versions can be merged, and are not changed. The result is that of migrating
// them.
func TestMergeOfOlderVersions(t *testing.T) {
	files := Checkpoints{Names: []string{"best.safetensors", "last.safetensors"},
		Verify: func(string) error { return nil }}
	for _, version := range []string{"version1", "version2", "version3", "version5", "version6"} {
		original := filepath.Join("testdata", version)
		old := copyStore(t, original)
		s := openStore(t, t.TempDir())
		for _, want := range []Outcome{TakenIn, Present} {
			o, err := OpenMergeSource(t.Context(), old)
			if err != nil {
				t.Fatal(err)
			}
			merged, err := s.Merge(t.Context(), o, files, readSettings)
			if err != nil || len(merged) != 3 {
				t.Fatalf("%s: %+v %v", version, merged, err)
			}
			for _, m := range merged {
				if m.Outcome != want {
					t.Errorf("%s: %+v, want %s", version, m, want)
				}
			}
			if err := o.Close(); err != nil {
				t.Error(err)
			}
		}
		wantSound(t, s)
		if diff := cmp.Diff(fileNames(t, original), fileNames(t, old)); diff != "" {
			t.Error("the other store is changed:", diff)
		}
		if diff := cmp.Diff(contents(t, original), contents(t, old)); diff != "" {
			t.Error("the other store is changed")
		}
		migrated := openStore(t, copyStore(t, original))
		for _, id := range []string{"3bd217ea", "cc519b5e", "52d16e7e"} {
			want, got := everything(t, migrated, id), everything(t, s, id)
			if want.Run.Finished.IsZero() { // lost at an unknown time
				want.Run.Finished = got.Run.Finished
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
				t.Errorf("%s (-migrated +merged): %s", version, diff)
			}
		}
	}
}

// A record that cannot be read hinders neither migrating its store nor merging the other runs.
func TestUnreadableRecord(t *testing.T) {
	old := copyStore(t, filepath.Join("testdata", "version3"))
	db := rawDatabase(t, old, nil, `UPDATE runs SET config = 'a: [1' WHERE id = '3bd217ea'`)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	merged := openStore(t, t.TempDir())
	for i, m := range merge(t, merged, old) {
		if m.Outcome != TakenIn {
			t.Errorf("run %d: %+v", i, m)
		}
	}
	for _, s := range []*Store{merged, openStore(t, old)} {
		groups, err := allSettings(t.Context(), s.db)
		if err != nil {
			t.Fatal(err)
		}
		if len(groups) != 2 {
			t.Errorf("settings of %d groups, expected those of the two that can be read", len(groups))
		}
	}
}

// A moved store is read and merged as before, and runs merged from it before are recognised.
func TestMergeOfAMovedStore(t *testing.T) {
	from := openStore(t, filepath.Join(t.TempDir(), "runs"))
	r := finished(t, from, nil)
	keep(t, from, r.ID, "best", "best")
	s := openStore(t, filepath.Join(t.TempDir(), "runs"))
	wantMerged(t, s, from.dir, TakenIn)
	for _, s := range []*Store{from, s} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(s.dir, s.dir+" moved"); err != nil {
			t.Fatal(err)
		}
	}
	moved := openStore(t, s.dir+" moved")
	if got := everything(t, moved, r.ID); got.Run.Status != Finished || len(got.Epochs) != 3 ||
		got.Files["best"] != "best" {
		t.Errorf("%+v", got)
	}
	wantMerged(t, moved, from.dir+" moved", Present)
	wantMerged(t, openStore(t, t.TempDir()), from.dir+" moved", TakenIn)
}

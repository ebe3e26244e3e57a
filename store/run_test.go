package store

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestBeginAndRead(t *testing.T) {
	s := openStore(t, t.TempDir())
	given := example()
	// What a run has only later is not copied from, say, a run that is repeated.
	given.ID, given.Status, given.Reason, given.Finished = "x", Failed, "old", time.Now()
	given.TestLoss, given.Logged, given.BestEpoch = new(1.0), 7, new(3)
	before := time.Now().Add(-time.Second)
	got, err := s.Begin(t.Context(), given, exampleData())
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}$`).MatchString(got.ID) {
		t.Errorf("id %q", got.ID)
	}
	if got.Started.Before(before) || got.Started.After(time.Now()) || got.Started.Location() != time.UTC {
		t.Errorf("started %v", got.Started)
	}
	want := example()
	want.Settings = "" // kept with the group
	want.ID, want.Started, want.Status = got.ID, got.Started, Running
	want.Owner = thisProcess()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("returned (-want +got):", diff)
	}
	found, err := s.Find(t.Context(), got.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error("read back (-want +got):", diff)
	}
	if info, err := os.Stat(s.Folder(got.ID)); err != nil || !info.IsDir() {
		t.Error("folder:", err)
	}
}

func TestBeginRefuses(t *testing.T) {
	s := openStore(t, t.TempDir())
	for name, change := range map[string]func(*Run){
		"experiment":        func(r *Run) { r.Experiment = "" },
		"identity":          func(r *Run) { r.Identity = "" },
		"seedless_identity": func(r *Run) { r.Group = "" },
		"mode":              func(r *Run) { r.Mode = "" },
		"dataset":           func(r *Run) { r.Dataset = "" },
		"parameters":        func(r *Run) { r.Parameters = -1 },
		"init_from":         func(r *Run) { r.InitFrom = "weights.safetensors" },
	} {
		r := example()
		change(&r)
		_, err := s.Begin(t.Context(), r, dataOf(r))
		wantError(t, err, name, s.dir)
	}
	if runs, err := s.Runs(t.Context(), Filter{}); err != nil || len(runs) != 0 {
		t.Error(runs, err)
	}
	if diff := cmp.Diff([]string{"runner.db", "runner.db-shm", "runner.db-wal", "runner.db.lock", "runner.locks"},
		fileNames(t, s.dir)); diff != "" {
		t.Error("left behind:", diff)
	}
}

func TestTakenIDs(t *testing.T) {
	s := openStore(t, t.TempDir())
	ids := []string{"00000001", "00000001", "00000002", "00000003"}
	s.newID = func() string {
		id := ids[0]
		ids = ids[1:]
		return id
	}
	if err := os.Mkdir(s.Folder("00000002"), 0o777); err != nil { // a folder without a run
		t.Fatal(err)
	}
	for _, want := range []string{"00000001", "00000003"} {
		if r := begin(t, s, nil); r.ID != want {
			t.Errorf("id %s, want %s", r.ID, want)
		}
	}
	if runs, err := s.Runs(t.Context(), Filter{}); err != nil || len(runs) != 2 {
		t.Error(len(runs), err)
	}
}

func TestBeginWithoutFolderKeepsNoRow(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs")
	s := openStore(t, dir)
	if err := os.Rename(dir, dir+"-moved"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), example(), exampleData()); err == nil {
		t.Error("began a run whose folder cannot be made")
	}
	if runs, err := s.Runs(t.Context(), Filter{}); err != nil || len(runs) != 0 {
		t.Error(runs, err)
	}
}

// A commit that fails removes the folder.
func TestBeginThatIsNotCommittedKeepsNoFolder(t *testing.T) {
	s := openStore(t, t.TempDir())
	before := append(fileNames(t, s.dir), locksName)
	if _, err := s.db.Exec(`
		CREATE TABLE none (id INTEGER PRIMARY KEY);
		CREATE TABLE pending (id INTEGER REFERENCES none DEFERRABLE INITIALLY DEFERRED);
		CREATE TRIGGER at_commit AFTER INSERT ON runs BEGIN INSERT INTO pending VALUES (1); END`); err != nil {
		t.Fatal(err)
	}
	_, err := s.Begin(t.Context(), example(), exampleData())
	wantError(t, err, s.dir, "FOREIGN KEY")
	if diff := cmp.Diff(before, fileNames(t, s.dir)); diff != "" {
		t.Error("left behind (-before +after):", diff)
	}
	if runs, err := s.Runs(t.Context(), Filter{}); err != nil || len(runs) != 0 {
		t.Error(runs, err)
	}
}

func TestEnd(t *testing.T) {
	for _, tc := range []struct {
		status Status
		reason string
		want   []string // of the error; nil: none
	}{
		{Finished, "", nil},
		{Failed, "the disk is full", nil},
		{Interrupted, "ctrl-c", nil},
		{Diverged, "train_loss is NaN in epoch 2", nil},
		{Running, "", []string{"want finished, failed, interrupted or diverged"}},
		{"done", "", []string{"as done", "want finished"}},
		{"", "", []string{"want finished"}},
	} {
		t.Run(string(tc.status), func(t *testing.T) {
			s := openStore(t, t.TempDir())
			r := begin(t, s, nil)
			err := s.End(t.Context(), r.ID, tc.status, tc.reason, "")
			if tc.want != nil {
				wantError(t, err, append(tc.want, r.ID)...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Find(t.Context(), r.ID)
			if err != nil || got.Status != tc.status || got.Reason != tc.reason || got.Finished.Before(got.Started) {
				t.Error(got, err)
			}
			wantError(t, s.End(t.Context(), r.ID, Finished, "", ""), r.ID, "has ended ("+string(tc.status)+")")
			wantError(t, s.Log(t.Context(), r.ID, Epoch{Epoch: 1}, answersOf(0)), r.ID, "has ended")
		})
	}
}

func TestRecordTest(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := begin(t, s, nil)
	logEpoch(t, s, r.ID, 1, 0.5, 1)
	for i, figures := range [][2]float64{{1.5, 0.25}, {0.5, 0.75}} {
		if err := s.RecordTest(t.Context(), r.ID, 1, figures[0], answersOf(figures[1])); err != nil {
			t.Fatal(err)
		}
		got, err := s.Find(t.Context(), r.ID)
		if err != nil || *got.TestLoss != figures[0] || *got.TestAccuracy != figures[1] {
			t.Error(got, err)
		}
		if i == 0 { // results may also come after the end
			if err := s.End(t.Context(), r.ID, Finished, "", ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantError(t, s.RecordTest(t.Context(), r.ID, 1, math.NaN(), answersOf(0.5)), r.ID, "loss is NaN")
	wantError(t, s.RecordTest(t.Context(), r.ID, 1, math.Inf(1), answersOf(0.5)), "loss is +Inf")
	wantError(t, s.RecordTest(t.Context(), r.ID, 1, 1, Answers{}), "no answers")
	short := answersOf(0.5)
	short.Correct = short.Correct[1:]
	wantError(t, s.RecordTest(t.Context(), r.ID, 1, 1, short), "124 bytes", "expected 125")
	wantError(t, s.RecordTest(t.Context(), begin(t, s, nil).ID, 1, 1, answersOf(0.5)), "no epoch yet")
	wantError(t, s.RecordTest(t.Context(), r.ID, 2, 1, answersOf(0.5)), "of epoch 2, on record epoch 1 is the best",
		"runner resume "+r.ID)
}

func TestUnknownRun(t *testing.T) {
	s := openStore(t, t.TempDir())
	begin(t, s, nil)
	const id = "seed-cnn" // a name is no id
	_, err := s.Epochs(t.Context(), id)
	for do, err := range map[string]error{
		"Log":        s.Log(t.Context(), id, Epoch{Epoch: 1}, answersOf(0)),
		"End":        s.End(t.Context(), id, Finished, "", ""),
		"RecordTest": s.RecordTest(t.Context(), id, 1, 1, answersOf(0.5)),
		"Epochs":     err,
	} {
		var missing *NotFoundError
		if !errors.As(err, &missing) || missing.Ref != id {
			t.Errorf("%s: %v, want a NotFoundError", do, err)
		}
	}
}

func TestLog(t *testing.T) {
	s := openStore(t, t.TempDir())
	r, other := begin(t, s, nil), begin(t, s, nil)
	want := []Epoch{
		{Epoch: 1, TrainLoss: 2.25, BatchLoss: 2.125, ValLoss: 2, ValAccuracy: 0.3, LearningRate: 1e-3, Seconds: 4,
			EvalSeconds: 0.5, WeightsHash: "aa"},
		{Epoch: 2, TrainLoss: 1.25, BatchLoss: 1.125, ValLoss: 1, ValAccuracy: 0.5, LearningRate: 5e-4, Seconds: 3,
			EvalSeconds: 0.25, WeightsHash: "bb"},
		{Epoch: 3, TrainLoss: 0.25, BatchLoss: 1e-300, ValLoss: 3, ValAccuracy: 0.5, LearningRate: 0, Seconds: 2,
			EvalSeconds: 0, WeightsHash: ""},
	}
	if epochs, err := s.Epochs(t.Context(), r.ID); err != nil || len(epochs) != 0 {
		t.Error("before the first:", epochs, err)
	}
	for _, i := range []int{0, 2, 1} { // in any order
		if err := s.Log(t.Context(), r.ID, want[i], answersOf(want[i].ValAccuracy)); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, s.Log(t.Context(), r.ID, want[1], answersOf(want[1].ValAccuracy)), r.ID, "has an epoch 2 already")

	got, err := s.Epochs(t.Context(), r.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if epochs, err := s.Epochs(t.Context(), other.ID); err != nil || len(epochs) != 0 {
		t.Error("the other run has", epochs, err)
	}
	run, err := s.Find(t.Context(), r.ID)
	if err != nil || run.Logged != 3 || run.Seconds != 9 || *run.BestEpoch != 2 || *run.BestValAccuracy != 0.5 {
		t.Errorf("sums: %+v %v", run, err)
	}
}

func TestLogRefuses(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := begin(t, s, nil)
	nan, inf := math.NaN(), math.Inf(1)
	for _, tc := range []struct {
		epoch Epoch
		want  string
	}{
		{Epoch{Epoch: 0}, "count from 1"},
		{Epoch{Epoch: -1}, "count from 1"},
		{Epoch{Epoch: 1, TrainLoss: nan}, "train_loss is NaN, not a finite number: end the run as diverged"},
		{Epoch{Epoch: 1, BatchLoss: inf}, "batch_loss is +Inf"},
		{Epoch{Epoch: 1, ValLoss: -inf}, "val_loss is -Inf"},
		{Epoch{Epoch: 1, LearningRate: nan}, "learning_rate is NaN"},
		{Epoch{Epoch: 1, ValAccuracy: nan}, "val_accuracy is NaN"},
		{Epoch{Epoch: 1, ValAccuracy: 1.01}, "val_accuracy is 1.01: want a fraction"},
		{Epoch{Epoch: 1, ValAccuracy: -0.01}, "val_accuracy is -0.01"},
		{Epoch{Epoch: 1, Seconds: -1}, "seconds is -1"},
		{Epoch{Epoch: 1, Seconds: nan}, "seconds is NaN"},
		{Epoch{Epoch: 1, EvalSeconds: inf}, "eval_seconds is +Inf"},
	} {
		wantError(t, s.Log(t.Context(), r.ID, tc.epoch, answersOf(tc.epoch.ValAccuracy)), r.ID, tc.want)
	}
	if epochs, err := s.Epochs(t.Context(), r.ID); err != nil || len(epochs) != 0 {
		t.Error(epochs, err)
	}
}

func TestFullDiskAndBusyDatabase(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := begin(t, s, nil)
	pragma := func(text string) {
		t.Helper()
		if _, err := s.db.Exec("PRAGMA " + text); err != nil { // the store has one connection
			t.Fatal(err)
		}
	}
	pragma("max_page_count = 1") // no more than there are
	var err error
	logged := 0
	for err == nil {
		if err = s.Log(t.Context(), r.ID, Epoch{Epoch: logged + 1}, answersOf(0)); err == nil {
			logged++
		}
	}
	wantError(t, err, s.dir, "disk is full")
	if got, err := s.Find(t.Context(), r.ID); err != nil || got.Logged != logged {
		t.Errorf("%d epochs counted (%v), want %d", got.Logged, err, logged)
	}
	if epochs, err := s.Epochs(t.Context(), r.ID); err != nil || len(epochs) != logged {
		t.Errorf("%d epochs (%v), want %d", len(epochs), err, logged)
	}

	pragma("max_page_count = 1000000")
	pragma("busy_timeout = 0")
	tx, err := openStore(t, s.dir).db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, s.Log(t.Context(), r.ID, Epoch{Epoch: logged + 1}, answersOf(0)), s.dir, "another process", "try again")
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	logEpoch(t, s, r.ID, logged+1, 0.5, 1)
}

// TestSumsFollowEpochs compares a run's sums, which Log updates, with its epochs.
func TestSumsFollowEpochs(t *testing.T) {
	s := openStore(t, t.TempDir())
	rapid.Check(t, func(rt *rapid.T) {
		r := begin(t, s, nil)
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 1, 6, rapid.ID[int]).Draw(rt, "epochs")
		for _, n := range numbers {
			logEpoch(t, s, r.ID, n, float64(rapid.IntRange(0, 3).Draw(rt, "accuracy"))/4, float64(n))
		}
		epochs, err := s.Epochs(t.Context(), r.ID)
		if err != nil {
			rt.Fatal(err)
		}
		best, seconds := epochs[0], 0.0
		for _, e := range epochs {
			seconds += e.Seconds
			if e.ValAccuracy > best.ValAccuracy {
				best = e
			}
		}
		got, err := s.Find(t.Context(), r.ID)
		if err != nil {
			rt.Fatal(err)
		}
		if got.Logged != len(epochs) || got.Seconds != seconds || *got.BestEpoch != best.Epoch ||
			*got.BestValAccuracy != best.ValAccuracy {
			rt.Errorf("%d epochs, %v s, best %d (%v); logged %+v", got.Logged, got.Seconds, *got.BestEpoch, *got.BestValAccuracy,
				epochs)
		}
		var curve, want Curve
		for _, e := range epochs {
			want = want.append(e)
		}
		err = s.db.QueryRow(`SELECT points FROM curves WHERE run = (SELECT number FROM runs WHERE id = ?)`,
			r.ID).Scan((*[]byte)(&curve))
		if err != nil || !bytes.Equal(curve, want) || *got.LastValAccuracy != epochs[len(epochs)-1].ValAccuracy {
			rt.Errorf("curve %v (%v), last %v; logged %+v in the order %v", points(curve), err, *got.LastValAccuracy, epochs,
				numbers)
		}
	})
}

func TestInstantsSortAsText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := rapid.Int64Range(0, 4e18) // nanoseconds from 1970 to 2096
		a, b := time.Unix(0, draw.Draw(rt, "a")), time.Unix(0, draw.Draw(rt, "b"))
		textA, _ := instant{&a}.Value()
		textB, _ := instant{&b}.Value()
		if strings.Compare(textA.(string), textB.(string)) != a.Compare(b) {
			rt.Errorf("%v and %v sort otherwise than %v and %v", textA, textB, a, b)
		}
		var back time.Time
		if err := (instant{&back}).Scan(textA); err != nil || !back.Equal(a) {
			rt.Errorf("%v came back as %v (%v)", a, back, err)
		}
	})
	wantError(t, instant{new(time.Time)}.Scan("yesterday"), "yesterday")
	wantError(t, instant{new(time.Time)}.Scan(int64(3)), "int64")
}

package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Answers return what was set of each example, and counts survive being written to bytes.
func TestAnswersProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := rapid.IntRange(1, 12).Draw(t, "classes")
		class := rapid.IntRange(0, classes-1)
		labels := rapid.SliceOfN(class, 1, 70).Draw(t, "labels")
		a := NewAnswers(len(labels), classes)
		right := 0
		for i, label := range labels {
			predicted := class.Draw(t, "predicted")
			a.Set(i, label, predicted)
			if label == predicted {
				right++
			}
			if a.Right(i) != (label == predicted) {
				t.Fatalf("example %d of class %d, taken for %d, is right: %t", i, label, predicted, a.Right(i))
			}
		}
		if want := float64(right) / float64(len(labels)); a.Accuracy() != want {
			t.Fatalf("accuracy %v, want %v", a.Accuracy(), want)
		}
		back, err := confusionOf(a.confusionBytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a.Confusion, back); diff != "" {
			t.Fatalf("(-want +got) %s", diff)
		}
	})
}

// The answers of the best epoch are kept, and of the first of equal ones.
func TestAnswersOfTheBestEpoch(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := begin(t, s, nil)
	check := func(split string, wantEpoch int, want float64) {
		t.Helper()
		a, epoch, found, err := s.Answers(t.Context(), r.ID, split)
		if err != nil || found != (wantEpoch > 0) || epoch != wantEpoch {
			t.Fatalf("%s: epoch %d, found %t, %v; want epoch %d", split, epoch, found, err, wantEpoch)
		}
		if found {
			if diff := cmp.Diff(answersOf(want), a); diff != "" {
				t.Errorf("%s (-want +got) %s", split, diff)
			}
		}
	}
	check(Validation, 0, 0)
	for i, best := range []int{1, 2, 2, 2, 5} {
		accuracy := []float64{0.25, 0.5, 0.375, 0.5, 0.625}[i]
		logEpoch(t, s, r.ID, i+1, accuracy, 1)
		check(Validation, best, []float64{0.25, 0.5, 0, 0, 0.625}[best-1])
	}
	check(Test, 0, 0)
	if err := s.RecordTest(t.Context(), r.ID, 5, 1, answersOf(0.75)); err != nil {
		t.Fatal(err)
	}
	check(Test, 5, 0.75)
	check(Validation, 5, 0.625)
	wantError(t, s.Log(t.Context(), r.ID, Epoch{Epoch: 6, ValAccuracy: 0.5}, answersOf(0.75)),
		"come to an accuracy of 0.75", "0.5")

	for column, damage := range map[string]string{"confusion": "x'808080'", "correct": "x'00'"} {
		if _, err := s.db.Exec(`UPDATE answers SET ` + column + ` = ` + damage + ` WHERE split = 'test'`); err != nil {
			t.Fatal(err)
		}
		if _, _, found, err := s.Answers(t.Context(), r.ID, Test); found || err == nil {
			t.Errorf("damaged %s: found %t, %v", column, found, err)
		}
	}
}

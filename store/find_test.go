package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// nextIDs makes s give these IDs to the next runs.
func nextIDs(s *Store, ids ...string) {
	s.newID = func() string {
		id := ids[0]
		ids = ids[1:]
		return id
	}
}

func TestFind(t *testing.T) {
	s := openStore(t, t.TempDir())
	nextIDs(s, "aaaa0001", "aaaa0002", "bbbb0001", "cccc0001", "dddd0001")
	for _, name := range []string{"seed-cnn", "seed-cnn", "wide", "bbbb", "aaaa0001"} {
		begin(t, s, func(r *Run) { r.Experiment = name })
	}
	for _, tc := range []struct{ ref, want string }{
		{"aaaa0002", "aaaa0002"}, // an id
		{"seed-cnn", "aaaa0002"}, // a name: its latest run
		{"wide", "bbbb0001"},
		{"c", "cccc0001"},        // a prefix
		{"aaaa0001", "aaaa0001"}, // an id and a name: the id
		{"bbbb", "cccc0001"},     // a name and a prefix: the name
		{"bbbb0", "bbbb0001"},
	} {
		got, err := s.Find(t.Context(), tc.ref)
		if err != nil || got.ID != tc.want {
			t.Errorf("%q: %s (%v), want %s", tc.ref, got.ID, err, tc.want)
		}
	}

	_, err := s.Find(t.Context(), "aaaa")
	var several *AmbiguousError
	if !errors.As(err, &several) || len(several.Candidates) != 2 || several.Candidates[0].ID != "aaaa0002" {
		t.Errorf("%v, want an AmbiguousError with two candidates, the latest first", err)
	}
	wantError(t, err, s.dir, `"aaaa" begins the ids of 2 runs`, "aaaa0001", "aaaa0002", "seed-cnn",
		several.Candidates[0].Started.Format("2006-01-02T15:04:05Z"))

	for _, tc := range []struct {
		ref  string
		near []string
	}{
		{"seed-cmn", []string{"seed-cnn"}},
		{"Seed_CNN", []string{"seed-cnn"}},
		{"seed", []string{"seed-cnn"}},
		{"wid", []string{"wide"}},
		{"transformer", nil},
		{"", nil},
		{"*", nil}, // GLOB's and LIKE's own signs
		{"?", nil},
		{"%", nil},
		{"[a]", nil},
		{"e", []string{"wide", "seed-cnn"}},
	} {
		_, err := s.Find(t.Context(), tc.ref)
		var missing *NotFoundError
		if !errors.As(err, &missing) {
			t.Errorf("%q: %v, want a NotFoundError", tc.ref, err)
			continue
		}
		if diff := cmp.Diff(&NotFoundError{Ref: tc.ref, Near: tc.near}, missing); diff != "" {
			t.Error(tc.ref, diff)
		}
		if tc.near != nil {
			wantError(t, err, "did you mean "+tc.near[0])
		} else {
			wantError(t, err, "the beginning of one")
		}
	}
}

func TestAmbiguousErrorStaysShort(t *testing.T) {
	e := &AmbiguousError{Ref: "a", Candidates: make([]Run, 500)}
	wantError(t, e, "of 500 runs", "and 490 more")
	if lines := strings.Count(e.Error(), "\n"); lines != 11 {
		t.Errorf("%d lines", lines)
	}
}

func TestRunsAndFilter(t *testing.T) {
	s := openStore(t, t.TempDir())
	for i, r := range [][2]string{{"full", "cifar10"}, {"single-batch", "cifar10"}, {"full", "synthetic"}} {
		begin(t, s, func(run *Run) { run.Experiment, run.Mode, run.Dataset = fmt.Sprint(i), r[0], r[1] })
	}
	for _, tc := range []struct {
		filter Filter
		want   []string
	}{
		{Filter{}, []string{"2", "1", "0"}},
		{Filter{Mode: "full"}, []string{"2", "0"}},
		{Filter{Dataset: "cifar10"}, []string{"1", "0"}},
		{Filter{Mode: "full", Dataset: "cifar10"}, []string{"0"}},
		{Filter{Mode: "half"}, nil},
	} {
		runs, err := s.Runs(t.Context(), tc.filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range runs {
			got = append(got, r.Experiment)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Error(tc.filter, diff)
		}
	}
}

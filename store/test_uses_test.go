package store

import (
	"testing"
	"time"
)

func TestTestUses(t *testing.T) {
	s := openStore(t, t.TempDir())
	r, other := begin(t, s, nil), begin(t, s, nil)
	before := time.Now()
	for _, l := range []TestUse{{Command: "run", Examples: 2000}, {Command: "predict", Examples: 4}} {
		if err := s.CountTestUse(t.Context(), r.ID, l.Command, l.Examples); err != nil {
			t.Fatal(err)
		}
	}
	looks, err := s.TestUses(t.Context(), r.ID)
	if err != nil || len(looks) != 2 || looks[0].Command != "run" || looks[1].Examples != 4 ||
		looks[1].At.Before(before.Round(0).UTC()) {
		t.Errorf("%+v %v", looks, err)
	}
	if looks, err := s.TestUses(t.Context(), other.ID); err != nil || len(looks) != 0 {
		t.Errorf("a run that was not evaluated on the test split: %+v %v", looks, err)
	}
	wantError(t, s.CountTestUse(t.Context(), "none", "test", 1), "no run")
	end(t, s, r, Finished)
	if err := s.Remove(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := s.db.QueryRow(`SELECT count(*) FROM looks`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d looks of a run that was removed, %v", n, err)
	}
}

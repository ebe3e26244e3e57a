package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// finished begins example(), changed, and trains it to its end.
func finished(t testing.TB, s *Store, change func(*Run)) Run {
	t.Helper()
	r := begin(t, s, change)
	for i := range r.Epochs {
		logEpoch(t, s, r.ID, i+1, float64(i)/8, 0.1)
	}
	if err := s.End(t.Context(), r.ID, Finished, "", ""); err != nil {
		t.Fatal(err)
	}
	return r
}

func execute(t *testing.T, s *Store, statement string, args ...any) {
	t.Helper()
	if _, err := s.db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}

// check returns the result of a check of the store.
func check(t *testing.T, s *Store) Health {
	t.Helper()
	h, err := s.Check(t.Context(), readSettings, func(Run) []Finding { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// wantSound fails unless all findings are notes.
func wantSound(t *testing.T, s *Store) {
	t.Helper()
	for _, f := range check(t, s).Findings {
		if !f.Note {
			t.Errorf("the store is not sound: %+v", f)
		}
	}
}

func TestCheckOfASoundStore(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	if diff := cmp.Diff(Health{Findings: []Finding{}}, check(t, s)); diff != "" {
		t.Error("an empty store:", diff)
	}
	first := finished(t, s, nil)
	interrupted := begin(t, s, nil)
	logEpoch(t, s, interrupted.ID, 1, 0.5, 1)
	end(t, s, interrupted, Interrupted)
	end(t, s, begin(t, s, nil), Failed)
	running := begin(t, s, nil)
	var looked []string
	h, err := openStore(t, dir).Check(t.Context(), readSettings, func(r Run) []Finding {
		looked = append(looked, r.ID)
		if r.ID == first.ID {
			return []Finding{{Run: r.ID, What: "odd", Remedy: "even it", Note: true}}
		}
		return nil
	})
	want := Health{Runs: 4, Epochs: 4, Findings: []Finding{{Run: first.ID, What: "odd", Remedy: "even it", Note: true}}}
	if diff := cmp.Diff(want, h); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if len(looked) != 3 || slices.Contains(looked, running.ID) {
		t.Errorf("looked into %v, want all but %s, which is running", looked, running.ID)
	}
}

func TestCheckFinds(t *testing.T) {
	for _, tc := range []struct {
		name  string
		spoil func(t *testing.T, s *Store, r Run)
		want  []string // one a finding: the parts of its text, separated by ...
		note  bool
	}{
		{"number of epochs", func(t *testing.T, s *Store, r Run) {
			execute(t, s, `UPDATE runs SET logged_epochs = 5`)
		}, []string{"logged_epochs is 5, expected 3 ... runner store merge"}, false},
		{"seconds", func(t *testing.T, s *Store, r Run) {
			execute(t, s, `UPDATE runs SET seconds = 0.31`)
		}, []string{"seconds is 0.31, expected 0.3"}, false},
		{"rounded seconds", func(t *testing.T, s *Store, r Run) {
			execute(t, s, `UPDATE runs SET seconds = 0.3000000001`)
		}, nil, false},
		{"best epoch", func(t *testing.T, s *Store, r Run) {
			execute(t, s, `UPDATE runs SET best_epoch = 1, best_val_accuracy = NULL`)
		}, []string{"answers to the validation split are not those of its best epoch",
			"best_epoch is 1, expected 3 ... best_val_accuracy is none, expected 0.25"}, false},
		{"gaps", func(t *testing.T, s *Store, r Run) {
			execute(t, s, `UPDATE epochs SET epoch = 7 WHERE epoch = 2`)
			execute(t, s, `UPDATE runs SET planned_epochs = 0`)
		}, []string{"last_val_accuracy is not that", "curve is not that",
			"gaps: 3 on record, the last is epoch 7 ... --again"}, false},
		{"finished early", func(t *testing.T, s *Store, r Run) {
			execute(t, s, `UPDATE runs SET planned_epochs = 4`)
		}, []string{"finished with 3 of 4 epochs"}, false},
		{"epochs of no run", func(t *testing.T, s *Store, r Run) {
			execute(t, s, `PRAGMA foreign_keys = off`)
			execute(t, s, `INSERT INTO epochs SELECT 99, epoch, 1, 1, 1, 1, 1, 1, 1, '' FROM epochs`)
		}, []string{"rows that belong to no run: 3"}, false},
		{"a folder that is missing", func(t *testing.T, s *Store, r Run) {
			os.RemoveAll(s.Folder(r.ID))
		}, []string{"its folder ... is missing ... runner rm"}, false},
		{"a folder that is a file", func(t *testing.T, s *Store, r Run) {
			os.RemoveAll(s.Folder(r.ID))
			writeFile(t, s.Folder(r.ID), "")
		}, []string{"is missing"}, false},
		{"a folder of no run", func(t *testing.T, s *Store, r Run) {
			os.Mkdir(s.Folder("0123abcd"), 0o777)
		}, []string{"0123abcd belongs to no run ... runner gc"}, true},
		{"a merge that was killed", func(t *testing.T, s *Store, r Run) {
			os.Mkdir(s.Folder(stagePrefix+r.ID), 0o777)
		}, []string{stagePrefix + " ... belongs to no run"}, true},
		{"what is not the store's", func(t *testing.T, s *Store, r Run) {
			os.Mkdir(s.Folder("notes"), 0o777)
			os.Mkdir(s.Folder("0123ABCD"), 0o777)
			writeFile(t, s.Folder("0123abcd"), "a file")
		}, nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			tc.spoil(t, s, finished(t, s, func(r *Run) { r.Epochs = 3 }))
			h := check(t, s)
			if len(h.Findings) != len(tc.want) {
				t.Fatalf("found %+v, want %q", h.Findings, tc.want)
			}
			for i, f := range h.Findings {
				if f.Note != tc.note {
					t.Errorf("%+v is a note: %t", f, f.Note)
				}
				for part := range strings.SplitSeq(tc.want[i], " ... ") {
					if text := f.What + ": " + f.Remedy; !strings.Contains(text, part) {
						t.Errorf("%q lacks %q", text, part)
					}
				}
			}
		})
	}
}

// An overwritten page of the database, whichever it is, gives a finding or an error that says so.
func TestCheckOfADamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	for range 50 {
		finished(t, s, nil)
	}
	s.Close()
	folders := fileNames(t, dir)
	path := filepath.Join(dir, databaseName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	found := 0
	for at := 0; at < len(whole); at += page {
		spoilt := slices.Clone(whole)
		for i := range page {
			spoilt[at+i] ^= 0x5a
		}
		writeFile(t, path, string(spoilt))
		s, err := OpenExisting(t.Context(), dir)
		if err != nil {
			wantError(t, err, dir, "damaged")
			continue
		}
		h, err := s.Check(t.Context(), readSettings, func(Run) []Finding { t.Error("looked"); return nil })
		if err != nil {
			wantError(t, err, dir, "damaged")
		} else if len(h.Findings) != 1 || !strings.Contains(h.Findings[0].What, "damaged") ||
			strings.Contains(h.Findings[0].What, "\n") {
			t.Errorf("page %d: %+v", at/page, h.Findings)
		} else {
			found++
		}
		if removed, err := s.GC(t.Context(), lastOfFinished(s), false); len(removed) > 0 || err == nil {
			t.Errorf("page %d: removed %v", at/page, removed)
		} else {
			wantError(t, err, dir, "damaged")
		}
		s.Close()
		if _, err := OpenMergeSource(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("page %d: opened to merge from: %v", at/page, err)
		}
	}
	if diff := cmp.Diff(folders, fileNames(t, dir)); diff != "" {
		t.Error(diff)
	}
	if found < 3 {
		t.Errorf("%d of %d pages were found by the check", found, len(whole)/page)
	}
}

package store

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// wantDatasets fails unless the store has exactly these datasets.
func wantDatasets(t *testing.T, s *Store, want ...Dataset) {
	t.Helper()
	got, err := s.Datasets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error("datasets (-want +got):", diff)
	}
}

// oldSynthetic is what older programs knew of the fixtures' dataset.
func oldSynthetic() Dataset {
	return Dataset{
		Name: "synthetic", Fingerprint: "c0519472b46099790d7e15cdfcea87135fcfeefddaca13774abb884f8a5dc62c",
		Shape:   []int{32, 32, 3},
		Classes: []string{"disc", "ring", "square", "triangle", "cross", "star", "stripes", "checkerboard", "dots", "spiral"},
		Train:   []int{1800, 1800, 1800, 1800, 1800}, Validation: 1000, Test: 2000,
	}
}

func TestDatasetsOfOlderVersions(t *testing.T) {
	for _, version := range []string{"version1", "version2", "version3", "version5", "version6"} {
		t.Run(version, func(t *testing.T) {
			dir := copyStore(t, filepath.Join("testdata", version))
			merged := openStore(t, t.TempDir())
			merge(t, merged, dir)
			wantDatasets(t, merged, oldSynthetic())
			migrated := openStore(t, dir)
			wantDatasets(t, migrated, oldSynthetic())
			wantSound(t, migrated)
		})
	}
}

// Neither migrating nor merging guesses what is not known for certain.
func TestDatasetsOfOtherBytes(t *testing.T) {
	sized := oldSynthetic()
	sized.Train, sized.Validation, sized.Test = nil, 0, 2000
	for name, c := range map[string]struct {
		statement string
		want      Dataset
	}{
		"an unknown name": {`UPDATE runs SET dataset = 'birds', fingerprint = 'f'`,
			Dataset{Name: "birds", Fingerprint: "f", Test: 2000}},
		"an accuracy of other sizes": {`UPDATE epochs SET val_accuracy = 0.12345 WHERE epoch = 2`, sized},
		"answers to another test split": {`UPDATE runs SET dataset = 'cifar10', fingerprint = 'f'`, Dataset{
			Name: "cifar10", Fingerprint: "f", Shape: []int{32, 32, 3}, Test: 2000,
			Classes: []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
		}},
		"cifar10 as the program knew it": {`UPDATE runs SET dataset = 'cifar10', fingerprint = 'f'; DELETE FROM answers`,
			Dataset{
				Name: "cifar10", Fingerprint: "f", Shape: []int{32, 32, 3}, Train: []int{9000, 9000, 9000, 9000, 9000},
				Validation: 5000, Test: 10000,
				Classes: []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
			}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyStore(t, filepath.Join("testdata", "version6"))
			if err := rawDatabase(t, dir, nil, c.statement).Close(); err != nil {
				t.Fatal(err)
			}
			merged := openStore(t, t.TempDir())
			merge(t, merged, dir)
			wantDatasets(t, merged, c.want)
			wantDatasets(t, openStore(t, dir), c.want)
		})
	}
}

// A dataset is on record as long as a run is on it, and is merged with its runs.
func TestDatasets(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := example()
	r.Dataset = "birds"
	if _, err := s.Begin(t.Context(), r, exampleData()); err == nil {
		t.Error("a run on birds began on cifar10")
	}
	wantDatasets(t, s)
	whole := dataOf(r)
	first, err := s.Begin(t.Context(), r, Dataset{Name: "birds", Fingerprint: "f"})
	if err != nil {
		t.Fatal(err)
	}
	wantDatasets(t, s, Dataset{Name: "birds", Fingerprint: "f"})
	end(t, s, first, Interrupted)
	first, what, err := s.Claim(t.Context(), r, whole)
	if err != nil || what != Resumed {
		t.Fatal(what, err)
	}
	wantDatasets(t, s, whole)
	logEpoch(t, s, first.ID, 1, 0.5, 1)
	end(t, s, first, Interrupted)
	other := begin(t, s, func(r *Run) { r.Dataset, r.Fingerprint, r.Identity = "birds", "other", "i2" })
	end(t, s, other, Interrupted)
	resized := whole
	resized.Fingerprint = "other"
	wantDatasets(t, s, whole, resized)
	if got, err := s.Dataset(t.Context(), first); err != nil || !cmp.Equal(got, whole) {
		t.Errorf("%+v %v", got, err)
	}
	merged := openStore(t, t.TempDir())
	merge(t, merged, s.dir)
	wantDatasets(t, merged, whole, resized)
	wantSound(t, merged)
	for i, id := range []string{first.ID, other.ID} {
		if err := s.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		wantDatasets(t, s, []Dataset{resized}[:1-i]...)
	}
}

// A record that answers contradict is found, and is not merged.
func TestMergeBelievesAnswers(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := finished(t, s, nil)
	execute(t, s, `UPDATE datasets SET validation = 900, classes = '["one"]'`)
	if len(check(t, s).Findings) != 1 {
		t.Errorf("%+v", check(t, s))
	}
	merged := openStore(t, t.TempDir())
	merge(t, merged, s.dir)
	want := dataOf(r)
	want.Train, want.Classes = nil, nil
	wantDatasets(t, merged, want)
	wantSound(t, merged)
}

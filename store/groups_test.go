package store

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each group has the fingerprint of its runs, whether its dataset has one or several.
func TestGroupsHaveTheirFingerprints(t *testing.T) {
	s := openStore(t, t.TempDir())
	want := map[string]string{}
	for _, r := range []Run{
		{Group: "a", Dataset: "cifar10", Fingerprint: "f1"},
		{Group: "b", Dataset: "synthetic", Fingerprint: "f2"},
		{Group: "c", Dataset: "cifar10", Fingerprint: "f3"},
	} {
		begin(t, s, func(run *Run) {
			run.Identity, run.Group, run.Dataset, run.Fingerprint = r.Group, r.Group, r.Dataset, r.Fingerprint
		})
		want[r.Group] = r.Fingerprint
		groups, err := groupsOf(t.Context(), s, Filter{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, g := range groups {
			got[g.ID] = g.Fingerprint
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got) %s", diff)
		}
	}
}

func groupsOf(ctx context.Context, s *Store, f Filter) ([]Group, error) {
	v, err := s.Snapshot(ctx, f)
	if err != nil {
		return nil, err
	}
	return v.Groups, v.Close()
}

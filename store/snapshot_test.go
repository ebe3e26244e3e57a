package store

import "testing"

// A snapshot does not see what others write meanwhile, and keeps nobody from writing.
func TestSnapshotIsOfOneMoment(t *testing.T) {
	s := openStore(t, t.TempDir())
	writer := openStore(t, s.dir)
	r := begin(t, writer, nil)
	logEpoch(t, writer, r.ID, 1, 0.25, 1)
	v, err := s.Snapshot(t.Context(), Filter{})
	if err != nil {
		t.Fatal(err)
	}
	logEpoch(t, writer, r.ID, 2, 0.5, 1)
	end(t, writer, r, Failed)
	other := begin(t, writer, func(r *Run) { r.Group, r.Identity, r.Dataset = "g2", "i2", "birds" })
	curves := func(v *Snapshot) (epochs int) {
		t.Helper()
		if err := v.EachCurve(t.Context(), func(_ int64, c Curve) { epochs += c.Len() }); err != nil {
			t.Fatal(err)
		}
		return epochs
	}
	settings, err := v.Settings(t.Context(), r.Group, other.Group)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Groups) != 1 || v.Groups[0].Runs[0].Logged != 1 || v.Groups[0].Runs[0].Status != Running ||
		len(v.Datasets) != 1 ||
		len(settings) != 1 || curves(v) != 1 {
		t.Errorf("%+v %+v %v, %d epochs in curves", v.Groups, v.Datasets, settings, curves(v))
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if v, err = s.Snapshot(t.Context(), Filter{}); err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if len(v.Groups) != 2 || v.Groups[0].Runs[0].Logged != 2 || v.Groups[0].Runs[0].Status != Failed ||
		len(v.Datasets) != 2 || curves(v) != 2 {
		t.Errorf("%+v %+v, %d epochs in curves", v.Groups, v.Datasets, curves(v))
	}
}

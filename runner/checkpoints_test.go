package runner

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"runner/internal/checkpoint"
	"runner/store"
)

// fill writes checkpoints with the given metadata into a folder; what has none is damaged.
func fill(t *testing.T, files map[string]map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, metadata := range files {
		path := filepath.Join(folder, name)
		err := os.WriteFile(path, []byte("damaged"), 0o644)
		if metadata != nil {
			err = checkpoint.Write(path, checkpoint.File{Metadata: metadata})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestCheckFolder(t *testing.T) {
	type files = map[string]map[string]string
	best := map[string]string{"epoch": "2"}
	state := map[string]string{"step": "7", "best": "0.5"}
	for _, tc := range []struct {
		name   string
		status store.Status
		logged int
		files  files
		want   []string // what findings say, notes after "note: "
	}{
		{"whole", store.Finished, 2, files{BestFile: best, LastFile: state}, nil},
		{"after gc", store.Finished, 2, files{BestFile: best}, nil},
		{"after gc --keep none", store.Finished, 2, nil,
			[]string{"note: its best.safetensors was removed by runner gc, or is lost"}},
		{"diverged, after gc --keep none", store.Diverged, 2, nil, nil},
		{"of another epoch", store.Finished, 2, files{BestFile: {"epoch": "1"}},
			[]string{"is of epoch 1, on record epoch 2 is the best"}},
		{"damaged best", store.Finished, 2, files{BestFile: nil}, []string{"best.safetensors: too short"}},
		{"damaged last of a finished run", store.Finished, 2, files{BestFile: best, LastFile: nil},
			[]string{"last.safetensors: too short"}},
		{"damaged last", store.Interrupted, 2, files{BestFile: best, LastFile: nil}, []string{"last.safetensors: too short"}},
		{"stopped before its first state", store.Failed, 0, nil, nil},
		{"stopped in its first epoch", store.Interrupted, 1, files{LastFile: {"step": "7", "best": "-1"}}, nil},
		{"of an older version", store.Interrupted, 1, files{LastFile: {"epoch": "1"}}, nil},
		{"best lost", store.Interrupted, 2, files{LastFile: state},
			[]string{"its best.safetensors is missing, which its state needs"}},
		{"state lost", store.Interrupted, 2, files{BestFile: best}, []string{"note: its last.safetensors is missing"}},
		{"leftover", store.Finished, 2, files{BestFile: best, ".best.safetensors.12.tmp": nil},
			[]string{"note: ", ".12.tmp is left"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			run := store.Run{ID: "0badcafe", Status: tc.status, Results: store.Results{Logged: tc.logged, BestEpoch: new(2)}}
			var lines []string
			for _, f := range CheckFolder(fill(t, tc.files), run) {
				note := ""
				if f.Note {
					note = "note: "
				}
				if f.Run != run.ID || f.Remedy == "" {
					t.Errorf("%+v", f)
				}
				lines = append(lines, note+f.What)
			}
			if len(lines) > 1 || len(lines) == 0 && len(tc.want) > 0 || len(lines) > 0 && len(tc.want) == 0 {
				t.Fatalf("found %q, want %q", lines, tc.want)
			}
			for _, part := range tc.want {
				if !strings.Contains(lines[0], part) || strings.HasPrefix(lines[0], "note: ") != strings.HasPrefix(tc.want[0],
					"note: ") {
					t.Errorf("found %q, want %q", lines, tc.want)
				}
			}
		})
	}
}

func TestGarbage(t *testing.T) {
	temp := ".last.safetensors.12.tmp"
	folder := fill(t, map[string]map[string]string{LastFile: nil, BestFile: nil, temp: nil, "notes": nil})
	for _, tc := range []struct {
		status store.Status
		drop   []string
		want   []string
	}{
		{store.Finished, []string{LastFile}, []string{temp, LastFile}},
		{store.Diverged, []string{LastFile, BestFile}, []string{temp, LastFile, BestFile}},
		{store.Finished, nil, []string{temp}},
		{store.Interrupted, []string{LastFile, BestFile}, []string{temp}},
		{store.Failed, []string{LastFile, BestFile}, []string{temp}},
	} {
		got, err := Garbage(folder, store.Run{Status: tc.status}, tc.drop...)
		if err != nil || !slices.Equal(got, tc.want) {
			t.Errorf("%s, drop %v: %v %v, want %v", tc.status, tc.drop, got, err, tc.want)
		}
	}
	got, err := Garbage(filepath.Join(folder, "missing"), store.Run{Status: store.Finished}, LastFile)
	if len(got) > 0 || err != nil {
		t.Errorf("a missing folder: %v %v", got, err)
	}
	if err := Checkpoints().Verify(filepath.Join(folder, LastFile)); err == nil {
		t.Error("a damaged file was verified")
	}
	if err := Checkpoints().Verify(filepath.Join(folder, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

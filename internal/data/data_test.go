package data

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"

	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
	"runner/internal/spec"
)

// named finds a dataset by its name.
func named(t *testing.T, name string) Named {
	t.Helper()
	n, err := ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A kind is called what its source calls the dataset, and says what it is.
func TestKinds(t *testing.T) {
	for _, k := range Kinds() {
		n := named(t, k.Name)
		if n.Name != k.Name || k.Doc == "" || n.Pixels() < 1 || len(n.Classes) < 2 || n.BatchFiles < 1 {
			t.Errorf("%+v is %+v", k, n.Description)
		}
		if got := n.Folder("d"); got != filepath.Join("d", k.Name) {
			t.Errorf("%s is kept in %s", k.Name, got)
		}
	}
}

// The synthetic dataset is the same everywhere: another fingerprint is another
// dataset, whose results cannot be compared with earlier ones.
func TestSynthetic(t *testing.T) {
	d, err := named(t, "synthetic").Open(context.Background(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	got := []int{d.Train(0).Len(), d.Train(5).Len(), d.Validation().Len(), d.Test().Len()}
	if diff := cmp.Diff([]int{9000, 1800, 1000, 2000}, got); diff != "" {
		t.Errorf("sizes (-expected +got):\n%s", diff)
	}
	const want = "c0519472b46099790d7e15cdfcea87135fcfeefddaca13774abb884f8a5dc62c"
	if d.Fingerprint != want {
		t.Errorf("fingerprint %s, expected %s", d.Fingerprint, want)
	}
	if err := d.Verify(context.Background()); err != nil {
		t.Error(err)
	}
}

// grid is a source of pictures of one grey each, with arguments.
type grid struct {
	Side    int    `json:"side" jsonschema:"required,minimum=1"`
	Classes int    `json:"classes" jsonschema:"minimum=1"`
	Path    string `json:"path,omitempty"`
}

func (g *grid) Describe() (prepared.Description, error) {
	if g.Path != "" {
		return prepared.Description{}, errors.New("no folder " + g.Path)
	}
	d := prepared.Description{Name: "grid", Shape: [3]int{g.Side, g.Side, 1}, BatchFiles: 1}
	for range g.Classes {
		d.Classes = append(d.Classes, "grey")
	}
	return d, nil
}

func (g *grid) Examples(_ context.Context, o fetch.Options, b *prepared.Builder) error {
	o.Note("grey from %s", o.URL)
	for _, batch := range []int{prepared.Test, 1} {
		err := b.Add(batch, func(yield func(prepared.Example, error) bool) {
			pixels := make([]byte, g.Side*g.Side)
			for i := range 10 {
				pixels[0] = byte(i)
				if !yield(prepared.Example{Label: i % g.Classes, Pixels: pixels}, nil) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// withGrid are the kinds, and grid.
func withGrid() []Kind {
	return append(Kinds(), Kind{Name: "grid", Doc: "Grey.", New: func() Source { return &grid{Classes: 4} }})
}

// An item names a dataset and its arguments, which decide what it is and where it is
// kept; their faults are reported with their places.
func TestFind(t *testing.T) {
	for _, test := range []struct {
		item   string
		shape  [3]int
		folder string // its beginning, or all of it
		faults []string
	}{
		{item: "cifar10", shape: [3]int{32, 32, 3}, folder: "cifar10"},
		{item: "cifar10: {}", shape: [3]int{32, 32, 3}, folder: "cifar10"},
		{item: "cifar10: {side: 3}", faults: []string{`dataset cifar10: unknown key "side"`}},
		{item: "cifar", faults: []string{`dataset: unknown dataset "cifar", expected one of cifar10, synthetic, grid`}},
		{item: "../cifar10", faults: []string{`dataset: unknown dataset "../cifar10"`}},
		{item: "grid", faults: []string{`dataset grid: the key "side" is missing`}},
		{item: "grid: {side: 0, classes: x}", faults: []string{
			"dataset grid: side: must be at least 1, got 0", "dataset grid: classes: expected a whole number"}},
		{item: "grid: {side: 2, path: here}", faults: []string{"dataset grid: no folder here"}},
		{item: "grid: {side: 2}", shape: [3]int{2, 2, 1}, folder: "grid-"},
	} {
		item, faults := spec.ParseItem(test.item)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		n, faults := Find(item, withGrid())
		if len(faults) != len(test.faults) {
			t.Errorf("%s: faults %v, expected %q", test.item, faults, test.faults)
			continue
		}
		for i, f := range faults {
			if !strings.Contains(f.Message, test.faults[i]) || f.Pos.File != test.item {
				t.Errorf("%s: fault %v, expected %q", test.item, f, test.faults[i])
			}
		}
		if len(faults) == 0 && (n.Shape != test.shape || !strings.HasPrefix(n.Folder(""), test.folder)) {
			t.Errorf("%s: %+v in %s", test.item, n.Description, n.Folder(""))
		}
	}
	if n, faults := Find(spec.Item{}, Kinds()); len(faults) > 0 || n.BatchFiles != 0 {
		t.Errorf("no name: %+v, %v", n, faults)
	}
}

// Each choice of arguments is a dataset of its own, however it is written.
func TestArguments(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	o.URL = "here"
	var told []string
	o.Tell = func(e Event) { told = append(told, e.Note) }
	fingerprints := map[string]bool{}
	for _, text := range []string{
		"grid: {side: 2}", "grid: {classes: 4, side: 2}", "grid: {side: 3}", "grid: {side: 2, classes: 5}",
	} {
		item, faults := spec.ParseItem(text)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		n, faults := Find(item, withGrid())
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		d, err := n.Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		d.Close()
		fingerprints[d.Fingerprint] = true
		if !n.Ready(o.Dir) {
			t.Errorf("%s is not ready", text)
		}
		if err := os.Truncate(filepath.Join(n.Folder(o.Dir), "test.bin"), 1); err != nil {
			t.Fatal(err)
		}
		_, err = n.OpenPrepared(o.Dir)
		if err == nil || !strings.Contains(err.Error(), `run 'runner data get "grid: {side: `) {
			t.Errorf("error %v, expected one that says what to do", err)
		}
		if err := os.Truncate(filepath.Join(n.Folder(o.Dir), "test.bin"), 10*int64(n.RecordBytes())); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"grey from here", "grey from here", "grey from here"}, told); diff != "" {
		t.Errorf("told (-expected +got):\n%s", diff)
	}
	if len(fingerprints) != 3 {
		t.Errorf("%d fingerprints, expected 3", len(fingerprints))
	}
}

// What is prepared is opened without the lock, and without the source.
func TestOpenPrepared(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	n := named(t, "synthetic")
	if _, err := n.OpenPrepared(o.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, expected %v", err, fs.ErrNotExist)
	}
	if n.Ready(o.Dir) {
		t.Error("it is ready")
	}
	if err := n.Get(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	other := flock.New(filepath.Join(o.Dir, "synthetic.lock"))
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	defer other.Unlock()
	for range 2 {
		d, err := n.OpenPrepared(o.Dir)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
	}
}

// A process that is told to stop stops, whatever it was about to do.
func TestGetCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"synthetic", "cifar10"} {
		o := Options{Dir: t.TempDir()}
		o.URL = "http://127.0.0.1:1/x"
		if err := named(t, name).Get(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v, expected %v", name, err, context.Canceled)
		}
		if named(t, name).Ready(o.Dir) {
			t.Errorf("%s is ready", name)
		}
	}
}

func TestDefaultDir(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/caches")
	for value, want := range map[string]string{"/elsewhere": "/elsewhere", "": "/caches/runner"} {
		t.Setenv("RUNNER_DATA", value)
		if got, err := DefaultDir(); err != nil || got != filepath.FromSlash(want) {
			t.Errorf("RUNNER_DATA=%q: folder %q, error %v, expected %q", value, got, err, want)
		}
	}
	t.Setenv("RUNNER_DATA", "")
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if _, err := DefaultDir(); err == nil || !strings.Contains(err.Error(), "--data or RUNNER_DATA") {
		t.Errorf("error %v, expected one that says what to do", err)
	}
}

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
)

// The synthetic dataset is the same everywhere: another fingerprint is another
// dataset, whose results cannot be compared with earlier ones.
func TestSynthetic(t *testing.T) {
	o := Options{Dir: t.TempDir()}
	d, err := Open(context.Background(), "synthetic", o)
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
	pixels, labels := drawn(syntheticSeed, 2, syntheticSize)
	s, picture, err := d.Stats(2, syntheticSize-1)
	if err != nil {
		t.Fatal(err)
	}
	if s.Samples != syntheticSize || s.Label != int(labels[syntheticSize-1]) || string(picture) != string(pixels[len(pixels)-3072:]) {
		t.Errorf("the last example of batch 2 is another: %+v", s)
	}
}

func TestGetUnknown(t *testing.T) {
	dir := t.TempDir()
	if err := Get(context.Background(), "../cifar10", Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), `unknown dataset "../cifar10"`) {
		t.Errorf("error %v, expected one that names the dataset", err)
	}
	if left := listing(t, dir); left != nil {
		t.Errorf("left in the data folder: %q", left)
	}
}

// What is not prepared is neither fetched nor waited for.
func TestOpenPrepared(t *testing.T) {
	officialSource(t)
	o := Options{Dir: t.TempDir(), URL: writeFile(t, cifarArchive(t, binaryLayout))}
	_, err := OpenPrepared("cifar10", o.Dir)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, expected %v", err, fs.ErrNotExist)
	}
	oneLine(t, err, "cifar10 is not prepared", filepath.Join(o.Dir, "cifar10", metaFile), "run 'runner data get cifar10'")
	if left := listing(t, o.Dir); left != nil {
		t.Errorf("left in the data folder: %q", left)
	}
	_, err = OpenPrepared("../cifar10", o.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v: no dataset of that name can be prepared", err)
	}
	oneLine(t, err, `unknown dataset "../cifar10"`)

	if err := Get(context.Background(), "cifar10", o); err != nil {
		t.Fatal(err)
	}
	other := flock.New(filepath.Join(o.Dir, "cifar10.lock"))
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	defer other.Unlock()
	for range 2 {
		d, err := OpenPrepared("cifar10", o.Dir)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := d.Verify(context.Background()); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(preparedFiles, listing(t, o.Dir)); diff != "" {
		t.Errorf("data folder (-expected +got):\n%s", diff)
	}
}

func TestGetRemovesWhatAKilledProcessLeft(t *testing.T) {
	officialSource(t)
	o := Options{Dir: t.TempDir(), URL: writeFile(t, cifarArchive(t, binaryLayout))}
	stale := filepath.Join(o.Dir, "cifar10"+tempMark+"123")
	if err := os.Mkdir(stale, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(stale, "batch-1"), []byte("half"))
	if err := Get(context.Background(), "cifar10", o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(preparedFiles, listing(t, o.Dir)); diff != "" {
		t.Errorf("data folder (-expected +got):\n%s", diff)
	}
}

// While another process prepares a dataset, one that is told to stop stops.
func TestGetCancelled(t *testing.T) {
	dir := t.TempDir()
	other := flock.New(filepath.Join(dir, "synthetic.lock"))
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	defer other.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Get(ctx, "synthetic", Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, expected %v", err, context.Canceled)
	}
	for _, name := range []string{"synthetic", "cifar10"} {
		officialSource(t)
		o := Options{Dir: t.TempDir(), URL: "http://127.0.0.1:1/x"}
		if err := Get(ctx, name, o); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v, expected %v", name, err, context.Canceled)
		}
		if Ready(name, o) {
			t.Errorf("%s is ready", name)
		}
	}
}

// An archive that came whole is used again where only the disk failed.
func TestDownloadUsedAgain(t *testing.T) {
	address, asked := serve(t, whole(cifarArchive(t, binaryLayout), ""))
	o := Options{Dir: t.TempDir(), URL: address, Progress: writerFunc(func([]byte) {})}
	kind, _ := Lookup("cifar10")
	nowhere := &builder{kind: kind, dir: filepath.Join(o.Dir, "nothing"), counts: map[int]int{}}
	if err := prepareCIFAR10(context.Background(), o, nowhere); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("error %v, expected one of the disk", err)
	}
	if err := Get(context.Background(), "cifar10", o); err != nil {
		t.Fatal(err)
	}
	asked.expect(t, ";")
	if diff := cmp.Diff(preparedFiles, listing(t, o.Dir)); diff != "" {
		t.Errorf("data folder (-expected +got):\n%s", diff)
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

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/internal/bench"
)

func TestWrongUsage(t *testing.T) {
	for _, args := range []string{"-turns 0", "-epochs 0", "-epochs x", "-bogus"} {
		if err := run(t.Context(), strings.Fields(args)); !errors.Is(err, bench.ErrUsage) {
			t.Errorf("%s: %v, want %v", args, err, bench.ErrUsage)
		}
	}
}

// The error of a program that cannot be started is reported.
func TestMissingProgram(t *testing.T) {
	b := &comparison{program: "/nonexistent", threads: 1, dataDir: t.TempDir()}
	file := filepath.Join(t.TempDir(), "tiny.yaml")
	err := os.WriteFile(file,
		[]byte("name: tiny\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\nepochs: 1\n"), 0o666)
	if err := errors.Join(err, b.add(t.Context(), file)); err != nil {
		t.Fatal(err)
	}
	job := b.networks[0].job
	defer job.Dataset.Close()
	if _, err := b.measure(t.Context(), job, t.TempDir()); err == nil || !strings.Contains(err.Error(), "/nonexistent") {
		t.Errorf("error %v does not name the program", err)
	}
}

package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"runner/internal/data"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in the scripts")

// shared is a folder with the prepared synthetic dataset, for all scripts.
var shared string

// programs are what the test binary is when it is called by their names.
var programs = map[string]func(){"runner": main}

func TestMain(m *testing.M) {
	testscript.Main(withData{m}, programs)
}

// withData prepares the dataset around all tests.
type withData struct{ m *testing.M }

func (w withData) Run() int {
	dir, err := os.MkdirTemp("", "runner-script")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	shared = dir
	synthetic, err := data.ByName("synthetic")
	if err == nil {
		err = synthetic.Get(context.Background(), data.Options{Dir: shared})
	}
	if err != nil {
		panic(err)
	}
	return w.m.Run()
}

// TestScripts runs the command line as a person does, one file a command.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("RUNNER_DATA", shared)
			for _, name := range []string{"RUNNER_CIFAR10_URL", "RUNNER_CIFAR10_CHECKSUM"} {
				env.Setenv(name, os.Getenv(name))
			}
			return nil
		},
	})
}

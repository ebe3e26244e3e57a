package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestExitCodes holds what programs rely on.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.yaml":     "name: good\ndataset: synthetic\nepochs: 1\nlayers: [flatten, {dense: {units: 10}}]\n",
		"bad.yaml":      "name: bad\ndataset: synthetic\nlayers: [flatten, {dense: {units: 9}}]\n",
		"abstract.yaml": "abstract: true\ndataset: synthetic\n",
		"runaway.yaml": "name: runaway\ndataset: synthetic\noptimizer: {sgd: {learning_rate: 1000}}\n" +
			"layers: [flatten, {dense: {units: 32}}, {dense: {units: 10}}]\n",
		"huge.yaml": "name: huge\ndataset: synthetic\nbatch_size: 65536\nepochs: 1\n" +
			"layers: [{conv2d: {filters: 65536, kernel: 1}}, global_avgpool2d, {dense: {units: 10}}]\n",
		"empty.safetensors": "",
		"file":              "",
		"empty.yaml":        "",
		"utf16.yaml":        "\xff\xfen\x00a\x00m\x00e\x00",
		"binary.yaml":       "\x89PNG\r\n\x1a\n",
		"nul.yaml":          "name: x\x00\n",
		"slash.yaml":        "name: a/b\ndataset: synthetic\nlayers: [flatten, {dense: {units: 10}}]\n",
		"folder.yaml/x":     "",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cases := []struct {
		want int
		args []string
	}{
		{0, []string{"run", "good.yaml"}},
		{0, []string{"run", "good.yaml"}}, // finished, and skipped
		{0, []string{"leaderboard"}},
		{0, []string{"replay", "good", "--verify"}},
		{1, []string{"run", "runaway.yaml"}},
		{1, []string{"run", "runaway.yaml"}}, // diverged already
		{1, []string{"sweep", "good.yaml", "runaway.yaml"}},
		{1, []string{"run", "huge.yaml"}},
		{1, []string{"sweep", "good.yaml", "--store", "file"}},
		{1, []string{"run", "good.yaml", "--init-from", "empty.safetensors"}},
		{2, []string{"run", "bad.yaml"}},
		{2, []string{"check", "bad.yaml"}},
		{2, []string{"sweep", "bad.yaml"}},
		{2, []string{"run", "abstract.yaml"}},
		{2, []string{"sweep", "abstract.yaml"}},
		{2, []string{"swep"}},
		{2, []string{"data", "lst"}},
		{2, []string{"run"}},
		{2, []string{"run", "missing.yaml"}},
		{2, []string{"run", "empty.yaml"}},
		{2, []string{"run", "utf16.yaml"}},
		{2, []string{"run", "binary.yaml"}},
		{2, []string{"run", "nul.yaml"}},
		{2, []string{"run", "slash.yaml"}},
		{2, []string{"run", "folder.yaml"}},
		{2, []string{"check", "folder.yaml"}},
		{2, []string{"run", "good.yaml", "--colour"}},
		{2, []string{"run", "good.yaml", "--threads", "0"}},
		{2, []string{"run", "good.yaml", "--threads", "10000000"}},
		{2, []string{"run", "good.yaml", "--init-from", "missing.safetensors"}},
		{2, []string{"run", "good.yaml", "--store", ""}},
		{2, []string{"show", "missing"}},
		{2, []string{"compare", "good"}},
		{2, []string{"compare", "good", "good"}},
		{2, []string{"compare", "good", "missing"}},
		{2, []string{"replay", "missing"}},
		{2, []string{"replay", "good", "--epochs", "-1"}},
		{2, []string{"test", "good", "--threads", "-3"}},
		{2, []string{"predict", "good", "--figure", "out.gif"}},
		{2, []string{"leaderboard", "--mode", "ful"}},
		{2, []string{"list", "--dataset", "mnist"}},
		{2, []string{"data", "show", "synthetic", "--batch", "9"}},
		{2, []string{"store", "merge", "missing"}},
		{2, []string{"store", "merge", "good.yaml"}},
	}
	for _, c := range cases {
		out, err := command(dir, c.args...).CombinedOutput()
		got := 0
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			got = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if got != c.want || len(out) == 0 {
			t.Errorf("runner %q: exit code %d, expected %d:\n%s", c.args, got, c.want, out)
		}
	}
	cmd := command(dir, "list")
	cmd.Env = append(cmd.Env, "RUNNER_ISA=abacus")
	var exit *exec.ExitError
	if _, err := cmd.Output(); !errors.As(err, &exit) || exit.ExitCode() != exitUsage {
		t.Errorf("an unknown RUNNER_ISA: %v, expected exit code 2", err)
	}
}

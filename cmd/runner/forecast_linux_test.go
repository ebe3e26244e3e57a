package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/internal/view/record"
)

// peakFile names the file to which a measured worker writes its peak of memory.
const peakFile = "RUNNER_TEST_PEAK"

func init() { programs["measured"] = measured }

// measured is the program, whose worker writes the most that it had in memory.
func measured() {
	code := run(context.Background(), os.Args[1:])
	if os.Args[1] == workerCommand {
		status, err := os.ReadFile("/proc/self/status")
		if err == nil {
			_, peak, _ := strings.Cut(string(status), "VmHWM:")
			err = os.WriteFile(os.Getenv(peakFile), []byte(peak), 0o644)
		}
		if err != nil {
			panic(err)
		}
	}
	os.Exit(code)
}

// TestForecastOfMemory holds what check says of memory against the peaks of workers.
func TestForecastOfMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector takes memory of its own")
	}
	for name, text := range map[string]string{
		"small": "layers: [flatten, {dense: {units: 10}}]\nbatch_size: 64",
		"dense": "layers: [flatten, {dense: {units: 1024, activation: gelu}}, {dense: {units: 10}}]\n" +
			"optimizer: {sgd: {learning_rate: 0.01}}",
		"convolutions, tested at the end": "mode: full\nbatch_size: 256\n" +
			"layers: [{conv2d: {filters: 32, kernel: 3, stride: 2, activation: relu}}, " +
			"{conv2d: {filters: 32, kernel: 3, activation: relu}}, {maxpool2d: {pool: 2}}, flatten, {dense: {units: 10}}]",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "x.yaml"), []byte("name: x\ndataset: synthetic\nepochs: 1\n"+text+"\n"),
				0o644); err != nil {
				t.Fatal(err)
			}
			peak := filepath.Join(dir, "peak")
			execute := func(args ...string) []byte {
				cmd := command(dir, args...)
				cmd.Args[0] = "measured"
				cmd.Env = append(cmd.Env, peakFile+"="+peak)
				out, err := cmd.Output()
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			var checked []record.Checked
			if err := json.Unmarshal(execute("check", "x.yaml", "--format", "json", "--threads", "2"), &checked); err != nil {
				t.Fatal(err)
			}
			execute("run", "x.yaml", "--threads", "2")
			text, err := os.ReadFile(peak)
			if err != nil {
				t.Fatal(err)
			}
			var kilobytes float64
			if _, err := fmt.Sscan(string(text), &kilobytes); err != nil {
				t.Fatal(err)
			}
			forecast, truth := float64(*checked[0].MemoryBytes), 1024*kilobytes
			t.Logf("forecast %.1f MB, took %.1f MB", forecast/1e6, truth/1e6)
			if math.Abs(forecast/truth-1) > 0.15 {
				t.Errorf("forecast %.1f MB, took %.1f MB", forecast/1e6, truth/1e6)
			}
		})
	}
}

package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzLoad: for any file, Load returns, within bounds, experiments or faults that
// say something; and what it returns can be stored and read back.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "optimizer.adam.learning_rate=3e-4")
	}
	for _, text := range []string{
		"", "\x00", "\xff\xfe", "\ufeffname: x", "- a\n- b", "[[[[", "{{{{", "? ? ? ?", "- - - -", "a: b: c",
		strings.Repeat("[", 1000), strings.Repeat("- ", 1000), strings.Repeat("&a ", 100), strings.Repeat("!x ", 100),
		aliases("[1]"), indented(80), "a: &a [*a]", "<<: {name: x}", "<<: [*a]", "&a : *a", "%YAML 1.2\n---\n",
		"---\n---\n", "...\n",
		"name: !!binary aGk=", "name: |+2\n   x\n", "name: >-\n", "'a", "\"\\x\"", "\"\\ud800\"", "a: |\n\t",
		"a:\r\n  b\r", "*a : b", "? a\n: b",
		"extends: x.yaml", "extends: .", "extends: ../../../../../../dev/zero", "abstract: true",
		small + "sweep: {seeds: 2, grid: {epochs: [1, 2]}}", small + "sweep: {grid: {layers[0].flatten.a: [[1], {b: c}]}}",
		small + "checkpoint_every: 1h0.5s\n", small + "checkpoint_every: 60\n",
		small + "optimizer: {\"a\\nb\": , c: 1}\n", small + "extends: \"a\\nb\"\n",
		small + "seed: 0x7fffffffffffffff\nepochs: 1e1\n", small + "optimizer: {adam: {learning_rate: .nan}}",
		"name: x\ndataset: d\nlayers: [residual: {layers: [flatten, activation: relu], shortcut: [dense: {units: 3}]}]\n",
		"name: x\ndataset: d\nlayers:\n  - repeat: {times: 3, layers: [repeat: {times: 2, layers: [flatten]}, " +
			"residual: {layers: [repeat: {times: 2, layers: [a]}]}]}\n",
		"name: x\ndataset: d\nlayers: [repeat: {times: 99999999999999999999, layers: [repeat: {times: -1, layers: [a: " +
			"{b: [repeat]}]}]}]\n",
	} {
		f.Add(text, "layers[0].dense.units=3")
	}
	f.Add(nested, "layers[1].repeat.layers[0].dense.units=3")
	f.Add(nested+"sweep: {grid: {\"layers[1].repeat.times\": [1, 9000]}}\n",
		"layers[2].residual.shortcut[0]=a: {b: [c, {d: 1}]}")
	f.Add(small, "optimizer={a: [")
	f.Add(small, "init.weights.normal.stddev='")
	file := filepath.Join(f.TempDir(), "x.yaml")
	f.Fuzz(func(t *testing.T, text, set string) {
		hang := time.AfterFunc(30*time.Second, func() { panic("Load does not return") })
		defer hang.Stop()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, overrides := range [][]string{nil, {set}} {
			loaded, faults := Load(file, overrides)
			if len(faults) == 0 && len(loaded.Experiments) == 0 && !loaded.Abstract {
				t.Error("neither experiments nor faults")
			}
			for _, fault := range faults {
				silent := strings.TrimSpace(fault.Message) == "" || fault.Pos.File == ""
				if silent || strings.Contains(fault.Message, "\n") || len(fault.Message) > 3*maxPath {
					t.Errorf("fault %q at %+v", fault.Message, fault.Pos)
				}
			}
			for i, e := range loaded.Experiments {
				if _, err := e.Hash(true); i >= 3 || err != nil {
					break // an item's argument is not finite: left to its kind to refuse
				}
				if text, err := e.Text(); err != nil {
					t.Errorf("%v\n%s", err, text)
				}
			}
		}
	})
}

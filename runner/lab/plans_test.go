package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestManyFaults: of very many faults the first are reported, whoever found them, and that there are
// more.
func TestManyFaults(t *testing.T) {
	const head = "name: x\ndataset: synthetic\nlayers:\n"
	for _, test := range []struct{ name, text, want string }{
		{"keys", head + strings.Repeat("- 3\n", 9000), "x.yaml:104:3: and at least 8900 more faults"},
		{"layers", head + strings.Repeat("- flat\n", 9000), "x.yaml:104:3: and at least 8900 more faults"},
		{"both", head + strings.Repeat("- flat\n- 3\n", 51), "x.yaml:104:3: and at least 2 more faults"},
		{"points of a sweep", head + "- dense: {}\nsweep: {grid: {'layers[0].dense.units': [\n" +
			strings.Repeat("x,\n", 9000) + "]}}\n", "x.yaml:106:1: and at least 1 more faults"},
		{"points of another", head + "- flatten\n- dense: {units: 10}\nsweep: {grid: {epochs: [\n" +
			strings.Repeat("x,\n", 9000) + "]}}\n", "x.yaml:107:1: and at least 1 more faults"},
		{"as many as are reported", head + strings.Repeat("- 3\n", 100),
			"x.yaml:103:3: layers[99]: expected a kind (\"name\") or a kind with arguments (\"name: {key: value}\"), got the number 3"},
	} {
		file := filepath.Join(t.TempDir(), "x.yaml")
		if err := os.WriteFile(file, []byte(test.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, faults := loadFile(file, nil)
		if len(faults) == 0 || !strings.HasSuffix(faults[len(faults)-1].String(), test.want) || len(faults) > 101 {
			t.Errorf("%s: %d faults, the last %v, expected %s", test.name, len(faults), faults[len(faults)-1], test.want)
		}
	}
}

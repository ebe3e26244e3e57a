package term

import (
	"testing"

	"runner/internal/view/record"
	"runner/store"
)

// A shell that reads the command finds the folders, however they are called.
func TestRepeatNamesFolders(t *testing.T) {
	for _, c := range []struct{ store, data, want string }{
		{"", "", "runner show a --config > a.yaml && runner run a.yaml --again"},
		{"x/runs-2", "", "runner show a --config --store x/runs-2 > a.yaml && runner run a.yaml --again --store x/runs-2"},
		{"", "/my data", "runner show a --config > a.yaml && runner run a.yaml --again --data '/my data'"},
		{"it's", "$d", `runner show a --config --store 'it'\''s' > a.yaml && ` +
			`runner run a.yaml --again --store ` +
			`'it'\''s' --data '$d'`},
	} {
		if got := record.Repeat(record.FullRun{Run: store.Run{ID: "a"}, Store: c.store, Data: c.data}); got != c.want {
			t.Errorf("repeat %s\n  want %s", got, c.want)
		}
	}
}

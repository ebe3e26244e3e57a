//go:build !purego

package kernel

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Processors without AVX-512 have sixteen vector registers. The generator silently uses
// more where a loop needs them.
func TestVectorRegisters(t *testing.T) {
	functions := 0
	for _, name := range []string{"vector_amd64.s", "tile_amd64.s"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, function := range strings.Split(string(text), "\nTEXT ·")[1:] {
			name, body, _ := strings.Cut(function, "(SB)")
			if !strings.Contains(name, "AVX2") {
				continue
			}
			functions++
			if found := regexp.MustCompile(`\b[XYZ](1[6-9]|[23][0-9])\b|\bZ[0-9]`).FindString(body); found != "" {
				t.Errorf("%s uses register %s", name, found)
			}
		}
	}
	if functions < 20 {
		t.Errorf("found %d functions for AVX2", functions)
	}
}

//go:build !purego

package kernel

import (
	"os"
	"regexp"
	"testing"
)

// Processors with AVX2 alone have sixteen vector registers. The generator takes
// more without a word where a loop needs them.
func TestVectorRegisters(t *testing.T) {
	text, err := os.ReadFile("vector_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`\b[XYZ](1[6-9]|[23][0-9])\b|\bZ[0-9]`).Find(text); found != nil {
		t.Errorf("the loops for AVX2 use register %s", found)
	}
}

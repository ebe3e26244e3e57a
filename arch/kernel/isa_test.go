package kernel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChooseISA(t *testing.T) {
	for _, expected := range supported() {
		isa, err := choose(expected.name)
		if err != nil || isa.name != expected.name {
			t.Errorf("RUNNER_ISA=%s gives %s, %v", expected.name, isa.name, err)
		}
	}
	if got, err := choose(""); err != nil || got.name != supported()[0].name {
		t.Errorf("without RUNNER_ISA: %s, %v", got.name, err)
	}
	_, err := choose("mmx")
	if err == nil || !strings.Contains(err.Error(), `received "mmx"`) || !strings.Contains(err.Error(), "purego") {
		t.Errorf("RUNNER_ISA=mmx: the error is %v, expected the value and the choices", err)
	}
}

// The fused instruction sets give each other's bits: every sum has one order.
func TestISAsAgree(t *testing.T) {
	var expected []uint32
	for _, isa := range supported() {
		if isa.name == pureGo.name {
			continue // rounds twice where the others round once
		}
		l := newLayer(wideLayers[1].conv, wideLayers[1].n, 1)
		y, dx, dw, db := l.run(newPool(t, isa, 2))
		received := bits(append(append(append(y, dx...), dw...), db...))
		if expected == nil {
			expected = received
		} else if !cmp.Equal(expected, received) {
			t.Errorf("%s differs from %s", isa.name, supported()[0].name)
		}
	}
}

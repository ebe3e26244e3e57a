package kernel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChooseTile(t *testing.T) {
	for _, supported := range supportedTiles() {
		tl, err := chooseTile(supported.isa)
		if err != nil || tl.isa != supported.isa {
			t.Errorf("RUNNER_ISA=%s gives %s, %v", supported.isa, tl.isa, err)
		}
	}
	if tl, err := chooseTile(""); err != nil || tl.isa != supportedTiles()[0].isa {
		t.Errorf("without RUNNER_ISA: %s, %v", tl.isa, err)
	}
	_, err := chooseTile("mmx")
	if err == nil || !strings.Contains(err.Error(), `received "mmx"`) || !strings.Contains(err.Error(), "go") {
		t.Errorf("RUNNER_ISA=mmx: the error is %v, expected the value and the choices", err)
	}
}

// The fused instruction sets give each other's bits: every sum has one order.
func TestISAsAgree(t *testing.T) {
	var expected []uint32
	for _, tl := range supportedTiles() {
		if tl.isa == goTile.isa {
			continue // rounds twice where the others round once
		}
		l := newLayer(wideLayers[1].conv, wideLayers[1].n, 1)
		y, dx, dw, db := l.run(newPool(t, tl, 2))
		received := bits(append(append(append(y, dx...), dw...), db...))
		if expected == nil {
			expected = received
		} else if !cmp.Equal(expected, received) {
			t.Errorf("%s differs from %s", tl.isa, supportedTiles()[0].isa)
		}
	}
}

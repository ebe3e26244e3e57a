package standing

import (
	"slices"
	"strings"
	"testing"

	"runner/store"
)

func TestLayersInShort(t *testing.T) {
	for _, c := range []struct{ settings, want string }{
		{"", ""},
		{"layers[0] conv2d\nlayers[0].conv2d.filters 3\nlayers[1] conv2d\nlayers[2] dense\n", "2 conv2d, dense"},
		{"layers[0] residual\nlayers[0].residual.layers[0] conv2d\nlayers[0].residual.layers[0].conv2d.filters " +
			"3\nlayers[0].residual.layers[1] conv2d\n" +
			"layers[1] residual\nlayers[1].residual.layers[0] conv2d\nlayers[1].residual.layers[1] conv2d\nlayers[2] dense\n",
			"2 residual (2 conv2d), dense"},
		{"layers[0] residual\nlayers[0].residual.layers[0] residual\nlayers[0].residual.layers[0].residual.layers[0] relu\n" +
			"layers[0].residual.shortcut[0] pool\nlayers[0].residual.shortcut[1] conv2d\n",
			"residual (residual (relu); shortcut: pool, conv2d)"},
	} {
		if got := layers(store.Settings(strings.ReplaceAll(c.settings, " ", "\t"))); got != c.want {
			t.Errorf("%q in short: %s, expected %s", c.settings, got, c.want)
		}
	}
	// What stands at one place does not compare where the kinds inside differ.
	nested := []string{"epochs", "layers[0].residual.layers[1]", "layers[0].residual.layers[1].dense.units"}
	if got := foldLayers(slices.Clone(nested)); !slices.Equal(got, []string{"epochs", "layers"}) {
		t.Errorf("columns %v", got)
	}
	if got := foldLayers(nested[2:]); !slices.Equal(got, nested[2:]) {
		t.Errorf("columns %v", got)
	}
}

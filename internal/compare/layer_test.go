package compare

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/store"
)

func TestLayersOf(t *testing.T) {
	settings, err := store.SettingsOf(`
name: x
layers:
  - conv2d: {filters: 16, kernel: [3, 5], padding: same}
  - activation: relu
  - flatten
  - dropout: {rate: 0.5}
epochs: 3
`)
	if err != nil {
		t.Fatal(err)
	}
	got := layersOf(settings, func(layer, argument string) string {
		if layer == "conv2d" && argument == "padding" {
			return "same"
		}
		return ""
	})
	want := []Layer{
		{Index: 0, Kind: "conv2d", Args: []Argument{{"filters", "16", false}, {"kernel", "[3, 5]", false}, {"padding", "same", true}}},
		{Index: 1, Kind: "activation", Args: []Argument{{"", "relu", false}}},
		{Index: 2, Kind: "flatten", Args: []Argument{}},
		{Index: 3, Kind: "dropout", Args: []Argument{{"rate", "0.5", false}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := layersOf("layers[0].dense.units\t3\n", nil); len(got) != 0 {
		t.Errorf("arguments without a layer: %v", got)
	}
}

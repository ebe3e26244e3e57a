package compare

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/spec"
	"runner/store"
)

func TestLayersOf(t *testing.T) {
	const settings store.Settings = "layers[0]\tconv2d\nlayers[0].conv2d.filters\t16\nlayers[0].conv2d.kernel\t[3, 5]\n" +
		"layers[0].conv2d.padding\tsame\nlayers[1]\tactivation\nlayers[1].activation\trelu\nlayers[2]\tflatten\n" +
		"layers[3]\tdropout\nlayers[3].dropout.rate\t0.5\nepochs\t3\n"
	got := newLayers(spec.LayersOf(settings.All()), func(layer, argument string) string {
		if layer == "conv2d" && argument == "padding" {
			return "same"
		}
		return ""
	})
	want := []Layer{
		{list: "layers", Index: 0, Kind: "conv2d",
			Args: []Argument{{"filters", "16", false}, {"kernel", "[3, 5]", false}, {"padding", "same", true}}},
		{list: "layers", Index: 1, Kind: "activation", Args: []Argument{{"", "relu", false}}},
		{list: "layers", Index: 2, Kind: "flatten", Args: []Argument{}},
		{list: "layers", Index: 3, Kind: "dropout", Args: []Argument{{"rate", "0.5", false}}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Layer{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := newLayers(spec.LayersOf(store.Settings("layers[0].dense.units\t3\n").All()), nil); len(got) != 0 {
		t.Errorf("arguments without a layer: %v", got)
	}
}

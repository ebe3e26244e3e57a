package arch

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/spec"
)

// load reads the layers of an experiment given as YAML.
func load(t *testing.T, layers string) *spec.Experiment {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.yaml")
	text := "name: x\ndataset: cifar10\nlayers:\n" + layers
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	loaded, faults := spec.Load(file, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return loaded.Experiments[0]
}

const post = `
  - conv2d: {filters: 32, kernel: 7, stride: 2, padding: same}
  - maxpool2d: {pool: 2}
  - conv2d: {filters: 64, kernel: 3}
  - maxpool2d: {pool: 2}
  - conv2d: {filters: 128, kernel: 2}
  - maxpool2d: {pool: 2}
  - flatten
  - dropout: {rate: 0.5}
  - dense: {units: 1024}
  - dropout: {rate: 0.5}
  - dense: {units: 128}
  - dense: {units: 10}
`

// TestPostNetwork checks the shapes that the blog post prints, and the costs.
func TestPostNetwork(t *testing.T) {
	n, _, faults := New(load(t, post), Shape{32, 32, 3}, 10)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var shapes []string
	for _, l := range n.Layers {
		shapes = append(shapes, l.Out.String())
	}
	want := "16x16x32 8x8x32 8x8x64 4x4x64 4x4x128 2x2x128 512 512 1024 1024 128 10"
	if diff := cmp.Diff(want, strings.Join(shapes, " ")); diff != "" {
		t.Errorf("shapes (-want +got):\n%s", diff)
	}
	parameters := int64(7*7*3*32+32) + (3*3*32*64 + 64) + (2*2*64*128 + 128) +
		(512*1024 + 1024) + (1024*128 + 128) + (128*10 + 10)
	if n.Parameters() != parameters {
		t.Errorf("%d parameters, expected %d", n.Parameters(), parameters)
	}
	multiplyAdds := int64(16*16*32*7*7*3) + 8*8*64*3*3*32 + 4*4*128*2*2*64 + 512*1024 + 1024*128 + 128*10
	if n.MultiplyAdds() != multiplyAdds {
		t.Errorf("%d multiply-adds, expected %d", n.MultiplyAdds(), multiplyAdds)
	}
}

// TestFaults checks messages and places; columns count from the line's start.
func TestFaults(t *testing.T) {
	cases := []struct {
		name, layers string
		want         []string // line:column: message
	}{
		{"unknown kind", "  - conv2: {filters: 3}\n  - flatten\n  - dens: {units: 10}\n", []string{
			`4:5: layers[0]: unknown layer "conv2", did you mean "conv2d"?`,
			`6:5: layers[2]: unknown layer "dens", did you mean "dense"?`,
		}},
		{"kernel too large", "  - conv2d: {filters: 3, kernel: 33, padding: valid}\n" +
			"  - flatten\n  - dense: {units: 10}\n", []string{
			`4:26: layers[0] conv2d: kernel 33 is larger than its 32x32 input with padding valid`,
		}},
		{"dense on a picture", "  - dense: {units: 10}\n", []string{
			`4:5: layers[0] dense: expected flat values, got 32x32x3: put flatten or global_avgpool2d before it`,
		}},
		{"convolution of flat values", "  - flatten\n  - conv2d: {filters: 3, kernel: 3}\n", []string{
			`5:5: layers[1] conv2d: expected a picture (height x width x channels), got 3072 flat values: put it before flatten`,
		}},
		{"wrong number of units", "  - flatten\n  - dense: {units: 12}\n", []string{
			"5:5: layers[1] dense: the last layer has output 12, expected 10, one for each class of cifar10: " +
				"end with - dense: {units: 10}",
		}},
		{"rate twice", "  - dropout: {rate: 0.5, keep_prob: 0.5}\n  - dropout\n", []string{
			`4:14: layers[0] dropout: rate and keep_prob mean the same: give only one of them`,
			`5:5: layers[1] dropout: rate is missing, for example {rate: 0.5}`,
		}},
		{"activations", "  - activation: reul\n  - dense: {units: 10, activation: 3}\n", []string{
			`4:17: layers[0] activation: unknown activation "reul", did you mean "relu"?`,
			"5:36: layers[1] dense: activation: expected an activation " +
				"(linear, relu, leaky_relu, elu, gelu, silu, tanh, sigmoid), got the number 3",
		}},
		{"inside a layer", "  - residual:\n      layers:\n        - conv2: {filters: 3}\n" +
			"        - residual: {layers: [dense: {unit: 3}], shortcuts: []}\n" +
			"      shortcut:\n        - conv2d: {filters: 3, kernel: 0}\n", []string{
			`6:11: layers[0] residual: layers[0]: unknown layer "conv2", did you mean "conv2d"?`,
			`7:39: layers[0] residual: layers[1] residual: layers[0] dense: unknown key "unit", did you mean "units"?`,
			`7:50: layers[0] residual: layers[1] residual: unknown key "shortcuts", did you mean "shortcut"?`,
			`9:40: layers[0] residual: shortcut[0] conv2d: kernel: must be at least 1 and at most 1024, got 0`,
		}},
		{"each fault of a repeat once", "  - repeat:\n      times: 5\n      layers:\n" +
			"        - dense: {unit: 3}\n        - repeet: {times: 2}\n", []string{
			`7:19: layers[0] repeat: layers[0] dense: unknown key "unit", did you mean "units"?`,
			`8:11: layers[0] repeat: layers[1]: unknown layer "repeet", did you mean "repeat"?`,
		}},
		{"shrinking", "  - repeat:\n      times: 9\n      layers:\n        - residual:\n" +
			"            layers: [conv2d: {filters: 3, kernel: 5, padding: valid}]\n" +
			"            shortcut: [conv2d: {filters: 3, kernel: 5, padding: valid}]\n", []string{
			"8:43: layers[0] repeat: layers[0] residual: layers[0] conv2d: " +
				"kernel 5 is larger than its 4x4 input with padding valid",
		}},
		{"nothing to add", "  - residual: {layers: [], shortcut: [flatten]}\n  - residual\n", []string{
			`4:24: layers[0] residual: layers: needs at least 1, got 0`,
			`5:5: layers[1] residual: the key "layers" is missing`,
		}},
		{"another shape than the input", "  - residual:\n      layers:\n        - maxpool2d: {pool: 2}\n", []string{
			"5:7: layers[0] residual: its layers produce 16x16x3, but the input that is added is 32x32x3: " +
				"keep that shape, or give a shortcut that produces 16x16x3",
		}},
		{"another shape than the shortcut", "  - flatten\n  - residual:\n      layers:\n" +
			"        - residual: {layers: [dense: {units: 8}], shortcut: [dense: {units: 9}]}\n", []string{
			"7:51: layers[1] residual: layers[0] residual: its layers produce 8, its shortcut 9: " +
				"both must produce the same shape",
		}},
		{"a residual at the end", "  - flatten\n  - residual: {layers: [dense: {units: 3072}]}\n", []string{
			"5:5: layers[1] residual: the last layer has output 3072, expected 10, one for each class of cifar10: " +
				"end with - dense: {units: 10}",
		}},
		{"bounds", "  - conv2d: {filters: 0, kernel: [3, 0], stride: x}\n", []string{
			`4:23: layers[0] conv2d: filters: must be at least 1, got 0`,
			`4:34: layers[0] conv2d: kernel: must be at least 1 and at most 1024, got 0`,
			"4:50: layers[0] conv2d: stride: expected a whole number or [height, width], got the text \"x\"",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, _, faults := New(load(t, c.layers), Shape{32, 32, 3}, 10)
			faults.Sort()
			var got []string
			for _, f := range faults {
				_, place, _ := strings.Cut(f.String(), "x.yaml:")
				got = append(got, place)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// TestResolved checks that an experiment is the same however it is written.
func TestResolved(t *testing.T) {
	hash := func(layers string) string {
		_, resolved, faults := New(load(t, layers), Shape{32, 32, 3}, 10)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		h, err := resolved.Hash(true)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	short := "  - maxpool2d: {pool: 2}\n  - activation: relu\n  - flatten\n" +
		"  - dropout: {keep_prob: 0.7}\n  - dense: {units: 10}\n"
	long := "  - maxpool2d: {stride: [2, 2], padding: same, pool: [2, 2]}\n  - activation: {function: relu}\n" +
		"  - flatten: {}\n  - dropout: {rate: 0.3}\n  - dense: {units: 10, activation: linear}\n"
	if hash(short) != hash(long) {
		t.Error("the same layers written in two ways have two hashes")
	}
	if hash(short) == hash(strings.Replace(short, "0.7", "0.6", 1)) {
		t.Error("another rate has the same hash")
	}
}

// TestResolvedInside does the same for layers inside others.
func TestResolvedInside(t *testing.T) {
	resolve := func(layers string) (*Network, *spec.Experiment) {
		n, resolved, faults := New(load(t, layers), Shape{32, 32, 3}, 10)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return n, resolved
	}
	hash := func(layers string) string {
		_, resolved := resolve(layers)
		h, err := resolved.Hash(true)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	const end = "  - flatten\n  - dense: {units: 10}\n"
	short := "  - residual: {layers: [conv2d: {filters: 3, kernel: 3}, repeat: {times: 2, layers: [activation: relu]}, " +
		"flatten: {}, dropout: {keep_prob: 0.5}], shortcut: [flatten]}\n" + end
	block := `  - residual:
      layers:
        - conv2d: {filters: 3, kernel: 3, stride: 1, padding: same, activation: linear}
        - activation: {function: relu}
        - activation: {function: relu}
        - flatten
        - dropout: {rate: 0.5}
      shortcut:
        - flatten
`
	if hash(short) != hash(block+end) {
		t.Error("the same layers written in two ways have two hashes")
	}
	if hash(short) == hash(strings.Replace(short, "0.5", "0.6", 1)) {
		t.Error("another rate has the same hash")
	}
	const without = "  - residual: {layers: [conv2d: {filters: 3, kernel: 3}]}\n"
	const empty = "  - residual: {layers: [conv2d: {filters: 3, kernel: 3}], shortcut: []}\n"
	if hash(without+end) != hash(empty+end) {
		t.Error("an empty shortcut is another experiment than none")
	}
	_, resolved := resolve(short)
	text, err := resolved.Text()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "layers:\n"+block) {
		t.Errorf("expected, in its text,\n%s\ngot\n%s", block, text)
	}
}

// TestTree checks the names, numbers and costs of layers inside others. Without any, the
// layers' numbers are their indices.
func TestTree(t *testing.T) {
	n, _, faults := New(load(t, `
  - conv2d: {filters: 4, kernel: 3}
  - residual:
      layers:
        - conv2d: {filters: 8, kernel: 3, stride: 2}
        - residual: {layers: [activation: relu, conv2d: {filters: 8, kernel: 3}]}
      shortcut:
        - conv2d: {filters: 8, kernel: 1, stride: 2}
  - repeat: {times: 2, layers: [activation: tanh]}
  - global_avgpool2d
  - residual: {layers: [dropout: {rate: 0.5}]}
`[1:]), Shape{32, 32, 3}, 8)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got []string
	for l := range n.All() {
		got = append(got, fmt.Sprintf("%d %s %v %d %d", l.Number, l.Name, l.Out, l.Parameters(), l.MultiplyAdds))
	}
	const (
		first, strided, inner, past = 32 * 32 * 4 * 27, 16 * 16 * 8 * 36, 16 * 16 * 8 * 72, 16 * 16 * 8 * 4
	)
	want := []string{
		fmt.Sprintf("0 layers.0.conv2d 32x32x4 112 %d", first),
		fmt.Sprintf("1 layers.1.residual 16x16x8 920 %d", strided+inner+past),
		fmt.Sprintf("2 layers.1.residual.layers.0.conv2d 16x16x8 296 %d", strided),
		fmt.Sprintf("3 layers.1.residual.layers.1.residual 16x16x8 584 %d", inner),
		"4 layers.1.residual.layers.1.residual.layers.0.activation 16x16x8 0 0",
		fmt.Sprintf("5 layers.1.residual.layers.1.residual.layers.1.conv2d 16x16x8 584 %d", inner),
		fmt.Sprintf("6 layers.1.residual.shortcut.0.conv2d 16x16x8 40 %d", past),
		"7 layers.2.activation 16x16x8 0 0",
		"8 layers.3.activation 16x16x8 0 0",
		"9 layers.4.global_avgpool2d 8 0 0",
		"10 layers.5.residual 8 0 0",
		"11 layers.5.residual.layers.0.dropout 8 0 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := n.Parameters(), int64(112+920); got != want {
		t.Errorf("%d parameters, expected %d", got, want)
	}
	if got, want := n.MultiplyAdds(), int64(first+strided+inner+past); got != want {
		t.Errorf("%d multiply-adds, expected %d", got, want)
	}
	shape := n.TensorShapes()["layers.1.residual.layers.1.residual.layers.1.conv2d.kernel"]
	if !slices.Equal(shape, []int{3, 3, 8, 8}) {
		t.Errorf("shape %v of an inner kernel", shape)
	}

	straight, _, faults := New(load(t, post), Shape{32, 32, 3}, 10)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for i, l := range straight.Layers {
		if l.Number != i || l.Index != i {
			t.Errorf("layer %d has number %d and index %d", i, l.Number, l.Index)
		}
	}
}

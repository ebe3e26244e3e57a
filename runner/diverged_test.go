package runner

import (
	"context"
	"errors"
	"strings"
	"testing"

	"runner/store"
)

func TestDivergence(t *testing.T) {
	linear := strings.Replace(small, ", activation: relu", "", 1)
	inside := strings.Replace(linear, "  - flatten\n",
		"  - residual: {layers: [residual: {layers: [conv2d: {filters: 4, kernel: 3}]}]}\n  - flatten\n", 1)
	for _, c := range []struct {
		text        string
		set         []string
		param, site string // where it has to begin
	}{
		// Biases that are all equal change no loss, and weight decay overflows them.
		{linear, []string{"optimizer={sgd: {learning_rate: 1000, weight_decay: 1000}}", "init.weights=zeros",
			"init.bias={constant: {value: 1e33}}"},
			"layers.4.dense.bias", ""},
		// Weights that are finite still make an output that is not.
		{linear, []string{"init.weights={constant: {value: 3e38}}"}, "", "layers.0.conv2d"},
		{inside, []string{"init.weights={constant: {value: 1e18}}"}, "",
			"layers.2.residual.layers.0.residual.layers.0.conv2d"},
		{inside, []string{"init.weights={constant: {value: 1e-30}}", "init.bias={constant: {value: 3e38}}"}, "",
			"layers.2.residual.layers.0.residual"},
	} {
		j := jobOf(t, c.text, append(c.set, "epochs=5")...)
		_, run, _, err := record(t, context.Background(), j)
		var diverged *DivergedError
		if !errors.As(err, &diverged) {
			t.Fatalf("error %v, expected a DivergedError", err)
		}
		if run.Status != store.Diverged || run.Reason != err.Error() ||
			!strings.Contains(run.Reason, "try a smaller learning rate") {
			t.Errorf("status %s, reason %q", run.Status, run.Reason)
		}
		if diverged.Layer != c.site || diverged.Param != c.param {
			t.Errorf("%v: began in parameter %q, layer %q, expected %q, %q", c.set, diverged.Param, diverged.Layer, c.param,
				c.site)
		}
	}
}

package bench

import (
	"errors"
	"flag"
	"math"
	"testing"
)

func TestQuantile(t *testing.T) {
	tests := []struct {
		values []float64
		part   float64
		want   float64
	}{
		{[]float64{3}, 0.5, 3},
		{[]float64{3, 1}, 0.5, 2},
		{[]float64{9, 1, 5}, 0.5, 5},
		{[]float64{4, 1, 3, 2}, 0.5, 2.5},
		{[]float64{4, 1, 3, 2, 5}, 0.25, 2},
		{[]float64{4, 1, 3, 2, 5}, 1, 5},
	}
	for _, test := range tests {
		if got := Quantile(test.values, test.part); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("Quantile(%v, %v) = %v, expected %v", test.values, test.part, got, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	for arg, want := range map[string]error{"-n=3": nil, "-n=x": ErrUsage, "-bogus": ErrUsage, "-help": flag.ErrHelp} {
		flags := flag.NewFlagSet("test", flag.ContinueOnError)
		flags.Int("n", 1, "a number")
		if err := Parse(flags, []string{arg}); !errors.Is(err, want) {
			t.Errorf("%s: %v, expected %v", arg, err, want)
		}
	}
}

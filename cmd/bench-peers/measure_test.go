package main

import (
	"errors"
	"strings"
	"testing"

	"runner/internal/bench"
)

// A slow spell that hits both sides of a pair leaves its ratio as it was.
func TestRatiosPair(t *testing.T) {
	got := ratios([]float64{2, 20, 3}, []float64{1, 10, 1})
	if bench.Median(got) != 2 {
		t.Errorf("the ratios are %v, expected the median 2", got)
	}
	if i := fastest([][]float64{{5, 5, 5}, {9, 1, 1}, {2, 2, 2}}); i != 1 {
		t.Errorf("contender %d is the fastest, expected 1", i)
	}
}

func TestMissingPython(t *testing.T) {
	t.Setenv("PYTHON", "/nowhere/python3")
	_, err := startPython(t.Context(), "PyTorch", "torch", 1, "")
	var missing *missingError
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "python3-torch") {
		t.Errorf("without Python: %v, expected the package's name", err)
	}
}

// A contender that ends in the middle is an error with its name.
func TestContenderEnds(t *testing.T) {
	c, err := start(t.Context(), "echo", nil, "sh", "-c", "echo about; read task; echo no number")
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if _, err := c.run("step"); err == nil || !strings.Contains(err.Error(), `received "no number"`) {
		t.Errorf("the error is %v", err)
	}
	if _, err := c.run("step"); err == nil || !strings.Contains(err.Error(), "echo") {
		t.Errorf("after its end: %v", err)
	}
}

package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArguments(t *testing.T) {
	args := struct {
		Filters int      `json:"filters" jsonschema:"required"`
		Stride  Pair     `json:"stride"`
		Padding string   `json:"padding"`
		Rate    *float64 `json:"rate,omitempty"`
		Eps     float64  `json:"eps"`
	}{Stride: Pair{1, 2}, Padding: "same", Eps: 1e-8}
	got, err := Arguments(&args)
	if err != nil {
		t.Fatal(err)
	}
	want := []Key{
		{Path: "filters", Required: true}, {Path: "stride", Default: "[1,2]"}, {Path: "padding", Default: "same"},
		{Path: "rate"}, {Path: "eps", Default: "1e-8"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arguments (-want +got):\n%s", diff)
	}
}

package main

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data"
	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
	"runner/internal/view/record"
)

// folder is a source that is nothing without its argument.
type folder struct {
	Path string `json:"path" jsonschema:"required"`
}

func (*folder) Describe() (prepared.Description, error) {
	return prepared.Description{}, errors.New("asked without a path")
}

func (*folder) Examples(context.Context, fetch.Options, *prepared.Builder) error {
	return errors.New("asked for examples")
}

// A kind that needs arguments is listed without what only they decide.
func TestDatasetRows(t *testing.T) {
	needs := data.Kind{Name: "folder", Doc: "Pictures.", New: func() data.Source { return new(folder) }}
	kinds := append(data.Kinds()[1:], needs)
	want := []record.Dataset{
		{Name: "synthetic", Description: kinds[0].Doc, Shape: [3]int{32, 32, 3}, Classes: 10, Ready: true},
		{Name: "folder", Description: "Pictures."},
	}
	if diff := cmp.Diff(want, datasetRows(kinds, shared)); diff != "" {
		t.Errorf("(-expected +got):\n%s", diff)
	}
}

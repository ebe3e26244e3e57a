package main

import (
	"github.com/spf13/cobra"

	"runner/arch"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner/optim"
)

func newSchema(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of experiment files, for editors",
		Args:  exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			schema, err := experimentSchema()
			if err != nil {
				return err
			}
			_, err = a.out.Write(schema)
			return err
		},
	}
}

// experimentSchema composes the schema from the kinds.
func experimentSchema() ([]byte, error) {
	datasets, layers, initialisers, optimizers := kinds()
	return spec.Schema(datasets, layers, initialisers, optimizers)
}

// kinds returns what an item of an experiment file can name.
func kinds() (datasets, layers, initialisers, optimizers []spec.KindSchema) {
	for _, k := range data.Kinds() {
		datasets = append(datasets, spec.KindSchema{Name: k.Name, Doc: k.Doc, Args: k.New()})
	}
	for _, k := range arch.Kinds() {
		layers = append(layers, spec.KindSchema{Name: k.Name, Doc: k.Doc, Args: k.New()})
	}
	layers = append(layers, spec.RepeatKind())
	for _, k := range arch.InitKinds() {
		initialisers = append(initialisers, spec.KindSchema{Name: k.Name, Doc: k.Doc, Args: k.New()})
	}
	for _, k := range optim.Kinds() {
		optimizers = append(optimizers, spec.KindSchema{Name: k.Name, Doc: k.Doc, Args: k.New()})
	}
	return datasets, layers, initialisers, optimizers
}

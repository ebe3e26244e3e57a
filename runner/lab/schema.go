package lab

import (
	"runner/arch"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner/optim"
)

// Schema is the JSON Schema of experiment files, composed from the kinds.
func Schema() ([]byte, error) {
	datasets, layers, initialisers, optimizers := Kinds()
	return spec.Schema(datasets, layers, initialisers, optimizers)
}

// Kinds returns what an item of an experiment file can name.
func Kinds() (datasets, layers, initialisers, optimizers []spec.KindSchema) {
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

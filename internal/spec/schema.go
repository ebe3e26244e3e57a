package spec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

// KindSchema describes one kind of dataset, layer, initialiser or optimizer to the schema. Args is
// its argument struct holding the defaults, or nil, with the tags of [Decode]. What tags cannot
// say, such as one of two keys being required, a method JSONSchemaExtend(*jsonschema.Schema) says,
// on the struct, not its pointer.
type KindSchema struct {
	Name, Doc string
	Args      any
}

func (k KindSchema) hasArguments() bool {
	return k.Args != nil && len(fields(reflect.Indirect(reflect.ValueOf(k.Args)))) > 0
}

// Schema is the JSON Schema (draft 2020-12) of an experiment file, composed from the kinds
// there are: an editor completes and checks with it. The same input gives the same bytes.
func Schema(datasets, layers, initialisers, optimizers []KindSchema) ([]byte, error) {
	doc := defaults()
	root := reflectSchema(doc)
	root.Version = jsonschema.Version
	root.Title = "An experiment"
	root.Definitions = jsonschema.Definitions{
		"layer":       itemSchema(layers),
		"initialiser": itemSchema(initialisers),
		"optimizer":   itemSchema(optimizers),
	}
	at := func(path string) *jsonschema.Schema {
		in := root
		for key := range strings.SplitSeq(path, ".") {
			in, _ = in.Properties.Get(key)
		}
		return in
	}
	for path, text := range docs {
		at(path).Description = text
	}
	for _, k := range doc.keys() {
		if k.kinds != "" {
			at(k.path).Ref = "#/$defs/" + k.kinds
		}
	}
	if slices.ContainsFunc(datasets, KindSchema.hasArguments) {
		root.Definitions["dataset"] = itemSchema(datasets)
	} else { // a dataset is a name
		dataset := at("dataset")
		dataset.Ref, dataset.Type = "", "string"
		for _, k := range datasets {
			dataset.Enum = append(dataset.Enum, k.Name)
		}
	}
	// What a file leaves out may be in the file that it extends or, when it is abstract, in those
	// that extend it.
	abstract := jsonschema.NewProperties()
	abstract.Set("abstract", &jsonschema.Schema{Const: true})
	root.AnyOf = []*jsonschema.Schema{
		{Required: root.Required},
		{Required: []string{"extends"}},
		{Required: []string{"abstract"}, Properties: abstract},
	}
	root.Required = nil

	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return append(text, '\n'), nil
}

// itemSchema describes an item: a bare kind that needs no arguments, or a map of one kind.
func itemSchema(kinds []KindSchema) *jsonschema.Schema {
	one := uint64(1)
	bare := &jsonschema.Schema{Type: "string"}
	withArgs := &jsonschema.Schema{
		Type:                 "object",
		Properties:           jsonschema.NewProperties(),
		AdditionalProperties: jsonschema.FalseSchema,
		MinProperties:        &one,
		MaxProperties:        &one,
	}
	for _, kind := range kinds {
		args := &jsonschema.Schema{Type: "object", AdditionalProperties: jsonschema.FalseSchema}
		if kind.Args != nil {
			args = reflectSchema(kind.Args)
		}
		args.Description = kind.Doc
		withArgs.Properties.Set(kind.Name, args)
		if args.Type == "object" && len(args.Required)+len(args.OneOf)+len(args.AnyOf) == 0 {
			bare.Enum = append(bare.Enum, kind.Name)
		}
	}
	if len(bare.Enum) == 0 {
		return withArgs
	}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{bare, withArgs}}
}

// reflectSchema describes a struct, or a pointer to one, whose values are the defaults.
func reflectSchema(args any) *jsonschema.Schema {
	reflector := jsonschema.Reflector{
		Anonymous:                  true,
		DoNotReference:             true,
		RequiredFromJSONSchemaTags: true,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if t == reflect.TypeFor[Item]() {
				return &jsonschema.Schema{} // referred to later
			}
			return nil
		},
	}
	s := reflector.Reflect(args)
	s.Version = ""
	if v := reflect.Indirect(reflect.ValueOf(args)); s.Properties != nil {
		describeFields(s, v)
	}
	return s
}

// describeFields adds what the reflector does not know: defaults, and a pair's bounds.
func describeFields(s *jsonschema.Schema, v reflect.Value) {
	for _, f := range fields(v) {
		property, ok := s.Properties.Get(f.name)
		if !ok {
			continue
		}
		if f.isPair() {
			f.boundPair(property)
		}
		switch {
		case f.required, f.absent():
		case f.value.Kind() == reflect.Struct && property.Properties != nil:
			describeFields(property, f.value)
		case f.value.Type() == reflect.TypeFor[Item]():
			property.Default = f.value.Interface().(Item).Kind
		default:
			property.Default = f.value.Interface()
		}
	}
}

// boundPair holds both forms of a pair to the field's bounds.
func (f *field) boundPair(pair *jsonschema.Schema) {
	for _, side := range pair.OneOf {
		if side.Items != nil {
			side = side.Items
		}
		for _, b := range f.bounds {
			switch b.keyword {
			case "minimum":
				side.Minimum = json.Number(b.text)
			case "maximum":
				side.Maximum = json.Number(b.text)
			}
		}
	}
}

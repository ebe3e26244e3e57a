package storetest

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"runner/store"
)

// Settings are the settings of an experiment of which config says only what a test needs. It panics
// if config is no YAML.
func Settings(config string) store.Settings {
	var keys yaml.MapSlice
	if err := yaml.UnmarshalWithOptions([]byte(config), &keys, yaml.UseOrderedMap()); err != nil {
		panic(err)
	}
	return store.SettingsOf(func(yield func(path, value string) bool) {
		for _, k := range keys {
			if key := k.Key.(string); key != "name" && key != "seed" {
				flatten(key, k.Value, yield)
			}
		}
	})
}

func flatten(path string, value any, yield func(path, value string) bool) {
	switch v := value.(type) {
	case yaml.MapSlice:
		if _, arguments := v[0].Value.(yaml.MapSlice); len(v) == 1 && (arguments || strings.HasSuffix(path, "]")) {
			yield(path, v[0].Key.(string))
		}
		for _, k := range v {
			flatten(path+"."+k.Key.(string), k.Value, yield)
		}
	case []any:
		for i, item := range v {
			flatten(fmt.Sprintf("%s[%d]", path, i), item, yield)
		}
	default:
		yield(path, fmt.Sprint(v))
	}
}

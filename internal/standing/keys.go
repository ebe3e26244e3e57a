package standing

import "slices"

// ResultKeys are what rows can be filtered by besides their settings, by their names in JSON.
func ResultKeys() []string { return slices.Clone(resultKeys) }

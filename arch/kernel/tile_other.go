//go:build !amd64 || purego

package kernel

// supportedTiles returns what this processor can run, the fastest first.
func supportedTiles() []tile { return []tile{goTile} }

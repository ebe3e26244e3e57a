//go:build !amd64 || purego

package kernel

// pause does nothing here.
func pause() {}

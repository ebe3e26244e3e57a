//go:build !amd64 || purego

package kernel

// supported returns what this processor can run, the fastest first.
func supported() []instructions { return []instructions{pureGo} }

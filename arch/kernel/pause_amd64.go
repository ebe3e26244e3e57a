//go:build !purego

package kernel

//go:generate go -C asm run ./pause -out ../pause_amd64.s

// pause lets the processor rest for a moment.
func pause()

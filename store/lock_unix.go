//go:build unix && !linux

package store

import "golang.org/x/sys/unix"

// POSIX locks belong to the process: its stores of one folder do not keep each other out, and the
// first that closes gives back the locks of all. A process that trains opens its store once.
const (
	setLock   = unix.F_SETLK
	awaitLock = unix.F_SETLKW
	getLock   = unix.F_GETLK
)

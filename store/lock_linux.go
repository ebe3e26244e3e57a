package store

import "golang.org/x/sys/unix"

// Open file description locks: they belong to the open file, so that two stores of one process
// keep each other out as two processes do.
const (
	setLock   = unix.F_OFD_SETLK
	awaitLock = unix.F_OFD_SETLKW
	getLock   = unix.F_OFD_GETLK
)

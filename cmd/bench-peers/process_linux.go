package main

import (
	"os"
	"syscall"
)

// stop halts a process until resume.
func stop(p *os.Process) { p.Signal(syscall.SIGSTOP) }

func resume(p *os.Process) { p.Signal(syscall.SIGCONT) }

package main

import (
	"os"
	"syscall"
)

// peakMemory returns the most bytes that a finished process had in memory at a
// time, 0 if unknown.
func peakMemory(s *os.ProcessState) float64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) * 1024
}

// stop halts a process until resume.
func stop(p *os.Process) { p.Signal(syscall.SIGSTOP) }

func resume(p *os.Process) { p.Signal(syscall.SIGCONT) }

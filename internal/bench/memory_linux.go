package bench

import (
	"os"
	"syscall"
)

// PeakMemory returns the most bytes that a finished process had in memory at a time, 0 if unknown.
func PeakMemory(s *os.ProcessState) float64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) * 1024
}

package runner

import (
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// programMemory returns the bytes of the program's file that this process has in memory.
func programMemory() float64 {
	text, err := os.ReadFile("/proc/self/statm")
	var size, resident, shared float64 // in pages; shared with the file
	if _, scanErr := fmt.Sscan(string(text), &size, &resident, &shared); err != nil || scanErr != nil {
		return usualProgramMemory
	}
	return shared * float64(os.Getpagesize())
}

// MachineMemory returns the bytes of memory of this machine, or the limit of this process's control group, as in a
// container; 0 if unknown.
func MachineMemory() float64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 0
	}
	memory := float64(info.Totalram) * float64(info.Unit)
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return memory
	}
	for line := range strings.Lines(string(groups)) {
		group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::") // version 2
		// A group is bound by the limits of all above it.
		for ; ok; group = path.Dir(group) {
			text, _ := os.ReadFile(path.Join("/sys/fs/cgroup", group, "memory.max"))
			// "max" where there is none.
			if limit, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64); err == nil {
				memory = min(memory, limit)
			}
			ok = group != "/" && group != "."
		}
	}
	return memory
}

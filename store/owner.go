package store

import (
	"fmt"
	"os"
	"strings"
)

// Owner is a process on record, for people to read: whether it is alive, a lock says.
type Owner struct {
	Host    string
	Process int    // its number there, 0: not recorded
	Boot    string // identifies the boot of the host; "": not known
}

func thisProcess() Owner {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // on Linux
	return Owner{host, os.Getpid(), strings.TrimSpace(string(boot))}
}

// lost says why a run of a process that is gone is not running.
func (o Owner) lost() string {
	here := thisProcess()
	switch {
	case o.Process == 0: // a version that did not record it
		return "its process ended without a word"
	case o.Host != here.Host:
		return fmt.Sprintf("its process, %d on %s, is not to be seen from here", o.Process, o.Host)
	case o.Boot != here.Boot:
		return fmt.Sprintf("the machine was restarted while process %d trained it", o.Process)
	}
	return fmt.Sprintf("its process, %d, ended without a word", o.Process)
}

package store

import (
	"fmt"
	"os"
	"strings"
)

// owner is a process as the record of its run names it. It is for people: whether the process
// lives is told by the run's lock.
type owner struct {
	host    string
	process int
	boot    string // changes with each start of the system; "" where it does not say
}

func thisProcess() owner {
	host, err := os.Hostname()
	if err != nil {
		host = "an unnamed host"
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id") // Linux
	if err != nil {
		boot = nil
	}
	return owner{host, os.Getpid(), strings.TrimSpace(string(boot))}
}

// lost says why a run of a process that is gone is not running.
func (o owner) lost() string {
	here := thisProcess()
	switch {
	case o.process == 0: // a version that did not record it
		return "its process ended without a word"
	case o.host != here.host:
		return fmt.Sprintf("its process, %d on %s, is not to be seen from here", o.process, o.host)
	case o.boot != here.boot:
		return fmt.Sprintf("the machine was restarted while process %d trained it", o.process)
	}
	return fmt.Sprintf("its process, %d, ended without a word", o.process)
}

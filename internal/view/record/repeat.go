package record

import (
	"fmt"
	"strings"
	"unicode"
)

// Repeat is the command that trains a run again. The path of a file of weights that it started from is not on record.
func Repeat(r FullRun) string {
	store := folder("store", r.Store)
	command := fmt.Sprintf("runner show %s --config%s > %[1]s.yaml && ", r.ID, store)
	if strings.HasPrefix(r.Features, "purego: ") { // the others give each other's bits
		command += "RUNNER_ISA=purego "
	}
	command += fmt.Sprintf("runner run %s.yaml --again%s%s", r.ID, store, folder("data", r.Data))
	if r.InitFrom != "" {
		command += " --init-from FILE"
	}
	if r.Threads > 0 {
		command += fmt.Sprintf(" --threads %d", r.Threads)
	}
	return command
}

// folder is a flag that names a folder, quoted for a shell; empty for the default.
func folder(flag, dir string) string {
	if dir == "" {
		return ""
	}
	plain := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("/._-", c) }
	if strings.TrimLeftFunc(dir, plain) != "" {
		dir = "'" + strings.ReplaceAll(dir, "'", `'\''`) + "'"
	}
	return " --" + flag + " " + dir
}

package runner

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/klauspost/cpuid/v2"

	"runner/arch/kernel"
)

// Environment is what a run's record says about where it ran.
type Environment struct {
	Version, Commit string
	Dirty           bool
	GoVersion       string
	Processor       string
	Features        string // the instruction set used, a colon, and all that the processor has
}

// String returns the version for people: "v1.2.0 (3f2c1ab, go1.26.8, avx512)".
func (e Environment) String() string {
	parts := []string{e.GoVersion, kernel.ISA()}
	if e.Commit != "" {
		commit := e.Commit[:min(7, len(e.Commit))]
		if e.Dirty {
			commit += " with changes"
		}
		parts = append([]string{commit}, parts...)
	}
	return fmt.Sprintf("%s (%s)", e.Version, strings.Join(parts, ", "))
}

// ThisEnvironment returns the environment of this process.
func ThisEnvironment() Environment {
	env := Environment{
		Version:   "(devel)",
		GoVersion: runtime.Version(),
		Processor: cpuid.CPU.BrandName,
		Features:  kernel.ISA() + ": " + strings.Join(cpuid.CPU.FeatureSet(), " "),
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			env.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				env.Commit = s.Value
			case "vcs.modified":
				env.Dirty = s.Value == "true"
			}
		}
	}
	return env
}

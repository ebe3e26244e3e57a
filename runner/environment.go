package runner

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/cpuid/v2"

	"runner/arch/kernel"
	"runner/store"
)

// VersionText is the version for people: "v1.2.0 (3f2c1ab, go1.26.8, avx512)".
func VersionText(e store.Environment) string {
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
func ThisEnvironment() store.Environment {
	env := store.Environment{
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

// EnvironmentDifferences returns how the environment that a run was trained in differs from that of a record of the
// same plan made now. Of the processor's features each side lists those that the other lacks. A commit with uncommitted
// changes always differs, as nobody knows what they were.
func EnvironmentDifferences(p *Plan, recorded, now store.Run) []store.Difference {
	isaThen, featuresThen, _ := strings.Cut(recorded.Features, ": ")
	isaNow, featuresNow, _ := strings.Cut(now.Features, ": ")
	return slices.DeleteFunc([]store.Difference{
		difference("commit", commitText(recorded), commitText(now)),
		difference("version", recorded.Version, now.Version),
		difference("go_version", recorded.GoVersion, now.GoVersion),
		difference("processor", recorded.Processor, now.Processor),
		difference("instruction_set", isaThen, isaNow),
		difference("features", lacking(featuresThen, featuresNow), lacking(featuresNow, featuresThen)),
		difference("threads", strconv.Itoa(recorded.Threads), strconv.Itoa(now.Threads)),
		difference("arithmetic", p.arithmetic(recorded), p.arithmetic(now)),
	}, func(d store.Difference) bool { return d.Recorded == d.Now && !(d.Field == "commit" && recorded.Dirty) })
}

// commitText names the commit that a run was trained with.
func commitText(r store.Run) string {
	if r.Commit != "" && r.Dirty {
		return r.Commit + " (with uncommitted changes)"
	}
	return r.Commit
}

// lacking returns the words of one text that are not in another.
func lacking(text, other string) string {
	others := strings.Fields(other)
	words := slices.DeleteFunc(strings.Fields(text), func(word string) bool { return slices.Contains(others, word) })
	return strings.Join(words, " ")
}

// arithmetic returns the version of the arithmetic that gives a run of the plan its recorded identity, or "unknown"
// where no version that this program knows does.
func (p *Plan) arithmetic(r store.Run) string {
	for version := kernel.Version; version > 0; version-- {
		if identity, _, err := p.identity(r.Fingerprint, r.InitFrom, version); err == nil && identity == r.Identity {
			return strconv.Itoa(version)
		}
	}
	return "unknown"
}

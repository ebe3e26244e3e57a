package checkpoint

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
)

// tempOf names a temporary file that becomes base.
func tempOf(base string) string { return fmt.Sprintf(".%s.%d.tmp", base, rand.Uint64()) }

var tempName = regexp.MustCompile(`(?s)^\..+\.[0-9]+\.tmp$`)

// Leftovers returns the paths of the temporary files in a folder, sorted by name, that Write left there when its
// process was killed. That of a running Write is among them: make sure that there is none before you remove any.
func Leftovers(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("cannot look for temporary files of checkpoints: %w", err)
	}
	var paths []string
	for _, e := range entries {
		if e.Type().IsRegular() && tempName.MatchString(e.Name()) {
			paths = append(paths, filepath.Join(folder, e.Name()))
		}
	}
	return paths, nil
}

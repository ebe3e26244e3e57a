package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEpochsAreDurableBeforeTheyAreShown reads strace's account of a run: when
// the process that trains tells of an epoch, which its parent then prints, the
// database, its log and the folder of both have been synced. What a run keeps in a
// folder of its own goes on being written meanwhile, and no row depends on it.
func TestEpochsAreDurableBeforeTheyAreShown(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace")
	}
	dir := t.TempDir()
	if err := exec.Command(strace, "-o", filepath.Join(dir, "try"), "true").Run(); err != nil {
		t.Skipf("strace may not look at processes here: %v", err)
	}
	text := "name: tiny\ndataset: synthetic\nlayers: [{avgpool2d: {pool: 8}}, flatten, {dense: {units: 10}}]\n" +
		"epochs: 3\nbatch_size: 16\ncheckpoint_every: 20ms\n"
	if err := os.WriteFile(filepath.Join(dir, "tiny.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	// The test binary answers to the name "runner", so a link has it.
	link := filepath.Join(dir, "runner")
	if err := os.Symlink(os.Args[0], link); err != nil {
		t.Fatal(err)
	}
	trace := filepath.Join(dir, "trace")
	cmd := command(dir, "run", "tiny.yaml")
	cmd.Path = strace
	cmd.Args = []string{"strace", "-f", "-y", "-o", trace,
		"-e", "trace=openat,mkdirat,write,pwrite64,ftruncate,rename,renameat,renameat2,fsync,fdatasync", link, "run",
		"tiny.yaml"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	shown, complaints := unsyncedWhenShown(string(calls), dir, "runs")
	for _, c := range complaints {
		t.Error(c)
	}
	if shown != 3 {
		t.Errorf("%d epochs shown, expected 3", shown)
	}
}

// TestUnsyncedIsFound makes sure that the reading of a trace can fail.
func TestUnsyncedIsFound(t *testing.T) {
	const (
		write = `7 pwrite64(9</w/runs/runner.db-wal>, "..."..., 4096, 0) = 4096` + "\n"
		sync  = `7 fsync(9</w/runs/runner.db-wal>) = 0` + "\n"
		show  = `7 write(1<pipe:[1]>, "{\"Epoch\":{\"epoch\":1,\"train_loss\""..., 90) = 90` + "\n"
		begin = `8 fsync(9</w/runs/runner.db-wal> <unfinished ...>` + "\n"
		end   = `8 <... fsync resumed>) = 0` + "\n"
		full  = `7 fsync(9</w/runs/runner.db-wal>) = -1 ENOSPC (No space left on device)` + "\n"
		move  = `7 renameat(AT_FDCWD</w>, "runs/.x.tmp", AT_FDCWD</w>, "runs/x") = 0` + "\n"
		moved = `7 fsync(5</w/runs>) = 0` + "\n"
		keep  = `7 renameat(AT_FDCWD</w>, "runs/a/.x.tmp", AT_FDCWD</w>, "runs/a/x") = 0` + "\n"
	)
	for _, c := range []struct {
		trace      string
		complaints int
	}{
		{write + sync + show, 0}, {write + show, 1}, {sync + write + show + sync, 1}, {write + full + show, 1},
		{write + begin + end + show, 0}, {write + begin + show + end, 1},
		{move + moved + show, 0}, {move + show + moved + show, 1}, {keep + show, 0},
	} {
		if _, got := unsyncedWhenShown(c.trace, "/w", "runs"); len(got) != c.complaints {
			t.Errorf("%s\ncomplaints %q, expected %d", c.trace, got, c.complaints)
		}
	}
}

var (
	shownEpoch = regexp.MustCompile(`^write\(1<[^>]*>, "\{\\"Epoch\\":\{\\"epoch\\":(\d+),`)
	onFile     = regexp.MustCompile(`^(write|pwrite64|ftruncate|fsync|fdatasync)\(\d+<([^>]+)>`)
	named      = regexp.MustCompile(`^(openat|mkdirat|rename|renameat|renameat2)\(.*"([^"]+)"`)
	resumed    = regexp.MustCompile(`^<\.\.\. \w+ resumed>`)
	unfinished = regexp.MustCompile(`<unfinished \.\.\.>$`)
	succeeded  = regexp.MustCompile(`\) += 0$`)
)

// unsyncedWhenShown reads a trace made in dir with strace -f -y and tells how
// many epochs were shown, and what in the folder store was not synced by then.
func unsyncedWhenShown(trace, dir, store string) (shown int, complaints []string) {
	store = filepath.Join(dir, store)
	unsynced := make(map[string]bool)
	started := make(map[string]string) // by process: the call that has not returned
	inStore := func(path string) bool {
		// The index of the log is made anew from it after a crash.
		return (path == store || filepath.Dir(path) == store) && !strings.HasSuffix(path, "-shm")
	}
	for line := range strings.Lines(trace) {
		process, call, _ := strings.Cut(strings.TrimSpace(line), " ")
		call = strings.TrimSpace(call)
		if m := shownEpoch.FindStringSubmatch(call); m != nil {
			shown++
			for _, path := range slices.Sorted(maps.Keys(unsynced)) {
				complaints = append(complaints, fmt.Sprintf("epoch %s was shown before %s was synced", m[1], path))
			}
		}
		// What is written counts from the start of its call, a sync from its end.
		done := succeeded.MatchString(call)
		if unfinished.MatchString(call) {
			started[process] = call
		} else if resumed.MatchString(call) {
			call = started[process]
		}
		if m := onFile.FindStringSubmatch(call); m != nil && (inStore(m[2]) || m[2] == filepath.Dir(store)) {
			if !strings.HasSuffix(m[1], "sync") {
				unsynced[m[2]] = true
			} else if done {
				delete(unsynced, m[2])
			}
		}
		m := named.FindStringSubmatch(call)
		if m == nil || m[1] == "openat" && !strings.Contains(call, "O_CREAT") {
			continue
		}
		path := m[2] // the last name: what there is afterwards
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if folder := filepath.Dir(path); folder == store || path == store {
			unsynced[folder] = true
		}
	}
	return shown, complaints
}

//go:build amd64

package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// disturbed is the experiment that is disturbed: it has an epoch in a moment, and
// checkpoints between epochs alone, so that every run makes the same calls.
const disturbed = "name: long\ndataset: synthetic\nlayers: [{avgpool2d: {pool: 8}}, flatten, {dense: {units: 10}}]\n" +
	"epochs: 3\nbatch_size: 128\ncheckpoint_every: 1h\n"

// fault is an error in the place of the n-th call of a point, counted from 1 over
// all threads and processes. With rest everything fails from there on, as it does
// on a full or a broken disk.
type fault struct {
	point
	n    int
	err  unix.Errno
	rest bool
}

func (f fault) String() string {
	rest := ""
	if f.rest {
		rest = " and the rest"
	}
	return fmt.Sprintf("%v %d%s %s", f.point, f.n, rest, unix.ErrnoName(f.err))
}

// injector returns what decides about calls so that the fault happens, and tells
// how often it did.
func (f fault) injector() (decide func(point) unix.Errno, hits *int) {
	seen, hits := 0, new(int)
	return func(p point) unix.Errno {
		if p == f.point {
			seen++
		}
		if p == f.point && seen == f.n || f.rest && seen >= f.n && f.reaches(p) {
			*hits++
			return f.err
		}
		return 0
	}, hits
}

// reaches tells whether a call fails with the rest: on a full disk things can
// still be removed and synced.
func (f fault) reaches(p point) bool {
	freeing := strings.HasPrefix(p.call, "unlink") || strings.HasSuffix(p.call, "sync") || p.call == "fchmod"
	return f.err != unix.ENOSPC || !freeing
}

// leaves tells whether the fault keeps the program from tidying up.
func (f fault) leaves() bool {
	return strings.HasPrefix(f.call, "unlink") || f.rest && f.err != unix.ENOSPC
}

// TestTortureFaults fails each call by which a run changes the store, one at a
// time and all from there on: what was printed is on record, one sentence says
// what happened, and once the fault is gone the same command comes to the same bits.
func TestTortureFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program many times")
	}
	needTap(t)
	whole, calls := undisturbed(t)
	var faults []fault
	for _, p := range slices.SortedFunc(maps.Keys(calls), func(a,
		b point) int {
		return cmp.Compare(a.String(), b.String())
	}) {
		faults = append(faults, faultsAt(p, calls[p])...)
	}
	if !thorough {
		faults = []fault{
			{point{"fsync", "runs/runner.db-wal"}, 5, unix.EIO, false},
			{point{"pwrite64", "runs/runner.db-wal"}, 35, unix.ENOSPC, true},
			{point{"mkdirat", "runs/ID"}, 1, unix.ENOSPC, false},
			{point{"write", "runs/ID/.best.safetensors.N.tmp"}, 2, unix.ENOSPC, false},
			{point{"renameat", "runs/ID/last.safetensors"}, 2, unix.EIO, false},
			{point{"fsync", "runs/ID"}, 3, unix.EIO, true},
		}
	}
	var mu sync.Mutex
	hit := make(map[string]int) // by point and error
	t.Run("at", func(t *testing.T) {
		for _, f := range faults {
			t.Run(f.String(), func(t *testing.T) {
				t.Parallel()
				dir := newDisturbed(t)
				decide, hits := f.injector()
				_, stderr, err := runTapped(command(dir, "run", "long.yaml", "--threads", "1"), dir, decide)
				said := checkDisturbed(t, dir, whole, stderr, err, f.leaves())
				t.Logf("%v: hit %d times: %s", f, *hits, cmp.Or(said, "nothing to say"))
				mu.Lock()
				defer mu.Unlock()
				if *hits > 0 {
					hit[f.point.String()+" "+unix.ErrnoName(f.err)]++
				}
			})
		}
	})
	for _, k := range slices.Sorted(maps.Keys(hit)) {
		t.Logf("%4d  %s", hit[k], k)
	}
	if thorough {
		for p := range calls {
			for _, err := range []unix.Errno{unix.ENOSPC, unix.EIO} {
				if k := p.String() + " " + unix.ErrnoName(err); hit[k] == 0 {
					t.Errorf("%s: never hit", k)
				}
			}
		}
	}
}

// faultsAt are the faults at a point that a run passes so many times: at each
// time, with both errors at the first and the last, and in turns in between.
func faultsAt(p point, times int) []fault {
	var all []fault
	errs := []unix.Errno{unix.ENOSPC, unix.EIO}
	for n := 1; n <= times; n++ {
		for i, err := range errs {
			if n == 1 || n == times {
				all = append(all, fault{p, n, err, false}, fault{p, n, err, true})
			} else if n%2 == i {
				all = append(all, fault{p, n, err, false})
			}
		}
	}
	return all
}

// newDisturbed makes a folder with the experiment.
func newDisturbed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "long.yaml"), []byte(disturbed), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// undisturbed runs the experiment with nothing failing, and counts the calls.
func undisturbed(t *testing.T) (recordedRun, map[point]int) {
	t.Helper()
	dir := newDisturbed(t)
	calls := make(map[point]int)
	_, stderr, err := runTapped(command(dir, "run", "long.yaml", "--threads", "1"), dir, func(p point) unix.Errno {
		calls[p]++
		return 0
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	return recorded(t, dir, "runs"), calls
}

// checkDisturbed checks what a disturbed run left, and that the same command then
// comes to the end of the run that nothing disturbed. It returns what was said.
func checkDisturbed(t *testing.T, dir string, whole recordedRun, stderr string, err error, leaves bool) (said string) {
	t.Helper()
	said, printed := checkSaid(t, stderr, err)
	checkRecorded(t, dir, whole, printed)
	if out, err := command(dir, "store", "check").CombinedOutput(); err != nil &&
		!strings.Contains(string(out), "no runs in runs yet") {
		t.Errorf("store check: %v\n%s", err, out)
	} else if strings.Contains(string(out), "note:") && !leaves {
		t.Errorf("something is left: %s", out)
	}
	if out, err := command(dir, "run", "long.yaml", "--threads", "1").CombinedOutput(); err != nil {
		t.Errorf("again: %v\n%s", err, out)
		return said
	}
	if after := recorded(t, dir, "runs"); after.Status != "finished" || !slices.Equal(after.Epochs, whole.Epochs) {
		t.Errorf("again: %s, with other epochs than a run that nothing disturbed", after.Status)
	}
	out, err := command(dir, "store", "check").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "the store is sound (1 run, 3 epochs)") ||
		strings.Contains(string(out), "note:") && !leaves {
		t.Errorf("store check in the end: %v\n%s", err, out)
	}
	return said
}

// checkSaid checks that a command failed with one sentence, or did well with none,
// and returns it and how many epochs were printed.
func checkSaid(t *testing.T, stderr string, err error) (said string, printed int) {
	t.Helper()
	var sentences []string
	for line := range strings.Lines(stderr) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "epoch "):
			printed++
		case strings.HasPrefix(line, "long  run "), line == "runner: runs that failed: 1 of 1":
		default:
			sentences = append(sentences, line)
		}
	}
	code, expected := 0, 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code, expected = exit.ExitCode(), 1
	}
	if err != nil && code != exitFailed || len(sentences) != expected {
		t.Errorf("ended with %v and %d sentences, expected 1 sentence and exit code 1, or none and 0:\n%s", err,
			len(sentences), stderr)
	}
	if strings.Contains(stderr, "goroutine") || strings.Contains(stderr, "panic") {
		t.Errorf("a crash:\n%s", stderr)
	}
	return strings.Join(sentences, "\n"), printed
}

// checkRecorded checks that the store has the epochs that were printed, and no others
// than a run that nothing disturbed.
func checkRecorded(t *testing.T, dir string, whole recordedRun, printed int) {
	t.Helper()
	out, _ := command(dir, "show", "long", "--format", "json").Output() // nothing where there is no run
	checkShown(t, whole, printed, string(out))
}

// checkShown is checkRecorded of what show prints.
func checkShown(t *testing.T, whole recordedRun, printed int, text string) {
	t.Helper()
	var r recordedRun
	if err := json.Unmarshal([]byte(text), &r); err != nil && text != "" {
		t.Errorf("%v: %s", err, text)
		return
	}
	if n := len(r.Epochs); n < printed || n > len(whole.Epochs) || !slices.Equal(r.Epochs, whole.Epochs[:n]) {
		t.Errorf("%d epochs were printed, on record are %d, or others", printed, n)
	}
	if r.Status == "running" {
		t.Error("the run is running")
	}
}

// TestTortureFaultsOfSQLite has strace fail SQLite's calls, in each thread the first one
// of a kind on a file.
func TestTortureFaultsOfSQLite(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program many times")
	}
	needTap(t)
	strace := needStrace(t)
	whole, calls := undisturbed(t)
	for p := range calls {
		if !strings.HasPrefix(p.file, "runs/runner.db") || strings.HasSuffix(p.file, ".lock") {
			continue
		}
		for _, errno := range []unix.Errno{unix.ENOSPC, unix.EIO} {
			if !thorough && (p != point{"fsync", "runs/runner.db-wal"} || errno != unix.EIO) {
				continue
			}
			t.Run(fmt.Sprint(p, " ", unix.ErrnoName(errno)), func(t *testing.T) {
				t.Parallel()
				dir := newDisturbed(t)
				cmd := straced(t, strace, dir, "-P", filepath.Join(dir, p.file), "-e", "trace="+p.call,
					"-e", fmt.Sprintf("inject=%s:error=%s:when=1", p.call, unix.ErrnoName(errno)))
				var stderr strings.Builder
				cmd.Stderr = &stderr
				err := cmd.Run()
				trace, readErr := os.ReadFile(filepath.Join(dir, "trace"))
				if readErr != nil || !strings.Contains(string(trace), "(INJECTED)") {
					t.Errorf("nothing failed: %v\n%s", readErr, trace)
				}
				said := checkDisturbed(t, dir, whole, stderr.String(), err, strings.HasPrefix(p.call, "unlink"))
				t.Log(cmp.Or(said, "nothing to say"))
			})
		}
	}
}

// TestTortureFaultsAreAll asks strace for every call of a run that names something in
// the folder: those that are not tapped change nothing, or cannot fail.
func TestTortureFaultsAreAll(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at all calls of a run")
	}
	needTap(t)
	strace := needStrace(t)
	_, calls := undisturbed(t)
	dir := newDisturbed(t)
	if out, err := straced(t, strace, dir, "-e", "trace=%file,%desc").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	trace, err := os.ReadFile(filepath.Join(dir, "trace"))
	if err != nil {
		t.Fatal(err)
	}
	// SQLite gives its files to their folder's owner where it can, and does not mind.
	harmless := strings.Fields("read pread64 close fstat newfstatat lseek fcntl flock mmap getdents64 " +
		"readlinkat epoll_ctl getcwd execve fchown access stat lstat readlink chdir statx faccessat2")
	traced := make(map[point]int)
	for line := range strings.Lines(string(trace)) {
		m := tracedCall.FindStringSubmatch(line)
		if m == nil || !strings.Contains(line, dir+"/") || slices.Contains(harmless, m[1]) ||
			m[1] == "openat" && !strings.Contains(line, "O_CREAT") {
			continue
		}
		paths := tracedPath.FindAllString(line, -1)
		for i := len(paths) - 1; i >= 0; i-- { // the last is what there is afterwards
			if file, ok := fileKind(dir, strings.Trim(paths[i], `<>"`)); ok {
				traced[point{m[1], file}]++
				break
			}
		}
	}
	for p := range traced {
		if calls[p] == 0 {
			t.Errorf("%v: not tapped", p)
		}
	}
	for p := range calls {
		if traced[p] == 0 && p.file != "." {
			t.Errorf("%v: tapped, and not in strace's account", p)
		}
	}
}

var (
	tracedCall = regexp.MustCompile(`^\d+ +(\w+)\(`)
	tracedPath = regexp.MustCompile(`[<"]/[^<>"]*[>"]`)
)

// needStrace skips a test where strace is missing or may not look at processes.
func needStrace(t *testing.T) string {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace")
	}
	if err := exec.Command(strace, "-o", os.DevNull, "true").Run(); err != nil {
		t.Skipf("strace may not look at processes here: %v", err)
	}
	return strace
}

// straced is the command that runs the experiment under strace, which writes to the
// file trace in dir. The store is named by its whole path, as strace's -P needs it.
func straced(t *testing.T, strace, dir string, options ...string) *exec.Cmd {
	t.Helper()
	// The test binary answers to the name "runner", so a link has it.
	link := filepath.Join(dir, "runner")
	if err := os.Symlink(os.Args[0], link); err != nil {
		t.Fatal(err)
	}
	cmd := command(dir)
	cmd.Path = strace
	cmd.Args = append([]string{"strace", "-f", "-y", "-o", filepath.Join(dir, "trace")}, options...)
	cmd.Args = append(cmd.Args, link, "run", "long.yaml", "--threads", "1", "--store", filepath.Join(dir, "runs"))
	return cmd
}

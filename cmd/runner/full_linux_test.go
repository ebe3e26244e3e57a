//go:build amd64

package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// onDisk is a script for the shell that keeps the store on a disk of $1 kB, runs the
// experiment, makes room, looks at what there is and runs it again. The disk goes with
// the script; what the commands said, and their exit codes, stay in files.
const onDisk = `
mount -t tmpfs -o size=$1k tmpfs "$2" || exit 125
run() { name=$1; shift; ./runner "$@" > $name.out 2> $name.err; echo $? > $name.code; }
run first run long.yaml --threads 1
ls -A "$2"/*/ > files
run room show long --format json
mount -o remount,size=200m "$2" || exit 125
run check store check
run before show long --format json
run again run long.yaml --threads 1
run after show long --format json
run sound store check
`

// disk is what a script left.
type disk struct {
	t   *testing.T
	dir string
}

// needDisks skips a test where no file system can be mounted.
func needDisks(t *testing.T) {
	t.Helper()
	mount := exec.Command("unshare", "-rm", "sh", "-c", `mount -t tmpfs tmpfs "$0"`, t.TempDir())
	if out, err := mount.CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted here: %v: %s", err, out)
	}
}

// scripted runs a script in namespaces of its own, in dir.
func scripted(t *testing.T, dir, script string, args ...string) disk {
	t.Helper()
	// The test binary answers to the name "runner", so a link has it.
	if err := os.Symlink(os.Args[0], filepath.Join(dir, "runner")); err != nil {
		t.Fatal(err)
	}
	cmd := command(dir)
	var err error
	if cmd.Path, err = exec.LookPath("unshare"); err != nil {
		t.Fatal(err)
	}
	cmd.Args = append([]string{"unshare", "-rm", "sh", "-c", script, "sh"}, args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return disk{t, dir}
}

// read returns a file that the script left.
func (d disk) read(name string) string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

// TestTortureFaultsOfAFullDisk keeps the store on a disk that fills up: as the store is
// made, at a commit, at a checkpoint.
func TestTortureFaultsOfAFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program many times")
	}
	needDisks(t)
	whole, _ := undisturbed(t)
	sizes := []int{16, 92, 152}
	if thorough {
		sizes = nil
		for pages := range 64 {
			sizes = append(sizes, 4*(pages+1))
		}
	}
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%d kB", size), func(t *testing.T) {
			t.Parallel()
			dir := newDisturbed(t)
			runs := filepath.Join(dir, "runs")
			if err := os.Mkdir(runs, 0o777); err != nil {
				t.Fatal(err)
			}
			d := scripted(t, dir, onDisk, fmt.Sprint(size), runs)
			said, printed := checkSaid(t, d.read("first.err"), exitOf(d.read("first.code")))
			t.Logf("%d epochs printed: %s", printed, cmp.Or(said, "nothing to say"))
			checkShown(t, whole, printed, d.read("before.out"))
			if strings.Contains(d.read("files"), ".tmp") {
				t.Errorf("something half-written is left:\n%s", d.read("files"))
			}
			if code := d.read("room.code"); code != "0\n" {
				t.Logf("before there is room: %s", d.read("room.err"))
			}
			if check := d.read("check.out") + d.read("check.err"); d.read("check.code") != "0\n" &&
				!strings.Contains(check, "no runs in runs yet") || strings.Contains(check, "note:") {
				t.Errorf("store check: %s", check)
			}
			if d.read("again.code") != "0\n" {
				t.Errorf("again: %s", d.read("again.err"))
			}
			checkShown(t, whole, len(whole.Epochs), d.read("after.out"))
			if !strings.Contains(d.read("sound.out"), "the store is sound (1 run, 3 epochs)") {
				t.Errorf("in the end: %s", d.read("sound.out"))
			}
		})
	}
}

// exitOf is the error that an exit code written down means.
func exitOf(code string) error {
	if code == "0\n" {
		return nil
	}
	return exec.Command("sh", "-c", "exit "+strings.TrimSpace(code)).Run()
}

// getOnDisk prepares the dataset on a disk that is too small for it, and again when
// there is room, in a run.
const getOnDisk = `
mount -t tmpfs -o size=20m tmpfs "$1" || exit 125
export RUNNER_DATA="$1"
./runner run long.yaml --threads 1 > first.out 2> first.err; echo $? > first.code
find "$1" -type f > files
mount -o remount,size=400m "$1" || exit 125
./runner run long.yaml --threads 1 > again.out 2> again.err; echo $? > again.code
`

// TestTortureFaultsOfAFullDataDisk prepares the dataset where there is no room for it.
func TestTortureFaultsOfAFullDataDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("prepares a dataset")
	}
	needDisks(t)
	whole, _ := undisturbed(t)
	dir := newDisturbed(t)
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o777); err != nil {
		t.Fatal(err)
	}
	d := scripted(t, dir, getOnDisk, data)
	if code, said := d.read("first.code"), d.read("first.err"); code != "1\n" ||
		strings.Count(said, "no space left on device") != 1 {
		t.Errorf("ended with %s%s", code, said)
	}
	if files := d.read("files"); strings.Contains(files, "data_batch") || strings.Contains(files, ".bin") {
		t.Errorf("something half-written is left:\n%s", files)
	}
	if d.read("again.code") != "0\n" {
		t.Fatalf("again: %s", d.read("again.err"))
	}
	checkRecorded(t, dir, whole, len(whole.Epochs))
}

// onReadOnlyDisk makes the store's disk one that may not be written, and tells how
// reading and training go.
const onReadOnlyDisk = `
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 125
run() { name=$1; shift; ./runner "$@" > $name.out 2> $name.err; echo $? > $name.code; }
run first run long.yaml --threads 1
run shown show long --format json
run other run long.yaml --threads 1 --seed 2
run check store check
`

// TestTortureFaultsOfAReadOnlyDisk trains into a store that may be read alone.
func TestTortureFaultsOfAReadOnlyDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program")
	}
	needDisks(t)
	dir := newDisturbed(t)
	if out, err := command(dir, "run", "long.yaml", "--threads", "1").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := recorded(t, dir, "runs")
	d := scripted(t, dir, onReadOnlyDisk, filepath.Join(dir, "runs"))
	for _, name := range []string{"first", "other"} {
		said, _ := checkSaid(t, d.read(name+".err"), exitOf(d.read(name+".code")))
		if d.read(name+".code") != "1\n" || !strings.Contains(said, "read") {
			t.Errorf("%s: ended with %s%s", name, d.read(name+".code"), said)
		}
		t.Log(said)
	}
	checkShown(t, whole, len(whole.Epochs), d.read("shown.out"))
	if !strings.Contains(d.read("check.out"), "the store is sound") {
		t.Error(d.read("check.out"), d.read("check.err"))
	}
}

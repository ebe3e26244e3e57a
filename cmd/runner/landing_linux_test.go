package main

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"runner/internal/checkpoint"
	"runner/runner"
	"runner/store"
	"runner/store/storetest"
)

// landing is where in its work a kill hit a process that trained.
type landing string

const (
	inStep       landing = "inside a step"
	inCheckpoint landing = "inside a checkpoint's write"
	// between the log's last frame and the next checkpoint, nearly all of it the log's sync
	inCommit  landing = "inside a commit"
	inFrames  landing = "between two frames of a commit"
	elsewhere landing = "elsewhere" // evaluating, passing an epoch
	atStart   landing = "at the start"
)

// trace is what a run has left on the disk.
type trace struct {
	epoch, steps int // of its state; 0: it has none
	logged       int
	leftovers    int // temporary files of checkpoints
}

// traceOf reads what a run that nobody trains has left. Its checkpoints have to be
// whole, whatever happened to who wrote them.
func traceOf(t *testing.T, st *store.Store, run store.Run) trace {
	t.Helper()
	tr := trace{logged: run.Logged}
	folder := st.Folder(run.ID)
	leftovers, err := checkpoint.Leftovers(folder)
	if err != nil {
		t.Fatal(err)
	}
	tr.leftovers = len(leftovers)
	if _, err := checkpoint.Read(filepath.Join(folder, runner.BestFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	last, err := checkpoint.Read(filepath.Join(folder, runner.LastFile))
	if errors.Is(err, fs.ErrNotExist) && run.Logged == 0 {
		return tr // killed before the first state was there
	}
	if err != nil {
		t.Error(err)
		return tr
	}
	var errs [2]error
	tr.epoch, errs[0] = strconv.Atoi(last.Metadata["epoch"])
	tr.steps, errs[1] = strconv.Atoi(last.Metadata["steps"])
	if err := errors.Join(errs[:]...); err != nil {
		t.Error(err)
	}
	return tr
}

// landed tells from what a run had left before a process went on with it, and
// after the process was killed, what the process was doing. The tortured runs are
// checkpointed after each step but the last of a pass, so that the state says in
// which step the kill hit.
func landed(before, after trace, stepsOfEpoch int) landing {
	moved := after.epoch != before.epoch || after.steps != before.steps
	switch {
	case after.leftovers > before.leftovers:
		return inCheckpoint
	case after.logged > before.logged && after.logged == after.epoch:
		return inCommit
	case moved && after.steps < stepsOfEpoch-1:
		return inStep
	case moved:
		return elsewhere
	}
	return atStart
}

// torn tells whether the log of a database that nobody has open ends inside a
// commit: with sound frames of which none commits, or with a part of a frame.
// Opening the database takes such an end away.
func torn(t *testing.T, path string) bool {
	t.Helper()
	log, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	const header, frameHeader = 32, 24
	if len(log) < header {
		return false // reset, or not begun
	}
	// The low bit of the magic number tells the byte order of the checksums, which
	// run from the header through all frames; the rest of the log is what an
	// earlier use of the file left.
	var order binary.ByteOrder = binary.LittleEndian
	if log[3]&1 == 1 {
		order = binary.BigEndian
	}
	var s1, s2 uint32
	sum := func(b []byte) {
		for ; len(b) >= 8; b = b[8:] {
			s1 += order.Uint32(b) + s2
			s2 += order.Uint32(b[4:]) + s1
		}
	}
	sum(log[:24])
	page := int(binary.BigEndian.Uint32(log[8:]))
	frames := log[header:]
	pending := false
	for ; len(frames) >= frameHeader+page; frames = frames[frameHeader+page:] {
		sum(frames[:8])
		sum(frames[frameHeader : frameHeader+page])
		sameSalt := string(frames[8:16]) == string(log[16:24])
		if !sameSalt || binary.BigEndian.Uint32(frames[16:]) != s1 || binary.BigEndian.Uint32(frames[20:]) != s2 {
			return pending
		}
		pending = binary.BigEndian.Uint32(frames[4:]) == 0 // else the size of the database: a commit
	}
	return pending || len(frames) > 0
}

// TestTornIsFound makes sure that the reading of a log can fail: an epoch's
// commit is cut after each of its frames but the last.
func TestTornIsFound(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	run, err := st.Begin(t.Context(), store.Run{Experiment: "x", Identity: "i", Group: "g", Mode: "full", Dataset: "d",
		Fingerprint: "f", Config: "name: x", Epochs: 9},
		store.Dataset{Name: "d", Fingerprint: "f"})
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "runner.db-wal")
	before, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Log(t.Context(), run.ID, store.Epoch{Epoch: 1, WeightsHash: "h"}, storetest.Answers(0)); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	const frame = 24 + 4096
	if len(after) < len(before)+2*frame {
		t.Fatalf("the log grew from %d to %d bytes, expected two frames at least", len(before), len(after))
	}
	cut := filepath.Join(dir, "cut")
	for n := len(before); n <= len(after); n += frame {
		if err := os.WriteFile(cut, after[:n], 0o644); err != nil {
			t.Fatal(err)
		}
		if got, want := torn(t, cut), n != len(before) && n != len(after); got != want {
			t.Errorf("%d of %d bytes: torn: %v", n, len(after), got)
		}
	}
	if err := os.WriteFile(cut, after[:len(before)+24], 0o644); err != nil {
		t.Fatal(err)
	}
	if !torn(t, cut) {
		t.Error("a frame's header without its page is not found")
	}
	after[len(after)-1]++ // what an earlier use of the file left does not count as a frame
	if err := os.WriteFile(cut, after, 0o644); err != nil {
		t.Fatal(err)
	}
	if !torn(t, cut) {
		t.Error("a commit's frame with a wrong checksum counts")
	}
}

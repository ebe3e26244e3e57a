package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"runner/internal/view/term"
	"runner/runner"
	"runner/runner/lab"
	"runner/store"
)

// thorough asks for the long form of the tests that disturb runs.
var thorough = os.Getenv("RUNNER_TORTURE") != ""

// tortureSeed repeats the moments of a torture that failed.
const tortureSeed = "RUNNER_TORTURE_SEED"

// victims are the experiments that are tortured. Checkpoints are written after
// each step but the last of an epoch, since writing one and a step together take
// longer than checkpoint_every. One spends its time in steps and in writing checkpoints, the
// other, whose epochs are short, a good part of it in commits.
var victims = map[string]struct {
	text  string
	steps int // of an epoch of 1,800 examples
}{
	"steps": {"batch_size: 100\nlayers: [{conv2d: {filters: 16, kernel: 3, activation: relu}}, {maxpool2d: {pool: 2}}, " +
		"{conv2d: {filters: 32, kernel: 3, activation: relu}}, {maxpool2d: {pool: 4}}, flatten, {dense: {units: 10}}]\n", 18},
	"commits": {"batch_size: 900\nlayers: [flatten, {dense: {units: 10}}]\n", 2},
}

// form is how much of it there is.
type form struct {
	seeds               int // of each experiment
	epochs              map[string]int
	kills, aimed, stops int
}

var (
	longForm  = form{seeds: 6, epochs: map[string]int{"steps": 25, "commits": 300}, kills: 100, aimed: 20, stops: 100}
	shortForm = form{seeds: 1, epochs: map[string]int{"steps": 3, "commits": 20}, kills: 3, aimed: 1, stops: 3}
)

// torture is a form of it, and what comes of the sweep where nobody disturbs it.
type torture struct {
	form
	dir      string // has the experiments and the stores
	hashes   map[string]string
	took     time.Duration // the sweep
	shortest time.Duration // the shortest of its runs
	random   *rand.Rand
}

// TestTorture kills and stops the processes of a sweep at random moments: what
// was printed is on record, and in the end it has come to the same weights as a
// sweep that nothing disturbed.
func TestTorture(t *testing.T) {
	if testing.Short() && !thorough {
		t.Skip("takes seconds")
	}
	tt := &torture{form: shortForm, dir: t.TempDir()}
	if thorough {
		tt.form = longForm
	}
	seed := rand.Uint64()
	if text := os.Getenv(tortureSeed); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s=%d repeats the draws", tortureSeed, seed)
	tt.random = rand.New(rand.NewPCG(seed, 0))
	for name, v := range victims {
		text := fmt.Sprintf("name: %s\ndataset: synthetic\nepochs: %d\ncheckpoint_every: 1ms\nsweep: {seeds: %d}\n%s",
			name, tt.epochs[name], tt.seeds, v.text)
		if err := os.MkdirAll(filepath.Join(tt.dir, "grid"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(tt.dir, "grid", name+".yaml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tt.undisturbed(t)
	t.Run("kills", tt.kill)
	t.Run("aimed kills", tt.aim)
	t.Run("stops", tt.stop)
}

// sweep starts a sweep of all victims, or of one file of them.
func (tt *torture) sweep(t *testing.T, grid, store string, jobs int) *victim {
	t.Helper()
	return startVictim(t, command(tt.dir, "sweep", grid, "--jobs", strconv.Itoa(jobs), "--threads", "1", "--store", store))
}

// undisturbed is the sweep that the others are compared with.
func (tt *torture) undisturbed(t *testing.T) {
	began := time.Now()
	v := tt.sweep(t, "grid", "undisturbed", 2)
	v.end(t)
	tt.took = time.Since(began)
	if v.err != nil {
		t.Fatalf("%v\n%s", v.err, v.tail())
	}
	st := tt.open(t, "undisturbed")
	defer st.Close()
	for _, run := range allRuns(t, st) {
		if d := run.Finished.Sub(run.Started); tt.shortest == 0 || d < tt.shortest {
			tt.shortest = d
		}
	}
	tt.hashes = weights(t, st)
	want := 0
	for _, epochs := range tt.epochs {
		want += tt.seeds * epochs
	}
	if len(tt.hashes) != want {
		t.Fatalf("%d epochs, expected %d", len(tt.hashes), want)
	}
	t.Logf("undisturbed: %d runs and %d epochs in %.1fs, the shortest run %.1fs",
		tt.seeds*len(victims), want, tt.took.Seconds(), tt.shortest.Seconds())
}

func (tt *torture) open(t *testing.T, name string) *store.Store {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	st, err := store.Open(ctx, filepath.Join(tt.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func allRuns(t *testing.T, st *store.Store) []store.Run {
	t.Helper()
	runs, err := st.Runs(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

func epochsOf(t *testing.T, st *store.Store, run store.Run) []store.Epoch {
	t.Helper()
	epochs, err := st.Epochs(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	return epochs
}

// weights returns the hashes of the weights after each epoch of each run.
func weights(t *testing.T, st *store.Store) map[string]string {
	t.Helper()
	hashes := make(map[string]string)
	for _, run := range allRuns(t, st) {
		for _, e := range epochsOf(t, st, run) {
			key := fmt.Sprintf("%s epoch %d", lab.Describe(run), e.Epoch)
			if _, twice := hashes[key]; twice {
				t.Errorf("%s is there twice", key)
			}
			hashes[key] = e.WeightsHash
		}
	}
	return hashes
}

// runCommand runs the program to its end.
func (tt *torture) runCommand(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := command(tt.dir, args...)
	limited := exec.CommandContext(ctx, cmd.Path)
	limited.Args, limited.Dir, limited.Env = cmd.Args, cmd.Dir, cmd.Env
	out, err := limited.CombinedOutput()
	return string(out), err
}

// statuses are those that `runner list` shows, by the run's ID.
func (tt *torture) statuses(t *testing.T, store string) map[string]string {
	t.Helper()
	out, err := tt.runCommand(t, "list", "--format", "json", "--store", store)
	var runs []struct{ ID, Status string }
	if err == nil {
		err = json.Unmarshal([]byte(out), &runs)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	statuses := make(map[string]string)
	for _, r := range runs {
		statuses[r.ID] = r.Status
	}
	return statuses
}

// account holds what was printed on sweeps of one store.
type account map[string]bool

// add takes in what a sweep printed: its lines about epochs, but for the word
// that marks the best one so far.
func (a account) add(v *victim) {
	of := "" // the run that was started last: of one job, lines do not say whose they are
	for _, line := range v.said() {
		if m := startedRun.FindStringSubmatch(line); m != nil {
			of = fmt.Sprintf("%s seed %s %s: ", m[1], m[3], m[2])
		}
		if strings.HasPrefix(line, "epoch ") {
			line = of + line
		}
		if printedEpoch.MatchString(line) {
			a[strings.TrimSuffix(line, "  best")] = true
		}
	}
}

// check finds every line in the store, with the same figures.
func (a account) check(t *testing.T, st *store.Store) {
	t.Helper()
	recorded := make(map[string]bool)
	for _, run := range allRuns(t, st) {
		for _, e := range epochsOf(t, st, run) {
			recorded[lab.Describe(run)+": "+term.EpochLine(e, run.Epochs, false)] = true
		}
	}
	for line := range a {
		if !recorded[line] {
			t.Errorf("printed and not on record: %s", line)
		}
	}
}

// finish lets a sweep come to its end, and holds what came of it against the
// undisturbed one.
func (a *attempts) finish(t *testing.T) {
	t.Helper()
	v := a.sweep(t, a.grid, a.store, 2)
	v.end(t)
	if v.err != nil {
		t.Errorf("the last sweep: %v\n%s", v.err, v.tail())
	}
	a.printed.add(v)
	a.compare(t, a.grid, a.store, a.printed)
}

// compare holds the store of a sweep that is done against what was printed, and
// against the weights that the sweep comes to when nothing disturbs it.
func (tt *torture) compare(t *testing.T, grid, name string, printed account) {
	t.Helper()
	st := tt.open(t, name)
	defer st.Close()
	printed.check(t, st)
	for _, run := range allRuns(t, st) {
		if run.Status != store.Finished {
			t.Errorf("%s: %s", lab.Describe(run), run.Status)
		}
	}
	got, want := weights(t, st), maps.Clone(tt.hashes)
	maps.DeleteFunc(want, func(key, _ string) bool {
		experiment, _, _ := strings.Cut(key, " ")
		return grid != "grid" && filepath.Base(grid) != experiment+".yaml"
	})
	if !maps.Equal(got, want) {
		t.Errorf("%d epochs, of which the undisturbed sweep has %d, come to other weights", len(got), len(want))
	}
	out, err := tt.runCommand(t, "store", "check", "--store", name)
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	leftovers := 0
	for line := range strings.Lines(out) {
		switch {
		case strings.Contains(line, "is left from a process that was killed"):
			leftovers++
		case !strings.Contains(line, "the store is sound"):
			t.Error(line)
		}
	}
	t.Logf("%s: %d epochs on record, %d of them printed; %d temporary files left", name, len(got), len(printed), leftovers)
}

// target is what a kill hits.
type target string

const (
	tree       target = "the whole tree"
	oneWorker  target = "one worker"
	parentOnly target = "the parent alone"
)

// targets returns what to hit, one after another: half of it the whole tree. The
// last hits one worker of a sweep that then goes on to its end.
func (tt *torture) targets() []target {
	all := make([]target, tt.kills)
	for i := range all {
		switch {
		case i%3 == 0:
			all[i] = oneWorker
		case i%6 == 1:
			all[i] = parentOnly
		default:
			all[i] = tree
		}
	}
	tt.random.Shuffle(len(all)-1, func(i, j int) { all[i+1], all[j+1] = all[j+1], all[i+1] })
	slices.Reverse(all)
	return all
}

// kill kills at random moments: a run takes at least 20 times as long as a moment
// is away on average.
func (tt *torture) kill(t *testing.T) {
	began := time.Now()
	interval := tt.shortest / 20
	if !thorough {
		interval = tt.took / 6 // time for a start and some training, on this machine
	}
	targets := tt.targets()
	landings := make(map[landing]int)
	hits := make(map[target]int)
	epochs, rounds := 0, 0
	for len(targets) > 0 && !t.Failed() {
		// A sweep may be done before all kills are: then there is another one.
		rounds++
		a := &attempts{torture: tt, grid: "grid", store: fmt.Sprintf("killed-%d", rounds), printed: make(account),
			landings: landings, hits: hits}
		targets = a.run(t, targets, interval)
		epochs += len(a.printed)
		a.finish(t)
	}
	t.Logf("%d kills, %v away on average, in %.1fs and %d sweeps: %v", tt.kills, interval.Round(time.Millisecond),
		time.Since(began).Seconds(), rounds, hits)
	t.Logf("they landed %v; %d epochs were printed by sweeps that were killed", landings, epochs)
	for _, l := range []landing{inStep, inCheckpoint, inCommit} {
		if thorough && landings[l] == 0 {
			t.Errorf("no kill landed %s", l)
		}
	}
}

// attempts are sweeps of one store, each of which is killed.
type attempts struct {
	*torture
	grid     string // what is swept
	store    string
	printed  account
	landings map[landing]int
	hits     map[target]int
	v        *victim          // nil between two
	before   map[string]trace // by run: what it had left when the sweep was started
}

// run kills until all is trained, and returns what is left of the targets.
func (a *attempts) run(t *testing.T, targets []target, interval time.Duration) []target {
	for len(targets) > 0 && !t.Failed() {
		if a.v == nil {
			a.start(t, 2)
		}
		select {
		case <-time.After(time.Duration(a.random.Float64() * 2 * float64(interval))):
		case <-a.v.ended:
			if !a.ended(t) {
				return targets
			}
			continue
		}
		what := targets[0]
		if what == oneWorker && len(targets) == 1 {
			a.v.await(t, printedEpoch.MatchString) // the last one has to find a worker
		}
		workers := a.v.workers(t)
		if what == oneWorker && len(workers) == 0 {
			what = tree // the sweep has just begun
		}
		hit := false
		switch what {
		case tree:
			hit = a.killTree(t, workers)
		case parentOnly:
			hit = a.killParent(t, workers)
		case oneWorker:
			hit = a.killWorker(t, workers[a.random.IntN(len(workers))])
		}
		if hit {
			a.hits[what]++
			targets = targets[1:]
		} // else it had just ended, and there is another moment
	}
	if a.v != nil && !t.Failed() {
		a.v.end(t)
		a.ended(t)
	}
	return targets
}

func (a *attempts) start(t *testing.T, jobs int) {
	t.Helper()
	a.before = make(map[string]trace)
	st := a.open(t, a.store)
	for _, run := range allRuns(t, st) {
		a.before[run.ID] = traceOf(t, st, run)
	}
	st.Close()
	a.v = a.sweep(t, a.grid, a.store, jobs)
}

// ended deals with a sweep that has come to its end by itself. It returns true
// where workers were killed, so that there is more to train.
func (a *attempts) ended(t *testing.T) bool {
	t.Helper()
	v := a.v
	a.v = nil
	a.printed.add(v)
	failed := slices.ContainsFunc(v.said(), isKilled)
	var exit *exec.ExitError
	if failed && (!errors.As(v.err, &exit) || exit.ExitCode() != exitFailed) || !failed && v.err != nil {
		t.Errorf("a sweep whose workers were killed (%v) ended with %v:\n%s", failed, v.err, v.tail())
	}
	return failed
}

// killTree kills all processes at once, as a power cut does to them, and finds
// out what they were doing. Like the others it returns false where they had ended.
func (a *attempts) killTree(t *testing.T, workers []int) bool {
	t.Helper()
	if !send(t, -a.v.group, syscall.SIGKILL) {
		return false
	}
	a.v.awaitAllDead(t)
	if torn(t, filepath.Join(a.dir, a.store, "runner.db-wal")) {
		a.landings[inFrames]++
	}
	st := a.over(t)
	defer st.Close()
	runs := allRuns(t, st)
	for _, pid := range workers {
		i := slices.IndexFunc(runs, func(r store.Run) bool { return r.Process == pid })
		if i < 0 {
			a.landings[atStart]++
			continue
		}
		a.found(t, st, runs[i])
	}
	return true
}

// over looks at the store once all processes of a sweep are gone.
func (a *attempts) over(t *testing.T) *store.Store {
	t.Helper()
	a.printed.add(a.v)
	a.v = nil
	for id, status := range a.statuses(t, a.store) {
		if status == string(store.Running) {
			t.Errorf("run %s is shown as running, and nobody trains it", id)
		}
	}
	st := a.open(t, a.store)
	a.printed.check(t, st)
	return st
}

// found counts where a kill hit the process of a run.
func (a *attempts) found(t *testing.T, st *store.Store, run store.Run) {
	t.Helper()
	after := traceOf(t, st, run)
	a.landings[landed(a.before[run.ID], after, victims[run.Experiment].steps)]++
}

// killParent kills the parent alone: its workers notice, keep the states of their
// runs and end.
func (a *attempts) killParent(t *testing.T, workers []int) bool {
	t.Helper()
	if !send(t, a.v.group, syscall.SIGKILL) {
		return false
	}
	a.v.awaitAllDead(t)
	st := a.over(t)
	defer st.Close()
	for _, run := range allRuns(t, st) {
		if !slices.Contains(workers, run.Process) || run.Status == store.Finished {
			continue
		}
		if run.Status != store.Interrupted || run.Reason != "told to stop" {
			t.Errorf("%s, whose parent was killed, is %s: %s", lab.Describe(run), run.Status, run.Reason)
		}
		// A worker that is stopped while it draws its first weights has no state yet to keep.
		if tr := traceOf(t, st, run); tr.epoch == 0 && run.Logged > 0 {
			t.Errorf("%s, whose parent was killed, kept no state", lab.Describe(run))
		}
	}
	return true
}

// killWorker kills one worker. The sweep records it and goes on.
func (a *attempts) killWorker(t *testing.T, pid int) bool {
	t.Helper()
	if !send(t, pid, syscall.SIGKILL) {
		return false
	}
	awaitDeath(t, pid)
	st := a.open(t, a.store)
	defer st.Close()
	runs := allRuns(t, st)
	i := slices.IndexFunc(runs, func(r store.Run) bool { return r.Process == pid })
	if i < 0 {
		a.landings[atStart]++
		return true
	}
	run := runs[i]
	if run.Status == store.Finished {
		a.landings[elsewhere]++
		return true
	}
	if !a.v.await(t, func(line string) bool { return isKilled(line) && strings.HasPrefix(line, lab.Describe(run)+":") }) {
		t.Fatalf("the sweep says nothing of the worker of %s, which was killed:\n%s", lab.Describe(run), a.v.tail())
	}
	run, err := st.Find(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if run.Status != store.Failed || !strings.Contains(run.Reason, "ended by a signal (killed)") {
		t.Errorf("%s, whose worker was killed, is %s: %s", lab.Describe(run), run.Status, run.Reason)
	}
	a.found(t, st, run)
	return true
}

// aim kills a worker with a certain system call that is its Nth of that kind
// from a random moment on, and then its parent, which stood still meanwhile. What
// is killed before the call has an effect cannot have come farther.
func (tt *torture) aim(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("needs strace")
	}
	const name = "aimed"
	log := filepath.Join(tt.dir, name, "runner.db-wal")
	aims := []struct {
		what string
		args []string
		want landing
	}{
		{"a write to the log", []string{"-P", log, "-e", "trace=pwrite64", "-e", "inject=pwrite64"}, inFrames},
		{"the log's sync", []string{"-P", log, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync"}, inCommit},
		{"a checkpoint's rename", []string{"-e", "trace=rename,renameat,renameat2", "-e",
			"inject=rename,renameat,renameat2"}, inCheckpoint},
		{"any sync", []string{"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync"}, inCheckpoint},
	}
	began := time.Now()
	a := &attempts{torture: tt, grid: filepath.Join("grid", "commits.yaml"), store: name, printed: make(account),
		landings: make(map[landing]int), hits: make(map[target]int)}
	for i := range tt.aimed {
		aim := aims[i%len(aims)]
		before := a.landings[aim.want]
		a.start(t, 1)
		a.v.await(t, func(line string) bool { return strings.HasPrefix(line, "epoch ") })
		resume, stopped := stop(t, a.v.group)
		if !stopped {
			t.Fatalf("the sweep ended by itself:\n%s", a.v.tail())
		}
		workers := a.v.workers(t)
		if len(workers) != 1 {
			resume()
			t.Skipf("%d workers, expected one", len(workers))
		}
		args := slices.Clone(aim.args)
		args[len(args)-1] += fmt.Sprintf(":signal=SIGKILL:when=%d", 2+tt.random.IntN(6))
		args = append([]string{"-f", "-qq", "-o", os.DevNull, "-p", strconv.Itoa(workers[0])}, args...)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		out, err := exec.CommandContext(ctx, strace, args...).CombinedOutput()
		if strings.Contains(string(out), "not permitted") {
			t.Skipf("strace may not look at processes here: %s", out)
		}
		if err != nil && ctx.Err() != nil {
			t.Fatalf("no call was hit: %v", ctx.Err())
		}
		cancel()
		awaitDeath(t, workers[0])
		a.killTree(t, workers)
		t.Logf("aimed at %s: hit %v", aim.what, a.landings[aim.want] > before)
	}
	a.finish(t)
	t.Logf("%d aimed kills in %.1fs landed %v", tt.aimed, time.Since(began).Seconds(), a.landings)
	for _, aim := range aims[:min(tt.aimed, len(aims))] {
		if thorough && a.landings[aim.want] == 0 {
			t.Errorf("no kill that was aimed at %s landed %s", aim.what, aim.want)
		}
	}
}

// stop stops random processes of a sweep at random moments, and continues them:
// a run whose worker stands still is running, a run whose parent does goes on, and
// the sweep ends by itself.
func (tt *torture) stop(t *testing.T) {
	began := time.Now()
	parents, workers, sweeps := 0, 0, 0
	for parents+workers < tt.stops && (thorough || sweeps == 0) && !t.Failed() {
		// A sweep may be done before all stops are: then there is another one.
		sweeps++
		p, w := tt.stopSweep(t, fmt.Sprintf("stopped-%d", sweeps), tt.stops-parents-workers)
		parents, workers = parents+p, workers+w
	}
	if parents+workers == 0 {
		t.Error("nothing was stopped")
	}
	t.Logf("%d stops of a parent and %d of a worker in %.1fs and %d sweeps", parents, workers,
		time.Since(began).Seconds(), sweeps)
}

// stopSweep makes at most n stops in a sweep on a store of its own.
func (tt *torture) stopSweep(t *testing.T, name string, n int) (parents, workers int) {
	t.Helper()
	// Opening a store takes a lock that a stopped process may hold, so it is
	// opened before.
	st := tt.open(t, name)
	defer st.Close()
	v := tt.sweep(t, "grid", name, 2)
	v.await(t, printedEpoch.MatchString)
	interval := tt.took / 2 / time.Duration(tt.stops)
	for over := false; parents+workers < n && !over && !t.Failed(); {
		select {
		case <-time.After(time.Duration(tt.random.Float64() * 2 * float64(interval))):
		case <-v.ended:
			over = true
			continue
		}
		running := slices.DeleteFunc(allRuns(t, st), func(r store.Run) bool { return r.Status != store.Running })
		if len(running) == 0 {
			continue
		}
		if (parents+workers)%3 == 1 {
			if tt.stopParent(t, st, v, running) {
				parents++
			}
		} else if tt.stopWorker(t, name, running[tt.random.IntN(len(running))]) {
			workers++
		}
	}
	v.end(t)
	if v.err != nil {
		t.Errorf("%v\n%s", v.err, v.tail())
	}
	printed := make(account)
	printed.add(v)
	if len(printed) != len(tt.hashes) {
		t.Errorf("%d epochs were printed, expected %d", len(printed), len(tt.hashes))
	}
	tt.compare(t, "grid", name, printed)
	return parents, workers
}

// stopWorker stops the worker of a run for a while. Like stopParent it returns
// false where the process has ended.
func (tt *torture) stopWorker(t *testing.T, name string, run store.Run) bool {
	t.Helper()
	resume, stopped := stop(t, run.Process)
	if !stopped {
		return false
	}
	defer resume()
	status := tt.statuses(t, name)[run.ID]
	// It may have ended its run, and been about to end.
	if status != string(store.Running) && status != string(store.Finished) {
		t.Errorf("%s, whose worker stands still, is shown as %s", lab.Describe(run), status)
	}
	return true
}

// stopParent stops the parent until each of the runs has gone on.
func (tt *torture) stopParent(t *testing.T, st *store.Store, v *victim, running []store.Run) bool {
	t.Helper()
	resume, stopped := stop(t, v.group)
	if !stopped {
		return false
	}
	defer resume()
	written := func(run store.Run) time.Time {
		info, err := os.Stat(filepath.Join(st.Folder(run.ID), runner.LastFile))
		if err != nil {
			return time.Time{} // not yet
		}
		return info.ModTime()
	}
	was := make(map[string]time.Time)
	for _, run := range running {
		was[run.ID] = written(run)
	}
	goesOn := func(run store.Run) bool {
		now, err := st.Find(t.Context(), run.ID)
		if err != nil {
			t.Fatal(err)
		}
		return now.Status == store.Finished || !written(run).Equal(was[run.ID])
	}
	for late := time.Now().Add(patience); time.Now().Before(late); time.Sleep(5 * time.Millisecond) {
		if !slices.ContainsFunc(running, func(run store.Run) bool { return !goesOn(run) }) {
			return true
		}
	}
	t.Error("a worker does not go on while its parent stands still")
	return false
}

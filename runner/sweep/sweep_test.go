package sweep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner"
	"runner/store"
)

// dataDir holds the synthetic dataset for all tests of the package.
var dataDir string

// asWorker makes the test binary a worker that does what the variable says at its claim, first epoch or end.
const asWorker = "RUNNER_TEST_WORKER"

func TestMain(m *testing.M) {
	if mishap, ok := os.LookupEnv(asWorker); ok {
		if err := Work(context.Background(), os.Stdin, &mishapOutput{mishap}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "runner-data")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		dataDir = dir
		return m.Run()
	}())
}

// mishapOutput is a worker's standard output that watches what is reported.
type mishapOutput struct{ mishap string }

func (m *mishapOutput) Write(p []byte) (int, error) {
	if m.mishap == "claim" && bytes.HasPrefix(p, []byte(`{"Claim"`)) {
		panic("a mishap")
	}
	if m.mishap == "end" && bytes.HasPrefix(p, []byte(`{"End"`)) {
		panic("a mishap")
	}
	n, err := os.Stdout.Write(p)
	if bytes.HasPrefix(p, []byte(`{"Epoch"`)) {
		switch m.mishap {
		case "panic":
			panic("a mishap")
		case "kill":
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	return n, err
}

func worker(mishap string) func() (*exec.Cmd, error) {
	return func() (*exec.Cmd, error) {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asWorker+"="+mishap)
		return cmd, nil
	}
}

const small = `
name: small
dataset: synthetic
layers: [{avgpool2d: {pool: 4}}, flatten, {dense: {units: 10}}]
epochs: 3
batch_size: 100
checkpoint_every: 1ms
`

// tasksOf makes a task for each seed.
func tasksOf(t *testing.T, text string, seeds ...int) []*Task {
	t.Helper()
	synthetic, err := data.ByName("synthetic")
	if err != nil {
		t.Fatal(err)
	}
	ds, err := synthetic.Open(context.Background(), data.Options{Dir: dataDir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ds.Close() })
	file := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var tasks []*Task
	for _, seed := range seeds {
		loaded, faults := spec.Load(file, []string{fmt.Sprintf("seed=%d", seed)})
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		plan, faults := runner.NewPlan(loaded.Experiments[0], data.Kinds())
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		job := runner.Job{Plan: plan, Dataset: ds, Threads: 1}
		run, err := runner.NewRun(job, runner.ThisEnvironment())
		if err != nil {
			t.Fatal(err)
		}
		tasks = append(tasks, &Task{Job: job, Run: run})
	}
	return tasks
}

// with returns the options with other workers.
func (o Options) with(worker func() (*exec.Cmd, error)) Options {
	h := o.Place.(Here)
	h.Worker = worker
	o.Place = h
	return o
}

// options returns those of a new store, or of the one in dir.
func options(t *testing.T, dir string) Options {
	t.Helper()
	if dir == "" {
		dir = filepath.Join(t.TempDir(), "runs")
	}
	st, err := store.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return Options{Store: st, Place: Here{Store: dir, Data: dataDir, Worker: worker("")}, Jobs: 2, Threads: 1}
}

// outcome is what the events of a task amount to.
type outcome struct {
	events []What
	epochs []store.Epoch
	last   Event
}

func collect(ctx context.Context, tasks []*Task, o Options) []outcome {
	outcomes := make([]outcome, len(tasks))
	for e := range Train(ctx, List(tasks...), o) {
		got := &outcomes[slices.Index(tasks, e.Task)]
		if e.What == Moved {
			continue
		}
		if e.What == Logged {
			got.epochs = append(got.epochs, e.Epoch)
		}
		got.events, got.last = append(got.events, e.What), e
	}
	return outcomes
}

// hashes returns the hashes of the weights after each epoch of an undisturbed training.
func hashes(t *testing.T, task *Task) (hashes []string) {
	t.Helper()
	for epoch, err := range runner.Train(context.Background(), task.Job, runner.Folder{}, new(runner.Progress)) {
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, epoch.WeightsHash)
	}
	return hashes
}

func recordedHashes(t *testing.T, st *store.Store, id string) (hashes []string) {
	t.Helper()
	epochs, err := st.Epochs(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range epochs {
		hashes = append(hashes, e.WeightsHash)
	}
	return hashes
}

func TestTrain(t *testing.T) {
	tasks := tasksOf(t, small, 1, 2, 3, 4, 5)
	o := options(t, "")
	for i, got := range collect(t.Context(), tasks, o) {
		if want := []What{Started, Logged, Logged, Logged, Ended}; !slices.Equal(got.events, want) {
			t.Errorf("task %d: events %v, expected %v", i, got.events, want)
		}
		run := got.last.Run
		if got.last.Err != nil || run.Status != store.Finished || run.Logged != 3 || run.Threads != 1 {
			t.Errorf("task %d: %v, run %+v", i, got.last.Err, run)
		}
		if got, want := recordedHashes(t, o.Store, run.ID), hashes(t, tasks[i]); !slices.Equal(got, want) {
			t.Errorf("task %d: weights %v, expected %v", i, got, want)
		}
	}
	for i, got := range collect(t.Context(), tasks, o) {
		if !slices.Equal(got.events, []What{Found}) || got.last.Run.Status != store.Finished {
			t.Errorf("task %d, once finished: events %v", i, got.events)
		}
	}
	tasks[0].Again = true
	if got := collect(t.Context(), tasks[:1], o)[0]; len(got.epochs) != 3 || got.last.Run.Status != store.Finished {
		t.Errorf("trained again: events %v", got.events)
	}
}

// TestCrash has workers die. Each takes down its own run alone, whose record says what happened, and which can be
// resumed.
func TestCrash(t *testing.T) {
	for _, c := range []struct{ mishap, reason, stack string }{
		{"panic", "its process crashed: panic: a mishap", "mishapOutput"},
		{"claim", "its process crashed: panic: a mishap", "mishapOutput"},
		{"kill", "its process was ended by a signal (killed)", ""},
	} {
		tasks := tasksOf(t, small, 1, 2)
		o := options(t, "")
		o = o.with(worker(c.mishap))
		for i, got := range collect(t.Context(), tasks, o) {
			run := got.last.Run
			if got.last.Err == nil || run.Status != store.Failed ||
				!strings.HasPrefix(run.Reason, c.reason) || !strings.Contains(run.Stack, c.stack) {
				t.Errorf("%s, task %d: %v, run %s: %s\n%s", c.mishap, i, got.last.Err, run.Status, run.Reason, run.Stack)
			}
		}
		o = o.with(worker(""))
		for i, got := range collect(t.Context(), tasks, o) {
			run := got.last.Run
			if run.Status != store.Finished || run.Resumes != 1 || run.Stack != "" {
				t.Errorf("%s, task %d, resumed: %v, run %+v", c.mishap, i, got.last.Err, run)
			}
			if got, want := recordedHashes(t, o.Store, run.ID), hashes(t, tasks[i]); !slices.Equal(got, want) {
				t.Errorf("%s, task %d: weights %v, expected %v", c.mishap, i, got, want)
			}
		}
	}
}

// TestDeathAtTheEnd has a worker die when its run is finished, before it reports so.
func TestDeathAtTheEnd(t *testing.T) {
	o := options(t, "")
	o = o.with(worker("end"))
	last := collect(t.Context(), tasksOf(t, small, 1), o)[0].last
	if last.Err != nil || last.Run.Status != store.Finished {
		t.Errorf("%v, run %+v", last.Err, last.Run)
	}
}

func TestFailFast(t *testing.T) {
	runaway := "name: runaway\ndataset: synthetic\nlayers: [flatten, {dense: {units: 32}}, {dense: {units: 10}}]\n" +
		"optimizer: {sgd: {learning_rate: 1000}}\n"
	tasks := append(tasksOf(t, runaway, 1), tasksOf(t, small, 2, 3)...)
	o := options(t, "")
	o.Jobs, o.FailFast = 1, true
	got := collect(t.Context(), tasks, o)
	if got[0].last.Run.Status != store.Diverged || got[0].last.Err == nil {
		t.Errorf("the first: %v, run %s", got[0].last.Err, got[0].last.Run.Status)
	}
	if len(got[1].events)+len(got[2].events) > 0 {
		t.Errorf("events of tasks after the failure: %v, %v", got[1].events, got[2].events)
	}
}

// TestFailFastStops has one run fail while another is trained.
func TestFailFastStops(t *testing.T) {
	long := tasksOf(t, strings.Replace(small, "epochs: 3", "epochs: 1000000", 1), 1)[0]
	o := options(t, "")
	o.FailFast = true
	started := 0
	o = o.with(func() (*exec.Cmd, error) {
		mishap := ""
		if started++; started == 2 {
			mishap = "panic"
		}
		return worker(mishap)()
	})
	got := collect(t.Context(), []*Task{long, tasksOf(t, small, 2)[0]}, o)
	if got[1].last.Run.Status != store.Failed {
		t.Errorf("the one that failed: %v, run %+v", got[1].last.Err, got[1].last.Run)
	}
	if !errors.Is(got[0].last.Err, context.Canceled) || got[0].last.Run.Status != store.Interrupted {
		t.Errorf("the other: %v, run %+v", got[0].last.Err, got[0].last.Run)
	}
}

// TestUnheard has workers end before they report anything: by the terminal's signals, which are for the sweep, and by
// others.
func TestUnheard(t *testing.T) {
	for _, c := range []struct {
		script  string
		stopped bool
		says    string
	}{
		{"kill -INT $$", true, ""},
		{"kill -HUP $$", true, ""},
		{"kill -SEGV $$", false, "ended by a signal (segmentation fault)"},
		{"echo no such library >&2; exit 3", false, "its process ended too early: exit status 3: no such library"},
		{"exit 0", false, "its process ended too early"},
	} {
		o := options(t, "")
		o = o.with(func() (*exec.Cmd, error) { return exec.Command("sh", "-c", c.script), nil })
		last := collect(t.Context(), tasksOf(t, small, 1), o)[0].last
		stopped := errors.Is(last.Err, context.Canceled)
		if last.Err == nil || stopped != c.stopped || !strings.Contains(last.Err.Error(), c.says) {
			t.Errorf("%s: %v", c.script, last.Err)
		}
	}
}

// TestStop stops a sweep by its context, and by pulling no more. Its runs are interrupted when it returns.
func TestStop(t *testing.T) {
	for _, way := range []string{"cancel", "break"} {
		tasks := tasksOf(t, strings.Replace(small, "epochs: 3", "epochs: 1000000", 1), 1, 2, 3)
		o := options(t, "")
		ctx, cancel := context.WithCancel(context.Background())
		epochs, stopped := 0, 0
		for e := range Train(ctx, List(tasks...), o) {
			if e.What == Ended {
				if !errors.Is(e.Err, context.Canceled) || e.Run.Status != store.Interrupted {
					t.Errorf("%s: %v, run %s", way, e.Err, e.Run.Status)
				}
				stopped++
			}
			if e.What != Logged {
				continue
			}
			if epochs++; epochs == 3 {
				if way == "break" {
					break
				}
				cancel()
			}
		}
		cancel()
		runs, err := o.Store.Runs(context.Background(), store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if len(runs) != 2 || way == "cancel" && stopped != 2 {
			t.Errorf("%s: %d runs, %d of them reported", way, len(runs), stopped)
		}
		for _, r := range runs {
			if r.Status != store.Interrupted || r.Reason != "told to stop" {
				t.Errorf("%s: run %s: %s", way, r.Status, r.Reason)
			}
		}
	}
}

// TestRecorded resumes runs by their ID, and leaves alone those that it cannot resume.
func TestRecorded(t *testing.T) {
	o := options(t, "")
	tasks := tasksOf(t, small, 1, 2)
	for i, task := range tasks {
		run, err := o.Store.Begin(t.Context(), task.Run, task.Job.Measured())
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if err := o.Store.End(t.Context(), run.ID, store.Interrupted, "", ""); err != nil {
				t.Fatal(err)
			}
		}
		task.Run = run
	}
	got := collect(t.Context(), tasks, o)
	if r := got[0].last.Run; r.Status != store.Finished || r.ID != tasks[0].Run.ID {
		t.Errorf("%v, run %+v", got[0].last.Err, r)
	}
	var busy *store.BusyError
	if !errors.As(got[1].last.Err, &busy) {
		t.Errorf("a run that this process trains: %v", got[1].last.Err)
	}

	other := tasksOf(t, strings.Replace(small, "batch_size: 100", "batch_size: 50", 1), 1)[0]
	run, err := o.Store.Begin(t.Context(), other.Run, other.Job.Measured())
	if err == nil {
		err = o.Store.End(t.Context(), run.ID, store.Interrupted, "by hand", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	other.Job, other.Run = tasks[0].Job, run // as if the arithmetic had changed
	last := collect(t.Context(), []*Task{other}, o)[0].last
	now, err := o.Store.Find(t.Context(), run.ID)
	if err != nil || now.Status != store.Interrupted || now.Reason != "by hand" {
		t.Errorf("refused: %v, %v, run %+v", last.Err, err, now)
	}
	if last.Err == nil || !strings.Contains(last.Err.Error(), "train it anew with --again") {
		t.Errorf("refused: %v", last.Err)
	}
}

// TestShared has two sweeps train the same runs at once: each run is trained once.
func TestShared(t *testing.T) {
	first := options(t, "")
	second := options(t, first.Place.(Here).Store)
	done := make(chan []outcome)
	go func() { done <- collect(context.Background(), tasksOf(t, small, 1, 2, 3, 4, 5, 6), first) }()
	ours := collect(t.Context(), tasksOf(t, small, 6, 5, 4, 3, 2, 1), second)
	for i, theirs := range <-done {
		mine := ours[len(ours)-1-i]
		if theirs.last.Run.ID == "" || theirs.last.Run.ID != mine.last.Run.ID ||
			theirs.last.Run.Status != store.Finished || mine.last.Run.Status != store.Finished {
			t.Errorf("seed %d: %v (%s) and %v (%s)",
				i+1, theirs.events, theirs.last.Run.ID, mine.events, mine.last.Run.ID)
		}
	}
	runs, err := first.Store.Runs(t.Context(), store.Filter{})
	if err != nil || len(runs) != 6 {
		t.Errorf("%d runs, expected 6: %v", len(runs), err)
	}
}

// TestNobodyListens has nobody read what a worker reports. The training ends all the same, and the whole report is
// there to be read afterwards.
func TestNobodyListens(t *testing.T) {
	task := tasksOf(t, small, 1)[0]
	o := options(t, "")
	order, err := task.assignment(1)
	if err != nil {
		t.Fatal(err)
	}
	h := o.Place.(Here)
	order.Store, order.Data = []byte(h.Store), []byte(h.Data)
	text, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	in, stop := io.Pipe()
	out, reports := io.Pipe() // a write waits for its reader
	ended := make(chan error, 1)
	go func() {
		err := Work(context.Background(), in, reports)
		reports.Close()
		ended <- err
	}()
	if _, err := stop.Write(text); err != nil {
		t.Fatal(err)
	}
	for finished := false; !finished; {
		runs, err := o.Store.Runs(t.Context(), store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		finished = len(runs) == 1 && runs[0].Status == store.Finished
	}
	heard, err := io.ReadAll(out)
	if err := errors.Join(err, <-ended); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`{"Claim":`, `"epoch":1,`, `"epoch":2,`, `"epoch":3,`, `{"End":{"Error":""`} {
		if strings.Count(string(heard), want) != 1 {
			t.Errorf("%s was not reported once:\n%s", want, heard)
		}
	}
}

func TestWorkByHand(t *testing.T) {
	err := Work(t.Context(), strings.NewReader("hello\n"), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "not by hand") {
		t.Error(err)
	}
}

// TestRoom fills a machine's memory.
func TestRoom(t *testing.T) {
	s := scheduler{memory: 100, children: make(map[*child]bool)}
	if !s.fits(1000) {
		t.Error("a task alone does not fit: those that never do are refused elsewhere")
	}
	s.children[&child{need: 60}] = true
	if !s.fits(40) || s.fits(41) {
		t.Error("expected room for 40, and not for 41")
	}
	s.memory = 0
	if !s.fits(1000) {
		t.Error("where memory is unknown, everything fits")
	}
}

// machine is a place of a certain size, in which nothing starts.
type machine struct {
	Place
	cores  int
	memory float64
}

func (m machine) Capacity() (processors int, memory float64) { return m.cores, m.memory }

// takes returns the memory estimate of a task that takes so many bytes.
func takes(bytes float64) func() (float64, error) {
	return func() (float64, error) { return bytes, nil }
}

func TestDivide(t *testing.T) {
	tasks := tasksOf(t, small, 1, 2, 3)
	need, err := runner.Memory(tasks[0].Job)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tasks       int
		cores       int
		memory      float64
		jobs        int
		threads     int
		wantJobs    int
		wantThreads int
	}{
		{3, 2, 0, 0, 0, 2, 1},
		{1, 2, 0, 0, 0, 1, 2},
		{0, 2, 0, 0, 0, 1, 2},
		{3, 8, 0, 0, 0, 3, 2},
		{3, 8, 2.5 * need, 0, 0, 2, 4},
		{3, 8, 0.5 * need, 0, 0, 1, 8},
		{3, 8, 0, 2, 0, 2, 4},
		{3, 2, 0, 8, 0, 8, 1},
		{1, 8, 0, 8, 0, 8, 8},
		{3, 8, 0, 0, 4, 2, 4},
		{3, 2, 0, 0, 4, 1, 4},
		{3, 2, 0, 5, 6, 5, 6},
	} {
		o := Options{Place: machine{cores: c.cores, memory: c.memory}, Jobs: c.jobs, Threads: c.threads}
		if jobs, threads := o.Divide(tasks[:c.tasks]); jobs != c.wantJobs || threads != c.wantThreads {
			t.Errorf("%+v: %d jobs of %d threads", c, jobs, threads)
		}
	}
	// A task that never fits is no reason to train the others one by one.
	tasks[0].memory = takes(1e15)
	o := Options{Place: machine{cores: 2, memory: 1e12}}
	if jobs, _ := o.Divide(tasks); jobs != 2 {
		t.Errorf("%d jobs beside a task that does not fit, expected 2", jobs)
	}
}

// TestQueue trains more tasks than fit in memory together, and refuses one that never fits.
func TestQueue(t *testing.T) {
	tasks := tasksOf(t, small, 1, 2, 3)
	have := runner.MachineMemory()
	if have == 0 {
		t.Skip("the system does not tell its memory")
	}
	tasks[0].memory, tasks[1].memory = takes(0.6*have), takes(0.6*have)
	tasks[2].memory = takes(2 * have)
	o := options(t, "")
	o.Jobs = 3
	running := 0
	for e := range Train(t.Context(), List(tasks...), o) {
		switch {
		case e.Task == tasks[2]:
			if e.What != Ended || e.Err == nil || !strings.Contains(e.Err.Error(), "make batch_size or the layers smaller") {
				t.Errorf("a task that never fits: %v", e)
			}
		case e.What == Started:
			if running++; running > 1 {
				t.Error("two tasks that do not fit together are trained at a time")
			}
		case e.What == Ended:
			if running--; e.Err != nil {
				t.Error(e.Err)
			}
		}
	}
}

// halves is a source that offers one pair of tasks, and then another, chosen by which of the first did better.
type halves struct {
	all     []*Task
	offered int
	ended   map[*Task]float64 // validation accuracies
}

func (h *halves) Next() *Task {
	switch {
	case h.offered == 2 && len(h.ended) < 2, h.offered == 4:
		return nil
	case h.offered == 2:
		if h.ended[h.all[1]] > h.ended[h.all[0]] {
			h.all = append(h.all[:2], h.all[4:]...)
		}
	}
	h.offered++
	return h.all[h.offered-1]
}

func (h *halves) Told(e Event) { h.ended[e.Task] = *e.Run.BestValAccuracy }

// TestSource has a source choose by results. It gives the same tasks with any number of jobs.
func TestSource(t *testing.T) {
	var want []string
	for _, jobs := range []int{1, 2} {
		o := options(t, "")
		o.Jobs = jobs
		source := &halves{all: tasksOf(t, small, 1, 2, 3, 4, 5, 6), ended: make(map[*Task]float64)}
		var got []string
		for e := range Train(t.Context(), source, o) {
			if e.What == Ended {
				got = append(got, fmt.Sprint(e.Task.Run.Seed))
			}
		}
		slices.Sort(got)
		if want == nil {
			want = got
		}
		if len(got) != 4 || !slices.Equal(got, want) {
			t.Errorf("seeds %v with %d jobs, expected those of one job: %v", got, jobs, want)
		}
	}
}

// TestWorkersCreateNoStore has a worker look for the store in the wrong folder.
func TestWorkersCreateNoStore(t *testing.T) {
	o := options(t, "")
	h := o.Place.(Here)
	h.Store = filepath.Join(t.TempDir(), "mistyped")
	o.Place = h
	last := collect(t.Context(), tasksOf(t, small, 1), o)[0].last
	if last.Err == nil || !strings.Contains(last.Err.Error(), "no store in "+h.Store) {
		t.Errorf("got %v", last.Err)
	}
	if _, err := os.Stat(h.Store); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was created: %v", err)
	}
}

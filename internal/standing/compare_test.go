package standing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"runner/internal/stats"
	"runner/internal/where"
	"runner/store"
	"runner/store/storetest"
)

// trained is a run and how it went.
type trained struct {
	experiment   string
	config       string // "": the experiment's name as a setting
	seed         int64
	status       store.Status // "": finished
	accuracies   []float64    // of epochs 1, 2, ..., each of 2 seconds
	test         float64      // 0: not tested
	looks        int
	mode         string // "": full
	dataset      string // "": d
	fingerprint  string
	multiplyAdds int64
	parameters   int64
}

func openStore(t *testing.T, runs ...trained) *store.Store {
	t.Helper()
	ctx := context.Background()
	st, err := store.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	for _, tr := range runs {
		if tr.config == "" {
			tr.config = "layers: [" + tr.experiment + "]\n"
		}
		if tr.mode == "" {
			tr.mode = "full"
		}
		if tr.dataset == "" {
			tr.dataset = "d"
		}
		config := tr.config + "\nmode: " + tr.mode + "\ndataset: " + tr.dataset
		group := config + tr.fingerprint
		run, err := st.Begin(ctx, store.Run{
			Experiment: tr.experiment, Identity: fmt.Sprint(group, tr.seed), Group: group, Seed: tr.seed, Mode: tr.mode,
			Dataset: tr.dataset, Fingerprint: tr.fingerprint,
			Config: config, Settings: storetest.Settings(config), Epochs: len(tr.accuracies), MultiplyAdds: tr.multiplyAdds,
			Parameters: tr.parameters,
		}, store.Dataset{Name: tr.dataset, Fingerprint: tr.fingerprint, Validation: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range tr.accuracies {
			if err := st.Log(ctx, run.ID, store.Epoch{Epoch: i + 1, ValAccuracy: a, Seconds: 2},
				storetest.Answers(a)); err != nil {
				t.Fatal(err)
			}
		}
		for range tr.looks {
			if err := st.CountTestUse(ctx, run.ID, "test", 1000); err != nil {
				t.Fatal(err)
			}
		}
		if tr.test > 0 {
			if err := st.RecordTest(ctx, run.ID, 1+slices.Index(tr.accuracies, slices.Max(tr.accuracies)), 1,
				storetest.Answers(tr.test)); err != nil {
				t.Fatal(err)
			}
		}
		if tr.status != store.Running {
			if tr.status == "" {
				tr.status = store.Finished
			}
			if err := st.End(ctx, run.ID, tr.status, "", ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	return st
}

func board(t *testing.T, st *store.Store, o Options) Board {
	t.Helper()
	if o.Sort == "" {
		o.Sort = "rank"
	}
	b, err := compare(t, st, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func compare(t *testing.T, st *store.Store, o Options) (Board, error) {
	t.Helper()
	v, err := st.Snapshot(t.Context(), o.Filter)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	return Compare(t.Context(), v, o)
}

func compareModes(t *testing.T, st *store.Store, o Options) (Proxy, error) {
	t.Helper()
	v, err := st.Snapshot(t.Context(), o.Filter)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	return CompareModes(t.Context(), v, o)
}

// names are the rows' experiments with their ranks: "a 1= b 1= c 3".
func names(b Board) string {
	var words []string
	for _, row := range b.Standings {
		sign := ""
		if row.Tied {
			sign = "="
		}
		words = append(words, fmt.Sprint(row.Experiment, " ", row.Rank, sign))
	}
	return strings.Join(words, " ")
}

func TestCompare(t *testing.T) {
	for _, tc := range []struct {
		name string
		runs []trained
		o    Options
		want string // names
		row  *Standing
	}{
		{name: "nothing"},
		{
			name: "several seeds: the mean, the spread and the interval of best epochs, the costs of all",
			runs: []trained{
				{experiment: "a", seed: 1, accuracies: []float64{0.25, 0.125}, test: 0.5, looks: 2},
				{experiment: "a", seed: 2, accuracies: []float64{0.125, 0.5}, test: 0.25, looks: 1, multiplyAdds: 7},
				{experiment: "a", seed: 3, accuracies: []float64{0.75, 0.5}, multiplyAdds: 7},
			},
			want: "a 1",
			row: &Standing{
				Accuracy: Accuracy{Seeds: 3, ValAccuracy: new(0.5), ValAccuracyStd: new(0.25), ValAccuracyLow: new(0.0),
					ValAccuracyHigh: new(1.0), Interval: stats.StudentInterval, MoreSeeds: new(0)},
				TestResult: TestResult{TestAccuracy: new(0.375), TestUses: 3},
				Time:       Time{SecondsPerEpoch: new(2.0)},
				Pareto:     true,
				BestEpoch:  new(1),
				Status:     "finished",
			},
		},
		{
			name: "their last epochs",
			runs: []trained{
				{experiment: "a", seed: 1, accuracies: []float64{0.25, 0.125}},
				{experiment: "a", seed: 2, accuracies: []float64{0.125, 0.5}},
			},
			o:    Options{Last: true},
			want: "a 1",
			row: &Standing{
				Accuracy: Accuracy{Seeds: 2, ValAccuracy: new(0.3125), ValAccuracyStd: new(0.26516504294495535),
					ValAccuracyLow: new(0.0), ValAccuracyHigh: new(1.0), Interval: stats.StudentInterval, MoreSeeds: new(0)},
				Time:      Time{SecondsPerEpoch: new(2.0)},
				Pareto:    true,
				BestEpoch: new(2),
				Status:    "finished",
			},
		},
		{
			name: "of a repeated seed the latest finished run counts, not the best",
			runs: []trained{
				{experiment: "a", seed: 1, accuracies: []float64{0.75}, test: 0.75, looks: 1},
				{experiment: "a", seed: 1, accuracies: []float64{0.25}},
				{experiment: "a", seed: 1, status: store.Failed, accuracies: []float64{0.875}, looks: 1},
			},
			want: "a 1",
			row: &Standing{
				Accuracy: Accuracy{Seeds: 1, ValAccuracy: new(0.25), ValAccuracyLow: new(0.2242), ValAccuracyHigh: new(0.2778),
					Interval: stats.WilsonInterval, MoreSeeds: new(0)},
				TestResult: TestResult{TestUses: 2},
				Time:       Time{SecondsPerEpoch: new(2.0)},
				Pareto:     true,
				BestEpoch:  new(1),
				Status:     "finished",
			},
		},
		{
			name: "without a finished one the latest with an epoch",
			runs: []trained{
				{experiment: "a", seed: 1, status: store.Failed, accuracies: []float64{0.75}},
				{experiment: "a", seed: 1, status: store.Diverged, accuracies: []float64{0.25}},
				{experiment: "a", seed: 1, status: store.Running},
			},
			want: "a 1",
			row: &Standing{
				Accuracy: Accuracy{Seeds: 1, ValAccuracy: new(0.25), ValAccuracyLow: new(0.2242), ValAccuracyHigh: new(0.2778),
					Interval: stats.WilsonInterval, MoreSeeds: new(0)},
				Time:      Time{SecondsPerEpoch: new(2.0)},
				Pareto:    true,
				BestEpoch: new(1),
				Status:    "diverged",
			},
		},
		{
			name: "what has no epoch comes last, and the worst status counts",
			runs: []trained{
				{experiment: "b", status: store.Failed},
				{experiment: "c", status: store.Running},
				{experiment: "a", seed: 1, accuracies: []float64{0.001}},
				{experiment: "a", seed: 2, status: store.Interrupted},
			},
			want: "a 1 b 2= c 2=",
			row: &Standing{
				Accuracy: Accuracy{Seeds: 1, ValAccuracy: new(0.001), ValAccuracyLow: new(0.0002), ValAccuracyHigh: new(0.0056),
					Interval: stats.WilsonInterval, MoreSeeds: new(0)},
				Time:      Time{SecondsPerEpoch: new(2.0)},
				Pareto:    true,
				BestEpoch: new(1),
				Status:    "interrupted",
			},
		},
		{
			name: "what is not separated shares a rank, each dataset by itself",
			runs: []trained{
				{experiment: "a", accuracies: []float64{0.9}},
				{experiment: "b", accuracies: []float64{0.895}},
				{experiment: "c", accuracies: []float64{0.5}},
				{experiment: "z", accuracies: []float64{0.1}, dataset: "other"},
			},
			want: "a 1= b 1= c 3 z 1",
		},
		{
			name: "one mode",
			runs: []trained{{experiment: "a", accuracies: []float64{0.9}},
				{experiment: "b", accuracies: []float64{0.1}, mode: "single-batch"}},
			o:    Options{Filter: store.Filter{Mode: "single-batch"}},
			want: "b 1",
		},
		{
			name: "one name with other content stands twice, and another name with the same does not",
			runs: []trained{
				{experiment: "a", config: "x: 1", seed: 1, accuracies: []float64{0.25}},
				{experiment: "a", config: "x: 2", seed: 1, accuracies: []float64{0.75}},
				{experiment: "renamed", config: "x: 1", seed: 2, accuracies: []float64{0.25}},
			},
			want: "a 1 renamed 2",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := board(t, openStore(t, tc.runs...), tc.o)
			if got := names(b); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
			if tc.row == nil {
				return
			}
			got := b.Standings[0]
			only := cmpopts.IgnoreFields(Standing{}, "Rank", "Tied", "Configuration", "Experiment", "Mode", "Dataset",
				"MultiplyAdds", "Curve", "Runs", "Group")
			if diff := cmp.Diff(*tc.row, got, only, cmpopts.IgnoreUnexported(Standing{}),
				cmpopts.EquateApprox(0, 5e-5)); diff != "" {
				t.Errorf("(-want +got) %s", diff)
			}
		})
	}
}

// sweepOf is a sweep over two settings and two networks.
func sweepOf(t *testing.T) *store.Store {
	net := func(name, layers, rate string, batch int, accuracy float64, multiplyAdds int64) trained {
		return trained{
			experiment: name, accuracies: []float64{accuracy / 2, accuracy}, multiplyAdds: multiplyAdds,
			parameters: 10 * multiplyAdds,
			config: fmt.Sprintf("layers: [%s]\noptimizer: {adam: {learning_rate: %s}}\nbatch_size: %d\nepochs: 2", layers,
				rate, batch),
		}
	}
	return openStore(t,
		net("small", "{dense: {units: 10}}", "0.001", 64, 0.5, 10),
		net("fast", "{dense: {units: 10}}", "0.01", 64, 0.6, 10),
		net("large", "{conv2d: {filters: 8}}, {conv2d: {filters: 9}}, {dense: {units: 10}}", "0.001", 128, 0.8, 1000),
		net("waste", "{conv2d: {filters: 4}}, {dense: {units: 10}}", "0.01", 128, 0.3, 2000),
	)
}

func TestCompareBySettings(t *testing.T) {
	st := sweepOf(t)
	for _, tc := range []struct {
		where string
		o     Options
		want  string // experiments in order
	}{
		{"", Options{}, "large fast small waste"},
		{"val_accuracy >= 50% and optimizer.adam.learning_rate < 0.005", Options{}, "large small"},
		{"optimizer = adam and not layers[0] = dense", Options{}, "large waste"},
		{"layers ~ '2 conv2d*' or experiment = small", Options{}, "large small"},
		{"batch_size = 1", Options{}, ""},
		{"", Options{Sort: "parameters"}, "fast small large waste"},
		{"", Options{Sort: "multiply_adds", Limit: 3}, "fast small large"},
		{"", Options{Sort: "experiment"}, "fast large small waste"},
		{"", Options{Sort: "val_accuracy"}, "large fast small waste"},
		{"", Options{Sort: "seconds_to_target", Target: 0.4}, "large fast small waste"},
		{"", Options{Group: []string{"batch_size"}}, "large fast"},
		{"", Options{Group: []string{"batch_size", "optimizer.adam.learning_rate"}}, "large fast small waste"},
		{"", Options{Group: []string{"optimizer"}}, "large"},
	} {
		if tc.where != "" {
			var err error
			if tc.o.Where, err = where.Parse(tc.where); err != nil {
				t.Fatal(err)
			}
		}
		b := board(t, st, tc.o)
		var got []string
		for _, row := range b.Standings {
			got = append(got, row.Experiment)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%q %+v: %v, want %s", tc.where, tc.o, got, tc.want)
		}
		if tc.o.Limit > 0 && b.More != 1 || tc.o.Limit == 0 && b.More != 0 {
			t.Errorf("%+v: %d more", tc.o, b.More)
		}
		if tc.where == "batch_size = 1" && b.Filtered != 4 {
			t.Errorf("%d were left out, want 4", b.Filtered)
		}
	}

	// Settings in which rows differ are shown, layers in short where their kinds differ.
	b := board(t, st, Options{})
	if want := []string{"layers", "optimizer.adam.learning_rate", "batch_size"}; !slices.Equal(b.Settings, want) {
		t.Errorf("settings %v, want %v", b.Settings, want)
	}
	want := map[string]string{"layers": "2 conv2d, dense", "optimizer.adam.learning_rate": "0.001", "batch_size": "128"}
	if diff := cmp.Diff(want, b.Standings[0].Configuration); diff != "" {
		t.Errorf("configuration (-want +got) %s", diff)
	}
	only, err := where.Parse("experiment = small or experiment = fast")
	if err != nil {
		t.Fatal(err)
	}
	if b := board(t, st, Options{Where: only}); !slices.Equal(b.Settings, []string{"optimizer.adam.learning_rate"}) {
		t.Errorf("settings %v of two that differ in their rate alone", b.Settings)
	}
	b = board(t, st, Options{Columns: []string{"val_accuracy", "epochs", "curve"}, Group: []string{"optimizer"}})
	if want := []string{"optimizer", "epochs"}; !slices.Equal(b.Settings, want) || b.Standings[0].BestOf != 4 {
		t.Errorf("settings %v, the best of %d; want %v, the best of 4", b.Settings, b.Standings[0].BestOf, want)
	}
	// 4 seconds to 0.4 for who is above it in epoch 2 alone, 2 for who is so in epoch 1.
	var seconds []float64
	for _, row := range board(t, st, Options{Target: 0.4}).Standings {
		if row.SecondsToTarget == nil {
			seconds = append(seconds, 0)
		} else {
			seconds = append(seconds, *row.SecondsToTarget)
		}
	}
	if want := []float64{2, 4, 4, 0}; !slices.Equal(seconds, want) {
		t.Errorf("seconds to 0.4: %v, want %v", seconds, want)
	}

	ask := func(o Options) error {
		_, err := compare(t, st, o)
		return err
	}
	unknown, err := where.Parse("batchsize = 64")
	if err != nil {
		t.Fatal(err)
	}
	var wrong *where.Error
	if err := ask(Options{Sort: "rank", Where: unknown}); !errors.As(err, &wrong) ||
		!strings.Contains(err.Error(), "batch_size") {
		t.Errorf("an unknown key: %v", err)
	}
	for _, o := range []Options{{Sort: "rank", Columns: []string{"beauty"}}, {Sort: "rank", Group: []string{"beauty"}}} {
		var key *UnknownKeyError
		if err := ask(o); !errors.As(err, &key) || key.Key != "beauty" {
			t.Errorf("%+v: %v", o, err)
		}
	}
	// What only rows beyond the limit have is known all the same.
	if err := ask(Options{Sort: "rank", Limit: 1, Columns: []string{"layers[1].dense.units"}}); err != nil {
		t.Error(err)
	}
	// Where nothing is left, no key can be known.
	if err := ask(Options{Sort: "rank", Where: unknown, Filter: store.Filter{Mode: "single-batch"}}); err != nil {
		t.Errorf("a filter of nothing: %v", err)
	}
	if err := ask(Options{Sort: "beauty"}); err == nil || !strings.Contains(err.Error(), "expected one of rank, ") {
		t.Errorf("an unknown order: %v", err)
	}
}

// Rows on different bytes of a dataset are not compared, and say so; those of a dataset that is the same
// everywhere do not.
func TestOtherBytes(t *testing.T) {
	st := openStore(t,
		trained{experiment: "a", accuracies: []float64{0.9}, fingerprint: "0123456789"},
		trained{experiment: "a", accuracies: []float64{0.1}, fingerprint: "abcdef0123"},
		trained{experiment: "b", accuracies: []float64{0.2}, fingerprint: "abcdef0123"},
		trained{experiment: "c", accuracies: []float64{0.3}, dataset: "e", fingerprint: "ee"},
	)
	b := board(t, st, Options{})
	var got []string
	for _, row := range b.Standings {
		got = append(got, fmt.Sprint(row.Data(), ": ", row.Rank, " ", row.Experiment, row.Pareto))
	}
	want := []string{"d 01234567: 1 atrue", "d abcdef01: 1 btrue", "d abcdef01: 2 afalse", "e: 1 ctrue"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got) %s", diff)
	}
	if len(b.Tests) != 3 || b.Tests[1].Dataset != "d abcdef01" {
		t.Errorf("tests %+v", b.Tests)
	}
}

// Uses of the test split are those of the rows, and a note says so where they matter.
func TestTestLooks(t *testing.T) {
	st := openStore(t,
		trained{experiment: "a", accuracies: []float64{0.5}, test: 0.25, looks: 2},
		trained{experiment: "b", accuracies: []float64{0.25}, test: 0.75, looks: 1},
		trained{experiment: "c", accuracies: []float64{0.125}},
	)
	b := board(t, st, Options{Sort: "test_accuracy"})
	if got := names(b); got != "b 2 a 1 c 3" || !b.SortedByTest || b.TestUses != 3 {
		t.Errorf("%s, sorted by test %t, %d looks; want b, a, c and 3", got, b.SortedByTest, b.TestUses)
	}
	if b := board(t, st, Options{}); b.SortedByTest {
		t.Error("sorted by test without being asked to")
	}
}

// The order of seeds changes no mean, not even in its last bit: what has equal accuracies is equal.
func TestOrderOfSeeds(t *testing.T) {
	var runs []trained
	for i, accuracies := range [][]float64{{0.1, 0.2, 0.3}, {0.3, 0.2, 0.1}, {0.2, 0.3, 0.1}} {
		for seed, accuracy := range accuracies {
			for _, mode := range []string{"full", "single-batch"} {
				runs = append(runs, trained{experiment: string(rune('a' + i)), mode: mode, seed: int64(seed),
					accuracies: []float64{accuracy}})
			}
		}
	}
	st := openStore(t, runs...)
	for _, row := range board(t, st, Options{}).Standings {
		if !row.Pareto {
			t.Errorf("%s in mode %s is not at the Pareto frontier, with a mean of %v", row.Experiment, row.Mode,
				*row.ValAccuracy)
		}
	}
	proxy, err := compareModes(t, st, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range proxy.Pairs {
		if p.FullRank != 1 || p.SingleRank != 1 {
			t.Errorf("%s ranks %d in full mode and %d in single-batch mode, expected 1 and 1", p.Experiment, p.FullRank,
				p.SingleRank)
		}
	}
}

// Pareto marks are those of the definition: nobody is better in one and as good in the other.
func TestParetoProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "rows")
		var groups []store.Group
		for i := range n {
			g := store.Group{
				ID: fmt.Sprint(i), Dataset: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "dataset"),
				MultiplyAdds: rapid.Int64Range(1, 5).Draw(t, "cost"),
				Runs:         []store.GroupRun{{Number: int64(i), Status: store.Finished}},
			}
			if rapid.IntRange(0, 5).Draw(t, "epoch") > 0 {
				g.Runs[0].Logged, g.Runs[0].BestValAccuracy = 1, float64(rapid.IntRange(0, 4).Draw(t, "accuracy"))/4
			}
			groups = append(groups, g)
		}
		rows := make([]*Standing, len(groups))
		for i, g := range groups {
			rows[i] = newStanding(g, false)
		}
		markPareto(rows)
		for _, row := range rows {
			want := row.ValAccuracy != nil
			for _, other := range rows {
				if other.Dataset == row.Dataset && other.ValAccuracy != nil && row.ValAccuracy != nil &&
					*other.ValAccuracy >= *row.ValAccuracy && other.MultiplyAdds <= row.MultiplyAdds &&
					(*other.ValAccuracy > *row.ValAccuracy || other.MultiplyAdds < row.MultiplyAdds) {
					want = false
				}
			}
			if row.Pareto != want {
				t.Fatalf("row of accuracy %v and cost %d is marked %t", row.ValAccuracy, row.MultiplyAdds, row.Pareto)
			}
		}
	})
}

// Stores of all released versions are compared, with what is known of their dataset: 1,000 validation examples.
func TestCompareOlderVersions(t *testing.T) {
	for _, version := range []string{"version1", "version2", "version3", "version5", "version6"} {
		dir := filepath.Join(t.TempDir(), version)
		if err := os.CopyFS(dir, os.DirFS(filepath.Join("../../store/testdata", version))); err != nil {
			t.Fatal(err)
		}
		st, err := store.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		b := board(t, st, Options{Columns: []string{"optimizer"}})
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if got := names(b); got != "tiny 1= stopped 1= killed 3" {
			t.Errorf("%s: %s", version, got)
		}
		if len(b.Tests) != 1 || b.Tests[0].Trials != 1000 || b.Standings[0].Interval != stats.WilsonInterval {
			t.Errorf("%s: %+v", version, b)
		}
	}
}

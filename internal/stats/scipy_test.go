package stats

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// vectors are SciPy's results; testdata/scipy/README.md describes the cases.
type vectors struct {
	MeanInterval []struct {
		Values     []float64
		Confidence float64
		Interval
	} `json:"mean_interval"`
	Quantile []struct{ Tail, DF, T float64 }
	Wilson   []struct {
		K, N       int
		Confidence float64
		Interval
	}
	Pooled []struct {
		Groups   [][]float64
		Variance float64
		TTest
	}
	Welch []struct {
		A, B []float64
		TTest
	}
	Bartlett []struct {
		Groups       [][]float64
		Statistic, P float64
	}
	Holm    []struct{ P, Adjusted []float64 }
	McNemar []struct {
		B, C int
		P    float64
	}
	Kendall []struct {
		Points     [][2]float64
		Confidence float64
		Tau        float64
		Low, High  *float64
	}
	Proportions []struct {
		P, Q   float64
		N      int
		PValue float64 `json:"p_value"`
	}
}

func load(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("../../testdata/scipy/stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// same asks for 1e-9 of the expected number, and for 1e-15 where that is 0.
func same(t *testing.T, set string, i int, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)+1e-15*boolean(want == 0)) {
		t.Errorf("%s[%d]: %s is %v, SciPy has %v", set, i, what, got, want)
	}
}

func boolean(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func sameInterval(t *testing.T, set string, i int, got, want Interval) {
	t.Helper()
	same(t, set, i, "low", got.Low, want.Low)
	same(t, set, i, "high", got.High, want.High)
}

func sameTest(t *testing.T, set string, i int, got, want TTest) {
	t.Helper()
	same(t, set, i, "t", got.T, want.T)
	same(t, set, i, "df", got.DF, want.DF)
	same(t, set, i, "p", got.P, want.P)
}

func describeAll(groups [][]float64) []Sample {
	samples := make([]Sample, len(groups))
	for i, g := range groups {
		samples[i] = Describe(g)
	}
	return samples
}

func TestSciPyIntervals(t *testing.T) {
	v := load(t)
	for i, c := range v.MeanInterval {
		sameInterval(t, "mean_interval", i, MeanInterval(Describe(c.Values), c.Confidence), c.Interval)
	}
	for i, c := range v.Quantile {
		same(t, "quantile", i, "t", tQuantile(c.Tail, c.DF), c.T)
	}
	for i, c := range v.Wilson {
		sameInterval(t, "wilson", i, Wilson(c.K, c.N, c.Confidence), c.Interval)
	}
}

func TestSciPyMeans(t *testing.T) {
	v := load(t)
	for i, c := range v.Pooled {
		samples := describeAll(c.Groups)
		variance, df := Pooled(samples)
		same(t, "pooled", i, "variance", variance, c.Variance)
		sameTest(t, "pooled", i, PooledT(samples[0], samples[1], variance, df), c.TTest)
	}
	for i, c := range v.Welch {
		sameTest(t, "welch", i, Welch(Describe(c.A), Describe(c.B)), c.TTest)
	}
	for i, c := range v.Bartlett {
		statistic, p := Bartlett(describeAll(c.Groups))
		same(t, "bartlett", i, "statistic", statistic, c.Statistic)
		same(t, "bartlett", i, "p", p, c.P)
	}
}

func TestSciPyCounts(t *testing.T) {
	v := load(t)
	for i, c := range v.McNemar {
		same(t, "mcnemar", i, "p", McNemar(c.B, c.C), c.P)
	}
	for i, c := range v.Proportions {
		same(t, "proportions", i, "p", Proportions(c.P, c.Q, c.N), c.PValue)
	}
	for i, c := range v.Holm {
		for k, got := range Holm(c.P) {
			same(t, "holm", i, "adjusted p", got, c.Adjusted[k])
		}
	}
}

func TestSciPyKendall(t *testing.T) {
	for i, c := range load(t).Kendall {
		got := Kendall(c.Points, c.Confidence)
		same(t, "kendall", i, "tau", got.Tau, c.Tau)
		switch {
		case (got.Interval == nil) != (c.Low == nil):
			t.Errorf("kendall[%d]: tau %v of %d points has the interval %v", i, got.Tau, len(c.Points), got.Interval)
		case c.Low != nil:
			sameInterval(t, "kendall", i, *got.Interval, Interval{*c.Low, *c.High})
		}
	}
}

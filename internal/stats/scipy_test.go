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
		Groups             [][]float64
		Variance, T, DF, P float64
	}
	Welch []struct {
		A, B     []float64
		T, DF, P float64
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

// sameTest holds the test of the first two samples of a comparison to its t, degrees of freedom and p value.
func sameTest(t *testing.T, set string, i int, c *Comparison, statistic, df, p float64) {
	t.Helper()
	se, gotDF := c.difference(0, 1, 0)
	got, gotP := tTest(c.samples[0].Mean-c.samples[1].Mean, se, gotDF)
	same(t, set, i, "t", got, statistic)
	same(t, set, i, "df", gotDF, df)
	same(t, set, i, "p", gotP, p)
	same(t, set, i, "p of the comparison", c.pValue(0, 1), p)
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
		sameInterval(t, "mean_interval", i, student(Describe(c.Values), &table{tail: (1 - c.Confidence) / 2}), c.Interval)
	}
	for i, c := range v.Quantile {
		same(t, "quantile", i, "t", tQuantile(c.Tail, c.DF), c.T)
	}
	for i, c := range v.Wilson {
		sameInterval(t, "wilson", i, proportion(float64(c.K)/float64(c.N), c.N, (1-c.Confidence)/2), c.Interval)
	}
}

func TestSciPyMeans(t *testing.T) {
	v := load(t)
	for i, c := range v.Pooled {
		got := &Comparison{Test: Test{Name: PooledTest}, samples: describeAll(c.Groups)}
		got.variance, got.Test.DF = Pooled(got.samples)
		same(t, "pooled", i, "variance", got.variance, c.Variance)
		sameTest(t, "pooled", i, got, c.T, c.DF, c.P)
	}
	for i, c := range v.Welch {
		got := &Comparison{Test: Test{Name: WelchTest}, samples: describeAll([][]float64{c.A, c.B})}
		sameTest(t, "welch", i, got, c.T, c.DF, c.P)
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

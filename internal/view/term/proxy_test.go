package term

import (
	"testing"

	"runner/internal/standing"
	"runner/internal/stats"
)

// The note says as much of a correlation as is known.
func TestProxyNote(t *testing.T) {
	for _, c := range []struct {
		pairs       int
		correlation *stats.Correlation
		want        string
	}{
		{1, nil, "No rank correlation: it takes two experiments that differ in both modes."},
		{4, &stats.Correlation{Tau: 0.5},
			"Kendall's tau between the modes: 0.50, over 4 experiments: too few for an interval."},
		{2, &stats.Correlation{Tau: 1},
			"Kendall's tau between the modes: 1.00, over 2 experiments: too few for an interval."},
		{9, &stats.Correlation{Tau: -1},
			"Kendall's tau between the modes: -1.00, over 9 experiments: there is no interval at 1 and -1."},
		{9, &stats.Correlation{Tau: 0.5, Interval: &stats.Interval{Low: 0.2, High: 0.8}},
			"Kendall's tau between the modes: 0.50, 95% interval 0.20 to 0.80, over 9 experiments (1: single-batch training " +
				"orders them as full training does; 0: it says nothing)."},
	} {
		got := proxyNote(standing.Proxy{Pairs: make([]standing.Pair, c.pairs), Correlation: c.correlation})
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

package words

import (
	"math"
	"testing"
	"time"
)

func TestRelative(t *testing.T) {
	for _, c := range []struct {
		from, to int64
		want     string
	}{
		{5, 5, ""}, {0, 7, ""}, {100, 112, "+12%"}, {100, 95, "-5%"}, {1000, 1001, "+0.1%"}, {100, 149, "+49%"},
		{100, 150, "x1.5"},
		{100, 180, "x1.8"}, {100, 1234, "x12"}, {1, 99, "x99"}, {1, 12_345, "x12.3k"}, {100, 10, "-90%"}, {100, 4, "x0.04"},
		{3, 0, "x0"},
	} {
		if got := Relative(c.from, c.to); got != c.want {
			t.Errorf("relative(%d, %d) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestProbability(t *testing.T) {
	for p, want := range map[float64]string{1: "1", 0.0456: "0.046", 0.00123: "0.0012", 9.9e-5: "<0.0001", 0: "<0.0001"} {
		if got := Probability(p); got != want {
			t.Errorf("probability(%v) = %q, want %q", p, got, want)
		}
	}
}

func TestHuman(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1k", 1234: "1.23k", 646_346: "646k", 999_499: "999k", 999_500: "1M",
		4_700_000: "4.7M", 4_745_472: "4.75M", 38_012_345: "38M", 1_234_567_890: "1.23G", math.MaxInt64: "9.22E",
		-1500: "-1.5k",
	} {
		if got := Human(n); got != want {
			t.Errorf("human(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1_204_224: "1,204,224", -12_345: "-12,345",
		math.MinInt64: "-9,223,372,036,854,775,808"} {
		if got := Grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestFigures(t *testing.T) {
	now := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Percent(0.5694), "56.94%"}, {Percent(1), "100.00%"}, {Percent(math.NaN()), "-"}, {PercentOrNone(nil), "-"},
		{Loss(2.30259), "2.3026"}, {Loss(0), "0.0000"}, {Loss(123.456), "123.5"}, {Loss(1.26e9), "1e+09"},
		{Loss(9999.94), "9999.9"},
		{Loss(math.NaN()), "NaN"}, {Loss(math.Inf(1)), "Inf"}, {Loss(math.Inf(-1)), "-Inf"},
		{Rate(0.001), "0.001"}, {Rate(3e-4), "0.0003"}, {Rate(1e-5), "1e-05"},
		{Roughly(0.0001), "0.001 s"}, {Roughly(0.0894), "0.089 s"}, {Roughly(1.44), "1.4 s"}, {Roughly(99.4), "99 s"},
		{Roughly(99.6), "1m39s"}, {Roughly(1e12), Duration(1e9 * time.Second)},
		{Seconds(0.034), "0.03s"}, {Seconds(9.999), "10.00s"}, {Seconds(12.34), "12.3s"}, {Seconds(125), "2m05s"},
		{Duration(0), "0s"}, {Duration(-time.Hour), "0s"}, {Duration(59*time.Second + 999*time.Millisecond), "59s"},
		{Duration(3*time.Hour + 20*time.Minute), "3h20m"}, {Duration(50 * time.Hour), "2d02h"},
		{When(now, now), "just now"}, {When(now.Add(-61*time.Second), now), "1m ago"},
		{When(now.Add(-5*time.Hour), now), "5h ago"},
		{When(now.Add(-49*time.Hour), now), "2d ago"}, {When(now.AddDate(-1, 0, 0), now), "2025-03-14"},
		{When(now.AddDate(0, 0, 1), now), "2026-03-15"}, {When(time.Time{}, now), "-"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

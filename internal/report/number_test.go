package report

import (
	"math"
	"testing"
	"time"
)

func TestHuman(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1k", 1234: "1.23k", 646_346: "646k", 999_499: "999k", 999_500: "1M",
		4_700_000: "4.7M", 4_745_472: "4.75M", 38_012_345: "38M", 1_234_567_890: "1.23G", math.MaxInt64: "9.22E", -1500: "-1.5k",
	} {
		if got := human(n); got != want {
			t.Errorf("human(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1_204_224: "1,204,224", -12_345: "-12,345", math.MinInt64: "-9,223,372,036,854,775,808"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestFigures(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{percent(0.5694), "56.94%"}, {percent(1), "100.00%"}, {percent(math.NaN()), "-"}, {percentOrNone(nil), "-"},
		{loss(2.30259), "2.3026"}, {loss(0), "0.0000"}, {loss(123.456), "123.5"}, {loss(1.26e9), "1e+09"}, {loss(9999.94), "9999.9"},
		{loss(math.NaN()), "NaN"}, {loss(math.Inf(1)), "Inf"}, {loss(math.Inf(-1)), "-Inf"},
		{rate(0.001), "0.001"}, {rate(3e-4), "0.0003"}, {rate(1e-5), "1e-05"},
		{roughly(0.0001), "0.001 s"}, {roughly(0.0894), "0.089 s"}, {roughly(1.44), "1.4 s"}, {roughly(99.4), "99 s"}, {roughly(99.6), "1m39s"}, {roughly(1e12), duration(1e9 * time.Second)},
		{seconds(0.034), "0.03s"}, {seconds(9.999), "10.00s"}, {seconds(12.34), "12.3s"}, {seconds(125), "2m05s"},
		{duration(0), "0s"}, {duration(-time.Hour), "0s"}, {duration(59*time.Second + 999*time.Millisecond), "59s"},
		{duration(3*time.Hour + 20*time.Minute), "3h20m"}, {duration(50 * time.Hour), "2d02h"},
		{when(now, now), "just now"}, {when(now.Add(-61*time.Second), now), "1m ago"}, {when(now.Add(-5*time.Hour), now), "5h ago"},
		{when(now.Add(-49*time.Hour), now), "2d ago"}, {when(now.AddDate(-1, 0, 0), now), "2025-03-14"},
		{when(now.AddDate(0, 0, 1), now), "2026-03-15"}, {when(time.Time{}, now), "-"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

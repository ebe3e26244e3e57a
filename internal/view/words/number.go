package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"runner/internal/stats"
)

// About writes an estimate of seconds.
func About(seconds float64) string {
	if seconds < 1 {
		return "1s" // nobody plans for less
	}
	return Duration(time.Duration(seconds * float64(time.Second)))
}

// Megabytes writes a number of bytes.
func Megabytes(bytes float64) string {
	if bytes < 1e9 {
		return fmt.Sprintf("%.0f MB", bytes/1e6)
	}
	return fmt.Sprintf("%.1f GB", bytes/1e9)
}

// HalfWidth is " ± " and half the width of a 95% interval in percent, marked ° if it is of one seed; empty without an
// interval.
func HalfWidth(mean, low, high *float64, kind string) string {
	if mean == nil || low == nil || high == nil {
		return ""
	}
	half := fmt.Sprintf(" ± %.2f", 100*max(*high-*mean, *mean-*low))
	if kind == stats.WilsonInterval {
		half += "°"
	}
	return half
}

// None is written for a number that does not exist (yet).
const None = "-"

// Human writes a count with three significant digits: 646k, 4.75M.
func Human(n int64) string {
	if n > -1000 && n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	value := float64(n)
	for _, unit := range []string{"k", "M", "G", "T", "P", "E"} {
		value /= 1000
		// 999.5 is where three digits round up to the next unit.
		if math.Abs(value) < 999.5 || unit == "E" {
			return strconv.FormatFloat(value, 'g', 3, 64) + unit
		}
	}
	return strconv.FormatInt(n, 10)
}

// Grouped writes a count exactly, with commas between thousands.
func Grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// Percent writes a fraction as a percentage with two decimals.
func Percent(fraction float64) string {
	if !Finite(fraction) {
		return None
	}
	return fmt.Sprintf("%.2f%%", 100*fraction)
}

// PercentOrNone is Percent of a fraction that may be missing.
func PercentOrNone(fraction *float64) string {
	if fraction == nil {
		return None
	}
	return Percent(*fraction)
}

// Loss writes a loss in a few characters, however large it is.
func Loss(x float64) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 0):
		return strings.TrimPrefix(fmt.Sprint(x), "+")
	case math.Abs(x) < 100:
		return fmt.Sprintf("%.4f", x)
	case math.Abs(x) < 1e4:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0e", x)
}

// Relative writes how a count differs from another, as +12% or x1.8; empty if they are equal or the other is 0.
func Relative(from, to int64) string {
	ratio := float64(to) / float64(from)
	switch {
	case from == to || from == 0:
		return ""
	case ratio >= 99.5:
		return "x" + Human(int64(math.Round(ratio)))
	case ratio >= 1.5 || ratio < 0.1:
		return "x" + strconv.FormatFloat(ratio, 'g', 2, 64)
	}
	percentage := 100 * (ratio - 1)
	if math.Abs(percentage) < 10 {
		return fmt.Sprintf("%+.2g%%", percentage)
	}
	return fmt.Sprintf("%+.0f%%", percentage)
}

// Probability writes a p value with two significant digits.
func Probability(p float64) string {
	if p < 1e-4 {
		return "<0.0001"
	}
	return strconv.FormatFloat(p, 'g', 2, 64)
}

// Rate writes a learning rate with up to four significant digits.
func Rate(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// Seconds writes a time in seconds, readable from milliseconds to hours.
func Seconds(x float64) string {
	switch {
	case !Finite(x):
		return None
	case x < 10:
		return fmt.Sprintf("%.2fs", x)
	case x < 100:
		return fmt.Sprintf("%.1fs", x)
	}
	return Duration(time.Duration(min(x, 1e9) * float64(time.Second)))
}

// Roughly writes an estimate of seconds with two significant digits.
func Roughly(x float64) string {
	if x < 99.5 {
		return strconv.FormatFloat(max(x, 0.001), 'g', 2, 64) + " s"
	}
	return Duration(time.Duration(min(x, 1e9) * float64(time.Second)))
}

// Duration writes a span of time with its two largest units: 2m05s, 3h20m.
func Duration(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd%02dh", int(d.Hours())/24, int(d.Hours())%24)
}

// When writes how long ago a moment was, or its day after a week.
func When(t, now time.Time) string {
	if t.IsZero() {
		return None
	}
	switch d := now.Sub(t); {
	case d < -time.Minute, d >= 7*24*time.Hour:
		return t.In(now.Location()).Format(time.DateOnly)
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%dm ago", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh ago", int(d.Hours()))
	default:
		return fmt.Sprintf("%dd ago", int(d.Hours())/24)
	}
}

func Finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Count is "1 run", "2 runs".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

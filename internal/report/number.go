package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// none stands for a figure that does not exist (yet).
const none = "-"

// human writes a count with three significant digits: 646k, 4.75M.
func human(n int64) string {
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

// grouped writes a count exactly, with commas between thousands.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), ",")
}

// percent writes a fraction as a percentage with two decimals.
func percent(fraction float64) string {
	if !finite(fraction) {
		return none
	}
	return fmt.Sprintf("%.2f%%", 100*fraction)
}

// percentOrNone is percent of a fraction that may be missing.
func percentOrNone(fraction *float64) string {
	if fraction == nil {
		return none
	}
	return percent(*fraction)
}

// loss writes a loss in a few characters, however large it has become.
func loss(x float64) string {
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

// relative writes a count beside another as a person says it: +12%, x1.8, or
// nothing where they are equal or there is nothing to begin from.
func relative(from, to int64) string {
	ratio := float64(to) / float64(from)
	switch {
	case from == to || from == 0:
		return ""
	case ratio >= 99.5:
		return "x" + human(int64(math.Round(ratio)))
	case ratio >= 1.5 || ratio < 0.1:
		return "x" + strconv.FormatFloat(ratio, 'g', 2, 64)
	}
	percentage := 100 * (ratio - 1)
	if math.Abs(percentage) < 10 {
		return fmt.Sprintf("%+.2g%%", percentage)
	}
	return fmt.Sprintf("%+.0f%%", percentage)
}

// probability writes a p value with two significant digits.
func probability(p float64) string {
	if p < 1e-4 {
		return "<0.0001"
	}
	return strconv.FormatFloat(p, 'g', 2, 64)
}

// rate writes a learning rate with up to four significant digits.
func rate(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// seconds writes a time in seconds with a figure that stays readable from
// milliseconds to hours.
func seconds(x float64) string {
	switch {
	case !finite(x):
		return none
	case x < 10:
		return fmt.Sprintf("%.2fs", x)
	case x < 100:
		return fmt.Sprintf("%.1fs", x)
	}
	return duration(time.Duration(min(x, 1e9) * float64(time.Second)))
}

// roughly writes an estimate of seconds with two significant digits.
func roughly(x float64) string {
	if x < 99.5 {
		return strconv.FormatFloat(max(x, 0.001), 'g', 2, 64) + " s"
	}
	return duration(time.Duration(min(x, 1e9) * float64(time.Second)))
}

// duration writes a span of time with its two largest units: 2m05s, 3h20m.
func duration(d time.Duration) string {
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

// when writes a moment as people say it: within a week how long ago, else the day.
func when(t, now time.Time) string {
	if t.IsZero() {
		return none
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

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

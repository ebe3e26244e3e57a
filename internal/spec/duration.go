package spec

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// Duration is a time span, written "60s", "1m30s" or "500ms".
type Duration time.Duration

const (
	shortestDuration = Duration(time.Millisecond)
	longestDuration  = Duration(24 * time.Hour)
)

// DecodeNode reads text as [time.ParseDuration] does.
func (d *Duration) DecodeNode(n Node, where string) Faults {
	if got, ok := parseDuration(n.String); ok && n.Kind == String {
		*d = got
		return nil
	}
	hint, seconds := "", n.written()+"s"
	if _, ok := parseDuration(seconds); ok {
		hint = ": write " + short(seconds) + " if seconds are meant"
	}
	return n.Pos.fault(where, "expected a time from %v to %v, such as 60s, 1m30s or 500ms, got %s%s",
		shortestDuration, longestDuration, n.Describe(), hint)
}

func parseDuration(text string) (d Duration, ok bool) {
	parsed, err := time.ParseDuration(text)
	d = Duration(parsed)
	return d, err == nil && d >= shortestDuration && d <= longestDuration
}

// String is the shortest form: 60s is 1m, not 1m0s.
func (d Duration) String() string {
	text := time.Duration(d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Node is the shortest form.
func (d Duration) Node() Node { return Node{Kind: String, String: d.String()} }

// MarshalJSON writes seconds, for the schema's default.
func (d Duration) MarshalJSON() ([]byte, error) {
	return json.Marshal(strconv.FormatFloat(time.Duration(d).Seconds(), 'f', -1, 64) + "s")
}

// JSONSchema describes the text but for its bounds.
func (Duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type:    "string",
		Pattern: `^\+?(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$`,
	}
}

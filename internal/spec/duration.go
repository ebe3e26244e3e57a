package spec

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// duration is a time span, written "60s", "1m30s" or "500ms".
type duration time.Duration

const (
	shortestDuration = duration(time.Millisecond)
	longestDuration  = duration(24 * time.Hour)
)

// DecodeNode reads text as [time.ParseDuration] does.
func (d *duration) DecodeNode(n Node, where string) Faults {
	fault := func(message string) Faults { return Faults{{n.Pos, where + ": " + message}} }
	const expected = `expected a time such as 60s, 1m30s or 500ms, got `
	if n.Kind == Int {
		return fault(expected + describe(n) + ": write " + n.written() + "s if seconds are meant")
	}
	if n.Kind != String {
		return fault(expected + describe(n))
	}
	parsed, err := time.ParseDuration(n.String)
	if err != nil {
		return fault(expected + describe(n))
	}
	if got := duration(parsed); got < shortestDuration || got > longestDuration {
		return fault(fmt.Sprintf("must be at least %v and at most %v, got %v", shortestDuration, longestDuration, got))
	}
	*d = duration(parsed)
	return nil
}

// String is the shortest form: 60s is 1m, not 1m0s.
func (d duration) String() string {
	text := time.Duration(d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func (d duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// JSONSchema describes the text.
func (duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^([0-9.]+(ms|s|m|h))+$`}
}

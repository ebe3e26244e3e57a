package spec

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestCheckpointEvery(t *testing.T) {
	text := func(line string) []byte {
		return []byte("name: x\ndataset: synthetic\nlayers: [flatten]\n" + line + "\n")
	}
	for _, c := range []struct {
		line string
		want time.Duration
		back string // in the resolved text
	}{
		{"", time.Minute, "1m"},
		{"checkpoint_every: 60s", time.Minute, "1m"},
		{"checkpoint_every: 1m30s", 90 * time.Second, "1m30s"},
		{"checkpoint_every: 2h", 2 * time.Hour, "2h"},
		{"checkpoint_every: 1h0.5s", time.Hour + 500*time.Millisecond, "1h0m0.5s"},
		{"checkpoint_every: 1ms", time.Millisecond, "1ms"},
		{`checkpoint_every: "24h"`, 24 * time.Hour, "24h"},
		{"checkpoint_every: 1500us", 1500 * time.Microsecond, "1.5ms"},
	} {
		e, faults := Parse("x.yaml", text(c.line))
		if len(faults) > 0 || time.Duration(e.CheckpointEvery) != c.want {
			t.Errorf("%q: %v %v, want %v", c.line, e, faults, c.want)
			continue
		}
		plain, _ := Parse("x.yaml", text(""))
		hash, _ := e.Hash(true)
		if want, _ := plain.Hash(true); hash != want {
			t.Errorf("%q is part of the identity", c.line)
		}
		if resolved, err := e.Text(); err != nil || !strings.Contains(string(resolved), "checkpoint_every: "+c.back+"\n") {
			t.Errorf("%q: resolved %v\n%s", c.line, err, resolved)
		}
	}
	for line, want := range map[string]string{
		"checkpoint_every: 60": "x.yaml:4:19: checkpoint_every: expected a time from 1ms to 24h, such as 60s, " +
			"1m30s or 500ms, got the number 60: write 60s if seconds are meant",
		"checkpoint_every: 6.5":      "got the number 6.5: write 6.5s if seconds are meant",
		"checkpoint_every: '60'":     `got the text "60": write 60s if seconds are meant`,
		"checkpoint_every: 0x10":     "or 500ms, got the number 0x10",
		"checkpoint_every: -5":       "or 500ms, got the number -5",
		"checkpoint_every: true":     "or 500ms, got true",
		"checkpoint_every: [1s]":     "got a list",
		"checkpoint_every: soon":     `got the text "soon"`,
		"checkpoint_every: 0s":       `from 1ms to 24h, such as 60s, 1m30s or 500ms, got the text "0s"`,
		"checkpoint_every: -1s":      `got the text "-1s"`,
		"checkpoint_every: 25h":      `got the text "25h"`,
		"checkpoint_every: 9999999h": `got the text "9999999h"`,
	} {
		if _, faults := Parse("x.yaml", text(line)); len(faults) != 1 || !strings.HasSuffix(faults.Error(), want) {
			t.Errorf("%q: %v, want %q", line, faults, want)
		}
	}
}

// An editor that checks with the schema takes the texts that Load takes.
func TestDurationPattern(t *testing.T) {
	pattern := regexp.MustCompile(Duration(0).JSONSchema().Pattern)
	for _, text := range []string{
		"60s", "1m30s", "500ms", "1.5h", ".5s", "5.s", "+5s", "2000us", "2000µs", "2000μs", "2000000ns",
		"", "60", "s", ".s", "1.2.3s", "5 s", "5sec", "1d", "-5s", "5S", "5s ",
	} {
		_, want := parseDuration(text)
		if got := pattern.MatchString(text); got != want {
			t.Errorf("the schema takes %q: %v, Load: %v", text, got, want)
		}
	}
}

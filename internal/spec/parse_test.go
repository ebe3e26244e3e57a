package spec

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What is wrong with the text of a file itself.
func TestParseFaults(t *testing.T) {
	const quoteIt = `; a key with brackets needs quotes inside braces, as in {"layers[1].dense.units": [10, 20]}`
	const tooMany = "a map of more than 1000 keys"
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "x.yaml:1:1: the file is empty"},
		{"only comments", "# nothing\n\n", "x.yaml:1:1: the file is empty"},
		{"zero byte", "name: x\nd\x00",
			"x.yaml:2:2: expected UTF-8 text, got the byte 0x00: name a text file, saved as UTF-8"},
		{"picture", "\x89PNG\r\n\x1a\n\x00",
			"x.yaml:1:1: expected UTF-8 text, got the byte 0x89: name a text file, saved as UTF-8"},
		{"UTF-16", "\xff\xfen\x00", "x.yaml:1:1: expected UTF-8 text, got the byte 0xff: name a text file, saved as UTF-8"},
		{"marked", "\ufeffé\x00", "x.yaml:1:2: expected UTF-8 text, got the byte 0x00: name a text file, saved as UTF-8"},
		{"latin 1", "name: caf\xe9\n",
			"x.yaml:1:10: expected UTF-8 text, got the byte 0xe9: name a text file, saved as UTF-8"},
		{"too large", many("#", ofFile.bytes+1), "x.yaml:1:1: the file is larger than 262144 bytes"},
		{"empty lines", "a: |\n  x\r\n" + many(" \r\n", 101) + "b: 1\n",
			"x.yaml:103:2: more than 100 empty lines in a row: take them out"},
		{"empty lines of another kind", "a: |\n  x" + many("\r", 102),
			"x.yaml:2:105: more than 100 empty lines in a row: take them out"},
		{"tabs", "a: \"" + many("é\t", 101) + "\"", "x.yaml:1:206: more than 100 tabs in a line: write spaces"},
		{"less and less", "a: " + many("<", 101), `x.yaml:1:104: more than 100 "<" in a row: take them out`},
		{"open bracket", "name: [a", "x.yaml:1:7: not valid YAML: sequence end token ']' not found"},
		{"tab", "init:\n\tbias: zeros\n", "x.yaml:2:1: not valid YAML: found character '\t' that cannot start any token"},
		{"two colons", "name: a: b\n", "x.yaml:1:7: not valid YAML: mapping value is not allowed in this context"},
		{"indentation", "a:\n  - b\n c: 1\n", "x.yaml:3:2: not valid YAML: value is not allowed in this context"},
		{"brackets bomb", many("[", 40_000), "x.yaml:1:65: nested more than 64 levels deep"},
		{"braces bomb", "a: " + many("{a: ", 100), "x.yaml:1:260: nested more than 64 levels deep"},
		{"dashes bomb", many("- ", 20_000), "x.yaml:1:131: nested more than 64 levels deep"},
		{"questions bomb", many("? ", 20_000), "x.yaml:1:131: nested more than 64 levels deep"},
		{"indentation bomb", indented(100), "x.yaml:66:66: nested more than 64 levels deep"},
		{"long key", "a:\n  " + many("é", 101) + ": [1]\n", "x.yaml:2:3: the key \"" + many("é", 60) +
			"...\" is longer than 100 characters"},
		{"long key in quotes", "a: {'" + many("k", 101) + "': [1]}\n", "x.yaml:1:5: the key \"" + many("k", 60) +
			"...\" is longer than 100 characters"},
		{"long key asked for", "? |\n  " + many("k", 101) + "\n: [1]\n", "x.yaml:2:3: the key \"" + many("k", 60) +
			"...\" is longer than 100 characters"},
		{"many keys", "a:\n" + many("  b: 1\n", 1001), "x.yaml:1002:3: " + tooMany},
		{"many keys of maps", many("a:\n  b: 1\n", 1001), "x.yaml:2001:1: " + tooMany},
		{"many keys of lists", many("a:\n- b: 1\n", 1001), "x.yaml:2001:1: " + tooMany},
		{"many keys without values", many("a:\n", 1001), "x.yaml:1001:1: " + tooMany},
		{"many keys asked for", many("? a\n", 1001), "x.yaml:1001:1: " + tooMany},
		{"many merge keys", "a: &a {b: 1}\n" + many("<<: *a\n", 1000), "x.yaml:1001:1: " + tooMany},
		{"many keys without commas", "a: [{\n" + many("b: [c, d]\n", 1001) + "}]\n", "x.yaml:1002:1: " + tooMany},
		{"long list", "a: [" + many("1,", 30_000) + "]",
			"x.yaml:1:50002: the file is too long: more than 50000 keys, values and brackets"},
		{"many values", "a: [" + many("1,", 12_000) + "]",
			"x.yaml:1:20001: the file holds more than 10000 values (an alias counts as all that it stands for)"},
		{"alias bomb", aliases("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"),
			"x.yaml:4:45: the file holds more than 10000 values (an alias counts as all that it stands for)"},
		{"alias bomb of text", aliases(`"` + many("x", 10_000) + `"`),
			"x.yaml:3:15: the aliases make the file larger than 262144 bytes"},
		{"alias bomb in depth", "a: &a " + many("[", 40) + many("]", 40) + "\nb: " + many("[", 40) + "*a" +
			many("]", 40), "x.yaml:2:44: nested more than 64 levels deep"},
		{"alias of itself", "a: &a [*a]\n", `x.yaml:1:8: "*a" stands for nothing: no value above is marked "&a"`},
		{"unknown alias", "a: *b\nb: &b 1\n", `x.yaml:1:4: "*b" stands for nothing: no value above is marked "&b"`},
		{"merge of a number", "a: {<<: 3}\n", "x.yaml:1:9: << takes a map or a list of maps, got the number 3"},
		{"merge of numbers", "a: {<<: [{b: 1}, 3]}\n", "x.yaml:1:18: << takes a map or a list of maps, got the number 3"},
		{"duplicate keys", "a: 1\nb: 2\na: 3\n\"b\": 4\n",
			"x.yaml:3:1: the key \"a\" is given twice; the first is in line 1\n" +
				"x.yaml:4:1: the key \"b\" is given twice; the first is in line 2"},
		{"tags", "a: !!float 3\nb: !mine {c: 1}\n",
			"x.yaml:1:4: tags such as \"!!float\" are not used here: write the plain value\n" +
				"x.yaml:2:4: tags such as \"!mine\" are not used here: write the plain value"},
		{"directive", "%YAML 1.2\n---\na: 1\n", "x.yaml:1:1: directives such as %YAML are not used here: leave the line out"},
		{"two documents", "a: 1\n---\nb: 2\n", "x.yaml:3:1: a second document starts here; a file holds one experiment"},
		{"tag on a key", "!!str a: 3\n", "x.yaml:1:1: a key has to be a plain word"},
		{"brackets in a key", "a: {b: 1, layers[1].dense: 2}\n",
			"x.yaml:1:11: not valid YAML: could not find flow map content" + quoteIt},
		{"brackets at a key's end", "a: {layers[1]: 2}\n",
			"x.yaml:1:14: not valid YAML: found an invalid key for this map" + quoteIt},
		{"open brace", "a: {b\n", "x.yaml:1:5: not valid YAML: could not find flow map content"},
		{"map as a key", "a: {{b: 1}: 2}\n", "x.yaml:1:11: not valid YAML: found an invalid key for this map"},
		{"list as a key", "? [a]\n: 3\n", "x.yaml:2:1: not valid YAML: found an invalid key for this map"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, faults, _ := parse("x.yaml", []byte(test.text), ofFile)
			wantFaults(t, faults, test.want)
		})
	}
}

// indented nests maps, one level a line.
func indented(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// keys is a map of n keys, a line each.
func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	return b.String()
}

// aliases repeats a value ten times as often in each of seven lines.
func aliases(value string) string {
	text := "a0: &a0 " + value + "\n"
	for i := range 7 {
		one, next := "*a"+string(rune('0'+i)), "a"+string(rune('1'+i))
		text += next + ": &" + next + " [" + strings.Repeat(one+", ", 9) + one + "]\n"
	}
	return text
}

// What is allowed to its limit.
func TestParseLimits(t *testing.T) {
	for name, text := range map[string]string{
		"63 brackets in a map": "a: " + strings.Repeat("[", 63) + strings.Repeat("]", 63),
		"64 indentations":      indented(63),
		"brackets in other text": "a: '" + strings.Repeat("[", 100) + "'\nb: \"" + strings.Repeat("{", 100) +
			"\"\nc: |\n  " + strings.Repeat("[", 100) + "\n# " + strings.Repeat("[", 100) + "\n",
		"one long line of text":   "a: " + strings.Repeat("x", 250_000),
		"a comment on every line": "a: 1\n" + strings.Repeat("# x\n", 60_000),
		"nearly 10000 values":     "a: [" + strings.Repeat("1,", 9_900) + "]",
		"1000 keys":               keys(1000),
		"many maps":               strings.Repeat("- a: 1\n  b: {c: 1, d: 1}\n- e:\n  - f: 1\n", 1000),
		"many maps in brackets":   "[" + strings.Repeat("a: 1, {b: 1, c: 1},\n", 1500) + "]",
		"brackets over lines":     "a: [" + strings.Repeat("\n  [b,\n    c],", 100) + "]",
		"a key of 100 letters":    strings.Repeat("é", 100) + ": 1\n",
		"100 empty lines, twice":  "a: |\n  x" + strings.Repeat("\n", 101) + "b: |\n  y" + strings.Repeat("\r\n", 101),
		"100 tabs, twice":         "a: \"b" + strings.Repeat("\t", 100) + "\n c" + strings.Repeat("\t", 100) + "\"",
		"100 times <, twice":      "a: " + strings.Repeat("<", 100) + "=" + strings.Repeat("<", 100),
	} {
		if _, faults, ok := parse("x.yaml", []byte(text), ofFile); !ok || len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// The types of scalars are those of YAML 1.2's core schema.
func TestParseScalars(t *testing.T) {
	number := func(x float64) Node { return Node{Kind: Float, Float: x} }
	whole := func(i int64) Node { return Node{Kind: Int, Int: i} }
	text := func(s string) Node { return Node{Kind: String, String: s} }
	for in, want := range map[string]Node{
		"null": {}, "~": {}, "": {}, "NULL": {},
		"true": {Kind: Bool, Bool: true}, "FALSE": {Kind: Bool},
		"yes": text("yes"), "on": text("on"), "tRUE": text("tRUE"),
		"0": whole(0), "-7": whole(-7), "+7": whole(7), "017": whole(17), "0x1F": whole(31), "0o17": whole(15),
		"0b11": text("0b11"), "1_000": text("1_000"), "1:30": text("1:30"), "2001-01-01": text("2001-01-01"),
		"9223372036854775807": whole(math.MaxInt64), "9223372036854775808": number(1 << 63),
		"0xFFFFFFFFFFFFFFFF": number(math.Inf(1)),
		"1e-3":               number(0.001), "1e3": number(1000), ".5": number(0.5), "-.5": number(-0.5),
		"1.": number(1), "1.5E+3": number(1500),
		".inf": number(math.Inf(1)), "-.Inf": number(math.Inf(-1)), ".NaN": number(math.NaN()), "1e400": number(math.Inf(1)),
		"'7'": text("7"), `"true"`: text("true"), `"\u00e9\t"`: text("é\t"), "a b": text("a b"), "-": text("-"),
		"1.2.3": text("1.2.3"),
	} {
		root, faults, _ := parse("x.yaml", []byte("a: ["+in+"]"), ofFile)
		if in == "" {
			root, faults, _ = parse("x.yaml", []byte("- a:"), ofFile)
		}
		if len(faults) > 0 {
			t.Errorf("%q: %v", in, faults)
			continue
		}
		for len(root.List)+len(root.Map) > 0 {
			if root.Kind == List {
				root = root.List[0]
			} else {
				root = root.Map[0].Value
			}
		}
		got := root
		got.Pos = Pos{}
		if got.Kind != String {
			got.String = ""
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

func TestParseAnchorsAndMerges(t *testing.T) {
	root, faults, _ := parse("x.yaml", []byte(`
a: &a {k: 1, l: 2}
b: &b
  l: 3
  m: 4
c: {<<: *a, l: 5}
d:
  n: 6
  <<: [*b, *a]
e: [*a, &f text, *f]
g: >-
  folded
  text
h: |
  block
`), ofFile)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	const want = `{a: {k: 1, l: 2}, b: {l: 3, m: 4}, c: {l: 5, k: 1}, d: {n: 6, l: 3, m: 4, k: 1}, e: [{k: 1, l: ` +
		`2}, text, text], g: folded text, h: "block\n"}`
	if diff := cmp.Diff(want, flow(root)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c, _ := root.lookup("c")
	if got, want := c.Map[1].KeyPos, (Pos{"x.yaml", 2, 8}); got != want {
		t.Errorf("a merged key is at %v, want where it was written, %v", got, want)
	}
}

// A byte order mark and either kind of line end change no position.
func TestParsePositions(t *testing.T) {
	const text = "a: 1\nb:\n  - [é, {c: x}]\n\"d\": 'y\n  z'\ne: |\n  t\n\nf:\ng:\n- h:\n    i: 1\n"
	want := map[string]string{"a": "1:4", "b": "3:3", "d": "4:6", "e": "6:4", "f": "9:1", "g": "11:1"}
	for name, text := range map[string]string{
		"plain": text, "mark": "\ufeff" + text, "crlf": strings.ReplaceAll(text, "\n", "\r\n"),
	} {
		root, faults, _ := parse("x", []byte(text), ofFile)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		for _, e := range root.Map {
			if got := strings.TrimPrefix(e.Value.Pos.String(), "x:"); got != want[e.Key] {
				t.Errorf("%s: the value of %s is at %s, want %s", name, e.Key, got, want[e.Key])
			}
		}
		if got, want := root.Map[1].Value.List[0].List[1].Map[0].KeyPos, (Pos{"x", 3, 10}); got != want {
			t.Errorf("%s: c is at %v, want %v", name, got, want)
		}
	}
}

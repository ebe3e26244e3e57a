package where

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// parsed is the expression of a valid text.
func parsed(t testing.TB, text string) Expression {
	t.Helper()
	e, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}

func TestParseRefuses(t *testing.T) {
	const aKey = "expected a key, such as parameters or layers[3].conv2d.filters, received "
	const afterA = `expected =, !=, <, <=, >, >=, ~ or !~ after "a", received `
	for _, tt := range []struct{ text, want string }{
		{"", "column 1: " + aKey + "the end"},
		{" \n ", "column 4: " + aKey + "the end"},
		{"3 < a", "column 1: " + aKey + `"3"`},
		{"'a' = 1", "column 1: " + aKey + `the text "a"`},
		{"a..b = 1", "column 1: " + aKey + `"a..b"`},
		{"a[x] = 1", "column 1: " + aKey + `"a[x]"`},
		{"and = 1", "column 1: " + aKey + `"and"`},
		{"()", "column 2: " + aKey + `")"`},
		{"a = 1 and", "column 10: " + aKey + "the end"},
		{"a = 1 or and b = 2", "column 10: " + aKey + `"and"`},
		{"not", "column 4: " + aKey + "the end"},

		{"a", "column 2: " + afterA + "the end"},
		{"a and b = 1", "column 3: " + afterA + `"and"`},
		{"a 1", "column 3: " + afterA + `"1"`},
		{"a ! 1", "column 3: " + afterA + `"!"`},

		{`a "="`, "column 3: " + afterA + `the text "="`},

		{"parameters < and b = 1", `column 14: expected a value after "<", received "and"`},
		{"a ==", `column 5: expected a value after "==", received the end`},
		{"a ~ NOT", `column 5: expected a value after "~", received "NOT"`},
		{"a =~ b", `column 4: expected a value after "=", received "~"`},
		{"a < adam", `column 5: expected a number after "<", received "adam"`},
		{"a >= '0.1'", `column 6: expected a number after ">=", received the text "0.1"`},
		{"a < 1e999", `column 5: expected a number after "<", received "1e999"`},
		{"a < 1_00", `column 5: expected a number after "<", received "1_00"`},
		{"a < 1_000k", `column 5: expected a number after "<", received "1_000k"`},
		{"a < 1e3k", `column 5: expected a number after "<", received "1e3k"`},
		{"a < %", `column 5: expected a number after "<", received "%"`},
		{"a < inf", `column 5: expected a number after "<", received "inf"`},
		{"a < b*", `column 5: expected a number after "<", received "b*"`},
		{"a != seed-*", `column 6: "seed-*" is a pattern only after ~ and !~: use one of these, or put it in quotes`},
		{"a = c?n", `column 5: "c?n" is a pattern only after ~ and !~: use one of these, or put it in quotes`},

		{"a = 1 b = 2", `column 7: expected "and", "or" or the end, received "b"`},
		{"a = 1)", `column 6: expected "and", "or" or the end, received ")"`},
		{"a < 1 < 2", `column 7: expected "and", "or" or the end, received "<"`},
		{"(a = 1", `column 7: expected "and", "or" or ")", received the end`},
		{"(a = 1 && b = 2)", `column 8: expected "and", "or" or ")", received "&&"`},

		{"a = 'b", "column 5: expected a closing ' to this one, received the end"},
		{`a = "b'`, `column 5: expected a closing " to this one, received the end`},
		{"a = 'größe' größe", `column 13: expected "and", "or" or the end, received "größe"`}, // characters, not bytes
		{"a = 1 \x00\n", `column 7: expected "and", "or" or the end, received "\x00"`},
		{"a = 1 " + strings.Repeat("x", 99), `column 7: expected "and", "or" or the end, received "` + strings.Repeat("x",
			60) + `..."`},

		{strings.Repeat("(", 64) + "not a = 1", `column 65: parentheses and "not" are nested more than 64 levels deep`},
		{strings.Repeat("not ", 65) + "a = 1", `column 257: parentheses and "not" are nested more than 64 levels deep`},
		{"a = " + strings.Repeat("x", 4093), "column 1: expected at most 4096 bytes, received 4097"},
	} {
		e, err := Parse(tt.text)
		var where *Error
		if !errors.As(err, &where) {
			t.Errorf("%q: parsed, want %s", tt.text, tt.want)
			continue
		}
		if err.Error() != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, err, tt.want)
		}
		if where.Text != tt.text || len(e.Keys()) > 0 {
			t.Errorf("%q: the error is of %q, and the expression has keys %q", tt.text, where.Text, e.Keys())
		}
	}
}

func TestLimitsAreReached(t *testing.T) {
	for name, text := range map[string]string{
		"length":       "a = " + strings.Repeat("x", 4092),
		"parentheses":  strings.Repeat("(", 64) + "a = 1" + strings.Repeat(")", 64),
		"not":          strings.Repeat("not ", 64) + "a = 1",
		"side by side": strings.Repeat("(a = 1) and not b = 2 or ", 100) + "c = 3",
	} {
		if _, err := Parse(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeys(t *testing.T) {
	const learningRate, filters = "optimizer.adam.learning_rate", "layers[0].conv2d.filters"
	e := parsed(t, "not (b != 1 or optimizer.adam.learning_rate < 0.1) and b = c and layers[0].conv2d.filters = 3")
	if got, want := e.Keys(), []string{"b", learningRate, filters}; !slices.Equal(got, want) {
		t.Errorf("keys %q, want %q", got, want)
	}
	if err := e.CheckKeys([]string{filters, learningRate, "b"}); err != nil {
		t.Errorf("known keys: %v", err)
	}
	known := []string{"parameters", "val_accuracy", learningRate, filters}
	for _, tt := range []struct{ text, want string }{
		{"parameters < 1 and (val-accuracy > 1 or x = 1)",
			`column 21: unknown key "val-accuracy", did you mean "val_accuracy"?`},
		{"not learning_rate = 1", `column 5: unknown key "learning_rate", did you mean "optimizer.adam.learning_rate"?`},
		{"conv2d.filters = 1", `column 1: unknown key "conv2d.filters", did you mean "layers[0].conv2d.filters"?`},
		{"layers[7].conv2d.filters = 1",
			`column 1: unknown key "layers[7].conv2d.filters", did you mean "layers[0].conv2d.filters"?`},
		{"rate = 1", `column 1: unknown key "rate": expected parameters, val_accuracy, or a key within one of these`},
	} {
		err := parsed(t, tt.text).CheckKeys(known)
		var where *Error
		if !errors.As(err, &where) || err.Error() != tt.want || where.Text != tt.text {
			t.Errorf("%s:\n got %v\nwant %s", tt.text, err, tt.want)
		}
	}
}

// FuzzParse checks that Parse returns a usable expression or an error that points into the text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "a", "a <", "parameters < 1M and optimizer == adam and not optimizer.adam.learning_rate >= .5e-2",
		"(a = 'x y' OR b != \"it's\") and layers[3].conv2d.filters !~ 3*", "a = 1 b", "a = 'b", "((((", "not not not a = 1",
		"a~*?*", "a = 62.34%", "a = 1_000k", "größe = 'ß", "a = \xff", "\xff", "a\u2028=\u2028b", "a = -0", "a=1e999", "!",
		"a!",
	} {
		f.Add(text, "12.5")
	}
	f.Fuzz(func(t *testing.T, text, setting string) {
		e, err := Parse(text)
		if err == nil {
			keys := e.Keys()
			if len(keys) == 0 {
				t.Fatal("an expression without keys")
			}
			if err := e.CheckKeys(keys); err != nil {
				t.Errorf("its own keys: %v", err)
			}
			asked := 0
			e.Match(func(key string) (string, bool) {
				if asked++; !slices.Contains(keys, key) {
					t.Errorf("asks for %q, which is no key", key)
				}
				return setting, asked%3 > 0
			})
			if asked == 0 {
				t.Error("matched without asking")
			}
			err = e.CheckKeys(nil)
		}
		var where *Error
		if !errors.As(err, &where) {
			t.Fatalf("%v, want an *Error", err)
		}
		if where.Text != text || where.Column < 1 || where.Column > utf8.RuneCountInString(text)+1 {
			t.Errorf("column %d of %q", where.Column, where.Text)
		}
		if where.Message == "" || strings.ContainsAny(where.Message, "\n\x00") {
			t.Errorf("message %q", where.Message)
		}
	})
}

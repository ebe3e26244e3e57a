package where

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// settings are an experiment's, for Match.
type settings map[string]string

func (s settings) lookup(key string) (string, bool) {
	text, ok := s[key]
	return text, ok
}

var cnn = settings{
	"experiment": "seed-cnn[layers[7].dropout.rate=0.3]", "mode": "single-batch", "dataset": "cifar10", "shuffle": "true",
	"parameters": "545098", "val_accuracy": "0.6234", "seed": "9007199254740993", "empty": "", "nan": ".nan", "inf": "inf",
	"optimizer": "adam", "optimizer.adam.learning_rate": "1e-3",
	"layers[0].conv2d.filters": "32", "layers[0].conv2d.kernel": "[2, 2]", "layers[1].dense.units": "010",
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		// numbers
		{"parameters < 1e6", true}, {"parameters < 545098", false}, {"parameters <= 545098", true},
		{"parameters > 545097", true}, {"parameters > 545098", false}, {"parameters >= 545098", true},
		{"parameters >= 545_099", false},
		{"parameters=545_098", true}, {"parameters == 5.45098e5", true}, {"parameters != 545098.0", false},
		{"parameters < 545k", false}, {"parameters < 546k", true}, {"parameters < 0.6M", true}, {"parameters < 1G", true},
		{"parameters < 2.5T", true}, {"parameters < .1P", true}, {"parameters >= 1E", false},
		{"parameters = 5.45098E5", true},
		{"val_accuracy = 62.34%", true}, {"val_accuracy >= 60%", true}, {"val_accuracy > -3", true},
		{"val_accuracy < .5", false},
		{"optimizer.adam.learning_rate = 0.001", true}, {"optimizer.adam.learning_rate = +.1%", true},
		{"layers[0].conv2d.filters = 32", true}, {"layers[1].dense.units = 10", true},

		// text
		{"optimizer = adam", true}, {"optimizer = 'adam'", true}, {`optimizer = "adam"`, true}, {"optimizer != adam", false},
		{"optimizer = Adam", false}, {"mode=single-batch", true}, {"shuffle = true", true}, {"shuffle = 1", false},
		{"layers[0].conv2d.kernel = '[2, 2]'", true}, {"empty = ''", true}, {"empty = 0", false}, {"inf = inf", true},
		{"nan = .nan", true},

		// a number and a text
		{"optimizer < 5", false}, {"optimizer > 5", false}, {"optimizer = 5", false}, {"optimizer != 5", true},
		{"parameters = adam", false}, {"parameters != adam", true}, {"parameters = '545098'", true},
		{"parameters = '5.45098e5'", false},
		{"empty >= 0", false}, {"inf > 5", false}, {"nan <= 5", false}, {"layers[0].conv2d.kernel >= 2", false},
		{"seed = '9007199254740993'", true}, {"seed = '9007199254740992'", false},

		// patterns
		{"experiment ~ 'seed-*'", true}, {"experiment ~ seed-*", true}, {"experiment ~ seed", false},
		{"experiment ~ '*rate=0.?]'", true},
		{"experiment ~ SEED*", false}, {"experiment !~ seed-*", false}, {"experiment !~ mlp", true},
		{"parameters ~ 545*", true},

		// settings that are missing
		{"optimizer.sgd.learning_rate < 0.01", false}, {"optimizer.sgd.learning_rate >= 0.01", false},
		{"missing = ''", false},
		{"layers[0].conv2d.stride = 2", false}, {"layers[0].conv2d.stride != 2", true}, {"missing ~ *", false},
		{"missing !~ *", true},
		{"not missing < 1", true},

		// precedence
		{"mode = full and mode = full or optimizer = adam", true},
		{"mode = full and (mode = full or optimizer = adam)", false},
		{"optimizer = adam or mode = full and mode = full", true},
		{"(optimizer = adam or mode = full) and mode = full", false},
		{"not mode = full and mode = full", false}, {"not (mode = full and mode = full)", true},
		{"not mode = full or mode = single-batch", true},
		{"NOT Not optimizer=adam AnD(parameters<1M)", true}, {"mode = full OR mode='single-batch'", true},
	} {
		if got := parsed(t, tt.text).Match(cnn.lookup); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.text, got, tt.want)
		}
	}
	if !new(Expression).Match(cnn.lookup) {
		t.Error("the zero expression does not hold")
	}
}

func TestMatchAsksNoMoreThanItNeeds(t *testing.T) {
	for text, want := range map[string]string{
		"a = 1 and b = 1 and c = 1": "ab", "a = 1 or b = 1": "a", "b = 1 or a = 1 or c = 1": "ba",
		"not (b = 1 and c = 1)": "b",
	} {
		asked := ""
		parsed(t, text).Match(func(key string) (string, bool) {
			asked += key
			return settings{"a": "1", "b": "2", "c": "1"}.lookup(key)
		})
		if asked != want {
			t.Errorf("%s: asked for %q, want %q", text, asked, want)
		}
	}
}

func TestLike(t *testing.T) {
	for _, tt := range []struct {
		text, pattern string
		want          bool
	}{
		{"", "", true}, {"", "*", true}, {"", "?", false}, {"a", "", false}, {"a", "?", true}, {"ab", "?", false},
		{"a", "a?", false},
		{"abc", "***", true}, {"abcbc", "a*bc", true}, {"abcbd", "a*bc", false}, {"mississippi", "m*iss*p?", true},
		{"aab", "*ab", true},
		{"größe", "gr??e", true}, {"ößö", "*ö", true}, {"ö", "??", false}, {"a[1]", "a[1]", true}, {"a1", "a[1]", false},
		{`a\b`, `a\b`, true},
		{strings.Repeat("a", 4000), strings.Repeat("a*", 2000) + "b", false},
	} {
		if got := like(tt.text, tt.pattern); got != tt.want {
			t.Errorf("%q ~ %q: %t, want %t", tt.text, tt.pattern, got, tt.want)
		}
	}
}

func TestLikeIsARegularExpression(t *testing.T) {
	signs := strings.NewReplacer(`\*`, ".*", `\?`, ".")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[abß]{0,8}`).Draw(t, "text")
		pattern := rapid.StringMatching(`[abß*?.]{0,8}`).Draw(t, "pattern")
		want := regexp.MustCompile("^" + signs.Replace(regexp.QuoteMeta(pattern)) + "$").MatchString(text)
		if got := like(text, pattern); got != want {
			t.Fatalf("%q ~ %q: %t, want %t", text, pattern, got, want)
		}
	})
}

func TestMatchDoesNotAllocate(t *testing.T) {
	e := parsed(t, everyOperator)
	lookup := cnn.lookup
	if !e.Match(lookup) {
		t.Fatal("the expression does not look at all of its comparisons")
	}
	if n := testing.AllocsPerRun(100, func() { e.Match(lookup) }); n != 0 {
		t.Errorf("%v allocations a match", n)
	}
}

// everyOperator holds for cnn only after all of its comparisons.
const everyOperator = "parameters < 1e6 and not optimizer = 3 and optimizer = adam and " +
	"(mode = full or val_accuracy >= 60%) and optimizer.adam.learning_rate <= 0.01 and parameters > 5 and " +
	"experiment ~ '*rate=0.?]' and missing != 5 and empty != 7 and nan != 1"

func BenchmarkMatch(b *testing.B) {
	for _, text := range []string{"optimizer = adam", "parameters < 1e6", "experiment ~ 'seed-*'", everyOperator} {
		b.Run(text[:min(len(text), 20)], func(b *testing.B) {
			e := parsed(b, text)
			lookup := cnn.lookup
			b.ReportAllocs()
			for b.Loop() {
				e.Match(lookup)
			}
		})
	}
}

package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The check compares what comparing reads with its source.
func TestCheckDerived(t *testing.T) {
	for _, c := range []struct{ statement, want string }{
		{`UPDATE runs SET description = 'another'`, ""},
		{`DELETE FROM settings`, "the settings of its experiment are missing, or not those of its record"},
		{`UPDATE settings SET lines = replace(lines, 'seed-cnn', 'other') || 'x'`,
			"the settings of its experiment are missing, or not those of its record"},
		{`UPDATE runs SET config = 'a: [1'`,
			"its record cannot be read: the resolved experiment is no YAML: [1:4] sequence end token ']' not found"},
		{`UPDATE runs SET test_accuracy = 0.9`,
			"its answers to the test split come to an accuracy of 0.5, on record is 0.9"},
		{`UPDATE answers SET epoch = 2 WHERE split = 'test'`,
			"its answers to the test split are not those of its best epoch"},
		{`UPDATE runs SET last_val_accuracy = NULL`, "its last_val_accuracy is not that of its last epoch"},
		{`UPDATE curves SET points = substr(points, 1, 8)`, "its curve is not that of its epochs"},
		{`UPDATE curves SET points = CAST(zeroblob(16) AS BLOB)`, "its curve is not that of its epochs"},
		{`UPDATE answers SET confusion = x'808080' WHERE split = 'test'`,
			"its answers to the test split are damaged: the confusion matrix is damaged"},
		{`UPDATE answers SET examples = 9 WHERE split = 'validation'`,
			"its answers to the validation split are damaged: 125 bytes of answers to 9 examples, expected 2"},
		{`DELETE FROM datasets`, "its dataset cifar10 is not on record"},
		{`UPDATE datasets SET validation = 900`,
			"its answers to the validation split are to 1000 examples of 2 classes, its dataset has 900 of 2"},
		{`UPDATE datasets SET classes = '["one"]'`,
			"its answers to the test split are to 1000 examples of 2 classes, its dataset has 1000 of 1\n" +
				"its answers to the validation split are to 1000 examples of 2 classes, its dataset has 1000 of 1"},
		{`UPDATE datasets SET validation = NULL, test = NULL, classes = NULL`, ""},
		{`DELETE FROM curves`, "its curve is not that of its epochs"},
		{`UPDATE answers SET epoch = 99 WHERE split = 'validation'`,
			"its answers to the validation split are not those of its best epoch"},
	} {
		s := openStore(t, t.TempDir())
		r := begin(t, s, nil)
		logEpoch(t, s, r.ID, 1, 0.75, 2)
		logEpoch(t, s, r.ID, 2, 0.25, 3)
		if err := s.RecordTest(t.Context(), r.ID, 1, 1, answersOf(0.5)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.db.Exec(c.statement); err != nil {
			t.Fatal(c.statement, err)
		}
		h, err := s.Check(t.Context(), readSettings, func(Run) []Finding { return nil })
		if err != nil {
			t.Fatal(err)
		}
		var whats []string
		for _, f := range h.Findings {
			if f.Run != r.ID || f.Remedy == "" || f.Note {
				t.Errorf("%s: %+v", c.statement, f)
			}
			whats = append(whats, f.What)
		}
		var expected []string
		if c.want != "" {
			expected = strings.Split(c.want, "\n")
		}
		if diff := cmp.Diff(expected, whats); diff != "" {
			t.Errorf("%s (-want +got) %s", c.statement, diff)
		}
	}
}

package term

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data"
	"runner/internal/view/words"
)

var frog = data.Stats{Batch: 1, Samples: 10000, LabelCounts: []int{1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025,
	981},
	First20Labels: []int{6, 9, 9, 4, 1, 1, 2, 7, 8, 3, 4, 7, 7, 2, 9, 9, 9, 3, 2, 6},
	Image:         0, Min: 0, Max: 255, Shape: [3]int{32, 32, 3}, Label: 6, Name: "frog"}

func TestDatasetStats(t *testing.T) {
	var out bytes.Buffer
	if err := DatasetStats(&out, frog, words.Table, Style{}); err != nil {
		t.Fatal(err)
	}
	want := `Stats of batch 1:
Samples: 10000
Label Counts: {0: 1005, 1: 974, 2: 1032, 3: 1016, 4: 999, 5: 937, 6: 1030, 7: 1001, 8: 1025, 9: 981}
First 20 Labels: [6, 9, 9, 4, 1, 1, 2, 7, 8, 3, 4, 7, 7, 2, 9, 9, 9, 3, 2, 6]

Example of Image 0:
Image - Min Value: 0 Max Value: 255
Image - Shape: (32, 32, 3)
Label - Label Id: 6 Name: frog
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	out.Reset()
	if err := DatasetStats(&out, frog, words.Table, Style{Width: 40}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if words.Cells(strings.TrimSuffix(line, "\n")) > 40 {
			t.Errorf("too wide: %q", line)
		}
	}
	out.Reset()
	if err := DatasetStats(&out, frog, words.JSON, Style{}); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"batch", "samples", "label_counts", "first_20_labels", "image", "min", "max", "shape",
		"label", "name"} {
		if _, ok := got[key]; !ok {
			t.Errorf("no key %q in %s", key, out.String())
		}
	}
	if err := DatasetStats(&out, frog, words.CSV, Style{}); err == nil {
		t.Error("csv was accepted")
	}
}

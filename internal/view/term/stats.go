package term

import (
	"fmt"
	"io"
	"strings"

	"runner/internal/data"
	"runner/internal/view/words"
)

// DatasetStats writes the statistics of a batch file and of one example in it. Formats: Table (text), JSON.
func DatasetStats(w io.Writer, stats data.Stats, format words.Format, style Style) error {
	return write(w, format, style, stats, func(p *page) { p.block(statsText(stats), "") })
}

func statsText(s data.Stats) string {
	counts := make([]string, len(s.LabelCounts))
	for label, n := range s.LabelCounts {
		counts[label] = fmt.Sprintf("%d: %d", label, n)
	}
	first := make([]string, len(s.First20Labels))
	for i, label := range s.First20Labels {
		first[i] = fmt.Sprint(label)
	}
	return fmt.Sprintf(`Stats of batch %d:
Samples: %d
Label Counts: {%s}
First 20 Labels: [%s]

Example of Image %d:
Image - Min Value: %d Max Value: %d
Image - Shape: (%d, %d, %d)
Label - Label Id: %d Name: %s
`, s.Batch, s.Samples, strings.Join(counts, ", "), strings.Join(first, ", "),
		s.Image, s.Min, s.Max, s.Shape[0], s.Shape[1], s.Shape[2], s.Label, s.Name)
}

package term

import (
	"fmt"
	"io"
	"strings"

	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/internal/view/words"
)

// ExportRun writes a run and the board of that run alone. Formats: JSON, CSV (its epochs), Markdown (the board and the
// resolved experiment).
func ExportRun(w io.Writer, b standing.Board, run record.FullRun, format words.Format) error {
	switch format {
	case words.JSON:
		return record.WriteJSON(w, record.NewFullRecord(run))
	case words.CSV:
		return record.WriteCSV(w, run.Epochs)
	case words.Markdown:
		return exportMarkdown(w, b, []record.FullRun{run})
	}
	return words.UnknownFormat(format)
}

// ExportAll writes a board and its runs. Formats: JSON, CSV (the epochs of all runs), Markdown (the board, and the
// resolved experiment of each row).
func ExportAll(w io.Writer, b standing.Board, runs []record.FullRun, format words.Format) error {
	switch format {
	case words.JSON:
		return record.WriteJSON(w, record.NewAllRecord(b, runs))
	case words.CSV:
		return record.WriteCSV(w, record.RunEpochs(runs))
	case words.Markdown:
		return exportMarkdown(w, b, runs)
	}
	return words.UnknownFormat(format)
}

func exportMarkdown(w io.Writer, b standing.Board, runs []record.FullRun) error {
	if err := Leaderboard(w, b, words.Markdown, Style{}); err != nil {
		return err
	}
	var out strings.Builder
	names := words.Names(b.Standings)
	for i, row := range b.Standings {
		run, ok := record.BestRun(row, runs)
		if !ok {
			continue
		}
		fence := strings.Repeat("`", max(3, 1+longestRun(run.Config, '`')))
		fmt.Fprintf(&out, "\n## %s\n\n%syaml\n%s\n%s\n", markdownEscape.Replace(words.Clean(names[i])),
			fence, strings.TrimSuffix(run.Config, "\n"), fence)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// longestRun is the length of the longest sequence of a character in text.
func longestRun(text string, character rune) int {
	longest, n := 0, 0
	for _, r := range text {
		if n++; r != character {
			n = 0
		}
		longest = max(longest, n)
	}
	return longest
}

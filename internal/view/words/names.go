package words

import (
	"strings"

	"runner/internal/standing"
)

// ShortKeys shortens dotted keys to ends that are still unique, arguments with their kind: adam.learning_rate for
// optimizer.adam.learning_rate.
func ShortKeys(keys []string) []string {
	short := make([]string, len(keys))
	for i, key := range keys {
		parts := strings.Split(key, ".")
		for n := max(1, len(parts)-1); n <= len(parts); n++ {
			short[i] = strings.Join(parts[len(parts)-n:], ".")
			same := 0
			for _, other := range keys {
				if other == short[i] || strings.HasSuffix(other, "."+short[i]) {
					same++
				}
			}
			if same == 1 {
				break
			}
		}
	}
	return short
}

// Names are names of rows for headings and legends: rows of one name have the mode and the dataset too, where these
// differ.
func Names(rows []standing.Standing) []string {
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = NameAndOrigin(row.Experiment, row.InitFrom)
	}
	for _, of := range []func(standing.Standing) string{
		func(row standing.Standing) string { return row.Mode },
		func(row standing.Standing) string { return row.Data() },
	} {
		first, differ := make(map[string]string), make(map[string]bool) // by name
		for i, name := range names {
			value, known := first[name]
			if !known {
				first[name] = of(rows[i])
			}
			differ[name] = differ[name] || known && value != of(rows[i])
		}
		for i, name := range names {
			if differ[name] {
				names[i] += ", " + of(rows[i])
			}
		}
	}
	return names
}

// NameAndOrigin names an experiment with the SHA-256 of the file of weights it started from, if any: "seed-cnn (from
// 3f2c1ab4)".
func NameAndOrigin(experiment, initFrom string) string {
	if initFrom == "" {
		return experiment
	}
	return experiment + " (from " + First(8, initFrom) + ")"
}

package standing

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"

	"runner/internal/spec"
	"runner/internal/stats"
	"runner/store"
)

// Proxy is how well single-batch training predicts the order of experiments in full training.
type Proxy struct {
	Pairs []Pair
	// Correlation is Kendall's tau of the two modes' accuracies; nil where there are too few pairs, or all are equal.
	Correlation *stats.Correlation
}

// Pair is an experiment trained in both modes. Accuracies are those of the chosen epoch on validation, 0..1, means over
// seeds. Ranks are by that mean alone, among the pairs of the dataset.
type Pair struct {
	Experiment  string  `json:"experiment"`
	Dataset     string  `json:"dataset"` // Standing.Data
	SingleBatch float64 `json:"single_batch_val_accuracy"`
	SingleSeeds int     `json:"single_batch_seeds"`
	SingleRank  int     `json:"single_batch_rank"`
	Full        float64 `json:"full_val_accuracy"`
	FullSeeds   int     `json:"full_seeds"`
	FullRank    int     `json:"full_rank"`
	Group       string  `json:"-"` // store.Group.ID of one in full mode
}

// CompareModes pairs the experiments of one dataset that were trained in both modes and otherwise differ at most in the
// batch file, the best in full mode first. Of several datasets it takes the one with most pairs. Options.Where filters
// the rows in single-batch mode, by which experiments are chosen for full mode. The snapshot has to hold both modes.
func CompareModes(ctx context.Context, v *store.Snapshot, o Options) (Proxy, error) {
	settings := &settings{ctx: ctx, v: v}
	var rows, inFull []*Standing
	for _, row := range newStandings(v.Groups, o.Last) {
		if row.Mode == string(spec.SingleBatch) {
			rows = append(rows, row)
		} else {
			inFull = append(inFull, row)
		}
	}
	rows, err := filter(settings, rows, o.Where)
	if err != nil || len(rows) == 0 {
		return Proxy{}, err
	}
	all, err := settings.all()
	if err != nil {
		return Proxy{}, err
	}
	type both struct{ single, full []*Standing }
	pairs := make(map[string]*both) // by all that is the same
	for _, row := range append(rows, inFull...) {
		of, known := all[row.Group]
		if !known || row.ValAccuracy == nil {
			continue
		}
		key := row.InitFrom + "\n" + row.Fingerprint + "\n" + exceptMode(of)
		if pairs[key] == nil {
			pairs[key] = new(both)
		}
		if row.Mode == string(spec.Full) {
			pairs[key].full = append(pairs[key].full, row)
		} else {
			pairs[key].single = append(pairs[key].single, row)
		}
	}
	byDataset := make(map[string][]Pair)
	for _, b := range pairs {
		if len(b.single) == 0 || len(b.full) == 0 {
			continue
		}
		p := Pair{Experiment: b.full[0].Experiment, Dataset: b.full[0].Data(), Group: b.full[0].Group}
		p.SingleBatch, p.SingleSeeds = mean(b.single)
		p.Full, p.FullSeeds = mean(b.full)
		byDataset[p.Dataset] = append(byDataset[p.Dataset], p)
	}
	var most []Pair
	for _, all := range byDataset {
		if len(all) > len(most) || len(all) == len(most) && all[0].Dataset < most[0].Dataset {
			most = all
		}
	}
	number(most, func(p *Pair) (float64, *int) { return p.SingleBatch, &p.SingleRank })
	number(most, func(p *Pair) (float64, *int) { return p.Full, &p.FullRank })
	points := make([][2]float64, len(most))
	for i, p := range most {
		points[i] = [2]float64{p.SingleBatch, p.Full}
	}
	return Proxy{most, stats.Kendall(points, 0.95)}, nil
}

// exceptMode is all settings except the mode and what only one mode has.
func exceptMode(settings store.Settings) string {
	var b strings.Builder
	for key, value := range settings.All() {
		if key != "mode" && key != "data_batch" {
			b.WriteString(key + "\t" + value + "\n")
		}
	}
	return b.String()
}

// mean is the mean accuracy over all seeds of rows, and their number.
func mean(rows []*Standing) (float64, int) {
	var all []float64
	for _, row := range rows {
		all = append(all, row.accuracies...)
	}
	slices.Sort(all) // as in newStanding
	return stat.Mean(all, nil), len(all)
}

// number ranks pairs by an accuracy, the best first; equal ones share a rank.
func number(pairs []Pair, of func(*Pair) (accuracy float64, rank *int)) {
	slices.SortFunc(pairs, func(a, b Pair) int {
		x, _ := of(&a)
		y, _ := of(&b)
		return cmp.Or(cmp.Compare(y, x), cmp.Compare(a.Experiment, b.Experiment), cmp.Compare(a.Group, b.Group))
	})
	for i := range pairs {
		accuracy, rank := of(&pairs[i])
		*rank = i + 1
		if i > 0 {
			if before, same := of(&pairs[i-1]); before == accuracy {
				*rank = *same
			}
		}
	}
}

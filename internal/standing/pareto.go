package standing

import (
	"cmp"
	"slices"
)

// markPareto marks the rows of each dataset that no other dominates in accuracy and multiply-adds.
func markPareto(rows []*Standing) {
	order := make([]*Standing, 0, len(rows))
	for _, row := range rows {
		if row.ValAccuracy != nil {
			order = append(order, row)
		}
	}
	slices.SortFunc(order, func(a, b *Standing) int {
		return cmp.Or(
			compareData(a, b),
			cmp.Compare(a.MultiplyAdds, b.MultiplyAdds),
			cmp.Compare(b.accuracy(), a.accuracy()),
		)
	})
	// A row is on the frontier if it is more accurate than all with fewer multiply-adds, or equal to the last one there.
	var last *Standing
	for _, row := range order {
		equal := last != nil && row.MultiplyAdds == last.MultiplyAdds && row.accuracy() == last.accuracy()
		if last == nil || compareData(row, last) != 0 || row.accuracy() > last.accuracy() || equal {
			row.Pareto = true
			last = row
		}
	}
}

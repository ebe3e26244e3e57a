package standing

import (
	"cmp"
	"fmt"
	"strings"
)

// orders are the ways to sort, each the best or the least first.
var orders = []struct {
	name  string
	order func(a, b *Standing) int
}{
	{"rank", func(a, b *Standing) int {
		// Accuracies on two datasets cannot be compared: each has its ranks.
		return cmp.Or(compareData(a, b), cmp.Compare(a.Rank, b.Rank), cmp.Compare(b.accuracy(), a.accuracy()))
	}},
	{"val_accuracy", func(a, b *Standing) int { return cmp.Compare(b.accuracy(), a.accuracy()) }},
	{"experiment", func(a, b *Standing) int { return cmp.Compare(a.Experiment, b.Experiment) }},
	{"parameters", func(a, b *Standing) int { return cmp.Compare(a.Parameters, b.Parameters) }},
	{"multiply_adds", func(a, b *Standing) int { return cmp.Compare(a.MultiplyAdds, b.MultiplyAdds) }},
	{"memory", func(a, b *Standing) int { return missingLast(a.Memory, b.Memory) }},
	{"seconds", func(a, b *Standing) int { return missingLast(a.SecondsPerEpoch, b.SecondsPerEpoch) }},
	{"seconds_to_target", func(a, b *Standing) int { return missingLast(a.SecondsToTarget, b.SecondsToTarget) }},
	{"test_accuracy", func(a, b *Standing) int {
		if a.TestAccuracy != nil && b.TestAccuracy != nil {
			return cmp.Compare(*b.TestAccuracy, *a.TestAccuracy)
		}
		return missingLast(a.TestAccuracy, b.TestAccuracy)
	}},
}

// missingLast compares two values of which the least comes first, and those that are missing last.
func missingLast[T cmp.Ordered](a, b *T) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}

// OrderNames are what a board can be sorted by.
func OrderNames() []string {
	var names []string
	for _, o := range orders {
		names = append(names, o.name)
	}
	return names
}

func parseOrder(name string) (func(a, b *Standing) int, error) {
	for _, o := range orders {
		if o.name == name {
			return o.order, nil
		}
	}
	return nil, fmt.Errorf("sorting: expected one of %s, received %q", strings.Join(OrderNames(), ", "), name)
}

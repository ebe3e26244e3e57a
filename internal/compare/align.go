package compare

// What a layer is beside A's.
const (
	Equal   = "equal"   // in kind and arguments
	Changed = "changed" // of one kind
	Added   = "added"   // A has none here
	Removed = "removed" // only A has it
)

// Row is one place in the networks: a cell for each side.
type Row struct {
	Sides []Cell `json:"sides"`
}

// Cell is the layer of a side in one place.
type Cell struct {
	Layer   *Layer   `json:"layer"`  // nil: none
	Status  string   `json:"status"` // beside A's; empty for A, and where neither has a layer
	Changes []Change `json:"changes,omitempty"`
}

// rows puts networks beside the first: each of its layers with what the others have for it, and
// between these, side by side, what the others have added there.
func rows(networks [][]Layer) []Row {
	a, n := networks[0], len(networks)
	added := make([][][]Layer, n)  // of a side, before a layer of A
	instead := make([][]*Layer, n) // of a side, for a layer of A
	for side := 1; side < n; side++ {
		added[side], instead[side] = align(a, networks[side])
	}
	out := []Row{}
	for i := 0; i <= len(a); i++ {
		for k := 0; ; k++ {
			row, any := Row{make([]Cell, n)}, false
			for side := 1; side < n; side++ {
				if here := added[side][i]; k < len(here) {
					row.Sides[side], any = Cell{Layer: &here[k], Status: Added}, true
				}
			}
			if !any {
				break
			}
			out = append(out, row)
		}
		if i == len(a) {
			break
		}
		row := Row{make([]Cell, n)}
		row.Sides[0].Layer = &a[i]
		for side := 1; side < n; side++ {
			row.Sides[side] = beside(a[i], instead[side][i])
		}
		out = append(out, row)
	}
	return out
}

func beside(a Layer, b *Layer) Cell {
	if b == nil {
		return Cell{Status: Removed}
	}
	if c := changes(a, *b); len(c) > 0 {
		return Cell{b, Changed, c}
	}
	return Cell{Layer: b, Status: Equal}
}

// gapCost is the price of a layer that has none beside it. Two of one kind cost at most as much, so
// that they are never told as removed and added.
const gapCost = 1000

// align pairs the layers of b with those of a, in order, at the least cost over all ways to do so,
// by dynamic programming over their ends (Needleman and Wunsch 1970). Only layers of one kind make a
// pair; it costs the share of arguments that differ. Of equal ways the one that pairs first is
// taken. added[i] are b's layers before a's layer i without one beside them, those at the end in
// added[len(a)]; instead[i] is what a's layer i is paired with, nil for none.
func align(a, b []Layer) (added [][]Layer, instead []*Layer) {
	cost := make([][]int, len(a)+1) // cost[i][j]: of a[i:] and b[j:]
	for i := range cost {
		cost[i] = make([]int, len(b)+1)
	}
	for i := len(a); i >= 0; i-- {
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a):
				cost[i][j] = gapCost * (len(b) - j)
			case j == len(b):
				cost[i][j] = gapCost * (len(a) - i)
			default:
				cost[i][j] = gapCost + min(cost[i+1][j], cost[i][j+1])
				if a[i].Kind == b[j].Kind {
					cost[i][j] = min(cost[i][j], pairCost(a[i], b[j])+cost[i+1][j+1])
				}
			}
		}
	}
	added, instead = make([][]Layer, len(a)+1), make([]*Layer, len(a))
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i].Kind == b[j].Kind && cost[i][j] == pairCost(a[i], b[j])+cost[i+1][j+1]:
			instead[i] = &b[j]
			i, j = i+1, j+1
		case i < len(a) && cost[i][j] == gapCost+cost[i+1][j]:
			i++
		default:
			added[i] = append(added[i], b[j])
			j++
		}
	}
	return added, instead
}

// pairCost is gapCost times the share of arguments that differ between two layers of one kind.
func pairCost(a, b Layer) int {
	different := len(changes(a, b))
	if different == 0 {
		return 0
	}
	return gapCost * different / max(len(a.Args), len(b.Args), different)
}

package compare

import "slices"

// The status of a layer compared with A's.
const (
	Equal   = "equal"   // in kind and arguments
	Changed = "changed" // of one kind
	Added   = "added"   // A has none here
	Removed = "removed" // only A has it
)

// Row is one place in the networks: a cell for each side.
type Row struct {
	List     string `json:"list,omitempty"` // of the layer around it, such as shortcut; empty: the network's own
	Sides    []Cell `json:"sides"`
	Children []Row  `json:"children,omitempty"` // of the layers inside those of the sides
}

// Cell is the layer of a side in one place.
type Cell struct {
	Layer   *Layer   `json:"layer"`  // nil: none
	Status  string   `json:"status"` // beside A's; empty for A, and where neither has a layer
	Changes []Change `json:"changes,omitempty"`
}

// rows aligns networks with the first: a row for each of its layers with those paired with it, and between these, side
// by side, the layers that the others added.
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
			row, any := Row{Sides: make([]Cell, n)}, false
			for side := 1; side < n; side++ {
				if here := added[side][i]; k < len(here) {
					row.Sides[side], any = Cell{Layer: &here[k], Status: Added}, true
				}
			}
			if !any {
				break
			}
			out = append(out, row.open())
		}
		if i == len(a) {
			break
		}
		row := Row{Sides: make([]Cell, n)}
		row.Sides[0].Layer = &a[i]
		for side := 1; side < n; side++ {
			row.Sides[side] = beside(a[i], instead[side][i])
		}
		out = append(out, row.open())
	}
	return out
}

// open adds the rows of the layers inside those of the row, one list after another.
func (r Row) open() Row {
	var lists []string
	for _, c := range r.Sides {
		for _, l := range c.inside() {
			if !slices.Contains(lists, l.list) {
				lists = append(lists, l.list)
			}
		}
	}
	for _, list := range lists {
		networks := make([][]Layer, len(r.Sides))
		for side, c := range r.Sides {
			networks[side] = slices.DeleteFunc(slices.Clone(c.inside()), func(l Layer) bool { return l.list != list })
		}
		for _, row := range rows(networks) {
			row.List = list
			r.Children = append(r.Children, row)
		}
	}
	return r
}

func (c Cell) inside() []Layer {
	if c.Layer == nil {
		return nil
	}
	return c.Layer.inside
}

func beside(a Layer, b *Layer) Cell {
	if b == nil {
		return Cell{Status: Removed}
	}
	if c := changes(a, *b); len(c) > 0 || pairCost(a, *b) > 0 {
		return Cell{b, Changed, c}
	}
	return Cell{Layer: b, Status: Equal}
}

// gapCost is the cost of an unpaired layer. A pair of one kind costs at most as much, so it never shows as one removed
// and one added.
const gapCost = 1000

// align pairs the layers of b with those of a, in order, at the least total cost. Of equal alignments it takes the one
// that pairs first. added[i] are the unpaired layers of b before a's layer i, those at the end in added[len(a)];
// instead[i] is the partner of a's layer i, nil if it has none.
func align(a, b []Layer) (added [][]Layer, instead []*Layer) {
	cost := costs(a, b)
	added, instead = make([][]Layer, len(a)+1), make([]*Layer, len(a))
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i].pairs(b[j]) && cost[i][j] == pairCost(a[i], b[j])+cost[i+1][j+1]:
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

// costs returns the least costs of aligning the ends of two lists, [i][j] of a[i:] and b[j:], by dynamic
// programming (Needleman and Wunsch 1970).
func costs(a, b []Layer) [][]int {
	cost := make([][]int, len(a)+1)
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
				if a[i].pairs(b[j]) {
					cost[i][j] = min(cost[i][j], pairCost(a[i], b[j])+cost[i+1][j+1])
				}
			}
		}
	}
	return cost
}

// pairs reports whether two layers may be paired.
func (l Layer) pairs(other Layer) bool { return l.Kind == other.Kind && l.list == other.list }

// pairCost is gapCost times the share of what differs between two layers of one kind: their arguments,
// and the layers inside them. It is 0 only for equal layers.
func pairCost(a, b Layer) int {
	different := len(changes(a, b))
	cost := gapCost*different + costs(a.inside, b.inside)[0][0]
	if cost == 0 {
		return 0
	}
	parts := max(len(a.Args), len(b.Args), different) + len(a.inside) + len(b.inside)
	return max(1, cost/parts)
}

package compare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// network reads "conv:32:3 pool flatten": layers with unnamed arguments.
func network(text string) []Layer {
	layers := []Layer{}
	for i, word := range strings.Fields(text) {
		parts := strings.Split(word, ":")
		l := Layer{Index: i, Kind: parts[0]}
		for k, value := range parts[1:] {
			l.Args = append(l.Args, Argument{Key: string(rune('a' + k)), Value: value})
		}
		layers = append(layers, l)
	}
	return layers
}

// drawn is a row as text: each side's layer by its index, with a sign.
func drawn(r Row) string {
	words := make([]string, len(r.Sides))
	for i, c := range r.Sides {
		sign := map[string]string{Equal: "=", Changed: "~", Added: "+", Removed: "-"}[c.Status]
		if c.Layer != nil {
			sign += fmt.Sprint(c.Layer.Index)
		}
		for _, change := range c.Changes {
			sign += " " + change.Key
		}
		words[i] = sign
	}
	return strings.Join(words, "|")
}

func TestRows(t *testing.T) {
	for _, c := range []struct {
		name     string
		networks []string
		want     []string
	}{
		{"equal", []string{"flatten dense:10", "flatten dense:10"}, []string{"0|=0", "1|=1"}},
		{"changed", []string{"conv:32:3 dense:10", "conv:64:3 dense:10"}, []string{"0|~0 a", "1|=1"}},
		{"another kind", []string{"max:2 dense:10", "avg:2 dense:10"}, []string{"0|-", "|+0", "1|=1"}},
		{"added in front", []string{"flatten dense:10", "conv:3 pool flatten dense:10"},
			[]string{"|+0", "|+1", "0|=2", "1|=3"}},
		{"added at the end", []string{"flatten", "flatten dense:10"}, []string{"0|=0", "|+1"}},
		{"the equal one of two stays", []string{"dense:64 dense:10", "dense:10"}, []string{"0|-", "1|=0"}},
		{"the nearer one of two stays", []string{"conv:32:3 conv:64:5", "conv:64:3 conv:32:3 conv:64:5"},
			[]string{"|+0", "0|=1", "1|=2"}},
		{"the first of equals stays", []string{"dense:8 dense:8", "dense:8"}, []string{"0|=0", "1|-"}},
		{"all arguments changed", []string{"conv:1:2", "conv:3:4"}, []string{"0|~0 a b"}},
		{"an argument more", []string{"conv:1", "conv:1:4"}, []string{"0|~0 b"}},
		{"three", []string{"flatten dense:10", "conv:3 flatten dense:10", "pool:2 relu flatten dense:20"},
			[]string{"|+0|+0", "||+1", "0|=1|=2", "1|=2|~3 a"}},
		{"nothing", []string{"", "dense:10"}, []string{"|+0"}},
	} {
		var networks [][]Layer
		for _, text := range c.networks {
			networks = append(networks, network(text))
		}
		var got []string
		for _, r := range rows(networks) {
			got = append(got, drawn(r))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// nested reads a network whose layers may hold others: "conv:3 res{layers conv:3 relu}{shortcut conv:1}".
func nested(text string) []Layer {
	var layers []Layer
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		end := strings.IndexAny(text, " {")
		if end < 0 {
			end = len(text)
		}
		l := network(text[:end])[0]
		l.Index = len(layers)
		for text = text[end:]; strings.HasPrefix(text, "{"); {
			depth, last := 0, 0
			for last = range text {
				depth += strings.Count(text[last:last+1], "{") - strings.Count(text[last:last+1], "}")
				if depth == 0 {
					break
				}
			}
			list, inside, _ := strings.Cut(text[1:last], " ")
			for _, child := range nested(inside) {
				child.list = list
				l.inside = append(l.inside, child)
			}
			text = text[last+1:]
		}
		layers = append(layers, l)
	}
	return layers
}

// tree is rows and those of the layers inside, each below in its list.
func tree(rows []Row, indent string) []string {
	var lines []string
	for _, r := range rows {
		lines = append(lines, strings.TrimSpace(indent+r.List+" "+drawn(r)))
		lines = append(lines, tree(r.Children, indent+">")...)
	}
	return lines
}

func TestRowsOfLayersInside(t *testing.T) {
	const block = "res{layers conv:3 relu conv:3}"
	for _, c := range []struct {
		name     string
		networks []string
		want     []string
	}{
		{"equal", []string{block, block}, []string{"0|=0", ">layers 0|=0", ">layers 1|=1", ">layers 2|=2"}},
		{"changed inside", []string{block, "res{layers conv:3 conv:5}{shortcut conv:1}"}, []string{
			"0|~0", ">layers 0|=0", ">layers 1|-", ">layers 2|~1 a", ">shortcut |+0"}},
		{"added", []string{"dense:1", block + " dense:1"},
			[]string{"|+0", ">layers |+0", ">layers |+1", ">layers |+2", "0|=1"}},
		{"removed", []string{"res{layers relu}{shortcut relu}", ""}, []string{"0|-", ">layers 0|-", ">shortcut 0|-"}},
		{"another path is another place", []string{"res{layers relu conv:3}", "res{layers relu}{shortcut conv:3}"}, []string{
			"0|~0", ">layers 0|=0", ">layers 1|-", ">shortcut |+0"}},
		{"the nearer one of two stays", []string{"res{layers conv:3 relu}", "res{layers dense:1} res{layers conv:4 relu}"},
			[]string{
				"|+0", ">layers |+0", "0|~1", ">layers 0|~0 a", ">layers 1|=1"}},
		{"deeper", []string{"res{layers res{layers relu}}", "res{layers res{layers relu tanh}}", "res{layers relu}"},
			[]string{
				"0|~0|~0", ">layers 0|~0|-", ">>layers 0|=0|-", ">>layers |+1|", ">layers ||+0"}},
	} {
		var networks [][]Layer
		for _, text := range c.networks {
			networks = append(networks, nested(text))
		}
		if diff := cmp.Diff(c.want, tree(rows(networks), "")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// Every layer of every side stands once, in order, and no alignment costs less.
func TestRowsProperty(t *testing.T) {
	word := rapid.SampledFrom([]string{"conv:32:3", "conv:64:3", "conv:64:5", "pool:2", "relu", "dense:10", "dense:64"})
	words := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 7).Draw(t, "words"),
			" ")
	})
	rapid.Check(t, func(t *rapid.T) {
		networks := [][]Layer{network(words.Draw(t, "a")), network(words.Draw(t, "b")), network(words.Draw(t, "c"))}
		rows := rows(networks)
		for side, layers := range networks {
			next, cost := 0, 0
			for _, r := range rows {
				switch c := r.Sides[side]; {
				case c.Layer != nil && c.Layer.Index != next:
					t.Fatalf("side %d: layer %d, expected %d", side, c.Layer.Index, next)
				case c.Layer != nil:
					next++
				}
				switch c := r.Sides[side]; c.Status {
				case Added, Removed:
					cost += gapCost
				case Changed:
					cost += pairCost(*r.Sides[0].Layer, *c.Layer)
				}
			}
			if next != len(layers) {
				t.Fatalf("side %d: %d layers, expected %d", side, next, len(layers))
			}
			if least := leastCost(networks[0], layers); side > 0 && cost != least {
				t.Fatalf("side %d: costs %d, the least is %d", side, cost, least)
			}
		}
	})
}

// leastCost tries every alignment.
func leastCost(a, b []Layer) int {
	if len(a) == 0 || len(b) == 0 {
		return gapCost * (len(a) + len(b))
	}
	least := gapCost + min(leastCost(a[1:], b), leastCost(a, b[1:]))
	if a[0].Kind == b[0].Kind {
		least = min(least, pairCost(a[0], b[0])+leastCost(a[1:], b[1:]))
	}
	return least
}

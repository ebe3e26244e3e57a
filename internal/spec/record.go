package spec

import "strings"

// Parse reads the text of one resolved experiment, as [Experiment.Text] wrote it. name stands
// for the file in the faults. Such a text extends nothing and is no sweep.
func Parse(name string, text []byte) (*Experiment, Faults) {
	root, faults, ok := parse(name, text, ofRecord)
	if !ok {
		return nil, faults
	}
	loaded, found := sweep{Seeds: 1}.expand(root)
	if faults = append(faults, found...); len(faults) > 0 {
		faults.Sort()
		return nil, faults
	}
	return loaded[0], nil
}

// ParseItem reads an item that is an argument of a command: "name" or "name: {key: value}".
// The argument stands for the file in the faults. One that is blank is an item without a kind.
func ParseItem(text string) (Item, Faults) {
	pos := Pos{File: text}
	if strings.TrimSpace(text) == "" {
		return Item{Pos: pos}, nil
	}
	n, faults, _ := parse(text, []byte(text), ofFile)
	for i := range faults {
		faults[i].Pos = pos // a column of the argument would be mistaken for one of a file
	}
	var it Item
	if len(faults) == 0 {
		faults = it.DecodeNode(n.moved(pos), "the argument")
	}
	return it, faults
}

// Describe tells what a node holds, for messages of the form "expected ..., got ...".
func (n Node) Describe() string { return describe(n) }

// ArgsText writes an item's arguments on one line: "filters: 32, kernel: 7".
func (it Item) ArgsText() string {
	if it.Args.Kind == Null {
		return ""
	}
	text := flow(it.Args)
	if it.Args.Kind == Map {
		text = text[1 : len(text)-1]
	}
	return text
}

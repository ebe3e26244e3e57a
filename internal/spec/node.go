package spec

// find is the index of a map's key, or -1.
func (n Node) find(key string) int {
	for i, e := range n.Map {
		if e.Key == key {
			return i
		}
	}
	return -1
}

// lookup is the value of a map's key.
func (n Node) lookup(key string) (Node, bool) {
	if i := n.find(key); i >= 0 {
		return n.Map[i].Value, true
	}
	return Node{}, false
}

// with is the map with a key set, the others in their order. Trees share what they have in
// common (a sweep makes thousands from one), so a change copies the way down to it.
func (n Node) with(e Entry) Node {
	i := n.find(e.Key)
	entries := make([]Entry, len(n.Map), len(n.Map)+1)
	copy(entries, n.Map)
	if i >= 0 {
		entries[i] = e
	} else {
		entries = append(entries, e)
	}
	n.Map = entries
	return n
}

// without is the map with a key left out.
func (n Node) without(key string) Node {
	i := n.find(key)
	if i < 0 {
		return n
	}
	entries := make([]Entry, 0, len(n.Map)-1)
	entries = append(entries, n.Map[:i]...)
	n.Map = append(entries, n.Map[i+1:]...)
	return n
}

// moved is the tree with every position replaced by one: that of the option it came from.
func (n Node) moved(pos Pos) Node {
	n.Pos = pos
	list, entries := n.List, n.Map
	n.List, n.Map = nil, nil
	for _, child := range list {
		n.List = append(n.List, child.moved(pos))
	}
	for _, e := range entries {
		n.Map = append(n.Map, Entry{e.Key, pos, e.Value.moved(pos)})
	}
	return n
}

package record

// Checked is the result of checking an experiment file.
type Checked struct {
	File         string       `json:"file"`
	Experiment   string       `json:"experiment"` // its name
	Valid        bool         `json:"valid"`
	Faults       []CheckFault `json:"faults"`
	Parameters   int64        `json:"parameters"`
	MultiplyAdds int64        `json:"multiply_adds"` // for one example
	Layers       []CheckLayer `json:"layers"`
	Forecast
}

// Forecast is what a run of a network takes on this machine, null where unknown.
type Forecast struct {
	SecondsPerEpoch     *float64 `json:"seconds_per_epoch"` // of training, as the leaderboard's s/epoch
	EvalSecondsPerEpoch *float64 `json:"eval_seconds_per_epoch"`
	MemoryBytes         *int64   `json:"memory_bytes"` // at most
	Threads             *int     `json:"threads"`
}

// CheckFault is one fault. File is set only if it is not the checked file but one that it extends; Line 0 means that
// there is no position.
type CheckFault struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// CheckLayer is one layer. Shapes are without the batch dimension; costs include those of the layers inside.
type CheckLayer struct {
	List         string `json:"list,omitempty"` // of the layer around it; empty: the network's own
	Index        int    `json:"index"`
	Kind         string `json:"kind"`
	Args         string `json:"args,omitempty"` // short, as in "filters: 32, kernel: 7"
	Input        []int  `json:"input"`
	Output       []int  `json:"output"`
	Parameters   int64  `json:"parameters"`
	MultiplyAdds int64  `json:"multiply_adds"`

	Children []CheckLayer `json:"children,omitempty"`
}

// WithoutNulls copies the files so that every list is a list in JSON.
func WithoutNulls(files []Checked) []Checked {
	out := make([]Checked, len(files))
	for i, c := range files {
		c.Faults = append([]CheckFault{}, c.Faults...)
		c.Layers = layersWithoutNulls(c.Layers)
		out[i] = c
	}
	return out
}

func layersWithoutNulls(layers []CheckLayer) []CheckLayer {
	out := make([]CheckLayer, len(layers))
	for i, l := range layers {
		l.Input, l.Output = append([]int{}, l.Input...), append([]int{}, l.Output...)
		l.Children = layersWithoutNulls(l.Children)
		out[i] = l
	}
	return out
}

package record

// Tested is the outcome of evaluating a checkpoint on the test split.
type Tested struct {
	Run          string  `json:"run"`
	Experiment   string  `json:"experiment"`
	Checkpoint   string  `json:"checkpoint"`
	Samples      int     `json:"samples"`
	TestLoss     float64 `json:"test_loss"`
	TestAccuracy float64 `json:"test_accuracy"`
	// Looks is how often the run was evaluated on examples of the test split, this time included.
	Looks int `json:"test_looks"`
}

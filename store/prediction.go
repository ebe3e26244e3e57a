package store

// Prediction is what a network says about one example.
type Prediction struct {
	Index         int       // in the split it was drawn from
	Label         int       // the true class
	Logits        []float64 // one a class
	Probabilities []float64 // softmax of the logits
	Pixels        []byte    // (height, width, channels); only the figure needs them
}

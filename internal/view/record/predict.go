package record

import (
	"runner/store"
)

// predictionRecord is the JSON of a prediction.
type predictionRecord struct {
	Index         int      `json:"index"`
	Label         int      `json:"label"`
	Logits        []Number `json:"logits"`
	Probabilities []Number `json:"probabilities"`
}

func NewPredictionRecords(predictions []store.Prediction) []predictionRecord {
	records := make([]predictionRecord, len(predictions))
	for i, p := range predictions {
		records[i] = predictionRecord{p.Index, p.Label, numbers(p.Logits), numbers(p.Probabilities)}
	}
	return records
}

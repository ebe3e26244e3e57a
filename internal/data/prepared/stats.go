package prepared

import (
	"fmt"
	"slices"
)

// Stats are the figures of one batch file and of one example in it.
type Stats struct {
	Batch         int    `json:"batch"` // from 1
	Samples       int    `json:"samples"`
	LabelCounts   []int  `json:"label_counts"`
	First20Labels []int  `json:"first_20_labels"`
	Image         int    `json:"image"` // in the batch file's own order, from 0
	Min           int    `json:"min"`
	Max           int    `json:"max"`
	Shape         [3]int `json:"shape"` // height, width, channels
	Label         int    `json:"label"`
	Name          string `json:"name"`
}

// RangeError is the error of a batch file or sample that does not exist.
type RangeError struct{ message string }

func (e *RangeError) Error() string { return e.message }

// Stats returns the figures of a batch file, training and validation examples together, and the pixels of one of its
// samples: (height, width, channels).
func (d *Dataset) Stats(batch, sample int) (Stats, []byte, error) {
	if batch < 1 || batch > d.BatchFiles {
		return Stats{}, nil, &RangeError{fmt.Sprintf("%d batches in %s. %d is out of range.", d.BatchFiles, d.Name, batch)}
	}
	held := d.split(d.validation, sum(d.meta.Validation[:batch-1]), d.meta.Validation[batch-1:batch])
	parts := []*Split{d.Train(batch), held}
	s := Stats{
		Batch: batch, Samples: parts[0].Len() + parts[1].Len(), LabelCounts: make([]int, len(d.Classes)),
		Image: sample, Shape: d.Shape,
	}
	if sample < 0 || sample >= s.Samples {
		return Stats{}, nil, &RangeError{fmt.Sprintf("%d samples in batch %d. %d is out of range.", s.Samples, batch, sample)}
	}
	pixels, chosen := make([]byte, d.Pixels()), make([]byte, d.Pixels())
	number := 0
	for _, part := range parts {
		for i := range part.Len() {
			label, err := part.Pixels(i, pixels)
			if err != nil {
				return Stats{}, nil, err
			}
			s.LabelCounts[label]++
			if number < 20 {
				s.First20Labels = append(s.First20Labels, label)
			}
			if number == sample {
				s.Label, s.Name = label, d.Classes[label]
				copy(chosen, pixels)
			}
			number++
		}
	}
	s.Min, s.Max = int(slices.Min(chosen)), int(slices.Max(chosen))
	return s, chosen, nil
}

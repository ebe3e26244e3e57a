// Package storetest makes answers and settings for stores in the tests of several packages.
package storetest

import "runner/store"

// Answers are answers to a thousand examples of two classes, with the given accuracy.
func Answers(accuracy float64) store.Answers {
	a := store.NewAnswers(1000, 2)
	for i := range a.Examples {
		predicted := i % 2
		if float64(i) >= 1000*accuracy-0.25 {
			predicted = 1 - predicted
		}
		a.Set(i, i%2, predicted)
	}
	return a
}

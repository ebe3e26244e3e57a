// Package words holds what every medium says alike: numbers with their units, names that tell
// rows apart, axis labels, class names, shades and the colours that mean right and wrong.
//
// Its texts are harmless on a terminal ([Clean]) and fit a width in character cells. Fractions
// (accuracies, probabilities) become percentages here and nowhere else.
package words

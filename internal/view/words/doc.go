// Package words holds what every medium says alike: numbers with their units, names of rows, class names, sparklines.
//
// Its texts are harmless on a terminal ([Clean]) and fit a width in character cells. Fractions (accuracies,
// probabilities) become percentages only here.
package words

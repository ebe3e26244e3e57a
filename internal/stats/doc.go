// Package stats says which experiments differ significantly: intervals, tests and ranks as pure functions of numbers.
// It knows nothing of runs or of how results look. docs/statistics.md explains it to users.
//
// Compare judges a whole leaderboard at once:
//
//	groups ──Describe──> samples ──Bartlett──> pooled t, Welch or two proportions
//	                                               │
//	          ranks, more seeds <── Holm, or simultaneous intervals <──┘
//
// Accuracies are fractions, 0 to 1. Deviations and variances are of one seed,
// with n-1 in the denominator. P values are two-sided.
package stats

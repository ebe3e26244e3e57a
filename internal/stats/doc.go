// Package stats tells which experiments differ and which cannot be told apart:
// intervals, tests and ranks as pure functions of numbers. It knows nothing of
// runs or of how results look; docs/statistics.md is its account for users.
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

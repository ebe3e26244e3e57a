// Package standing compares experiments: it turns the runs in a store into the rows of a
// leaderboard. Its ranks separate only what tests separate.
//
//	store.Snapshot --standings--> --where--> --rank--> --sort, best of, limit--> Board
//
// A row is the runs of one resolved experiment, one for each seed. It ranks among the compared rows of its dataset;
// package stats says how. Measures lists the results of a row; filters, orders, columns and help read it. Nothing here
// knows how a table looks.
package standing

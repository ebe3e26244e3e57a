// Package standing compares experiments: it turns the runs in a store into the rows of a
// leaderboard, with ranks that tell apart only what can be told apart.
//
//	store.Snapshot --standings--> --where--> --rank--> --sort, best of, limit--> Board
//
// A row is the runs of one resolved experiment, one for each seed. Ranks are those among the rows of
// a dataset that are compared; package stats says how. What a row tells is the list Measures, which filters,
// orders, columns and help read. Nothing here knows how a table looks.
package standing

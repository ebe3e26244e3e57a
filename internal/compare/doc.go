// Package compare puts experiments side by side: their networks layer by layer, their settings,
// their accuracies over seeds, the answers of their runs, and their curves.
//
//	names --sides--> runs and their groups --+--align-----> layers
//	                                         +--differing-> settings
//	                                         +--stats-----> accuracies, answers
//	                                         +--epochs----> curves
//
// The first side is A, and the others are compared with it. Nothing here knows how a result looks.
package compare

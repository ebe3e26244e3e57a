// Package data holds the datasets that networks train on.
//
//	Item ──Find──> Named ──Open──> *Dataset ──> *Split ──Order, transforms──> mini-batches
//
// A [Kind] of dataset is a source: it describes itself and gives its examples. [Find]
// finds the one that an experiment names and decodes its arguments. [Named.Open]
// prepares it once, on disk, and opens what is prepared; [Named.OpenPrepared] never
// fetches.
//
//   - cifar, synthetic: the sources; another one is a folder beside them and a line in
//     kinds.go
//   - fetch: brings files here from a server or a path
//   - prepared: the prepared files, splits and mini-batches
//   - transform: what happens to an example on its way into a mini-batch; an
//     augmentation goes there
//
// Nothing here prints: Options.Tell hears what happens.
package data

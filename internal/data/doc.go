// Package data holds the datasets that networks train on.
//
//	Item ──Find──> Named ──Open──> *Dataset ──> *Split ──Order, transforms──> mini-batches
//
// A [Kind] of dataset has a [Source], which describes itself and gives its examples. [Find] finds the one that an
// experiment names and decodes its arguments. [Named.Open] prepares it once, on disk, and opens the prepared files;
// [Named.OpenPrepared] never fetches.
//
//   - cifar, synthetic: the sources; a new one is a folder beside them and an entry in kinds.go
//   - fetch: fetches files from a server or a path
//   - prepared: the prepared files, splits and mini-batches
//   - transform: what happens to an example on its way into a mini-batch; augmentations go here
//
// Nothing here prints: Options.Tell receives events.
package data

// Package data holds the datasets that networks train on.
//
//	source ──Get──> prepared files ──Open──> *Dataset ──> *Split ──Read──> a mini-batch
//
// [Get] fetches a dataset, or draws it, and prepares it once. [Open] reads what
// is prepared, and [OpenPrepared] does so without ever fetching. Opening compares
// sizes; [Dataset.Verify] reads all. A [Split] (train, validation, test) reads
// mini-batches straight from its file, so no more than one mini-batch is ever in
// memory; the order of an epoch's mini-batches is an [Order].
//
// # Batch files
//
// As CIFAR-10 comes in five batch files, every dataset does, whatever its
// source. Of each the last tenth is for validation, the rest for training.
//
// # Prepared files
//
// A dataset's folder holds train.bin, validation.bin and test.bin, the batch
// files one after another in each, and meta.json, which tells how many examples
// each contributes. An example is a record: one byte for the label, then the
// pixels as bytes in the order height, width, channels. The folder is made
// under another name and renamed when it is complete.
package data

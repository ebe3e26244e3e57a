// Package runner trains experiments.
//
//	spec.Experiment ──NewPlan──> Plan ──Train──> epochs ──Record──> store
//
// A [Plan] is an experiment whose network and optimizer have been checked; it
// needs no data. [Train] turns a plan and a dataset into an iterator over
// epochs: pulling the next epoch trains it. [Record] wraps that iterator so
// that every epoch is committed to the store before anybody sees it, and marks
// how the run ended. A training that was stopped, at whatever moment, goes on
// from its state in [LastFile] to the same bits (resume.go). [Replay] trains a recorded run again and
// compares. [Test] and [Predict] read a checkpoint back.
//
// The training loop does not know the mode: single-batch training is the same
// loop over a split of one batch file. A run in full mode is tested at its end.
package runner

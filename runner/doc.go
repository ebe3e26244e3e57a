// Package runner trains experiments.
//
//	spec.Experiment ──NewPlan──> Plan ──> Job ──Train──> epochs
//	                                             └──> Recorder ──> store, checkpoints
//
// A [Plan] is an experiment whose network and optimizer have been checked; it needs no data. A [Job] is a plan with its
// dataset. [Train] turns a job into an iterator over epochs: pulling the next epoch trains it, and a [Recorder] has it
// on record before anybody sees it. [Record] does so with a store, and marks how the run ended. A training that was
// stopped, at whatever moment, is resumed from its state in [LastFile] to the same bits. [Replay] trains a recorded run
// again and compares. [Test] and [Predict] read a checkpoint back.
//
// The training loop does not know the mode: single-batch training is the same loop over a split of one batch file. A
// run in full mode is tested at its end.
package runner

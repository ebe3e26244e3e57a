// Package store keeps what was trained, and how it went, in a folder:
//
//	runs/
//	  runner.db          SQLite: one row a run, one row an epoch
//	  runner.db.lock     held while a process opens or migrates the database
//	  runner.locks       a byte of it is locked for each run that is being trained, and for who writes
//	  3f9a01c4/          one folder a run, for its checkpoints
//	  .merge-3f9a01c4/   while a merge collects the files of a run
//
// A run is begun, logs its epochs and ends; every call is one transaction that is on the disk when
// the call returns, so an epoch that was shown cannot be lost:
//
//	s, err := store.Open(ctx, "runs")
//	run, err := s.Begin(ctx, store.Run{Experiment: "seed-cnn", Identity: ..., Group: ..., Mode: "full"},
//		store.Dataset{Name: "cifar10", Validation: 5000})
//	err = s.Log(ctx, run.ID, store.Epoch{Epoch: 1, ValAccuracy: 0.31, Seconds: 4.2}, answers)
//	err = s.End(ctx, run.ID, store.Finished, "", "")
//	snapshot, err := s.Snapshot(ctx, store.Filter{Mode: "full"})
//
// A run that was begun belongs to its process until it ends. When the process dies first, the run
// is interrupted for everybody who looks, and any process may Resume it. Claim does whatever has to
// be done for a run of some identity: nothing, resume, or begin.
//
// The files: store.go opens (database.go) and migrates (migrate_*.go), run.go and epoch.go write and read
// the records, claim.go and lock.go see to it that a run has one process and that writers take turns,
// find.go resolves what a person typed to a run. answers.go, curve.go, settings.go, dataset.go and
// test_uses.go keep what comparing reads, and snapshot.go and groups.go read it. check.go, gc.go and
// remove.go keep house; merge.go decides what becomes of another store's runs (merge_source.go), and
// merge_add.go, merge_extend.go and merge_extras.go do it.
//
// Losses are means over examples in nats, accuracies fractions 0..1, durations seconds, and times
// UTC. The package holds plain records and knows nothing of training. A folder may be moved or
// copied while nothing runs in it: no path is stored. Several processes may write to one store, on
// one machine: SQLite's write-ahead log needs shared memory, so a folder on a network file system
// must be used from one machine at a time.
package store

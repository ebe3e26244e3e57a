// Package store keeps what was trained, and how it went, in a folder:
//
//	runs/
//	  runner.db          SQLite: one row a run, one row an epoch
//	  runner.db.lock     held while a process opens or migrates the database
//	  runner.locks       a byte of it is locked for each run being trained, and by the writer
//	  3f9a01c4/          one folder a run, for its checkpoints
//	  .merge-3f9a01c4/   while a merge collects the files of a run
//
// A run is begun, logs its epochs and ends. Each call is one transaction, on the disk when the call
// returns, so an epoch that was shown cannot be lost:
//
//	s, err := store.Open(ctx, "runs")
//	run, err := s.Begin(ctx, store.Run{Experiment: "seed-cnn", Identity: ..., Group: ..., Mode: "full"},
//		store.Dataset{Name: "cifar10", Validation: 5000})
//	err = s.Log(ctx, run.ID, store.Epoch{Epoch: 1, ValAccuracy: 0.31, Seconds: 4.2}, answers)
//	err = s.End(ctx, run.ID, store.Finished, "", "")
//	snapshot, err := s.Snapshot(ctx, store.Filter{Mode: "full"})
//
// A run belongs to the process that began it until it ends. If the process dies first, the run is
// interrupted for everybody who looks, and any process may Resume it. Claim begins a run of some
// identity, resumes one, or finds that there is nothing to do.
//
// store.go opens the database (database.go, migrate_*.go). rows.go is how all files read and write it:
// run.go and epoch.go the records, answers.go, curve.go, settings.go, dataset.go and test_uses.go what
// comparing needs, which snapshot.go and groups.go read. claim.go and lock.go give each run one process
// and let writers take turns. merge.go decides what becomes of the runs of another store
// (merge_source.go), which merge_add.go and merge_extend.go do. check.go and gc.go keep house.
//
// Losses are means over examples in nats, accuracies fractions 0..1, durations seconds, and times UTC.
// A folder may be moved or copied while nothing runs in it: no path is stored. Several processes of
// one machine may write to one store. SQLite's write-ahead log needs shared memory, so a folder on a
// network file system must be used from one machine at a time.
package store

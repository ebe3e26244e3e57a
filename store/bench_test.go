package store

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkLog times the commit of one epoch, including the disk's sync, while nobody else writes.
// TestProcessesWriteAtOnce says how long it takes beside other writers.
func BenchmarkLog(b *testing.B) {
	s := openStore(b, b.TempDir())
	r := begin(b, s, nil)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		logEpoch(b, s, r.ID, len(took)+1, 0.5, 1)
		took = append(took, time.Since(start))
	}
	median, p99, longest := spread(took)
	b.ReportMetric(median.Seconds()*1e3, "median-ms")
	b.ReportMetric(p99.Seconds()*1e3, "p99-ms")
	b.ReportMetric(longest.Seconds()*1e3, "max-ms")
}

// BenchmarkGroups times what a leaderboard reads of a thousand runs of 50 epochs: 200 experiments with
// five seeds each.
func BenchmarkGroups(b *testing.B) {
	s := openStore(b, b.TempDir())
	generate(b, s, 1000, 50)
	for b.Loop() {
		groups, err := groupsOf(b.Context(), s, Filter{Mode: "full"})
		if err != nil || len(groups) != 200 {
			b.Fatal(len(groups), err)
		}
	}
}

// generate fills an empty store, five seeds an experiment, in one transaction and without folders: Log
// would wait for the disk after each epoch.
func generate(b *testing.B, s *Store, runs, epochs int) {
	b.Helper()
	r := example()
	r.Status, r.Started, r.Finished = Finished, time.Now(), time.Now()
	r.Config = strings.Repeat("# a line of an experiment file\n", 60)
	r.Logged, r.Seconds, r.BestEpoch = epochs, float64(epochs), new(1)
	c := r.columns()
	err := s.write(b.Context(), "generate", func(tx *transaction) error {
		for i := range runs {
			r.ID, r.Group, r.Seed = fmt.Sprintf("%08x", i), fmt.Sprintf("%064x", i/5), int64(i%5)
			r.BestValAccuracy = new(float64(i*7919%1000) / 1000)
			if err := tx.exec(b.Context(), c.insert("runs"), c.fields()...); err != nil {
				return err
			}
		}
		return tx.exec(b.Context(), `
			WITH RECURSIVE n (epoch) AS (SELECT 1 UNION ALL SELECT epoch + 1 FROM n WHERE epoch < ?)
			INSERT INTO epochs SELECT number, epoch, 0, 0, 0, 0.5, 0, 1, 0, '' FROM runs, n`, epochs)
	})
	if err != nil {
		b.Fatal(err)
	}
}

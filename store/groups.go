package store

import (
	"context"
	"database/sql"
)

// Group is the runs of one resolved experiment, one for each seed. Runs are grouped by content, never by name.
type Group struct {
	ID                       string // Run.Group
	Experiment               string // the name in the latest run
	Mode, Dataset            string
	Fingerprint              string // Run.Fingerprint, which is part of the identity
	InitFrom                 string // Run.InitFrom, which is part of the identity
	Parameters, MultiplyAdds int64
	Memory                   int64 // bytes that training takes, estimated; 0: not recorded
	// Runs are in order of beginning. Of a seed with several runs the latest finished one counts,
	// else the latest with an epoch, else the latest.
	Runs []GroupRun
}

// GroupRun is what comparing needs of a run.
type GroupRun struct {
	Number  int64 // in order of beginning
	ID      string
	Seed    int64
	Status  Status
	Logged  int     // epochs
	Seconds float64 // training time of all of them
	// The best epoch, and the validation accuracy of it and of the last one; 0 without an epoch.
	BestEpoch                        int
	BestValAccuracy, LastValAccuracy float64
	TestAccuracy                     *float64 // of the best epoch, nil if it was not tested
	TestUses                         int      // evaluations on examples of the test split, of all the seed's runs
}

// readGroups returns what f picks, each group with at least one run, in order of their IDs. lost are the runs that
// are recorded as running but have no process.
func readGroups(ctx context.Context, q querier, f Filter, lost map[string]bool) ([]Group, error) {
	var groups []Group
	var runs []GroupRun    // of all groups, one after another
	var first []int        // of each group, in runs
	var r GroupRun         // here and not in the loop: what Scan writes to is on the heap
	var g Group            // likewise
	var logged, best int64 // as SQLite has them: Scan converts to an int by way of text
	fields := []any{
		&g.ID, &r.Number, &r.ID, &r.Seed, &r.Status, &logged, &r.Seconds, &best, &r.BestValAccuracy, &r.LastValAccuracy,
		&r.TestAccuracy, &g.Experiment, &g.Mode, &g.Dataset, &g.InitFrom, &g.Parameters, &g.MultiplyAdds, &g.Memory,
	}
	// An index holds all of it: ten thousand runs are read without their configurations.
	err := each(ctx, q, func(rows *sql.Rows) error {
		if err := rows.Scan(fields...); err != nil {
			return err
		}
		if last := len(groups) - 1; last < 0 || groups[last].ID != g.ID {
			if last >= 0 && g.Dataset == groups[last].Dataset {
				g.Dataset = groups[last].Dataset // the same memory: such texts compare fast
			}
			groups, first = append(groups, g), append(first, len(runs))
		}
		here := &groups[len(groups)-1]
		here.Experiment, here.Memory = g.Experiment, max(here.Memory, g.Memory)
		r.Logged, r.BestEpoch = int(logged), int(best)
		if r.Status == Running && lost[r.ID] {
			r.Status = Interrupted
		}
		runs = append(runs, r)
		return nil
	}, `SELECT seedless_identity, number, id, seed, status, logged_epochs, seconds,
			coalesce(best_epoch, 0), coalesce(best_val_accuracy, 0), coalesce(last_val_accuracy, 0), test_accuracy,
			experiment, mode, dataset, init_from, parameters, multiply_adds, memory
		FROM runs WHERE `+matchesFilter+` ORDER BY seedless_identity, number`, f.Mode, f.Dataset)
	if err != nil {
		return nil, err
	}
	if err := fingerprint(ctx, q, groups); err != nil {
		return nil, err
	}
	uses, err := testUsesOfEach(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		runs[i].TestUses = uses[runs[i].Number]
	}
	first = append(first, len(runs))
	for i := range groups {
		groups[i].Runs = runs[first[i]:first[i+1]:first[i+1]]
		groups[i].count()
	}
	return groups, nil
}

// fingerprint sets the groups' fingerprints. To read one with each run would take a tenth longer, and mostly all
// runs on a dataset have the same.
func fingerprint(ctx context.Context, q querier, groups []Group) error {
	byDataset, several := make(map[string]string), make(map[string]bool)
	err := each(ctx, q, func(rows *sql.Rows) error {
		var dataset, fingerprint string
		err := rows.Scan(&dataset, &fingerprint)
		_, several[dataset] = byDataset[dataset]
		byDataset[dataset] = fingerprint
		return err
	}, `SELECT DISTINCT dataset, fingerprint FROM runs`)
	if err != nil {
		return err
	}
	var byGroup map[string]string // where a dataset has several
	for i := range groups {
		g := &groups[i]
		if !several[g.Dataset] {
			g.Fingerprint = byDataset[g.Dataset]
			continue
		}
		if byGroup == nil {
			byGroup, err = pairs[string, string](ctx, q, `SELECT seedless_identity, fingerprint FROM runs`)
			if err != nil {
				return err
			}
		}
		g.Fingerprint = byGroup[g.ID]
	}
	return nil
}

// count leaves the runs that count, with the test uses of all runs of their seeds.
func (g *Group) count() {
	all := g.Runs
	g.Runs = make([]GroupRun, 0, len(all))
next:
	for i := range all {
		r, uses := &all[i], 0
		for j := range all {
			other := &all[j]
			if other.Seed != r.Seed {
				continue
			}
			uses += other.TestUses
			if other.counts() > r.counts() || other.counts() == r.counts() && j > i {
				continue next
			}
		}
		g.Runs = append(g.Runs, *r)
		g.Runs[len(g.Runs)-1].TestUses = uses
	}
}

// counts orders the runs of one seed: the greatest counts.
func (r *GroupRun) counts() int {
	switch {
	case r.Status == Finished:
		return 2
	case r.Logged > 0:
		return 1
	}
	return 0
}

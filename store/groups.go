package store

import "context"

// Group is the runs of one resolved experiment, one for each seed. Runs belong together by content,
// never by name.
type Group struct {
	ID                       string // Run.Group
	Experiment               string // the latest run's name for it
	Mode, Dataset            string
	Fingerprint              string // Run.Fingerprint, which is part of the identity
	InitFrom                 string // Run.InitFrom, which is part of the identity
	Parameters, MultiplyAdds int64
	Memory                   int64 // bytes that training takes, estimated; 0 of a version that did not record it
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

// readGroups returns what f picks, each group with a run at least, in order of their IDs. lost are the runs that are
// recorded as running and are not.
func readGroups(ctx context.Context, q querier, f Filter, lost map[int64]string) ([]Group, error) {
	// All of it stands in an index: ten thousand runs are read without their configurations.
	rows, err := q.QueryContext(ctx, `SELECT seedless_identity, number, id, seed, status, logged_epochs, seconds,
			coalesce(best_epoch, 0), coalesce(best_val_accuracy, 0), coalesce(last_val_accuracy, 0), test_accuracy,
			experiment, mode, dataset, init_from, parameters, multiply_adds, memory
		FROM runs WHERE `+matchesFilter+` ORDER BY seedless_identity, number`, f.Mode, f.Dataset)
	if err != nil {
		return nil, err
	}
	var groups []Group
	var runs []GroupRun // of all groups, one after another
	var first []int     // of each group, in runs
	if err := func() error {
		defer rows.Close()
		var r GroupRun // here and not in the loop: what Scan writes to is on the heap
		var g Group
		var logged, best int64 // as they come: Scan makes an int of a text of them
		for rows.Next() {
			err := rows.Scan(&g.ID, &r.Number, &r.ID, &r.Seed, &r.Status, &logged, &r.Seconds,
				&best, &r.BestValAccuracy, &r.LastValAccuracy, &r.TestAccuracy,
				&g.Experiment, &g.Mode, &g.Dataset, &g.InitFrom, &g.Parameters, &g.MultiplyAdds, &g.Memory)
			if err != nil {
				return err
			}
			if last := len(groups) - 1; last < 0 || groups[last].ID != g.ID {
				if last >= 0 && g.Dataset == groups[last].Dataset {
					g.Dataset = groups[last].Dataset // of one memory, equal texts compare at once
				}
				groups, first = append(groups, g), append(first, len(runs))
			}
			here := &groups[len(groups)-1]
			here.Experiment, here.Memory = g.Experiment, max(here.Memory, g.Memory)
			r.Logged, r.BestEpoch = int(logged), int(best)
			if r.Status == Running && lost[r.Number] != "" {
				r.Status = Interrupted
			}
			runs = append(runs, r)
		}
		return rows.Err()
	}(); err != nil {
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

// fingerprint fills in the groups' fingerprints. Reading one with each run would take a tenth longer, and mostly
// all runs on a dataset have the same.
func fingerprint(ctx context.Context, q querier, groups []Group) error {
	rows, err := q.QueryContext(ctx, `SELECT DISTINCT dataset, fingerprint FROM runs`)
	if err != nil {
		return err
	}
	type data struct{ dataset, fingerprint string }
	all, err := collect(rows, func(d *data) []any { return []any{&d.dataset, &d.fingerprint} })
	if err != nil {
		return err
	}
	of := make(map[string][]string) // by dataset
	several := false
	for _, d := range all {
		of[d.dataset] = append(of[d.dataset], d.fingerprint)
		several = several || len(of[d.dataset]) > 1
	}
	byGroup := make(map[string]string) // where a dataset has several
	if several {
		rows, err := q.QueryContext(ctx, `SELECT seedless_identity, fingerprint FROM runs`)
		if err != nil {
			return err
		}
		type run struct{ group, fingerprint string }
		runs, err := collect(rows, func(r *run) []any { return []any{&r.group, &r.fingerprint} })
		if err != nil {
			return err
		}
		for _, r := range runs {
			byGroup[r.group] = r.fingerprint
		}
	}
	for i := range groups {
		if one := of[groups[i].Dataset]; len(one) == 1 {
			groups[i].Fingerprint = one[0]
		} else {
			groups[i].Fingerprint = byGroup[groups[i].ID]
		}
	}
	return nil
}

// count leaves the runs that count. Uses of the test split do, whichever run they were of.
func (g *Group) count() {
	counted := g.Runs[:0]
next:
	for _, r := range g.Runs {
		for i := range counted {
			c := counted[i]
			if c.Seed != r.Seed {
				continue
			}
			uses := c.TestUses + r.TestUses
			if r.counts() >= c.counts() {
				counted = append(append(counted[:i], counted[i+1:]...), r)
				i = len(counted) - 1
			}
			counted[i].TestUses = uses
			continue next
		}
		counted = append(counted, r)
	}
	g.Runs = counted
}

// counts orders the runs of one seed: the greatest counts.
func (r GroupRun) counts() int {
	switch {
	case r.Status == Finished:
		return 2
	case r.Logged > 0:
		return 1
	}
	return 0
}

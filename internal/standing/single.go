package standing

import "runner/store"

// Single is the board of one run alone, without the other seeds of its experiment. looks is how often it was evaluated
// on examples of the test split of its dataset, on.
func Single(run store.Run, epochs []store.Epoch, looks int, on store.Dataset) Board {
	r := store.GroupRun{
		ID: run.ID, Seed: run.Seed, Status: run.Status, Logged: run.Logged, Seconds: run.Seconds,
		TestAccuracy: run.TestAccuracy, TestUses: looks,
	}
	if run.Logged > 0 {
		r.BestEpoch, r.BestValAccuracy, r.LastValAccuracy = *run.BestEpoch, *run.BestValAccuracy, *run.LastValAccuracy
	}
	row := newStanding(store.Group{
		ID: run.Group, Experiment: run.Experiment, Mode: run.Mode,
		Dataset: run.Dataset, Fingerprint: run.Fingerprint, InitFrom: run.InitFrom,
		Parameters: run.Parameters, MultiplyAdds: run.MultiplyAdds, Memory: run.Memory, Runs: []store.GroupRun{r},
	}, false)
	for _, e := range epochs {
		row.Curve = append(row.Curve, e.ValAccuracy)
	}
	tests := rank([]*Standing{row}, []store.Dataset{on})
	markPareto([]*Standing{row})
	return Board{Standings: []Standing{*row}, TestUses: looks, Tests: tests}
}

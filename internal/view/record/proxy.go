package record

import "runner/internal/standing"

// proxy is the JSON of how the two modes order experiments.
type proxy struct {
	Tau         *float64        `json:"kendall_tau"`
	Low         *float64        `json:"kendall_tau_low"` // of the 95% interval
	High        *float64        `json:"kendall_tau_high"`
	Experiments []standing.Pair `json:"experiments"`
}

// NewProxy is the JSON of a comparison of the two modes.
func NewProxy(p standing.Proxy) any {
	r := proxy{Experiments: append([]standing.Pair{}, p.Pairs...)}
	if c := p.Correlation; c != nil {
		r.Tau = &c.Tau
		if c.Interval != nil {
			r.Low, r.High = &c.Interval.Low, &c.Interval.High
		}
	}
	return r
}

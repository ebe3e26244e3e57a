package term

import (
	"fmt"
	"io"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"runner/internal/data"
)

// Preparation shows how a dataset is fetched and prepared: a transfer as a bar on a terminal, and as a line every tenth
// elsewhere.
type Preparation struct {
	w        io.Writer
	movable  bool  // w is a terminal whose cursor can be moved
	told     int64 // tenths of the transfer
	progress *mpb.Progress
	bar      *mpb.Bar
}

// NewPreparation returns one that writes to w. movable says that w is a terminal whose cursor can be moved.
func NewPreparation(w io.Writer, movable bool) *Preparation {
	return &Preparation{w: w, movable: movable}
}

// Tell shows what happened.
func (p *Preparation) Tell(e data.Event) {
	switch {
	case e.Note != "":
		fmt.Fprintln(p.w, e.Note)
	case p.movable:
		p.moveBar(e)
	case e.Over:
		p.told = 0
	case e.Total > 0:
		if tenths := e.Done * 10 / e.Total; tenths > p.told {
			fmt.Fprintf(p.w, "fetching: %d%% of %.1f MB\n", e.Done*100/e.Total, float64(e.Total)/1e6)
			p.told = tenths
		}
	}
}

// moveBar draws the bar, moves it and removes it at the end, complete or not.
func (p *Preparation) moveBar(e data.Event) {
	if p.bar == nil {
		p.progress = mpb.New(mpb.WithOutput(p.w), mpb.WithAutoRefresh())
		p.bar = p.progress.AddBar(e.Total,
			mpb.PrependDecorators(decor.Name("fetching "), decor.CountersKibiByte("% .1f / % .1f")),
			mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
		p.bar.SetRefill(e.Done)
	}
	p.bar.SetCurrent(e.Done)
	if e.Over {
		p.bar.Abort(false)
		p.progress.Wait()
		p.bar = nil
	}
}

package data

import (
	"fmt"
	"io"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// meter shows how far a transfer has come: a bar on a terminal, a line every
// tenth elsewhere.
type meter struct {
	o           Options
	what        string
	done, total int64 // bytes; total 0: unknown
	told        int64 // tenths
	progress    *mpb.Progress
	bar         *mpb.Bar
}

func newMeter(o Options, what string, done, total int64) *meter {
	m := &meter{o: o, what: what, done: done, total: total}
	if o.Terminal {
		m.progress = mpb.New(mpb.WithOutput(o.Progress), mpb.WithAutoRefresh())
		m.bar = m.progress.AddBar(total,
			mpb.PrependDecorators(decor.Name(what+" "), decor.CountersKibiByte("% .1f / % .1f")),
			mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
		m.bar.SetCurrent(done)
		m.bar.SetRefill(done)
	}
	return m
}

// reader counts what is read from r.
func (m *meter) reader(r io.Reader) io.Reader { return counter{r, m} }

type counter struct {
	io.Reader
	m *meter
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.m.add(int64(n))
	return n, err
}

func (m *meter) add(n int64) {
	m.done += n
	if m.bar != nil {
		m.bar.IncrInt64(n)
		return
	}
	if m.total > 0 && m.done*10/m.total > m.told {
		m.told = m.done * 10 / m.total
		fmt.Fprintf(m.o.Progress, "%s: %d%% of %.1f MB\n", m.what, m.done*100/m.total, float64(m.total)/1e6)
	}
}

// stop takes the bar down, complete or not.
func (m *meter) stop() {
	if m.bar != nil {
		m.bar.Abort(false)
		m.progress.Wait()
	}
}

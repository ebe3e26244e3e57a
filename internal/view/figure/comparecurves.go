package figure

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/compare"
	"runner/internal/view/words"
)

// curvePlot is one quantity of all sides, epoch by epoch.
type curvePlot struct {
	title     string
	lines     []curveLine
	last      int     // epoch
	low, high float64 // of the axis
}

// curveLine is the curve of a side without a gap.
type curveLine struct {
	side   int
	label  string // of the side, at the end of its last line
	epochs []int
	bands  []compare.Band
}

// newCurvePlot joins the epochs that have a value, times scale. It has no lines where none has.
func newCurvePlot(title string, all []compare.Curve, scale float64, value func(compare.Point) *compare.Band) curvePlot {
	p := curvePlot{title: title, low: math.Inf(1), high: math.Inf(-1)}
	for side, one := range all {
		gap, before := true, len(p.lines)
		for _, point := range one.Points {
			band := value(point)
			if band == nil {
				gap = true
				continue
			}
			if gap {
				p.lines = append(p.lines, curveLine{side: side})
				gap = false
			}
			b := compare.Band{Mean: scale * band.Mean, Least: scale * band.Least, Greatest: scale * band.Greatest}
			l := &p.lines[len(p.lines)-1]
			l.epochs, l.bands = append(l.epochs, point.Epoch), append(l.bands, b)
			p.low, p.high, p.last = min(p.low, b.Least), max(p.high, b.Greatest), max(p.last, point.Epoch)
		}
		if len(p.lines) > before {
			p.lines[len(p.lines)-1].label = one.Label
		}
	}
	room := max((p.high-p.low)/20, math.Abs(p.high)/1000, 1e-9)
	p.low, p.high = p.low-room, p.high+room
	return p
}

// draw draws the plot, the upper left corner of its panel at (left, top).
func (p curvePlot) draw(c draw.Canvas, f fonts, left, top vg.Length) {
	x0, y1 := snap(left+axisWidth), snap(top-titleHeight)
	y0 := y1 - plotHeight
	x := func(epoch int) vg.Length {
		if p.last == 1 {
			return x0 + plotWidth/2
		}
		return x0 + plotWidth*vg.Length(float64(epoch-1)/float64(p.last-1))
	}
	y := func(v float64) vg.Length { return y0 + plotHeight*vg.Length((v-p.low)/(p.high-p.low)) }

	write(c, f.name, text.XCenter, x0+plotWidth/2, top-titleHeight/2, p.title)
	label := words.AxisLabel(p.low, p.high)
	for _, v := range words.Ticks(p.low, p.high, 6) {
		line(c, words.GridColor, x0, y(v), x0+plotWidth, y(v))
		write(c, f.small, text.XRight, x0-10*dot, y(v), label(v))
	}
	for _, epoch := range epochTicks(p.last) {
		line(c, words.FaintColor, x(epoch), y0, x(epoch), y0-6*dot)
		write(c, f.small, text.XCenter, x(epoch), y0-22*dot, strconv.Itoa(epoch))
	}
	write(c, f.small, text.XCenter, x0+plotWidth/2, y0-50*dot, "epoch")
	line(c, words.FaintColor, x0, y0, x0+plotWidth, y0)
	line(c, words.FaintColor, x0, y0, x0, y1)

	for _, l := range p.lines {
		var edge []vg.Point
		for i, b := range l.bands {
			edge = append(edge, vg.Point{X: x(l.epochs[i]), Y: y(b.Greatest)})
		}
		for i, b := range slices.Backward(l.bands) {
			edge = append(edge, vg.Point{X: x(l.epochs[i]), Y: y(b.Least)})
		}
		shade := sideColors[l.side]
		c.FillPolygon(color.NRGBA{shade.R, shade.G, shade.B, 0x30}, edge)
	}
	for _, l := range p.lines {
		var mean []vg.Point
		for i, b := range l.bands {
			mean = append(mean, vg.Point{X: x(l.epochs[i]), Y: y(b.Mean)})
		}
		if len(mean) == 1 {
			fill(c, sideColors[l.side], mean[0].X-5*dot, mean[0].Y-5*dot, 10*dot, 10*dot)
		}
		strokeSide(c, l.side, mean)
	}
	p.drawEnds(c, f, x, y)
}

// drawEnds writes each side's letter at the end of its curve, those that would meet above each other.
func (p curvePlot) drawEnds(c draw.Canvas, f fonts, x func(int) vg.Length, y func(float64) vg.Length) {
	const height = 24 * dot
	type end struct {
		curveLine
		x, y vg.Length
	}
	var ends []end
	for _, l := range p.lines {
		if last := len(l.bands) - 1; l.label != "" {
			ends = append(ends, end{l, x(l.epochs[last]), y(l.bands[last].Mean)})
		}
	}
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.y, b.y) })
	for i := range ends {
		for _, below := range ends[:i] {
			if ends[i].x == below.x {
				ends[i].y = max(ends[i].y, below.y+height)
			}
		}
		style := f.strong
		style.Color = sideColors[ends[i].side]
		write(c, style, text.XLeft, ends[i].x+8*dot, ends[i].y, ends[i].label)
	}
}

// epochTicks are the first epoch and round ones after it.
func epochTicks(last int) []int {
	step := 1
	for _, m := range []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if step = m; last/step <= 8 {
			break
		}
	}
	for last/step > 8 { // of a very long training
		step *= 2
	}
	epochs := []int{1}
	for e := step; e <= last; e += step {
		if e > 1 && (e-1)*8 >= step { // not onto the first
			epochs = append(epochs, e)
		}
	}
	return epochs
}

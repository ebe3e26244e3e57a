package figure

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/compare"
	"runner/internal/view/words"
)

// heatMap is the confusion matrix of a run less that of A's.
type heatMap struct {
	title  string
	by     [][]int  // (classes, classes)
	names  []string // of the classes, cut
	shifts []compare.Shift
	most   int       // the greatest absolute difference, at least 1
	labels vg.Length // width of the names
}

func newHeatMap(a compare.Answers, classes []string, f fonts) heatMap {
	m := heatMap{
		title:  fmt.Sprintf("confusion on validation, %s less A", a.Label),
		shifts: a.Shifts(), most: 1,
	}
	for label, row := range a.Confusion {
		by := make([]int, len(row))
		for class, n := range row {
			by[class] = n - a.ConfusionA[label][class]
			m.most = max(m.most, by[class], -by[class])
		}
		name := cut(f.small, words.ClassName(classes, label), longestName)
		m.by, m.names, m.labels = append(m.by, by), append(m.names, name), max(m.labels, f.small.Width(name))
	}
	return m
}

func (m heatMap) side() vg.Length { return vg.Length(len(m.by)) * cellSide }

// caption is the room of an axis' own name.
const caption = 30 * dot

func (m heatMap) width() vg.Length {
	return caption + m.labels + 10*dot + m.side() + columnGap/2 + scaleWidth + scaleLabels
}

func (m heatMap) height() vg.Length { return titleHeight + m.side() + 10*dot + m.labels + caption }

// draw draws the map, the upper left corner of its panel at (left, top). Rows are the classes of the
// examples, columns what they were taken for.
func (m heatMap) draw(c draw.Canvas, f fonts, left, top vg.Length) {
	x0, y1 := snap(left+caption+m.labels+10*dot), snap(top-titleHeight)
	y0, middle := y1-m.side(), x0+m.side()/2
	write(c, f.name, text.XCenter, middle, top-titleHeight/2, m.title)
	for i, row := range m.by {
		y := y1 - vg.Length(i+1)*cellSide
		write(c, f.small, text.XRight, x0-10*dot, y+cellSide/2, m.names[i])
		upright(c, f.small, text.XRight, x0+vg.Length(i)*cellSide+cellSide/2, y0-10*dot, m.names[i])
		for j, by := range row {
			x := x0 + vg.Length(j)*cellSide
			fill(c, diverging(by, m.most), x, y, cellSide, cellSide)
			style := f.small
			style.Color = words.InkColor
			if 10*max(by, -by) > 7*m.most { // dark enough for it
				style.Color = color.White
			}
			if by != 0 {
				write(c, style, text.XCenter, x+cellSide/2, y+cellSide/2, fmt.Sprintf("%+d", by))
			}
		}
	}
	for i := range len(m.by) + 1 {
		at := vg.Length(i) * cellSide
		line(c, words.GridColor, x0, y0+at, x0+m.side(), y0+at)
		line(c, words.GridColor, x0+at, y0, x0+at, y1)
	}
	for i := range m.by { // where the answer is right
		at := vg.Length(i) * cellSide
		frame(c, x0+at, y1-at-cellSide)
	}
	upright(c, f.small, text.XCenter, left+caption/2, y0+m.side()/2, "class of the example")
	write(c, f.small, text.XCenter, middle, y0-10*dot-m.labels-caption/2, "taken for")
	m.drawScale(c, f, x0+m.side()+columnGap/2, y0)
}

// drawScale says what the colours mean, its lower left corner at (x, y).
func (m heatMap) drawScale(c draw.Canvas, f fonts, x, y vg.Length) {
	const steps = 64
	height := m.side() / steps
	for i := range steps { // each up to the end, since a canvas blurs where two only meet
		at := vg.Length(i) * height
		fill(c, divergingAt(2*(float64(i)+0.5)/steps-1), x, y+at, scaleWidth, m.side()-at)
	}
	for _, v := range []int{-m.most, 0, m.most} {
		at := y + m.side()/2*vg.Length(1+float64(v)/float64(m.most))
		line(c, words.FaintColor, x+scaleWidth, at, x+scaleWidth+6*dot, at)
		write(c, f.small, text.XLeft, x+scaleWidth+10*dot, at, signed(v))
	}
}

// signed writes a difference with its sign, which 0 has none of.
func signed(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%+d", n)
}

func frame(c draw.Canvas, x, y vg.Length) {
	for _, e := range [][4]vg.Length{{0, 0, 1, 0}, {1, 0, 1, 1}, {1, 1, 0, 1}, {0, 1, 0, 0}} {
		line(c, words.InkColor, x+e[0]*cellSide, y+e[1]*cellSide, x+e[2]*cellSide, y+e[3]*cellSide)
	}
}

// upright writes a line from below to above, horizontally centred at x.
func upright(c draw.Canvas, style text.Style, align text.XAlignment, x, y vg.Length, words string) {
	style.Rotation, style.XAlign = math.Pi/2, align
	c.FillText(style, vg.Point{X: x, Y: y}, words)
}

func diverging(by, most int) color.Color { return divergingAt(float64(by) / float64(most)) }

// divergingAt goes from the blue of Okabe and Ito at -1 through white to their vermillion at 1, which
// people with any kind of colour vision can tell apart.
func divergingAt(at float64) color.Color {
	end, share := sideColors[1], math.Abs(at)
	if at < 0 {
		end = sideColors[0]
	}
	mix := func(to byte) byte { return byte(math.Round(255 + share*(float64(to)-255))) }
	return color.RGBA{mix(end.R), mix(end.G), mix(end.B), 0xff}
}

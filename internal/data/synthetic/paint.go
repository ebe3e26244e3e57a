package synthetic

import "math"

// These settle how hard the pictures are; drawBatch says how hard that is.
const (
	minContrast = 80  // figure's luminance above the background's
	maxSpread   = 40  // of the background's colours around their mean
	maxStrokes  = 3   // behind the figure
	occluded    = 0.3 // share of the figures with a stroke across them
	maxNoise    = 30  // half the width of the noise's range
	maxShift    = 3   // pixels from the centre, each way
	minRadius   = 9   // pixels
	maxRadius   = 13  // pixels
	minSquash   = 0.8 // short axis over long axis
	figureReach = 1.3 // no figure reaches farther from its centre, in radii
)

// A colour is red, green and blue, 0 to 255.
type colour [3]float64

// luminance is how bright a colour looks, 0 to 255.
func (a colour) luminance() float64 { return 0.3*a[0] + 0.6*a[1] + 0.1*a[2] }

// canvas is a picture being drawn, row by row, before noise and rounding.
type canvas [area]colour

// draw paints one picture: a background, strokes that mean nothing, the
// figure that the label names, and perhaps a stroke across it. Figures are
// always the brighter part: with both polarities a small network needs far
// more pictures than there are.
func (c *canvas) draw(d *draws, shape func(*draws) outline) {
	ground, figure := d.colour(), d.colour()
	for figure.luminance() < ground.luminance()+minContrast {
		ground, figure = d.colour(), d.colour()
	}
	c.background(d, ground)
	for range d.intN(maxStrokes + 1) {
		c.stroke(d, d.uniform(0, side), d.uniform(0, side), d.uniform(0.5, 1.2))
	}
	x, y := c.figure(d, shape(d), figure)
	if d.uniform(0, 1) < occluded {
		c.stroke(d, x+d.uniform(-6, 6), y+d.uniform(-6, 6), d.uniform(1, 2))
	}
}

// background mixes the colours of a square lattice of 1 to 5 points a side,
// bilinearly: one point makes a plain colour, two a gradient, more blotches.
func (c *canvas) background(d *draws, ground colour) {
	points := 1 + d.intN(5)
	var lattice [6][6]colour // one more than can be drawn: the last point's neighbour, of weight 0
	spread := d.uniform(0, maxSpread)
	for i := range points {
		for j := range points {
			for k := range 3 {
				lattice[i][j][k] = ground[k] + d.uniform(-spread, spread)
			}
		}
	}
	scale := float64(points-1) / (side - 1)
	for row := range side {
		v := float64(row) * scale
		i := int(v)
		v -= float64(i)
		for column := range side {
			u := float64(column) * scale
			j := int(u)
			u -= float64(j)
			a, b := &lattice[i][j], &lattice[i][j+1]
			e, f := &lattice[i+1][j], &lattice[i+1][j+1]
			pixel := &c[row*side+column]
			for k := range pixel {
				top := a[k] + u*(b[k]-a[k])
				bottom := e[k] + u*(f[k]-e[k])
				pixel[k] = top + v*(bottom-top)
			}
		}
	}
}

// figure paints a shape at a random place, size and rotation, and returns its centre.
func (c *canvas) figure(d *draws, shape outline, ink colour) (x, y float64) {
	radius := d.uniform(minRadius, maxRadius)
	x = side/2 + d.uniform(-maxShift, maxShift)
	y = side/2 + d.uniform(-maxShift, maxShift)
	sin, cos := math.Sincos(d.uniform(0, 2*math.Pi))
	squash := d.uniform(minSquash, 1)
	sin, cos = sin/radius, cos/radius // from pixels to the shape's own unit
	c.paint(ink, x, y, figureReach*radius, func(dx, dy float64) float64 {
		return radius * shape((cos*dx+sin*dy)/squash, cos*dy-sin*dx)
	})
	return x, y
}

// stroke paints a line with round ends around (x, y) in a colour of its own.
func (c *canvas) stroke(d *draws, x, y, thickness float64) {
	half := d.uniform(1, 6)
	sin, cos := math.Sincos(d.uniform(0, math.Pi))
	c.paint(d.colour(), x, y, half+thickness, func(dx, dy float64) float64 {
		along := cos*dx + sin*dy
		along = max(-half, min(half, along))
		return length(dx-along*cos, dy-along*sin) - thickness
	})
}

// paint covers with ink what lies inside the edge around (x, y), in pixels;
// a pixel on the edge is covered in part. Nothing is farther than reach from (x, y).
func (c *canvas) paint(ink colour, x, y, reach float64, edge outline) {
	clip := func(v float64) int { return max(0, min(side, int(v))) }
	for row := clip(y - reach - 1); row < clip(y+reach+1); row++ {
		for column := clip(x - reach - 1); column < clip(x+reach+1); column++ {
			// A pixel's centre is half a pixel from its corner.
			cover := 0.5 - edge(float64(column)+0.5-x, float64(row)+0.5-y)
			if cover <= 0 {
				continue
			}
			cover = min(cover, 1)
			pixel := &c[row*side+column]
			for k := range pixel {
				pixel[k] += cover * (ink[k] - pixel[k])
			}
		}
	}
}

// bytes adds noise, the same strength all over the picture, and rounds.
func (c *canvas) bytes(d *draws, pixels []byte) {
	strength := d.uniform(0, maxNoise) / 256
	block := d.next // unused: each draw so far took half a block
	for i := range c {
		// A block serves one pixel. The sum of two bytes has a triangular
		// distribution around 255, a fair stand-in for a normal one.
		words := d.stream.Block(block + uint64(i))
		out := pixels[3*i:][:3]
		for k, v := range c[i] {
			sum := int32(words[k]&0xff) + int32(words[k]>>8&0xff)
			v += strength * float64(sum-255)
			// Bounded as a whole number: floating-point min and max are slow.
			out[k] = byte(max(0, min(255, int32(v+0.5))))
		}
	}
}

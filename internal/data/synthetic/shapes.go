package synthetic

import "math"

// An outline is the signed distance from a point to a figure's edge, negative
// inside the figure. The figure is about as large as the circle of radius 1
// around the origin; y points down. Near the edge the distance is exact,
// which is all that anti-aliasing needs; farther off it may be too small.
type outline func(x, y float64) float64

// shapes are the classes, in the order of their labels. Each draws
// its own proportions; position, size, rotation and colours are drawn for all
// of them alike, so that they tell nothing about the class.
var shapes = []struct {
	name    string
	outline func(d *draws) outline
}{
	{"disc", disc},
	{"ring", ring},
	{"square", square},
	{"triangle", triangle},
	{"cross", cross},
	{"star", star},
	{"stripes", stripes},
	{"checkerboard", checkerboard},
	{"dots", dots},
	{"spiral", spiral},
}

// classes names the labels of the synthetic dataset.
var classes = func() []string {
	names := make([]string, len(shapes))
	for i, s := range shapes {
		names[i] = s.name
	}
	return names
}()

func length(x, y float64) float64 { return math.Sqrt(x*x + y*y) }

// fromMultiple is the distance of x from the nearest multiple of period.
func fromMultiple(x, period float64) float64 {
	return math.Abs(x - period*math.Floor(x/period+0.5))
}

func disc(*draws) outline {
	return func(x, y float64) float64 { return length(x, y) - 0.95 }
}

func ring(d *draws) outline {
	half := d.uniform(0.1, 0.22) // half the band's width
	return func(x, y float64) float64 { return math.Abs(length(x, y)-(1-half)) - half }
}

func square(*draws) outline {
	return func(x, y float64) float64 { return max(math.Abs(x), math.Abs(y)) - 0.85 }
}

// triangle is equilateral: inside three lines at the same distance from the centre.
func triangle(*draws) outline {
	const height = 0.8660254037844386 // sin 60 degrees
	return func(x, y float64) float64 {
		return max(y, height*math.Abs(x)-y/2) - 0.6
	}
}

func cross(d *draws) outline {
	half := d.uniform(0.15, 0.32) // half an arm's width
	return func(x, y float64) float64 {
		x, y = math.Abs(x), math.Abs(y)
		return max(min(x, y)-half, max(x, y)-1)
	}
}

// star has five points. Mirroring at the lines through the centre folds the
// plane into the wedge of 36 degrees between a tip and a notch, where one
// straight edge is left.
func star(d *draws) outline {
	const tip = 1.1
	notch := d.uniform(0.42, 0.52)
	sin36, cos36 := math.Sincos(math.Pi / 5)
	sin72, cos72 := math.Sincos(2 * math.Pi / 5)
	// The edge runs from (tip, 0) to the notch; its normal points outwards.
	edgeX, edgeY := notch*cos36-tip, notch*sin36
	scale := 1 / length(edgeX, edgeY)
	normalX, normalY := edgeY*scale, -edgeX*scale
	return func(x, y float64) float64 {
		y = math.Abs(y)
		if over := y*cos72 - x*sin72; over > 0 { // beyond 72 degrees
			x, y = x+2*over*sin72, math.Abs(y-2*over*cos72)
		}
		if over := y*cos36 - x*sin36; over > 0 { // beyond 36 degrees
			x, y = x+2*over*sin36, y-2*over*cos36
		}
		return (x-tip)*normalX + y*normalY
	}
}

// patch is the region that a texture fills, round or square, so that the
// region says nothing about the texture.
func patch(d *draws) outline {
	if d.intN(2) == 0 {
		return disc(d)
	}
	return square(d)
}

func stripes(d *draws) outline {
	within, period, phase := patch(d), d.uniform(0.45, 0.7), d.uniform(0, 1)
	return func(x, y float64) float64 {
		return max(within(x, y), fromMultiple(x+phase, period)-period/4)
	}
}

func checkerboard(d *draws) outline {
	within, side := patch(d), d.uniform(0.42, 0.6)
	phaseX, phaseY := d.uniform(0, 1), d.uniform(0, 1)
	return func(x, y float64) float64 {
		u, v := (x+phaseX)/side, (y+phaseY)/side
		edge := side * min(fromMultiple(u, 1), fromMultiple(v, 1))
		if (int(math.Floor(u))+int(math.Floor(v)))%2 == 0 {
			edge = -edge
		}
		return max(within(x, y), edge)
	}
}

func dots(d *draws) outline {
	within, period := patch(d), d.uniform(0.5, 0.7)
	phaseX, phaseY := d.uniform(0, 1), d.uniform(0, 1)
	return func(x, y float64) float64 {
		dot := length(fromMultiple(x+phaseX, period), fromMultiple(y+phaseY, period)) - 0.3*period
		return max(within(x, y), dot)
	}
}

// spiral is Archimedes', r = pitch * turns, cut off at the unit circle.
func spiral(d *draws) outline {
	pitch, hand := d.uniform(0.4, 0.55), float64(2*d.intN(2)-1)
	return func(x, y float64) float64 {
		r := length(x, y)
		if r > 1.2 {
			return r - 1
		}
		turns := hand * math.Atan2(y, x) / (2 * math.Pi)
		return max(r-1, fromMultiple(r-pitch*turns, pitch)-pitch/4)
	}
}

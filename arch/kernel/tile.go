package kernel

// tile is the innermost product of an instruction set.
type tile struct {
	rows, cols  int // of the part of c that stays in registers
	multiplyAdd multiplyAdd
}

// multiplyAdd computes c += a*b for one tile:
//
//	a: rows x depth, element (i, l) at a[i*aRow+l*aDepth]
//	b: depth x cols, packed: element (l, j) at b[l*cols+j]
//	c: rows x cols, element (i, j) at c[i*cRow+j]
//
// Each element of c is one chain of additions in the order of depth, starting
// from the value in c.
type multiplyAdd func(depth int, a []float32, aRow, aDepth int, b, c []float32, cRow int)

// goTile is the tile of plain Go. Eight sums and six factors are as many as
// amd64's sixteen registers hold.
var goTile = tile{rows: 2, cols: 4, multiplyAdd: multiplyAddGo}

func multiplyAddGo(depth int, a []float32, aRow, aDepth int, b, c []float32, cRow int) {
	c0, c1 := c[:4], c[cRow:][:4]
	s00, s01, s02, s03 := c0[0], c0[1], c0[2], c0[3]
	s10, s11, s12, s13 := c1[0], c1[1], c1[2], c1[3]
	a1 := a[aRow:]
	at := 0
	for range depth {
		x, y := a[at], a1[at]
		at += aDepth
		b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
		b = b[4:]
		// The conversions forbid fusing, so that every processor rounds alike.
		s00 += float32(x * b0)
		s01 += float32(x * b1)
		s02 += float32(x * b2)
		s03 += float32(x * b3)
		s10 += float32(y * b0)
		s11 += float32(y * b1)
		s12 += float32(y * b2)
		s13 += float32(y * b3)
	}
	c0[0], c0[1], c0[2], c0[3] = s00, s01, s02, s03
	c1[0], c1[1], c1[2], c1[3] = s10, s11, s12, s13
}

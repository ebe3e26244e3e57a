package kernel

// tile is the innermost product of an instruction set. Its sums, rows x cols of
// C, stay in registers while depth goes by.
type tile struct {
	rows, cols  int
	multiplyAdd func(*tileCall)
}

// The largest tile of any instruction set.
const (
	maxTileRows = 8
	maxTileCols = 32
)

// tileCall is what tiles one below another compute: C = start + A*B. Each element of C is
// one chain of additions in the order of depth, so its bits depend neither on the tile's
// size nor on how depth is divided among calls.
//
// The assembly knows this layout. It reads and writes whole tiles.
type tileCall struct {
	a     []float32 // element (i, l) of A is a[rows[i]+steps[l]]
	rows  []int32   // of whole tiles, at least one
	steps []int32   // as many as the product is deep, at least one
	b     []float32 // packed: element (l, j) of B is b[l*cols+j]
	c     []float32 // element (i, j) of C is c[i*cRow+j]
	cRow  int
	bias  []float32 // (cols) where the sums start, or nil: they start from c
	ahead int       // how far ahead of a tile's rows to prefetch
	relu  bool      // c = max(sum, 0)
}

// goTile is the tile of plain Go. Its eight sums and six factors fit into amd64's sixteen
// registers.
var goTile = tile{rows: 2, cols: 4, multiplyAdd: multiplyAddGo}

func multiplyAddGo(t *tileCall) {
	for row := 0; row < len(t.rows); row += 2 {
		multiplyAddGoTile(t, t.a[t.rows[row]:], t.a[t.rows[row+1]:], t.c[row*t.cRow:][:4], t.c[(row+1)*t.cRow:][:4])
	}
}

// multiplyAddGoTile is one tile with its rows of A and C.
func multiplyAddGoTile(t *tileCall, a0, a1, c0, c1 []float32) {
	start0, start1 := c0, c1
	if t.bias != nil {
		start0, start1 = t.bias[:4], t.bias[:4]
	}
	s00, s01, s02, s03 := start0[0], start0[1], start0[2], start0[3]
	s10, s11, s12, s13 := start1[0], start1[1], start1[2], start1[3]
	b := t.b
	for _, step := range t.steps {
		x, y := a0[step], a1[step]
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
	if t.relu {
		for i := range 4 {
			c0[i], c1[i] = max(c0[i], 0), max(c1[i], 0)
		}
	}
}

package rng

import (
	"math"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The known answers of the Random123 distribution (file kat_vectors).
func TestPhiloxKnownAnswers(t *testing.T) {
	const ones = 0xffffffff
	tests := []struct {
		name    string
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{"zeros", [4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{
			"ones", [4]uint32{ones, ones, ones, ones}, [2]uint32{ones, ones},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			"pi", [4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			join := func(a, b uint32) uint64 { return uint64(a) | uint64(b)<<32 }
			c, k := test.counter, test.key
			var got [4]uint32
			got[0], got[1], got[2], got[3] = philox(join(c[0], c[1]), join(c[2], c[3]), join(k[0], k[1]))
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("philox(%x, %x) (-want +got):\n%s", test.counter, test.key, diff)
			}
		})
	}
}

// Every coordinate has bits of its own in the counter or the key, up to the
// documented limits: changing any of them changes the pair, so no two streams overlap.
func TestCoordinatesDoNotCollide(t *testing.T) {
	type coordinate struct {
		Seed    int64
		Purpose Purpose
		Layer   int
		Step    int64
		Block   uint64
	}
	draw := func(t *rapid.T, name string) coordinate {
		return coordinate{
			Seed:    rapid.Int64().Draw(t, name+" seed"),
			Purpose: Purpose(rapid.Uint8().Draw(t, name+" purpose")),
			Layer:   rapid.IntRange(0, 1<<24-1).Draw(t, name+" layer"),
			Step:    rapid.Int64Range(0, 1<<48-1).Draw(t, name+" step"),
			Block:   rapid.Uint64Range(0, 1<<48-1).Draw(t, name+" block"),
		}
	}
	block := func(c coordinate) [4]uint32 {
		return New(c.Seed, c.Purpose, c.Layer, c.Step).Block(c.Block)
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		// Most coordinates agree, as they do in a run.
		if rapid.Bool().Draw(t, "same seed") {
			b.Seed = a.Seed
		}
		if rapid.Bool().Draw(t, "same purpose") {
			b.Purpose = a.Purpose
		}
		if rapid.Bool().Draw(t, "same layer") {
			b.Layer = a.Layer
		}
		if rapid.Bool().Draw(t, "same step") {
			b.Step = a.Step
		}
		if rapid.Bool().Draw(t, "same block") {
			b.Block = a.Block
		}
		if (a == b) != (block(a) == block(b)) {
			t.Errorf("%+v and %+v: same coordinate %t, same block %t", a, b, a == b, block(a) == block(b))
		}
	})
}

// The small coordinates of real runs, all of them against each other.
func TestSmallCoordinatesDoNotCollide(t *testing.T) {
	seen := map[[4]uint32]bool{}
	count := 0
	for seed := int64(-2); seed < 3; seed++ {
		for purpose := Weights; purpose <= Sample; purpose++ {
			for layer := range 6 {
				for step := range int64(8) {
					s := New(seed, purpose, layer, step)
					for i := range uint64(4) {
						seen[s.Block(i)] = true
						count++
					}
				}
			}
		}
	}
	if len(seen) != count {
		t.Errorf("%d different blocks, expected %d", len(seen), count)
	}
}

func TestElementsAreWordsOfBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New(rapid.Int64().Draw(t, "seed"), Weights, 1, 2)
		i := rapid.Uint64Range(0, 1<<40).Draw(t, "block")
		b := s.Block(i)
		for k := range uint64(4) {
			if got := s.Uint32(4*i + k); got != b[k] {
				t.Errorf("Uint32(%d) = %#x, expected word %d of block %d, %#x", 4*i+k, got, k, i, b[k])
			}
		}
		for k := range uint64(2) {
			bits := uint64(b[2*k]) | uint64(b[2*k+1])<<32
			if got, want := s.Float64(2*i+k), float64(bits>>11)/(1<<53); got != want {
				t.Errorf("Float64(%d) = %v, expected %v", 2*i+k, got, want)
			}
		}
	})
}

// The values of every run depend on these: a change here changes all results.
func TestGoldenDraws(t *testing.T) {
	s := New(-7, Dropout, 3, 1<<40+5)
	got := []uint32{s.Uint32(0), s.Uint32(1), s.Uint32(1 << 34), s.Uint32(1<<40 + 3)}
	want := []uint32{0x9b6afc5a, 0x4175971b, 0x68f9ec29, 0xacaebf5d}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("draws (-want +got):\n%s", diff)
	}
	// The quantile of the same u by Python's statistics.NormalDist().inv_cdf.
	if got, want := s.Normal(0), -0.6566576515570942; math.Abs(got-want) > 1e-14 {
		t.Errorf("Normal(0) = %.17g, expected %.17g", got, want)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := New(1, Sample, 0, 0)
	var want, got [64]uint32
	for i := range want {
		want[i] = s.Uint32(uint64(i))
	}
	var group sync.WaitGroup
	for i := range got {
		group.Go(func() { got[i] = s.Uint32(uint64(i)) })
	}
	group.Wait()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("draws from goroutines (-want +got):\n%s", diff)
	}
}

func TestNoAllocation(t *testing.T) {
	dst := make([]int32, 100)
	var sink float64
	got := testing.AllocsPerRun(100, func() {
		s := New(1, Weights, 2, 3)
		s.Perm(dst)
		sink += s.Normal(1) + s.Float64(2) + float64(s.Block(4)[0])
	})
	if got != 0 {
		t.Errorf("%v allocations, expected none", got)
	}
}

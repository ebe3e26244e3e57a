package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

func BenchmarkCompare(b *testing.B) {
	for _, m := range []int{10, 200, 10_000, 100_000} {
		for _, kind := range []string{"pooled", "welch", "mixed", "single"} {
			r := rand.New(rand.NewPCG(1, 1))
			groups := make([][]float64, m)
			for i := range groups {
				n, deviation := 3, 0.005
				switch kind {
				case "welch":
					n, deviation = 2+i%9, 0.001*float64(1+i%20)
				case "mixed":
					n, deviation = 1+i%10, 0.001*float64(1+i%20)
				case "single":
					n = 1
				}
				mean := 0.3 + 0.4*r.Float64()
				for range n {
					groups[i] = append(groups[i], mean+deviation*r.NormFloat64())
				}
			}
			b.Run(fmt.Sprintf("%s/%d", kind, m), func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					Compare(groups, 5000)
				}
			})
		}
	}
}

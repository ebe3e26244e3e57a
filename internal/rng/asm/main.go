// Command asm generates package rng's Philox4x32-10 of many counters for AVX2.
package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	rounds = 10
	blocks = 4 // in one vector, a word in each 64-bit lane
	groups = 2 // vectors at work at a time, since each waits for its products
	bytes  = 32
)

func main() {
	ConstraintExpr("amd64,!purego")
	philox()
	Generate()
}

// state is the four words of some blocks. The upper halves of the lanes do not matter: a
// product reads the lower ones alone.
type state [4]reg.VecVirtual

func philox() {
	TEXT("philoxAVX2", attr.NOSPLIT, "func(dst []uint32, block, low, high, key uint64)")
	Doc("philoxAVX2 fills dst with the blocks of the counters low|block, low|(block+1), ...",
		"of which the number of the block is the lowest 48 bits. The length of dst is a",
		"multiple of 32, and not 0.")
	Pragma("noescape")
	dst, words := Load(Param("dst").Base(), GP64()), Load(Param("dst").Len(), GP64())
	number := broadcast("block")
	// In this order of blocks the words come out in theirs.
	order := constant("order", func(lane int) uint64 { return []uint64{0, 2, 1, 3}[lane] })
	VPADDQ(order, number, number)
	mask := constant("mask", func(int) uint64 { return 1<<48 - 1 })
	stride := constant("stride", func(int) uint64 { return blocks })
	multiplier0 := constant("multiplier0", func(int) uint64 { return 0xD2511F53 })
	multiplier1 := constant("multiplier1", func(int) uint64 { return 0xCD9E8D57 })
	weyl0 := constant("weyl0", func(int) uint64 { return 0x9E3779B9 })
	weyl1 := constant("weyl1", func(int) uint64 { return 0xBB67AE85 })

	Label("loop")
	var states [groups]state
	for i := range states {
		counter, high := YMM(), broadcast("high")
		VPAND(mask, number, counter)
		VPOR(broadcast("low"), counter, counter)
		states[i] = state{counter, shifted(counter), high, shifted(high)}
		VPADDQ(stride, number, number)
	}
	k0 := broadcast("key")
	k1 := shifted(k0)
	for range rounds {
		for i := range states {
			states[i].round(multiplier0, multiplier1, k0, k1)
		}
		VPADDD(weyl0, k0, k0)
		VPADDD(weyl1, k1, k1)
	}
	for i := range states {
		states[i].store(operand.Mem{Base: dst, Disp: i * 2 * bytes})
	}
	ADDQ(operand.Imm(groups*2*bytes), dst)
	SUBQ(operand.Imm(groups*blocks*4), words)
	JNZ(operand.LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// round is one round: see philox in package rng.
func (s *state) round(multiplier0, multiplier1 operand.Mem, k0, k1 reg.VecVirtual) {
	VPMULUDQ(multiplier0, s[0], s[0])
	VPMULUDQ(multiplier1, s[2], s[2])
	VPXOR(k0, s[1], s[1])
	VPXOR(k1, s[3], s[3])
	high0, high1 := shifted(s[0]), shifted(s[2])
	VPXOR(high1, s[1], s[1])
	VPXOR(high0, s[3], s[3])
	*s = state{s[1], s[2], s[3], s[0]}
}

// store writes the blocks, word by word.
func (s *state) store(to operand.Mem) {
	for i := 0; i < len(s); i += 2 {
		VPSLLQ(operand.Imm(32), s[i+1], s[i+1])
		VPBLENDD(operand.Imm(0b10101010), s[i+1], s[i], s[i])
	}
	first, second := YMM(), YMM()
	VPUNPCKLQDQ(s[2], s[0], first)
	VPUNPCKHQDQ(s[2], s[0], second)
	VMOVDQU(first, to)
	VMOVDQU(second, to.Offset(bytes))
}

// shifted moves the upper halves of the lanes into the lower ones.
func shifted(v reg.VecVirtual) reg.VecVirtual {
	out := YMM()
	VPSRLQ(operand.Imm(32), v, out)
	return out
}

// broadcast fills all lanes with a parameter.
func broadcast(param string) reg.VecVirtual {
	address, err := Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	v := YMM()
	VPBROADCASTQ(address.Addr, v)
	return v
}

// constant returns a vector in memory.
func constant(name string, lane func(i int) uint64) operand.Mem {
	m := GLOBL(name, attr.RODATA|attr.NOPTR)
	for i := range blocks {
		DATA(i*8, operand.U64(lane(i)))
	}
	return m
}

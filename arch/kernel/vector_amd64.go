//go:build !purego

package kernel

//go:generate go -C asm run ./vector -out ../vector_amd64.s -stubs ../vector_amd64_stub.go -pkg kernel

// avx2Vector is the loops for processors with AVX2 and fused multiply-adds.
var avx2Vector = vector{
	addRows:      addRowsAVX2,
	copyRows:     copyRowsAVX2,
	transpose:    transposeAVX2,
	add:          addAVX2,
	scale:        scaleAVX2,
	normalize:    normalizeAVX2,
	maximum:      maximumAVX2,
	exponentials: exponentialsAVX2,

	dropout:         dropoutAVX2,
	dropoutBackward: dropoutBackwardAVX2,

	maxWindow:          maxWindowAVX2,
	maxWindowBackward:  maxWindowBackwardAVX2,
	meanWindow:         meanWindowAVX2,
	meanWindowBackward: meanWindowBackwardAVX2,

	forward: [...]func(y, z []float32){
		Linear: linearGo, ReLU: reluAVX2, LeakyReLU: leakyReLUAVX2, ELU: eluAVX2,
		GELU: geluAVX2, SiLU: siluAVX2, Tanh: tanhAVX2, Sigmoid: sigmoidAVX2,
	},
	backward: [...]func(dz, known, dy []float32){
		Linear: linearBackwardGo, ReLU: reluBackwardAVX2, LeakyReLU: leakyReLUBackwardAVX2, ELU: eluBackwardAVX2,
		GELU: geluBackwardAVX2, SiLU: siluBackwardAVX2, Tanh: tanhBackwardAVX2, Sigmoid: sigmoidBackwardAVX2,
	},

	sgd:             sgdAVX2,
	momentum:        momentumAVX2,
	nesterov:        nesterovAVX2,
	rmsprop:         rmspropAVX2,
	rmspropMomentum: rmspropMomentumAVX2,
	adam:            adamAVX2,
}

package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestChecksumEncoding spells out the bytes that are hashed.
func TestChecksumEncoding(t *testing.T) {
	tensors := []Tensor{
		{Name: "ab", Shape: []int{2, 1}, Data: []float32{1, -2}},
		{Name: "s", Shape: nil, Data: []float32{0.5}},
	}
	const zeros = "\x00\x00\x00\x00\x00\x00\x00"
	want := sha256.Sum256([]byte("" +
		"\x02" + zeros +
		"\x02" + zeros + "ab" + "\x02" + zeros + "\x02" + zeros + "\x01" + zeros + "\x00\x00\x80\x3f" + "\x00\x00\x00\xc0" +
		"\x01" + zeros + "s" + "\x00" + zeros + "\x00\x00\x00\x3f" +
		"\x02" + zeros +
		"\x05" + zeros + "epoch" + "\x01" + zeros + "7" +
		"\x04" + zeros + "text" + "\x00" + zeros))
	got := checksum(tensors, map[string]string{"text": "", "epoch": "7"})
	if got != fmt.Sprintf("sha256:%x", want) {
		t.Errorf("got %s, expected sha256:%x", got, want)
	}
}

func TestDifferentContentHasDifferentChecksums(t *testing.T) {
	two := []float32{0, 0}
	files := map[string]File{
		"empty":            {},
		"metadata":         {Metadata: map[string]string{"ab": "c"}},
		"border moved":     {Metadata: map[string]string{"a": "bc"}},
		"key and value":    {Metadata: map[string]string{"c": "ab"}},
		"two keys":         {Metadata: map[string]string{"ab": "", "c": ""}},
		"tensor":           {Tensors: []Tensor{{"ab", []int{2}, two}}},
		"name":             {Tensors: []Tensor{{"ac", []int{2}, two}}},
		"rank":             {Tensors: []Tensor{{"ab", []int{1, 2}, two}}},
		"shape":            {Tensors: []Tensor{{"ab", []int{2, 1}, two}}},
		"value":            {Tensors: []Tensor{{"ab", []int{2}, []float32{0, 1}}}},
		"place of a value": {Tensors: []Tensor{{"ab", []int{2}, []float32{1, 0}}}},
		"sign of zero":     {Tensors: []Tensor{{"ab", []int{2}, []float32{0, float32(math.Copysign(0, -1))}}}},
		"two tensors":      {Tensors: []Tensor{{"ab", []int{1}, two[:1]}, {"c", []int{1}, two[:1]}}},
		"empty tensor":     {Tensors: []Tensor{{"ab", []int{2, 0}, nil}}},
		"emptier tensor":   {Tensors: []Tensor{{"ab", []int{3, 0}, nil}}},
	}
	names := map[string]string{}
	for name, f := range files {
		sum := checksum(f.Tensors, f.Metadata)
		if other, found := names[sum]; found {
			t.Errorf("%q and %q have the same checksum", name, other)
		}
		names[sum] = name
	}
}

// TestEveryFlippedBitIsFound flips each bit of a file in turn. A file that can still be read must have the same content
// to the bit: a letter of an escape in JSON may be small or capital.
func TestEveryFlippedBitIsFound(t *testing.T) {
	good := encoded(t, sample())
	want, err := decoded(good)
	if err != nil {
		t.Fatal(err)
	}
	headerEnd := 8 + int(binary.LittleEndian.Uint64(good))
	for i := range good {
		for bit := range 8 {
			damaged := bytes.Clone(good)
			damaged[i] ^= 1 << bit
			got, err := decoded(damaged)
			if err != nil {
				continue
			}
			if diff := cmp.Diff(want, got, sameFile); diff != "" {
				t.Errorf("bit %d of byte %d, %.20q: changed the content (-want +got)\n%s", bit, i, damaged[i:], diff)
			}
			if i >= headerEnd {
				t.Errorf("bit %d of byte %d, among the data: was not noticed", bit, i)
			}
		}
	}
}

func TestEveryOtherLengthIsFound(t *testing.T) {
	good := encoded(t, sample())
	for n := range len(good) {
		if _, err := decoded(good[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were read without an error", n, len(good))
		}
	}
	for _, tail := range []string{"\x00", " ", "\x00\x00\x00\x00", "        ", string(good)} {
		if _, err := decoded([]byte(string(good) + tail)); err == nil {
			t.Errorf("%d bytes too many were read without an error", len(tail))
		}
	}
}

// TestTampering edits a file in ways that leave it a valid safetensors file.
func TestTampering(t *testing.T) {
	good := encoded(t, File{
		Tensors: []Tensor{
			{"a", []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}},
			{"b", []int{2, 3}, []float32{-1, -2, -3, -4, -5, -6}},
		},
		Metadata: map[string]string{"step": "1200", "seed": "7"},
	})
	n := 8 + int(binary.LittleEndian.Uint64(good))
	head, data := string(good[8:n]), string(good[n:])

	sum := ""
	if _, rest, ok := strings.Cut(head, `"checksum":"`); ok {
		sum = rest[:len(zeroSum)]
	}
	tests := []struct {
		name  string
		edits []string // pairs: what to replace in the header, and what with
		data  string
	}{
		{"value", []string{`"step":"1200"`, `"step":"1300"`}, data},
		{"key", []string{`"step"`, `"stop"`}, data},
		{"entry removed", []string{`,"step":"1200"`, ``}, data},
		{"entry added", []string{`"step"`, `"best":"1","step"`}, data},
		{"entry twice", []string{`"step":"1200"`, `"step":"1200","step":"1300"`}, data},
		{"names swapped", []string{`"a":`, `"b":`, `"b":`, `"a":`}, data},
		{"places swapped", []string{`[0,24]`, `[24,48]`, `[24,48]`, `[0,24]`}, data},
		{"shape turned", []string{`"a":{"dtype":"F32","shape":[2,3]`, `"a":{"dtype":"F32","shape":[3,2]`}, data},
		{"tensor added", []string{`"a":`, `"c":{"dtype":"F32","shape":[0],"data_offsets":[48,48]},"a":`}, data},
		{"tensors joined", []string{
			`"shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[24,48]`,
			`"shape":[4,3],"data_offsets":[0,48]`}, data},
		{"elements swapped", nil, data[4:8] + data[:4] + data[8:]},
		{"checksum of other content", []string{sum, checksum(nil, nil)}, data},
		{"checksum in capitals", []string{sum, "sha256:" + strings.ToUpper(sum[len("sha256:"):])}, data},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			edited := strings.NewReplacer(tt.edits...).Replace(head)
			if edited == head && tt.data == data {
				t.Fatal("nothing was edited")
			}
			_, err := decoded([]byte(string(raw(edited, 0)) + tt.data))
			if err == nil || !strings.Contains(err.Error(), "is damaged") {
				t.Errorf("got error %v, expected one that contains \"is damaged\"", err)
			}
		})
	}

	want, err := decoded(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string][2]string{
		"spaces":      {`,"`, ` , "`},
		"no checksum": {`"checksum":"` + sum + `",`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			edited := strings.ReplaceAll(head, edit[0], edit[1])
			if edited == head {
				t.Fatal("nothing was edited")
			}
			got, err := decoded([]byte(string(raw(edited, 0)) + data))
			if err != nil {
				t.Fatal(err)
			}
			want := want
			want.Checksummed = name != "no checksum"
			if diff := cmp.Diff(want, got, sameFile); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestOtherByteOrder runs what a big-endian machine does. Here that writes a file of reversed elements, and reverses
// them back.
func TestOtherByteOrder(t *testing.T) {
	data := []float32{1, float32(math.Inf(1))}
	if got := littleEndian(data); string(got) != "\x00\x00\x80\x3f\x00\x00\x80\x7f" {
		t.Errorf("the bytes in a file are %q", got)
	}
	native := littleEndian(data)

	bigEndian = !bigEndian
	defer func() { bigEndian = !bigEndian }()
	turned := littleEndian(data)
	for i := 0; i < len(native); i += elementBytes {
		for j := range elementBytes {
			if turned[i+j] != native[i+elementBytes-1-j] {
				t.Errorf("element %d is %q, expected the reverse of %q",
					i/elementBytes, turned[i:i+elementBytes], native[i:i+elementBytes])
			}
		}
	}
	if data[0] != 1 {
		t.Error("the data were reversed in place")
	}
	want := sample()
	want.Checksummed = true
	got, err := decoded(encoded(t, want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, sameFile); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
}

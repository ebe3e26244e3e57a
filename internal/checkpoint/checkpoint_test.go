package checkpoint

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// sample has a scalar, an empty tensor and values that only their bits distinguish.
func sample() File {
	return File{
		Tensors: []Tensor{
			{Name: "layers.0.conv2d.kernel", Shape: []int{1, 2, 1, 3},
				Data: []float32{1, -2, 3.5, 1e-45, math.MaxFloat32, 0}},
			{Name: "empty", Shape: []int{3, 0}, Data: []float32{}},
			{Name: "layers.0.conv2d.bias", Shape: []int{3},
				Data: []float32{float32(math.Inf(1)), float32(math.Copysign(0, -1)), 7}},
			{Name: "scalar", Shape: []int{}, Data: []float32{42}},
		},
		Metadata: map[string]string{"epoch": "12", "text": "<a>\n\"ü\""},
	}
}

// sameFile compares files by their bits, whatever the order of the tensors.
var sameFile = cmp.Options{
	cmpopts.SortSlices(func(a, b Tensor) bool { return a.Name < b.Name }),
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }),
}

// encoded returns the bytes of a file with f's content.
func encoded(t testing.TB, f File) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := encode(&out, f); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// decoded returns the content of a file of these bytes.
func decoded(raw []byte) (File, error) {
	return decode(bytes.NewReader(raw), int64(len(raw)))
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "last.safetensors")
	if err := Write(path, sample()); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(got.Tensors, func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("a written file's tensors are not in the order of their names: %v", got.Tensors)
	}
	want := sample()
	want.Checksummed = true
	if diff := cmp.Diff(want, got, sameFile); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
}

func TestRoundTripOfAnyBits(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		want := File{Checksummed: true, Metadata: rapid.MapOfN(rapid.String(), rapid.String(), 1, 3).Draw(t, "metadata")}
		names := rapid.SliceOfDistinct(rapid.StringMatching(`.+`), rapid.ID[string]).Draw(t, "names")
		for _, name := range names {
			data := []float32{}
			for _, bits := range rapid.SliceOf(rapid.Uint32()).Draw(t, "bits") {
				data = append(data, math.Float32frombits(bits))
			}
			want.Tensors = append(want.Tensors, Tensor{Name: name, Shape: []int{1, len(data)}, Data: data})
		}
		path := filepath.Join(folder, "x")
		if err := Write(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameFile); diff != "" {
			t.Fatalf("(-written +read)\n%s", diff)
		}
	})
}

func TestEqualContentGivesEqualBytes(t *testing.T) {
	want := encoded(t, sample())
	turned := sample()
	slices.Reverse(turned.Tensors)
	again, err := decoded(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]File{"another order of the tensors": turned, "what was read from it": again} {
		if !bytes.Equal(want, encoded(t, f)) {
			t.Errorf("%s gave other bytes", name)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	data := []float32{1}
	holding := func(tensors ...Tensor) File { return File{Tensors: tensors} }
	tests := []struct {
		name string
		file File
		want string
	}{
		{"wrong length", holding(Tensor{"a", []int{2, 3}, data}), `"a": shape [2 3] means 6 elements, its data has 1`},
		{"negative dimension", holding(Tensor{"a", []int{-1}, data}), "dimension -1 is out of range"},
		{"too many dimensions", holding(Tensor{"a", make([]int, 9), nil}), "9 dimensions"},
		{"overflowing shape", holding(Tensor{"a", []int{1 << 30, 1 << 30, 1 << 30}, nil}), "the most one checkpoint holds"},
		{"same name twice", holding(Tensor{"a", nil, data}, Tensor{"a", nil, data}), `"a" is given twice`},
		{"no name", holding(Tensor{"", nil, data}), `"": expected 1 to`},
		{"reserved name", holding(Tensor{"__metadata__", nil, data}), "__metadata__"},
		{"name not UTF-8", holding(Tensor{"\xff", nil, data}), "UTF-8"},
		{"metadata not UTF-8", File{Metadata: map[string]string{"k": "\xff"}}, "UTF-8"},
		{"checksum", File{Metadata: map[string]string{"checksum": "mine"}}, `"checksum" is given`},
		{"nearly the checksum's key", File{Metadata: map[string]string{"Checksum": zeroSum}}, `"Checksum" holds a checksum`},
		{"header too long", File{Metadata: map[string]string{"k": strings.Repeat("x", maxHeaderBytes)}},
			"shorten the metadata"},
		{"too many tensors", File{Tensors: make([]Tensor, maxTensors+1)}, "10001 tensors"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "best.safetensors")
			if err := os.WriteFile(path, []byte("former"), 0o644); err != nil {
				t.Fatal(err)
			}
			wantError(t, Write(path, tt.file), path, tt.want)
			wantOnly(t, filepath.Dir(path), "best.safetensors")
			if raw, _ := os.ReadFile(path); string(raw) != "former" {
				t.Error("the former file was touched")
			}
		})
	}
}

func TestWriteFailsCleanly(t *testing.T) {
	folder := t.TempDir()
	wantError(t, Write(filepath.Join(folder, "absent", "x"), sample()), "absent", "temporary file")

	// A folder in the place of the file makes the last step, the renaming, fail.
	occupied := filepath.Join(folder, "occupied")
	if err := os.MkdirAll(filepath.Join(occupied, "inner"), 0o755); err != nil {
		t.Fatal(err)
	}
	wantError(t, Write(occupied, sample()), occupied, "put in place")
	wantOnly(t, folder, "occupied")
}

// raw returns a file of a header and zeros, valid or not.
func raw(header string, dataBytes int) []byte {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(out, header...), make([]byte, dataBytes)...)
}

func TestReadAccepts(t *testing.T) {
	tests := []struct {
		name string
		raw  []byte
		want []Tensor
	}{
		{"nothing inside", raw(`{}`, 0), nil},
		{"padded header", raw(`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}    `, 4),
			[]Tensor{{"a", []int{}, []float32{0}}}},
		{"order of the file, not of names", raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},`+
			`"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"c":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}`, 8),
			[]Tensor{{"b", []int{1}, []float32{0}}, {"c", []int{0}, []float32{}}, {"a", []int{1}, []float32{0}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(path, tt.raw, 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Tensors, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// zeroSum has the form of a checksum, and is that of no known content.
var zeroSum = "sha256:" + strings.Repeat("0", 64)

// one returns the header of one tensor "a", in JSON.
func one(dtype, shape, offsets string) string {
	return fmt.Sprintf(`{"a":{"dtype":%q,"shape":%s,"data_offsets":%s}}`, dtype, shape, offsets)
}

// hostile holds files that must be refused; they also seed the fuzzing.
var hostile = []struct {
	name string
	raw  []byte
	want string
}{
	{"empty", nil, "too short"},
	{"text", []byte("name: seed-cnn\nlayers: []\n"), "not a safetensors file"},
	{"endless header", raw("", 0)[:7:7], "too short"},
	{"header longer than the file", binary.LittleEndian.AppendUint64(nil, 100), "header would be 100 bytes"},
	{"huge header", binary.LittleEndian.AppendUint64(nil, math.MaxUint64), "not a safetensors file"},
	{"header is not JSON", raw(`{"a"`, 0), "not that of a safetensors file"},
	{"header is a list", raw(`[]`, 0), "not that of a safetensors file"},
	{"deep header", raw(strings.Repeat("[", 11_000), 0), "not that of a safetensors file"},
	{"long complaint", raw(one(strings.Repeat("x", 10_000), "[]", "[0,4]"), 4), "DType"},
	{"missing key", raw(`{"a":{"dtype":"F32","shape":[]}}`, 4), "keys"},
	{"null tensor", raw(`{"a":null}`, 0), "keys"},
	{"metadata of numbers", raw(`{"__metadata__":{"a":1}}`, 0), "__metadata__"},
	{"wrong checksum", raw(`{"__metadata__":{"checksum":"`+zeroSum+`"}}`, 0),
		"is damaged: its content does not match its checksum"},
	{"other checksum", raw(`{"__metadata__":{"checksum":"md5:0"}}`, 0), `"checksum" is "md5:0", expected sha256:`},
	{"damaged key of the checksum", raw(`{"__metadata__":{"checksul":"`+zeroSum+`"}}`, 0),
		`key "checksul", expected "checksum"`},
	{"other type", raw(one("F16", "[2]", "[0,4]"), 4), "holds F16, only F32"},
	{"no name", raw(`{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), `"": expected 1 to`},
	{"long name", raw(strings.Replace(one("F32", "[1]", "[0,4]"), "a", strings.Repeat("n", 10_000), 1), 4),
		"expected 1 to"},
	{"hole", raw(one("F32", "[1]", "[4,8]"), 8), "data_offsets are [4 8]"},
	{"overlap", raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},`+
		`"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), "data_offsets"},
	{"backwards", raw(one("F32", "[1]", "[4,0]"), 4), "data_offsets"},
	{"shape against offsets", raw(one("F32", "[3]", "[0,4]"), 4), "data_offsets"},
	{"wrapping shape", raw(one("F32", "[4294967296,4294967296]", "[0,0]"), 0), "out of range"},
	{"wrapping zero shape", raw(one("F32", "[0,18446744073709551615]", "[0,0]"), 0), "out of range"},
	{"promised gigabytes", raw(one("F32", "[400000000]", "[0,1600000000]"), 4), "truncated"},
	{"truncated", raw(one("F32", "[2]", "[0,8]"), 7), "truncated"},
	{"bytes left over", raw(one("F32", "[2]", "[0,8]"), 9), "9 bytes of data"},
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hostile.safetensors")
			if err := os.WriteFile(path, tt.raw, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Read(path)
			wantError(t, err, path, tt.want)
			if err != nil && len(err.Error()) > len(path)+500 {
				t.Errorf("the message has %d bytes", len(err.Error()))
			}
		})
	}
	folder := t.TempDir()
	_, err := Read(folder)
	wantError(t, err, folder, "not a regular file")
	_, err = Read(filepath.Join(folder, "absent"))
	wantError(t, err, "absent", "no such file")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not say fs.ErrNotExist", err)
	}
}

// FuzzRead checks that no bytes make the reader panic, and that what it accepts is written and read again as the same
// bits.
func FuzzRead(f *testing.F) {
	for _, tt := range hostile {
		f.Add(tt.raw)
	}
	good := encoded(f, sample())
	f.Add(good)
	damaged := bytes.Clone(good)
	damaged[len(damaged)-1] ^= 1
	f.Add(damaged)
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := decoded(data)
		if err != nil {
			return
		}
		if err := first.check(); err != nil {
			t.Fatalf("was read but cannot be written: %v", err)
		}
		again := encoded(t, first)
		second, err := decoded(again)
		if err != nil {
			t.Fatal(err)
		}
		if !second.Checksummed {
			t.Error("the written file has no checksum")
		}
		second.Checksummed = first.Checksummed
		if diff := cmp.Diff(first, second, sameFile); diff != "" {
			t.Fatalf("(-first +second)\n%s", diff)
		}
		if !bytes.Equal(again, encoded(t, second)) {
			t.Error("equal content was written as different bytes")
		}
	})
}

// wantError fails unless err names the path and contains want.
func wantError(t *testing.T, err error, path, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one that names %s and contains %q", err, path, want)
	}
}

// wantOnly fails unless the folder holds exactly the one entry.
func wantOnly(t *testing.T, folder, name string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != name {
			t.Errorf("%s was left behind", e.Name())
		}
	}
	if len(entries) == 0 {
		t.Errorf("%s is gone", name)
	}
}

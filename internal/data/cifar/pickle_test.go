package cifar

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"runner/internal/data/fetch"
)

// What Python 3 and numpy write, in each protocol; testdata/pickles.py says
// what is in there.
func TestPickledByPython3(t *testing.T) {
	for _, protocol := range []int{2, 4, 5} {
		content, err := os.ReadFile(fmt.Sprintf("testdata/batch-protocol%d.pickle", protocol))
		if err != nil {
			t.Fatal(err)
		}
		labels, planes, err := parsePickled(content)
		if err != nil {
			t.Errorf("protocol %d: %v", protocol, err)
			continue
		}
		if !bytes.Equal(labels, []byte{9, 3}) || len(planes) != 2*40 {
			t.Fatalf("protocol %d: labels %v and %d bytes", protocol, labels, len(planes))
		}
		for i, v := range planes {
			example, j := i/40, i%40
			if want := byte(7*example + 37*j); v != want {
				t.Fatalf("protocol %d: byte %d of picture %d is %d, expected %d", protocol, j, example, v, want)
			}
		}
	}
}

func TestPickledByPython2(t *testing.T) {
	labels, planes := fixtureBatch(1)
	gotLabels, gotPlanes, err := parsePickled(pickled(labels, planes))
	if err != nil || !bytes.Equal(gotLabels, labels) || !bytes.Equal(gotPlanes, planes) {
		t.Errorf("another batch was read, error %v", err)
	}
}

// changed replaces the one place of old in a Python 2 batch file.
func changed(t *testing.T, old, new string) []byte {
	t.Helper()
	content := pickled(fixtureBatch(1))
	if n := bytes.Count(content, []byte(old)); n != 1 {
		t.Fatalf("%q is there %d times", old, n)
	}
	return bytes.Replace(content, []byte(old), []byte(new), 1)
}

func TestPickledRefused(t *testing.T) {
	officialSource(t)
	labels, planes := fixtureBatch(1)
	few := pickled(labels[:9], planes)
	// The number of labels in the array's shape becomes right again.
	few = bytes.Replace(few, []byte("M\x09\x00M\x00\x0c"), []byte("M\x0a\x00M\x00\x0c"), 1)
	tests := []struct {
		name    string
		content []byte
		want    string
	}{
		{"empty", nil, "truncated: no end after 0 bytes"},
		{"text", []byte("<html>"), "instruction 0x3c, which a batch file does not need"},
		{"no dict", []byte("\x80\x02K\x01."), "expected a pickled dict, got int"},
		{"empty dict", []byte("\x80\x02}."), `no list "labels"`},
		{"no labels", changed(t, "U\x06labels", "U\x06lapels"), `no list "labels"`},
		{"no data", changed(t, "U\x04data", "U\x04date"), `no numpy array "data"`},
		{"labels of another kind", changed(t, "]q\x05(", "]q\x05(N"),
			"label of example 0: expected a whole number, got <nil>"},
		{"a negative label", changed(t, "]q\x05(", "]q\x05(J\xff\xff\xff\xff"), "label -1 of example 0 is not a class"},
		{"a large label", changed(t, "]q\x05(", "]q\x05(M\xff\xff"), "label 65535 of example 0 is not a class"},
		{"one label more", changed(t, "]q\x05(", "]q\x05(K\x00"),
			"data of shape [10 3072] in 30720 bytes does not fit 11 labels"},
		{"one label less", few, "data of shape [10 3072] in 30720 bytes does not fit 9 labels"},
		{"another shape", changed(t, "M\x00\x0c\x86", "M\x01\x0c\x86"), "data of shape [10 3073]"},
		{"other pictures", pickled(labels, planes[:10*3071]), "data of shape [10 3072] in 30710 bytes"},
		{"three dimensions", changed(t, "M\x00\x0c\x86", "M\x00\x0cK\x01\x87"), "two dimensions in C order"},
		{"Fortran order", changed(t, "K\x00tb\x89T", "K\x00tb\x88T"), "two dimensions in C order"},
		{"floating point", changed(t, "U\x02u1", "U\x02f4"), "expected a numpy array of bytes (u1)"},
		{"a negative dimension", changed(t, "M\x00\x0c\x86", "J\xff\xff\xff\xff\x86"), "impossible shape"},
		{"os.system", []byte("\x80\x02cos\nsystem\nU\x02id\x85R."), `names "os.system", which is not needed here`},
		{"os.system of protocol 4", []byte("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R."),
			`names "os.system", which is not needed here`},
		{"builtins.eval", changed(t, "cnumpy\ndtype\n", "cbuiltins\neval\n"), `names "builtins.eval"`},
		{"a long name", append([]byte("\x80\x02c"), strings.Repeat("x", 1000)...), "a name without an end"},
		{"another instruction", []byte("\x80\x02}i."), "instruction 0x69"},
		{"an extension", []byte("\x80\x02\x82\x01."), "instruction 0x82"},
		{"an empty number", []byte("\x80\x02\x8a\x00."), "a number of 0 bytes"},
		{"nothing on the stack", []byte("\x80\x02b."), "the stack is empty"},
		{"a dict with half an entry", []byte("\x80\x02}(K\x01u."), "the pickle is damaged"},
		{"no mark", []byte("\x80\x02}u."), "stack is empty"},
		{"an unknown memo", []byte("\x80\x02h\x07."), "expected a pickled dict, got <nil>"},
		{"a later protocol", []byte("\x80\x06}."), "unsupported pickle protocol: 6"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			members := cifarMembers(pickledLayout)
			members[3].content = test.content
			refused(t, fetch.Options{URL: writeFile(t, gzipped(t, tarball(t, members)))}, "data_batch_2: ", test.want)
		})
	}
}

func TestPickledTruncated(t *testing.T) {
	files := [][]byte{pickled(fixtureBatch(1))}
	for _, protocol := range []int{2, 4, 5} {
		content, err := os.ReadFile(fmt.Sprintf("testdata/batch-protocol%d.pickle", protocol))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, content)
	}
	for i, content := range files {
		for at := range len(content) {
			if _, _, err := parsePickled(content[:at]); err == nil {
				t.Fatalf("file %d: the first %d of %d bytes were read as a batch file", i, at, len(content))
			}
		}
	}
}

// Small pickles that ask for much memory, time or text.
func TestPickleBombs(t *testing.T) {
	const n = maxInstructions - 100
	word := func(n uint32) string { return string(binary.LittleEndian.AppendUint32(nil, n)) }
	long := strings.Repeat("\xc3\xa9", 1<<20)
	text := "X" + word(uint32(len(long))) + long
	tests := map[string]string{
		"huge BINSTRING":            "T\xff\xff\xff\x7f.",
		"huge BINBYTES":             "B\xff\xff\xff\xff.",
		"huge BINUNICODE8":          "\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.",
		"negative BINBYTES8":        "\x8e\xff\xff\xff\xff\xff\xff\xff\xff.",
		"huge BYTEARRAY8":           "\x96\x00\x00\x00\x00\x00\x01\x00\x00.",
		"huge FRAME":                "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f}.",
		"frames in frames":          "\x80\x04" + strings.Repeat("\x95\x00\x00\x10\x00\x00\x00\x00\x00", n) + "}.",
		"marks":                     strings.Repeat("(", n) + ".",
		"many marks":                strings.Repeat("(", 10*n) + ".",
		"lists":                     "(" + strings.Repeat("]", n) + "t.",
		"dicts":                     "(" + strings.Repeat("}", n) + "t.",
		"deep tuples":               ")" + strings.Repeat("\x85", n) + ".",
		"deep marks and tuples":     strings.Repeat("(", n/2) + strings.Repeat("t", n/2) + ".",
		"memo entries":              "}" + strings.Repeat("\x94", n) + ".",
		"a list in itself":          "]q\x01" + strings.Repeat("h\x01a", n/2) + ")R.",
		"tuples of two of the same": ")" + strings.Repeat("q\x01h\x01\x86", n/3) + ")R.",
		"encode the same again": text + "q\x01c_codecs\nencode\nq\x02(" +
			strings.Repeat("h\x02h\x01U\x06latin1\x86R", n/5) + "t.",
		"keys of the same long text": "}(" + "c_codecs\nencode\n" + text + "U\x06latin1\x86Rq\x01N" +
			strings.Repeat("h\x01N", n/2) + "u.",
		"print the same again": text + "q\x01](" + strings.Repeat("h\x01", n) + "e)R.",
		"print short text again": "U\x20" + strings.Repeat("\xff", inline) + "q\x01](" + strings.Repeat("h\x01", n) +
			"e)R.",
		"states of the same": "ccollections\nOrderedDict\n)Rq\x01}(" + strings.Repeat("NN", n/8) + "uq\x02" +
			strings.Repeat("h\x01h\x02b", n/8) + ".",
		"arrays of the same": "cnumpy.core.multiarray\n_reconstruct\n)R(K\x01K\x02K\x02\x86N\x89Ntq\x01b" +
			strings.Repeat("h\x01b", n/3) + ".",
	}
	for name, bomb := range tests {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _, err := parsePickled([]byte(bomb))
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatal("read as a batch file")
			}
			if len(err.Error()) > 300 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 300<<20 {
				t.Errorf("%d MiB were allocated for a pickle of %d bytes", used>>20, len(bomb))
			}
		})
	}
}

func FuzzPickled(f *testing.F) {
	labels, planes := fixtureBatch(1)
	f.Add(pickled(labels[:1], planes[:3]))
	f.Add(pickled(labels[:2], planes[:100]))
	for _, protocol := range []int{2, 4, 5} {
		content, err := os.ReadFile(fmt.Sprintf("testdata/batch-protocol%d.pickle", protocol))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte("\x80\x02}(U\x06labels](K\x01eU\x04datacnumpy.core.multiarray\n_reconstruct\n)R(K\x01(K\x01K\x02tN\x89U\x02abtbu."))
	f.Add([]byte("\x80\x02cnumpy\ndtype\nU\x02u1\x85RNb."))
	f.Add([]byte("\x80\x04\x95\x08\x00\x00\x00\x00\x00\x00\x00ccollections\nOrderedDict\n)R(]Nu."))
	f.Fuzz(func(t *testing.T, content []byte) {
		labels, planes, err := parsePickled(content)
		if err != nil {
			if len(err.Error()) > 300 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if len(labels) > maxInstructions || len(planes) > len(content) || len(labels) > 0 && len(planes)%len(labels) != 0 {
			t.Errorf("%d labels and %d bytes of pictures from %d bytes", len(labels), len(planes), len(content))
		}
	})
}

package cifar

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
)

// with returns the members with one replaced or, past the end, added.
func with(members []entry, i int, m entry) []entry {
	return append(append(append([]entry(nil), members[:i]...), m), members[min(i+1, len(members)):]...)
}

func TestArchiveRefused(t *testing.T) {
	officialSource(t)
	whole := cifarMembers(binaryLayout)
	labels, planes := fixtureBatch(1)
	second := whole[3].name
	wrongLabel := func(label byte) []byte {
		other := bytes.Clone(labels)
		other[3] = label
		return binaryBatch(other, planes)
	}
	tests := []struct {
		name    string
		members []entry
		want    string
	}{
		{"empty", nil, "no batch files: expected a folder named cifar-10-batches-py or cifar-10-batches-bin"},
		{"something else", []entry{{"a/b", []byte("c"), 0}}, "no batch files"},
		{"batch files elsewhere", []entry{{"other/data_batch_1.bin", whole[2].content, 0}}, "no batch files"},
		{"missing batch", append(append([]entry(nil), whole[:4]...), whole[5:]...), "data_batch_3 is missing"},
		{"missing test batch", whole[:7], "test_batch is missing"},
		{"duplicate batch", append(whole, whole[4]), "data_batch_3 comes twice"},
		{"both layouts", append(cifarMembers(pickledLayout), whole...), "data_batch_1 comes twice"},
		{"empty batch", with(whole, 3, entry{second, nil, 0}), "data_batch_2: 0 bytes"},
		{"truncated batch", with(whole, 3, entry{second, whole[3].content[:3072], 0}),
			"data_batch_2: 3072 bytes: expected a multiple of 3073"},
		{"label 10", with(whole, 3, entry{second, wrongLabel(10), 0}),
			"data_batch_2: label 10 of example 3: expected 0 to 9"},
		{"label 255", with(whole, 3, entry{second, wrongLabel(255), 0}),
			"data_batch_2: label 255 of example 3: expected 0 to 9"},
		{"symbolic link", with(whole, 3, entry{second, []byte("/etc/passwd"), tar.TypeSymlink}),
			"is a link or special file: refused"},
		{"hard link", with(whole, 3, entry{second, []byte(whole[2].name), tar.TypeLink}),
			"is a link or special file: refused"},
		{"device", append(whole, entry{"tty", nil, tar.TypeChar}), `"tty" is a link or special file: refused`},
		{"outside", append(whole, entry{"../x", nil, 0}), `"../x" lies outside of the archive's folder: refused`},
		{"outside in the middle", append(whole, entry{"a/../../x", nil, 0}), "lies outside of the archive's folder: refused"},
		{"absolute", append(whole, entry{"/etc/passwd", nil, 0}),
			`"/etc/passwd" lies outside of the archive's folder: refused`},
		{"too many members", append(whole, make1000("x")...), "more than 1000 members"},
		{"batch cut between examples", with(whole, 3, entry{second, whole[3].content[:9*3073], 0}),
			"data_batch_2 has 9 examples, expected 10"},
		{"a directory for a file", with(whole, 3, entry{second + "/", nil, tar.TypeDir}), "data_batch_2 is missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			refused(t, fetch.Options{URL: writeFile(t, gzipped(t, tarball(t, test.members)))}, test.want)
		})
	}
}

func make1000(name string) []entry {
	members := make([]entry, 1000)
	for i := range members {
		members[i].name = fmt.Sprint(name, i)
	}
	return members
}

func TestArchiveNotGzip(t *testing.T) {
	officialSource(t)
	archive := tarball(t, cifarMembers(binaryLayout))
	for name, content := range map[string][]byte{
		"empty file": nil, "one byte": {0x1f}, "text": []byte("<html>Not here</html>"), "tar without gzip": archive,
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, fetch.Options{URL: writeFile(t, content)}, "not a gzip archive")
		})
	}
	t.Run("no tar in it", func(t *testing.T) {
		refused(t, fetch.Options{URL: writeFile(t, gzipped(t, bytes.Repeat([]byte("x"), 5000)))}, "the archive is damaged")
	})
}

// A header that claims too much is refused before anything is allocated.
func TestArchiveOversizedMember(t *testing.T) {
	officialSource(t)
	for _, size := range []int64{maxMember + 1, 1 << 40} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&tar.Header{Name: binaryLayout + "/data_batch_1.bin", Size: size,
			Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		refused(t, fetch.Options{URL: writeFile(t, gzipped(t, b.Bytes()))},
			fmt.Sprint("has ", size, " bytes, more than the 67108864 allowed"))
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: binaryLayout + "/data_batch_1.bin", Size: maxMember,
		Typeflag: tar.TypeReg}); err != nil {
		t.Fatal(err)
	}
	refused(t, fetch.Options{URL: writeFile(t, gzipped(t, b.Bytes()))},
		"the archive is damaged at cifar-10-batches-bin/data_batch_1.bin")
}

func TestBoundedReader(t *testing.T) {
	for _, test := range []struct {
		limit int64
		ok    bool
	}{{9, false}, {10, true}, {11, true}, {0, false}} {
		got, err := io.ReadAll(&boundedReader{strings.NewReader("0123456789"), test.limit})
		if test.ok != (err == nil) || test.ok && len(got) != 10 {
			t.Errorf("limit %d: %d bytes, error %v", test.limit, len(got), err)
		}
	}
}

// An archive cut anywhere, or with one byte changed, is refused: the data
// folder holds either the right pictures or none.
func TestArchiveDamaged(t *testing.T) {
	officialSource(t)
	for _, layout := range []string{pickledLayout, binaryLayout} {
		whole := cifarArchive(t, layout)
		t.Run("cut "+layout, func(t *testing.T) {
			for i := range 30 {
				// Close to both ends and spread in between.
				for _, at := range []int{i, len(whole) - 1 - i, i * len(whole) / 30} {
					refused(t, fetch.Options{URL: writeFile(t, whole[:at])}, "preparing cifar10")
				}
			}
		})
		t.Run("changed "+layout, func(t *testing.T) {
			for i := range 30 {
				other := bytes.Clone(whole)
				other[10+i*(len(whole)-10)/30] ^= 1 << (i % 8) // past gzip's header, where dates lie
				refused(t, fetch.Options{URL: writeFile(t, other)}, "preparing cifar10")
			}
		})
		t.Run("cut tar "+layout, func(t *testing.T) {
			archive := tarball(t, cifarMembers(layout))
			for i := range 40 {
				at := i * (len(archive) - 4096) / 39 / 512 * 512 // a member's end, or close to it
				refused(t, fetch.Options{URL: writeFile(t, gzipped(t, archive[:at]))}, "preparing cifar10")
			}
		})
	}
}

func TestArchiveCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := &reader{counts: map[int]int{}}
	if err := r.archive(ctx, bytes.NewReader(cifarArchive(t, binaryLayout))); err != context.Canceled {
		t.Errorf("error %v, expected %v", err, context.Canceled)
	}
}

// FuzzBinary holds what is read of a binary batch file against its bytes.
func FuzzBinary(f *testing.F) {
	labels, planes := fixtureBatch(1)
	f.Add(binaryBatch(labels, planes)[:2*3073])
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, content []byte) {
		labels, planes, err := parseBinary(content)
		if err != nil {
			return
		}
		if !bytes.Equal(binaryBatch(labels, planes), content) {
			t.Error("another file was read")
		}
	})
}

// FuzzArchive reads anything as an archive, without gzip around it.
func FuzzArchive(f *testing.F) {
	var small bytes.Buffer
	w := tar.NewWriter(&small)
	if err := w.WriteHeader(&tar.Header{Name: binaryLayout + "/data_batch_1.bin", Size: 3073, Typeflag: tar.TypeReg,
		Mode: 0o644}); err != nil {
		f.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 3073)); err != nil {
		f.Fatal(err)
	}
	f.Add(small.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.NoCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_ = prepared.Make(context.Background(), filepath.Join(t.TempDir(), "cifar10"), about(t),
			func(builder *prepared.Builder) error {
				r := &reader{builder, map[int]int{}}
				if err := r.archive(context.Background(), &b); err != nil {
					return err
				}
				if len(r.counts) == 0 {
					t.Error("an archive without batch files was read")
				}
				return r.whole()
			})
	})
}

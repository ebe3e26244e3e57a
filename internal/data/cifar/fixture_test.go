package cifar

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data/datatest"
	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
)

// fixtureSize is the number of examples of a batch file of the tests: 9 for
// training and 1 for validation.
const fixtureSize = 10

// fixtureBatch returns the content of a batch file, 1 to 6, as CIFAR-10 stores
// it. planes: (fixtureSize, channels, height, width).
func fixtureBatch(batch int) (labels, planes []byte) {
	random := rand.New(rand.NewPCG(1, uint64(batch)))
	labels, planes = make([]byte, fixtureSize), make([]byte, fixtureSize*3072)
	for i := range labels {
		labels[i] = byte(random.IntN(10))
	}
	for i := range planes {
		planes[i] = byte(random.IntN(256))
	}
	return labels, planes
}

// pickled returns a batch file as Python 2 and numpy wrote CIFAR-10's.
func pickled(labels, planes []byte) []byte {
	var b bytes.Buffer
	text := func(s string) { fmt.Fprintf(&b, "U%c%s", len(s), s) }
	b.WriteString("\x80\x02}q\x01(")
	text("batch_label")
	b.WriteString("q\x02")
	text("training batch 1 of 5")
	b.WriteString("q\x03")
	text("labels")
	b.WriteString("q\x04]q\x05(")
	for _, label := range labels {
		b.Write([]byte{'K', label})
	}
	b.WriteByte('e')
	text("data")
	b.WriteString("cnumpy.core.multiarray\n_reconstruct\nq\x06cnumpy\nndarray\nq\x07K\x00\x85")
	text("b")
	b.WriteString("\x87Rq\x08(K\x01")
	shape := binary.LittleEndian.AppendUint16([]byte{'M'}, uint16(len(labels)))
	b.Write(append(shape, "M\x00\x0c\x86"...))
	b.WriteString("cnumpy\ndtype\nq\x09")
	text("u1")
	b.WriteString("K\x00K\x01\x87Rq\x0a(K\x03")
	text("|")
	b.WriteString("NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T")
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(planes))))
	b.Write(planes)
	b.WriteString("tb")
	text("filenames")
	b.WriteString("]q\x0b(")
	for i := range labels {
		text(fmt.Sprintf("picture_%d.png", i))
	}
	b.WriteString("eu.")
	return b.Bytes()
}

// binaryBatch returns a batch file of the binary layout.
func binaryBatch(labels, planes []byte) []byte {
	var b []byte
	for i, label := range labels {
		b = append(append(b, label), planes[i*3072:(i+1)*3072]...)
	}
	return b
}

// entry is a member of an archive; with a link type, content is the target.
type entry struct {
	name    string
	content []byte
	kind    byte // tar.TypeReg when 0
}

// cifarMembers returns all that a CIFAR-10 archive of the layout holds.
func cifarMembers(layout string) []entry {
	members := []entry{{layout + "/", nil, tar.TypeDir}, {layout + "/readme.html", []byte("read me"), 0}}
	for batch := 1; batch <= 6; batch++ {
		name := fmt.Sprintf("%s/data_batch_%d", layout, batch)
		if batch == 6 {
			name = layout + "/test_batch"
		}
		if labels, planes := fixtureBatch(batch); layout == pickledLayout {
			members = append(members, entry{name, pickled(labels, planes), 0})
		} else {
			members = append(members, entry{name + ".bin", binaryBatch(labels, planes), 0})
		}
	}
	return members
}

// tarball returns an archive, not compressed.
func tarball(t *testing.T, members []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Typeflag: m.kind, Mode: 0o644}
		switch m.kind {
		case tar.TypeSymlink, tar.TypeLink:
			h.Linkname = string(m.content)
		default:
			h.Size = int64(len(m.content))
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write(m.content); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cifarArchive returns a whole archive of the layout.
func cifarArchive(t *testing.T, layout string) []byte {
	t.Helper()
	return gzipped(t, tarball(t, cifarMembers(layout)))
}

// writeFile puts content into a file of its own and returns its path.
func writeFile(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "archive.tar.gz")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// officialSource makes sure that no test takes its source from the environment.
func officialSource(t *testing.T) {
	t.Helper()
	t.Setenv("RUNNER_CIFAR10_URL", "")
	t.Setenv("RUNNER_CIFAR10_CHECKSUM", "")
}

// about is the dataset's description.
func about(t *testing.T) prepared.Description {
	t.Helper()
	d, err := new(CIFAR10).Describe()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// get prepares CIFAR-10 in a data folder.
func get(t *testing.T, ctx context.Context, dir string, o fetch.Options) error {
	t.Helper()
	return prepared.Make(ctx, filepath.Join(dir, "cifar10"), about(t), func(b *prepared.Builder) error {
		return new(CIFAR10).Examples(ctx, o, b)
	})
}

// opened prepares CIFAR-10 from a source and opens it.
func opened(t *testing.T, source string) *prepared.Dataset {
	t.Helper()
	officialSource(t)
	dir := t.TempDir()
	if err := get(t, context.Background(), dir, fetch.Options{URL: source}); err != nil {
		t.Fatal(err)
	}
	d, err := prepared.Open(filepath.Join(dir, "cifar10"), about(t), "get cifar10")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// notes returns options for a source, and the notes that it sends.
func notes(source string) (fetch.Options, *strings.Builder) {
	told := new(strings.Builder)
	return fetch.Options{URL: source, Tell: func(e fetch.Event) {
		if e.Note != "" {
			told.WriteString(e.Note + "\n")
		}
	}}, told
}

// preparedFiles are all that a prepared dataset leaves in the data folder.
var preparedFiles = []string{"cifar10", "cifar10.lock", "cifar10/meta.json", "cifar10/test.bin", "cifar10/train.bin",
	"cifar10/validation.bin"}

// refused makes sure that a source gives one sentence with all of want in it
// and leaves nothing in the data folder.
func refused(t *testing.T, o fetch.Options, want ...string) {
	t.Helper()
	dir := t.TempDir()
	err := get(t, context.Background(), dir, o)
	sentence(t, err, want...)
	if diff := cmp.Diff([]string{"cifar10.lock"}, datatest.Listing(t, dir)); diff != "" {
		t.Errorf("left in the data folder (-expected +got):\n%s", diff)
	}
}

// sentence makes sure that an error is one line of bounded length and says all
// of want.
func sentence(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, expected one with %q", want)
	}
	text := err.Error()
	if strings.Contains(text, "\n") || len(text) > 700 || !strings.HasPrefix(text, "preparing cifar10: ") {
		t.Errorf("not one clear sentence: %.1000q", text)
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("error %q, expected it to say %q", text, w)
		}
	}
}

package cifar

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data/datatest"
	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
)

// serve answers every request with content, and counts them.
func serve(t *testing.T, content []byte) (address string, asked *atomic.Int32) {
	t.Helper()
	officialSource(t)
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write(content)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/cifar.tar.gz", asked
}

// once makes sure that a server was asked once, for what is prepared in a data folder.
func once(t *testing.T, asked *atomic.Int32, dir string) {
	t.Helper()
	if n := asked.Load(); n != 1 {
		t.Errorf("%d requests, expected 1", n)
	}
	if diff := cmp.Diff(preparedFiles, datatest.Listing(t, dir)); diff != "" {
		t.Errorf("data folder (-expected +got):\n%s", diff)
	}
}

// An archive is fetched once, and what is left of it goes.
func TestFetched(t *testing.T) {
	address, asked := serve(t, cifarArchive(t, binaryLayout))
	o, told := notes(address)
	dir := t.TempDir()
	for range 2 { // the second finds it done
		if err := get(t, context.Background(), dir, o); err != nil {
			t.Fatal(err)
		}
	}
	once(t, asked, dir)
	for _, want := range []string{"warning: trusting " + address, "cifar10: preparing\n"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("told %q, expected it to say %q", told.String(), want)
		}
	}
}

// What was fetched and is of no use is not kept.
func TestFetchedRefused(t *testing.T) {
	content := cifarArchive(t, binaryLayout)
	for _, test := range []struct {
		name     string
		content  []byte
		checksum string
		want     string
	}{
		{"other bytes", content[1:], "sha256:" + strings.Repeat("0", 64), "expected sha256:0000"},
		{"a part only", content[:len(content)/2], "", "the archive is"},
		{"nothing", nil, "", "not a gzip archive"},
	} {
		t.Run(test.name, func(t *testing.T) {
			address, asked := serve(t, test.content)
			refused(t, fetch.Options{URL: address, Checksum: test.checksum}, address, test.want)
			if n := asked.Load(); n != 1 {
				t.Errorf("%d requests, expected 1", n)
			}
		})
	}
}

// An archive that came whole is used again where only the disk failed.
func TestFetchedUsedAgain(t *testing.T) {
	address, asked := serve(t, cifarArchive(t, binaryLayout))
	o, dir := fetch.Options{URL: address}, t.TempDir()
	err := prepared.Make(context.Background(), filepath.Join(dir, "cifar10"), about(t), func(b *prepared.Builder) error {
		building, err := filepath.Glob(filepath.Join(dir, "cifar10.preparing-*"))
		if err != nil || len(building) != 1 {
			t.Fatalf("folders %q, error %v", building, err)
		}
		if err := os.Remove(building[0]); err != nil {
			t.Fatal(err)
		}
		return new(CIFAR10).Examples(context.Background(), o, b)
	})
	if !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("error %v, expected one of the disk", err)
	}
	if err := get(t, context.Background(), dir, o); err != nil {
		t.Fatal(err)
	}
	once(t, asked, dir)
}

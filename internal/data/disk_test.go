//go:build unix

package data

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data/datatest"
)

// The variable with which a test process is told to act as one that meets a full
// disk: how many bytes its files may have.
const limitVariable = "RUNNER_TEST_FILE_SIZE"

// TestDiskFullProcess is no test: TestDiskFull runs it in a process of its own.
func TestDiskFullProcess(t *testing.T) {
	limit, err := strconv.ParseUint(os.Getenv(limitVariable), 10, 64)
	if err != nil {
		t.Skip("for TestDiskFull alone")
	}
	signal.Ignore(syscall.SIGXFSZ)
	var most syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &most); err != nil {
		t.Fatal(err)
	}
	most.Cur = limit
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &most); err != nil {
		t.Fatal(err)
	}
	err = named(t, os.Getenv("RUNNER_TEST_DATASET")).Get(context.Background(), Options{Dir: os.Getenv("RUNNER_DATA")})
	if !errors.Is(err, syscall.EFBIG) {
		t.Fatalf("error %v, expected one of a write", err)
	}
	t.Log("told: " + err.Error())
}

// A write that fails, here beyond a limit on a file's size, ends in one
// sentence, and nothing is left but what a download can go on from.
func TestDiskFull(t *testing.T) {
	content := cifarArchive(t)
	path := filepath.Join(t.TempDir(), "archive.tar.gz")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Header.Get("Range")+";"+r.Header.Get("If-Range"))
		mu.Unlock()
		w.Header().Set("ETag", `"a"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}))
	defer server.Close()
	address := server.URL + "/cifar.tar.gz"
	download := []string{"cifar10.download", "cifar10.download/archive", "cifar10.download/archive.json"}
	tests := []struct {
		name, dataset, source string
		limit                 int // bytes: a batch file has 30,730, train.bin 138,285, the archive 185,043
		said                  string
		left                  []string
		asked                 []string
	}{
		{"batch file", "cifar10", path, 20_000, "batch-", nil, nil},
		{"split", "cifar10", path, 100_000, "train.bin", nil, nil},
		{"download", "cifar10", address, 100_000, "fetching " + address, download, []string{";", `bytes=100000-;"a"`}},
		{"drawn pictures", "synthetic", "", 1 << 20, "batch-", nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			c := exec.Command(os.Args[0], "-test.run=^TestDiskFullProcess$", "-test.v")
			c.Env = append(os.Environ(), limitVariable+"="+strconv.Itoa(test.limit), "RUNNER_TEST_DATASET="+test.dataset,
				"RUNNER_DATA="+dir, "RUNNER_CIFAR10_URL="+test.source, "RUNNER_CIFAR10_CHECKSUM=")
			out, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			_, told, _ := strings.Cut(string(out), "told: ")
			told, rest, _ := strings.Cut(told, "\n")
			if !strings.Contains(told, test.said) || !strings.HasSuffix(told, "file too large") ||
				!strings.HasPrefix(rest, "---") {
				t.Errorf("told %q, expected one line with %q", out, test.said)
			}
			if diff := cmp.Diff(append(test.left, test.dataset+".lock"), datatest.Listing(t, dir)); diff != "" {
				t.Errorf("left in the data folder (-expected +got):\n%s", diff)
			}
			if test.asked == nil {
				return
			}
			// With room again, the same call goes on.
			t.Setenv("RUNNER_CIFAR10_CHECKSUM", "")
			o := Options{Dir: dir}
			o.URL = test.source
			if err := named(t, "cifar10").Get(context.Background(), o); err != nil {
				t.Fatal(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if diff := cmp.Diff(test.asked, asked); diff != "" {
				t.Errorf("requests (-expected +got):\n%s", diff)
			}
			if diff := cmp.Diff(preparedFiles, datatest.Listing(t, dir)); diff != "" {
				t.Errorf("data folder (-expected +got):\n%s", diff)
			}
		})
	}
}

package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"runner/internal/data/datatest"
)

// answer answers one request.
type answer func(w http.ResponseWriter, r *http.Request)

// requests are what a server was asked for: the header Range of each request,
// and If-Range after a semicolon.
type requests struct {
	mu  sync.Mutex
	all []string
}

// serve answers the first request with the first answer and so on, and further
// ones with the last.
func serve(t *testing.T, answers ...answer) (address string, asked *requests) {
	t.Helper()
	pause := firstPause
	firstPause = 0
	t.Cleanup(func() { firstPause = pause })
	asked = new(requests)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.mu.Lock()
		n := min(len(asked.all), len(answers)-1)
		asked.all = append(asked.all, r.Header.Get("Range")+";"+r.Header.Get("If-Range"))
		asked.mu.Unlock()
		answers[n](w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/cifar.tar.gz", asked
}

// expect compares what a server was asked for.
func (r *requests) expect(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if diff := cmp.Diff(want, r.all); diff != "" {
		t.Errorf("requests (-expected +got):\n%s", diff)
	}
}

// whole serves content as it should be, ranges included.
func whole(content []byte, etag string) answer {
	return func(w http.ResponseWriter, r *http.Request) {
		if etag != "" {
			w.Header().Set("ETag", etag)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}
}

// broken sends n bytes and breaks the connection, whatever was asked for.
func broken(content []byte, n int, header ...string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(http.StatusOK)
		send(w, content[:n])
		panic(http.ErrAbortHandler)
	}
}

func send(w http.ResponseWriter, content []byte) {
	if _, err := w.Write(content); err == nil {
		w.(http.Flusher).Flush()
	}
}

func status(code int) answer {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// archive is content to fetch, of the size of a small archive.
func archive() []byte {
	content := make([]byte, 185_043)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(content)
	return content
}

// kept are all that a download leaves, beside its folder.
var kept = []string{"x.download", "x.download/archive", "x.download/archive.json"}

// fetched fetches a file into a folder of dir and holds it against the content.
func fetched(t *testing.T, address, dir string, content []byte) {
	t.Helper()
	path, err := File{URL: address}.Fetch(context.Background(), filepath.Join(dir, "x.download"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, error %v, expected the %d served", len(got), err, len(content))
	}
	if diff := cmp.Diff(kept, datatest.Listing(t, dir)); diff != "" {
		t.Errorf("left (-expected +got):\n%s", diff)
	}
}

// says makes sure that an error is one line and says all of want.
func says(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, expected one with %q", want)
	}
	for _, w := range want {
		if text := err.Error(); !strings.Contains(text, w) || strings.Contains(text, "\n") || len(text) > 700 {
			t.Errorf("error %.1000q, expected one line that says %q", text, w)
		}
	}
}

func TestDownload(t *testing.T) {
	content := archive()
	other := bytes.Repeat([]byte("x"), len(content))
	const half = 100_000
	const date = "Wed, 21 Oct 2015 07:28:00 GMT"
	const resumed = "bytes=100000-;"
	unknownLength := func(w http.ResponseWriter, _ *http.Request) {
		send(w, content[:half])
		send(w, content[half:])
	}
	// partialAnswer is a server's that does not know If-Range.
	partialAnswer := func(content []byte, from int, etag string) answer {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", etag)
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
			w.WriteHeader(http.StatusPartialContent)
			send(w, content[from:])
		}
	}
	tests := []struct {
		name    string
		answers []answer
		asked   []string
	}{
		{"at once", []answer{whole(content, "")}, []string{";"}},
		{"resumed", []answer{broken(content, half, "ETag", `"a"`), whole(content, `"a"`)}, []string{";", resumed + `"a"`}},
		{"resumed by its date", []answer{broken(content, half, "Last-Modified", date), partialAnswer(content, half, "")},
			[]string{";", resumed + date}},
		{"resumed twice", []answer{broken(content, half, "ETag", `"a"`),
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", half, len(content)-1, len(content)))
				w.Header().Set("Content-Length", strconv.Itoa(len(content)-half))
				w.WriteHeader(http.StatusPartialContent)
				send(w, content[half:half+7])
				panic(http.ErrAbortHandler)
			}, whole(content, `"a"`)}, []string{";", resumed + `"a"`, `bytes=100007-;"a"`}},
		{"ranges ignored", []answer{broken(content, half, "ETag", `"a"`), func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Range")
			whole(content, `"a"`)(w, r)
		}}, []string{";", resumed + `"a"`}},
		{"another tag", []answer{broken(other, half, "ETag", `"a"`), whole(content, `"b"`)}, []string{";", resumed + `"a"`}},
		{"another tag, condition ignored", []answer{broken(other, half, "ETag", `"a"`), partialAnswer(content, half, `"b"`),
			whole(content, `"b"`)},
			[]string{";", resumed + `"a"`, ";"}},
		{"another range", []answer{broken(content, half, "ETag", `"a"`), partialAnswer(content, half+1, `"a"`),
			whole(content, `"a"`)},
			[]string{";", resumed + `"a"`, ";"}},
		{"a range nobody asked for", []answer{partialAnswer(content, 5, `"a"`), whole(content, `"a"`)}, []string{";", ";"}},
		{"range not satisfiable", []answer{broken(content, half, "ETag", `"a"`), status(416), whole(content, `"a"`)},
			[]string{";", resumed + `"a"`, ";"}},
		{"weak tag", []answer{broken(content, half, "ETag", `W/"a"`), whole(content, `W/"a"`)}, []string{";", ";"}},
		{"weak tag and a date", []answer{broken(content, half, "ETag", `W/"a"`, "Last-Modified", date), whole(content, "")},
			[]string{";", resumed + date}},
		{"nothing to know it by", []answer{broken(content, half), whole(content, "")}, []string{";", ";"}},
		{"500, 503, 429", []answer{status(500), status(503), status(429), whole(content, "")}, []string{";", ";", ";", ";"}},
		{"no length", []answer{unknownLength}, []string{";"}},
		{"no length, broken", []answer{func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"a"`)
			send(w, content[:half])
			panic(http.ErrAbortHandler)
		}, whole(content, `"a"`)}, []string{";", resumed + `"a"`}},
		{"redirected", []answer{func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/b",
				http.StatusFound)
		}, whole(content, "")}, []string{";", ";"}},
		{"never compressed", []answer{func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept-Encoding"); got != "identity" {
				t.Errorf("Accept-Encoding %q, expected identity", got)
			}
			whole(content, "")(w, r)
		}}, []string{";"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			address, asked := serve(t, test.answers...)
			dir := t.TempDir()
			for range 2 { // the second finds it done
				fetched(t, address, dir, content)
				asked.expect(t, test.asked...)
			}
		})
	}
}

func TestDownloadRefused(t *testing.T) {
	content := archive()
	limit := func(t *testing.T) {
		before := maxDownload
		maxDownload = 1000
		t.Cleanup(func() { maxDownload = before })
	}
	var ups answer = broken(content, 1000)
	down := broken(content, 900)
	tests := []struct {
		name    string
		answers []answer
		limited bool
		asked   int
		want    string
	}{
		{name: "not there", answers: []answer{status(404)}, asked: 1, want: "the server answered 404 Not Found"},
		{name: "forbidden", answers: []answer{status(403)}, asked: 1, want: "the server answered 403 Forbidden"},
		{name: "broken server", answers: []answer{status(500)}, asked: attempts,
			want: "the server answered 500 Internal Server Error"},
		{name: "always broken after the same", answers: []answer{broken(content, 1000)}, asked: attempts,
			want: "unexpected EOF"},
		{name: "never further", answers: []answer{ups, down, ups, down, ups, down, ups, down, ups}, asked: attempts,
			want: "unexpected EOF"},
		{name: "too large", answers: []answer{whole(content, "")}, limited: true, asked: 1,
			want: "more than the 1000 allowed"},
		{name: "too large, no length", answers: []answer{func(w http.ResponseWriter, _ *http.Request) {
			send(w, content[:999])
			send(w, content)
		}}, limited: true, asked: 1, want: "more than the 1000 bytes allowed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			address, asked := serve(t, test.answers...)
			if test.limited {
				limit(t)
			}
			dir := t.TempDir()
			_, err := File{URL: address}.Fetch(context.Background(), filepath.Join(dir, "x.download"), Options{})
			says(t, err, address, test.want)
			if left := datatest.Listing(t, dir); left != nil {
				t.Errorf("left: %q", left)
			}
			if len(asked.all) != test.asked {
				t.Errorf("%d requests, expected %d", len(asked.all), test.asked)
			}
		})
	}
	t.Run("no server", func(t *testing.T) {
		server := httptest.NewServer(nil)
		server.Close()
		serve(t, status(404)) // for its pauses
		_, err := File{URL: server.URL}.Fetch(context.Background(), filepath.Join(t.TempDir(), "x.download"), Options{})
		says(t, err, server.URL, "connection refused")
	})
}

// What came of a download that could not be finished is there for the next
// call, and only for one with the same source.
func TestDownloadResumedByAnotherCall(t *testing.T) {
	content := archive()
	dir := t.TempDir()
	folder := filepath.Join(dir, "x.download")
	address, first := serve(t, broken(content, 5000, "ETag", `"a"`), status(500))
	_, err := File{URL: address}.Fetch(context.Background(), folder, Options{})
	says(t, err, "the server answered 500", "the same command resumes from there")
	if diff := cmp.Diff(kept, datatest.Listing(t, dir)); diff != "" {
		t.Errorf("left (-expected +got):\n%s", diff)
	}
	if len(first.all) != 1+attempts-1 {
		t.Errorf("%d requests, expected %d", len(first.all), attempts)
	}
	t.Run("another source", func(t *testing.T) {
		address, asked := serve(t, status(404))
		_, err := File{URL: address}.Fetch(context.Background(), folder, Options{})
		says(t, err, "404")
		asked.expect(t, ";")
	})
}

func TestDownloadCancelled(t *testing.T) {
	content := archive()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	address, asked := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"a"`)
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		send(w, content[:len(content)/2])
		<-r.Context().Done() // a server that stalls
	}, whole(content, `"a"`))
	dir := t.TempDir()
	folder := filepath.Join(dir, "x.download")
	o := Options{Tell: func(e Event) {
		if e.Done > 0 {
			cancel()
		}
	}}
	if _, err := (File{URL: address}).Fetch(ctx, folder, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, expected %v", err, context.Canceled)
	}
	have := sizeOf(filepath.Join(folder, "archive"))
	if have == 0 {
		t.Fatal("nothing is left to resume from")
	}
	fetched(t, address, dir, content)
	asked.expect(t, ";", fmt.Sprintf(`bytes=%d-;"a"`, have))
}

// The events of a transfer that breaks and is resumed: each beginning, how far it
// comes, and each end.
func TestEvents(t *testing.T) {
	content := archive()
	half, all := int64(len(content)/2), int64(len(content))
	address, _ := serve(t, broken(content, int(half), "ETag", `"a"`), whole(content, `"a"`))
	var last Event
	var told []Event // but for those on the way
	_, err := File{URL: address}.Fetch(context.Background(), t.TempDir(), Options{Tell: func(e Event) {
		if e.Note == "" && e.Done < last.Done {
			t.Errorf("%d bytes after %d", e.Done, last.Done)
		}
		if last.Over || last.Note != "" || last == (Event{}) || e.Over || e.Note != "" {
			told = append(told, e)
		}
		if last = e; e.Note != "" {
			last.Done = half
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{Total: all}, {Done: half, Total: all, Over: true},
		{Note: "fetching " + address + ": unexpected EOF, trying again"},
		{Done: half, Total: all}, {Done: all, Total: all, Over: true},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-expected +got):\n%s", diff)
	}
}

// TestStalledServer falls silent in the middle: the request is given up and the
// next one resumes from there.
func TestStalledServer(t *testing.T) {
	before := stall
	stall = 50 * time.Millisecond
	t.Cleanup(func() { stall = before })
	pause := firstPause
	firstPause = 0
	t.Cleanup(func() { firstPause = pause })
	content := bytes.Repeat([]byte("0123456789"), 100)
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		w.Header().Set("ETag", `"one"`)
		if requests == 1 {
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			w.Write(content[:500])
			w.(http.Flusher).Flush()
			<-r.Context().Done() // until the other side gives up
			return
		}
		http.ServeContent(w, r, "archive", time.Time{}, bytes.NewReader(content))
	}))
	defer server.Close()
	var log strings.Builder
	o := Options{Tell: func(e Event) { log.WriteString(e.Note) }}
	path, err := File{URL: server.URL}.Fetch(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, error %v, expected the %d served", len(got), err, len(content))
	}
	if requests != 2 || !strings.Contains(log.String(), errStalled.Error()) {
		t.Errorf("%d requests, log %q", requests, log.String())
	}
}

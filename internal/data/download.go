package data

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A download that breaks is tried again, so many times without progress, after
// a pause that doubles.
const attempts = 5

var firstPause = time.Second

// maxDownload bounds a download in bytes.
const maxDownload = 1 << 30

// partial is what is known of a broken download, kept beside it: it may only be
// resumed from the same source with the same content.
type partial struct {
	URL       string `json:"url"`
	Validator string `json:"validator"` // an entity tag or a date, for If-Range
}

// download is one file being fetched.
type download struct {
	url  string
	path string // the part that is there
	o    Options
}

// fetch downloads the source into a folder of its own and returns the file. A
// part that an earlier call left there is resumed.
func fetch(ctx context.Context, s source, dir string, o Options) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	d := download{s.url, filepath.Join(dir, "archive"), o}
	if d.remembered() == (partial{s.url, complete}) && exists(d.path) {
		return d.path, nil // an earlier call fetched it and could not prepare it
	}
	pause := firstPause
	for attempt := 1; ; attempt++ {
		before := sizeOf(d.path)
		err := d.try(ctx)
		if err == nil {
			return d.path, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		var final *finalError
		if errors.As(err, &final) {
			return "", fmt.Errorf("fetching %s: %w", s.url, err)
		}
		if sizeOf(d.path) > before {
			attempt, pause = 1, firstPause
		}
		if attempt == attempts {
			return "", fmt.Errorf("fetching %s: %w: the part that came is kept, the same command goes on from there", s.url, err)
		}
		fmt.Fprintf(o.Progress, "fetching %s: %v, trying again\n", s.url, err)
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// complete stands for a validator once all has come.
const complete = "complete"

// finalError is an error that trying again does not mend.
type finalError struct{ error }

func (e *finalError) Unwrap() error { return e.error }

// try makes one request and appends what comes.
func (d download) try(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return &finalError{err}
	}
	have, known := sizeOf(d.path), d.remembered()
	resume := have > 0 && known.URL == d.url && known.Validator != "" && known.Validator != complete
	if resume {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		request.Header.Set("If-Range", known.Validator)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	switch code := response.StatusCode; {
	case code == http.StatusPartialContent && resume && rangeStart(response) == have:
	case code == http.StatusOK:
		have = 0
	case code == http.StatusRequestedRangeNotSatisfiable, code == http.StatusPartialContent:
		// The part here does not belong to what is there: begin anew.
		if err := os.Remove(d.path); err != nil {
			return &finalError{err}
		}
		return fmt.Errorf("the server answered %s to a part of %d bytes", response.Status, have)
	case code == http.StatusTooManyRequests || code >= 500:
		return fmt.Errorf("the server answered %s", response.Status)
	default:
		return &finalError{fmt.Errorf("the server answered %s", response.Status)}
	}
	if err := d.remember(validator(response)); err != nil {
		return &finalError{err}
	}
	total := int64(0)
	if response.ContentLength >= 0 {
		total = have + response.ContentLength
	}
	if total > maxDownload {
		return &finalError{fmt.Errorf("%d bytes: more than the %d allowed", total, int64(maxDownload))}
	}
	return d.receive(response.Body, have, total)
}

// receive appends a body to the have bytes that are there.
func (d download) receive(body io.Reader, have, total int64) (err error) {
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return &finalError{err}
	}
	defer func() {
		if closeErr := f.Close(); closeErr != nil {
			err = errors.Join(err, &finalError{closeErr})
		}
	}()
	if err := f.Truncate(have); err != nil {
		return &finalError{err}
	}
	if _, err := f.Seek(have, io.SeekStart); err != nil {
		return &finalError{err}
	}
	meter := newMeter(d.o, "fetching", have, total)
	n, err := io.Copy(diskWriter{f}, meter.reader(io.LimitReader(body, maxDownload+1-have)))
	meter.stop()
	if err != nil {
		return err
	}
	if have+n > maxDownload {
		return &finalError{fmt.Errorf("more than the %d bytes allowed", int64(maxDownload))}
	}
	if err := f.Sync(); err != nil {
		return &finalError{err}
	}
	return d.remember(complete)
}

// diskWriter marks errors of the disk, which another request does not mend.
type diskWriter struct{ f *os.File }

func (w diskWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		err = &finalError{err}
	}
	return n, err
}

// validator returns what If-Range takes: a strong entity tag or a date.
func validator(r *http.Response) string {
	if tag := r.Header.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return r.Header.Get("Last-Modified")
}

// rangeStart returns where a partial answer begins, or -1.
func rangeStart(r *http.Response) int64 {
	text, _ := strings.CutPrefix(r.Header.Get("Content-Range"), "bytes ")
	first, _, _ := strings.Cut(text, "-")
	start, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return -1
	}
	return start
}

func (d download) remember(validator string) error {
	text, err := json.Marshal(partial{d.url, validator})
	if err != nil {
		return err
	}
	return os.WriteFile(d.path+".json", text, 0o644)
}

// remembered returns what is known of the part; nothing if it cannot be read.
func (d download) remembered() partial {
	var p partial
	text, err := os.ReadFile(d.path + ".json")
	if err != nil || json.Unmarshal(text, &p) != nil {
		return partial{}
	}
	return p
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// A broken download is tried again, up to so many times without progress, after a pause that doubles.
const attempts = 5

var firstPause = time.Second

// stall is how long a server may send nothing before the attempt fails.
var stall = time.Minute

var errStalled = errors.New("the server stopped sending")

// maxDownload bounds a download in bytes.
var maxDownload int64 = 1 << 30

// download is one file being fetched.
type download struct {
	url  string
	path string // the part that is there
	o    Options
}

// Fetch downloads a file into a folder and returns its path. It resumes a part that an earlier call left there. A
// failure leaves only a part that can be resumed.
func (f File) Fetch(ctx context.Context, dir string, o Options) (_ string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	d := download{f.URL, filepath.Join(dir, "archive"), o}
	if d.remembered() == (partial{f.URL, complete}) && sizeOf(d.path) > 0 {
		return d.path, nil // an earlier call fetched it and could not prepare it
	}
	defer func() {
		if _, _, ok := d.resumable(); err != nil && !ok {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	pause, most := firstPause, sizeOf(d.path)
	for attempt := 1; ; attempt++ {
		err := d.try(ctx)
		if err == nil {
			return d.path, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		var final *finalError
		if errors.As(err, &final) {
			return "", fmt.Errorf("fetching %s: %w", f.URL, err)
		}
		// A server that does not resume sends the same bytes again: that is no
		// progress.
		if have := sizeOf(d.path); have > most {
			attempt, pause, most = 1, firstPause, have
		}
		if attempt == attempts {
			err = fmt.Errorf("fetching %s: %w", f.URL, err)
			if _, _, ok := d.resumable(); ok {
				err = fmt.Errorf("%w: the part that came is kept, the same command resumes from there", err)
			}
			return "", err
		}
		o.Note("fetching %s: %v, trying again", f.URL, err)
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(pause):
			pause *= 2
		}
	}
}

// finalError is an error that another attempt cannot mend.
type finalError struct{ error }

func (e *finalError) Unwrap() error { return e.error }

// try makes one request and appends what comes.
func (d download) try(ctx context.Context) (err error) {
	// When the server falls silent the attempt ends.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(stall, func() { cancel(errStalled) })
	defer func() {
		watch.Stop()
		if err != nil && context.Cause(ctx) == errStalled {
			err = errStalled
		}
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return &finalError{err}
	}
	have, known, resume := d.resumable()
	// A compressed response could not be resumed.
	request.Header.Set("Accept-Encoding", "identity")
	if resume {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		request.Header.Set("If-Range", known)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err // the caller names the URL
		}
		return err
	}
	defer response.Body.Close()
	current := validator(response)
	switch code := response.StatusCode; {
	case code == http.StatusPartialContent && resume && rangeStart(response) == have &&
		(current == "" || current == known):
	case code == http.StatusOK:
		// The old part goes first: it must never be kept with the validator of another file.
		if err := d.forget(); err != nil {
			return &finalError{err}
		}
		if err := d.remember(current); err != nil {
			return &finalError{err}
		}
		have = 0
	case code == http.StatusRequestedRangeNotSatisfiable, code == http.StatusPartialContent:
		// The part does not belong to the server's file: begin anew.
		if err := d.forget(); err != nil {
			return &finalError{err}
		}
		return fmt.Errorf("the server answered %s to a part of %d bytes", response.Status, have)
	case code == http.StatusTooManyRequests || code >= 500:
		return fmt.Errorf("the server answered %s", response.Status)
	default:
		return &finalError{fmt.Errorf("the server answered %s", response.Status)}
	}
	total := int64(0)
	if response.ContentLength >= 0 {
		total = have + response.ContentLength
	}
	if total > maxDownload {
		return &finalError{errors.Join(fmt.Errorf("%d bytes: more than the %d allowed", total, maxDownload), d.forget())}
	}
	return d.receive(watched{response.Body, watch}, have, total)
}

// watched restarts the stall timer with every piece that comes.
type watched struct {
	io.Reader
	watch *time.Timer
}

func (w watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if n > 0 {
		w.watch.Reset(stall)
	}
	return n, err
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
	from := &counter{io.LimitReader(body, maxDownload+1-have), d.o, Event{Done: have, Total: total}}
	d.o.tell(from.at)
	n, err := io.Copy(diskWriter{f}, from)
	from.at.Over = true
	d.o.tell(from.at)
	if err != nil {
		return err
	}
	if have+n > maxDownload {
		return &finalError{errors.Join(fmt.Errorf("more than the %d bytes allowed", maxDownload), d.forget())}
	}
	if err := f.Sync(); err != nil {
		return &finalError{err}
	}
	if err := d.remember(complete); err != nil {
		return &finalError{err}
	}
	return nil
}

// diskWriter marks errors of the disk as final.
type diskWriter struct{ f *os.File }

func (w diskWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		err = &finalError{err}
	}
	return n, err
}

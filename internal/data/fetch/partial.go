package fetch

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// partial describes a broken download and is kept beside it: it may only be resumed from the same source with the same
// content.
type partial struct {
	URL       string `json:"url"`
	Validator string `json:"validator"` // an entity tag or a date, for If-Range
}

// complete stands for a validator once the download is complete.
const complete = "complete"

// resumable returns how many bytes are there, and the validator with which to request the others.
func (d download) resumable() (have int64, validator string, ok bool) {
	have, known := sizeOf(d.path), d.remembered()
	ok = have > 0 && known.URL == d.url && known.Validator != "" && known.Validator != complete
	return have, known.Validator, ok
}

func (d download) remember(validator string) error {
	text, err := json.Marshal(partial{d.url, validator})
	if err != nil {
		return err
	}
	return os.WriteFile(d.path+".json", text, 0o644)
}

// remembered returns what is known of the part; the zero value if it cannot be read.
func (d download) remembered() partial {
	var p partial
	text, err := os.ReadFile(d.path + ".json")
	if err != nil || json.Unmarshal(text, &p) != nil {
		return partial{}
	}
	return p
}

// forget removes the part that is there.
func (d download) forget() error {
	if err := os.Remove(d.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
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

// sizeOf returns a file's size in bytes, 0 if it is not there.
func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

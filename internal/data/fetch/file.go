// Package fetch brings the files that datasets are made of onto this machine, from a server or a path. It resumes
// broken downloads and checks sizes and checksums. It prints nothing: [Options.Tell] receives events.
package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// File is where a file comes from and what it must be.
type File struct {
	URL    string // http, https, file or a path
	SHA256 string // in hexadecimal; empty: anything is trusted
	Size   int64  // in bytes; 0: any
}

// ParseChecksum returns the hexadecimal digits of a checksum, "sha256:" and 64 digits.
func ParseChecksum(text string) (string, error) {
	digits, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(text)), "sha256:")
	if b, err := hex.DecodeString(digits); !ok || err != nil || len(b) != sha256.Size {
		return "", fmt.Errorf("checksum %q: expected sha256: and 64 hexadecimal digits", text)
	}
	return digits, nil
}

// Local returns the path on this machine that the URL names, if it names one.
func (f File) Local() (path string, ok bool, err error) {
	u, err := url.Parse(f.URL)
	if err != nil && strings.Contains(f.URL, "://") {
		return "", false, err
	}
	if err != nil || len(u.Scheme) <= 1 { // a path; one letter is a drive
		return f.URL, true, nil
	}
	switch u.Scheme {
	case "http", "https":
		return "", false, nil
	case "file":
		if u.Host != "" && u.Host != "localhost" || u.Path == "" {
			return "", false, fmt.Errorf("%s: expected file:// and an absolute path on this machine", f.URL)
		}
		return filepath.FromSlash(u.Path), true, nil
	}
	return "", false, fmt.Errorf("%s: expected a URL that begins with https, http or file, or a path", f.URL)
}

// Verify checks the size and checksum of an open file and rewinds it. Without a checksum it notes what is trusted.
func (f File) Verify(content *os.File, o Options) error {
	info, err := content.Stat()
	if err != nil {
		return err
	}
	if size := info.Size(); f.Size != 0 && size != f.Size {
		return fmt.Errorf("%s has %d bytes, expected %d: fetch it again, or name its checksum if you mean another archive",
			f.URL, size, f.Size)
	}
	h := sha256.New()
	if _, err := io.Copy(h, content); err != nil {
		return err
	}
	got := hex.EncodeToString(h.Sum(nil))
	switch f.SHA256 {
	case "":
		o.Note("warning: trusting %s without a checksum (%d bytes, sha256:%s)", f.URL, info.Size(), got)
	case got:
	default:
		return fmt.Errorf("%s has checksum sha256:%s, expected sha256:%s: it is another file or damaged, and was not used",
			f.URL, got, f.SHA256)
	}
	_, err = content.Seek(0, io.SeekStart)
	return err
}

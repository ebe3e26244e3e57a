package fetch

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLocal(t *testing.T) {
	tests := []struct {
		url, path string
		local     bool
		fault     string
	}{
		{url: "https://www.example.org/a.tar.gz"},
		{url: "HTTP://www.example.org/a.tar.gz"},
		{url: "file:///a/b.tar.gz", path: "/a/b.tar.gz", local: true},
		{url: "file://localhost/a/b.tar.gz", path: "/a/b.tar.gz", local: true},
		{url: "file:///a b/%63%20d%25.tar.gz", path: "/a b/c d%.tar.gz", local: true},
		{url: "/a/100%.tar.gz", path: "/a/100%.tar.gz", local: true},
		{url: "a b/c.tar.gz", path: "a b/c.tar.gz", local: true},
		{url: `C:\a\b.tar.gz`, path: `C:\a\b.tar.gz`, local: true},
		{url: "file://elsewhere/a.tar.gz", fault: "expected file:// and an absolute path"},
		{url: "file:a.tar.gz", fault: "expected file:// and an absolute path"},
		{url: "ftp://www.example.org/a.tar.gz", fault: "begins with https, http or file"},
		{url: "http://[::1/a.tar.gz", fault: "missing ']'"},
		{url: "file:///a/100%.tar.gz", fault: "invalid URL escape"},
	}
	for _, test := range tests {
		path, local, err := File{URL: test.url}.Local()
		if test.fault != "" {
			if err == nil || !strings.Contains(err.Error(), test.fault) {
				t.Errorf("%s: error %v, expected %q", test.url, err, test.fault)
			}
			continue
		}
		if err != nil || path != test.path || local != test.local {
			t.Errorf("%s: path %q, local %v, error %v: expected %q, %v", test.url, path, local, err, test.path, test.local)
		}
	}
}

func TestParseChecksum(t *testing.T) {
	digits := strings.Repeat("0a", 32)
	for text, want := range map[string]string{
		"sha256:" + digits: digits, " SHA256:" + strings.ToUpper(digits) + "\n": digits,
		digits: "", "md5:" + digits: "", "sha256:" + digits[2:]: "", "sha256:" + digits[1:] + "g": "", "": "",
	} {
		got, err := ParseChecksum(text)
		if got != want || (want == "") != (err != nil) {
			t.Errorf("%q: %q, error %v, expected %q", text, got, err, want)
		}
		if want == "" {
			says(t, err, "expected sha256: and 64 hexadecimal digits")
		}
	}
}

// An open file is checked against its size and checksum, and can be read from its start.
func TestVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("pictures"), 0o644); err != nil {
		t.Fatal(err)
	}
	const sum = "752f502ee3ac574467c34d2881aabe52eac51a2491d707bf11b09d2b9f0d4546"
	for _, test := range []struct {
		file        File
		fault, note string
	}{
		{file: File{URL: "u", SHA256: sum}},
		{file: File{URL: "u", SHA256: sum, Size: 8}},
		{file: File{URL: "u"}, note: "warning: trusting u without a checksum (8 bytes, sha256:" + sum + ")"},
		{file: File{URL: "u", SHA256: sum, Size: 9}, fault: "u has 8 bytes, expected 9"},
		{file: File{URL: "u", SHA256: strings.Repeat("0", 64)},
			fault: "u has checksum sha256:" + sum + ", expected sha256:00"},
	} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var note string
		err = test.file.Verify(f, Options{Tell: func(e Event) { note += e.Note }})
		if test.fault != "" {
			says(t, err, test.fault)
		} else if rest, readErr := io.ReadAll(f); err != nil || readErr != nil || string(rest) != "pictures" {
			t.Errorf("%+v: errors %v and %v, then %q", test.file, err, readErr, rest)
		}
		if note != test.note {
			t.Errorf("%+v: told %q, expected %q", test.file, note, test.note)
		}
		f.Close()
		if err := test.file.Verify(f, Options{}); err == nil {
			t.Error("a closed file was verified")
		}
	}
}

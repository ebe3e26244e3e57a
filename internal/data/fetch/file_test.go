package fetch

import (
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

package cifar

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// hwc is the picture's byte at (height, width, channel) in CIFAR-10's planes.
func hwc(planes []byte, example, h, w, c int) byte {
	return planes[example*3072+c*1024+h*32+w]
}

// Every example comes out as the batch files have it, in either layout.
func TestCIFAR10BothLayouts(t *testing.T) {
	var fingerprints []string
	for _, layout := range []string{pickledLayout, binaryLayout} {
		t.Run(layout, func(t *testing.T) {
			d := opened(t, writeFile(t, cifarArchive(t, layout)))
			fingerprints = append(fingerprints, d.Fingerprint)
			var train, validation int
			for batch := 1; batch <= 5; batch++ {
				labels, planes := fixtureBatch(batch)
				for i := range fixtureSize {
					if i < 9 {
						example(t, d.Train(batch), i, labels[i], planes, i)
						example(t, d.Train(0), train, labels[i], planes, i)
						train++
					} else {
						example(t, d.Validation(), validation, labels[i], planes, i)
						validation++
					}
				}
			}
			labels, planes := fixtureBatch(6)
			for i := range fixtureSize {
				example(t, d.Test(), i, labels[i], planes, i)
			}
			if train != d.Train(0).Len() || validation != d.Validation().Len() || d.Test().Len() != fixtureSize ||
				d.Train(3).Len() != 9 {
				t.Errorf("splits of %d, %d, %d and %d", d.Train(0).Len(), d.Validation().Len(), d.Test().Len(), d.Train(3).Len())
			}
		})
	}
	if len(fingerprints) == 2 && fingerprints[0] != fingerprints[1] {
		t.Errorf("fingerprints %q, expected the same for the same pictures", fingerprints)
	}
}

// example compares an example of a split with one of a batch file.
func example(t *testing.T, s *prepared.Split, index int, label byte, planes []byte, from int) {
	t.Helper()
	pixels := make([]byte, 3072)
	got, err := s.Pixels(index, pixels)
	if err != nil {
		t.Fatal(err)
	}
	if got != int(label) {
		t.Errorf("example %d has label %d, expected %d", index, got, label)
	}
	for i, v := range pixels {
		if want := hwc(planes, from, i/96, i/3%32, i%3); v != want {
			t.Fatalf("example %d: byte %d is %d, expected %d", index, i, v, want)
		}
	}
}

func TestCIFAR10Fingerprint(t *testing.T) {
	same := opened(t, writeFile(t, cifarArchive(t, binaryLayout))).Fingerprint
	t.Run("members in any order", func(t *testing.T) {
		members := cifarMembers(pickledLayout)
		random := rand.New(rand.NewPCG(1, 2))
		for range 3 {
			random.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
			if got := opened(t, writeFile(t, gzipped(t, tarball(t, members)))).Fingerprint; got != same {
				t.Errorf("fingerprint %s, expected %s", got, same)
			}
		}
	})
	t.Run("one pixel", func(t *testing.T) {
		members := cifarMembers(binaryLayout)
		members[4].content[5]++
		if got := opened(t, writeFile(t, gzipped(t, tarball(t, members)))).Fingerprint; got == same {
			t.Error("another pixel gives the same fingerprint")
		}
	})
	t.Run("folders", func(t *testing.T) {
		for _, layout := range []string{pickledLayout, binaryLayout} {
			dir := unpacked(t, cifarMembers(layout))
			for _, source := range []string{dir, filepath.Join(dir, layout), "file://" + dir} {
				if got := opened(t, source).Fingerprint; got != same {
					t.Errorf("%s: fingerprint %s, expected %s", source, got, same)
				}
			}
			t.Chdir(filepath.Join(dir, layout))
			if got := opened(t, ".").Fingerprint; got != same {
				t.Errorf("%s as the working folder: fingerprint %s, expected %s", layout, got, same)
			}
		}
	})
}

// unpacked writes members as files and returns the folder.
func unpacked(t *testing.T, members []entry) string {
	t.Helper()
	dir := t.TempDir()
	for _, m := range members {
		path := filepath.Join(dir, filepath.FromSlash(m.name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(m.name, "/") {
			continue
		}
		if err := os.WriteFile(path, m.content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCIFAR10Folder(t *testing.T) {
	officialSource(t)
	whole := cifarMembers(binaryLayout)
	t.Run("missing batch", func(t *testing.T) {
		refused(t, fetch.Options{URL: unpacked(t, whole[:7])}, "test_batch is missing")
	})
	t.Run("none", func(t *testing.T) {
		refused(t, fetch.Options{URL: t.TempDir()}, "no batch files", binaryLayout, pickledLayout)
	})
	t.Run("not there", func(t *testing.T) {
		refused(t, fetch.Options{URL: filepath.Join(t.TempDir(), "nothing")}, "no such file")
	})
	t.Run("truncated", func(t *testing.T) {
		members := cifarMembers(binaryLayout)
		members[3].content = members[3].content[:5000]
		refused(t, fetch.Options{URL: unpacked(t, members)}, "data_batch_2: 5000 bytes: expected a multiple of 3073")
	})
	t.Run("a folder for a file", func(t *testing.T) {
		dir := unpacked(t, whole)
		path := filepath.Join(dir, binaryLayout, "test_batch.bin")
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		refused(t, fetch.Options{URL: dir}, "test_batch.bin: expected a regular file")
	})
	t.Run("too large", func(t *testing.T) {
		dir := unpacked(t, whole)
		// A sparse file takes no room.
		if err := os.Truncate(filepath.Join(dir, binaryLayout, "test_batch.bin"), maxMember+1); err != nil {
			t.Fatal(err)
		}
		refused(t, fetch.Options{URL: dir}, "expected a regular file of at most 67108864 bytes")
	})
	t.Run("checksum", func(t *testing.T) {
		refused(t, fetch.Options{URL: unpacked(t, whole), Checksum: "sha256:" + strings.Repeat("0", 64)},
			"a folder, which has no checksum")
	})
	t.Run("warning", func(t *testing.T) {
		dir := unpacked(t, whole)
		o, told := notes(dir)
		if err := get(t, context.Background(), t.TempDir(), o); err != nil {
			t.Fatal(err)
		}
		if want := "warning: trusting the files in " + dir; !strings.Contains(told.String(), want) {
			t.Errorf("told %q, expected %q", told.String(), want)
		}
	})
}

func TestCIFAR10Source(t *testing.T) {
	const a, b = "sha256:aa" + "00000000000000000000000000000000000000000000000000000000000000",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	official := fetch.File{URL: homeURL, SHA256: homeChecksum, Size: homeSize}
	tests := []struct {
		name             string
		urlEnv, sumEnv   string
		urlFlag, sumFlag string
		want             fetch.File
		fault            string
	}{
		{name: "official", want: official},
		{name: "official by name", urlFlag: homeURL, want: official},
		{name: "environment", urlEnv: "http://e/x", sumEnv: "sha256:" + b, want: fetch.File{URL: "http://e/x", SHA256: b}},
		{name: "flags before the environment", urlEnv: "http://e/x", sumEnv: a, urlFlag: "/f", sumFlag: "sha256:" + b,
			want: fetch.File{URL: "/f", SHA256: b}},
		{name: "another without a checksum", urlFlag: "http://e/x", want: fetch.File{URL: "http://e/x"}},
		{name: "a checksum replaces the official figures", sumFlag: "sha256:" + b, want: fetch.File{URL: homeURL, SHA256: b}},
		{name: "upper case and blanks", sumFlag: " SHA256:" + strings.ToUpper(b) + "\n",
			want: fetch.File{URL: homeURL, SHA256: b}},
		{name: "no algorithm", sumFlag: b, fault: "expected sha256: and 64 hexadecimal digits"},
		{name: "another algorithm", sumFlag: "md5:" + b, fault: "expected sha256:"},
		{name: "too short", sumFlag: "sha256:" + b[2:], fault: "expected sha256:"},
		{name: "no hexadecimal digits", sumEnv: "sha256:" + b[1:] + "g", fault: "expected sha256:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("RUNNER_CIFAR10_URL", test.urlEnv)
			t.Setenv("RUNNER_CIFAR10_CHECKSUM", test.sumEnv)
			got, err := home(fetch.Options{URL: test.urlFlag, Checksum: test.sumFlag})
			if test.fault != "" {
				if err == nil || !strings.Contains(err.Error(), test.fault) {
					t.Errorf("error %v, expected %q", err, test.fault)
				}
				return
			}
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("error %v (-expected +got):\n%s", err, diff)
			}
		})
	}
}

func TestChecksum(t *testing.T) {
	officialSource(t)
	content := cifarArchive(t, binaryLayout)
	hash := sha256.Sum256(content)
	digits := hex.EncodeToString(hash[:])
	dir := filepath.Join(t.TempDir(), "with a space %20")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.tar.gz")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	address := "file://" + strings.NewReplacer("%", "%25", " ", "%20").Replace(path)

	t.Run("right", func(t *testing.T) {
		o, told := notes(address)
		o.Checksum = "sha256:" + digits
		data := t.TempDir()
		if err := get(t, context.Background(), data, o); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(told.String(), "warning") {
			t.Errorf("told %q of a verified archive", told.String())
		}
		if diff := cmp.Diff(preparedFiles, datatest.Listing(t, data)); diff != "" {
			t.Errorf("data folder (-expected +got):\n%s", diff)
		}
	})
	t.Run("wrong", func(t *testing.T) {
		refused(t, fetch.Options{URL: address, Checksum: "sha256:" + strings.Repeat("0", 64)}, address,
			"has checksum sha256:"+digits, "expected sha256:000")
	})
	t.Run("none", func(t *testing.T) {
		o, told := notes(path)
		if err := get(t, context.Background(), t.TempDir(), o); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("warning: trusting %s without a checksum (%d bytes, sha256:%s)\n", path, len(content), digits)
		if !strings.Contains(told.String(), want) {
			t.Errorf("told %q, expected %q", told.String(), want)
		}
	})
	t.Run("official size", func(t *testing.T) {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		err = fetch.File{URL: "u", SHA256: digits, Size: homeSize}.Verify(f, fetch.Options{})
		if want := fmt.Sprintf("u has %d bytes, expected 170498071", len(content)); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected %q", err, want)
		}
	})
}

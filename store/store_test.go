package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// openStore opens a store and closes it at the end of the test.
func openStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// example is a run as a caller passes it to Begin.
func example() Run {
	return Run{
		Experiment: "seed-cnn", Description: "The post's network.", Identity: "i1", Group: "g1", Seed: 1,
		Mode: "full", Dataset: "cifar10", Fingerprint: "f", InitFrom: strings.Repeat("0f", 32),
		Config: "name: seed-cnn\ndataset: cifar10\n", Settings: "dataset\tcifar10\n",
		Parameters: 1000, MultiplyAdds: 5000, Epochs: 3,
		Environment: Environment{Commit: "c0ffee", Dirty: true, Version: "v0.1", GoVersion: "go1.26",
			Processor: "a processor", Features: "avx2"},
		Threads: 2,
	}
}

// exampleData is what example() is trained on.
func exampleData() Dataset { return dataOf(example()) }

// dataOf is the dataset of a run whose answers are those of answersOf.
func dataOf(r Run) Dataset {
	return Dataset{
		Name: r.Dataset, Fingerprint: r.Fingerprint, Shape: []int{4, 4, 1}, Classes: []string{"even", "odd"},
		Train: []int{90, 80}, Validation: 1000, Test: 1000,
	}
}

// begin begins example(), changed.
func begin(t testing.TB, s *Store, change func(*Run)) Run {
	t.Helper()
	r := example()
	if change != nil {
		change(&r)
	}
	r.Settings, _ = readSettings(r.Config)
	r, err := s.Begin(t.Context(), r, dataOf(r))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// readSettings reads settings as version 5 did.
func readSettings(config string) (Settings, error) {
	lines, err := settings5(config)
	return Settings(lines), err
}

// answersOf are answers to a thousand examples of two classes, with the given accuracy.
func answersOf(accuracy float64) Answers {
	a := NewAnswers(1000, 2)
	for i := range 1000 {
		predicted := 1 - i%2
		if float64(i) < accuracy*1000-0.25 {
			predicted = i % 2
		}
		a.Set(i, i%2, predicted)
	}
	return a
}

func logEpoch(t testing.TB, s *Store, id string, epoch int, accuracy, seconds float64) {
	t.Helper()
	if err := s.Log(t.Context(), id, Epoch{Epoch: epoch, ValAccuracy: accuracy, Seconds: seconds},
		answersOf(accuracy)); err != nil {
		t.Fatal(err)
	}
}

// wantError fails unless err's text has all of the parts.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, p := range parts {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("error %q lacks %q", err, p)
		}
	}
}

func fileNames(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestSchemaVersionIsTheNewestMigration(t *testing.T) {
	p, err := provider(openStore(t, t.TempDir()).db)
	if err != nil {
		t.Fatal(err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; newest != schemaVersion {
		t.Errorf("newest migration %d, schemaVersion %d", newest, schemaVersion)
	}
}

func TestReopen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := openStore(t, dir)
	r := begin(t, s, nil)
	logEpoch(t, s, r.ID, 1, 0.25, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{r.ID, "runner.db", "runner.db.lock", "runner.locks"}, fileNames(t, dir)); diff != "" {
		t.Error("files of a closed store:", diff)
	}
	for name, open := range map[string]func(context.Context, string) (*Store, error){
		"Open": Open, "OpenExisting": OpenExisting,
	} {
		s, err := open(t.Context(), dir)
		if err != nil {
			t.Fatal(name, err)
		}
		if epochs, err := s.Epochs(t.Context(), r.ID); err != nil || len(epochs) != 1 {
			t.Error(name, epochs, err)
		}
		s.Close()
	}
}

func TestPragmas(t *testing.T) {
	s := openStore(t, t.TempDir())
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000",
	} {
		var got string
		if err := s.db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
		}
	}
}

func TestForeignKeysCascade(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := begin(t, s, nil)
	logEpoch(t, s, r.ID, 1, 0.5, 1)
	if _, err := s.db.Exec("DELETE FROM runs"); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := s.db.QueryRow("SELECT count(*) FROM epochs").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d epochs without a run (%v)", n, err)
	}
	if _, err := s.db.Exec("INSERT INTO epochs VALUES (99, 1, 0, 0, 0, 0, 0, 0, 0, '')"); err == nil {
		t.Error("an epoch of no run was accepted")
	}
}

func TestOpenExistingCreatesNothing(t *testing.T) {
	parent := t.TempDir()
	if err := os.Mkdir(filepath.Join(parent, "empty"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"empty", "missing"} {
		dir := filepath.Join(parent, name)
		_, err := OpenExisting(t.Context(), dir)
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v does not satisfy fs.ErrNotExist", name, err)
		}
		wantError(t, err, dir)
	}
	if diff := cmp.Diff([]string{"empty"}, fileNames(t, parent)); diff != "" {
		t.Error(diff)
	}
	if names := fileNames(t, filepath.Join(parent, "empty")); names != nil {
		t.Error("created", names)
	}
}

func TestOddFolderNames(t *testing.T) {
	for _, name := range []string{
		"with space", "what?", "a#b", "100%", "%20", "?mode=memory", "a&b=c;d", "ünï→", "quo'te\"", "back\\slash",
		"bad\xffutf8", "file:x", "-",
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, name)
			s := openStore(t, dir)
			r := begin(t, s, nil)
			s.Close()
			if diff := cmp.Diff([]string{name}, fileNames(t, parent)); diff != "" {
				t.Error("beside the store:", diff)
			}
			s, err := OpenExisting(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if _, err := s.Find(t.Context(), r.ID); err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(s.Folder(r.ID)); err != nil || !info.IsDir() {
				t.Error("the run's folder:", err)
			}
		})
	}
}

func TestRelativeAndMovedFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	s := openStore(t, "runs")
	r := begin(t, s, nil)
	if got, want := s.Folder(r.ID), filepath.Join("runs", r.ID); got != want {
		t.Errorf("folder %s, want %s", got, want)
	}
	s.Close()
	if err := os.Rename("runs", "elsewhere"); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, "elsewhere")
	if got, err := s.Find(t.Context(), r.ID); err != nil || got.ID != r.ID {
		t.Error(got, err)
	}
	if _, err := os.Stat(s.Folder(r.ID)); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"elsewhere"}, fileNames(t, ".")); diff != "" {
		t.Error(diff)
	}
}

// rawDatabase makes dir with a database in which the statements were executed.
func rawDatabase(t *testing.T, dir string, pragmas url.Values, statements ...string) *sql.DB {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	db, err := connect(t.Context(), dsn(filepath.Join(dir, databaseName), pragmas))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, st := range statements {
		if _, err := db.Exec(st); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestRefusedDatabases(t *testing.T) {
	const newer = "CREATE TABLE goose_db_version (version_id INTEGER); INSERT INTO goose_db_version VALUES (0), (1), (99)"
	for _, tc := range []struct {
		name  string
		build func(t *testing.T, dir string)
		want  []string
	}{
		{"newer", func(t *testing.T, dir string) {
			rawDatabase(t, dir, nil, newer).Close()
		}, []string{"version 99", "up to 7", "newer runner"}},
		{"newer with a log", func(t *testing.T, dir string) {
			rawDatabase(t, dir, url.Values{"_journal_mode": {"WAL"}}, newer).Close()
			// As a killed process leaves it: copied while it is open.
			from := rawDatabase(t, dir, url.Values{"_journal_mode": {"WAL"}}, "CREATE TABLE later (x)")
			copied := map[string][]byte{}
			for _, name := range []string{databaseName, databaseName + "-wal"} {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				copied[name] = b
			}
			from.Close()
			for name, b := range copied {
				if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}, []string{"version 99"}},
		{"another program's", func(t *testing.T, dir string) {
			rawDatabase(t, dir, nil, "CREATE TABLE moz_places (x)").Close()
		}, []string{"another program's"}},
		{"text", func(t *testing.T, dir string) {
			writeFile(t, filepath.Join(dir, databaseName), strings.Repeat("hello world\n", 1000))
		}, []string{"no SQLite database", "move it away"}},
		{"short", func(t *testing.T, dir string) {
			writeFile(t, filepath.Join(dir, databaseName), "hi")
		}, []string{"no SQLite database"}},
		{"damaged", func(t *testing.T, dir string) {
			openStore(t, dir).Close()
			path := filepath.Join(dir, databaseName)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			copy(b[100:], bytes.Repeat([]byte{0xa5}, 2000)) // the schema's page
			writeFile(t, path, string(b))
		}, []string{"damaged"}},
		{"a folder", func(t *testing.T, dir string) {
			if err := os.Mkdir(filepath.Join(dir, databaseName), 0o777); err != nil {
				t.Fatal(err)
			}
		}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			tc.build(t, dir)
			before := contents(t, dir)
			for name, open := range map[string]func(context.Context, string) (*Store, error){
				"Open": Open, "OpenExisting": OpenExisting,
			} {
				_, err := open(t.Context(), dir)
				wantError(t, err, append(tc.want, dir, databaseName)...)
				for file, b := range before {
					if !bytes.Equal(contents(t, dir)[file], b) {
						t.Errorf("%s altered %s", name, file)
					}
				}
			}
		})
	}
}

// contents is the content of the database and of its log, if there is one.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, name := range []string{databaseName, databaseName + "-wal"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.IsDir() {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = b
	}
	return all
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestEmptyFileBecomesAStore(t *testing.T) { // as a process leaves it that is killed while creating it
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, databaseName), "")
	begin(t, openStore(t, dir), nil)
}

// SQLite says "unable to open database file" of a database that is gone or may not be written.
func TestDatabaseThatCannotBeOpened(t *testing.T) {
	_, err := connect(t.Context(), dsn(filepath.Join(t.TempDir(), "missing", databaseName), nil))
	wantError(t, (&Store{reader: reader{dir: "runs"}}).failed("begin a run", err), "runs",
		"may be read but not written, or is missing",
		"permissions")
}

func TestFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, "")
	for _, dir := range []string{file, filepath.Join(file, "runs")} {
		_, err := Open(t.Context(), dir)
		wantError(t, err, dir)
	}
}

func TestCancelledContext(t *testing.T) {
	s := openStore(t, t.TempDir())
	r := begin(t, s, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Log(ctx, r.ID, Epoch{Epoch: 1}, answersOf(0)); !errors.Is(err, context.Canceled) {
		t.Errorf("Log: %v, want context.Canceled", err)
	}
	if _, err := Open(ctx, s.dir); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v, want context.Canceled", err)
	}
	logEpoch(t, s, r.ID, 1, 0.5, 1) // the store still works
}

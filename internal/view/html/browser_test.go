package html

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// probe is put into copies of a page, without the policy that would forbid it: it clicks on a head, and tells
// the frame around it what came of that and how the page lies in its window.
const probe = `<script>
addEventListener("hashchange", () => {
  const color = (text) => text.match(/[\d.]+/g).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const paper = color(getComputedStyle(document.body).backgroundColor);
  const contrasts = [...document.querySelectorAll(".confusion tbody td")].map((cell) => {
    const style = getComputedStyle(cell), [r, g, b, alpha = 1] = color(style.backgroundColor);
    const back = light([r, g, b].map((v, i) => alpha * v + (1 - alpha) * paper[i]));
    const ink = light(color(style.color).slice(0, 3));
    return (Math.max(back, ink) + .05) / (Math.min(back, ink) + .05);
  });
  const root = document.documentElement, buttons = [...document.querySelectorAll("#leaderboard th button")];
  parent.postMessage({
    dark: matchMedia("(prefers-color-scheme: dark)").matches, paper: paper[0],
    inner: innerWidth, scroll: root.scrollWidth, client: root.clientWidth,
    contrast: Math.min(...contrasts), cells: contrasts.length,
    reachable: buttons.filter((button) => button.tabIndex === 0).length, heads: heads.length,
    sorted: heads.filter((head) => head.ariaSort).map((head) => head.dataset.key + " " + head.ariaSort),
    first: table.tBodies[0].rows[0].cells[1].textContent, scripts: document.scripts.length, images: document.images.length,
    requests: performance.getEntriesByType("resource").length,
  }, "*");
});
heads.find((head) => head.dataset.key === "val_accuracy").querySelector("button").click();
</script></body>`

// frame shows a copy of the page at two widths, and keeps what the probes tell.
const frame = `<!doctype html><meta charset="utf-8"><script>
const told = [];
addEventListener("message", (e) => { told.push(e.data); document.documentElement.dataset.told = JSON.stringify(told); });
</script><iframe src="copy.html" width="360" height="800"></iframe><iframe src="copy.html" width="1280" height="800"></iframe>`

// told is what a probe tells.
type told struct {
	Dark                              bool
	Paper, Inner, Scroll, Client      float64
	Contrast                          float64 // the least of a number of a confusion matrix
	Cells, Reachable, Heads, Requests int
	Sorted                            []string
	First                             string
	Scripts, Images                   int
}

// chromium opens an address in a browser that reaches nothing, and returns the document as it then is. What the
// page said to the console, such as of errors and of what its policy forbade, is returned besides.
func chromium(t *testing.T, address string, flags ...string) (document string, console []string) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser, which takes seconds")
	}
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: Debian's package chromium has it")
	}
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, program, append(flags, "--headless=new", "--no-sandbox", "--disable-gpu",
		"--disable-dev-shm-usage",
		"--user-data-dir="+t.TempDir(), "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr",
		"--virtual-time-budget=1000", "--dump-dom", address)...)
	cmd.WaitDelay = 10 * time.Second
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, errs.String())
	}
	for line := range strings.Lines(errs.String()) {
		if strings.Contains(line, ":CONSOLE") {
			console = append(console, strings.TrimSpace(line))
		}
	}
	return out.String(), console
}

// put writes files into a folder and returns the address of the first.
func put(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return "file://" + filepath.Join(dir, files[0])
}

// TestBrowserSorts opens a page as it is: its policy lets its own script run, which sorts as the address says, by
// the numbers and not by their words, and what is missing last.
func TestBrowserSorts(t *testing.T) {
	b, runs := board([]string{"first", "second", "third", hostile}, 5)
	address := put(t, "page.html", render(t, b, runs))
	for _, c := range []struct{ sort, state, order string }{
		{"test_accuracy", "ascending", "fourth third first second"},
		{"-parameters", "descending", "second third fourth first"},
		{"-test_accuracy", "descending", "first third fourth second"},
		{"experiment", "ascending", "fourth first second third"},
		{"nonsense", "", "first second third fourth"},
	} {
		document, console := chromium(t, address+"#sort="+c.sort)
		if len(console) > 0 {
			t.Errorf("%s: the browser said %q", c.sort, console)
		}
		var order []string
		for _, link := range regexp.MustCompile(`<td[^>]*><a href="#experiment-(\d)">`).FindAllStringSubmatch(document, -1) {
			order = append(order, map[string]string{"1": "first", "2": "second", "3": "third", "4": "fourth"}[link[1]])
		}
		if got := strings.Join(order, " "); got != c.order {
			t.Errorf("%s: order %s, expected %s", c.sort, got, c.order)
		}
		states := regexp.MustCompile(`<th[^>]*data-key="([^"]*)"[^>]*aria-sort="([^"]*)"`).FindAllStringSubmatch(document, -1)
		if c.state == "" && len(states) > 0 || c.state != "" && (len(states) != 1 ||
			states[0][1] != strings.TrimPrefix(c.sort, "-") || states[0][2] != c.state) {
			t.Errorf("%s: heads %q, expected one %s", c.sort, states, c.state)
		}
		if warned := !strings.Contains(document, `id="tested" hidden`); warned != strings.HasSuffix(c.sort, "test_accuracy") {
			t.Errorf("%s: warned of sorting by the test split: %v", c.sort, warned)
		}
	}
}

// TestBrowserPolicy puts into a page what a name that is not escaped would: the policy forbids it.
func TestBrowserPolicy(t *testing.T) {
	b, runs := board([]string{"first"}, 5)
	page := strings.Replace(render(t, b, runs), "</body>", `<script>document.title = "taken over"</script>`+
		`<img src="picture.svg" onload="document.title = 'taken over'"></body>`, 1)
	document, console := chromium(t, put(t, "page.html", page, "picture.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`))
	if strings.Contains(document, "<title>taken over") {
		t.Error("the policy let a script of others run")
	}
	if len(console) < 2 || !strings.Contains(strings.Join(console, "\n"), "Content Security Policy") {
		t.Errorf("the browser said %q, expected that it refused a script and a picture", console)
	}
}

// TestBrowserLayout opens copies of a page as wide as a phone and as a screen, in both colour schemes.
func TestBrowserLayout(t *testing.T) {
	b, runs := board([]string{"first", strings.Repeat("averylongname", 20), hostile}, 300)
	for i := range runs {
		runs[i].Reason = strings.Repeat("/a/path/without/a/space", 10)
		runs[i].Processor = runs[i].Reason
	}
	page := render(t, b, runs)
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).FindString(page)
	page = strings.ReplaceAll(strings.Replace(page, policy, "", 1), "<details>", "<details open>")
	address := put(t, "frame.html", frame, "copy.html", strings.Replace(page, "</body>", probe, 1))
	for _, dark := range []bool{false, true} {
		scheme := map[bool]string{false: "1", true: "0"}[dark]
		document, console := chromium(t, address, "--blink-settings=preferredColorScheme="+scheme)
		if len(console) > 0 {
			t.Errorf("dark %v: the browser said %q", dark, console)
		}
		attribute := regexp.MustCompile(`data-told="([^"]*)"`).FindStringSubmatch(document)
		if attribute == nil {
			t.Fatalf("dark %v: the pages told nothing", dark)
		}
		var all []told
		if err := json.Unmarshal([]byte(html.UnescapeString(attribute[1])), &all); err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(all, func(a, b told) int { return int(a.Inner - b.Inner) })
		if len(all) != 2 || all[0].Inner != 360 || all[1].Inner != 1280 {
			t.Fatalf("dark %v: told %+v, expected widths of 360 and 1280", dark, all)
		}
		for _, p := range all {
			if p.Scroll > p.Client {
				t.Errorf("dark %v, width %v: the page is %v wide, its window %v", dark, p.Inner, p.Scroll, p.Client)
			}
			if p.Dark != dark || (p.Paper < 128) != dark {
				t.Errorf("dark %v, width %v: scheme %v, paper %v", dark, p.Inner, p.Dark, p.Paper)
			}
			if p.Cells != 300 || p.Contrast < 4.5 {
				t.Errorf("dark %v, width %v: contrast %.1f in %d cells, expected 4.5 (WCAG 2.2, 1.4.3) in 300", dark, p.Inner,
					p.Contrast, p.Cells)
			}
			if p.Heads < 10 || p.Reachable != p.Heads {
				t.Errorf("dark %v, width %v: %d of %d heads are reachable by keyboard", dark, p.Inner, p.Reachable, p.Heads)
			}
			if p.First != hostile || !slices.Equal(p.Sorted, []string{"val_accuracy ascending"}) {
				t.Errorf("dark %v, width %v: after a click sorted by %q, first %q", dark, p.Inner, p.Sorted, p.First)
			}
			if p.Scripts != 2 || p.Images != 0 || p.Requests != 0 {
				t.Errorf("dark %v, width %v: %d scripts, expected its own and the probe; %d pictures and %d requests", dark,
					p.Inner, p.Scripts, p.Images, p.Requests)
			}
		}
	}
}

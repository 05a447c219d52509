package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"

	"shifan/internal/blob"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// The corpus has at least so many files, and the process that takes them holds at most
// so much memory (issue 3).
const (
	corpusLeast = 2000
	corpusMost  = 300 << 20
)

// alone says that the process runs this one test, so that its memory is that test's.
const alone = "SHIFAN_CORPUS_ALONE"

// TestUploadCorpus sends what others made to try programs with, and what breaks programs,
// through the form for files: each is kept with its bytes as the kind that it is and sent
// back to be saved, or refused with a sentence that says how to mend it. It runs in a
// process of its own, whose memory at its highest, the sender's with the server's, is
// what counts.
func TestUploadCorpus(t *testing.T) { // before those that run side by side: who collects garbage needs a turn too
	if os.Getenv(alone) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestUploadCorpus$", "-test.v")
		child.Env = append(os.Environ(), alone+"=yes", "SHIFAN_TEST_DATABASE=", "GOMEMLIMIT=160MiB") // on SQLite; with the limit that serve wishes for
		out, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Logf("%s", out)
		return
	}
	c := newCorpus(t)
	c.eachOf(t.Context(), c.send)
	c.flush()
	c.b.Upload("/applications/"+string(c.key)+"/evidence/"+c.places[0], testkit.Offer{Name: "a\x00b.png", Body: play.Photo(99)}).Want(422, "提交的内容不完整")
	if c.sent < corpusLeast {
		t.Errorf("only %d files", c.sent)
	}
	for code := range c.rules {
		if c.refused[code] == 0 && code != "file.put.virus" && code != "file.put.many" && code != "file.put.full" && code != "file.put.twice" {
			t.Errorf("the corpus has nothing that is refused as %s", code)
		}
	}
	if log := c.w.Troubles(); log != "" {
		t.Errorf("the log: %s", log)
	}
	c.nothingElse()
	peak := peakMemory(t)
	if peak > corpusMost && !raced() {
		t.Errorf("%d MB of memory", peak>>20)
	}
	t.Logf("%d files: %v kept, %v refused; %d MB at most", c.sent, c.kept, c.refused, peak>>20)
}

// corpus is a world that files are sent into.
type corpus struct {
	*testing.T
	w       *testkit.World
	b       *testkit.Browser
	files   string // the folder of the kept
	coming  string // the folder of those on their way in
	rules   map[string]*regexp.Regexp
	round   id.Round
	key     id.Application // whose files they are
	places  []string       // indicators that have room
	waiting []testkit.Offer
	bytes   int
	seen    map[[32]byte]bool

	sent          int
	sums          map[string]bool
	kept, refused map[string]int
}

func newCorpus(t *testing.T) *corpus {
	t.Helper()
	c := &corpus{
		T: t, w: testkit.New(t), files: t.TempDir(), coming: t.TempDir(), rules: map[string]*regexp.Regexp{},
		seen: map[[32]byte]bool{}, sums: map[string]bool{}, kept: map[string]int{}, refused: map[string]int{},
	}
	kept, err := blob.Folder(c.files)
	if err != nil {
		t.Fatal(err)
	}
	c.w.Desk.Files.Blobs, c.w.Desk.Files.Folder = kept, c.coming
	c.w.Desk.Files.Room = file.Room{File: 8 << 20, Application: 4 << 30, Files: corpusBatch}
	c.round = c.w.OpenRound()
	argument := regexp.MustCompile(`%[sd]`)
	for _, r := range fault.Defined() {
		if !strings.HasPrefix(r.Code, "evidence.file.") && !strings.HasPrefix(r.Code, "file.put.") {
			continue
		}
		if n := strings.Count(r.Text, "。"); n < 2 && !strings.Contains(r.Text, "，不用再传") {
			t.Errorf("%s does not say how to mend it: %s", r.Code, r.Text)
		}
		said := argument.Split(r.Text, -1)
		for i, s := range said {
			said[i] = regexp.QuoteMeta(s)
		}
		// The first argument is the file's name, whatever begins with its number.
		c.rules[r.Code] = regexp.MustCompile(said[0] + `(c\d{5})[^”]*` + strings.Join(said[1:], `[^“]*?`))
	}
	return c
}

// corpusBatch is how many files a form sends at once.
const corpusBatch = 20

// send lets a file wait until there are enough for a form. What was sent before is not
// sent again.
func (c *corpus) send(name string, body []byte) {
	sum := sha256.Sum256(body)
	if c.seen[sum] {
		return
	}
	c.seen[sum] = true
	base := strings.LastIndexAny(name, `/\`) + 1
	c.waiting = append(c.waiting, testkit.Offer{Name: name[:base] + fmt.Sprintf("c%05d", c.sent) + name[base:], Body: body})
	c.sent++
	if c.bytes += len(body); len(c.waiting) == corpusBatch || c.bytes > 4<<20 {
		c.flush()
	}
}

// flush sends the files that wait, and looks what became of each.
func (c *corpus) flush() {
	c.Helper()
	if len(c.waiting) == 0 {
		return
	}
	if len(c.places) == 0 {
		c.key = c.w.Drafted(c.round)
		c.b = c.w.Browser(c.w.ApplicantOf(c.w.ApplicationOf(c.key).Organisation))
		for _, i := range c.w.Programme().Indicators(2021) {
			c.places = append(c.places, i.Code)
		}
	}
	place := c.places[0]
	p := c.b.Upload("/applications/"+string(c.key)+"/evidence/"+place, c.waiting...)
	if p.Status != http.StatusSeeOther && p.Status != http.StatusUnprocessableEntity {
		c.Fatalf("%s to %s: %d: %s %s", c.waiting[0].Name, c.waiting[len(c.waiting)-1].Name, p.Status, p.Words(), c.w.Troubles())
	}
	if strings.Contains(p.Body, "<script>alert") || strings.Contains(p.Body, "<img src=x") {
		c.Errorf("%s to %s: a name is part of the page", c.waiting[0].Name, c.waiting[len(c.waiting)-1].Name)
	}
	c.places = c.places[1:]
	why := map[string]string{}
	words := p.Words()
	for code, r := range c.rules {
		for _, m := range r.FindAllStringSubmatch(words, -1) {
			why[m[1]] = code
		}
	}
	under, err := c.w.Desk.EvidenceOf(c.Context(), c.w.ApplicantOf(c.w.ApplicationOf(c.key).Organisation), c.key)
	if err != nil {
		c.Fatal(err)
	}
	there := map[string]file.File{}
	for _, f := range under[place] {
		there[f.Name[:6]] = f.File
	}
	for _, o := range c.waiting {
		number := o.Name[strings.LastIndexAny(o.Name, `/\`)+1:][:6]
		f, kept := there[number]
		switch code := why[number]; {
		case kept && code == "":
			c.kept[f.Kind]++
			c.sums[f.SHA256] = true
			c.comesBack(o, f)
		case kept || code == "":
			c.Errorf("%s: kept %v, refused as %q: %s", o.Name, kept, code, words)
		default:
			c.refused[code]++
		}
	}
	c.waiting, c.bytes = c.waiting[:0], 0
}

// sniffed is what a browser takes the bytes of a kind for, by WHATWG's rules.
var sniffed = map[string]string{"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "docx": "application/zip", "xlsx": "application/zip"}

var saved = regexp.MustCompile(`^attachment; filename="file\.(pdf|jpg|png|docx|xlsx)"; filename\*=UTF-8''[0-9A-Za-z!#$&+.^_|~%\x60-]+$`)

// comesBack wants a kept file to come back as it went, to be saved and not shown.
func (c *corpus) comesBack(o testkit.Offer, f file.File) {
	c.Helper()
	p := c.b.Get("/files/" + string(f.ID))
	if p.Status != http.StatusOK || p.Body != string(o.Body) {
		c.Errorf("%s: %d, %d bytes of %d", o.Name, p.Status, len(p.Body), len(o.Body))
	}
	for name, want := range map[string]string{"Content-Type": evidence.Kind(f.Kind).Media(), "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"} {
		if got := p.Header.Get(name); got != want {
			c.Errorf("%s: %s: %q, want %q", o.Name, name, got, want)
		}
	}
	if got := p.Header.Get("Content-Disposition"); !saved.MatchString(got) {
		c.Errorf("%s: %q", o.Name, got)
	}
	if got := http.DetectContentType(o.Body); got != sniffed[f.Kind] {
		c.Errorf("%s was kept as %s, and a browser takes it for %s", o.Name, f.Kind, got)
	}
	if word, excel := bytes.Contains(o.Body, []byte("word/")), bytes.Contains(o.Body, []byte("xl/")); f.Kind == "docx" && !word || f.Kind == "xlsx" && !excel {
		c.Errorf("%s was kept as %s", o.Name, f.Kind)
	}
}

// nothingElse wants the kept files, each once, and nothing of the others.
func (c *corpus) nothingElse() {
	c.Helper()
	n := 0
	if err := c.w.Desk.Files.Blobs.List(c.Context(), func(i blob.Info) error {
		if n++; !c.sums[i.Sum] {
			c.Errorf("%s is kept and of no file", i.Sum)
		}
		return nil
	}); err != nil || n != len(c.sums) {
		c.Errorf("%d files are kept of %d: %v", n, len(c.sums), err)
	}
	left, err := os.ReadDir(c.coming)
	if err != nil || len(left) > 0 {
		c.Errorf("%d files are still on their way: %v", len(left), err)
	}
}

// peakMemory is the most that this process ever held: Linux tells it in kilobytes.
func peakMemory(t *testing.T) int64 {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return u.Maxrss << 10
}

// raced reports whether the race detector watches, which takes several times the memory.
func raced() bool {
	info, _ := debug.ReadBuildInfo()
	return slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// eachOf tells the files of the corpus one by one: what the modules' authors and Debian
// try their programs with, and what is made here.
func (c *corpus) eachOf(ctx context.Context, tell func(name string, body []byte)) {
	c.Helper()
	dir := func(name string, args ...string) string {
		out, err := exec.CommandContext(ctx, "go", append(args, name)...).Output()
		if err != nil {
			c.Fatalf("go %s %s: %v", strings.Join(args, " "), name, err)
		}
		return strings.TrimSpace(string(out))
	}
	root, cache := dir("GOROOT", "env"), dir("GOMODCACHE", "env")
	for _, from := range []struct {
		dir   string
		least int
		most  int64 // bytes of one file; the larger ones say nothing new
	}{
		{dir("github.com/pdfcpu/pdfcpu", "list", "-m", "-f", "{{.Dir}}"), 350, 300 << 10},
		{dir("github.com/xuri/excelize/v2", "list", "-m", "-f", "{{.Dir}}"), 20, 1 << 20},
		{filepath.Join(cache, "github.com/gabriel-vasile/mimetype@v1.4.3/testdata"), 150, 200 << 10},
		{"/usr/share/clamav-testfiles", 40, 1 << 20},
		{filepath.Join(root, "src/archive"), 60, 1 << 20},
		{filepath.Join(root, "src/image"), 80, 1 << 20},
		{filepath.Join(root, "src/compress"), 30, 200 << 10},
		{filepath.Join(root, "src/debug"), 40, 200 << 10},
	} {
		before := c.sent
		if err := filepath.WalkDir(from.dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.Contains(path, "test") && filepath.Ext(path) != ".pdf" || filepath.Ext(path) == ".go" {
				return err
			}
			i, err := e.Info()
			if err != nil || i.Size() > from.most {
				return err
			}
			body, err := os.ReadFile(path)
			if err == nil {
				tell(filepath.Ext(path), body)
			}
			return err
		}); err != nil || c.sent-before < from.least {
			c.Fatalf("only %d files in %s: scripts/tools fetches them (%v)", c.sent-before, from.dir, err)
		}
	}
	before := c.sent
	made(c.T, tell)
	c.Logf("%d of others', %d made here", before, c.sent-before)
}

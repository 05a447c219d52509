package play_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/archive"
	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/casework"
	vc "shifan/internal/credential"
	"shifan/internal/evidence"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/paper/check"
	"shifan/internal/play"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/programmes"
)

// fresh opens a store of its own with a key, in a temporary folder.
func fresh(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "shifan.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() }) //nolint:errcheck // the folder goes with it
	if err := keyed(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

// keyed gives a store its key, and what its changes are held against.
func keyed(ctx context.Context, s *store.Store) error {
	s.Guard(store.Promises())
	key, err := record.NewKey(bytes.NewReader(bytes.Repeat([]byte{3}, 64)), "play.example")
	if err != nil {
		return err
	}
	return s.UseKey(ctx, key)
}

func text(t *testing.T, name string) []byte {
	t.Helper()
	b, ok := programmes.Text(name)
	if !ok {
		t.Fatal(name)
	}
	return b
}

// TestWrite looks at what a life leaves, and lives it again: the same programme gives
// the same timeline.
func TestWrite(t *testing.T) {
	t.Parallel()
	w, lines, counts, err := play.Play(t.Context(), fresh(t), text(t, "jilin-party-building-base"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(lines, func(l play.Line) bool { return l.Act == "organisation.rule" }) {
		t.Error("nobody overrides a verdict in doubt")
	}
	dir, alive := t.TempDir(), lines
	if lines, counts, err = w.WriteArchive(t.Context(), dir, counts); err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(alive)+1 || lines[len(lines)-1].Act != archive.Act || counts.Acts != len(lines) {
		t.Errorf("%d lines, then %d", len(alive), len(lines))
	}
	archived(t, filepath.Join(dir, "archive"))
	if err := w.Write(t.Context(), dir, lines, counts); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"timeline.json", "summary.json", "record/checkpoint", "publicities", "documents", "credentials/did.json", "credentials/status-1.json", "credentials/contexts"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	documents(t, filepath.Join(dir, "documents"))
	credentials(t, filepath.Join(dir, "credentials"), w)
	b, err := os.ReadFile(filepath.Join(dir, "timeline.json"))
	if err != nil {
		t.Fatal(err)
	}
	var read []play.Line
	if err := json.Unmarshal(b, &read); err != nil || len(read) != len(lines) {
		t.Errorf("%d of %d lines, %v", len(read), len(lines), err)
	}
	if l := lived(); l.err != nil || !slices.Equal(alive, l.lines) {
		t.Error(cmp.Diff(alive, l.lines), l.err)
	}
}

// archived wants an archive package that holds, with what a person looks for in it, and
// whose most important files are bound to the record by themselves.
func archived(t *testing.T, dir string) {
	t.Helper()
	r, err := archive.Verify(dir)
	if err != nil || !r.Holds() || r.Proofs < 40 || r.At.IsZero() {
		t.Fatalf("%d proofs, %v %v", r.Proofs, r.Problems, err)
	}
	bound, kinds := map[string]int{}, map[string]int{}
	for _, f := range r.Manifest.Files {
		folder, _, _ := strings.Cut(f.Path, "/")
		kinds[folder+" "+f.Retention]++
		if f.Proven != nil {
			bound[folder]++
		}
	}
	if diff := cmp.Diff(map[string]int{"00方案和通知": 1, "01申报单位": 10, "02考核组抽取": 1, "04公示": 1}, bound); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{"01申报单位 永久", "01申报单位 30年", "01申报单位 10年", "03会议 永久", "05异议 30年", "06命名 永久", "07存证 永久", "01申报单位 "} {
		if kinds[want] == 0 {
			t.Errorf("nothing of %q: %v", want, kinds)
		}
	}
	first, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil || strings.Count(string(first), "<td>已命名，编号") != 5 || !strings.Contains(string(first), "视为放弃") {
		t.Errorf("the first page: %s %v", first, err)
	}
	// Every link of every page leads to a file of the package.
	for _, f := range r.Manifest.Files {
		if filepath.Ext(f.Path) != ".html" {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(string(b), -1) {
			to, err := url.PathUnescape(m[1])
			if err == nil {
				_, err = os.Stat(filepath.Join(dir, filepath.Dir(f.Path), to))
			}
			if err != nil {
				t.Errorf("%s: %v", f.Path, err)
			}
		}
	}
	// Who objected is nowhere in it.
	err = filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		for _, secret := range []string{"来信人", "来信地址"} {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s says %q", p, secret)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// credentials wants one credential a title, each signed well, and void exactly when its
// title ended before its time.
func credentials(t *testing.T, dir string, w *play.Theatre) {
	t.Helper()
	titles, err := w.Desk.Designations(t.Context(), w.Cast.Clerk, casework.DesignationFilter{Limit: 1000})
	if err != nil || len(titles) == 0 {
		t.Fatal(len(titles), err)
	}
	file := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		return b
	}
	from := vc.Sources{Now: w.Now(), Document: func(string) []byte { return file("did.json") }, List: func(string) []byte { return file("status-1.json") }}
	revoked := 0
	for _, v := range titles {
		d := v.Designation
		r := vc.Verify(file(d.Number+".json"), from)
		void := d.Ended() && d.State != designation.Expired
		if void {
			revoked++
		}
		if r.Signature.Result != vc.Holds || r.Claims.Number != d.Number || (r.Status.Result == vc.Fails) != void || (r.Result() == vc.Holds) != d.Live() {
			t.Errorf("%s is %s: %+v", d.Number, d.State, r)
		}
	}
	if all, err := filepath.Glob(filepath.Join(dir, "2*.json")); err != nil || len(all) != len(titles) || revoked == 0 {
		t.Errorf("%d credentials of %d titles, %d void, %v", len(all), len(titles), revoked, err)
	}
}

// documents wants every kind of document of a whole life, each once at least; a
// program without fonts leaves a file that says so.
func documents(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "没有字体.txt")); err == nil {
		if os.Getenv("CI") != "" {
			t.Error("there are no fonts: make assets")
		}
		return
	}
	reader := &evidence.Reader{Cache: evidence.UserCache()} // one: to start it takes longer than to read
	for _, kind := range []string{"提交回执", "申报书打印版", "补正通知书", "受理通知书", "命名通知", "责令限期整改通知书", "拟撤销称号告知书", "撤销称号决定书", "创建通知", "初审情况报告", "实地考核通知", "实地考核意见", "会议材料", "会议记录", "会议纪要", "表决结果单", "异议答复", "牌匾签收单", "复查通知", "复查结果通报", "公示", "抽取证明", "实施情况报告"} {
		if all, err := filepath.Glob(filepath.Join(dir, kind+"-*.pdf")); err != nil || len(all) == 0 {
			t.Errorf("no %s, %v", kind, err)
		} else {
			wholePDF(t, all[0])
			if kind != "表决结果单" && kind != "会议记录" { // which differ most from one to the next
				all = all[:1]
			}
			for _, pdf := range all {
				measured(t, reader, pdf)
			}
		}
	}
	pdfs, _ := filepath.Glob(filepath.Join(dir, "*.pdf")) //nolint:errcheck // the pattern is good
	for _, name := range pdfs {
		if _, err := os.Stat(strings.TrimSuffix(name, ".pdf") + ".docx"); err != nil {
			t.Errorf("no DOCX beside it: %v", err)
		}
	}
}

// measured wants a document in both formats that holds against the standard.
func measured(t *testing.T, reader *evidence.Reader, pdf string) {
	t.Helper()
	for _, name := range []string{pdf, strings.TrimSuffix(pdf, ".pdf") + ".docx"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
			continue
		}
		r, err := check.File(t.Context(), reader, bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, l := range r.Lines {
			if l.Result == check.Fail {
				t.Errorf("%s: %s %s: %s, measured %s", name, l.Clause, l.Rule, l.Expected, l.Measured)
			}
		}
	}
}

// wholePDF wants a PDF that other readers find whole, with all its fonts in it.
func wholePDF(t *testing.T, pdf string) {
	t.Helper()
	if out := judged(t, "qpdf", "--check", pdf); strings.Contains(out, "WARNING") {
		t.Errorf("%s: %s", pdf, out)
	}
	for i, l := range strings.Split(strings.TrimSpace(judged(t, "pdffonts", pdf)), "\n") {
		if f := strings.Fields(l); i > 1 && (strings.Contains(l, "Type 3") || len(f) < 5 || f[len(f)-5] != "yes") {
			t.Errorf("%s: a font that is not in it, or is drawn: %s", pdf, l)
		}
	}
}

// judged runs a program that judges documents; where it is not installed there is nothing
// to judge by, which CI does not let pass.
func judged(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Error(err)
		}
		return ""
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// TestDemo opens the demonstration, enters it, moves its clock and opens it again.
func TestDemo(t *testing.T) {
	t.Parallel()
	s, today := fresh(t), calendar.MustDate("2026-06-15")
	files := casework.Files{Blobs: blob.Memory(time.Now)}
	d, err := play.OpenDemo(t.Context(), s, files, text(t, "jilin-party-building-base"), today, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	if got := calendar.DateOf(d.Now()); got != today {
		t.Errorf("it begins on %s", got)
	}
	jumps, err := d.Jumps(t.Context())
	if err != nil || len(jumps) == 0 {
		t.Fatalf("%d jumps, %v", len(jumps), err)
	}
	if err := d.MoveTo(context.WithoutCancel(t.Context()), jumps[0].At); err != nil {
		t.Fatal(err)
	}
	if err := d.MoveTo(t.Context(), today.Start()); err == nil {
		t.Error("the clock went back")
	}
	again, err := play.OpenDemo(t.Context(), s, files, text(t, "jilin-party-building-base"), today, [32]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Roles()) != len(d.Roles()) || again.Now().Before(today.Start()) {
		t.Errorf("opened again: %d roles at %s", len(again.Roles()), again.Now())
	}
}

package play_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
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
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
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

// lived is a life of the programme that comes first, which several tests look at: none of
// them changes anything of it.
var lived = sync.OnceValue(func() (l struct {
	w      *play.Theatre
	lines  []play.Line
	counts play.Counts
	err    error
}) {
	dir, err := os.MkdirTemp("", "shifan-play-test-")
	if l.err = err; err != nil {
		return l
	}
	folder = dir
	s, err := store.Open(context.Background(), filepath.Join(dir, "shifan.db"))
	if l.err = err; err != nil {
		return l
	}
	b, _ := programmes.Text(first)
	if l.err = keyed(context.Background(), s); l.err == nil {
		l.w, l.lines, l.counts, l.err = play.Play(context.Background(), s, b)
	}
	return l
})

// first is the programme of lived, and folder where its database is.
const first = "jilin-party-building-base"

var folder string

// TestMain removes the folder of the life that the tests share.
func TestMain(m *testing.M) {
	status := m.Run()
	if folder != "" {
		os.RemoveAll(folder) //nolint:errcheck // a temporary folder
	}
	os.Exit(status)
}

// TestTheWholeLife lives each programme that the program is shipped with, from the
// call to its abolition nine years later: every stage in order, nothing refused that the
// script needs, and the counts reconcile.
func TestTheWholeLife(t *testing.T) {
	t.Parallel()
	for _, name := range programmes.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var w *play.Theatre
			var lines []play.Line
			var counts play.Counts
			var err error
			if l := lived; name == first {
				w, lines, counts, err = l().w, l().lines, l().counts, l().err
			} else {
				w, lines, counts, err = play.Play(t.Context(), fresh(t), text(t, name))
			}
			if err != nil {
				t.Fatal(err)
			}
			whole(t, name, w, lines, counts)
		})
	}
}

// inOrder wants acts to have happened one after the other.
func inOrder(t *testing.T, lines []play.Line, acts ...string) {
	t.Helper()
	at := 0
	for _, act := range acts {
		n := slices.IndexFunc(lines[at:], func(l play.Line) bool { return l.Act == act })
		if n < 0 {
			t.Fatalf("no %s after entry %d", act, at)
		}
		at += n
	}
}

// whole looks at a life of a shipped programme.
func whole(t *testing.T, name string, w *play.Theatre, lines []play.Line, counts play.Counts) {
	t.Helper()
	decidedOddly(t, w, lines)
	for n, l := range lines {
		if n > 0 && l.At.Before(lines[n-1].At) {
			t.Errorf("entry %d is earlier than the one before", l.Entry)
		}
	}
	inOrder(t, lines,
		"programme.load", "round.publish", "application.submit", "application.withdraw", "application.forfeit", "application.accept", "review.confirm",
		"item.carry", "publicity.publish", "objection.file", "publicity.serve", "application.select", "naming.issue", "designation.name", "plaque.hand_over", "round.conclude", "story.draft", "story.offer", "story.pass", "story.publish",
		"recheck.open", "recheck.pass", "recheck.slip", "rectification.order", "rectification.report", "rectification.verify", "rectification.pass",
		"rectification.miss", "revocation.notify", "revocation.state", "designation.revoke", "plaque.recall", "revocation.finalise")
	between := []string{"plan.list", "plan.approve"}
	if name == first { // whose triggers name a penalty
		between = append(between, "trigger.raise", "trigger.answer", "recheck.pass")
	}
	inOrder(t, lines, between...)
	divided(t, lines, counts)
	ends := []string{"designation.expire"} // its titles are kept until they run out
	if w.Programme.Abolition == "end_at_once" {
		ends = []string{"designation.abolish"}
	}
	nineYears(t, lines, counts, ends...)
	reconcile(t, w, lines, counts)
	want := []play.RoundCounts{
		{Year: 2021, Started: 10, Named: 5, States: map[string]int{"forfeited": 1, "named": 5, "not_chosen": 3, "withdrawn": 1}},
		{Started: 2, Named: 2, States: map[string]int{"named": 2}},
	}
	for n := range want {
		want[n].Round = counts.Rounds[n].Round
		if n > 0 {
			want[n].Year = counts.Rounds[n].Year
		}
	}
	if diff := cmp.Diff(want, counts.Rounds) + cmp.Diff(map[string]int{"unfounded": 1, "upheld": 1}, counts.Objections); diff != "" {
		t.Error(diff)
	}
}

// divided looks for a holder that was split up: about each of the two the committee
// decided by itself, one holds the title and the other does not, and the summary counts as
// many titles as the timeline says were given.
func divided(t *testing.T, lines []play.Line, counts play.Counts) {
	t.Helper()
	acts, things := map[string]int{}, map[string][]string{}
	for _, l := range lines {
		acts[l.Act]++
		things[l.Act] = append(things[l.Act], l.Thing)
	}
	for act, n := range map[string]int{"organisation.merge": 2, "designation.succeed": 2, "designation.inherit": 2, "designation.refuse": 1} { // one is split up, one merged
		if acts[act] != n {
			t.Errorf("%s %d times, not %d", act, acts[act], n)
		}
	}
	if !slices.Equal(things["designation.succeed"][:1], things["designation.refuse"]) || counts.Titles[string(designation.Succeeded)] != 2 {
		t.Errorf("one title passed on, and another was refused: %v %v %v", things["designation.succeed"], things["designation.refuse"], counts.Titles)
	}
	held := 0
	for _, n := range counts.Titles {
		held += n
	}
	if given := acts["designation.name"] + acts["designation.inherit"]; given != held {
		t.Errorf("%d titles were given, and the summary counts %d: %v", given, held, counts.Titles)
	}
}

// decidedOddly looks for what a committee meets with: a recusal that changes the
// denominator, a tie that the programme's rule settles, a quorum that is lost in the
// sitting, and a secret ballot.
func decidedOddly(t *testing.T, w *play.Theatre, lines []play.Line) {
	t.Helper()
	thing := func(act string) string {
		n := slices.IndexFunc(lines, func(l play.Line) bool { return l.Act == act })
		if n < 0 {
			t.Fatal("no", act)
		}
		return lines[n].Thing
	}
	if put, back := thing("item.defer"), thing("item.relist"); put != back || thing("meeting.depart") == "" || thing("election.open") == "" {
		t.Errorf("%s was put off and %s came back", put, back)
	}
	var all []item.Item
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		rounds, err := tx.Rounds(stage.Actor{Role: stage.Auditor}, store.RoundFilter{})
		for _, r := range rounds {
			some, wrong := tx.ItemsOfRound(r.ID)
			all, err = append(all, some...), errors.Join(err, wrong)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	whole := 0
	for _, i := range all {
		whole = max(whole, i.Base.Entitled)
	}
	some := func(what string, is func(item.Item) bool) {
		if !slices.ContainsFunc(all, is) {
			t.Error("no", what)
		}
	}
	some("recusal that changes the denominator", func(i item.Item) bool {
		return len(i.Recusals) == 2 && i.Base.Recused == 2 && i.Base.Entitled == whole-2
	})
	some("secret ballot on what was put off", func(i item.Item) bool {
		return i.Tally.Secret && i.State == item.Carried && string(i.ID) == thing("item.defer")
	})
	if w.Programme.Meeting.Tie == "again" {
		some("tie that was voted on again", func(i item.Item) bool { return string(i.ID) == thing("item.vote_again") && i.Ballot == 2 })
	} else {
		some("tie", func(i item.Item) bool {
			return i.State == item.Lost && i.Tally.Ayes > 0 && i.Tally.Ayes == i.Tally.Noes
		})
	}
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
	for _, kind := range []string{"提交回执", "申报书打印版", "补正通知书", "受理通知书", "命名通知", "责令限期整改通知书", "拟撤销称号告知书", "撤销称号决定书", "创建通知", "初审情况报告", "实地考核通知", "实地考核意见", "会议材料", "会议记录", "会议纪要", "表决结果单", "异议答复", "牌匾签收单", "复查通知", "复查结果通报", "公示", "抽取证明", "实施情况报告"} {
		if all, err := filepath.Glob(filepath.Join(dir, kind+"-*.pdf")); err != nil || len(all) == 0 {
			t.Errorf("no %s, %v", kind, err)
		} else {
			wholePDF(t, all[0])
			if kind != "表决结果单" && kind != "会议记录" { // which differ most from one to the next
				all = all[:1]
			}
			for _, pdf := range all {
				measured(t, pdf)
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
func measured(t *testing.T, pdf string) {
	t.Helper()
	reader := &evidence.Reader{Cache: evidence.UserCache()}
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

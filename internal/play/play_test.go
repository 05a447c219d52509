package play_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/casework"
	vc "shifan/internal/credential"
	"shifan/internal/lifecycle/designation"
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
	s.Guard(store.Promises())
	key, err := record.NewKey(bytes.NewReader(bytes.Repeat([]byte{3}, 64)), "play.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.UseKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	return s
}

func text(t *testing.T, name string) []byte {
	t.Helper()
	b, ok := programmes.Text(name)
	if !ok {
		t.Fatal(name)
	}
	return b
}

// TestTheWholeLife lives each programme that the program is shipped with, from the
// call to what comes after naming: every stage in order, nothing refused that the
// script needs, and the counts reconcile.
func TestTheWholeLife(t *testing.T) {
	t.Parallel()
	for _, name := range programmes.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, lines, counts, err := play.Play(t.Context(), fresh(t), text(t, name))
			if err != nil {
				t.Fatal(err)
			}
			var seen []string
			for n, l := range lines {
				seen = append(seen, l.Act)
				if n > 0 && l.At.Before(lines[n-1].At) {
					t.Errorf("entry %d is earlier than the one before", l.Entry)
				}
			}
			at := 0
			for _, act := range []string{
				"programme.load", "round.publish", "application.submit", "application.withdraw", "application.forfeit", "application.accept", "review.confirm",
				"item.carry", "publicity.publish", "objection.file", "publicity.serve", "application.select", "naming.issue", "designation.name", "plaque.hand_over", "round.conclude",
				"recheck.open", "recheck.pass", "recheck.slip", "rectification.order", "rectification.report", "rectification.verify", "rectification.pass",
				"rectification.miss", "revocation.notify", "revocation.state", "designation.revoke", "plaque.recall", "revocation.finalise",
			} {
				n := slices.Index(seen[at:], act)
				if n < 0 {
					t.Fatalf("no %s after entry %d", act, at)
				}
				at += n
			}
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
	dir := t.TempDir()
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
	_, again, _, err := play.Play(t.Context(), fresh(t), text(t, "jilin-party-building-base"))
	if diff := cmp.Diff(lines, again); diff != "" || err != nil {
		t.Error(diff, err)
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
	for _, kind := range []string{"提交回执", "申报书打印版", "补正通知书", "受理通知书", "命名通知", "责令限期整改通知书", "拟撤销称号告知书", "撤销称号决定书"} {
		if all, err := filepath.Glob(filepath.Join(dir, kind+"-*.pdf")); err != nil || len(all) == 0 {
			t.Errorf("no %s, %v", kind, err)
		}
	}
	pdfs, _ := filepath.Glob(filepath.Join(dir, "*.pdf")) //nolint:errcheck // the pattern is good
	for _, name := range pdfs {
		if _, err := os.Stat(strings.TrimSuffix(name, ".pdf") + ".docx"); err != nil {
			t.Errorf("no DOCX beside it: %v", err)
		}
	}
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

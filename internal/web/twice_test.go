package web_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/testkit/htmlcheck"
)

// formAt returns the form of a page that is sent to its own address, as a browser
// would send it untouched but for the given fields.
func formAt(t *testing.T, b *testkit.Browser, path string, change ...string) []string {
	t.Helper()
	return formOf(t, b.Get(path).Want(200), change...)
}

func formOf(t *testing.T, p *testkit.Page, change ...string) (pairs []string) {
	t.Helper()
	all, err := htmlcheck.Forms(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(f htmlcheck.Form) bool { return f.Fields["version"] != nil })
	if i < 0 {
		t.Fatalf("no form with a version: %s", p.Words())
	}
	for j := 0; j+1 < len(change); j += 2 {
		all[i].Fields[change[j]] = change[j+1 : j+2]
	}
	return flat(all[i].Fields)
}

// TestTwoEditors: two browsers open the same form and save it one after the other.
// The second is refused with both versions on the page and nothing is lost: what
// the first saved stands until the second, who has seen it, sends again.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	f := w.Furnish()
	office := w.Office()
	draft := w.ApplicationOf(f.Draft)
	mine, other := w.ApplicantOf(draft.Organisation), w.Applicant("同一单位的另一人", draft.Organisation)
	second := w.Person("经办人乙", stage.Clerk)
	code := w.Programme().Criteria[0].Indicators[0].Code
	org := "/organisations/" + string(draft.Organisation)
	for _, tt := range []struct {
		name, path, field string
		a, b              stage.Actor
		more              []string // what both change besides
	}{
		{"a section of an application", "/applications/" + string(f.Draft) + "/sections/" + w.Programme().Criteria[0].Code, code + ".statement", mine, other, nil},
		{"a signature", "/applications/" + string(f.Draft) + "/signature", "signatory", mine, other, nil},
		{"facts of an organisation", org + "/facts/regulations", "regulations.1.title", mine, other, []string{"regulations.1.adopted_on", "2020-01-01"}},
		{"facts by two clerks", org + "/facts/metrics", "metrics.1.name", office.Clerk, second, []string{"metrics.1.unit", "万元", "metrics.1.year", "2020", "metrics.1.value3", "5"}},
		{"a round", "/rounds/" + string(f.Next) + "/edit", "title", office.Clerk, second, nil},
		{"a naming", "/namings/" + string(f.Naming) + "/edit", "title", office.Clerk, second, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, b := w.Browser(tt.a), w.Browser(tt.b)
			const first, later = "甲写的这一句", "乙写的另一句"
			one := formAt(t, a, tt.path, append([]string{tt.field, first}, tt.more...)...)
			two := formAt(t, b, tt.path, append([]string{tt.field, later}, tt.more...)...)
			a.Post(tt.path, one...).Want(303)
			p := b.Post(tt.path, two...).Want(409, "别人先改过了", "现在保存的", first)
			if !strings.Contains(p.Body, later) {
				t.Error("what the second typed is lost")
			}
			if got := a.Get(tt.path).Want(200); !strings.Contains(got.Body, first) || strings.Contains(got.Body, later) {
				t.Error("what the first saved is gone")
			}
			b.Post(tt.path, formOf(t, p)...).Want(303)
			if got := a.Get(tt.path).Want(200); !strings.Contains(got.Body, later) {
				t.Error("what the second sent again is not saved")
			}
		})
	}
}

// TestDoubleClick sends each final act twice at the same moment, as a double click
// and an impatient reload do: it happens once, and neither answer is an error of
// ours.
func TestDoubleClick(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	f := w.Furnish()
	ctx, office := t.Context(), w.Office()
	for _, by := range []stage.Actor{office.Director, office.Chair} {
		if err := w.Desk.ReleaseNaming(ctx, by, f.Naming, 0); err != nil {
			t.Fatal(err)
		}
	}
	draft := "/applications/" + string(f.Draft)
	mine := w.Browser(w.ApplicantOf(w.ApplicationOf(f.Draft).Organisation))
	member, clerk, director, visitor := w.Browser(w.Members()[0]), w.Browser(office.Clerk), w.Browser(office.Director), w.Browser(stage.Anyone)
	ask := mine.Get(draft + "/submit").Want(200)
	candidate := w.CandidateOf(f.Listed)
	list := "/publicities/" + string(f.Publicity)
	check := visitor.Post(list+"/objections/check", "candidate", string(candidate.ID), "signed", "person", "name", "来信人", "contact", "来信地址", "text", "年报没有公开。").Want(200, "核对后提交")
	for _, tt := range []struct {
		act, path string
		b         *testkit.Browser
		pairs     []string
	}{
		{"application.submit", draft + "/submit", mine, []string{"version", value(t, ask, "version"), "submission", value(t, ask, "submission")}},
		{"objection.file", list + "/objections/new", visitor, []string{"candidate", string(candidate.ID), "signed", "person", "name", "来信人", "contact", "来信地址", "text", "年报没有公开。", "code", value(t, check, "code")}},
		{"item.vote", "/items/" + string(f.Voting) + "/vote", member, []string{"choice", "aye"}},
		{"application.accept", "/applications/" + string(f.Submitted) + "/accept", clerk, nil},
		{"naming.issue", "/namings/" + string(f.Naming) + "/issue", director, []string{"version", "3"}},
		{"round.publish", "/rounds/" + string(f.Next) + "/publish", director, []string{"acknowledged", "filing_days", "acknowledged", "provisional"}},
	} {
		t.Run(tt.act, func(t *testing.T) {
			before := times(w, tt.act)
			var both sync.WaitGroup
			var answers [2]*testkit.Page
			for i := range answers {
				both.Go(func() { answers[i] = tt.b.Post(tt.path, tt.pairs...) })
			}
			both.Wait()
			if n := times(w, tt.act) - before; n != 1 {
				t.Errorf("%s happened %d times: %d %s, %d %s", tt.act, n, answers[0].Status, answers[0].Words(), answers[1].Status, answers[1].Words())
			}
			for _, p := range answers {
				if p.Status >= 500 || p.Status == 404 {
					t.Errorf("%d %s", p.Status, p.Words())
				}
			}
		})
	}
	if log := w.Troubles(); log != "" {
		t.Errorf("the log: %s", log)
	}
}

// times counts how often the record says that something was done.
func times(w *testkit.World, act string) (n int) {
	for _, e := range w.Entries("") {
		if e.Act == act {
			n++
		}
	}
	return n
}

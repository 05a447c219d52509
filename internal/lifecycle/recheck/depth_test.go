package recheck_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
)

func under(depth string) recheck.Recheck {
	r := opened()
	r.State, r.Depth, r.Assessors, r.BegunAt = recheck.Underway, depth, []id.Account{assessor.Account}, noon
	return r
}

// TestLight: the office accepts the holder's own account, and somebody else concludes.
func TestLight(t *testing.T) {
	t.Parallel()
	r := opened()
	r.Depth = recheck.Light
	if _, err := r.Begin(clerk, nil, pool, noon); err != nil || len(r.Assessors) != 0 {
		t.Fatalf("nobody has to look: %v", err)
	}
	if _, err := r.Accept(clerk, "情况属实。", noon); fault.CodeOf(err) != "recheck.accept.self_report" {
		t.Errorf("nothing to accept: %v", err)
	}
	if _, err := r.ReportSelf(holder, "一切照常。", noon); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Accept(clerk, " ", noon); fault.CodeOf(err) != "recheck.report.opinion" {
		t.Errorf("without an opinion: %v", err)
	}
	if _, err := r.Accept(clerk, "情况属实。", noon); err != nil || r.State != recheck.Reported || r.ReportedBy != clerk.Account {
		t.Fatal(err)
	}
	if _, err := r.Pass(stage.Actor{Account: clerk.Account, Role: stage.Chair}, recheck.Conclusion{}, noon); fault.CodeOf(err) != "recheck.conclude.same_person" {
		t.Errorf("who accepted concludes: %v", err)
	}
	compared := under(recheck.Light)
	if _, err := compared.Report(assessor, asked, good, "好。", noon); fault.CodeOf(err) != "recheck.report.light" {
		t.Errorf("an assessor reports where the account is asked for: %v", err)
	}
	for _, depth := range []string{"", recheck.Desk, recheck.Site} {
		other := under(depth)
		other.SelfReport = "一切照常。"
		if _, err := other.Accept(clerk, "情况属实。", noon); fault.CodeOf(err) != "recheck.accept.depth" {
			t.Errorf("%q: %v", depth, err)
		}
	}
}

// TestDeeper: a recheck only ever looks deeper than it was to, and says why.
func TestDeeper(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, reason, code string }{
		{recheck.Light, recheck.Desk, "数字对不上。", ""},
		{recheck.Light, recheck.Site, "数字对不上。", ""},
		{"", recheck.Site, "数字对不上。", ""},
		{recheck.Desk, recheck.Desk, "数字对不上。", "recheck.deepen.depth"},
		{"", recheck.Desk, "数字对不上。", "recheck.deepen.depth"},
		{recheck.Site, recheck.Light, "数字对不上。", "recheck.deepen.depth"},
		{recheck.Light, "deep", "数字对不上。", "recheck.deepen.depth"},
		{recheck.Light, recheck.Desk, " ", "recheck.deepen.reason"},
	} {
		r := under(c.from)
		_, err := r.Deepen(clerk, c.to, c.reason)
		if c.code == "" && (err != nil || r.Depth != c.to) || c.code != "" && fault.CodeOf(err) != c.code {
			t.Errorf("%s to %s: %v", c.from, c.to, err)
		}
	}
}

// TestSite: who looks at the place says when, between the beginning and today, before it
// reports.
func TestSite(t *testing.T) {
	t.Parallel()
	r, today := under(recheck.Site), calendar.DateOf(noon)
	if _, err := r.Report(assessor, asked, good, "好。", noon); fault.CodeOf(err) != "recheck.report.not_visited" {
		t.Errorf("nobody was there: %v", err)
	}
	for name, on := range map[string]calendar.Date{"before it began": today.AddDays(-1), "tomorrow": today.AddDays(1), "no day": {}} {
		if _, err := r.Visit(assessor, on, noon); fault.CodeOf(err) != "recheck.visit.day" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Visit(stage.Actor{Account: "second", Role: stage.Assessor}, today, noon); fault.CodeOf(err) != "recheck.report.not_assigned" {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := r.Visit(assessor, today, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Report(assessor, asked, good, "好。", noon.Add(time.Hour)); err != nil {
		t.Error(err)
	}
}

// TestOpenDrawn: a sample opens one beside the term, as deep as the plan says; where that
// of the term falls due anyway it is that one, and never light.
func TestOpenDrawn(t *testing.T) {
	t.Parallel()
	early := title.RecheckDue.AddDays(-400).Start()
	r := recheck.OpenDrawn("rck_1", title, settings, 2, 1, nil, "pln_1", recheck.Light, early)
	if r.OfTerm() || r.Plan != "pln_1" || r.Depth != recheck.Light || r.DueOn == title.RecheckDue {
		t.Errorf("%+v", r)
	}
	r = recheck.OpenDrawn("rck_1", title, settings, 2, 1, nil, "pln_1", recheck.Light, title.RecheckDue.AddDays(-settings.LeadDays).Start())
	if !r.OfTerm() || r.Depth != recheck.Desk || r.DueOn != title.RecheckDue {
		t.Errorf("that of the term: %+v", r)
	}
}

package casework_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestAFoundedMisuseOpensARecheck: from the public form to the recheck, and nobody but the
// handler reads who reported.
func TestAFoundedMisuseOpensARecheck(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-09-15")
	key := w.Designation()
	w.At("2022-05-10 09:00:00")
	office, ctx, title := w.Office(), t.Context(), titleKept(t, w, key)
	r := w.MisuseReported(key)
	mis := r.Report.ID
	if r.Report.State != misuse.Received || r.Report.Number != 1 || len(r.Code) != 19 {
		t.Errorf("%+v", r)
	}
	tied := w.PersonWith("兼职经办人", casework.Grant{Role: stage.Clerk}, casework.Grant{Role: stage.Applicant, Organisation: title.Organisation})
	if err := w.Desk.AssignMisuse(ctx, office.Director, mis, tied.Account); fault.CodeOf(err) != "inquiry.assign.interest" {
		t.Errorf("one with a tie: %v", err)
	}
	if err := w.Desk.AssignMisuse(ctx, office.Director, mis, office.Chair.Account); fault.CodeOf(err) != "inquiry.assign.nobody" {
		t.Errorf("no clerk: %v", err)
	}
	if v, err := w.Desk.Misuse(ctx, office.Director, mis); err != nil || v.Reporter != nil || len(v.Handlers) != 2 {
		t.Errorf("the director: %+v %v", v, err)
	}
	ok(t, w.Desk.AssignMisuse(ctx, office.Director, mis, office.Clerk.Account))
	if v, err := w.Desk.Misuse(ctx, office.Clerk, mis); err != nil || v.Reporter == nil || v.Reporter.Name != "白桦林" {
		t.Errorf("the handler: %+v %v", v, err)
	}
	if work, err := w.Desk.Work(ctx, office.Clerk); err != nil || !slices.ContainsFunc(work, func(i casework.WorkItem) bool { return i.URL == "/misuses/"+string(mis) }) {
		t.Errorf("%+v %v", work, err)
	}
	ok(t, w.Desk.NoteMisuse(ctx, office.Clerk, mis, "查了收费票据。"))
	yes := misuse.Conclusion{Verdict: misuse.ByHolder, Finding: "收费属实。", Answer: "经核查属实，已启动复查。"}
	leaks := yes
	leaks.Finding = "白桦林反映属实"
	if err := w.Desk.ConcludeMisuse(ctx, office.Clerk, mis, leaks); fault.CodeOf(err) != "inquiry.leak" || len(raisedOf(t, w, key)) != 0 {
		t.Errorf("a finding that tells: %v", err)
	}
	ok(t, w.Desk.ConcludeMisuse(ctx, office.Clerk, mis, yes))
	if all := raisedOf(t, w, key); len(all) != 1 || all[0].Kind != trigger.Misuse || all[0].State != trigger.Raised {
		t.Fatalf("not raised within the act: %+v", all)
	}
	tick(t, w)
	all, rechecks := raisedOf(t, w, key), rechecksOf(t, w, key)
	if len(rechecks) != 1 || all[0].State != trigger.Answered || all[0].Recheck != rechecks[0].ID {
		t.Fatalf("%+v %+v", all, rechecks)
	}
	tells(t, w, mis, "misuse.file →received public", "misuse.assign received→investigating director", "misuse.note investigating→investigating clerk", "misuse.find investigating→founded clerk")
	status, err := w.Desk.MisuseStatus(ctx, strings.ToUpper(r.Code))
	if err != nil || status.Report.Answer != yes.Answer || status.Report.Finding != "" || status.Report.Notes != nil || status.Report.Handler != "" {
		t.Errorf("the reporter reads %+v, %v", status.Report, err)
	}
	v, err := w.Desk.Recheck(ctx, holderOf(w, title), rechecks[0].ID)
	if err != nil || len(v.Causes) != 1 {
		t.Errorf("the holder reads %+v %v", v.Causes, err)
	}
	seen := []any{v.Causes}
	for _, e := range w.Entries("") {
		seen = append(seen, e.Entry)
	}
	for _, by := range []stage.Actor{holderOf(w, title), office.Chair, office.Director, testkit.TheAuditor, stage.Anyone} {
		list, err := w.Desk.Misuses(ctx, by, casework.MisuseFilter{})
		ok(t, err)
		seen = append(seen, list)
		if one, err := w.Desk.Misuse(ctx, by, mis); err == nil {
			seen = append(seen, one)
		}
	}
	text, err := json.Marshal(seen)
	ok(t, err)
	for _, canary := range []string{"白桦林", "0431-55550177"} {
		if strings.Contains(string(text), canary) {
			t.Errorf("%q is told", canary)
		}
	}
}

// TestALetterAboutMisuse is entered by a clerk of its programme without a tie, and then is a
// case like others: not even the clerk who entered it reads who wrote it, unless the case is
// theirs.
func TestALetterAboutMisuse(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-09-15")
	key := w.Designation()
	w.At("2022-05-10 09:00:00")
	office, ctx, title, q := w.Office(), t.Context(), titleKept(t, w, key), w.PlaqueOf(key)
	f := misuse.Filing{Channel: objection.Letter, On: calendar.MustDate("2022-05-06"), About: "profit", Text: "挂着牌匾收费。", Name: "白桦林", Contact: "0431-55550177"}
	for _, typed := range []string{q.Number, plaque.Grouped(q.Code), strings.ToLower(q.Code)} {
		if code, err := w.Desk.PlaqueNamed(ctx, office.Clerk, typed); err != nil || code != q.Code {
			t.Errorf("%s is the plaque %q, %v", typed, code, err)
		}
	}
	for _, typed := range []string{"", "2021", "0000000000", "吉林"} {
		if _, err := w.Desk.PlaqueNamed(ctx, office.Clerk, typed); fault.CodeOf(err) != "misuse.file.plaque" {
			t.Errorf("%q: %v", typed, err)
		}
	}
	elsewhere, second := office.Clerk, w.Person("经办人乙", stage.Clerk)
	elsewhere.Programme = "another"
	tied := w.PersonWith("兼职经办人", casework.Grant{Role: stage.Clerk}, casework.Grant{Role: stage.Applicant, Organisation: title.Organisation})
	web := f
	web.Channel = ""
	for want, try := range map[string]struct {
		by stage.Actor
		f  misuse.Filing
	}{"misuse.file.role": {office.Director, f}, "thing.not_found": {elsewhere, f}, "misuse.file.tied": {tied, f}, "misuse.file.channel": {office.Clerk, web}} {
		if _, err := w.Desk.RegisterMisuse(ctx, try.by, q.Code, try.f, ""); fault.CodeOf(err) != want {
			t.Errorf("want %s: %v", want, err)
		}
	}
	if _, err := w.Desk.PlaqueNamed(ctx, elsewhere, q.Number); fault.CodeOf(err) != "misuse.file.plaque" {
		t.Errorf("a plaque of another programme: %v", err)
	}
	r, err := w.Desk.RegisterMisuse(ctx, second, q.Code, f, "")
	ok(t, err)
	ok(t, w.Desk.AttachMisuseLetter(ctx, second, r.Code, "来信.png", bytes.NewReader(play.Photo(1))))
	if err := w.Desk.AttachMisuseLetter(ctx, elsewhere, r.Code, "来信.png", bytes.NewReader(play.Photo(2))); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a file from another programme: %v", err)
	}
	tells(t, w, r.Report.ID, "misuse.file →received clerk", "misuse.attach received→received clerk")
	ok(t, w.Desk.AssignMisuse(ctx, office.Director, r.Report.ID, office.Clerk.Account))
	for _, by := range []stage.Actor{office.Director, second, testkit.TheAuditor} {
		if v, err := w.Desk.Misuse(ctx, by, r.Report.ID); err != nil || v.Reporter != nil || len(v.Files) != 0 || v.Entered != "经办人乙" || slices.Contains(v.Acts, "attach") {
			t.Errorf("%s reads %+v, %v", by.Role, v, err)
		}
	}
	if v, err := w.Desk.Misuse(ctx, office.Clerk, r.Report.ID); err != nil || v.Reporter == nil || len(v.Files) != 1 || v.Report.ArrivedAt.Day() == 10 {
		t.Errorf("the handler reads %+v, %v", v, err)
	}
}

// TestAMisuseOfAnother asks for no recheck, and the same report is one case.
func TestAMisuseOfAnother(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-09-15")
	key := w.Designation()
	office, ctx, code, query := w.Office(), t.Context(), w.PlaqueOf(key).Code, w.Desk.ObjectionCode()
	f := misuse.Filing{About: "forged", Text: "某公司门口挂着一样的牌匾。"}
	first, err := w.Desk.FileMisuse(ctx, code, f, query)
	ok(t, err)
	if second, err := w.Desk.FileMisuse(ctx, code, f, query); err != nil || second.Report.ID != first.Report.ID || second.Code != first.Code {
		t.Errorf("the same form: %+v %v", second, err)
	}
	if _, err := w.Desk.FileMisuse(ctx, code, f, ""); fault.CodeOf(err) != "misuse.file.twice" {
		t.Errorf("the same words: %v", err)
	}
	if _, err := w.Desk.FileMisuse(ctx, "0000000000", f, ""); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a code that is none: %v", err)
	}
	for _, typed := range []string{"", "abcd", strings.Repeat("z", 16), first.Code + "0"} {
		if _, err := w.Desk.MisuseStatus(ctx, typed); fault.CodeOf(err) != "objection.code.unknown" {
			t.Errorf("%q: %v", typed, err)
		}
	}
	ok(t, w.Desk.AssignMisuse(ctx, office.Director, first.Report.ID, office.Clerk.Account))
	ok(t, w.Desk.ConcludeMisuse(ctx, office.Clerk, first.Report.ID, misuse.Conclusion{Verdict: misuse.ByOther, Finding: "某公司仿制。", Answer: "已查实。"}))
	tick(t, w)
	if len(raisedOf(t, w, key)) != 0 || len(rechecksOf(t, w, key)) != 0 {
		t.Error("another's misuse asks for a recheck of the holder")
	}
}

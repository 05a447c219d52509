package api_test

import (
	"net/http"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestAccounts: an operator adds, invites, grants, disables and enables by the API; the
// link of an invitation is told once and stands in no kept answer; the auditor only looks,
// and nobody reads a password.
func TestAccounts(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	self := w.Person("系统管理员甲", stage.Operator)
	operator, auditor, clerk := w.Program(self), w.Program(w.Person("审计员甲", stage.Auditor)), w.Program(w.Office().Clerk)
	org := w.Organisation()
	in := map[string]any{"login": "New.Clerk", "name": "经办人丙", "grants": []map[string]any{{"role": "clerk"}, {"role": "applicant", "organisation": org}}}
	for name, tt := range map[string]struct {
		p    *testkit.Program
		in   map[string]any
		code string
	}{
		"an auditor":                 {auditor, in, "api.role"},
		"a clerk":                    {clerk, in, "api.role"},
		"no grant":                   {operator, map[string]any{"login": "abc", "name": "甲"}, "account.grant.none"},
		"no such role":               {operator, map[string]any{"login": "abc", "name": "甲", "grants": []map[string]any{{"role": "clock"}}}, "account.grant.role"},
		"an unknown organisation":    {operator, map[string]any{"login": "abc", "name": "甲", "grants": []map[string]any{{"role": "applicant", "organisation": "org_0000000000000000"}}}, "api.grant.organisation"},
		"an applicant of nobody":     {operator, map[string]any{"login": "abc", "name": "甲", "grants": []map[string]any{{"role": "applicant"}}}, "account.grant.organisation"},
		"a login that is no login":   {operator, map[string]any{"login": "a b", "name": "甲", "grants": []map[string]any{{"role": "clerk"}}}, "account.add.login"},
		"a password, which none can": {operator, map[string]any{"login": "abc", "name": "甲", "password": "x"}, "api.field.unknown"},
	} {
		if a := tt.p.Post("/accounts", tt.in); a.Status < 400 || !strings.Contains(a.Body, `"type":"`+tt.code+`"`) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	at := strings.TrimPrefix(operator.Post("/accounts", in).Want(http.StatusCreated).Header.Get("Location"), "/api/v1")
	operator.Post("/accounts", in).Refused(http.StatusUnprocessableEntity, "account.add.taken")
	var a struct {
		Login, State string
		Grants       []struct{ Role, Organisation string }
	}
	got := auditor.Get(at).Want(http.StatusOK, &a)
	if err := j.holds("GET", "/accounts/{id}", got); err != nil || a.Login != "new.clerk" || a.State != "invited" || len(a.Grants) != 2 || a.Grants[1].Organisation != string(org) || strings.Contains(got.Body, "argon") {
		t.Errorf("%v %s", err, got.Body)
	}
	clerk.Get(at).Refused(http.StatusForbidden, "api.role")

	link := operator.Post(at+"/invite", nil, "Idempotency-Key", "invite").Want(http.StatusOK)
	token, ok := strings.CutPrefix(link.Header.Get("Shifan-Invitation"), "/invitations/")
	if !ok || strings.Contains(link.Body, token) {
		t.Fatalf("%v %s", link.Header, link.Body)
	}
	if again := operator.Post(at+"/invite", nil, "Idempotency-Key", "invite").Want(http.StatusOK); again.Header.Get("Shifan-Invitation") != "" || again.Body != link.Body {
		t.Errorf("told again: %v", again.Header)
	}
	if who, err := w.Desk.Invited(t.Context(), token); err != nil || who.Login != "new.clerk" {
		t.Errorf("the link leads nowhere: %+v %v", who, err)
	}
	grants := map[string]any{"grants": []map[string]any{{"role": "auditor"}}}
	tag := operator.Get(at).Header.Get("ETag")
	operator.Post(at+"/grants", grants, "If-Match", tag).Want(http.StatusOK)
	operator.Post(at+"/grants", grants, "If-Match", tag).Refused(http.StatusPreconditionFailed, "api.match.stale")
	operator.Post(at+"/disable", nil).Want(http.StatusOK)
	operator.Post(at+"/disable", nil).Want(http.StatusConflict)
	operator.Post(at+"/enable", nil).Want(http.StatusOK)
	operator.Post("/accounts/"+string(self.Account)+"/disable", nil).Refused(http.StatusConflict, "account.disable.self")
	operator.Post("/accounts/acc_0000000000000000/invite", nil).Refused(http.StatusNotFound, "thing.not_found")
	if a := operator.Get("/accounts?q=new.clerk&role=auditor").Want(http.StatusOK); !strings.Contains(a.Body, `"state":"invited"`) { // no password was set yet
		t.Error(a.Body)
	}
}

// TestInterests: somebody declares a tie by the API, reads it and no other's; those who
// oversee read all, and the director lifts it with a reason.
func TestInterests(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	o := w.Office()
	org, err := w.Desk.Organisation(t.Context(), o.Clerk, w.Organisation())
	if err != nil {
		t.Fatal(err)
	}
	mine, other, director := w.Program(w.Person("考核员甲", stage.Assessor)), w.Program(w.Person("考核员乙", stage.Assessor)), w.Program(o.Director)
	tie := map[string]any{"organisation": org.Organisation.Code, "kind": "kin", "reason": "亲属任理事"}
	mine.Post("/interests", map[string]any{"ties": []any{tie}}).Refused(http.StatusUnprocessableEntity, "interest.declare.whole")
	mine.Post("/interests", map[string]any{"whole": true, "ties": []any{map[string]any{"organisation": "没有这个单位", "kind": "kin", "reason": "亲属"}}}).Want(http.StatusUnprocessableEntity)
	mine.Post("/interests", map[string]any{"whole": true, "employers": []string{"某某大学"}, "ties": []any{tie}}).Want(http.StatusOK)
	type data struct {
		Holds     bool
		Employers []string
		Ties      []struct{ ID, Organisation, Lifted string }
	}
	var got, others data
	a := mine.Get("/interests").Want(http.StatusOK, &got)
	if err := j.holds("GET", "/interests", a); err != nil || !got.Holds || len(got.Ties) != 1 || got.Ties[0].Organisation != string(org.Organisation.ID) || len(got.Employers) != 1 {
		t.Fatalf("%v %s", err, a.Body)
	}
	if other.Get("/interests").Want(http.StatusOK, &others); len(others.Ties) != 0 || others.Holds {
		t.Errorf("%+v", others)
	}
	mine.Get("/interests/all").Refused(http.StatusForbidden, "api.role")
	all := director.Get("/interests/all").Want(http.StatusOK)
	if err := j.holds("GET", "/interests/all", all); err != nil || !strings.Contains(all.Body, "亲属任理事") {
		t.Errorf("%v %s", err, all.Body)
	}
	lift := "/interests/" + got.Ties[0].ID + "/lift"
	mine.Post(lift, map[string]any{"reason": "已改选"}).Refused(http.StatusForbidden, "api.role")
	director.Post(lift, map[string]any{"reason": ""}).Want(http.StatusUnprocessableEntity)
	director.Post(lift, map[string]any{"reason": "已改选"}).Want(http.StatusOK)
	if mine.Get("/interests").Want(http.StatusOK, &got); got.Ties[0].Lifted != "已改选" {
		t.Errorf("%+v", got)
	}
}

// TestCalendar: everybody reads a year; an operator asks what a file would change, which
// changes nothing, and imports it; the dates that it concerns are reported and not moved.
func TestCalendar(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	w.OpenRound()
	operator, clerk, public := w.Program(w.Person("系统管理员甲", stage.Operator)), w.Program(w.Office().Clerk), w.Program(stage.Anyone)
	amended := map[string]any{"text": `{"year":2021,"title":"关于调整2021年7月休息日的通知","published_on":"2021-06-25","amends":true,"off":["2021-07-12"],"work":["2021-07-11"]}`}
	type year struct {
		Known     bool
		Version   string
		Documents []struct{ Title string }
		Days      []struct {
			Date    string
			Working bool
		}
	}
	read := func(of string) (y year) {
		t.Helper()
		if err := j.holds("GET", "/calendar", public.Get("/calendar"+of).Want(http.StatusOK, &y)); err != nil {
			t.Error(err)
		}
		return y
	}
	before := read("?year=2021")
	if far := read("?year=2099"); far.Known || !before.Known {
		t.Errorf("2021 known %v, 2099 known %v", before.Known, far.Known)
	}
	public.Get("/calendar?year=1").Refused(http.StatusNotFound, "thing.not_found")
	clerk.Post("/calendar/import", amended).Refused(http.StatusForbidden, "api.role")
	operator.Post("/calendar/import", map[string]any{"text": `{"year":2027}`}).Want(http.StatusUnprocessableEntity)
	var would struct {
		Changed []struct{ Date string }
	}
	a := operator.Post("/calendar/preview", amended).Want(http.StatusOK, &would)
	if err := j.holds("POST", "/calendar/preview", a); err != nil || len(would.Changed) != 2 || read("?year=2021").Version != before.Version {
		t.Errorf("%v %s", err, a.Body)
	}
	operator.Post("/calendar/import", amended).Want(http.StatusOK)
	operator.Post("/calendar/import", amended).Refused(http.StatusConflict, "calendar.import.again")
	if after := read("?year=2021"); after.Version == before.Version || len(after.Documents) != len(before.Documents)+1 {
		t.Errorf("%+v", after)
	}
	if err := j.holds("GET", "/calendar/report", clerk.Get("/calendar/report").Want(http.StatusOK)); err != nil {
		t.Error(err)
	}
}

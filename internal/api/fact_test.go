package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/testkit"
)

// TestFacts: the office enters a penalty and has it quashed, an applicant declares what is
// its own and no other's; a section that is not sent stays; every change is there to be
// read.
func TestFacts(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	o, org := w.Office(), w.Organisation()
	clerk, director, mine, other := w.Program(o.Clerk), w.Program(o.Director), w.Program(w.ApplicantOf(org)), w.Program(w.ApplicantOf(w.Organisation()))
	at := "/organisations/" + string(org) + "/facts"
	type facts struct {
		Inspections []struct {
			Year   int
			Source struct{ Confirmed bool }
		}
		Penalties []struct {
			Number    string
			QuashedOn string `json:"quashed_on"`
		}
		NoPenalty *struct{ Confirmed bool } `json:"no_penalty"`
	}
	read := func(p *testkit.Program) (f facts, tag string) {
		t.Helper()
		a := p.Get(at).Want(http.StatusOK, &f)
		if err := j.holds("GET", "/organisations/{id}/facts", a); err != nil || strings.Contains(a.Body, string(o.Clerk.Account)) {
			t.Errorf("%v %s", err, a.Body)
		}
		return f, a.Header.Get("ETag")
	}
	before, tag := read(mine)
	if len(before.Inspections) != 3 || !before.Inspections[0].Source.Confirmed || before.NoPenalty == nil {
		t.Fatalf("%+v", before)
	}
	other.Get(at).Refused(http.StatusNotFound, "thing.not_found")
	penalty := map[string]any{"number": "吉民罚〔2021〕1号", "authority": "吉林省民政厅", "kind": "warning", "decided_on": "2021-02-01"}
	in := map[string]any{"penalties": []any{penalty}, "no_penalty": true}
	director.Post(at, in, "If-Match", tag).Refused(http.StatusForbidden, "api.role")
	clerk.Post(at, in).Refused(http.StatusPreconditionRequired, "api.match.missing")
	clerk.Post(at, in, "If-Match", `"99"`).Refused(http.StatusPreconditionFailed, "api.match.stale")
	other.Post(at, in, "If-Match", tag).Refused(http.StatusNotFound, "thing.not_found")
	wrong := clerk.Post(at, map[string]any{"penalties": []any{map[string]any{"number": "一", "authority": "某厅", "kind": "death", "decided_on": "2021-02-01"}}}, "If-Match", tag).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(wrong.Body, `"penalties.0.kind"`) {
		t.Error(wrong.Body)
	}
	clerk.Post(at, map[string]any{"charter": map[string]any{"wording": "负责人身份证110101199003070177"}}, "If-Match", tag).Want(http.StatusUnprocessableEntity)
	clerk.Post(at, map[string]any{"penalties": []any{}, "source": "x"}, "If-Match", tag).Refused(http.StatusUnprocessableEntity, "api.field.unknown")
	mine.Post(at, map[string]any{"inspections": []any{}}, "If-Match", tag).Want(http.StatusConflict) // what the office confirmed is not taken out
	clerk.Post(at, in, "If-Match", tag).Want(http.StatusOK)
	got, tag := read(mine)
	if len(got.Penalties) != 1 || len(got.Inspections) != 3 {
		t.Fatalf("%+v", got)
	}
	penalty["quashed_on"] = "2021-05-01"
	clerk.Post(at, in, "If-Match", tag).Want(http.StatusOK)
	if got, tag = read(clerk); got.Penalties[0].QuashedOn != "2021-05-01" {
		t.Errorf("%+v", got)
	}
	var was struct{ Regulations []map[string]any }
	mine.Get(at).Want(http.StatusOK, &was)
	for _, r := range was.Regulations {
		delete(r, "source")
	}
	w.Jump(w.Now().Add(time.Minute))
	added := append(was.Regulations, map[string]any{"title": "党组织议事规则", "adopted_on": "2020-03-01"})
	mine.Post(at, map[string]any{"regulations": added}, "If-Match", tag).Want(http.StatusOK)
	var page struct {
		Items []struct {
			Section string
			Office  bool
		}
		Next string
	}
	a := mine.Get(at+"/changes?limit=1").Want(http.StatusOK, &page)
	if err := j.holds("GET", "/organisations/{id}/facts/changes", a); err != nil || len(page.Items) != 1 || page.Items[0].Section != "regulations" || page.Items[0].Office || page.Next == "" {
		t.Fatalf("%v %s", err, a.Body)
	}
	page.Items = nil
	mine.Get(strings.TrimPrefix(page.Next, "/api/v1")).Want(http.StatusOK, &page)
	if len(page.Items) != 1 || page.Items[0].Section != "penalties" || !page.Items[0].Office {
		t.Errorf("%+v", page)
	}
	other.Get(at+"/changes").Refused(http.StatusNotFound, "thing.not_found")
}

// TestRulings: whoever may see the organisation reads why it may apply; against a red line
// only the director finds, with a reason, and only of what was read.
func TestRulings(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	o, org := w.Office(), w.Organisation()
	clerk, director, mine, other := w.Program(o.Clerk), w.Program(o.Director), w.Program(w.ApplicantOf(org)), w.Program(w.ApplicantOf(w.Organisation()))
	facts := "/organisations/" + string(org) + "/facts"
	clerk.Post(facts, map[string]any{"penalties": []any{map[string]any{"number": "吉民罚〔2021〕1号", "authority": "吉林省民政厅", "kind": "warning", "decided_on": "2021-02-01"}}},
		"If-Match", clerk.Get(facts).Header.Get("ETag")).Want(http.StatusOK)
	all := "/organisations/" + string(org) + "/eligibility"
	at := all + "/" + string(w.Programme().Name)
	type check struct {
		Rule, Computed, Verdict string
		RedLine                 bool `json:"red_line"`
		Ruling                  *struct{ Reason string }
	}
	failing := func(p *testkit.Program) (c check) {
		t.Helper()
		var v struct {
			Overall string
			Checks  []check
		}
		a := p.Get(at).Want(http.StatusOK, &v)
		if err := j.holds("GET", "/organisations/{id}/eligibility/{programme}", a); err != nil {
			t.Errorf("%v %s", err, a.Body)
		}
		i := slices.IndexFunc(v.Checks, func(c check) bool { return c.Computed == "fails" })
		if i < 0 {
			t.Fatalf("nothing fails: %s", a.Body)
		}
		return v.Checks[i]
	}
	c := failing(mine)
	if a := mine.Get(all).Want(http.StatusOK); j.holds("GET", "/organisations/{id}/eligibility", a) != nil || !strings.Contains(a.Body, `"overall":"fails"`) {
		t.Error(a.Body)
	}
	other.Get(at).Refused(http.StatusNotFound, "thing.not_found")
	mine.Get(all+"/none").Refused(http.StatusNotFound, "thing.not_found")
	if !c.RedLine || c.Verdict != "fails" || c.Ruling != nil {
		t.Fatalf("%+v", c)
	}
	in := map[string]any{"rule": c.Rule, "seen": "fails", "verdict": "meets", "reason": "处罚对象是同名单位，原件已核对"}
	mine.Post(at+"/rule", in).Refused(http.StatusForbidden, "api.role")
	clerk.Post(at+"/rule", in).Refused(http.StatusConflict, "ruling.make.red_line")
	director.Post(at+"/rule", map[string]any{"rule": c.Rule, "seen": "meets", "verdict": "meets", "reason": "一"}).Refused(http.StatusConflict, "ruling.make.changed")
	director.Post(at+"/rule", map[string]any{"rule": c.Rule, "seen": "fails", "verdict": "meets"}).Want(http.StatusUnprocessableEntity)
	director.Post(at+"/rule", map[string]any{"rule": "none", "seen": "fails", "verdict": "meets", "reason": "一"}).Refused(http.StatusNotFound, "thing.not_found")
	director.Post(at+"/rule", in).Want(http.StatusOK)
	if c := failing(mine); c.Verdict != "meets" || c.Ruling == nil || c.Ruling.Reason == "" {
		t.Errorf("%+v", c)
	}
}

package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// naming is what the test reads of one.
type naming struct {
	State, Left, Next string
	Document          string `json:"document_number"`
	PreparedBy        string `json:"prepared_by"`
	List              []struct{ Application, Name, Number, Designation string }
	Candidates        []struct{ Ready bool }
	Releases          []struct{ Name string }
	Acts              []string
}

// TestNaming: from the cleared list to titles through the API. Whoever drafted it cannot
// release it, nobody releases it twice or without having read it, two must, and a draft is
// nothing to the public (S58, S59).
func TestNaming(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.Reviewed(app)
	w.Visited(app)
	w.Decided(round, app)
	w.Publicised(app)
	w.Cleared(app)
	o := w.Office()
	clerk, director, chair, public := w.Program(o.Clerk), w.Program(o.Director), w.Program(o.Chair), w.Program(stage.Anyone)

	var choices struct {
		Title      string
		Candidates []struct {
			Application string
			Ready       bool
			Checks      []struct{ Passed bool }
		}
	}
	a := clerk.Get("/rounds/"+string(round)+"/naming").Want(http.StatusOK, &choices)
	if err := j.holds("GET", "/rounds/{id}/naming", a); err != nil || len(choices.Candidates) != 1 || !choices.Candidates[0].Ready || choices.Candidates[0].Application != string(app) || len(choices.Candidates[0].Checks) != 4 {
		t.Fatalf("%v %s", err, a.Body)
	}
	draft := map[string]any{"round": round, "title": choices.Title, "addressees": "各社会组织党组织", "list": []id.Application{app}}
	director.Post("/namings", draft).Refused(http.StatusForbidden, "api.role")
	clerk.Post("/namings", map[string]any{"round": round, "title": "", "addressees": "", "list": []string{"app_0000000000000000"}}).Want(http.StatusUnprocessableEntity)
	at := clerk.Post("/namings", draft).Want(http.StatusCreated).Header.Get("Location")[len("/api/v1"):]
	read := func(p *testkit.Program) (n naming, tag string) {
		t.Helper()
		a := p.Get(at).Want(http.StatusOK, &n)
		if err := j.holds("GET", "/namings/{id}", a); err != nil {
			t.Error(err)
		}
		return n, a.Header.Get("ETag")
	}
	if n, _ := read(clerk); n.State != "drafted" || n.PreparedBy == "" || len(n.Candidates) != 1 || n.List[0].Application != string(app) {
		t.Errorf("%+v", n)
	}
	public.Get(at).Refused(http.StatusNotFound, "thing.not_found")

	_, tag := read(clerk)
	clerk.Post(at+"/release", nil, "If-Match", tag).Refused(http.StatusForbidden, "api.role")
	director.Post(at+"/release", nil).Refused(http.StatusPreconditionRequired, "api.match.missing")
	draft["title"] = "关于命名2021年度示范基地的通知"
	delete(draft, "round")
	clerk.Post(at+"/edit", draft, "If-Match", tag).Want(http.StatusOK)
	director.Post(at+"/release", nil, "If-Match", tag).Refused(http.StatusPreconditionFailed, "api.match.stale")
	_, tag = read(director)
	director.Post(at+"/release", nil, "If-Match", tag).Want(http.StatusOK)
	_, tag = read(director)
	director.Post(at+"/release", nil, "If-Match", tag).Want(http.StatusConflict)
	director.Post(at+"/issue", nil, "If-Match", tag).Refused(http.StatusConflict, "naming.issue.releases")
	chair.Post(at+"/send-back", map[string]any{"reason": ""}, "If-Match", tag).Want(http.StatusUnprocessableEntity)
	chair.Post(at+"/send-back", map[string]any{"reason": "漏了年度"}, "If-Match", tag).Want(http.StatusOK)
	for _, p := range []*testkit.Program{director, chair} {
		_, tag = read(p)
		p.Post(at+"/release", nil, "If-Match", tag).Want(http.StatusOK)
	}
	n, tag := read(director)
	if len(n.Releases) != 2 || !slices.Contains(n.Acts, "issue") || slices.Contains(n.Acts, "release") {
		t.Errorf("%+v", n)
	}
	director.Post(at+"/issue", nil, "If-Match", tag).Want(http.StatusOK)
	n, _ = read(public)
	if n.State != "issued" || n.Document == "" || n.PreparedBy != "" || len(n.Releases) != 0 || n.List[0].Application != "" || n.List[0].Number != "2021-001" {
		t.Errorf("the public reads %+v", n)
	}
	public.Get("/designations/" + n.List[0].Designation).Want(http.StatusOK)
	chair.Post(at+"/cancel", map[string]any{"reason": "改期"}, "If-Match", `"9"`).Want(http.StatusConflict)
}

// TestRegister: numbers that were used outside are entered without a gap, and one of them
// is made void; the register says both. Who does not see the register sees none of it.
func TestRegister(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	o, p := w.Office(), w.Programme()
	clerk, director := w.Program(o.Clerk), w.Program(o.Director)
	at := "/numbers/" + string(p.Name) + "/2021"
	clerk.Post("/numbers", map[string]any{"programme": p.Name, "year": 2021, "seq": 0, "title": "会议通知"}).Want(http.StatusUnprocessableEntity)
	clerk.Post("/numbers", map[string]any{"programme": p.Name, "year": 2021, "seq": 2, "title": "会议通知"}).Want(http.StatusOK)
	number := p.Naming.Numbers + "〔2021〕2号"
	void := "/numbers/" + url.PathEscape(number) + "/void"
	clerk.Post(void, map[string]any{"why": "未发"}).Refused(http.StatusForbidden, "api.role")
	director.Post(void, map[string]any{"why": ""}).Want(http.StatusUnprocessableEntity)
	director.Post(void, map[string]any{"why": "未发"}).Want(http.StatusOK)
	var v struct {
		Lines []struct{ Number, State, Reason string }
	}
	a := clerk.Get(at).Want(http.StatusOK, &v)
	if err := j.holds("GET", "/numbers/{id}/{year}", a); err != nil || len(v.Lines) != 2 || v.Lines[0].Number != number || v.Lines[0].State != "void" || v.Lines[0].Reason != "未发" {
		t.Errorf("%v %s", err, a.Body)
	}
	w.Program(w.Members()[0]).Get(at).Refused(http.StatusForbidden, "api.role")
	clerk.Get("/numbers/"+string(p.Name)+"/x").Refused(http.StatusUnprocessableEntity, "api.ledger.year")
	clerk.Get("/numbers/another/2021").Refused(http.StatusNotFound, "thing.not_found")
}

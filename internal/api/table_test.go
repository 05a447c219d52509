package api_test

import (
	"net/http"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// furnished is a world with something at every stage, and programs of those in it.
type furnished struct {
	*testkit.World
	testkit.Furnishing
	j                                                                    judge
	clerk, director, chair, member, auditor, operator, applicant, nobody *testkit.Program
}

func furnish(t *testing.T) *furnished {
	t.Helper()
	w := testkit.New(t)
	f := &furnished{World: w, Furnishing: w.Furnish(), j: newJudge(t)}
	o := w.Office()
	f.clerk, f.director, f.chair, f.member = w.Program(o.Clerk), w.Program(o.Director), w.Program(o.Chair), w.Program(w.Members()[0])
	f.auditor, f.operator = w.Program(w.Person("审计员甲", stage.Auditor)), w.Program(w.Person("系统管理员甲", stage.Operator))
	f.applicant, f.nobody = w.Program(f.Applicants[0]), w.Program(stage.Anyone)
	return f
}

// reads gets something and compares it with the description.
func (f *furnished) reads(p *testkit.Program, path, at string, into ...any) *testkit.Answer {
	f.Helper()
	a := p.Get(at).Want(http.StatusOK, into...)
	if err := f.j.holds("GET", path, a); err != nil {
		f.Errorf("%s: %v\n%s", at, err, a.Body)
	}
	return a
}

// TestFurnished goes through what belongs to many chapters, in one furnished world.
func TestFurnished(t *testing.T) {
	t.Parallel()
	f := furnish(t)
	for name, test := range map[string]func(*testing.T, *furnished){
		"tables": testTables, "tabulations": testTabulations,
	} {
		t.Run(name, func(t *testing.T) { test(t, f) })
	}
}

// testTables: what a page offers as a table is here too, as XLSX or CSV, for the same
// roles; what is an arrangement of the summary table is one person's own.
func testTables(t *testing.T, f *furnished) {
	programme := string(f.Programme().Name)
	var plans struct{ Items []struct{ ID string } }
	f.clerk.Get("/plans").Want(http.StatusOK, &plans)
	for at, tt := range map[string]struct {
		csv  string // "": there is none
		not  *testkit.Program
		book bool
	}{
		"/organisations/table":                            {"统一社会信用代码", f.chair, true},
		"/numbers/" + programme + "/2021/table":           {"文号", f.member, true},
		"/plans/" + plans.Items[0].ID + "/table":          {"单位", f.applicant, true},
		"/plaques/table":                                  {"牌匾", f.member, false},
		"/rosters/organisations/template":                 {"统一社会信用代码", f.director, true},
		"/tabulations/table?columns=organisation,code":    {"单位,统一社会信用代码", f.member, true},
		"/statistics/book":                                {"", f.member, true},
		"/rounds/" + string(f.Round) + "/statistics/book": {"", f.member, true},
	} {
		a := f.clerk.Get(at).Want(http.StatusOK)
		if tt.book != strings.HasPrefix(a.Body, "PK\x03\x04") || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || len(a.Header.Get("ETag")) != 66 {
			t.Errorf("%s: %.40q %v", at, a.Body, a.Header)
		}
		tt.not.Get(at).Refused(http.StatusForbidden, "api.role")
		if tt.csv == "" {
			continue
		}
		sign := "?"
		if strings.Contains(at, "?") {
			sign = "&"
		}
		if tt.book {
			f.clerk.Get(at+sign+"as=pdf").Refused(http.StatusUnprocessableEntity, "api.table.as")
			at += sign + "as=csv"
		}
		if a := f.clerk.Get(at).Want(http.StatusOK); !strings.Contains(a.Body, tt.csv) {
			t.Errorf("%s: %.200s", at, a.Body)
		}
	}
	f.clerk.Get("/rosters/nothing/template").Refused(http.StatusNotFound, "thing.not_found")
	f.clerk.Get("/plans/pln_0000000000000000/table").Refused(http.StatusNotFound, "thing.not_found")
	f.clerk.Get("/organisations/table?limit=3").Refused(http.StatusUnprocessableEntity, "api.field.unknown")
}

// testTabulations: the summary table is read page by page; an arrangement of it is kept,
// used, renamed and taken away by the one whose it is.
func testTabulations(t *testing.T, f *furnished) {
	var page struct {
		Columns []struct{ Code string }
		Rows    []struct{ Cells []string }
		After   string
	}
	f.reads(f.clerk, "/tabulations/rows", "/tabulations/rows?limit=1&columns=organisation,number", &page)
	if len(page.Columns) != 2 || len(page.Rows) != 1 || len(page.Rows[0].Cells) != 2 || page.After == "" {
		t.Fatalf("%+v", page)
	}
	first := page.Rows[0].Cells[0]
	if f.reads(f.clerk, "/tabulations/rows", "/tabulations/rows?limit=1&columns=organisation,number&after="+page.After, &page); page.Rows[0].Cells[0] == first {
		t.Error("the same row again")
	}
	f.clerk.Get("/tabulations/rows?columns=nothing").Want(http.StatusUnprocessableEntity)
	f.clerk.Get("/tabulations/rows?limit=0&limit=2").Want(http.StatusUnprocessableEntity)
	f.member.Get("/tabulations/rows").Refused(http.StatusForbidden, "api.role")
	in := map[string]any{"name": "报送表", "columns": []string{"organisation"}, "filter": map[string]any{"query": first}}
	f.clerk.Post("/tabulations", map[string]any{"name": "", "columns": []string{"organisation"}}).Want(http.StatusUnprocessableEntity)
	f.member.Post("/tabulations", in).Refused(http.StatusForbidden, "api.role")
	made := f.clerk.Post("/tabulations", in, "Idempotency-Key", "keep").Want(http.StatusCreated)
	if again := f.clerk.Post("/tabulations", in, "Idempotency-Key", "keep").Want(http.StatusCreated); again.Body != made.Body {
		t.Errorf("%s, then %s", made.Body, again.Body)
	}
	at := strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
	f.reads(f.clerk, "/tabulations/{id}", at)
	f.director.Get(at).Refused(http.StatusNotFound, "thing.not_found")
	key := strings.TrimPrefix(at, "/tabulations/")
	if f.reads(f.clerk, "/tabulations/rows", "/tabulations/rows?view="+key, &page); len(page.Columns) != 1 || len(page.Rows) == 0 || page.Rows[0].Cells[0] != first {
		t.Errorf("%+v", page)
	}
	f.director.Post(at+"/rename", map[string]any{"name": "别名"}).Refused(http.StatusNotFound, "thing.not_found")
	f.clerk.Post(at+"/rename", map[string]any{"name": "上报表"}).Want(http.StatusOK)
	if a := f.reads(f.clerk, "/tabulations", "/tabulations"); !strings.Contains(a.Body, "上报表") {
		t.Error(a.Body)
	}
	if a := f.reads(f.director, "/tabulations", "/tabulations"); strings.Contains(a.Body, "上报表") {
		t.Error(a.Body)
	}
	f.director.Post(at+"/remove", nil).Refused(http.StatusNotFound, "thing.not_found")
	f.clerk.Post(at+"/remove", nil).Want(http.StatusOK)
	f.clerk.Get(at).Refused(http.StatusNotFound, "thing.not_found")
	var figures struct {
		Years []struct{ Round string }
	}
	if f.reads(f.chair, "/statistics", "/statistics", &figures); len(figures.Years) == 0 {
		t.Errorf("%+v", figures)
	}
	of := "/rounds/" + string(f.Round) + "/statistics"
	f.reads(f.chair, "/rounds/{id}/statistics", of)
	var list struct {
		Items []struct{ Application string }
		Next  string
	}
	if f.reads(f.chair, "/rounds/{id}/statistics/rows", of+"/rows?of=step&code=intake&what=in&limit=1", &list); len(list.Items) != 1 || list.Next == "" {
		t.Errorf("%+v", list)
	}
	f.chair.Get(of+"/rows?of=step&code=none&what=in").Refused(http.StatusNotFound, "thing.not_found")
}

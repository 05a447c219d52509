package api_test

import (
	"net/http"
	"strings"
	"testing"

	"shifan/internal/id"
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
		"tables": testTables, "tabulations": testTabulations, "comparing": testComparing, "ledgers": testLedgerFiles, "pictures": testPictures,
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

// testComparing: statements that are alike, what was given, a changed rule and a circular
// are read by those whom their pages let in; what changed since the preview is not sent.
func testComparing(t *testing.T, f *furnished) {
	round, app := "/rounds/"+string(f.Round), "/applications/"+string(f.Reviewing)
	f.reads(f.clerk, "/applications/{id}/likenesses", app+"/likenesses")
	f.reads(f.auditor, "/rounds/{id}/likenesses", round+"/likenesses")
	f.clerk.Get(app+"/likenesses/compare?indicator=9-9").Refused(http.StatusNotFound, "thing.not_found")
	f.applicant.Get(app+"/likenesses").Refused(http.StatusForbidden, "api.role")
	f.reads(f.chair, "/rounds/{id}/scores", round+"/scores")
	f.member.Get(round+"/scores").Refused(http.StatusForbidden, "api.role")

	v, err := f.Desk.Programme(t.Context(), stage.Anyone, f.Programme().Name)
	if err != nil {
		t.Fatal(err)
	}
	dry := f.chair.Post(round+"/dry-run", map[string]any{"file": v.Versions[0].File}).Want(http.StatusOK)
	if err := f.j.holds("POST", "/rounds/{id}/dry-run", dry); err != nil || !strings.Contains(dry.Body, `"differing":0`) {
		t.Errorf("%v %s", err, dry.Body)
	}
	f.chair.Post(round+"/dry-run", map[string]any{"file": "name: ["}).Want(http.StatusUnprocessableEntity)
	f.member.Post(round+"/dry-run", map[string]any{"file": ""}).Refused(http.StatusForbidden, "api.role")

	words := map[string]any{"subject": "补寄材料", "text": "请于周五前补寄纸质材料。"}
	var to struct {
		Seen string
		To   []struct{ Name string }
	}
	a := f.clerk.Post(round+"/circular/preview", words).Want(http.StatusOK, &to)
	if err := f.j.holds("POST", "/rounds/{id}/circular/preview", a); err != nil || len(to.To) == 0 {
		t.Fatalf("%v %s", err, a.Body)
	}
	f.clerk.Post(round+"/circular/preview", map[string]any{"subject": "", "text": "一"}).Want(http.StatusUnprocessableEntity)
	f.clerk.Post(round+"/circular", words).Want(http.StatusConflict) // nobody looked who gets it
	f.chair.Post(round+"/circular", words).Refused(http.StatusForbidden, "api.role")
	words["seen"] = to.Seen
	f.clerk.Post(round+"/circular", words).Want(http.StatusOK)
}

// testLedgerFiles: the table of a year's figures is read, filled in and read again; a copy
// that was stamped is compared; a proof is had of what was received. Another's are missing.
func testLedgerFiles(t *testing.T, f *furnished) {
	mine := f.Program(f.Applicants[1])
	org := string(f.Applicants[1].Organisation)
	other := f.Program(f.Applicants[2])
	at := "/ledgers/" + org + "/2020"
	book := mine.Get(at + "/template").Want(http.StatusOK)
	send := func(p *testkit.Program, path, body string) *testkit.Answer {
		return p.Do(http.MethodPost, "/api/v1"+path, strings.NewReader(body), "Idempotency-Key", "a-file")
	}
	a := send(mine, at+"/read", book.Body).Want(http.StatusOK)
	if err := f.j.holds("POST", "/ledgers/{id}/{year}/read", a); err != nil || !strings.Contains(a.Body, `"meetings_1":`) {
		t.Errorf("%v %s", err, a.Body)
	}
	send(mine, at+"/read", "no table").Want(http.StatusUnprocessableEntity)
	send(other, at+"/read", book.Body).Refused(http.StatusNotFound, "thing.not_found")
	send(f.director, at+"/read", book.Body).Refused(http.StatusForbidden, "api.role")
	other.Get(at+"/template").Refused(http.StatusNotFound, "thing.not_found")
	if a := f.reads(f.director, "/ledgers/{id}/{year}/report", at+"/report"); !strings.Contains(a.Body, `"before":{`) {
		t.Error(a.Body)
	}
	f.director.Get("/ledgers/"+org+"/1999/report").Refused(http.StatusNotFound, "thing.not_found")

	app := "/applications/" + string(f.Furnishing.Submitted)
	f.reads(mine, "/applications/{id}/proof", app+"/proof")
	other.Get(app+"/proof").Refused(http.StatusNotFound, "thing.not_found")
	send(mine, app+"/copy", "").Refused(http.StatusUnprocessableEntity, "paper.scan.none")
	send(mine, app+"/copy", "no scan").Refused(http.StatusUnprocessableEntity, "paper.scan.kind")
	send(other, app+"/copy", "no scan").Refused(http.StatusNotFound, "thing.not_found")
	printed := mine.Get(app + "/papers/print").Want(http.StatusOK)
	if a := send(f.clerk, app+"/copy", printed.Body); a.Status != http.StatusOK || f.j.holds("POST", "/applications/{id}/copy", a) != nil {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// TestLikeness: two applications that say the same are a pair, and stand side by side with
// what both say marked.
func TestLikeness(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	round := w.OpenRound()
	const say = "三年来每月第一个周五由理事长带队走访会员企业，现场登记困难，会后一周内逐条答复，年底在会员大会上公布办结情况，去年共办结二百一十六件。"
	var both []id.Application
	for range 2 {
		key := w.Drafted(round)
		p, at := w.Program(w.ApplicantOf(w.ApplicationOf(key).Organisation)), "/applications/"+string(key)
		var draft struct{ Answers map[string]map[string]any }
		tag := p.Get(at).Want(http.StatusOK, &draft).Header.Get("ETag")
		draft.Answers["1-1"]["statement"] = say
		p.Post(at+"/save", map[string]any{"answers": map[string]any{"1-1": draft.Answers["1-1"]}}, "If-Match", tag).Want(http.StatusOK)
		p.Post(at+"/submit", nil, "If-Match", p.Get(at).Header.Get("ETag")).Want(http.StatusOK)
		both = append(both, key)
	}
	here, there := both[0], both[1]
	clerk := w.Program(w.Office().Clerk)
	var found struct {
		Pairs []struct{ Percent int }
	}
	a := clerk.Get("/rounds/"+string(round)+"/likenesses").Want(http.StatusOK, &found)
	if err := j.holds("GET", "/rounds/{id}/likenesses", a); err != nil || len(found.Pairs) == 0 || found.Pairs[0].Percent < 50 {
		t.Errorf("%v %s", err, a.Body)
	}
	a = clerk.Get("/applications/" + string(here) + "/likenesses/compare?indicator=1-1&other=" + string(there) + "&as=1-1").Want(http.StatusOK)
	if err := j.holds("GET", "/applications/{id}/likenesses/compare", a); err != nil || !strings.Contains(a.Body, `"shared":true`) {
		t.Errorf("%v %s", err, a.Body)
	}
}

// testPictures: drawings, pictures and packages come as what they are, for whom the pages
// let in; a guide and its forms for everybody; the file of an item for those who decide.
func testPictures(t *testing.T, f *furnished) {
	holder := f.Program(f.ApplicantOf(f.TitleOf(f.Titles[3]).Organisation))
	title, programme := string(f.Titles[3]), string(f.Programme().Name)
	plaque := string(f.PlaqueOf(f.Titles[3]).ID)
	for at, tt := range map[string]struct {
		by, not *testkit.Program
		begins  string
	}{
		"/designations/" + title + "/certificate":           {holder, f.member, "%PDF"},
		"/plaques/" + plaque + "/artwork":                   {holder, f.member, "%PDF"},
		"/plaques/" + plaque + "/artwork?as=png":            {f.clerk, f.operator, "\x89PNG"},
		"/programmes/" + programme + "/file":                {f.member, f.applicant, ""},
		"/publicities/" + string(f.Publicity) + "/handover": {f.auditor, f.member, "PK"},
	} {
		if a := tt.by.Get(at).Want(http.StatusOK); !strings.HasPrefix(a.Body, tt.begins) || len(a.Header.Get("ETag")) != 66 {
			t.Errorf("%s: %.20q %v", at, a.Body, a.Header)
		}
		tt.not.Get(at).Refused(http.StatusForbidden, "api.role")
	}
	other := f.Program(f.Applicants[0])
	other.Get("/designations/"+title+"/certificate").Refused(http.StatusNotFound, "thing.not_found")
	other.Get("/plaques/"+plaque+"/artwork").Refused(http.StatusNotFound, "thing.not_found")
	holder.Get("/plaques/"+plaque+"/artwork?as=svg").Refused(http.StatusUnprocessableEntity, "api.artwork.as")
	f.clerk.Get("/evidence/fil_0000000000000000/pages/one").Refused(http.StatusNotFound, "thing.not_found")
	f.nobody.Get("/stories/"+string(f.Told)+"/pictures/99").Refused(http.StatusNotFound, "thing.not_found")
	f.nobody.Get("/stories/"+string(f.Told)+"/choices/fil_0000000000000000").Refused(http.StatusUnauthorized, "api.token.missing")
	f.reads(f.clerk, "/stories/{id}/compare/{other}", "/stories/"+string(f.Told)+"/compare/"+string(f.Telling))
	f.member.Get("/stories/"+string(f.Told)+"/compare/"+string(f.Telling)).Refused(http.StatusForbidden, "api.role")

	if a := f.reads(f.nobody, "/guides", "/guides"); !strings.Contains(a.Body, programme) {
		t.Error(a.Body)
	}
	if a := f.reads(f.nobody, "/guides/{id}", "/guides/"+programme); !strings.Contains(a.Body, `"indicators":[`) {
		t.Errorf("%.200s", a.Body)
	}
	f.nobody.Get("/guides/none").Refused(http.StatusNotFound, "thing.not_found")
	f.nobody.Get("/guides/"+programme+"/forms/none.csv").Refused(http.StatusNotFound, "thing.not_found")

	if a := f.reads(f.member, "/ballots/{id}/file", "/ballots/"+string(f.Voting)+"/file"); !strings.Contains(a.Body, `"answers":{"`) || !strings.Contains(a.Body, `"review":{`) {
		t.Errorf("%.300s", a.Body)
	}
	f.applicant.Get("/ballots/"+string(f.Voting)+"/file").Refused(http.StatusForbidden, "api.role")
	f.Program(f.Team()[0]).Get("/ballots/"+string(f.Voting)+"/file").Refused(http.StatusForbidden, "api.role")
}

package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestSentAlong: whoever has the query code of an objection or of a report of misuse sends
// a file along with it and reads how the case stands, not what the office thinks of it;
// whoever knows who raised it reads the file, at its own case only; codes cannot be tried
// out.
func TestSentAlong(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.Reviewed(app)
	w.Visited(app)
	w.Decided(round, app)
	w.Publicised(app)
	objected, reported := w.Objected(app), w.MisuseReported(w.Designation())
	o := w.Office()
	director, chair, auditor := w.Program(o.Director), w.Program(o.Chair), w.Program(w.Person("审计员甲", stage.Auditor))
	stranger, nobody := w.Program(w.Applicant("别处", w.Organisation())), w.Program(stage.Anyone)
	clerk := w.Program(o.Clerk)
	director.Post("/misuses/"+string(reported.Report.ID)+"/assign", map[string]any{"handler": o.Clerk.Account}).Want(http.StatusOK)
	scan := play.PDF("年报", "2020年度。")
	for _, tt := range []struct {
		chapter, id, code, other string
		knows, not               *testkit.Program
	}{
		{"/objections", string(objected.Objection.ID), objected.Code, "/misuses/" + string(reported.Report.ID), director, clerk},
		{"/misuses", string(reported.Report.ID), reported.Code, "/objections/" + string(objected.Objection.ID), clerk, director},
	} {
		attach := func(p *testkit.Program, code, key string, b []byte) *testkit.Answer {
			return p.Do(http.MethodPost, "/api/v1"+tt.chapter+"/attach?name=%E5%B9%B4%E6%8A%A5.pdf", strings.NewReader(string(b)), "Idempotency-Key", key, "Shifan-Code", code)
		}
		key := tt.chapter[1:]
		w.Jump(w.Now().Add(2 * time.Hour)) // an address sends so many files and no more
		attach(nobody, "0000-0000-0000-0003", "a", scan).Refused(http.StatusUnprocessableEntity, "objection.code.unknown")
		attach(stranger, "", key+"a", scan).Refused(http.StatusUnprocessableEntity, "objection.code.unknown")
		attach(stranger, "0000-0000-0000-0000", key+"b", scan).Refused(http.StatusUnprocessableEntity, "objection.code.unknown")
		attach(stranger, tt.code, key+"c", []byte("<html>")).Refused(http.StatusUnprocessableEntity, "evidence.file.type")
		attach(stranger, tt.code, key+"d", scan).Want(http.StatusOK)
		attach(nobody, tt.code, "a", scan).Want(http.StatusNoContent) // the same file was sent before
		attach(stranger, "0000-0000-0000-0001", key+"d", scan).Refused(http.StatusUnprocessableEntity, "objection.code.unknown")
		var s struct {
			Label string
			Files []struct{ ID, SHA256 string }
			Acts  []string
		}
		a := stranger.Post(tt.chapter+"/query", map[string]any{"code": tt.code}).Want(http.StatusOK, &s)
		if err := j.holds("POST", tt.chapter+"/query", a); err != nil || len(s.Files) != 1 || s.Files[0].SHA256 != sumOf(scan) || !slices.Contains(s.Acts, "attach") {
			t.Fatalf("%s: %v %s", tt.chapter, err, a.Body)
		}
		at := tt.chapter + "/" + tt.id
		var d struct{ Files []struct{ ID string } }
		a = tt.knows.Get(at).Want(http.StatusOK, &d)
		if err := j.holds("GET", tt.chapter+"/{id}", a); err != nil || len(d.Files) != 1 {
			t.Fatalf("%s: %v %s", tt.chapter, err, a.Body)
		}
		file := "/files/" + d.Files[0].ID
		if a := tt.knows.Get(at + file).Want(http.StatusOK); a.Body != string(scan) || a.Header.Get("ETag") != `"`+sumOf(scan)+`"` || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%d bytes, %v", len(a.Body), a.Header)
		}
		tt.knows.Do(http.MethodGet, "/api/v1"+at+file, nil, "If-None-Match", `"`+sumOf(scan)+`"`).Want(http.StatusNotModified)
		tt.knows.Get(tt.other+file).Refused(http.StatusNotFound, "thing.not_found")
		auditor.Get(at+file).Refused(http.StatusForbidden, "api.role")
		tt.not.Get(at+file).Refused(http.StatusNotFound, "thing.not_found")
		for _, p := range []*testkit.Program{auditor, tt.not} {
			if a := p.Get(at); a.Status == http.StatusOK && !strings.Contains(a.Body, `"files":[]`) {
				t.Errorf("who does not know who raised it reads %s", a.Body)
			}
		}
	}
	chair.Post("/objections/withdraw", map[string]any{"code": objected.Code}).Want(http.StatusOK)
	var s struct{ Acts []string }
	if chair.Post("/objections/query", map[string]any{"code": objected.Code}).Want(http.StatusOK, &s); len(s.Acts) != 1 {
		t.Errorf("%+v", s)
	}
	for range 20 {
		chair.Post("/objections/query", map[string]any{"code": "0000-0000-0000-0002"})
	}
	chair.Post("/objections/query", map[string]any{"code": objected.Code}).Refused(http.StatusTooManyRequests, "api.rate")
	w.Jump(w.Now().Add(time.Hour))
	chair.Post("/objections/query", map[string]any{"code": objected.Code}).Want(http.StatusOK)
}

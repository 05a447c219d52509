package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// send posts the bytes of a file, as a program does.
func send(p *testkit.Program, path, key string, b []byte, query ...string) *testkit.Answer {
	q := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	return p.Do(http.MethodPost, "/api/v1"+path+"?"+q.Encode(), bytes.NewReader(b), "Idempotency-Key", key, "Content-Type", "application/octet-stream")
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// TestUploadEvidence: a file is uploaded under an indicator, is on the list of its
// application under it, and its bytes are read back; sent again under its key it is one
// file; nobody else's program uploads there, and what is no file is refused and leaves
// nothing behind.
func TestUploadEvidence(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	app := w.Drafted(w.OpenRound())
	p, other := w.Program(w.ApplicantOf(w.ApplicationOf(app).Organisation)), w.Program(w.Applicant("经办人乙", w.Organisation()))
	code, pdf := w.Programme().Indicators(2021)[0].Code, play.PDF("换届批复", "同意换届。")
	at := []string{"application", string(app), "indicator", code, "name", "换届批复.pdf"}
	type listed struct {
		Items []struct {
			ID, Name, Kind, SHA256 string
			Size                   int
			Under                  []string
		}
	}
	list := func() (l listed) {
		t.Helper()
		a := p.Get("/evidence?application="+string(app)).Want(http.StatusOK, &l)
		if err := j.holds("GET", "/evidence", a); err != nil {
			t.Error(err)
		}
		return l
	}
	before := len(list().Items)
	send(other, "/evidence", "a", pdf, at...).Refused(http.StatusNotFound, "thing.not_found")
	send(w.Program(w.Office().Clerk), "/evidence", "b", pdf, at...).Refused(http.StatusForbidden, "api.role")
	send(p, "/evidence", "c", []byte("MZ no file"), at...).Refused(http.StatusUnprocessableEntity, "evidence.file.type")
	send(p, "/evidence", "d", pdf, "application", string(app), "indicator", "no such", "name", "x.pdf").Refused(http.StatusUnprocessableEntity, "file.attach.indicator")
	if n := len(list().Items); n != before {
		t.Fatalf("%d files after refusals, %d before", n, before)
	}
	made := send(p, "/evidence", "e", pdf, at...).Want(http.StatusCreated)
	if again := send(p, "/evidence", "e", pdf, at...).Want(http.StatusCreated); again.Body != made.Body || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%s, then %s", made.Body, again.Body)
	}
	send(p, "/evidence", "e", play.PDF("另一份"), at...).Refused(http.StatusUnprocessableEntity, "once.other")
	where := strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
	all := list()
	i := slices.IndexFunc(all.Items, func(f struct {
		ID, Name, Kind, SHA256 string
		Size                   int
		Under                  []string
	},
	) bool {
		return "/evidence/"+f.ID == where
	})
	if i < 0 || len(all.Items) != before+1 {
		t.Fatalf("%s is not on the list, or something else is: %+v", where, all)
	}
	if f := all.Items[i]; f.Name != "换届批复.pdf" || f.Kind != "pdf" || f.Size != len(pdf) || f.SHA256 != sumOf(pdf) || !slices.Equal(f.Under, []string{code}) {
		t.Errorf("%+v", f)
	}
	if a := p.Get(where + "/content").Want(http.StatusOK); a.Body != string(pdf) || a.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%d bytes, %v", len(a.Body), a.Header)
	}
	other.Get(where+"/content").Refused(http.StatusNotFound, "thing.not_found")
	p.Post(where+"/remove", map[string]any{"application": app, "indicator": code}).Want(http.StatusOK)
	if n := len(list().Items); n != before {
		t.Errorf("%d files, want %d", n, before)
	}
}

// TestScanCountSheet: two scrutineers count alike by the API, one brings the scan of the
// sheet, the item names it, and whoever sees the meeting reads it.
func TestScanCountSheet(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	w.Reconfigure("ballot: named", "ballot: paper")
	in := w.OpenRound()
	key := w.Accepted(in)
	w.Reviewed(key)
	w.Visited(key)
	m, items := w.MeetingOn(in, key)
	w.Sitting(m)
	one, two := w.Program(w.Person("监票人甲", stage.Scrutineer)), w.Program(w.Person("监票人乙", stage.Scrutineer))
	chair, member := w.Program(w.Office().Chair), w.Program(w.Members()[0])
	at, scan := "/ballots/"+string(items[0]), play.Photo(1)
	chair.Post(at+"/open-vote", nil).Want(http.StatusOK)
	chair.Post(at+"/close-vote", nil).Want(http.StatusOK)
	send(one, at+"/sheet", "a", scan, "name", "计票单.png").Refused(http.StatusConflict, "countsheet.attach.differ")
	for _, p := range []*testkit.Program{one, two} {
		p.Post(at+"/count", map[string]any{"issued": 5, "collected": 5, "ayes": 5, "noes": 0, "abstentions": 0, "invalid": 0}).Want(http.StatusOK)
	}
	chair.Post(at+"/declare", map[string]any{}).Refused(http.StatusConflict, "countsheet.declare.missing")
	send(one, at+"/sheet", "b", []byte("<html>"), "name", "计票单.pdf").Want(http.StatusUnprocessableEntity)
	send(member, at+"/sheet", "c", scan, "name", "计票单.png").Refused(http.StatusForbidden, "api.role")
	send(one, at+"/sheet", "d", scan, "name", "计票单.png").Want(http.StatusOK)
	var b struct {
		Sheets []struct {
			ID, SHA256 string
			Holds      bool
		}
	}
	a := chair.Get(at).Want(http.StatusOK, &b)
	if err := j.holds("GET", "/ballots/{id}", a); err != nil || len(b.Sheets) != 1 || b.Sheets[0].SHA256 != sumOf(scan) || !b.Sheets[0].Holds {
		t.Fatalf("%v %s", err, a.Body)
	}
	sheet := at + "/sheets/" + b.Sheets[0].ID
	if a := one.Get(sheet).Want(http.StatusOK); a.Body != string(scan) || a.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%d bytes, %v", len(a.Body), a.Header)
	}
	member.Get(sheet).Want(http.StatusOK)
	w.Program(w.Team()[0]).Get(sheet).Refused(http.StatusForbidden, "api.role")
	chair.Post(at+"/declare", map[string]any{}).Want(http.StatusOK)
}

// TestScanRectification: the holder uploads what shows that an item is put right; the order
// names it, and it is taken away again.
func TestScanRectification(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	title := w.Designation()
	o := w.Office()
	chair, clerk := w.Program(o.Chair), w.Program(o.Clerk)
	var d struct{ Organisation string }
	clerk.Get("/designations/"+string(title)).Want(http.StatusOK, &d)
	made := chair.Post("/rectifications", map[string]any{"designation": title, "items": []string{"按期换届", "恢复活动场所"}}).Want(http.StatusCreated)
	at := strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
	clerk.Post(at+"/serve", map[string]any{"on": calendar.DateOf(w.Now())}, "If-Match", clerk.Get(at).Header.Get("ETag")).Want(http.StatusOK)
	var done struct{ Made string }
	holder, scan := w.Program(w.ApplicantOf(id.Organisation(d.Organisation))), play.PDF("同意换届")
	send(clerk, at+"/attach", "a", scan, "item", "1", "name", "换届批复.pdf").Refused(http.StatusForbidden, "api.role")
	send(holder, at+"/attach", "b", scan, "item", "3", "name", "换届批复.pdf").Refused(http.StatusUnprocessableEntity, "rectification.answer.item")
	send(holder, at+"/attach", "c", []byte("<html>"), "item", "1", "name", "换届批复.pdf").Refused(http.StatusUnprocessableEntity, "evidence.file.type")
	send(holder, at+"/attach", "d", scan, "item", "1", "name", "换届批复.pdf").Want(http.StatusOK, &done)
	var r struct {
		Items []struct{ Files []string }
	}
	if done.Made == "" {
		t.Error("the answer does not say which file it is")
	}
	a := clerk.Get(at).Want(http.StatusOK, &r)
	if err := j.holds("GET", "/rectifications/{id}", a); err != nil || len(r.Items[0].Files) != 1 || len(r.Items[1].Files) != 0 {
		t.Fatalf("%v %s", err, a.Body)
	}
	if a := clerk.Get("/evidence/" + r.Items[0].Files[0] + "/content").Want(http.StatusOK); a.Body != string(scan) {
		t.Errorf("%d bytes", len(a.Body))
	}
	holder.Post(at+"/detach", map[string]any{"item": 1, "file": r.Items[0].Files[0]}).Want(http.StatusOK)
	r.Items = nil
	if clerk.Get(at).Want(http.StatusOK, &r); len(r.Items[0].Files) != 0 {
		t.Errorf("%+v", r)
	}
}

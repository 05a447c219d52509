package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestPhotographsByPrograms: a holder's program brings a photograph, the office's shows it,
// and what is not a picture, or another's plaque, is refused.
func TestPhotographsByPrograms(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	q, other := w.PlaqueOf(w.Designation()), w.PlaqueOf(w.Designation())
	holder, clerk := w.Program(w.ApplicantOf(q.Organisation)), w.Program(w.Office().Clerk)
	at := "/plaques/" + string(q.ID)
	bring := func(p *testkit.Program, to, key, description string, b []byte) *testkit.Answer {
		return p.Do(http.MethodPost, "/api/v1"+to+"/photographs?name=door.png&description="+description, bytes.NewReader(b), "Idempotency-Key", key)
	}
	bring(holder, at, "a", "", play.Photo(1)).Refused(http.StatusUnprocessableEntity, "words.empty")
	bring(holder, at, "b", "plate", []byte("<html>")).Refused(http.StatusUnprocessableEntity, "evidence.file.type")
	bring(holder, "/plaques/"+string(other.ID), "c", "plate", play.Photo(1)).Refused(http.StatusNotFound, "thing.not_found")
	bring(w.Program(w.Office().Director), at, "d", "plate", play.Photo(1)).Refused(http.StatusForbidden, "api.role")
	bring(holder, at, "e", "plate", play.Photo(1)).Want(http.StatusOK)
	var v struct {
		Photographs []struct{ ID, State, Description, SHA256 string }
	}
	a := clerk.Get(at).Want(http.StatusOK, &v)
	if err := j.holds("GET", "/plaques/{id}", a); err != nil || len(v.Photographs) != 1 || v.Photographs[0].State != "offered" || v.Photographs[0].Description != "plate" {
		t.Fatalf("%v %s", err, a.Body)
	}
	one := at + "/photographs/" + v.Photographs[0].ID
	if a := clerk.Get(one).Want(http.StatusOK); a.Header.Get("Content-Type") != "image/jpeg" || sumOf([]byte(a.Body)) != v.Photographs[0].SHA256 {
		t.Errorf("%v", a.Header)
	}
	clerk.Get(strings.Replace(one, string(q.ID), string(other.ID), 1)).Refused(http.StatusNotFound, "thing.not_found")
	clerk.Post(one+"/decline", map[string]any{"reason": ""}).Refused(http.StatusUnprocessableEntity, "words.empty")
	clerk.Post(one+"/show", map[string]any{}).Want(http.StatusOK)
	holder.Post(one+"/take-back", map[string]any{}).Refused(http.StatusConflict, "stage.not_allowed")
	if p := w.Browser(stage.Anyone).Get("/v/" + q.Code); !strings.Contains(p.Body, "photograph.jpg") {
		t.Error("what the office showed by a program is not on the page")
	}
	holder.Post(one+"/remove", map[string]any{"reason": "有人入镜"}).Want(http.StatusOK)
	if p := w.Browser(stage.Anyone).Get("/v/" + q.Code); strings.Contains(p.Body, "photograph.jpg") {
		t.Error("what the holder took down is on the page")
	}
}

package api_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestElections: the making of the key of a secret ballot goes by programs as by pages,
// each with their own part and nobody with another's; what is not over is not there for
// the public.
func TestElections(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	o, round := w.Office(), w.OpenRound()
	on := calendar.DateOf(w.Now()).AddDays(10)
	var all []stage.Actor
	var keys []string
	for _, name := range []string{"监票人甲", "监票人乙", "监票人丙", "监督员丁"} {
		all = append(all, w.Person(name, stage.Scrutineer))
		keys = append(keys, string(all[len(all)-1].Account))
	}
	m, err := w.Desk.ConveneMeeting(t.Context(), o.Clerk, w.Programme().Name, meeting.Plan{
		Round: round, Title: "无记名表决会议", At: on.Start().Add(9 * time.Hour), Place: "三楼会议室", Presiding: o.Chair.Account, Ballot: "secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	at := "/meetings/" + string(m) + "/elections"
	clerk, chair, first, registrar := w.Program(o.Clerk), w.Program(o.Chair), w.Program(all[0]), w.Program(all[3])
	clerk.Post(at+"/appoint", map[string]any{"trustees": keys[:1], "registrar": keys[3]}).Want(http.StatusUnprocessableEntity)
	chair.Post(at+"/appoint", map[string]any{"trustees": keys[:3], "registrar": keys[3]}).Refused(http.StatusForbidden, "api.role")
	clerk.Post(at+"/appoint", map[string]any{"trustees": keys[:3], "registrar": keys[3]}).Want(http.StatusOK)
	var v struct {
		Phase     string
		Threshold int
		Trustees  []struct {
			Account string
			Owes    bool
		}
	}
	a := first.Get(at).Want(http.StatusOK, &v)
	if err := j.holds("GET", "/meetings/{id}/elections", a); err != nil || v.Phase != "certify" || v.Threshold != 2 || len(v.Trustees) != 3 || !v.Trustees[0].Owes {
		t.Errorf("%v %s", err, a.Body)
	}
	w.Program(w.ApplicantOf(w.Organisation())).Get(at).Refused(http.StatusForbidden, "api.role")
	first.Get("/meetings/mtg_0000000000000000/elections").Refused(http.StatusNotFound, "thing.not_found")
	first.Post(at+"/send", map[string]any{"act": "certify", "message": "{}"}).Want(http.StatusConflict)
	registrar.Post(at+"/send", map[string]any{"act": "certify", "message": "{}"}).Want(http.StatusConflict)
	clerk.Post(at+"/send", map[string]any{"act": "certify", "message": "{}"}).Refused(http.StatusForbidden, "api.role")
	registrar.Post(at+"/register", map[string]any{"credentials": map[string]any{"elc_0000000000000000": "x"}}).Want(http.StatusConflict)
	for _, act := range []string{"open", "close", "prepare", "spoil"} {
		clerk.Post(at+"/"+act, map[string]any{}).Refused(http.StatusForbidden, "api.role")
		if a := chair.Post(at+"/"+act, map[string]any{}); a.Status != http.StatusConflict && a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", act, a.Status, a.Body)
		}
	}
	clerk.Post(at+"/cancel", nil).Want(http.StatusOK)
	v.Trustees = nil
	if clerk.Get(at).Want(http.StatusOK, &v); len(v.Trustees) != 0 {
		t.Errorf("%+v", v)
	}
	nobody := w.Program(stage.Anyone)
	for _, path := range []string{"/elections/elc_0000000000000000", "/elections/elc_0000000000000000/archive"} {
		nobody.Get(path).Refused(http.StatusNotFound, "thing.not_found")
	}
	nobody.Post("/elections/elc_0000000000000000/cast", map[string]any{"ballot": "{}"}).Refused(http.StatusUnauthorized, "api.token.missing")
	chair.Post("/elections/elc_0000000000000000/cast", map[string]any{"ballot": "{}"}).Refused(http.StatusNotFound, "thing.not_found")
	first.Post("/elections/elc_0000000000000000/decrypt", map[string]any{"part": "{}"}).Refused(http.StatusNotFound, "thing.not_found")
}

// TestChecklist: what a team wrote on a device is brought by a program, each edit taken or
// refused for itself and once however often it is sent; photos too; another team's visit
// is not there.
func TestChecklist(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	app := w.Accepted(w.OpenRound())
	w.Reviewed(app)
	v, on := w.Visitable(app)
	w.At(on.String() + " 10:00:00")
	at, team := "/visits/"+string(v), w.Team()
	one, two, clerk, other := w.Program(team[0]), w.Program(team[1]), w.Program(w.Office().Clerk), w.Program(w.Person("考核员庚", stage.Assessor))
	code := w.Criteria(w.VisitOf(app).Round)[0].Code
	in := map[string]any{"sitting": 0, "device": "平板", "clock": w.Now(), "edits": []any{
		map[string]any{"id": "device-0001", "field": "records.interviews.people", "value": "12", "taken_at": w.Now()},
		map[string]any{"id": "device-0002", "field": "opinion", "value": "meets"},
		map[string]any{"id": "device-0003", "field": "marks." + code + ".rating", "value": "meets"},
	}}
	type told struct {
		Refused []struct{ Path, Detail string }
		Fields  []struct {
			Field, Owner string
			Heads        []struct{ Value, Who string }
		}
	}
	var first, again told
	a := one.Post(at+"/sync", in).Want(http.StatusOK, &first)
	if err := j.holds("POST", "/visits/{id}/sync", a); err != nil || len(first.Refused) != 1 || first.Refused[0].Path != "device-0002" || len(first.Fields) != 2 {
		t.Fatalf("%v %s", err, a.Body)
	}
	if one.Post(at+"/sync", in).Want(http.StatusOK, &again); len(again.Fields) != 2 || len(again.Fields[0].Heads) != 1 {
		t.Errorf("%+v", again)
	}
	personal := map[string]any{"sitting": 0, "edits": []any{map[string]any{"id": "device-0004", "field": "records.papers.text", "value": "13800138000"}}}
	if a := one.Post(at+"/sync", personal); a.Status != http.StatusOK || !strings.Contains(a.Body, "手机号") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	clerk.Post(at+"/sync", in).Refused(http.StatusForbidden, "api.role")
	other.Post(at+"/sync", in).Refused(http.StatusNotFound, "thing.not_found")
	other.Get(at+"/checklist").Refused(http.StatusNotFound, "thing.not_found")
	a = two.Get(at + "/checklist").Want(http.StatusOK)
	if err := j.holds("GET", "/visits/{id}/checklist", a); err != nil || !strings.Contains(a.Body, `"12"`) || strings.Contains(a.Body, `"marks.`) {
		t.Errorf("%v: the mark of another before one's own: %s", err, a.Body)
	}

	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	photo := func(p *testkit.Program, key, body string) *testkit.Answer {
		return p.Do(http.MethodPost, "/api/v1"+at+"/photos?id=device-p001&name=a.png&sitting=0&indicator="+code+"&taken_at=2021-07-20T10:00:00%2B08:00", strings.NewReader(body), "Idempotency-Key", key)
	}
	photo(one, "a", "no picture").Want(http.StatusUnprocessableEntity)
	photo(other, "b", b.String()).Refused(http.StatusNotFound, "thing.not_found")
	photo(one, "c", b.String()).Want(http.StatusOK)
	photo(one, "d", b.String()).Want(http.StatusNoContent) // the same again
	var list struct{ Photos []struct{ ID, File string } }
	if one.Get(at+"/checklist").Want(http.StatusOK, &list); len(list.Photos) != 1 || list.Photos[0].File == "" {
		t.Errorf("%+v", list)
	}
}

package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestFiling: anybody objects and reports misuse with no token: first it is looked at,
// which gives the code, then filed, once however often it is sent; nobody of another list
// is objected to, and an address files so many and no more. A clerk registers a letter.
func TestFiling(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.Reviewed(app)
	w.Visited(app)
	w.Decided(round, app)
	publicity := w.Publicised(app)
	nobody, applicant, clerk := w.Program(stage.Anyone), w.Program(w.Applicant("别处", w.Organisation())), w.Program(w.Office().Clerk)
	var listed struct{ Candidates []struct{ ID, Name string } }
	nobody.Get("/publicities/"+string(publicity)).Want(http.StatusOK, &listed)
	plaque := w.PlaqueOf(w.Designation()).Code
	for _, tt := range []struct {
		chapter, name string
		in, wrong     map[string]any
		wrongCode     string
		missing       map[string]any
	}{
		{
			"/objections", listed.Candidates[0].Name,
			map[string]any{"publicity": publicity, "candidate": listed.Candidates[0].ID, "text": "年报中的党员人数与实际不符。", "name": "周明", "contact": "办公电话"},
			map[string]any{"publicity": publicity, "candidate": "cnd_0000000000000000", "text": "不符。", "name": "周明"},
			"api.filing.candidate",
			map[string]any{"publicity": "pub_0000000000000000", "candidate": listed.Candidates[0].ID, "text": "不符。"},
		},
		{
			"/misuses", "",
			map[string]any{"plaque": plaque, "about": "profit", "place": "某路1号", "text": "门口挂着相同编号的牌匾。"},
			map[string]any{"plaque": plaque, "about": "nothing", "text": "一"},
			"misuse.file.about",
			map[string]any{"plaque": "0000", "about": "profit", "text": "一"},
		},
	} {
		nobody.Post(tt.chapter+"/check", tt.wrong).Refused(http.StatusUnprocessableEntity, tt.wrongCode)
		nobody.Post(tt.chapter+"/check", tt.missing).Refused(http.StatusNotFound, "thing.not_found")
		nobody.Post(tt.chapter, tt.in).Refused(http.StatusUnprocessableEntity, "api.filing.code")
		var c struct{ Code, Name string }
		a := nobody.Post(tt.chapter+"/check", tt.in).Want(http.StatusOK, &c)
		if err := j.holds("POST", tt.chapter+"/check", a); err != nil || c.Code == "" || tt.name != "" && c.Name != tt.name {
			t.Fatalf("%v %s", err, a.Body)
		}
		tt.in["code"] = c.Code
		first := nobody.Post(tt.chapter, tt.in, "Idempotency-Key", "once").Want(http.StatusOK)
		again := applicant.Post(tt.chapter, tt.in, "Idempotency-Key", "once").Want(http.StatusOK)
		if err := j.holds("POST", tt.chapter, first); err != nil || again.Body != first.Body || strings.Contains(first.Body, "周明") {
			t.Errorf("%v %s, then %s", err, first.Body, again.Body)
		}
		if a := nobody.Post(tt.chapter+"/query", map[string]any{"code": c.Code}).Want(http.StatusOK); !strings.Contains(a.Body, "label") {
			t.Error(a.Body)
		}
		nobody.Do(http.MethodPost, "/api/v1"+tt.chapter, strings.NewReader("{}")).Refused(http.StatusBadRequest, "api.key.missing")
	}
	letter := map[string]any{"publicity": publicity, "candidate": listed.Candidates[0].ID, "text": "来信反映场地借用。", "anonymous": true, "channel": "letter"}
	var c struct{ Code string }
	clerk.Post("/objections/check", letter).Want(http.StatusOK, &c)
	letter["code"] = c.Code
	applicant.Post("/objections", map[string]any{"publicity": publicity, "candidate": listed.Candidates[0].ID, "text": "另一件。", "anonymous": true, "channel": "letter", "code": "0000000000000009"}).Want(http.StatusOK) // as the public: by the web
	for i := 0; ; i++ {
		a := nobody.Post("/misuses", map[string]any{"plaque": plaque, "about": "profit", "place": "某路" + string(rune('a'+i)), "text": "看到的不同。" + string(rune('a'+i)), "code": "000000000000001" + string(rune('a'+i))})
		if a.Status == http.StatusTooManyRequests {
			a.Refused(http.StatusTooManyRequests, "api.rate")
			break
		}
		if a.Want(http.StatusOK); i > 10 {
			t.Fatal("an address files without end")
		}
	}
	clerk.Post("/objections", letter).Want(http.StatusOK) // an office registers what it gets
	report := map[string]any{"plaque": plaque, "about": "profit", "place": "某路", "text": "来电反映。", "channel": "phone"}
	clerk.Post("/misuses/check", report).Want(http.StatusOK, &c)
	report["code"] = c.Code
	clerk.Post("/misuses/register", report).Want(http.StatusOK)
	report["channel"] = "pigeon"
	report["code"] = "000000000000001z"
	clerk.Post("/misuses/register", report).Want(http.StatusUnprocessableEntity)
	w.Jump(w.Now().Add(time.Hour))
	if a := nobody.Post("/draws/verify", map[string]any{"document": "{}"}).Want(http.StatusOK); j.holds("POST", "/draws/verify", a) != nil || strings.Contains(a.Body, `"holds":true`) {
		t.Error(a.Body)
	}
}

package api_test

import (
	"archive/zip"
	"net/http"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestOwn: a program reads and sets what is its person's own, and nobody else's; it makes
// no token, and what it may tell only once it tells once.
func TestOwn(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	o := w.Office()
	first, second, other, reader := w.Program(o.Clerk), w.Program(o.Clerk), w.Program(o.Director), w.Program(o.Clerk, "read")
	var me struct {
		ID     string
		ActsIn struct{ Role string } `json:"acts_in"`
	}
	a := first.Get("/account").Want(http.StatusOK, &me)
	if err := j.holds("GET", "/account", a); err != nil || me.ID != string(o.Clerk.Account) || me.ActsIn.Role != "clerk" || strings.Contains(a.Body, "argon") {
		t.Errorf("%v %s", err, a.Body)
	}
	w.Program(stage.Anyone).Get("/account").Refused(http.StatusUnauthorized, "api.token.missing")
	mail := map[string]any{"address": "clerk@example.org", "mode": "daily", "quiet": map[string]any{"from": 22, "to": 7}}
	reader.Post("/account/mail", mail).Refused(http.StatusForbidden, "api.scope")
	first.Post("/account/mail", map[string]any{"address": "nowhere", "mode": "daily"}).Refused(http.StatusUnprocessableEntity, "mailbox.address")
	first.Post("/account/mail", mail).Want(http.StatusOK)
	var m struct{ Address, Wanted, Mode string }
	if a := first.Get("/account/mail").Want(http.StatusOK, &m); j.holds("GET", "/account/mail", a) != nil || m.Wanted != "clerk@example.org" || m.Address != "" || m.Mode != "daily" {
		t.Error(a.Body)
	}
	var tokens struct {
		Items []struct {
			ID   string
			This bool
		}
	}
	if a := first.Get("/account/tokens").Want(http.StatusOK, &tokens); j.holds("GET", "/account/tokens", a) != nil || len(tokens.Items) != 3 || strings.Contains(a.Body, "shf_") {
		t.Fatal(a.Body)
	}
	first.Post("/account/tokens", map[string]any{"name": "另一个"}).Refused(http.StatusMethodNotAllowed, "api.method")
	for _, k := range tokens.Items {
		other.Post("/account/tokens/"+k.ID+"/revoke", nil).Refused(http.StatusNotFound, "thing.not_found")
	}
	second.Get("/account/tokens").Want(http.StatusOK, &tokens)
	for _, k := range tokens.Items {
		if k.This {
			first.Post("/account/tokens/"+k.ID+"/revoke", nil).Want(http.StatusOK)
		}
	}
	second.Get("/account").Refused(http.StatusUnauthorized, "token.unknown")

	made := first.Post("/account/calendars", nil, "Idempotency-Key", "calendar").Want(http.StatusOK)
	at := made.Header.Get("Shifan-Calendar")
	if again := first.Post("/account/calendars", nil, "Idempotency-Key", "calendar").Want(http.StatusOK); at == "" || strings.Contains(made.Body, at) || again.Header.Get("Shifan-Calendar") != "" || again.Body != made.Body {
		t.Errorf("%q %s", at, again.Body)
	}
	w.Browser(stage.Anyone).Get(at).Want(200)
	var calendars struct{ Items []struct{ ID string } }
	if a := first.Get("/account/calendars").Want(http.StatusOK, &calendars); j.holds("GET", "/account/calendars", a) != nil || len(calendars.Items) != 1 {
		t.Fatal(a.Body)
	}
	end := "/account/calendars/" + calendars.Items[0].ID + "/end"
	other.Post(end, nil).Refused(http.StatusNotFound, "thing.not_found")
	first.Post(end, nil).Want(http.StatusOK)
	w.Browser(stage.Anyone).Get(at).Want(404)

	w.Submitted(w.OpenRound())
	if a := w.Program(o.Clerk).Get("/account/work").Want(http.StatusOK); j.holds("GET", "/account/work", a) != nil || !strings.Contains(a.Body, "受理") {
		t.Error(a.Body)
	}
	var log struct {
		Items []struct{ ID, Kind, State string }
	}
	operator := w.Program(w.Person("系统管理员甲", stage.Operator))
	if a := operator.Get("/deliveries").Want(http.StatusOK, &log); j.holds("GET", "/deliveries", a) != nil || len(log.Items) == 0 || strings.Contains(a.Body, "clerk@example.org") {
		t.Fatal(a.Body)
	}
	retry := "/deliveries/" + log.Items[0].ID + "/retry"
	w.Program(w.Team()[0]).Post(retry, nil).Refused(http.StatusForbidden, "api.role")
	w.Program(o.Director).Post(retry, nil).Refused(http.StatusNotFound, "thing.not_found") // a letter of no programme
	operator.Post(retry, nil).Want(http.StatusConflict)                                    // it waits: nothing failed
	operator.Post("/deliveries/dlv_0000000000000000/retry", nil).Refused(http.StatusNotFound, "thing.not_found")
}

// TestWebhooksAreMade: the secret of a program is told once, when it is added and when it
// is replaced; that of a robot is given and never told.
func TestWebhooksAreMade(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	name := w.Programme().Name
	director, clerk := w.Program(w.Office().Director), w.Program(w.Office().Clerk)
	in := map[string]any{"programme": name, "name": "汇总程序", "channel": "webhook", "address": "https://hooks.example.org/?token=abc", "kinds": []string{"accepted"}}
	clerk.Post("/webhooks", in).Refused(http.StatusForbidden, "api.role")
	director.Post("/webhooks", map[string]any{"programme": name, "name": "汇总程序", "channel": "webhook", "address": "http://127.0.0.1/", "kinds": []string{"accepted"}}).Want(http.StatusUnprocessableEntity)
	director.Post("/webhooks", map[string]any{"programme": "none", "name": "汇总程序", "channel": "webhook", "address": "https://example.org/", "kinds": []string{"accepted"}}).Want(http.StatusUnprocessableEntity)
	made := director.Post("/webhooks", in, "Idempotency-Key", "hook").Want(http.StatusCreated)
	secret := made.Header.Get("Shifan-Secret")
	again := director.Post("/webhooks", in, "Idempotency-Key", "hook").Want(http.StatusCreated)
	if !strings.HasPrefix(secret, "shw_") || strings.Contains(made.Body, secret) || again.Header.Get("Shifan-Secret") != "" || again.Body != made.Body {
		t.Errorf("%q %s", secret, again.Body)
	}
	at := strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
	clerk.Post(at+"/rotate", nil).Refused(http.StatusForbidden, "api.role")
	director.Post("/webhooks/hok_0000000000000000/rotate", nil).Refused(http.StatusNotFound, "thing.not_found")
	if next := director.Post(at+"/rotate", nil).Want(http.StatusOK).Header.Get("Shifan-Secret"); !strings.HasPrefix(next, "shw_") || next == secret {
		t.Errorf("%q after %q", next, secret)
	}
	robot := director.Post("/webhooks", map[string]any{"programme": name, "name": "群", "channel": "dingtalk", "address": "https://oapi.dingtalk.com/robot/send?access_token=x", "secret": "SECabc", "kinds": []string{"accepted"}}).Want(http.StatusCreated)
	if robot.Header.Get("Shifan-Secret") != "" {
		t.Error("the secret of a robot is told")
	}
}

// TestTemplates: the words of a programme are read by those who work in it, tried and
// changed by the director, under the version that was read.
func TestTemplates(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	all := "/programmes/" + string(w.Programme().Name) + "/templates"
	director, clerk, member := w.Program(w.Office().Director), w.Program(w.Office().Clerk), w.Program(w.Members()[0])
	if a := clerk.Get(all).Want(http.StatusOK); j.holds("GET", "/programmes/{id}/templates", a) != nil || !strings.Contains(a.Body, "命名通知") {
		t.Error(a.Body)
	}
	member.Get(all).Refused(http.StatusForbidden, "api.role")
	clerk.Get("/programmes/none/templates").Refused(http.StatusNotFound, "thing.not_found")
	at := all + "/documents/hearing"
	read := clerk.Get(at).Want(http.StatusOK)
	if err := j.holds("GET", "/programmes/{id}/templates/{list}/{kind}", read); err != nil {
		t.Error(err)
	}
	var was struct{ Text string }
	clerk.Get(at).Want(http.StatusOK, &was)
	in := map[string]any{"text": was.Text + "\n特此告知。"}
	var sample struct {
		Lines []string
		PDF   string
	}
	if a := director.Post(at+"/preview", in).Want(http.StatusOK, &sample); j.holds("POST", "/programmes/{id}/templates/{list}/{kind}/preview", a) != nil || !strings.HasPrefix(sample.PDF, "JVBERi") {
		t.Errorf("%.200s", a.Body)
	}
	director.Post(at+"/preview", map[string]any{"text": "{事时}"}).Want(http.StatusUnprocessableEntity)
	clerk.Post(at, in, "If-Match", read.Header.Get("ETag")).Refused(http.StatusForbidden, "api.role")
	director.Post(at, in).Refused(http.StatusPreconditionRequired, "api.match.missing")
	director.Post(at, in, "If-Match", read.Header.Get("ETag")).Want(http.StatusOK)
	if a := clerk.Get(at).Want(http.StatusOK); !strings.Contains(a.Body, `"own":true`) || a.Header.Get("ETag") == read.Header.Get("ETag") {
		t.Error(a.Body)
	}
	director.Post(at, map[string]any{"text": was.Text + "\n此件。"}, "If-Match", read.Header.Get("ETag")).Refused(http.StatusPreconditionFailed, "api.match.stale")
	director.Post(at+"/usual", nil, "If-Match", clerk.Get(at).Header.Get("ETag")).Want(http.StatusOK)
	if a := clerk.Get(at).Want(http.StatusOK); !strings.Contains(a.Body, `"own":false`) {
		t.Error(a.Body)
	}
}

// TestArchive: the director takes the package of a round that is concluded, as a ZIP; what
// is refused before is a problem like any other.
func TestArchive(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	at := "/rounds/" + string(w.OpenRound())
	w.Program(w.Office().Director).Post(at+"/archive", nil).Want(http.StatusConflict)
	w.At("2021-12-01")
	director, clerk := w.Program(w.Office().Director), w.Program(w.Office().Clerk)
	director.Post(at+"/conclude", nil).Want(http.StatusOK)
	clerk.Post(at+"/archive", nil).Refused(http.StatusForbidden, "api.role")
	director.Post("/rounds/rnd_0000000000000000/archive", nil).Refused(http.StatusNotFound, "thing.not_found")
	a := director.Post(at+"/archive", nil).Want(http.StatusOK)
	r, err := zip.NewReader(strings.NewReader(a.Body), int64(len(a.Body)))
	if err != nil || len(r.File) < 3 || a.Header.Get("Content-Type") != "application/zip" {
		t.Errorf("%v %v", err, a.Header)
	}
}

package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"shifan/internal/api"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestOnce: the same request under the same key acts once and is answered the same,
// byte by byte; another under it is refused; what was refused may be tried again; after
// its time a key is as good as new.
func TestOnce(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	o := w.Office()
	chair := w.Program(o.Chair)
	name := string(w.Programme().Name)
	at := "/programmes/" + name + "/"
	tag := func() string { return chair.Get("/programmes/" + name).Want(http.StatusOK).Header.Get("ETag") }
	first := tag()
	in := map[string]any{"document": "吉社联党发〔2026〕1号", "reason": "主办单位调整。"}

	chair.Post(at+"suspend", in, "Idempotency-Key", "").Refused(http.StatusBadRequest, "api.key.missing")
	chair.Post(at+"suspend", in, "Idempotency-Key", "a b").Refused(http.StatusBadRequest, "api.key.missing")
	chair.Post(at+"suspend", map[string]any{"document": "", "reason": ""}, "Idempotency-Key", "k1", "If-Match", first).Want(http.StatusUnprocessableEntity)
	done := chair.Post(at+"suspend", in, "Idempotency-Key", "k1", "If-Match", first).Want(http.StatusOK) // what was refused did not use the key up
	lines := len(entries(t, w))
	again := chair.Post(at+"suspend", in, "Idempotency-Key", "k1", "If-Match", first).Want(http.StatusOK)
	if again.Body != done.Body || again.Header.Get("Idempotency-Replayed") != "true" || done.Header.Get("Idempotency-Replayed") != "" {
		t.Errorf("answered %s, then %s (%v)", done.Body, again.Body, again.Header)
	}
	if now := len(entries(t, w)); now != lines || !strings.Contains(done.Body, `"act":"programme.suspend"`) {
		t.Errorf("%d entries, then %d: %s", lines, now, done.Body)
	}
	chair.Post(at+"suspend", map[string]any{"document": "别的", "reason": "别的"}, "Idempotency-Key", "k1", "If-Match", first).Refused(http.StatusUnprocessableEntity, "once.other")
	chair.Post(at+"resume", in, "Idempotency-Key", "k1", "If-Match", first).Refused(http.StatusUnprocessableEntity, "once.other")
	// Another person's key is another key, and the door beside knows what this one answered.
	w.Program(o.Director).Post("/rounds/rnd_0000000000000000/conclude", nil, "Idempotency-Key", "k1").Refused(http.StatusNotFound, "thing.not_found")

	// Versions: none, an old one, one that is none.
	chair.Post(at+"resume", in).Refused(http.StatusPreconditionRequired, "api.match.missing")
	chair.Post(at+"resume", in, "If-Match", first).Refused(http.StatusPreconditionFailed, "api.match.stale")
	chair.Post(at+"resume", in, "If-Match", "*").Refused(http.StatusBadRequest, "api.match.form")
	chair.Post(at+"resume", in, "Idempotency-Key", "k2", "If-Match", tag()).Want(http.StatusOK)

	w.Jump(w.Now().Add(casework.AnswerKept))
	chair.Post(at+"suspend", in, "Idempotency-Key", "k1", "If-Match", tag()).Want(http.StatusOK)
}

// TestOnceAtOnce: of many requests under one key one acts, and all are answered alike.
func TestOnceAtOnce(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	o := w.Office()
	name := string(w.Programme().Name)
	chair := w.Program(o.Chair)
	in := map[string]any{"document": "吉社联党发〔2026〕1号", "reason": "主办单位调整。"}
	tag := chair.Get("/programmes/" + name).Header.Get("ETag")
	before := len(entries(t, w))
	var all [8]*testkit.Answer
	var group sync.WaitGroup
	for i := range all {
		p := *chair // each counts its own keys
		group.Go(func() {
			all[i] = p.Post("/programmes/"+name+"/suspend", in, "Idempotency-Key", "same", "If-Match", tag)
		})
	}
	group.Wait()
	for _, a := range all {
		if a.Status != http.StatusOK || a.Body != all[0].Body {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	if n := len(entries(t, w)) - before; n != 1 {
		t.Errorf("%d entries, want one", n)
	}
}

// entries reads the record's lines about programmes.
func entries(t *testing.T, w *testkit.World) []casework.RecordLine {
	t.Helper()
	v, err := w.Desk.Record(t.Context(), stage.Actor{Role: stage.Auditor}, casework.RecordFilter{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return v.Lines
}

// TestBadInput: each is refused by a sentence that names what is wrong, and changes
// nothing.
func TestBadInput(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	clerk := w.Program(w.Office().Clerk)
	send := func(body string, headers ...string) *testkit.Answer {
		return clerk.Do(http.MethodPost, "/api/v1/organisations", strings.NewReader(body), append([]string{"Content-Type", "application/json", "Idempotency-Key", "k"}, headers...)...)
	}
	before := len(entries(t, w))
	for name, tt := range map[string]struct {
		got    *testkit.Answer
		status int
		code   string
		says   string
	}{
		"half a body":       {send(`{"name": "甲`), 400, "api.body.json", "第"},
		"two bodies":        {send(`{} {}`), 400, "api.body.rest", ""},
		"a form":            {send(`name=甲`, "Content-Type", "application/x-www-form-urlencoded"), 415, "api.body.type", ""},
		"too much":          {send(`{"name":"` + strings.Repeat("长", api.BodyMost/3) + `"}`), 413, "api.body.size", ""},
		"an unknown field":  {send(`{"nmae":"甲"}`), 422, "api.field.unknown", `"path":"nmae"`},
		"a number for text": {send(`{"name":3}`), 422, "api.field.type", `"path":"name"`},
		"a list":            {send(`[]`), 422, "api.field.type", "对象"},
		"no date":           {send(`{"name":"甲","registered_on":"2021-13-45"}`), 422, "", ""},
		"a control sign":    {send(`{"name":"甲\u0000乙"}`), 422, "api.field.signs", `"path":"name"`},
		"broken text":       {send("{\"name\":\"\xff\"}"), 422, "api.field.signs", ""},
		"a telephone":       {send(`{"name":"吉林省云杉协会","contact":"13800138000"}`), 422, "", "contact"},
		"a query":           {clerk.Post("/organisations?x=1", nil), 422, "api.field.unknown", `"path":"x"`},
		"unknown parameter": {clerk.Get("/organisations?nmae=x"), 422, "api.field.unknown", `"path":"nmae"`},
		"limit":             {clerk.Get("/organisations?limit=1000"), 422, "api.limit", "200"},
		"limit of letters":  {clerk.Get("/organisations?limit=x"), 422, "api.field.type", "limit"},
		"twice":             {clerk.Get("/organisations?q=a&q=b"), 422, "api.query.twice", "q"},
		"a broken address":  {clerk.Get("/organisations?q=%zz"), 422, "api.field.value", ""},
		"a wrong day":       {clerk.Get("/visits?from=gestern"), 422, "", "from"},
		"no such path":      {clerk.Get("/plaudits"), 404, "api.path", ""},
		"no such method":    {clerk.Do("DELETE", "/api/v1/rounds", nil), 405, "api.method", "POST"},
		"no bearer":         {clerk.Do("GET", "/api/v1/rounds", nil, "Authorization", "Basic YTpi"), 401, "api.token.form", ""},
		"a wrong token":     {clerk.Do("GET", "/api/v1/rounds", nil, "Authorization", "Bearer shf_x"), 401, "token.unknown", ""},
	} {
		if tt.code != "" {
			tt.got.Refused(tt.status, tt.code)
		} else {
			tt.got.Want(tt.status)
		}
		if !strings.Contains(tt.got.Body, tt.says) || !strings.Contains(tt.got.Body, `"detail":"`) {
			t.Errorf("%s: %s", name, tt.got.Body)
		}
	}
	if n := len(entries(t, w)); n != before {
		t.Errorf("%d entries more", n-before)
	}
	if !strings.Contains(clerk.Do("GET", "/api/v1/rounds", nil, "Authorization", "Bearer x").Header.Get("WWW-Authenticate"), "Bearer") {
		t.Error("it is not said how to authenticate")
	}
}

// TestRate: a token may make so many requests at once and no more; what is left is said,
// and after the time that is said the next may come. Another token is not slowed.
func TestRate(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	p, q := w.Program(w.Person("审核员02", stage.Clerk), "read"), w.Program(w.Person("审核员03", stage.Clerk), "read")
	for range api.TokenRate {
		p.Get("/rounds?limit=1").Want(http.StatusOK)
	}
	over := p.Get("/rounds").Refused(http.StatusTooManyRequests, "api.rate")
	if over.Header.Get("Retry-After") != "1" || over.Header.Get("RateLimit") != `"minute";r=0;t=60` || over.Header.Get("RateLimit-Policy") != `"minute";q=600;w=60` {
		t.Error(over.Header)
	}
	q.Get("/rounds").Want(http.StatusOK)
	w.Jump(w.Now().Add(time.Second))
	p.Get("/rounds").Want(http.StatusOK)
}

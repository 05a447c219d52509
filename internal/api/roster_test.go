package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestRoster: a list is brought in as a file, looked at, and applied as it was seen, all
// of it or with the wrong rows left out; another roster is discarded.
func TestRoster(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	o := w.Office()
	clerk, director := w.Program(o.Clerk), w.Program(o.Director)
	send := func(p *testkit.Program, key, text string, query ...string) *testkit.Answer {
		q := url.Values{"list": {"organisations"}, "name": {"名册.csv"}}
		for i := 0; i+1 < len(query); i += 2 {
			q.Set(query[i], query[i+1])
		}
		return p.Do(http.MethodPost, "/api/v1/rosters?"+q.Encode(), strings.NewReader(text), "Idempotency-Key", key)
	}
	const text = "代码,名称,成立日期,登记机关,备注\nx,吉林省坏会,2010-03-01,吉林省民政厅,\n51220000MJ0000018T,吉林省甲协会,2010-03-01,吉林省民政厅,\n"
	send(director, "a", text).Refused(http.StatusForbidden, "api.role")
	send(clerk, "b", "").Want(http.StatusUnprocessableEntity)
	send(clerk, "c", text, "list", "nothing").Refused(http.StatusUnprocessableEntity, "input.several")
	send(clerk, "d", text, "title", "110101199003070177").Want(http.StatusUnprocessableEntity)
	send(clerk, "e", strings.Repeat("x", 9<<20)).Refused(http.StatusUnprocessableEntity, "sheet.bytes")
	made := send(clerk, "f", text).Want(http.StatusCreated)
	if again := send(clerk, "f", text).Want(http.StatusCreated); again.Body != made.Body || again.Header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%s, then %s", made.Body, again.Body)
	}
	at := strings.TrimPrefix(made.Header.Get("Location"), "/api/v1")
	var r struct {
		State   string
		Tally   map[string]int
		Unknown []string `json:"unknown_columns"`
	}
	one := clerk.Get(at).Want(http.StatusOK, &r)
	if err := j.holds("GET", "/rosters/{id}", one); err != nil || r.Tally["added"] != 1 || r.Tally["wrong"] != 1 || len(r.Unknown) != 1 {
		t.Fatalf("%v %s", err, one.Body)
	}
	var page struct {
		Items []struct {
			Line     int
			Problems []struct{ Say string }
		}
		Next string
	}
	lines := clerk.Get(at+"/rows?limit=1").Want(http.StatusOK, &page)
	if err := j.holds("GET", "/rosters/{id}/rows", lines); err != nil || len(page.Items) != 1 || page.Items[0].Line != 2 || len(page.Items[0].Problems) == 0 || page.Next == "" {
		t.Errorf("%v %s", err, lines.Body)
	}
	if a := clerk.Get(strings.TrimPrefix(page.Next, "/api/v1")).Want(http.StatusOK); !strings.Contains(a.Body, "吉林省甲协会") || strings.Contains(a.Body, `"next"`) {
		t.Error(a.Body)
	}
	if clerk.Get(at+"/rows?result=wrong").Want(http.StatusOK, &page); len(page.Items) != 1 {
		t.Errorf("%+v", page)
	}
	tag := one.Header.Get("ETag")
	clerk.Post(at+"/apply", map[string]any{"seen": r.Tally}, "If-Match", tag).Refused(http.StatusConflict, "roster.apply.wrong")
	clerk.Post(at+"/apply", map[string]any{"skip": true}, "If-Match", tag).Want(http.StatusPreconditionFailed)
	clerk.Post(at+"/apply", map[string]any{"seen": r.Tally, "skip": true}, "If-Match", tag).Want(http.StatusOK)
	if a := director.Get("/organisations?q=" + url.QueryEscape("甲协会")).Want(http.StatusOK); !strings.Contains(a.Body, "吉林省甲协会") {
		t.Error(a.Body)
	}
	other := strings.TrimPrefix(send(clerk, "g", text).Want(http.StatusCreated).Header.Get("Location"), "/api/v1")
	clerk.Post(other+"/discard", nil, "If-Match", `"1"`).Want(http.StatusOK)
	if err := j.holds("GET", "/rosters", director.Get("/rosters").Want(http.StatusOK)); err != nil {
		t.Error(err)
	}
}

// TestPool: the office reads who may be drawn and says who takes no part.
func TestPool(t *testing.T) {
	t.Parallel()
	w, j := testkit.New(t), newJudge(t)
	who := w.Person("考核员丁", stage.Assessor)
	p, clerk, director := w.Programme(), w.Program(w.Office().Clerk), w.Program(w.Office().Director)
	place := map[string]any{"programme": p.Name, "account": who.Account, "stratum": draw.Out}
	director.Post("/draws/pool", place).Refused(http.StatusForbidden, "api.role")
	clerk.Post("/draws/pool", map[string]any{"programme": p.Name, "account": "acc_0000000000000000", "stratum": draw.Out}).Refused(http.StatusConflict, "pool.place.assessor")
	clerk.Post("/draws/pool", place).Want(http.StatusOK)
	a := director.Get("/draws/pool").Want(http.StatusOK)
	if err := j.holds("GET", "/draws/pool", a); err != nil || !strings.Contains(a.Body, `"name":"考核员丁","stratum":"-"`) {
		t.Errorf("%v %s", err, a.Body)
	}
}

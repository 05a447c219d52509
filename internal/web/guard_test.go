package web_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

// send sends a request by hand.
func send(t *testing.T, w *testkit.World, b *testkit.Browser, method, path, body string, headers ...string) *testkit.Page {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.Server()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.Do(r)
}

func TestHeadersOnEveryAnswer(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	b, clerk := w.Browser(stage.Anyone), w.Browser(w.Person("审核员02", stage.Clerk))
	css := b.Get("/").Body
	css = css[strings.Index(css, "/static/shifan"):]
	css = css[:strings.Index(css, `"`)]
	for name, p := range map[string]*testkit.Page{
		"page": b.Get("/").Want(200), "not found": b.Get("/no/such").Want(404), "login": b.Get("/work").Want(303),
		"signed in": clerk.Get("/work").Want(200), "forbidden": clerk.Get("/accounts").Want(403),
		"file": b.Get(css).Want(200), "icon": b.Get("/favicon.ico").Want(200), "no such file": b.Get("/static/x.css").Want(404),
		"listing": b.Get("/static/").Want(404), "method": send(t, w, b, "DELETE", "/work", "").Want(405),
		"trace": send(t, w, b, "TRACE", "/", "").Want(405), "debug": b.Get("/debug/pprof/").Want(404),
		"cross-site": send(t, w, b, "POST", "/login", "", "Sec-Fetch-Site", "cross-site").Want(403),
	} {
		h := p.Header
		for key, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "same-origin",
		} {
			if h.Get(key) != want {
				t.Errorf("%s: %s is %q", name, key, h.Get(key))
			}
		}
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy has no %s", name, want)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", name, policy)
		}
	}
	if got := clerk.Get("/work").Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page of somebody signed in may be kept: %q", got)
	}
	if got := b.Get(css).Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("the stylesheet is fetched anew each time: %q", got)
	}
}

// TestCookieFlags: over https the prefix that binds them to the host.
func TestCookieFlags(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	joined(w, "clerk", grantOf(stage.Clerk))
	h := web.New(w.Desk, web.Options{BaseURL: "https://example.test", Log: slog.New(slog.DiscardHandler)})
	rec := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "https://example.test/login", strings.NewReader("login=clerk&password="+strings.ReplaceAll(goodPassword, " ", "+")))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.ServeHTTP(rec, r)
	if rec.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over https")
	}
	got := 0
	for _, c := range rec.Result().Cookies() {
		got++
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			t.Errorf("cookie %+v", c)
		}
	}
	if got != 2 {
		t.Errorf("%d cookies, want the session's and the browser's", got)
	}
}

// TestCrossSite: a form of another site is refused before anything is read, by
// either header, and changes nothing; one with neither is no browser's.
func TestCrossSite(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	who := w.Person("审核员02", stage.Clerk)
	op := w.Browser(w.Person("系统管理员01", stage.Operator))
	path := "/accounts/" + string(who.Account) + "/disable"
	send(t, w, op, "POST", path, "", "Sec-Fetch-Site", "cross-site").Want(403, "来自别的网站")
	send(t, w, op, "POST", path, "", "Sec-Fetch-Site", "same-site").Want(403)
	send(t, w, op, "POST", path, "", "Origin", "https://elsewhere.test").Want(403)
	op.Get("/accounts/"+string(who.Account)).Want(200, "待开通")
	op.Get(path).Want(405) // nothing changes by GET
	op.Post(path).Want(303)
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	op := w.Browser(w.Person("系统管理员01", stage.Operator))
	op.Post("/accounts/new", "login", "nul", "name", "甲\x00乙", "role1", "clerk").Want(422, "无法保存的字符")
	p := op.Post("/accounts/new", "login", "nul", "name", "甲\xff乙", "role1", "clerk").Want(422, "无法保存的字符")
	if !strings.Contains(p.Body, `value="nul"`) || !strings.Contains(p.Body, `<option value="clerk" selected>`) {
		t.Error("what was typed is not kept")
	}
	op.Post("/accounts/new", "login", "big", "name", strings.Repeat("长", 10<<20/3), "role1", "clerk").Want(422, "最多1 MB")
	op.Post("/accounts/new", "login", "ｆｕｌｌ０１", "name", "𠮷一 <script>alert(1)</script>", "role1", "clerk").Want(200, "𠮷一", "full01")
	send(t, w, op, "POST", "/accounts/new", "login=%zz").Want(422, "不完整")
	send(t, w, op, "POST", "/accounts/new?login=a", "login=b1&login=b2&name=n&role1=clerk").Want(200, "b1")
}

func TestLargeType(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	b := w.Browser(stage.Anyone)
	p := b.Get("/guide?size=large&x=1").Want(303)
	if p.Location != "/guide?x=1" {
		t.Errorf("comes back to %q", p.Location)
	}
	if p := b.Follow(p).Want(200, "标准版"); !strings.Contains(p.Body, `data-size="large"`) {
		t.Error("the choice is not kept")
	}
	b.Follow(b.Get("/guide?size=normal")).Want(200, "大字版")
}

func TestOpenRedirect(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/work": "/work", "/accounts?q=a%20b": "/accounts?q=a%20b", "": "/", "//evil.test": "/", "https://evil.test/": "/", "/\\evil.test": "/",
		"javascript:alert(1)": "/", "/%0d%0aSet-Cookie:x": "/%0d%0aSet-Cookie:x", "/a\r\nb": "/", "evil.test": "/", "/\t/evil.test": "/",
	} {
		if got := web.Local(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

// TestLastResort: a panic and an error while a page is drawn are a page with a
// number, which the log has too; the next request is served.
func TestLastResort(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	for name, trouble := range map[string]error{"panic": nil, "error": errors.New("secret detail of the database")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			bad := true
			h := web.New(w.Desk, web.Options{Log: slog.New(slog.NewTextHandler(&log, nil)), Demo: trap{func() error {
				if bad && trouble == nil {
					panic("secret detail")
				}
				if bad {
					return trouble
				}
				return nil
			}}})
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/demo", nil))
			body := rec.Body.String()
			at := strings.Index(body, "出错了，编号")
			if rec.Code != 500 || at < 0 || strings.Contains(body, "secret") {
				t.Fatalf("%d %s", rec.Code, body)
			}
			number := body[at+len("出错了，编号") : at+len("出错了，编号")+4]
			if !strings.Contains(log.String(), number) || !strings.Contains(log.String(), "secret detail") {
				t.Errorf("the log does not know %s: %s", number, log.String())
			}
			bad = false
			rec = httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/demo", nil))
			if rec.Code != 200 {
				t.Errorf("the next request: %d", rec.Code)
			}
		})
	}
}

// trap is a demonstration that fails.
type trap struct{ do func() error }

func (t trap) Roles() []casework.DemoRole { return nil }

func (t trap) Scenes() []casework.DemoScene { return nil }

func (t trap) Play(context.Context, string) (string, error) { return "", nil }
func (t trap) Jumps(context.Context) ([]casework.Milestone, error) {
	return nil, t.do()
}
func (t trap) MoveTo(context.Context, time.Time) error { return nil }

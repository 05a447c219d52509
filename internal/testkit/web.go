package testkit

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit/htmlcheck"
)

// Doors makes what a world's server serves. The tests of a door set it; the kit itself
// does without doors, so that the tests of what is below them compile without pages.
var Doors func(*casework.Desk, *slog.Logger) http.Handler

// Browser is somebody's browser on the world's own server. Every page it gets
// is checked by htmlcheck.Page.
type Browser struct {
	Token string // shown where the API is asked; "": none

	w      *World
	client *http.Client
	base   string
}

// Page is an answer as a browser sees it.
type Page struct {
	Status   int
	Location string // where a redirect leads
	Header   http.Header
	Body     string
	w        *World
}

// Server returns the address of the world's server, which starts with the first
// browser.
func (w *World) Server() string {
	if w.server == nil {
		log := slog.New(slog.NewTextHandler(&w.log, nil))
		w.server = httptest.NewServer(Doors(w.Desk, log))
		w.Cleanup(func() {
			w.server.Close()
			w.discreet()
		})
	}
	return w.server.URL
}

// Logged returns what the world's server has logged so far.
func (w *World) Logged() string { return w.log.text() }

// Troubles returns what the world's server has logged of errors of ours so far.
func (w *World) Troubles() string {
	var errors strings.Builder
	for line := range strings.Lines(w.Logged()) {
		if strings.Contains(line, " level=ERROR ") {
			errors.WriteString(line)
		}
	}
	return errors.String()
}

// discreet looks whether the log names a person: operators read it who may know nobody.
func (w *World) discreet() {
	for _, name := range w.named {
		if strings.Contains(w.Logged(), name) {
			w.Errorf("the log names %s: %s", name, w.Logged())
		}
	}
}

// logged keeps what several write to a log.
type logged struct {
	one sync.Mutex
	all strings.Builder
}

// Write implements io.Writer.
func (l *logged) Write(p []byte) (int, error) {
	l.one.Lock()
	defer l.one.Unlock()
	return l.all.Write(p)
}

func (l *logged) text() string {
	l.one.Lock()
	defer l.one.Unlock()
	return l.all.String()
}

// Browser opens a browser signed in as an actor: one that Person returned, or
// stage.Anyone for a visitor. It does not follow redirects; Follow does.
func (w *World) Browser(by stage.Actor) *Browser {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	b := &Browser{w: w, base: w.Server(), client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if by.Account == "" {
		return b
	}
	b.SetCookie("session", w.Session(by))
	return b
}

// Session signs an actor in and returns the session's cookie.
func (w *World) Session(by stage.Actor) string {
	w.Helper()
	cookie, err := w.Desk.OpenSession(w.Context(), by.Account, casework.Grant{Role: by.Role, Programme: by.Programme, Organisation: by.Organisation})
	if err != nil {
		w.Fatal(err)
	}
	return cookie
}

// Visit makes the browser ask for a host by name. No two worlds share an address, and what
// a page draws of its own would tell them apart.
func (b *Browser) Visit(host string) { b.client.Transport = named(host) }

// named sends requests to where they go, under another name of the host.
type named string

// RoundTrip implements http.RoundTripper.
func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = string(n)
	return http.DefaultTransport.RoundTrip(r)
}

// SetCookie puts a cookie into the browser.
func (b *Browser) SetCookie(name, value string) {
	u, err := url.Parse(b.base)
	if err != nil {
		b.w.Fatal(err)
	}
	b.client.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// Cookie returns the value of one of the browser's cookies, or "".
func (b *Browser) Cookie(name string) string {
	u, err := url.Parse(b.base)
	if err != nil {
		b.w.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// Get opens a page.
func (b *Browser) Get(path string) *Page {
	b.w.Helper()
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodGet, b.base+path, nil)
	if err != nil {
		b.w.Fatal(err)
	}
	return b.Do(r)
}

// Post sends a form: pairs of names and values.
func (b *Browser) Post(path string, pairs ...string) *Page {
	b.w.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodPost, b.base+path, strings.NewReader(v.Encode()))
	if err != nil {
		b.w.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// Ask sends a request of any method without a body.
func (b *Browser) Ask(method, path string) *Page {
	b.w.Helper()
	r, err := http.NewRequestWithContext(b.w.Context(), method, b.base+path, nil)
	if err != nil {
		b.w.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// Do sends a request and checks the page that comes back.
func (b *Browser) Do(r *http.Request) *Page {
	b.w.Helper()
	if b.Token != "" && strings.HasPrefix(r.URL.Path, "/api/") {
		r.Header.Set("Authorization", "Bearer "+b.Token)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.w.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.w.Fatal(err)
	}
	p := &Page{Status: res.StatusCode, Location: res.Header.Get("Location"), Header: res.Header, Body: string(body), w: b.w}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && p.Location == "" && r.Method != http.MethodHead {
		if err := htmlcheck.Parse(p.Body, htmlcheck.Page); err != nil {
			b.w.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
		}
		b.w.keep(p)
	}
	return p
}

// keep leaves a page in the folder that SHIFAN_KEEP names, for eyes and for the browser
// journeys: <test>-<number>.html.
func (w *World) keep(p *Page) {
	dir := os.Getenv("SHIFAN_KEEP")
	if dir == "" {
		return
	}
	name := fmt.Sprintf("%s-%03d.html", strings.ReplaceAll(w.Name(), "/", "-"), w.kept.Add(1))
	if err := os.WriteFile(filepath.Join(dir, name), []byte(p.Body), 0o600); err != nil {
		w.Error(err)
	}
}

// Follow opens the page that a redirect leads to.
func (b *Browser) Follow(p *Page) *Page {
	b.w.Helper()
	if p.Location == "" {
		b.w.Fatalf("no redirect but %d: %s", p.Status, p.Words())
	}
	return b.Get(strings.TrimPrefix(p.Location, b.base))
}

// Want fails the test unless the page has the status and says all the words.
func (p *Page) Want(status int, words ...string) *Page {
	p.w.Helper()
	if p.Status != status {
		p.w.Errorf("status %d, want %d: %s", p.Status, status, p.Words())
	}
	for _, s := range words {
		if err := htmlcheck.Parse(p.Body, htmlcheck.Says(s)); err != nil {
			p.w.Errorf("%v; it says: %s", err, p.Words())
		}
	}
	return p
}

// Words returns the text of the page's main part, for messages of tests.
func (p *Page) Words() string { return htmlcheck.Main(p.Body) }

// Refused fails the test unless err is the refusal with the given code.
func (w *World) Refused(err error, code string) {
	w.Helper()
	if fault.CodeOf(err) != code {
		w.Errorf("got %v, want the refusal %s", err, code)
	}
}

// Grant gives an account one more role, for tests of people with two.
func (w *World) Grant(by stage.Actor, role stage.Role) stage.Actor {
	w.Helper()
	a, err := w.Desk.Account(w.Context(), TheOperator, by.Account)
	if err != nil {
		w.Fatal(err)
	}
	g := casework.Grant{Role: role, Programme: by.Programme}
	if err := w.Desk.GrantAccount(w.Context(), TheOperator, a.ID, append(a.Grants, g), a.Version); err != nil {
		w.Fatal(err)
	}
	return (&store.Account{ID: a.ID}).Actor(g)
}

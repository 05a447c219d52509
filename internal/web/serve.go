package web

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

var (
	errRole = fault.Define(fault.Forbidden, "web.role",
		"这一页不对%s开放。有其他角色的，可以切换角色后再打开。", "制度:按岗授权")
	errCrossSite = fault.Define(fault.Forbidden, "web.cross_site",
		"这次提交来自别的网站，没有受理。请从本平台的页面提交。", "")
	errMethod = fault.Define(fault.NotFound, "web.method",
		"这个网址不能这样打开。请从页面上的按钮办理。", "")
)

// dispatch finds the route. What no route serves gets our own pages.
func (s *Site) dispatch(w http.ResponseWriter, r *http.Request) {
	if f, ok := s.files[r.URL.Path]; ok && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		f.serve(w, r)
		return
	}
	if s.recall(w, r) {
		return
	}
	h, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	seen := unsent{header: http.Header{}}
	h.ServeHTTP(&seen, r)
	req := s.request(w, r, route{allow: []stage.Role{stage.Public}})
	if seen.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", seen.header.Get("Allow"))
		req.status = http.StatusMethodNotAllowed
		s.fail(w, req, errMethod.New())
		return
	}
	s.fail(w, req, fault.Missing())
}

// unsent is a response that nobody gets: it tells what the mux would have said.
type unsent struct {
	header http.Header
	status int
}

// Header implements http.ResponseWriter.
func (a *unsent) Header() http.Header { return a.header }

// Write implements http.ResponseWriter.
func (a *unsent) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter.
func (a *unsent) WriteHeader(status int) { a.status = status }

// handler is the life of one request: who is it, may they, do it, and what to
// show when it fails.
func (s *Site) handler(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		if size := hr.URL.Query().Get("size"); size != "" && hr.Method == http.MethodGet {
			s.resize(w, hr, size)
			return
		}
		if key, ok := s.visitor(hr); ok && rt.kept {
			s.remember(w, hr, key, func(w http.ResponseWriter, hr *http.Request) { s.answer(w, hr, rt) })
			return
		}
		s.answer(w, hr, rt)
	})
}

// answer finds out who asks, and whether they may.
func (s *Site) answer(w http.ResponseWriter, hr *http.Request, rt route) {
	r := s.request(w, hr, rt)
	if !rt.lets(r.Actor.Role) {
		if r.Signed == nil {
			if r.script() {
				s.refuse(w, http.StatusUnauthorized, errSession.New(), errSession.New().Say)
				return
			}
			s.askLogin(w, r)
			return
		}
		s.fail(w, r, errRole.New(r.Actor.Role.Word()))
		return
	}
	if s.resumes(w, r, rt) {
		return
	}
	if err := s.serve(w, r, rt); err != nil {
		s.fail(w, r, err)
	}
}

// serve does what a route does. An act whose form is known shows the form again
// when it is refused.
func (s *Site) serve(w http.ResponseWriter, r *request, rt route) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return rt.serve(w, r)
	}
	var err error
	if rt.streams {
		r.PostForm = url.Values{}
	} else {
		err = r.readForm(w, rt.most)
	}
	if err == nil {
		err = rt.serve(w, r)
	}
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || rt.form == nil || r.script() || r.PostForm == nil || !slices.Contains([]fault.Kind{fault.Invalid, fault.Refused, fault.Conflict}, f.Kind) {
		return err
	}
	r.form, r.status = page.Form{Values: r.PostForm, Fault: f}, door.Status(f.Kind)
	if err = rt.form(w, r); err != nil {
		r.status = 0 // the page that could not be shown has a status of its own
	}
	return err
}

// request finds out who asks.
func (s *Site) request(w http.ResponseWriter, hr *http.Request, rt route) *request {
	r := &request{Request: hr, Actor: stage.Anyone, open: slices.Contains(rt.allow, stage.Public)}
	r.large = s.cookie(hr, "size") == "large"
	if hr.Method == http.MethodGet {
		r.flash = s.takeFlash(w, hr)
	}
	cookie := s.cookie(hr, "session")
	if cookie == "" {
		return r
	}
	who, renewed, err := s.desk.SignedIn(hr.Context(), cookie)
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			s.log.Error("session", "error", err)
		}
		return r
	}
	if renewed != "" {
		s.setCookie(w, "session", renewed, 0)
	}
	r.Signed = &who
	if actor := who.Actor(); !r.open || slices.Contains(rt.allow, actor.Role) {
		r.Actor = actor
	}
	return r
}

// render draws a page completely before it sends a byte of it, so that a page
// that fails while it is drawn is an error page and not half a page.
func (s *Site) render(w http.ResponseWriter, r *request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return fmt.Errorf("draw %s: %w", r.URL.Path, err)
	}
	if r.form.Unlink(b.Bytes()) {
		b.Reset()
		if err := c.Render(r.Context(), &b); err != nil {
			return fmt.Errorf("draw %s again: %w", r.URL.Path, err)
		}
	}
	if r.status != 0 {
		status = r.status
	}
	text := b.Bytes()
	if r.form.Resumed { // the address is that of the login; the form is sent to its own
		own := []byte(`<form method="post" action="` + html.EscapeString(r.URL.RequestURI()) + `" novalidate`)
		text = bytes.ReplaceAll(text, []byte(`<form method="post" novalidate`), own)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Signed == nil && status == http.StatusOK && r.Method != http.MethodPost { // an answer to a form may hold a query code
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	_, err := w.Write(text)
	if err != nil {
		s.log.Info("the reader went away", "path", door.Path(r.Request), "error", err)
	}
	return nil
}

// titles of error pages.
var titles = map[fault.Kind]string{
	fault.Invalid: "需要修改", fault.Forbidden: "不能打开", fault.NotFound: "没有找到", fault.Conflict: "没有保存",
	fault.Refused: "现在不能办理", fault.TooMany: "请稍后再试", fault.Unavailable: "暂时不能办理", fault.Internal: "出错了",
}

// explain finds the words for what went wrong. Errors that are no faults are ours:
// they are logged under a number, and the reader is told nothing but the number.
func (s *Site) explain(r *request, err error) (f *fault.Fault, t page.Trouble) {
	f, ok := errors.AsType[*fault.Fault](err)
	kind := fault.KindOf(err)
	t.Title = titles[kind]
	switch {
	case ok && kind != fault.Internal:
		t.Say, t.Basis = f.Say, f.Basis
	default:
		t.Code = door.Number(s.rand())
		t.Title += "，编号" + t.Code
		t.Say = "这是我们的问题，刚才的操作没有做成，已记录下来。请过一会儿再试。"
	}
	switch kind {
	case fault.Internal:
		s.log.Error("failed", "number", t.Code, "method", r.Method, "path", door.Path(r.Request), "error", err)
	case fault.Forbidden:
		s.log.Warn("forbidden", "security", true, "code", f.Code, "method", r.Method, "path", door.Path(r.Request), "account", r.Actor.Account, "role", r.Actor.Role)
	case fault.TooMany, fault.Refused:
		s.log.Info("refused", "code", f.Code, "path", door.Path(r.Request))
	case fault.Unavailable:
		s.log.Error("unavailable", "code", f.Code, "path", door.Path(r.Request), "error", err)
	default: // the reader mends what was typed, or sees that there is nothing
	}
	return f, t
}

// fail shows what went wrong.
func (s *Site) fail(w http.ResponseWriter, r *request, err error) {
	f, t := s.explain(r, err)
	kind := fault.KindOf(err)
	t.Back = back(r.Request)
	if r.script() {
		s.refuse(w, door.Status(kind), f, t.Say)
		return
	}
	// An error page tells nothing about the page it stands for: no crumbs, and
	// the same bar for a thing that is hidden and for one that does not exist.
	r.form, r.bare = page.Form{}, kind == fault.Internal
	frame := s.page(r, t.Title)
	frame.Crumbs = nil
	if kind == fault.NotFound {
		t.Back, frame.Resize = "", strings.Replace(resizeURL(&request{Request: &http.Request{URL: &url.URL{Path: "/"}, Method: http.MethodGet}, large: r.large}), "//", "/", 1)
	}
	if err := s.render(w, r, door.Status(kind), page.ErrorPage(frame, t)); err != nil {
		s.log.Error("error page", "error", err)
		http.Error(w, "出错了", http.StatusInternalServerError)
	}
}

// back returns the page of ours that the request came from.
func back(r *http.Request) string {
	u, err := url.Parse(r.Header.Get("Referer"))
	if err != nil || u.Host != r.Host || u.Path == r.URL.Path && r.Method == http.MethodGet {
		return ""
	}
	return local(u.Path)
}

// rescue is the last resort: a panic becomes the page 500, is logged with its
// stack, and the process lives on. Store.Change has rolled back by then.
func (s *Site) rescue(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.log.Error("panic", "what", p, "stack", string(debug.Stack()))
				s.fail(w, &request{Request: hr, Actor: stage.Anyone, open: true}, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(w, hr)
	})
}

// crossSite answers a form that another site sent.
func (s *Site) crossSite(w http.ResponseWriter, hr *http.Request) {
	s.fail(w, &request{Request: hr, Actor: stage.Anyone, open: true}, errCrossSite.New())
}

// resize keeps the choice of 大字版 and comes back to the page without it in
// the address.
func (s *Site) resize(w http.ResponseWriter, r *http.Request, size string) {
	if size == "large" {
		s.setCookie(w, "size", "large", 365*24*3600)
	} else {
		s.setCookie(w, "size", "", -1)
	}
	q := r.URL.Query()
	q.Del("size")
	to := strings.TrimSuffix(r.URL.EscapedPath()+"?"+q.Encode(), "?")
	http.Redirect(w, r, local(to), http.StatusSeeOther)
}

package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/web/page"
)

func (s *Site) accountRoutes() []route {
	return []route{
		{pattern: "GET /login", allow: everyone, serve: s.showLogin},
		{pattern: "POST /login", allow: everyone, serve: s.login, form: s.showLogin},
		{pattern: "POST /logout", allow: everyone, serve: s.logout},
		{pattern: "GET /invitations/{token}", allow: everyone, serve: s.showJoin},
		{pattern: "POST /invitations/{token}", allow: everyone, serve: s.join, form: s.showJoin},
		{pattern: "GET /account", allow: signedIn, serve: s.showAccount},
		{pattern: "POST /account/role", allow: signedIn, serve: s.actIn},
	}
}

var errSlow = fault.Define(fault.TooMany, "account.login.slow",
	"从这个网络登录失败的次数太多，请%d秒后再试。", "")

// askLogin sends a visitor to the login page. What was typed is not lost: an
// act that comes after the session ended brings its form along, and offers it
// again after the login.
func (s *Site) askLogin(w http.ResponseWriter, r *request) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r.Request, "/login?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	if err := r.readForm(w, 0); err != nil {
		s.fail(w, r, err)
		return
	}
	sealed, err := s.keep(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := page.LoginView{Next: r.URL.Path, Kept: sealed}
	r.open = true
	f := s.page(r, "登录")
	if err := s.render(w, r, http.StatusUnauthorized, page.Login(f, v)); err != nil {
		s.fail(w, r, err)
	}
}

func (s *Site) showLogin(w http.ResponseWriter, r *request) error {
	v := page.LoginView{Next: local(r.FormValue("next")), Kept: r.PostFormValue("kept")}
	return s.render(w, r, http.StatusOK, page.Login(s.page(r, "登录"), v))
}

// login checks a password. The answer to a wrong name and to a wrong password
// is the same, and takes as long.
func (s *Site) login(w http.ResponseWriter, r *request) error {
	from := door.Address(r.Request, s.options.Proxies)
	if wait := s.limit.Wait(from); wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		return errSlow.New(seconds)
	}
	cookie, known, err := s.desk.SignIn(r.Context(), r.FormValue("login"), r.FormValue("password"), s.cookie(r.Request, "browser"))
	if err != nil {
		if fault.KindOf(err) == fault.Invalid {
			s.limit.Fail(from)
		}
		return err
	}
	s.setCookie(w, "session", cookie, 0)
	s.setCookie(w, "browser", known, 180*24*3600)
	next := local(r.FormValue("next"))
	if next == "/" {
		next = "/work"
	}
	if r.FormValue("kept") == "" {
		return s.seeOther(w, r, next, "")
	}
	who, _, err := s.desk.SignedIn(r.Context(), cookie)
	if err != nil {
		return err
	}
	k, form := s.open(r.Context(), r.FormValue("kept"), who)
	if form == nil {
		return s.seeOther(w, r, next, "刚才填写的内容不是这个账号填的，没有带过来。")
	}
	s.resume(w, r, cookie, k, form)
	return nil
}

func (s *Site) logout(w http.ResponseWriter, r *request) error {
	if cookie := s.cookie(r.Request, "session"); cookie != "" {
		if err := s.desk.SignOut(r.Context(), cookie); err != nil {
			return err
		}
	}
	s.setCookie(w, "session", "", -1)
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return s.seeOther(w, r, "/login", "已退出登录。")
}

func (s *Site) showJoin(w http.ResponseWriter, r *request) error {
	a, err := s.desk.Invited(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Join(s.page(r, "设置密码"), page.JoinView{Login: a.Login, Name: a.Name, First: a.ID == ""}))
}

var errPasswordTwice = fault.Define(fault.Invalid, "account.join.twice",
	"两次输入的密码不一样，请重新输入。", "")

func (s *Site) join(w http.ResponseWriter, r *request) error {
	in := casework.NewAccount{Login: r.text("login"), Name: r.text("name"), Password: r.FormValue("password")}
	if in.Password != r.FormValue("password2") {
		return errPasswordTwice.At("password2")
	}
	if err := s.desk.Join(r.Context(), r.PathValue("token"), in); err != nil {
		return err
	}
	return s.seeOther(w, r, "/login", "密码已设置，现在可以登录。")
}

func (s *Site) showAccount(w http.ResponseWriter, r *request) error {
	places := casework.Places{}
	for _, g := range r.Signed.Account.Grants { // each grant sees its own organisation
		some, err := s.desk.PlacesOf(r.Context(), r.Signed.Account.Actor(g), g)
		if err != nil {
			return err
		}
		maps.Copy(places, some)
	}
	return s.render(w, r, http.StatusOK, page.Account(s.page(r, "我的账号"), *r.Signed, places))
}

// actIn switches to another role of the account.
func (s *Site) actIn(w http.ResponseWriter, r *request) error {
	n, err := r.number("grant")
	if err != nil {
		return err
	}
	grants := r.Signed.Account.Grants
	if n < 0 || n >= len(grants) {
		return fault.Missing()
	}
	cookie, err := s.desk.ActIn(r.Context(), s.cookie(r.Request, "session"), grants[n])
	if err != nil {
		return err
	}
	s.setCookie(w, "session", cookie, 0)
	return s.seeOther(w, r, "/work", fmt.Sprintf("现在以%s办理。", grants[n].Role.Word()))
}

package web

import (
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/personal"
	"shifan/internal/web/page"
)

// request is a request with who makes it. For routes open to the public the
// actor is the role signed in when the route names it, and Anyone otherwise.
type request struct {
	*http.Request
	Actor  stage.Actor
	Signed *casework.SignedIn // nil when nobody is signed in

	open   bool // the route names stage.Public
	large  bool // 大字版
	bare   bool // no banner: it may be what failed
	flash  string
	form   page.Form // what was typed, when the form comes back
	status int       // of a form that comes back; 0 otherwise
}

var (
	errSigns = fault.Define(fault.Invalid, "input.signs",
		"有无法保存的字符（例如从别处粘贴带来的控制符）。请删去后重新输入。", "")
	errSize = fault.Define(fault.Invalid, "input.size",
		"一次提交的内容太多，最多%d MB。请删减，或者分几次保存。", "")
	errBody = fault.Define(fault.Invalid, "input.body",
		"提交的内容不完整。请返回上一页，再提交一次。", "")
	errNumber = fault.Define(fault.Invalid, "input.number",
		"“%s”不是整数。只填数字，例如 12。", "")
)

// formMost is how much a form may send. Files have their own way.
const formMost = 1 << 20

// readForm parses what was sent and refuses what no field can hold: bytes that
// are no text, NUL and other control characters.
func (r *request) readForm(w http.ResponseWriter, most int64) error {
	if most == 0 {
		most = formMost
	}
	if r.URL.Path == "/login" {
		most = keptMost
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(formMost)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		if strings.Contains(err.Error(), "request body too large") {
			return errSize.New(most >> 20)
		}
		return errBody.New()
	}
	for name, values := range r.PostForm {
		for i, v := range values {
			v = strings.ReplaceAll(v, "\r\n", "\n")
			if !utf8.ValidString(v) || strings.ContainsFunc(v, control) {
				values[i] = strings.ToValidUTF8(strings.Map(dropControl, v), "�")
				return errSigns.At(name)
			}
			values[i] = v
		}
	}
	return nil
}

func control(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f }

func dropControl(r rune) rune {
	if control(r) {
		return -1
	}
	return r
}

// text returns a field without blanks around it.
func (r *request) text(name string) string { return strings.TrimSpace(r.FormValue(name)) }

// code returns a field of digits and Latin letters as machines compare it:
// full-width forms made plain, no blanks inside, upper case.
func (r *request) code(name string) string {
	return strings.ToUpper(strings.Join(strings.Fields(norm.NFKC.String(r.FormValue(name))), ""))
}

// all returns every value of a field with several answers.
func (r *request) all(name string) []string { return r.PostForm[name] }

// yes reports whether a box is ticked.
func (r *request) yes(name string) bool { return r.FormValue(name) == "yes" }

// number returns a whole number; full-width digits are accepted, an empty field
// is 0.
func (r *request) number(name string) (int, error) {
	s := r.code(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > 1e15 || n < -1e15 {
		return 0, errNumber.At(name, shorten(r.text(name)))
	}
	return n, nil
}

// date returns a day, written 2021-09-14, also in full-width digits or as
// 2021年9月14日, 2021.9.14 or 2021/9/14. An empty field is the zero Date.
func (r *request) date(name string) (calendar.Date, error) {
	s := strings.NewReplacer("年", "-", "月", "-", "日", "", ".", "-", "/", "-").Replace(r.code(name))
	if s == "" {
		return calendar.Date{}, nil
	}
	if p := strings.Split(s, "-"); len(p) == 3 && len(p[1]) <= 2 && len(p[2]) <= 2 {
		s = p[0] + "-" + strings.Repeat("0", 2-len(p[1])) + p[1] + "-" + strings.Repeat("0", 2-len(p[2])) + p[2]
	}
	d, err := calendar.ParseDate(shorten(s))
	return d, atField(err, name)
}

// moment returns an instant made of a day (name) and a time of that day
// (name-time, written 09:30; 24:00 is the day's end). Both empty is the zero
// Time.
func (r *request) moment(name string) (time.Time, error) {
	d, err := r.date(name)
	if err != nil || d.IsZero() {
		return time.Time{}, err
	}
	s := strings.ReplaceAll(r.code(name+"-time"), "：", ":")
	if s == "24:00" {
		return d.End(), nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return time.Time{}, errTime.At(name+"-time", shorten(s))
	}
	return d.Start().Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute), nil
}

var errTime = fault.Define(fault.Invalid, "input.time",
	"“%s”不是时间。写成 09:30 的样子；当日结束写 24:00。", "")

// unpersonal warns of numbers of persons in what was typed, before any of it is
// stored, unless somebody looked and says that they are none.
func (r *request) unpersonal() error {
	var found []*fault.Fault
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, v := range r.PostForm[name] {
			if f := personal.Check(name, "这一栏", v, r.yes("not_personal")); f != nil {
				found = append(found, f)
			}
		}
	}
	return fault.All(found...)
}

// version returns the version that the page showed; see page.Version.
func (r *request) version() int64 {
	n, err := strconv.ParseInt(r.FormValue("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// atField gives a fault the name of the field it concerns, when it names none.
func atField(err error, name string) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok && len(f.Fields) == 0 {
		f.Fields = []fault.Field{{Path: name, Say: f.Say}}
	}
	return err
}

// shorten quotes what was typed in a sentence.
func shorten(s string) string { return chars.Cut(s, 20) }

// seeOther ends an act: the browser is sent to the page that shows the outcome,
// where say is said once ("" says nothing).
func (s *Site) seeOther(w http.ResponseWriter, r *request, url, say string) error {
	if say != "" {
		s.setCookie(w, "flash", base64.RawURLEncoding.EncodeToString([]byte(say)), 60)
	}
	http.Redirect(w, r.Request, url, http.StatusSeeOther)
	return nil
}

// takeFlash reads what is to be said once, and forgets it.
func (s *Site) takeFlash(w http.ResponseWriter, r *http.Request) string {
	b, err := base64.RawURLEncoding.DecodeString(s.cookie(r, "flash"))
	if err != nil || len(b) == 0 || len(b) > 2000 || !utf8.Valid(b) {
		return ""
	}
	s.setCookie(w, "flash", "", -1)
	return string(b)
}

// cookieName gives cookies of an https site the prefix that binds them to the
// host and to https.
func (s *Site) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (s *Site) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie for some seconds; 0 for the browser's session.
func (s *Site) setCookie(w http.ResponseWriter, name, value string, seconds int) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: seconds,
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// local returns where to go on after a login: a path of this site, and home for
// anything else, so that nobody is sent away by a forged link.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return next
}

package web

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/web/page"
)

// A form that is sent after the session ended is not lost: the login page carries
// it along, sealed, and after the login it stands there again as it was typed,
// beside what is kept. It opens for the account whose session ended and for
// nobody else; the key is the session's, which never leaves the store.

var errResumed = fault.Define(fault.Conflict, "web.resumed",
	"登录超时前填写的内容都在下面。核对后再提交。", "制度:30分钟无操作或者满12小时退出")

// keptMost bounds what the login page carries: packed, sealed and written out, a
// form of formMost of Chinese takes a third of it.
const keptMost = 2 << 20

// kept is a form that waits for a login.
type kept struct {
	Path string `json:"path"` // where it was sent, with its query
	Form string `json:"form"` // as it was sent, without passwords
}

// noSession stands for the name of a session that is not known any more, because
// its owner signed out: then the form opens for whoever signs in, who could read it
// on the page it was typed into, as long as the process lives.
const noSession = "-"

func (s *Site) ownKey() [32]byte {
	s.own.Do(func() {
		if _, err := io.ReadFull(s.rand(), s.ownSecret[:]); err != nil {
			panic("web: no randomness: " + err.Error())
		}
	})
	return s.ownSecret
}

// keep seals the form of a request whose session has ended.
func (s *Site) keep(r *request) (string, error) {
	for name := range r.PostForm {
		if strings.Contains(name, "password") {
			r.PostForm.Del(name)
		}
	}
	key, of, err := s.desk.FormKey(r.Context(), s.cookie(r.Request, "session"))
	if err != nil {
		return "", err
	}
	if of == "" {
		key, of = s.ownKey(), noSession
	}
	b, err := json.Marshal(kept{Path: r.URL.RequestURI(), Form: r.PostForm.Encode()})
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(b); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	box, err := boxOf(key)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := io.ReadFull(s.rand(), nonce); err != nil {
		return "", err
	}
	return of + "." + base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, packed.Bytes(), nil)), nil
}

// open opens a kept form for who is signed in now. One that is not theirs, or no
// form of ours, is as if there were none.
func (s *Site) open(ctx context.Context, text string, who casework.SignedIn) (k kept, form url.Values) {
	of, sealed, _ := strings.Cut(text, ".")
	key := s.ownKey()
	if of != noSession {
		var err error
		if key, err = s.desk.FormKeyOf(ctx, of, who); err != nil {
			return k, nil
		}
	}
	box, err := boxOf(key)
	if err != nil {
		return k, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(b) < box.NonceSize() {
		return k, nil
	}
	if b, err = box.Open(nil, b[:box.NonceSize()], b[box.NonceSize():], nil); err != nil {
		return k, nil
	}
	if err := json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(b)), 4*formMost)).Decode(&k); err != nil {
		return k, nil
	}
	form, err = url.ParseQuery(k.Form)
	if err != nil {
		return k, nil
	}
	return k, form
}

func boxOf(key [32]byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

type resumedForm struct{}

// resume shows the form of a kept request again, as the account that has just
// signed in with the given cookie.
func (s *Site) resume(w http.ResponseWriter, r *request, cookie string, k kept, form url.Values) {
	again := r.Clone(context.WithValue(r.Context(), resumedForm{}, form))
	if u, err := url.Parse(k.Path); err == nil {
		again.URL, again.RequestURI = u, k.Path
	}
	again.Header.Del("Cookie")
	again.Header.Del("Accept")
	for _, c := range r.Cookies() {
		if c.Name != s.cookieName("session") {
			again.AddCookie(c)
		}
	}
	again.AddCookie(&http.Cookie{Name: s.cookieName("session"), Value: cookie})
	s.dispatch(w, again)
}

// resumes shows the form of a route again that resume asks for.
func (s *Site) resumes(w http.ResponseWriter, r *request, rt route) bool {
	form, ok := r.Context().Value(resumedForm{}).(url.Values)
	if !ok {
		return false
	}
	r.PostForm, r.Form = form, form
	if rt.form == nil {
		if err := s.render(w, r, http.StatusOK, page.Resume(s.page(r, "继续提交"), r.URL.Path, form)); err != nil {
			s.fail(w, r, err)
		}
		return true
	}
	r.form, r.status = page.Form{Values: form, Fault: errResumed.New(), Resumed: true}, http.StatusOK
	if err := rt.form(w, r); err != nil {
		r.status = 0
		s.fail(w, r, err)
	}
	return true
}

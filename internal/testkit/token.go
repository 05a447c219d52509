package testkit

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Program is somebody's program on the world's own server: it shows a token.
type Program struct {
	w     *World
	Token string
	keys  int
}

// Answer is an answer of the API.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	w      *World
}

// Program starts a program that acts as an actor within scopes; as nobody when the
// actor is stage.Anyone.
func (w *World) Program(by stage.Actor, scopes ...string) *Program {
	w.Helper()
	if by.Account == "" {
		return &Program{w: w}
	}
	if len(scopes) == 0 {
		scopes = []string{"write"}
	}
	token, _, err := w.Desk.MakeToken(w.Context(), SignedIn(by), casework.NewToken{Name: "测试程序", Scopes: scopes, Days: 30})
	if err != nil {
		w.Fatal(err)
	}
	return &Program{w: w, Token: token}
}

// SignedIn is an actor as somebody who signed in.
func SignedIn(by stage.Actor) casework.SignedIn {
	g := casework.Grant{Role: by.Role, Programme: by.Programme, Organisation: by.Organisation}
	return casework.SignedIn{Account: casework.Account{ID: by.Account}, Session: store.Session{Account: by.Account, Grant: g}}
}

// Do sends a request: pairs of names and values of headers.
func (p *Program) Do(method, path string, body io.Reader, headers ...string) *Answer {
	p.w.Helper()
	r, err := http.NewRequestWithContext(p.w.Context(), method, p.w.Server()+path, body)
	if err != nil {
		p.w.Fatal(err)
	}
	if p.Token != "" {
		r.Header.Set("Authorization", "Bearer "+p.Token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.w.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		p.w.Fatal(err)
	}
	return &Answer{Status: res.StatusCode, Header: res.Header, Body: string(text), w: p.w}
}

// Get reads something.
func (p *Program) Get(path string) *Answer {
	p.w.Helper()
	return p.Do(http.MethodGet, "/api/v1"+path, nil)
}

// Post acts, under a key of its own unless the headers name one.
func (p *Program) Post(path string, body any, headers ...string) *Answer {
	p.w.Helper()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			p.w.Fatal(err)
		}
	}
	p.keys++
	headers = append([]string{"Content-Type", "application/json", "Idempotency-Key", "key-" + strconv.Itoa(p.keys)}, headers...)
	return p.Do(http.MethodPost, "/api/v1"+path, bytes.NewReader(text), headers...)
}

// Want fails the test unless the answer has the status; into is filled with its JSON
// when given.
func (a *Answer) Want(status int, into ...any) *Answer {
	a.w.Helper()
	if a.Status != status {
		a.w.Errorf("status %d, want %d: %s", a.Status, status, a.Body)
	}
	for _, v := range into {
		if err := json.Unmarshal([]byte(a.Body), v); err != nil {
			a.w.Errorf("%v: %s", err, a.Body)
		}
	}
	return a
}

// Refused fails the test unless the answer is a problem with the status and the code.
func (a *Answer) Refused(status int, code string) *Answer {
	a.w.Helper()
	var p struct {
		Type, Detail string
		Status       int
	}
	a.Want(status, &p)
	if p.Type != code || p.Status != status || p.Detail == "" || a.Header.Get("Content-Type") != "application/problem+json" {
		a.w.Errorf("want %d %s: %s", status, code, a.Body)
	}
	return a
}

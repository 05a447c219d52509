package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

// dispatch finds the route. What no route serves is a problem too.
func (a *api) dispatch(w http.ResponseWriter, r *http.Request) {
	if _, pattern := a.mux.Handler(r); pattern != "" {
		a.mux.ServeHTTP(w, r)
		return
	}
	var may []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := a.mux.Handler(other); pattern != "" {
			may = append(may, m)
		}
	}
	if len(may) > 0 {
		w.Header().Set("Allow", strings.Join(may, ", "))
		a.fail(w, r, nil, errMethod.New(r.Method, strings.Join(may, "、")))
		return
	}
	a.fail(w, r, nil, errPath.New())
}

// handler is the life of one request: who is it, may they, do it, and what to answer.
func (a *api) handler(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{Request: r, desk: a.desk, Actor: stage.Anyone}
		err := a.admit(w, c, rt)
		switch {
		case err != nil:
		case rt.coded:
			err = a.coded(w, c, rt)
		case rt.files:
			err = a.filed(w, c, rt)
		case rt.do != nil:
			err = a.perform(w, c, rt)
		default:
			err = a.answer(w, c, rt)
		}
		if err != nil {
			a.fail(w, r, c, err)
		}
	})
}

// admit finds out who asks, and whether they may. The pages admit the same: a route has
// the policy of its page.
func (a *api) admit(w http.ResponseWriter, c *call, rt route) error {
	from := door.Address(c.Request, a.proxies)
	if head := c.Header.Get("Authorization"); head != "" {
		if err := a.bearer(w, c, head, from); err != nil {
			return err
		}
	} else if err := limited(a.others, w, from); err != nil {
		return err
	}
	open, named := slices.Contains(rt.allow, stage.Public), slices.Contains(rt.allow, c.Actor.Role)
	switch {
	case c.token.ID == "" && (!open || rt.do != nil && !rt.free):
		return errSignIn.New()
	case !open && !named:
		return errRole.New(c.Actor.Role.Word())
	case c.token.ID != "" && !casework.MayScope(c.token.Scopes, rt.chapter(), rt.do != nil):
		need := rt.chapter() + ":read"
		if rt.do != nil {
			need = rt.chapter() + ":write"
		}
		return errScope.New(need)
	case open && !named:
		c.Actor = stage.Anyone // as on the pages: who is not named looks as the public does
	}
	return nil
}

// bearer reads the token. An address that guesses is slowed down.
func (a *api) bearer(w http.ResponseWriter, c *call, head, from string) error {
	if wait := a.guesses.Wait(from); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(wait)))
		return errRate.New(seconds(wait))
	}
	kind, token, _ := strings.Cut(head, " ")
	if !strings.EqualFold(kind, "bearer") {
		return errBearer.New()
	}
	t, by, err := a.desk.Bearer(c.Context(), strings.TrimSpace(token))
	if err != nil {
		if fault.KindOf(err) == fault.Forbidden {
			a.guesses.Fail(from)
		}
		return err
	}
	c.token, c.Actor = t, by
	return limited(a.tokens, w, string(t.ID))
}

// coded does what is asked about the case whose code was shown. A wrong code counts against
// the address, and so does each file: codes cannot be tried out, and nobody fills the disk.
func (a *api) coded(w http.ResponseWriter, c *call, rt route) error {
	from := door.Address(c.Request, a.proxies)
	wait := a.codes.Wait(from)
	if rt.streams {
		wait = max(wait, a.sending.Wait(from))
	}
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(wait)))
		return errRate.New(seconds(wait))
	}
	if rt.streams {
		a.sending.Fail(from)
	}
	err := a.perform(w, c, rt)
	if fault.CodeOf(err) == "objection.code.unknown" {
		a.codes.Fail(from)
	}
	return err
}

// filed opens a case. An address opens so many; a clerk, who registers letters, as many as
// there are.
func (a *api) filed(w http.ResponseWriter, c *call, rt route) error {
	from := door.Address(c.Request, a.proxies)
	if wait := a.opening.Wait(from); wait > 0 && c.Actor.Role != stage.Clerk {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(wait)))
		return errRate.New(seconds(wait))
	}
	err := a.perform(w, c, rt)
	if err == nil {
		a.opening.Fail(from)
	}
	return err
}

// answer shows what a view sees.
func (a *api) answer(w http.ResponseWriter, c *call, rt route) error {
	if !rt.lists && rt.in == nil {
		var nothing none
		if err := c.query(&nothing); err != nil {
			return err
		}
	}
	v, err := rt.view(c)
	if err != nil {
		return err
	}
	if rt.tagged && c.version > 0 {
		w.Header().Set("ETag", quoted(c.version))
	}
	if out, ok := v.(raw); ok {
		out.serve(w, c.Request)
		return nil
	}
	w.Header().Set("Content-Type", "application/json")
	if err := encode(w, v); err != nil {
		a.log.Info("the reader went away", "path", c.URL.Path, "error", err)
	}
	return nil
}

// perform does an act once under its key, and answers with what it came to.
func (a *api) perform(w http.ResponseWriter, c *call, rt route) error {
	asked := casework.Asked{Token: c.token, Key: c.Header.Get("Idempotency-Key"), Request: c.request}
	if !keyForm.MatchString(asked.Key) {
		return errNoKey.At("Idempotency-Key")
	}
	if err := c.take(w, rt); err != nil {
		return err
	}
	if c.token.ID == "" || rt.files {
		return a.plainly(w, c, rt)
	}
	if !rt.streams {
		done, err := a.desk.Answered(c.Context(), asked)
		if err != nil {
			return err
		}
		if done != "" {
			a.done(w, c, rt, done, true)
			return nil
		}
	}
	if rt.matched {
		if err := c.matches(); err != nil {
			return err
		}
	}
	done, replayed, err := a.desk.Once(c.Context(), asked, func(ctx context.Context) error {
		c.Request = c.WithContext(ctx)
		return rt.do(c)
	})
	if rt.matched && fault.KindOf(err) == fault.Conflict {
		return errMatch.New()
	}
	if err != nil {
		return err
	}
	a.done(w, c, rt, done, replayed)
	return nil
}

// take reads what an act is given, unless it reads it by itself.
func (c *call) take(w http.ResponseWriter, rt route) error {
	if rt.streams {
		c.asked = c.head()
		return nil
	}
	if c.URL.RawQuery != "" {
		var nothing none
		if err := c.query(&nothing); err != nil {
			return err
		}
	}
	return c.read(w)
}

// plainly does what anybody may do. Nothing is kept under the key, so that nothing leads
// from a token or an address to a case: its query code sees to it that it is done once.
func (a *api) plainly(w http.ResponseWriter, c *call, rt route) error {
	if err := rt.do(c); err != nil {
		return err
	}
	a.done(w, c, rt, "", false)
	return nil
}

// done answers an act. An act that changed nothing has nothing to tell.
func (a *api) done(w http.ResponseWriter, c *call, rt route, done string, replayed bool) {
	status := http.StatusOK
	if rt.makes && done != "" {
		var d casework.Done
		if json.Unmarshal([]byte(done), &d) == nil {
			where := d.Thing
			if d.Made != "" {
				where = d.Made
			}
			w.Header().Set("Location", Base+"/"+rt.chapter()+"/"+where)
			status = http.StatusCreated
		}
	}
	if replayed {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	if rt.tells != "" && !replayed {
		w.Header().Set(rt.tells, c.tell)
	}
	switch {
	case rt.asks:
		text, err := json.Marshal(c.answer)
		if err != nil {
			panic("api: an answer cannot be written: " + err.Error())
		}
		done = string(text)
	case done == "":
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if _, err := w.Write([]byte(done + "\n")); err != nil {
		a.log.Info("the reader went away", "path", c.URL.Path, "error", err)
	}
}

// document sends the description of the door.
func (a *api) document(w http.ResponseWriter, r *http.Request) {
	if err := limited(a.others, w, door.Address(r, a.proxies)); err != nil {
		a.fail(w, r, nil, err)
		return
	}
	text := Document()
	sum := sha256.Sum256(text)
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sum[:8]))
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	if _, err := w.Write(text); err != nil {
		a.log.Info("the reader went away", "path", door.Path(r), "error", err)
	}
}

// rescue is the last resort: a panic becomes a problem 500, is logged with its stack,
// and the process lives on. Store.Change has rolled back by then.
func (a *api) rescue(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				a.log.Error("panic", "what", p, "stack", string(debug.Stack()))
				a.fail(w, r, nil, fmt.Errorf("panic: %v", p))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

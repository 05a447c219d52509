package store

import (
	"context"
	"errors"
	"maps"
	"time"

	"shifan/internal/fault"
	"shifan/internal/record"
)

// Answer is what was answered to an act under a key that the asking program chose.
type Answer struct {
	Key     string // SHA-256 of who asked and of the key, in hex
	Request string // SHA-256 of what was asked, in hex
	Answer  string // the answer's body
	Expires time.Time
}

var answers = table[Answer]{
	name:    "answers",
	columns: []string{"key", "request", "answer", "expires"},
	fields:  func(a *Answer) []any { return []any{&a.Key, &a.Request, &a.Answer, asTime(&a.Expires)} },
}

// Answer returns what was answered under a key, or fault.Missing.
func (tx *Tx) Answer(key string) (Answer, error) { return answers.get(tx, key) }

// AnswersBefore lists the answers that were forgotten at an instant.
func (tx *Tx) AnswersBefore(t time.Time) ([]Answer, error) {
	return answers.list(tx, "WHERE expires < $1 ORDER BY key", t.UnixMicro())
}

// RemoveAnswer forgets an answer.
func (tx *Tx) RemoveAnswer(key string) error { return answers.remove(tx, key) }

// ErrAnswered says that an act under this key was done before: nothing was done now,
// and Answer tells what was answered then.
var ErrAnswered = errors.New("store: answered before")

// Once is an act that is done once under its key, however often it is asked for. Its
// answer is made of the act's entry and kept in the same transaction, so that there is
// never the one without the other.
type Once struct {
	Key     string
	Request func() string // SHA-256 of what was asked; known when the act was read
	Now     time.Time
	Expires time.Time
	Answer  func(record.Entry) string
	Facts   map[string]string // added to the act's entry

	Kept string // the answer, once the act is done
}

type onceKey struct{}

// WithOnce returns a context under which the first Change that succeeds is done once.
func WithOnce(ctx context.Context, o *Once) context.Context {
	return context.WithValue(ctx, onceKey{}, o)
}

// once lets a change under a context of WithOnce keep its answer. done is to be called
// when it was committed.
func once(ctx context.Context, fn func(*Tx) (record.Entry, error)) (kept func(*Tx) (record.Entry, error), done func()) {
	o, ok := ctx.Value(onceKey{}).(*Once)
	if !ok || o.Kept != "" {
		return fn, func() {}
	}
	text := ""
	return func(tx *Tx) (record.Entry, error) {
		was, err := answers.get(tx, o.Key)
		switch {
		case err == nil && was.Expires.After(o.Now):
			return record.Entry{}, ErrAnswered
		case err == nil:
			err = answers.remove(tx, o.Key)
		case fault.KindOf(err) == fault.NotFound:
			err = nil
		}
		if err != nil {
			return record.Entry{}, err
		}
		e, err := fn(tx)
		if err != nil {
			return e, err
		}
		e.Facts = maps.Clone(e.Facts)
		for k, v := range o.Facts {
			if e.Facts == nil {
				e.Facts = map[string]string{}
			}
			e.Facts[k] = v
		}
		text = o.Answer(e)
		return e, answers.insert(tx, &Answer{Key: o.Key, Request: o.Request(), Answer: text, Expires: o.Expires})
	}, func() { o.Kept = text }
}

package casework

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"shifan/internal/fault"
	"shifan/internal/record"
	"shifan/internal/store"
)

// AnswerKept is how long what was answered under a key of an asking program is kept.
const AnswerKept = 24 * time.Hour

var errAnswerOther = fault.Define(fault.Invalid, "once.other",
	"这个 Idempotency-Key 已经用于另一个请求。新的请求请换一个新的键；重发原来的请求，内容要一字不差。", "")

// Done is what an act came to, as the record says it: the answer to a program that
// acted.
type Done struct {
	Thing string    `json:"thing" doc:"identifier of what moved, or of what was made"`
	Made  string    `json:"made,omitempty" doc:"identifier of what was made on the way and is not what moved: the file of an upload, a Party organisation"`
	Act   string    `json:"act" doc:"the act as the record names it, for example review.confirm"`
	From  string    `json:"from" doc:"state before; empty for what is new"`
	To    string    `json:"to" doc:"state after"`
	At    time.Time `json:"at" doc:"when, by the one clock reading that decided it"`
	Basis string    `json:"basis,omitempty" doc:"the provision that it rests on"`
}

// Asked is an act that a program asks for under a key of its own.
type Asked struct {
	Token   Token
	Key     string        // as the program chose it
	Request func() string // SHA-256 of what is asked, in hex; it may be known only once the act has read it
}

// answerKey is the name under which an answer is kept: two tokens of one person may
// choose the same key.
func (a Asked) answerKey() string { return hashed(string(a.Token.ID) + " " + a.Key) }

// Once does an act once under the key that a program chose: the answer is kept in the
// act's own transaction. When the act was done before, the kept answer is returned and
// replayed is true; a key that was used for another request is refused. An act that is
// refused keeps nothing and may be tried again under its key. done is empty when the
// act changed nothing.
func (d *Desk) Once(ctx context.Context, a Asked, act func(context.Context) error) (done string, replayed bool, err error) {
	made := ""
	o := &store.Once{
		Key: a.answerKey(), Request: a.Request, Now: d.wall(), Expires: d.wall().Add(AnswerKept),
		// Not which token: the record keeps who acted as a salted hash, and a token that
		// stood in it would tell which acts are of one person.
		Facts: map[string]string{"via": "api"},
		Answer: func(e record.Entry) string {
			text, err := json.Marshal(Done{Thing: e.Thing, Made: made, Act: e.Act, From: e.From, To: e.To, At: e.At.UTC(), Basis: e.Basis})
			if err != nil {
				panic("casework: an answer cannot be written: " + err.Error())
			}
			return string(text)
		},
	}
	err = act(context.WithValue(store.WithOnce(ctx, o), madeKey{}, &made))
	if !errors.Is(err, store.ErrAnswered) {
		return o.Kept, false, err
	}
	done, err = d.Answered(ctx, a)
	return done, true, err
}

// Answered returns what was answered under a key before; "" when nothing was.
func (d *Desk) Answered(ctx context.Context, a Asked) (done string, err error) {
	defer fault.Wrap(&err, "casework.Answered")
	var was store.Answer
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		was, err = tx.Answer(a.answerKey())
		return err
	})
	switch {
	case fault.KindOf(err) == fault.NotFound || err == nil && !was.Expires.After(d.wall()):
		return "", nil
	case err == nil && was.Request != a.Request():
		return "", errAnswerOther.New()
	}
	return was.Answer, err
}

// madeKey is under which a context leads to what an act makes on the way.
type madeKey struct{}

// makes says in the answer to a program that the act makes a thing which is not the one
// that moves. It is called inside the change; people are not told.
func makes(ctx context.Context, key string) {
	if made, ok := ctx.Value(madeKey{}).(*string); ok {
		*made = key
	}
}

package store

import (
	"errors"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/cite"
	"shifan/internal/record"
)

// subject is the programme, and the round, of what a transaction is about: of the first
// thing that it read by itself. Whatever the lifecycle says there rests on that
// programme's clauses.
type subject struct {
	programme id.Programme
	round     id.Round // empty for a title: it outlives the round that it comes from
}

// about notes whose the thing is that was read, if it is anybody's.
func (tx *Tx) about(table string, fields []any) {
	if tx.subject.programme != "" {
		return
	}
	for _, f := range fields {
		switch f := f.(type) {
		case *id.Programme:
			if tx.subject.programme == "" {
				tx.subject.programme = *f
			}
		case *id.Round:
			if tx.subject.round == "" && table != designations.name {
				tx.subject.round = *f
			}
		}
	}
	if tx.subject.programme == "" {
		tx.subject.round = ""
	}
}

// rules are what a programme says: for what the transaction is about, as its round
// froze it; otherwise as it says now.
func (tx *Tx) rules(name id.Programme) (*programme.Programme, error) {
	if tx.subject.programme == name && tx.subject.round != "" {
		return tx.ProgrammeOf(tx.subject.round)
	}
	p, _, err := tx.ProgrammeNow(name)
	return p, err
}

// cite is what an act rests on, in the words of its programme.
func (tx *Tx) cite(e record.Entry) (string, error) {
	if e.Programme == "" || e.Basis == "" {
		return e.Basis, nil
	}
	p, err := tx.rules(e.Programme)
	if fault.KindOf(err) == fault.NotFound { // an account's programme that was never loaded
		return e.Basis, nil
	}
	if err != nil {
		return "", err
	}
	return cite.For(p, e.Basis), nil
}

// cited lets a refusal rest on the clauses of the programme that it is about. It is the
// one place where that happens: what an act or a view says passes it on its way to a
// person. What is about no programme cites no clause of the notice.
func (tx *Tx) cited(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Basis == "" {
		return err
	}
	if name := tx.subject.programme; name != "" {
		if p, unread := tx.rules(name); unread == nil {
			f.Basis = cite.For(p, f.Basis)
			return err
		}
	}
	f.Basis = cite.General(f.Basis)
	return err
}

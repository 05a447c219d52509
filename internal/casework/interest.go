package casework

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/interest"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// tiesOn says who may not work on an organisation's case: who has an interest in it
// and, where the programme asks for the yearly statement, who has none that holds.
func tiesOn(tx *store.Tx, p *programme.Programme, o id.Organisation, today calendar.Date) (review.Interests, error) {
	ties, err := tx.InterestsIn(o)
	if err != nil || !p.Interests.Yearly {
		return ties, err
	}
	var all []id.Account
	for _, role := range interest.Workers {
		people, err := tx.AccountsWith(role, p.Name)
		if err != nil {
			return nil, err
		}
		for _, a := range people {
			all = append(all, a.ID)
		}
	}
	made, err := tx.Statements(all)
	for _, who := range all {
		if s := made[who]; !s.Holds(today) && ties[who] == "" {
			ties[who] = review.Undeclared
		}
	}
	return ties, err
}

// NewTie is a tie as somebody writes it down: the organisation by its name or code. An
// empty one says nothing.
type NewTie struct {
	Organisation string
	Kind, Reason string
	Left         calendar.Date
}

// Declaring is what somebody declares for the coming year.
type Declaring struct {
	Employers []string
	Ties      []NewTie
	Whole     bool
}

// DeclareInterests keeps the actor's yearly statement and the ties that are new in it.
// What they are tied to is hidden from them from then on.
func (d *Desk) DeclareInterests(ctx context.Context, by stage.Actor, in Declaring) (err error) {
	defer fault.Wrap(&err, "casework.DeclareInterests")
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		s, err := d.statement(tx, by.Account)
		if err != nil {
			return record.Entry{}, err
		}
		told := interest.Declaration{Employers: in.Employers, Whole: in.Whole}
		for _, t := range in.Ties {
			o, err := named(tx, t.Organisation)
			if err != nil {
				return record.Entry{}, err
			}
			told.Ties = append(told.Ties, interest.Tied{Organisation: o, Kind: t.Kind, Reason: t.Reason, Left: t.Left})
		}
		ties, m, err := s.Declare(by, told, now)
		if err != nil {
			return record.Entry{}, err
		}
		for n := range ties {
			if err := tx.AddInterest(&ties[n]); err != nil {
				return record.Entry{}, err
			}
		}
		e := d.interestEntry(by, &s, m, now)
		e.Facts["ties"] = strconv.Itoa(len(ties))
		return e, tx.PutStatement(&s)
	})
}

// interestEntry is the line of the record for a move of a statement: until when it
// holds and how many ties are new, never to whom.
func (d *Desk) interestEntry(by stage.Actor, s *interest.Statement, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, interest.Kind, string(s.ID), m, now)
	e.Facts = map[string]string{"until": s.Until.String()}
	return e
}

// statement returns the statement of an account; of who made none, a new one.
func (d *Desk) statement(tx *store.Tx, who id.Account) (interest.Statement, error) {
	s, err := tx.StatementOf(who)
	if fault.KindOf(err) == fault.NotFound {
		return interest.Of(id.New[id.Interest](d.Rand), who), nil
	}
	return s, err
}

// named finds the one organisation with a code or a name; "" when there is none or the
// name is that of several.
func named(tx *store.Tx, said string) (id.Organisation, error) {
	said = strings.TrimSpace(said)
	if o, err := tx.OrganisationByCode(creditcode.Normalise(said)); fault.KindOf(err) != fault.NotFound {
		return o.ID, err
	}
	all, err := tx.OrganisationsNamed(said)
	if err != nil || len(all) != 1 {
		return "", err
	}
	return all[0], nil
}

// LiftInterest ends a tie by the director, with a reason.
func (d *Desk) LiftInterest(ctx context.Context, by stage.Actor, key, reason string) (err error) {
	defer fault.Wrap(&err, "casework.LiftInterest")
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		i, err := tx.Interest(key)
		if err != nil {
			return record.Entry{}, err
		}
		s, err := d.statement(tx, i.Account)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := s.Lift(by, &i, reason, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.interestEntry(by, &s, m, now), errors.Join(tx.PutInterest(&i), tx.PutStatement(&s))
	})
}

// lapseInterests ends the statements whose year is over.
func (d *Desk) lapseInterests(ctx context.Context, now time.Time) (int, error) {
	today := calendar.DateOf(now)
	return dueActs(ctx, d, func(tx *store.Tx) ([]interest.Statement, error) { return tx.StatementsPast(today) }, func(s interest.Statement) error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			s, err := tx.StatementOf(s.Account)
			if err != nil {
				return record.Entry{}, err
			}
			m, err := s.Lapse(stage.TheClock, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.interestEntry(stage.TheClock, &s, m, now), tx.PutStatement(&s)
		})
	})
}

// outliveInterests ends the former posts that were left more than two years ago.
func (d *Desk) outliveInterests(ctx context.Context, now time.Time) (int, error) {
	today := calendar.DateOf(now)
	return dueActs(ctx, d, func(tx *store.Tx) ([]review.Interest, error) { return tx.InterestsPast(today) }, func(due review.Interest) error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			i, err := tx.Interest(due.Key)
			if err != nil {
				return record.Entry{}, err
			}
			s, err := d.statement(tx, i.Account)
			if err != nil {
				return record.Entry{}, err
			}
			m, err := s.Outlive(stage.TheClock, &i, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.interestEntry(stage.TheClock, &s, m, now), errors.Join(tx.PutInterest(&i), tx.PutStatement(&s))
		})
	})
}

// TieLine is one tie as pages show it.
type TieLine struct {
	review.Interest
	Name string // the organisation's
	Who  string // the person's
}

// Hint is an organisation to which somebody may be tied: a question, no answer.
type Hint struct{ Name, Why string }

// InterestsView is what the page of one's own ties shows.
type InterestsView struct {
	Statement interest.Statement
	Holds     bool
	Asked     bool // a programme asks for the yearly statement
	Ties      []TieLine
	Hints     []Hint
	Now       time.Time
}

// Interests returns the actor's own statement, ties, and what may be missing in them.
func (d *Desk) Interests(ctx context.Context, by stage.Actor) (v InterestsView, err error) {
	defer fault.Wrap(&err, "casework.Interests")
	v.Now = d.Now()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Statement, err = tx.StatementOf(by.Account); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		v.Holds = v.Statement.Holds(calendar.DateOf(v.Now))
		if v.Asked, err = asksYearly(tx, by); err != nil {
			return err
		}
		mine, err := tx.InterestsOf(by.Account)
		if err != nil {
			return err
		}
		if v.Ties, err = tieLines(tx, mine); err != nil {
			return err
		}
		v.Hints, err = hints(tx, by, v.Statement.Employers, mine)
		return err
	})
	return v, err
}

func tieLines(tx *store.Tx, all []review.Interest) (lines []TieLine, err error) {
	names := namesIn(tx)
	for _, i := range all {
		o, err := tx.Organisation(i.Organisation)
		if err != nil {
			return nil, err
		}
		who, err := names(i.Account)
		if err != nil {
			return nil, err
		}
		lines = append(lines, TieLine{Interest: i, Name: o.Name(), Who: who})
	}
	return lines, nil
}

// hints compares a person's name and employers with the organisations that are called
// like an employer or led by somebody of that name.
func hints(tx *store.Tx, by stage.Actor, employers []string, mine []review.Interest) (all []Hint, err error) {
	who, err := tx.Account(by.Account)
	if err != nil {
		return nil, err
	}
	likely, err := tx.OrganisationsLike(who.Name, employers)
	for _, k := range likely {
		why := interest.Suggest(who.Name, employers, k)
		tied := slices.ContainsFunc(mine, func(i review.Interest) bool { return i.Organisation == k.ID && i.EndedAt.IsZero() })
		if why != "" && !tied {
			all = append(all, Hint{Name: k.Names[len(k.Names)-1], Why: why})
		}
	}
	return all, err
}

// asksYearly reports whether a programme that the actor works for asks for the yearly
// statement.
func asksYearly(tx *store.Tx, by stage.Actor) (bool, error) {
	if !interest.Declares(by.Role) {
		return false, nil
	}
	all, err := tx.ProgrammesNow()
	for _, p := range all {
		if p.Interests.Yearly && (by.Programme == "" || by.Programme == p.Name) {
			return true, err
		}
	}
	return false, err
}

// interestSoon is how long before its end a statement is asked for anew.
const interestSoon = 30 * 24 * time.Hour

// interestWork asks for the yearly statement where a programme wants it.
func (d *Desk) interestWork(tx *store.Tx, by stage.Actor, now time.Time) ([]WorkItem, error) {
	asks, err := asksYearly(tx, by)
	if err != nil || !asks {
		return nil, err
	}
	s, err := tx.StatementOf(by.Account)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	w := WorkItem{Title: "作年度回避申报", URL: "/interests", Stage: interest.Kind.Label}
	if s.Holds(calendar.DateOf(now)) {
		if w.Due = s.Until.End(); now.Before(w.Due.Add(-interestSoon)) {
			return nil, nil
		}
	}
	return []WorkItem{w}, nil
}

// Declarer is one of those who make a statement, as the office sees them.
type Declarer struct {
	Name  string
	Roles []stage.Role
	Until calendar.Date // zero: never made one
	Holds bool
	Ties  []TieLine
}

// Declarers lists who makes statements and what they are tied to, for the office's
// director, the chair and the auditors; who works on cases needs to know who may.
func (d *Desk) Declarers(ctx context.Context, by stage.Actor) (all []Declarer, err error) {
	defer fault.Wrap(&err, "casework.Declarers")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		people, err := tx.DeclarersFor(by)
		if err != nil {
			return err
		}
		keys := make([]id.Account, len(people))
		for i, a := range people {
			keys[i] = a.ID
		}
		made, err := tx.Statements(keys)
		if err != nil {
			return err
		}
		for _, a := range people {
			mine, err := tx.InterestsOf(a.ID)
			if err != nil {
				return err
			}
			s := made[a.ID]
			one := Declarer{Name: a.Name, Until: s.Until, Holds: s.Holds(calendar.DateOf(d.Now()))}
			for _, g := range a.Grants {
				if interest.Declares(g.Role) && !slices.Contains(one.Roles, g.Role) {
					one.Roles = append(one.Roles, g.Role)
				}
			}
			if one.Ties, err = tieLines(tx, mine); err != nil {
				return err
			}
			all = append(all, one)
		}
		return nil
	})
	return all, err
}

package casework

import (
	"context"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// EligibilityView is whether an organisation satisfies the conditions of a
// programme, rule by rule, as of a deadline.
type EligibilityView struct {
	Organisation organisation.Organisation
	Programme    *programme.Programme
	Round        round.Round   // the call whose deadline is meant; zero when none is open
	Day          calendar.Date // the deadline
	Checks       []ruling.Check
	Overall      programme.Verdict
	MayRule      bool // whether the viewer may find otherwise
}

// Eligible lists the programmes under which somebody may look whether an
// organisation may apply, each with its answer (S61).
func (d *Desk) Eligible(ctx context.Context, by stage.Actor, key id.Organisation) (all []EligibilityView, err error) {
	defer fault.Wrap(&err, "casework.Eligible(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		programmes, err := tx.ProgrammesNow()
		if err != nil {
			return err
		}
		for _, p := range programmes {
			if by.Programme != "" && by.Programme != p.Name {
				continue
			}
			v, err := d.eligibility(tx, by, key, p.Name)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return nil
	})
	return all, err
}

// CheckEligibility applies every rule of a programme to an organisation, at any
// time: as of the deadline of the round in which its application is under way, of the
// call that is open, or of the next one before there is a call (S61). An applicant sees its own; the office, the committee,
// the assessors and the auditors see everybody's.
func (d *Desk) CheckEligibility(ctx context.Context, by stage.Actor, key id.Organisation, name id.Programme) (v EligibilityView, err error) {
	defer fault.Wrap(&err, "casework.CheckEligibility(%s, %s)", key, name)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v, err = d.eligibility(tx, by, key, name)
		return err
	})
	return v, err
}

func (d *Desk) eligibility(tx *store.Tx, by stage.Actor, key id.Organisation, name id.Programme) (v EligibilityView, err error) {
	if by.Role == stage.Operator || by.Programme != "" && by.Programme != name {
		return v, fault.Missing()
	}
	if v.Organisation, err = tx.OrganisationFor(by, key); err != nil {
		return v, err
	}
	filed, err := tx.FiledOf(key, name)
	switch {
	case err != nil:
		return v, err
	case filed != "":
		err = v.ofRound(tx, filed)
	default:
		err = d.nextCall(tx, name, &v)
	}
	if err != nil {
		return v, err
	}
	v.Checks, err = d.eligibleFor(tx, key, v.Programme, v.Day)
	v.Overall = ruling.Overall(v.Checks)
	_, refused := organisation.Kind.Step(v.Organisation.State, "rule", by.Role)
	v.MayRule = refused == nil
	return v, err
}

// ofRound takes the deadline of a round in which the organisation's application is
// under way: that is the one that its review asks about.
func (v *EligibilityView) ofRound(tx *store.Tx, key id.Round) (err error) {
	if v.Round, err = tx.Round(key); err != nil {
		return err
	}
	v.Day = v.Round.LastDay
	v.Programme, err = tx.ProgrammeOf(key)
	return err
}

// nextCall finds the deadline that counts now: of the call that is open, or of
// the next one.
func (d *Desk) nextCall(tx *store.Tx, name id.Programme, v *EligibilityView) (err error) {
	if v.Programme, _, err = tx.ProgrammeNow(name); err != nil {
		return err
	}
	rounds, err := tx.RoundsOf(name)
	if err != nil {
		return err
	}
	now, last := d.Now(), 0
	for _, r := range rounds {
		if r.FilingOpen(now) {
			v.Round, v.Day = r, r.LastDay
			v.Programme, err = tx.ProgrammeOf(r.ID)
			return err
		}
		if r.Published() && !r.Special && r.State != round.Cancelled {
			last = max(last, r.Year)
		}
	}
	if v.Day = ruling.NextDeadline(v.Programme, last, calendar.DateOf(now)); v.Day.IsZero() {
		v.Day = calendar.DateOf(now)
	}
	return nil
}

// eligibleFor applies a programme's rules to an organisation as of a deadline,
// with what the office found of them. It does not ask who looks: the rules of
// the application read it when one is submitted.
func (d *Desk) eligibleFor(tx *store.Tx, key id.Organisation, p *programme.Programme, day calendar.Date) ([]ruling.Check, error) {
	profile, err := tx.ProfileOf(key)
	if err != nil {
		return nil, err
	}
	titles, err := tx.TitlesOf(key, p.Name)
	if err != nil {
		return nil, err
	}
	rulings, err := tx.RulingsOf(key, p.Name)
	return ruling.Ruled(eligibility.SelfCheck(p, profile, titles, day), rulings, day), err
}

// RulingOf is what the office says of one rule.
type RulingOf struct {
	Programme id.Programme
	Rule      string            // the rule's code
	Seen      programme.Verdict // the verdict that stood on the page
	Verdict   programme.Verdict // meets or fails
	Reason    string
}

// RuleEligibility lets the office find otherwise than the facts say about one
// rule, for the deadline that counts now. The reason is kept with the ruling;
// the record says which rule, from what to what.
func (d *Desk) RuleEligibility(ctx context.Context, by stage.Actor, key id.Organisation, in RulingOf) (err error) {
	defer fault.Wrap(&err, "casework.RuleEligibility(%s, %s)", key, in.Rule)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		v, err := d.eligibility(tx, by, key, in.Programme)
		if err != nil {
			return record.Entry{}, err
		}
		for _, c := range v.Checks {
			if c.Rule.Code == in.Rule {
				return d.rule(tx, by, v, c, in, now)
			}
		}
		return record.Entry{}, fault.Missing()
	})
}

func (d *Desk) rule(tx *store.Tx, by stage.Actor, v EligibilityView, c ruling.Check, in RulingOf, now time.Time) (record.Entry, error) {
	r, m, err := ruling.Make(by, &v.Organisation, c, in.Seen, in.Verdict, in.Reason, now)
	if err != nil {
		return record.Entry{}, err
	}
	r.ID, r.Programme, r.Day = id.New[id.Ruling](d.Rand), in.Programme, v.Day
	e := d.organisationEntry(by, &v.Organisation, m, now)
	e.Programme = in.Programme
	e.Facts["rule"], e.Facts["computed"], e.Facts["found"], e.Facts["deadline"] = r.Rule, string(r.Computed), string(r.Verdict), r.Day.String()
	return e, tx.AddRuling(&r)
}

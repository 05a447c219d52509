package casework

import (
	"context"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/record"
	"shifan/internal/store"
)

// openVisit begins the visit to an applicant (办法(三)). One that is there already
// is the one that is done again.
func (d *Desk) openVisit(tx *store.Tx, a *application.Application, now time.Time) error {
	if _, err := tx.VisitOf(a.ID); fault.KindOf(err) != fault.NotFound {
		return err
	}
	v := visit.Opened(*a, now)
	v.ID = id.New[id.Visit](d.Rand)
	tx.Also(d.visitEntry(stage.TheClock, &v, stage.Move{Act: "begin", By: stage.Clock, To: visit.Planned, Basis: "办法(三) 组织考核组，深入实地考核"}, now))
	return tx.AddVisit(&v)
}

// ComposeTeam makes or changes the team of a visit.
func (d *Desk) ComposeTeam(ctx context.Context, by stage.Actor, key id.Visit, version int64, members []id.Account, leader id.Account, why string) error {
	return d.visitAct(ctx, by, key, version, "team", func(c *visiting) (stage.Move, error) {
		pool, err := assessors(c.tx, c.visit.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		hand, err := drawnByHand(c.tx, c.visit)
		if err != nil {
			return stage.Move{}, err
		}
		return c.visit.Compose(by, team.Choice{Members: members, Leader: leader, Why: why, Hand: hand}, pool, c.programme.Visit, c.ties, c.now)
	})
}

// assessors lists who may be on a team: every account with the role in the
// programme that is not disabled.
func assessors(tx *store.Tx, p id.Programme) (pool []visit.Seat, err error) {
	all, err := tx.AccountsWith(stage.Assessor, p)
	for _, a := range all {
		pool = append(pool, visit.Seat{Account: a.ID, Name: a.Name})
	}
	return pool, err
}

// ScheduleVisit sets the day of a visit and tells the organisation, or sets
// another day with a reason.
func (d *Desk) ScheduleVisit(ctx context.Context, by stage.Actor, key id.Visit, version int64, slot visit.Slot, reason string) error {
	return d.visitAct(ctx, by, key, version, "schedule", func(c *visiting) (stage.Move, error) {
		days, err := c.tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return c.visit.Schedule(by, slot, reason, c.programme.Visit, days, c.now)
	})
}

// ConfirmVisit is the organisation's yes to the day.
func (d *Desk) ConfirmVisit(ctx context.Context, by stage.Actor, key id.Visit) error {
	return d.visitAct(ctx, by, key, 0, "confirm", func(c *visiting) (stage.Move, error) { return c.visit.Confirm(by, c.now) })
}

// ProposeVisit is the organisation's wish for another day.
func (d *Desk) ProposeVisit(ctx context.Context, by stage.Actor, key id.Visit, day calendar.Date, at, reason string) error {
	return d.visitAct(ctx, by, key, 0, "propose", func(c *visiting) (stage.Move, error) {
		return c.visit.Propose(by, day, at, reason, c.now)
	})
}

// WaiveVisit does without a visit; the application goes on.
func (d *Desk) WaiveVisit(ctx context.Context, by stage.Actor, key id.Visit, reason string) error {
	return d.visitAct(ctx, by, key, 0, "waive", func(c *visiting) (stage.Move, error) {
		m, err := c.visit.Waive(by, c.programme.Visit.Scope, reason, c.ties, c.now)
		if err != nil {
			return m, err
		}
		return m, d.goOn(c.tx, c.visit.Application, c.visit.State, c.now)
	})
}

// DeclareVisitInterest keeps the tie of a member of the team and takes the member
// off it. From then on the visit is hidden from them.
func (d *Desk) DeclareVisitInterest(ctx context.Context, by stage.Actor, key id.Visit, reason string) error {
	return d.visitAct(ctx, by, key, 0, "declare", func(c *visiting) (stage.Move, error) {
		left, size := seatOf(c.visit, by.Account), len(c.visit.Team)
		i, m, err := c.visit.Declare(by, reason, c.now)
		if err != nil {
			return m, err
		}
		if err := c.tx.AddInterest(&i); err != nil {
			return m, err
		}
		return m, refill(c.tx, c.visit, left, size)
	})
}

// RecordVisit keeps what the team has so far. The version is the one that the
// writer saw; 0 when nobody else can have changed it.
func (d *Desk) RecordVisit(ctx context.Context, by stage.Actor, key id.Visit, version int64, a assessment.Account) error {
	return d.visitAct(ctx, by, key, version, "record", func(c *visiting) (stage.Move, error) {
		before := c.visit.Account()
		a, err := c.joint(by, a)
		if err != nil {
			return stage.Move{}, err
		}
		m, err := c.visit.Record(by, c.indicators, a, c.now)
		if err != nil {
			return m, err
		}
		return m, d.wrote(c, by, before)
	})
}

// ReportVisit hands in the team's opinion.
func (d *Desk) ReportVisit(ctx context.Context, by stage.Actor, key id.Visit, version int64, a assessment.Account) error {
	return d.visitAct(ctx, by, key, version, "report", func(c *visiting) (stage.Move, error) {
		criteria, err := c.criteria()
		if err != nil {
			return stage.Move{}, err
		}
		before := c.visit.Account()
		m, err := c.visit.Report(by, criteria, c.programme.Visit, a, c.now)
		if err != nil {
			return m, err
		}
		if err := d.wrote(c, by, before); err != nil {
			return m, err
		}
		return m, c.settled()
	})
}

// AmendVisit changes an opinion that was handed in; everybody signs again.
func (d *Desk) AmendVisit(ctx context.Context, by stage.Actor, key id.Visit, version int64, a assessment.Account) error {
	return d.visitAct(ctx, by, key, version, "amend", func(c *visiting) (stage.Move, error) {
		criteria, err := c.criteria()
		if err != nil {
			return stage.Move{}, err
		}
		return c.visit.Amend(by, criteria, c.programme.Visit, a, c.now)
	})
}

// SignVisit puts the actor's name under an edition of the opinion, with where
// they disagree. With the last signature the application goes on.
func (d *Desk) SignVisit(ctx context.Context, by stage.Actor, key id.Visit, edition int, dissent string) error {
	return again(func() error {
		return d.visitAct(ctx, by, key, 0, "sign", func(c *visiting) (stage.Move, error) {
			m, err := c.visit.Sign(by, edition, dissent, c.ties, c.now)
			if err != nil || c.visit.State != visit.Signed {
				return m, err
			}
			return m, d.goOn(c.tx, c.visit.Application, c.visit.State, c.now)
		})
	})
}

var errDecided = fault.Define(fault.Refused, "visit.redo.decided",
	"申报已经离开会议审定环节，或正在表决，不能重新考核。", "办法(四)")

// RedoVisit voids a visit because a member of its team should have been recused.
// An application that waits for the committee comes back to this stage.
func (d *Desk) RedoVisit(ctx context.Context, by stage.Actor, key id.Visit, who id.Account, reason string) error {
	return d.visitAct(ctx, by, key, 0, "redo", func(c *visiting) (stage.Move, error) {
		left, size := seatOf(c.visit, who), len(c.visit.Team)
		i, m, err := c.visit.Redo(by, who, reason, c.ties, c.now)
		if err != nil {
			return m, err
		}
		if m.From == visit.Signed {
			if err := d.comeBack(c.tx, c.visit.Application, c.now); err != nil {
				return m, err
			}
		}
		if err := c.tx.AddInterest(&i); err != nil {
			return m, err
		}
		return m, refill(c.tx, c.visit, left, size)
	})
}

// seatOf is somebody's seat on the team as it is, or none.
func seatOf(v *visit.Visit, who id.Account) team.Seat {
	if s := v.Seat(who); s != nil {
		return *s
	}
	return team.Seat{}
}

// comeBack returns an application from the committee to the visit. It may stand
// on an agenda; its item cannot be voted on without the opinion.
func (d *Desk) comeBack(tx *store.Tx, key id.Application, now time.Time) error {
	a, err := tx.Application(key)
	if err != nil {
		return err
	}
	if a.State != application.Underway || a.Stage != meeting.Kind.Name {
		return errDecided.New()
	}
	all, err := tx.ItemsAbout(item.Subject{Kind: application.Kind.Name, ID: string(key)})
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.State != item.Listed && i.State != item.Deferred && i.State != item.Withdrawn {
			return errDecided.New()
		}
	}
	if err := d.begin(tx, &a, visit.Kind.Name, now); err != nil {
		return err
	}
	return tx.PutApplication(&a)
}

// endVisits ends the visits whose application left the stage otherwise.
func (d *Desk) endVisits(ctx context.Context, _ time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]visit.Visit, error) { return tx.VisitsLeft() }, func(v visit.Visit) error {
		return d.visitAct(ctx, stage.TheClock, v.ID, 0, "end", func(c *visiting) (stage.Move, error) {
			a, err := c.tx.Application(c.visit.Application)
			if err != nil {
				return stage.Move{}, err
			}
			return c.visit.End(stage.TheClock, a, c.now)
		})
	})
}

// visiting is what an act on a visit gets.
type visiting struct {
	tx         *store.Tx
	visit      *visit.Visit
	programme  *programme.Programme
	indicators []programme.Indicator // those that count in the round's year
	ties       review.Interests
	now        time.Time
	same       bool // the act changes nothing of the visit itself: its version stays
}

// criteria is what the visit judges by, with the points that the review gave.
func (c *visiting) criteria() (assessment.Criteria, error) {
	r, err := c.tx.ReviewOf(c.visit.Application)
	if err != nil {
		return assessment.Criteria{}, err
	}
	e, err := c.tx.Round(c.visit.Round)
	return assessment.Criteria{Indicators: c.indicators, Rule: score.RuleOf(c.programme, e.Year), Given: r.Findings}, err
}

// visitAct runs one move of a visit that the actor may see.
func (d *Desk) visitAct(ctx context.Context, by stage.Actor, key id.Visit, version int64, act string, do func(*visiting) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: visit.%s(%s)", act, key)
	c := &visiting{now: d.Now()}
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		c.tx = tx
		if by.Role != stage.Clock {
			if _, err := tx.VisitFor(by, key); err != nil {
				return record.Entry{}, err
			}
		}
		v, err := tx.Visit(key) // whole: the organisation sees only a part of what is saved
		if err != nil {
			return record.Entry{}, err
		}
		if version != 0 && version != v.Version {
			return record.Entry{}, fault.Stale()
		}
		c.visit = &v
		if c.programme, c.indicators, err = criteriaOf(tx, v.Round); err != nil {
			return record.Entry{}, err
		}
		if c.ties, err = tiesOn(tx, c.programme, v.Organisation, calendar.DateOf(c.now)); err != nil {
			return record.Entry{}, err
		}
		if err := c.ready(by, act); err != nil {
			return record.Entry{}, err
		}
		m, err := do(c)
		if err != nil {
			return record.Entry{}, err
		}
		if c.same {
			return d.visitEntry(by, &v, m, c.now), nil
		}
		return d.visitEntry(by, &v, m, c.now), tx.PutVisit(&v)
	})
}

// visitEntry is the line of the record for a move of a visit: how many are on
// the team, for which day, and which edition of the report; never what it says.
func (d *Desk) visitEntry(by stage.Actor, v *visit.Visit, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, visit.Kind, string(v.ID), m, now)
	e.Programme = v.Programme
	e.Facts = map[string]string{"application": string(v.Application), "team": strconv.Itoa(len(v.Team))}
	if !v.On.IsZero() {
		e.Facts["on"] = v.On.String()
	}
	if v.Edition > 0 {
		e.Facts["edition"] = strconv.Itoa(v.Edition)
	}
	return e
}

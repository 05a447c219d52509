package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// ProposeRevocation proposes to withdraw a title on a ground that the office found
// (S64, S66). For a failed rectification the clock does it.
func (d *Desk) ProposeRevocation(ctx context.Context, by stage.Actor, title id.Designation, ground, facts string) (key id.Revocation, err error) {
	defer fault.Wrap(&err, "casework.ProposeRevocation(%s)", title)
	err = d.Store.Change(ctx, func(tx *store.Tx) (e record.Entry, err error) {
		t, err := tx.Designation(title)
		if err != nil {
			return e, err
		}
		if by.Programme != "" && by.Programme != t.Programme {
			return e, fault.Missing()
		}
		c := revocation.Case{Title: t, Ground: ground, Facts: facts}
		if ground == revocation.Rectification {
			if c.Rectification, c.Failed, err = failedOrder(tx, title); err != nil {
				return e, err
			}
		}
		e, key, err = d.propose(tx, by, c, d.Now())
		return e, err
	})
	return key, err
}

// failedOrder finds the last order about a title, if it failed and no proceeding
// rests on it.
func failedOrder(tx *store.Tx, title id.Designation) (key id.Rectification, failed bool, err error) {
	orders, err := tx.RectificationsOf(title)
	if err != nil || len(orders) == 0 {
		return "", false, err
	}
	last := orders[len(orders)-1]
	if last.State != rectification.Failed {
		return "", false, nil
	}
	before, err := tx.RevocationsOf(title)
	for _, r := range before {
		if r.Rectification == last.ID {
			return "", false, err
		}
	}
	return last.ID, true, err
}

func (d *Desk) propose(tx *store.Tx, by stage.Actor, c revocation.Case, now time.Time) (e record.Entry, key id.Revocation, err error) {
	before, err := tx.RevocationsOf(c.Title.ID)
	if err != nil {
		return e, "", err
	}
	for _, r := range before {
		c.Open = c.Open || r.Open()
	}
	r, m, err := revocation.Propose(by, id.New[id.Revocation](d.Rand), c, now)
	if err != nil {
		return e, "", err
	}
	return d.revocationEntry(by, &r, m, now), r.ID, tx.AddRevocation(&r)
}

// proposeRevocations proposes to withdraw the titles whose rectification failed,
// with nobody pressing a button (S71, S72).
func (d *Desk) proposeRevocations(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]rectification.Rectification, error) { return tx.RectificationsFailed() },
		func(o rectification.Rectification) error {
			return d.Store.Change(ctx, func(tx *store.Tx) (e record.Entry, err error) {
				t, err := tx.Designation(o.Designation)
				if err != nil {
					return e, err
				}
				c := revocation.Case{Title: t, Ground: revocation.Rectification, Facts: failedFacts(&o)}
				if c.Rectification, c.Failed, err = failedOrder(tx, t.ID); err != nil {
					return e, err
				}
				e, _, err = d.propose(tx, stage.TheClock, c, now)
				return e, err
			})
		})
}

// failedFacts says what a failed order found, as the notice prints it.
func failedFacts(o *rectification.Rectification) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s送达整改通知，限%s前整改%d项。%s", o.ServedOn.Chinese(), o.DueOn.Chinese(), len(o.Items), sentence(o.Reason))
	for n, i := range o.Items {
		if !i.Evident {
			fmt.Fprintf(&b, "\n%d. %s", n+1, i.Say)
			if i.Note != "" {
				fmt.Fprintf(&b, "（验收意见：%s）", i.Note)
			}
		}
	}
	return cutFacts(b.String())
}

// cutFacts keeps a text that was put together within what a proposal may hold.
func cutFacts(s string) string {
	if r := []rune(s); len(r) > revocation.Longest {
		return string(r[:revocation.Longest-1]) + "…"
	}
	return s
}

// revocationCase is what an act on a proceeding gets.
type revocationCase struct {
	tx         *store.Tx
	Proceeding *revocation.Revocation
	Title      designation.Designation
	Rules      *programme.Programme
	now        time.Time
}

// revocationAct runs one move of a proceeding that the actor may see. version is
// the one that the actor saw; 0 when it does not matter.
func (d *Desk) revocationAct(ctx context.Context, by stage.Actor, key id.Revocation, version int64, act string, do func(*revocationCase) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: revocation.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if by.Role != stage.Clock {
			if _, err := tx.RevocationFor(by, key); err != nil {
				return record.Entry{}, err
			}
		}
		c, err := revocationOf(tx, key, now)
		if err != nil {
			return record.Entry{}, err
		}
		if version != 0 && version != c.Proceeding.Version {
			return record.Entry{}, fault.Stale()
		}
		m, err := do(c)
		if err != nil {
			return record.Entry{}, err
		}
		return d.revocationEntry(by, c.Proceeding, m, now), tx.PutRevocation(c.Proceeding)
	})
}

func revocationOf(tx *store.Tx, key id.Revocation, now time.Time) (*revocationCase, error) {
	r, err := tx.Revocation(key)
	if err != nil {
		return nil, err
	}
	c := &revocationCase{tx: tx, Proceeding: &r, now: now}
	if c.Title, err = tx.Designation(r.Designation); err != nil {
		return nil, err
	}
	c.Rules, err = programmeOfTitle(tx, &c.Title)
	return c, err
}

func (d *Desk) revocationEntry(by stage.Actor, r *revocation.Revocation, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, revocation.Kind, string(r.ID), m, now)
	e.Programme = r.Programme
	e.Facts = map[string]string{"designation": string(r.Designation), "ground": r.Ground}
	for name, value := range map[string]string{
		"rectification": string(r.Rectification), "hearing_last": r.HearingLast.String(), "calendar": r.CalendarVersion, "item": string(r.Decision),
		"appeal_last": r.AppealLast.String(), "appeal_item": string(r.AppealItem), "barred_until": r.BarredUntil.String(),
	} {
		if value != "" {
			e.Facts[name] = value
		}
	}
	return e
}

// NotifyRevocation records the day on which the holder received the notice, which
// opens the time to be heard.
func (d *Desk) NotifyRevocation(ctx context.Context, by stage.Actor, key id.Revocation, on calendar.Date, version int64) error {
	return d.revocationAct(ctx, by, key, version, "notify", func(c *revocationCase) (stage.Move, error) {
		cal, err := c.tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return c.Proceeding.Notify(by, on, c.Rules.Revocation, cal, c.now)
	})
}

// StateAgainstRevocation gives the holder's statement (陈述申辩).
func (d *Desk) StateAgainstRevocation(ctx context.Context, by stage.Actor, key id.Revocation, statement string, version int64) error {
	return d.revocationAct(ctx, by, key, version, "state", func(c *revocationCase) (stage.Move, error) {
		return c.Proceeding.Speak(by, statement, c.now)
	})
}

// AppealRevocation appeals against the decision (申诉).
func (d *Desk) AppealRevocation(ctx context.Context, by stage.Actor, key id.Revocation, appeal string, version int64) error {
	return d.revocationAct(ctx, by, key, version, "appeal", func(c *revocationCase) (stage.Move, error) {
		return c.Proceeding.Contest(by, appeal, c.now)
	})
}

// closeHearings ends the hearings whose time passed.
func (d *Desk) closeHearings(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsUnheard(now) },
		func(r revocation.Revocation) error {
			return d.revocationAct(ctx, stage.TheClock, r.ID, 0, "close_hearing", func(c *revocationCase) (stage.Move, error) {
				return c.Proceeding.CloseHearing(stage.TheClock, c.now)
			})
		})
}

// finaliseRevocations makes the decisions final against which no appeal came.
func (d *Desk) finaliseRevocations(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsUnappealed(now) },
		func(r revocation.Revocation) error {
			return d.revocationAct(ctx, stage.TheClock, r.ID, 0, "finalise", func(c *revocationCase) (stage.Move, error) {
				return c.Proceeding.Finalise(stage.TheClock, c.now)
			})
		})
}

// endRevocations closes the proceedings whose title ended in another way.
func (d *Desk) endRevocations(ctx context.Context, _ time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsOutlived() },
		func(r revocation.Revocation) error {
			return d.revocationAct(ctx, stage.TheClock, r.ID, 0, "end", func(c *revocationCase) (stage.Move, error) {
				return c.Proceeding.End(stage.TheClock, c.Title, c.now)
			})
		})
}

// revocationCommitments lists the days that notices told their holders.
func revocationCommitments(tx *store.Tx) (all []calendar.Commitment, err error) {
	hearing, err := tx.RevocationsHearing()
	if err != nil {
		return nil, err
	}
	for _, r := range hearing {
		c, err := revocationOf(tx, r.ID, time.Time{})
		if err != nil {
			return nil, err
		}
		all = append(all, calendar.Commitment{
			Thing: string(r.ID), Label: c.Title.Name + " 陈述申辩期限", From: r.NotifiedOn, Days: c.Rules.Revocation.HearingDays, Last: r.HearingLast, Version: r.CalendarVersion,
		})
	}
	return all, nil
}

// revocationMatter is how a withdrawal comes before the committee, and an appeal
// against it: carried revokes, or reinstates.
func (d *Desk) revocationMatter(title string, at stage.State, decided func(*revocationCase, stage.Actor, item.Item, bool) (stage.Move, error)) matter {
	return matter{
		facts: func(tx *store.Tx, key string) (f item.Facts, err error) {
			r, err := tx.Revocation(id.Revocation(key))
			if err != nil {
				return f, err
			}
			t, err := tx.Designation(r.Designation)
			return titleFacts(t, title+t.Name, r.State == at && (at == revocation.Appealed || t.Live())), err
		},
		waiting: func(tx *store.Tx, p id.Programme, _ id.Round) (all []item.Facts, err error) {
			waiting, err := tx.RevocationsIn(p, at)
			for _, r := range waiting {
				all = append(all, item.Facts{Subject: item.Subject{ID: string(r.ID)}})
			}
			return all, err
		},
		decided: func(tx *store.Tx, by stage.Actor, i item.Item, carried bool, now time.Time) error {
			c, err := revocationOf(tx, id.Revocation(i.Subject.ID), now)
			if err != nil || at == revocation.Heard && !c.Title.Live() {
				return err // the clock ends the proceeding about a title that is gone
			}
			m, err := decided(c, by, i, carried)
			if err != nil {
				return err
			}
			tx.Also(d.revocationEntry(by, c.Proceeding, m, now))
			return tx.PutRevocation(c.Proceeding)
		},
	}
}

// revocationDecided carries out the decision whether to withdraw a title. One that
// is kept after a failed order is valid again, until its last day.
func (d *Desk) revocationDecided(c *revocationCase, by stage.Actor, i item.Item, revoke bool) (m stage.Move, err error) {
	cal, err := c.tx.Calendar()
	if err != nil {
		return m, err
	}
	r := c.Proceeding
	if m, err = r.Decide(by, i.ID, revoke, orReason(i.Reason), c.Rules, cal, c.now); err != nil {
		return m, err
	}
	switch {
	case revoke:
		err = d.titleMoves(c.tx, by, c.Title.ID, c.now, func(t *designation.Designation) (stage.Move, error) {
			return t.Revoke(by, revocation.Grounds[r.Ground], c.now)
		})
	case r.Ground == revocation.Rectification && c.Title.State == designation.Rectifying:
		err = d.titleReturns(c, by, func(t *designation.Designation) (stage.Move, error) { return t.Restore(by, c.now) })
	}
	return m, err
}

// titleReturns makes a title valid again that the committee did not withdraw, or
// gave back. It is not renewed: it runs to its last day. Where it has none, or a
// recheck does not renew, the next recheck moves on, so that there is one. A recheck that
// ended with the title falls due anew.
func (d *Desk) titleReturns(c *revocationCase, by stage.Actor, move func(*designation.Designation) (stage.Move, error)) error {
	moves := []func(*designation.Designation) (stage.Move, error){move}
	all, err := c.tx.RechecksOf(c.Title.ID)
	if err != nil {
		return err
	}
	var taken []calendar.Date
	ended := false
	for _, k := range all {
		taken = append(taken, k.DueOn)
		ended = ended || k.State == recheck.Ended && k.OfTerm() && k.DueOn == c.Title.RecheckDue
	}
	if ended {
		moves[0] = func(t *designation.Designation) (stage.Move, error) {
			m, err := move(t)
			t.RecheckDue = recheck.DueAnew(*t, c.Rules.Recheck, taken, calendar.DateOf(c.now))
			return m, err
		}
	}
	renews := !c.Title.ValidTo.IsZero() && (c.Rules.Recheck.Effect == "" || c.Rules.Recheck.Effect == "renew")
	for _, k := range all {
		if k.State == recheck.Slipped && k.DueOn == c.Title.RecheckDue && !renews && (c.Title.ValidTo.IsZero() || c.now.Before(c.Title.ValidTo.End())) {
			moves = append(moves, func(t *designation.Designation) (stage.Move, error) { return t.Pass(by, k.ID, c.Rules, c.now) })
		}
	}
	return d.titleMoves(c.tx, by, c.Title.ID, c.now, moves...)
}

// appealDecided carries out the decision on an appeal.
func (d *Desk) appealDecided(c *revocationCase, by stage.Actor, i item.Item, reinstate bool) (stage.Move, error) {
	m, err := c.Proceeding.Settle(by, i.ID, reinstate, orReason(i.Reason), c.now)
	if err != nil || !reinstate {
		return m, err
	}
	return m, d.titleReturns(c, by, func(t *designation.Designation) (stage.Move, error) { return t.Reinstate(by, c.now) })
}

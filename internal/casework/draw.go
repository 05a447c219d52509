package casework

import (
	"context"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/lot"
	"shifan/internal/record"
	"shifan/internal/store"
)

// PlaceAssessor puts an assessor into a stratum of a programme's pool, or out of it.
func (d *Desk) PlaceAssessor(ctx context.Context, by stage.Actor, p id.Programme, who id.Account, stratum string) (err error) {
	defer fault.Wrap(&err, "casework: pool.place(%s)", who)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if by.Programme != "" && by.Programme != p {
			return record.Entry{}, fault.Missing()
		}
		strata, err := strataOf(tx, p)
		if err != nil {
			return record.Entry{}, err
		}
		all, err := assessors(tx, p)
		if err != nil {
			return record.Entry{}, err
		}
		known := false
		for _, s := range all {
			known = known || s.Account == who
		}
		place, m, err := draw.Put(by, p, who, known, stratum, strata, now)
		if err != nil {
			return record.Entry{}, err
		}
		e := d.entry(by, draw.PoolKind, place.Key, m, now)
		e.Programme, e.Facts = p, map[string]string{"stratum": stratum}
		return e, tx.PutPlace(&place)
	})
}

// strataOf is what a programme's pool is parted into now.
func strataOf(tx *store.Tx, key id.Programme) ([]programme.Stratum, error) {
	p, _, err := tx.ProgrammeNow(key)
	if err != nil {
		return nil, err
	}
	return draw.Strata(p.Visit, team.Of(p.Visit)), nil
}

// candidates is the pool of a programme as it is now: everybody who is in a stratum,
// with what they are recused from among the given cases.
func candidates(tx *store.Tx, p id.Programme, strata []programme.Stratum, cases []draw.Case) (all []draw.Candidate, err error) {
	placed, err := placesOf(tx, p)
	if err != nil {
		return nil, err
	}
	people, err := assessors(tx, p)
	if err != nil {
		return nil, err
	}
	tied := map[id.Account][]id.Organisation{}
	for _, c := range cases {
		ties, err := tx.InterestsIn(c.Organisation)
		if err != nil {
			return nil, err
		}
		for who := range ties {
			tied[who] = append(tied[who], c.Organisation)
		}
	}
	for _, s := range people {
		if stratum := draw.StratumOf(placed[s.Account], strata); stratum != "" {
			all = append(all, draw.Candidate{Account: s.Account, Name: s.Name, Stratum: stratum, Tied: tied[s.Account]})
		}
	}
	return all, nil
}

func placesOf(tx *store.Tx, p id.Programme) (map[id.Account]string, error) {
	all, err := tx.Places(p)
	placed := map[id.Account]string{}
	for _, one := range all {
		placed[one.Account] = one.Stratum
	}
	return placed, err
}

// waiting lists the visits of a round that wait for a team and are in no draw that may
// come, or came, to a result; those of the given draw count as waiting.
func waiting(tx *store.Tx, r id.Round, own id.Draw) (all []draw.Case, err error) {
	draws, err := tx.DrawsOf(r)
	if err != nil {
		return nil, err
	}
	taken := map[id.Visit]bool{}
	for _, one := range draws {
		for _, c := range one.Cases {
			taken[c.Visit] = taken[c.Visit] || one.ID != own && one.Live()
		}
	}
	visits, err := tx.VisitsOf(r)
	if err != nil {
		return nil, err
	}
	for _, v := range visits {
		if !v.Waits() || taken[v.ID] {
			continue
		}
		a, err := tx.Application(v.Application)
		if err != nil {
			return nil, err
		}
		all = append(all, draw.Case{Visit: v.ID, Organisation: v.Organisation, Name: a.Name})
	}
	return all, nil
}

// OpenDraw freezes the pool for some visits of a round: a draw begins.
func (d *Desk) OpenDraw(ctx context.Context, by stage.Actor, r id.Round, visits []id.Visit) (key id.Draw, err error) {
	defer fault.Wrap(&err, "casework: draw.freeze(%s)", r)
	c := &drawing{by: by, now: d.Now()}
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		c.tx = tx
		if c.round, err = tx.Round(r); err != nil {
			return record.Entry{}, err
		}
		if by.Programme != "" && by.Programme != c.round.Programme {
			return record.Entry{}, fault.Missing()
		}
		if by.Role != stage.Clerk {
			_, err := draw.Kind.Step(draw.Frozen, "freeze", by.Role)
			return record.Entry{}, err
		}
		if err := c.load(); err != nil {
			return record.Entry{}, err
		}
		w := draw.Opened(c.round.Programme, r, nil, c.now)
		w.ID, c.draw = id.New[id.Draw](d.Rand), &w
		key = w.ID
		m, err := c.freeze(visits)
		if err != nil {
			return record.Entry{}, err
		}
		m.From = ""
		return d.drawEntry(by, &w, m, c.now), tx.AddDraw(&w)
	})
	return key, err
}

// RefreezeDraw freezes the pool again, before anybody committed, for those of the visits
// that still wait for a team.
func (d *Desk) RefreezeDraw(ctx context.Context, by stage.Actor, key id.Draw) error {
	return d.drawAct(ctx, by, key, "freeze", func(c *drawing) (stage.Move, error) {
		left, err := c.left()
		if err != nil {
			return stage.Move{}, err
		}
		return c.freeze(left)
	})
}

// RuleDraw publishes the rule of a draw.
func (d *Desk) RuleDraw(ctx context.Context, by stage.Actor, key id.Draw, revealBy time.Time, external string) error {
	return d.drawAct(ctx, by, key, "rule", func(c *drawing) (stage.Move, error) {
		return c.draw.Publish(by, c.strata, revealBy, external, c.now)
	})
}

// CommitToDraw takes a party's commitment.
func (d *Desk) CommitToDraw(ctx context.Context, by stage.Actor, key id.Draw, said draw.Commitment) error {
	return d.drawAct(ctx, by, key, "commit", func(c *drawing) (stage.Move, error) {
		return c.draw.Commit(by, c.name, said, c.now)
	})
}

// CloseDraw ends the commitments.
func (d *Desk) CloseDraw(ctx context.Context, by stage.Actor, key id.Draw) error {
	return d.drawAct(ctx, by, key, "close", func(c *drawing) (stage.Move, error) { return c.draw.Close(by) })
}

// RevealToDraw takes what a party committed to.
func (d *Desk) RevealToDraw(ctx context.Context, by stage.Actor, key id.Draw, said lot.Reveal) error {
	return d.drawAct(ctx, by, key, "reveal", func(c *drawing) (stage.Move, error) { return c.draw.Reveal(by, said, c.now) })
}

// EnterDrawValue takes the value from outside as one person reads it.
func (d *Desk) EnterDrawValue(ctx context.Context, by stage.Actor, key id.Draw, value string) error {
	return d.drawAct(ctx, by, key, "value", func(c *drawing) (stage.Move, error) { return c.draw.Enter(by, c.name, value, c.now) })
}

// ConcludeDraw comes to the order, publishes it, and seats the teams of its visits. A
// visit that got a team otherwise meanwhile, or is over, keeps what it has.
func (d *Desk) ConcludeDraw(ctx context.Context, by stage.Actor, key id.Draw) error {
	return d.drawAct(ctx, by, key, "conclude", func(c *drawing) (stage.Move, error) {
		m, err := c.draw.Conclude(by, c.now)
		if err != nil {
			return m, err
		}
		c.draw.Document = string(c.draw.Published(c.programme.Title, c.round.Title).Bytes())
		for _, one := range c.draw.Cases {
			if err := d.seatDrawn(c, one.Visit); err != nil {
				return m, err
			}
		}
		return m, nil
	})
}

// seatDrawn seats the team that a draw came to for one visit.
func (d *Desk) seatDrawn(c *drawing, key id.Visit) error {
	v, err := c.tx.Visit(key)
	if err != nil || !v.Waits() {
		return err
	}
	ties, err := c.tx.InterestsIn(v.Organisation)
	if err != nil {
		return err
	}
	m, err := v.Draw(c.by, c.draw, ties)
	if err != nil {
		return err
	}
	e := d.visitEntry(c.by, &v, m, c.now)
	e.Facts["draw"] = string(c.draw.ID)
	c.tx.Also(e)
	return c.tx.PutVisit(&v)
}

// refill seats the next of the draw's order for whoever left a team that was drawn.
func refill(tx *store.Tx, v *visit.Visit, left team.Seat, size int) error {
	if left.Drawn == "" {
		return nil
	}
	d, err := tx.Draw(left.Drawn)
	if err != nil {
		return err
	}
	ties, err := tx.InterestsIn(v.Organisation)
	if err != nil {
		return err
	}
	v.Refill(&d, ties, size)
	return nil
}

// FailDraw records that somebody did not commit or reveal in time.
func (d *Desk) FailDraw(ctx context.Context, by stage.Actor, key id.Draw, reason string) error {
	return d.drawAct(ctx, by, key, "fail", func(c *drawing) (stage.Move, error) { return c.draw.Fail(by, reason, c.now) })
}

// RestartDraw begins the one draw that takes the place of one that failed, with a pool
// of its own, for those of its visits that still wait for a team.
func (d *Desk) RestartDraw(ctx context.Context, by stage.Actor, key id.Draw) (next id.Draw, err error) {
	return next, d.drawAct(ctx, by, key, "restart", func(c *drawing) (stage.Move, error) {
		failed := *c.draw
		left, err := c.left()
		if err != nil {
			return stage.Move{}, err
		}
		m, err := c.draw.Restart(by, c.now)
		if err != nil {
			return m, err
		}
		w := draw.Opened(failed.Programme, failed.Round, &failed, c.now)
		w.ID = id.New[id.Draw](d.Rand)
		next = w.ID
		again := *c
		again.draw, again.own = &w, failed.ID
		begin, err := again.freeze(left)
		if err != nil {
			return m, err
		}
		begin.From = ""
		c.tx.Also(d.drawEntry(by, &w, begin, c.now))
		return m, c.tx.AddDraw(&w)
	})
}

// DrawByHand says how lots were drawn under supervision after two draws that failed.
func (d *Desk) DrawByHand(ctx context.Context, by stage.Actor, key id.Draw, how string) error {
	return d.drawAct(ctx, by, key, "manual", func(c *drawing) (stage.Move, error) { return c.draw.ByHand(by, how, c.now) })
}

// drawnByHand returns the draw by hand that a visit's team comes from, or "".
func drawnByHand(tx *store.Tx, v *visit.Visit) (key id.Draw, err error) {
	all, err := tx.DrawsOf(v.Round)
	for _, w := range all {
		if w.State == draw.Manual && w.Case(v.ID) != nil {
			key = w.ID
		}
	}
	return key, err
}

// CancelDraw gives a draw up before anybody committed.
func (d *Desk) CancelDraw(ctx context.Context, by stage.Actor, key id.Draw, reason string) error {
	return d.drawAct(ctx, by, key, "cancel", func(c *drawing) (stage.Move, error) { return c.draw.Cancel(by, reason, c.now) })
}

// drawing is what an act on a draw gets.
type drawing struct {
	tx        *store.Tx
	by        stage.Actor
	name      string // the actor's
	draw      *draw.Draw
	own       id.Draw // whose visits count as waiting; empty: the draw's
	round     round.Round
	programme *programme.Programme
	strata    []programme.Stratum
	now       time.Time
}

func (c *drawing) load() (err error) {
	if c.programme, err = c.tx.ProgrammeOf(c.round.ID); err != nil {
		return err
	}
	c.strata = draw.Strata(c.programme.Visit, team.Of(c.programme.Visit))
	return nil
}

// left lists the visits of a draw that still wait for a team: what became of the others
// meanwhile, a withdrawal or a waiver, does not hold them up.
func (c *drawing) left() (some []id.Visit, err error) {
	all, err := waiting(c.tx, c.round.ID, c.draw.ID)
	for _, one := range all {
		if c.draw.Case(one.Visit) != nil {
			some = append(some, one.Visit)
		}
	}
	return some, err
}

func (c *drawing) freeze(visits []id.Visit) (stage.Move, error) {
	own := c.own
	if own == "" {
		own = c.draw.ID
	}
	cases, err := waiting(c.tx, c.round.ID, own)
	if err != nil {
		return stage.Move{}, err
	}
	all, err := candidates(c.tx, c.round.Programme, c.strata, cases)
	if err != nil {
		return stage.Move{}, err
	}
	return c.draw.Freeze(c.by, visits, cases, all, c.strata)
}

// drawAct runs one move of a draw.
func (d *Desk) drawAct(ctx context.Context, by stage.Actor, key id.Draw, act string, do func(*drawing) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: draw.%s(%s)", act, key)
	c := &drawing{by: by, now: d.Now()}
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			c.tx = tx
			w, err := tx.Draw(key)
			if err != nil {
				return record.Entry{}, err
			}
			if by.Programme != "" && by.Programme != w.Programme {
				return record.Entry{}, fault.Missing()
			}
			c.draw = &w
			if c.round, err = tx.Round(w.Round); err != nil {
				return record.Entry{}, err
			}
			if err := c.load(); err != nil {
				return record.Entry{}, err
			}
			if c.name, err = namesIn(tx)(by.Account); err != nil {
				return record.Entry{}, err
			}
			m, err := do(c)
			if err != nil {
				return record.Entry{}, err
			}
			return d.drawEntry(by, &w, m, c.now), tx.PutDraw(&w)
		})
	})
}

// drawEntry is the line of the record for a move of a draw: the digests of pool and
// rule, how many committed and revealed, and the digest of what was published. So
// neither can be changed afterwards without the record saying so.
func (d *Desk) drawEntry(by stage.Actor, w *draw.Draw, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, draw.Kind, string(w.ID), m, now)
	e.Programme = w.Programme
	e.Facts = map[string]string{"pool": w.Pool.Digest()}
	if w.Ruled() {
		e.Facts["rule"] = w.Rule.Digest()
	}
	if p := w.Party(draw.SideOf(by.Role)); p != nil && m.Act == "commit" {
		e.Facts["commitment"] = p.Commitment
	}
	if w.State == draw.Failed {
		for _, side := range w.Missing() {
			e.Facts["missing."+side] = "yes"
		}
	}
	if w.Document != "" {
		e.Facts["sha256"] = lot.DigestOf([]byte(w.Document))
	}
	return e
}

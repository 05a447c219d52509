package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/invariant/together"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/lot"
)

// drawing is a draw with what its sides keep to themselves.
type drawing struct {
	*draw.Draw
	of      *edition
	secrets map[string]lot.Reveal
	silent  string // the side that never reveals; empty: all do
	c       together.Case
}

// mayDraw is what may be done about the teams of a round that are drawn.
func (l *life) mayDraw(e *edition) {
	if !l.draws {
		return
	}
	for _, d := range e.draws {
		switch d.State {
		case draw.Frozen, draw.Ruled, draw.Committed, draw.Revealed:
			l.may(40, func() { l.carryOn(d) })
		case draw.Failed:
			l.may(8, func() { l.again(d) })
		default:
			continue
		}
		return // one after another
	}
	if cases := l.undrawn(e, ""); len(cases) > 0 {
		l.may(8, func() { l.openDraw(e, cases) })
	}
}

// undrawn lists the visits of a round that wait for a team and are in no draw that
// lives; those of the given one count as waiting.
func (l *life) undrawn(e *edition, own id.Draw) (all []draw.Case) {
	for _, f := range e.files {
		if f.visit == nil || f.Stage != "visit" || !f.visit.Waits() {
			continue
		}
		taken := slices.ContainsFunc(e.draws, func(d *drawing) bool {
			return d.ID != own && (d.Live() || d.State == draw.Manual) && d.Case(f.visit.ID) != nil
		})
		if !taken {
			all = append(all, draw.Case{Visit: f.visit.ID, Organisation: f.Organisation, Name: f.Name})
		}
	}
	return all
}

// candidates is the pool: everybody who is in a stratum, with whom they are tied to.
func (l *life) candidates(e *edition) (all []draw.Candidate) {
	strata := l.strata()
	for n, a := range l.assessors {
		c := draw.Candidate{Account: a.Account, Name: string(a.Account), Stratum: strata[n%len(strata)].Code}
		for _, f := range e.files {
			if f.ties[a.Account] != "" {
				c.Tied = append(c.Tied, f.Organisation)
			}
		}
		all = append(all, c)
	}
	return all
}

func (l *life) freeze(d *drawing, by stage.Actor, cases []draw.Case) (stage.Move, error) {
	var chosen []id.Visit
	for _, c := range cases {
		chosen = append(chosen, c.Visit)
	}
	m, err := d.Freeze(by, chosen, l.undrawn(d.of, d.ID), l.candidates(d.of), l.strata())
	if err == nil {
		d.secrets = map[string]lot.Reveal{}
	}
	return m, err
}

func (l *life) openDraw(e *edition, cases []draw.Case) {
	l.beginDraw(e, l.anyone(l.clerks), nil, cases)
}

// beginDraw freezes the pool of a draw, the first or the one that another failed before.
func (l *life) beginDraw(e *edition, by stage.Actor, failed *drawing, cases []draw.Case) {
	var earlier *draw.Draw
	if failed != nil {
		earlier = failed.Draw
	}
	w := draw.Opened(l.programme.Name, e.ID, earlier, l.now)
	w.ID = id.Draw(l.key("drw"))
	d := &drawing{Draw: &w, of: e, secrets: map[string]lot.Reveal{}}
	if l.chance(20) {
		d.silent = pick(l, []string{"office", "supervision", "committee", "applicants"})
	}
	m, err := l.freeze(d, by, cases)
	if err != nil {
		l.refused(draw.Kind, err)
		return
	}
	m.From = ""
	e.draws = append(e.draws, d)
	l.did(draw.Kind, string(d.ID), m, nil)
	l.drew(d, m)
}

// drew looks at a draw after an act, with the others of its round.
func (l *life) drew(d *drawing, m stage.Move) {
	others := make([]*draw.Draw, len(d.of.draws))
	for n, o := range d.of.draws {
		others[n] = o.Draw
	}
	if len(d.Parties) > 0 && (d.c.Draw == nil || d.c.Draw.Fixed == "") {
		d.c.Draw = &together.Drawn{Draw: d.Draw, Fixed: together.Fix(d.Draw)}
	} else if d.c.Draw == nil {
		d.c.Draw = &together.Drawn{Draw: d.Draw}
	}
	d.c.Draw.Others = others
	l.together("draw."+m.Act, &d.c)
}

// drawAct tries an act on a draw.
func (l *life) drawAct(d *drawing, by stage.Actor, do func() (stage.Move, error)) bool {
	var m stage.Move
	ok := attempt(l, draw.Kind, d.Draw, string(d.ID), nil, by, func() (was stage.Move, err error) {
		m, err = do()
		return m, err
	})
	if ok {
		l.drew(d, m)
	}
	return ok
}

// carryOn takes a draw on: the rule, the commitments, the reveals, the result; now and
// then something that may not be done any more.
func (l *life) carryOn(d *drawing) {
	if l.chance(4) {
		l.meddle(d)
		return
	}
	switch {
	case d.State == draw.Frozen:
		by := l.anyone(l.directors)
		until := l.now.Add(time.Duration(5*24+l.IntN(40*24)) * time.Hour)
		external := ""
		if l.chance(20) {
			external = "福利彩票3D当日开奖号码"
		}
		l.drawAct(d, by, func() (stage.Move, error) { return d.Publish(by, l.strata(), until, external, l.now) })
	case d.Over(l.now) && (d.State == draw.Ruled || d.State == draw.Committed):
		by := l.anyone(l.directors)
		l.drawAct(d, by, func() (stage.Move, error) { return d.Fail(by, "有一方没有揭示", l.now) })
	case d.State == draw.Ruled && len(d.Parties) >= lot.LeastParties && l.chance(60):
		by := l.anyone(l.directors)
		l.drawAct(d, by, func() (stage.Move, error) { return d.Close(by) })
	case d.State == draw.Ruled:
		for range 1 + l.IntN(3) {
			l.commit(d)
		}
	case d.State == draw.Committed:
		for range 1 + l.IntN(3) {
			l.reveal(d)
		}
	default:
		l.result(d)
	}
}

// party is somebody who takes a side, with the side: most of the time one that has
// something left to do.
func (l *life) party(d *drawing) (by stage.Actor, side string) {
	for range 4 {
		by = pick(l, []stage.Actor{l.clerks[0], l.scrutineers[0], l.chairs[0], l.hostOf(d)})
		side = draw.SideOf(by.Role)
		p := d.Party(side)
		if d.State == draw.Ruled && p == nil || d.State == draw.Committed && p != nil && p.RevealedAt.IsZero() || l.chance(3) {
			break
		}
	}
	return by, side
}

// hostOf acts for an organisation that is visited, or now and then for another.
func (l *life) hostOf(d *drawing) stage.Actor {
	for _, f := range d.of.files {
		if f.visit != nil && d.Case(f.visit.ID) != nil {
			return f.org.by
		}
	}
	return l.orgs[0].by
}

func (l *life) commit(d *drawing) {
	by, side := l.party(d)
	if l.chance(4) {
		by = pick(l, l.assessors) // who may be drawn takes no side
	}
	said := lot.Reveal{Secret: fmt.Sprintf("秘密%08d", l.IntN(1e8)), Nonce: strings.Repeat(fmt.Sprintf("%08x", l.Uint32()), 4)}
	c := draw.Commitment{Digest: said.Commitment()}
	if l.chance(30) {
		c = draw.Commitment{Reveal: said}
	}
	if l.drawAct(d, by, func() (stage.Move, error) { return d.Commit(by, string(by.Account), c, l.now) }) {
		d.secrets[side] = said
	}
}

func (l *life) reveal(d *drawing) {
	if d.State != draw.Committed {
		return // the last was revealed
	}
	by, side := l.party(d)
	if p := d.Party(side); side == d.silent && p != nil && p.RevealedAt.IsZero() {
		return
	}
	said := d.secrets[side]
	if l.chance(5) {
		said.Secret += "？"
	}
	l.drawAct(d, by, func() (stage.Move, error) { return d.Reveal(by, said, l.now) })
}

// result has the value from outside typed, comes to the order and seats the teams.
func (l *life) result(d *drawing) {
	if _, agreed := d.Value(); d.Rule.External != "" && !agreed && l.chance(95) {
		by := pick(l, append(slices.Clone(l.clerks), l.directors...))
		text := pick(l, []string{"3 5 7", "3 5 7", "3 5 1"})
		l.drawAct(d, by, func() (stage.Move, error) { return d.Enter(by, string(by.Account), text, l.now) })
		return
	}
	by := l.anyone(l.clerks)
	if !l.drawAct(d, by, func() (stage.Move, error) {
		m, err := d.Conclude(by, l.now)
		if err == nil {
			d.Document = string(d.Published(l.programme.Title, d.of.Title).Bytes())
		}
		return m, err
	}) {
		return
	}
	for _, f := range d.of.files {
		if v := f.visit; v != nil && d.Case(v.ID) != nil && v.Waits() {
			attempt(l, visit.Kind, v, string(v.ID), &f.c, by, func() (stage.Move, error) { return v.Draw(by, d.Draw, f.ties) })
			l.gone(f)
		}
	}
}

// meddle tries what would let somebody choose: another pool, no draw at all, a failure
// before the time.
func (l *life) meddle(d *drawing) {
	by := pick(l, [][]stage.Actor{l.clerks, l.directors})[0]
	l.drawAct(d, by, func() (stage.Move, error) {
		switch l.IntN(4) {
		case 0:
			return l.freeze(d, by, d.Cases)
		case 1:
			return d.Cancel(by, "不用抽取", l.now)
		case 2:
			return d.Fail(by, "有一方没有揭示", l.now)
		}
		return d.Close(by)
	})
}

// again lets a draw that failed begin once more, and after two has lots drawn by hand.
func (l *life) again(d *drawing) {
	if d.Attempt > 1 || l.chance(5) {
		by := l.anyone(l.scrutineers)
		l.drawAct(d, by, func() (stage.Move, error) { return d.ByHand(by, "监督方主持，现场抽签", l.now) })
		if d.State == draw.Manual || l.chance(95) {
			return
		}
	}
	by := l.anyone(l.clerks)
	cases := slices.DeleteFunc(l.undrawn(d.of, d.ID), func(c draw.Case) bool { return d.Case(c.Visit) == nil })
	if l.drawAct(d, by, func() (stage.Move, error) { return d.Restart(by, l.now) }) && len(cases) > 0 {
		l.beginDraw(d.of, by, d, cases)
	}
}

// handDrawn is the draw by hand that a visit's team comes from, or nothing.
func (f *file) handDrawn() id.Draw {
	for _, d := range f.edition.draws {
		if d.State == draw.Manual && d.Case(f.visit.ID) != nil {
			return d.ID
		}
	}
	return ""
}

// drawn is the concluded draw that somebody on the team of a visit comes from, or nil.
func (f *file) drawn() *draw.Draw {
	for _, d := range f.edition.draws {
		if d.State == draw.Concluded && slices.ContainsFunc(f.visit.Team, func(s team.Seat) bool { return s.Drawn == d.ID }) {
			return d.Draw
		}
	}
	return nil
}

// gone looks at a team after somebody joined or left it.
func (l *life) gone(f *file) {
	c := together.Case{Visit: &together.Visited{Visit: f.visit, Draw: f.drawn(), Ties: f.ties}}
	l.together("visit.team", &c)
}

// refill seats the next of the order for whoever left a team that was drawn.
func (l *life) refill(f *file, left team.Seat, size int) {
	for _, d := range f.edition.draws {
		if left.Drawn != "" && d.ID == left.Drawn {
			f.visit.Refill(d.Draw, f.ties, size)
		}
	}
	l.gone(f)
}

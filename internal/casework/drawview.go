package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/store"
)

// DrawFilter is the store's, so that the doors need not know the store.
type DrawFilter = store.DrawFilter

// DrawView is a draw as its viewer may see it.
type DrawView struct {
	Draw      draw.Draw
	Programme *programme.Programme
	Round     round.Round
	Document  []byte // what is published of it
	Strata    []programme.Stratum
	Teams     []lot.Team
	Acts      []string // what the viewer may do with it now, as far as the table says
	Mine      *draw.Party
	Now       time.Time
}

// Title is how a draw is called where there are several.
func (v DrawView) Title() string { return v.Round.Title + " 考核组抽取" }

// Stratum is what people call a stratum.
func (v DrawView) Stratum(code string) string {
	for _, s := range v.Strata {
		if s.Code == code {
			return s.Title
		}
	}
	return code
}

// Draws lists the draws as the viewer may see them, the latest first.
func (d *Desk) Draws(ctx context.Context, by stage.Actor, f DrawFilter) (all []DrawView, err error) {
	defer fault.Wrap(&err, "casework.Draws")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		draws, err := tx.Draws(by, f)
		for _, w := range draws {
			v, err := d.drawView(tx, by, w)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return err
	})
	return all, err
}

// Draw returns one draw as the viewer may see it.
func (d *Desk) Draw(ctx context.Context, by stage.Actor, key id.Draw) (v DrawView, err error) {
	defer fault.Wrap(&err, "casework.Draw(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		w, err := tx.DrawFor(by, key)
		if err != nil {
			return err
		}
		v, err = d.drawView(tx, by, w)
		return err
	})
	return v, err
}

func (d *Desk) drawView(tx *store.Tx, by stage.Actor, w draw.Draw) (v DrawView, err error) {
	v.Draw, v.Now = w, d.Now()
	if v.Round, err = tx.Round(w.Round); err != nil {
		return v, err
	}
	if v.Programme, err = tx.ProgrammeOf(w.Round); err != nil {
		return v, err
	}
	c := drawing{tx: tx, round: v.Round}
	if err := c.load(); err != nil {
		return v, err
	}
	v.Strata = c.strata
	v.Document = []byte(w.Document)
	if w.Document == "" {
		v.Document = w.Published(v.Programme.Title, v.Round.Title).Bytes()
	}
	if w.State == draw.Concluded {
		v.Teams = lot.Teams(w.Pool, w.Rule, w.Ranking())
	}
	v.Mine = v.Draw.Party(draw.SideOf(by.Role))
	if by.Programme == "" || by.Programme == w.Programme {
		v.Acts = drawActs(by, &v.Draw, v.Now)
	}
	return v, nil
}

// drawActs lists what a viewer may do now: what the table says, without what the rules
// would refuse.
func drawActs(by stage.Actor, w *draw.Draw, now time.Time) []string {
	mine := w.Party(draw.SideOf(by.Role))
	return slices.DeleteFunc(draw.Kind.May(w.State, by.Role), func(act string) bool {
		switch act {
		case "complete":
			return true
		case "freeze", "cancel":
			return len(w.Parties) > 0
		case "commit":
			return mine != nil || w.Over(now) || w.Seated(by.Account) || by.Role == stage.Applicant && !slices.ContainsFunc(w.Cases, func(c draw.Case) bool { return c.Organisation == by.Organisation && c.Organisation != "" })
		case "close":
			return len(w.Parties) < lot.LeastParties
		case "reveal":
			return mine == nil || mine.Account != by.Account || !mine.RevealedAt.IsZero()
		case "value":
			_, agreed := w.Value()
			return w.Rule.External == "" || agreed
		case "conclude":
			_, agreed := w.Value()
			return w.Rule.External != "" && !agreed
		case "fail":
			return !w.Over(now)
		case "restart":
			return w.Attempt > 1
		case "manual":
			return w.Attempt < 2
		}
		return false
	})
}

// drawWork is what draws ask of their parties: to commit, or to reveal, while it counts; and
// of the office, to bring one to its end, or to begin it anew.
func drawWork(tx *store.Tx, by stage.Actor, now time.Time) (items []WorkItem, err error) {
	if draw.SideOf(by.Role) == "" {
		return nil, nil
	}
	all, err := tx.Draws(by, DrawFilter{States: []stage.State{draw.Ruled, draw.Committed, draw.Revealed, draw.Failed}})
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		acts := drawActs(by, &w, now)
		for _, act := range []string{"commit", "reveal", "value", "conclude", "restart"} {
			ours := act == "commit" || act == "reveal"
			if !slices.Contains(acts, act) || !ours && by.Role != stage.Clerk {
				continue
			}
			r, err := tx.Round(w.Round)
			if err != nil {
				return nil, err
			}
			i := WorkItem{Title: draw.Kind.Word(act) + " " + r.Title + " 考核组抽取", Thing: string(w.ID), URL: "/draws/" + string(w.ID), Stage: draw.Kind.Label}
			if ours {
				i.URL, i.Due = i.URL+"/"+act, w.Rule.RevealBy
			}
			items = append(items, i)
		}
	}
	return items, nil
}

// DrawChoices is what a draw may be opened for.
type DrawChoices struct {
	Round   round.Round
	Waiting []draw.Case
	Pool    PoolView
}

// DrawChoices lists the rounds that have visits without a team, with the pool as it
// would be frozen.
func (d *Desk) DrawChoices(ctx context.Context, by stage.Actor) (all []DrawChoices, err error) {
	defer fault.Wrap(&err, "casework.DrawChoices")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		rounds, err := tx.Rounds(by, RoundFilter{Programme: by.Programme, States: []stage.State{round.Open, round.Closed}, Limit: 10})
		if err != nil {
			return err
		}
		ties, err := tx.TiesOf(by.Account)
		if err != nil {
			return err
		}
		for _, r := range rounds {
			c := DrawChoices{Round: r}
			if c.Waiting, err = waiting(tx, r.ID, ""); err != nil {
				return err
			}
			c.Waiting = slices.DeleteFunc(c.Waiting, func(one draw.Case) bool { return slices.Contains(ties, one.Organisation) })
			if len(c.Waiting) == 0 {
				continue
			}
			if c.Pool, err = poolView(tx, r.Programme); err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// PoolView is the pool of a programme.
type PoolView struct {
	Programme id.Programme
	Title     string
	Strata    []programme.Stratum
	People    []Pooled
}

// Pooled is an assessor in the pool, or beside it.
type Pooled struct {
	Account id.Account
	Name    string
	Stratum string // a code; "" for who is in none yet; draw.Out for who takes no part
}

// Count is how many are in a stratum.
func (v PoolView) Count(stratum string) (n int) {
	for _, p := range v.People {
		if p.Stratum == stratum {
			n++
		}
	}
	return n
}

func poolView(tx *store.Tx, key id.Programme) (v PoolView, err error) {
	v.Programme = key
	p, _, err := tx.ProgrammeNow(key)
	if err != nil {
		return v, err
	}
	v.Title = p.Title
	if v.Strata, err = strataOf(tx, key); err != nil {
		return v, err
	}
	placed, err := placesOf(tx, key)
	if err != nil {
		return v, err
	}
	all, err := assessors(tx, key)
	for _, s := range all {
		one := Pooled{Account: s.Account, Name: s.Name, Stratum: draw.StratumOf(placed[s.Account], v.Strata)}
		if placed[s.Account] == draw.Out {
			one.Stratum = draw.Out
		}
		v.People = append(v.People, one)
	}
	return v, err
}

// Pools lists the pools of the programmes that the viewer works in.
func (d *Desk) Pools(ctx context.Context, by stage.Actor) (all []PoolView, err error) {
	defer fault.Wrap(&err, "casework.Pools")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		names, err := tx.ProgrammesNow()
		if err != nil {
			return err
		}
		for _, p := range names {
			if by.Programme != "" && p.Name != by.Programme || !slices.Contains(p.Procedure, "visit") {
				continue
			}
			v, err := poolView(tx, p.Name)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return nil
	})
	return all, err
}

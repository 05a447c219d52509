package casework

import (
	"context"
	"iter"
	"maps"
	"strconv"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/places"
	"shifan/internal/lifecycle/ranking"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

type cut = ballot.Cut

func values(m map[string]cut) iter.Seq[cut] { return maps.Values(m) }

// ListItem puts a thing that waits for the committee on a meeting's agenda. One
// that was deferred is put there again.
func (d *Desk) ListItem(ctx context.Context, by stage.Actor, key id.Meeting, s item.Subject) (itemKey id.Item, err error) {
	defer fault.Wrap(&err, "casework.ListItem(%s, %s)", key, s.ID)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		m, err := tx.MeetingFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		f, before, err := d.factsToList(tx, &m, s)
		if err != nil {
			return record.Entry{}, err
		}
		agenda, err := tx.ItemsOf(key)
		if err != nil {
			return record.Entry{}, err
		}
		position := 1
		for _, i := range agenda {
			position = max(position, i.Position+1)
		}
		if before != nil {
			itemKey = before.ID
			mv, err := before.Relist(by, &m, f, position, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.itemEntry(by, before, mv, now), tx.PutItem(before)
		}
		i, mv, err := item.List(by, &m, f, position, now)
		if err != nil {
			return record.Entry{}, err
		}
		i.ID = id.New[id.Item](d.Rand)
		itemKey = i.ID
		return d.itemEntry(by, i, mv, now), tx.AddItem(i)
	})
	return itemKey, err
}

// factsToList gathers what an item rests on, and the deferred item about the same
// thing, if there is one.
func (d *Desk) factsToList(tx *store.Tx, m *meeting.Meeting, s item.Subject) (f item.Facts, before *item.Item, err error) {
	if f, err = d.factsOf(tx, m.Programme, s); err != nil {
		return f, nil, err
	}
	all, err := tx.ItemsAbout(s)
	if err != nil {
		return f, nil, err
	}
	for n := range all {
		switch i := &all[n]; i.State {
		case item.Listed, item.Voting, item.Counting:
			f.Elsewhere = true
		case item.Carried, item.Lost:
			on, err := tx.Meeting(i.Meeting)
			if err != nil {
				return f, nil, err
			}
			f.Elsewhere = f.Elsewhere || on.State == meeting.Sitting // its decision takes effect when that meeting closes
		case item.Deferred:
			before = i
		}
	}
	ties, err := interests(tx, m, f.Organisation)
	for who, why := range f.Interested {
		if ties[who] == "" {
			ties[who] = why
		}
	}
	f.Interested = ties
	return f, before, err
}

// interests finds the members who have an interest in the organisation that an
// item is about: declared, or because their own account acts for it.
func interests(tx *store.Tx, m *meeting.Meeting, o id.Organisation) (map[id.Account]string, error) {
	all := map[id.Account]string{}
	ties, err := tx.InterestsIn(o)
	for _, s := range m.Roster {
		if why := ties[s.Account]; s.Votes() && why != "" {
			all[s.Account] = why
		}
	}
	return all, err
}

// RecuseFromItem takes the actor out of an item; a clerk records it of who.
func (d *Desk) RecuseFromItem(ctx context.Context, by stage.Actor, key id.Item, who id.Account, reason string) error {
	return d.itemAct(ctx, by, key, "recuse", func(c *sitting) (stage.Move, error) {
		return c.item.Recuse(by, c.meeting, who, reason, c.votes)
	})
}

// WriteOpinion keeps the written opinion of a member on leave.
func (d *Desk) WriteOpinion(ctx context.Context, by stage.Actor, key id.Item, w item.Written) error {
	return d.itemAct(ctx, by, key, "write", func(c *sitting) (stage.Move, error) { return c.item.Write(by, c.meeting, w) })
}

// OpenVote opens the vote on an item.
func (d *Desk) OpenVote(ctx context.Context, by stage.Actor, key id.Item) error {
	return d.itemAct(ctx, by, key, "open_vote", func(c *sitting) (stage.Move, error) {
		f, err := d.factsOf(c.tx, c.meeting.Programme, c.item.Subject)
		if err != nil {
			return stage.Move{}, err
		}
		others, err := c.tx.ItemsOf(c.meeting.ID)
		if err != nil {
			return stage.Move{}, err
		}
		return c.item.OpenVote(by, c.meeting, f, others, c.now)
	})
}

// Vote gives the actor's vote on an item. The record says that they voted, never
// what.
func (d *Desk) Vote(ctx context.Context, by stage.Actor, key id.Item, choice string) error {
	return d.itemAct(ctx, by, key, "vote", func(c *sitting) (stage.Move, error) {
		v, mv, err := c.item.Vote(by, c.meeting, c.votes, choice, c.now)
		if err != nil {
			return mv, err
		}
		return mv, c.tx.AddVote(&v)
	})
}

// MayVote refuses what Vote would refuse now, and keeps nothing: for the page
// that shows a vote once more before it is given.
func (d *Desk) MayVote(ctx context.Context, by stage.Actor, key id.Item, choice string) (err error) {
	defer fault.Wrap(&err, "casework.MayVote(%s)", key)
	return d.Store.View(ctx, func(tx *store.Tx) error {
		if _, _, err := tx.ItemFor(by, key); err != nil {
			return err
		}
		i, err := tx.Item(key)
		if err != nil {
			return err
		}
		m, err := tx.Meeting(i.Meeting)
		if err != nil {
			return err
		}
		votes, err := tx.VotesIn(key, i.Ballot)
		if err != nil {
			return err
		}
		_, _, err = i.Vote(by, &m, votes, choice, d.Now())
		return err
	})
}

// CloseVote ends the vote on an item.
func (d *Desk) CloseVote(ctx context.Context, by stage.Actor, key id.Item) error {
	return d.itemAct(ctx, by, key, "close_vote", func(c *sitting) (stage.Move, error) {
		return c.item.CloseVote(by, c.meeting, c.votes, c.now)
	})
}

// CountBallots keeps a scrutineer's count of the paper ballots.
func (d *Desk) CountBallots(ctx context.Context, by stage.Actor, key id.Item, t ballot.Tally) error {
	return d.itemAct(ctx, by, key, "count", func(c *sitting) (stage.Move, error) { return c.item.Count(by, c.meeting, t, c.now) })
}

// AnnulVote declares a paper ballot void; the item is voted on again.
func (d *Desk) AnnulVote(ctx context.Context, by stage.Actor, key id.Item, reason string) error {
	return d.itemAct(ctx, by, key, "annul", func(c *sitting) (stage.Move, error) { return c.item.Annul(by, c.meeting, reason) })
}

// Declare announces the result of a vote. casting settles a tie where the
// programme leaves it to the chair.
func (d *Desk) Declare(ctx context.Context, by stage.Actor, key id.Item, casting, reason string) error {
	return d.itemAct(ctx, by, key, "declare", func(c *sitting) (stage.Move, error) {
		missing := sheetReady(c)
		mv, err := c.item.Declare(by, c.meeting, casting, reason, c.now)
		if err == nil {
			err = missing
		}
		return mv, err
	})
}

// DeferItem puts an item off to a later meeting.
func (d *Desk) DeferItem(ctx context.Context, by stage.Actor, key id.Item, reason string) error {
	return d.itemAct(ctx, by, key, "defer", func(c *sitting) (stage.Move, error) { return c.item.Defer(by, reason) })
}

// WithdrawItem takes an item off the agenda for good.
func (d *Desk) WithdrawItem(ctx context.Context, by stage.Actor, key id.Item, reason string) error {
	return d.itemAct(ctx, by, key, "withdraw", func(c *sitting) (stage.Move, error) { return c.item.Withdraw(by, reason) })
}

// SecondBallot puts a carried item to the vote again, because there are too few
// places.
func (d *Desk) SecondBallot(ctx context.Context, by stage.Actor, key id.Item) error {
	return d.itemAct(ctx, by, key, "second_ballot", func(c *sitting) (stage.Move, error) {
		cut, err := d.cutOf(c)
		if err != nil {
			return stage.Move{}, err
		}
		if err := ranking.Singly(c.meeting); err != nil {
			return stage.Move{}, err
		}
		return c.item.SecondBallot(by, c.meeting, cut)
	})
}

// Displace drops a carried item that is beyond the places.
func (d *Desk) Displace(ctx context.Context, by stage.Actor, key id.Item) error {
	return d.itemAct(ctx, by, key, "displace", func(c *sitting) (stage.Move, error) {
		cut, err := d.cutOf(c)
		if err != nil {
			return stage.Move{}, err
		}
		return c.item.Displace(by, c.meeting, cut, c.now)
	})
}

// cutOf says what the places do to the carried items of an item's category, or of
// all where there is one bound for all.
func (d *Desk) cutOf(c *sitting) (cut, error) {
	_, s, err := d.settlement(c.tx, c.meeting)
	if own, bound := s.Cuts[c.item.Category]; bound && !own.Settled() {
		return own, err
	}
	return s.Cuts[""], err
}

// settlement says how the items of a meeting stand, with the places that earlier
// meetings left.
func (d *Desk) settlement(tx *store.Tx, m *meeting.Meeting) (all []item.Item, s meeting.Settlement, err error) {
	if all, err = tx.ItemsOf(m.ID); err != nil {
		return nil, s, err
	}
	left, err := placesLeft(tx, m)
	return all, places.Settle(m, all, left), err
}

// placesLeft returns the places of each category that has a bound, less those
// that earlier meetings of the round gave away. What came back to the committee
// since does not hold its place.
func placesLeft(tx *store.Tx, m *meeting.Meeting) (map[string]int, error) {
	left := map[string]int{}
	if m.Round == "" {
		return left, nil
	}
	r, err := tx.Round(m.Round)
	if err != nil {
		return nil, err
	}
	p, err := tx.ProgrammeOf(m.Round)
	if err != nil {
		return nil, err
	}
	for _, c := range p.Applicants.Categories {
		if n := r.Places(p, c.Code); n > 0 {
			left[c.Code] = n
		}
	}
	if n := r.Places(p, ""); n > 0 {
		left[""] = n
	}
	all, err := tx.ItemsOfRound(m.Round)
	last := map[string]item.Item{}
	for _, i := range all {
		last[i.Subject.ID] = i
	}
	for _, i := range last {
		if i.State != item.Carried || i.Meeting == m.ID {
			continue
		}
		for c := range left {
			if c == "" || c == i.Category {
				left[c]--
			}
		}
	}
	return left, err
}

// sitting is what an act on an item gets: the item and its meeting as they are,
// and the votes of the ballot that is open.
type sitting struct {
	tx      *store.Tx
	meeting *meeting.Meeting
	item    *item.Item
	votes   []ballot.Vote
	now     time.Time
}

// itemAct runs one move of an item of a meeting that the actor may see. Two
// members who vote at once both succeed; a vote that meets the close of the vote
// is in or out, as the database puts them in order.
func (d *Desk) itemAct(ctx context.Context, by stage.Actor, key id.Item, act string, do func(*sitting) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: item.%s(%s)", act, key)
	now := d.Now()
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			if _, _, err := tx.ItemFor(by, key); err != nil {
				return record.Entry{}, err
			}
			i, err := tx.Item(key)
			if err != nil {
				return record.Entry{}, err
			}
			m, err := tx.Meeting(i.Meeting)
			if err != nil {
				return record.Entry{}, err
			}
			votes, err := tx.VotesIn(key, i.Ballot)
			if err != nil {
				return record.Entry{}, err
			}
			mv, err := do(&sitting{tx, &m, &i, votes, now})
			if err != nil {
				return record.Entry{}, err
			}
			return d.itemEntry(by, &i, mv, now), tx.PutItem(&i)
		})
	})
}

// itemEntry is the line of the record for a move of an item, with the figures
// once they are declared.
func (d *Desk) itemEntry(by stage.Actor, i *item.Item, mv stage.Move, now time.Time) record.Entry {
	e := d.entry(by, item.Kind, string(i.ID), mv, now)
	e.Programme = i.Programme
	e.Facts = map[string]string{"meeting": string(i.Meeting), "subject": i.Subject.ID, "ballot": strconv.Itoa(i.Ballot)}
	if mv.To == item.Carried || mv.To == item.Lost {
		e.Facts["entitled"], e.Facts["present"] = strconv.Itoa(i.Base.Entitled), strconv.Itoa(i.Base.Present)
		e.Facts["ayes"], e.Facts["noes"], e.Facts["abstentions"] = strconv.Itoa(i.Tally.Ayes), strconv.Itoa(i.Tally.Noes), strconv.Itoa(i.Tally.Abstentions)
	}
	return e
}

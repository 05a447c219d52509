package casework

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"shifan/internal/ballot"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// balloting is what an act on a meeting's secret ballots gets: the meeting, its key
// if there is one, and its elections, as they are.
type balloting struct {
	tx        *store.Tx
	meeting   meeting.Meeting
	ceremony  *ceremony.Ceremony
	elections []election.Election
	now       time.Time
}

// ballotingAct runs one act on a meeting's secret ballots.
func (d *Desk) ballotingAct(ctx context.Context, by stage.Actor, key id.Meeting, act string, do func(*balloting) (record.Entry, error)) (err error) {
	defer fault.Wrap(&err, "casework: election.%s(%s)", act, key)
	now := d.Now()
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			b := &balloting{tx: tx, now: now}
			if b.meeting, err = tx.MeetingFor(by, key); err != nil {
				return record.Entry{}, err
			}
			if b.ceremony, err = tx.CeremonyOf(key); err != nil {
				return record.Entry{}, err
			}
			if b.elections, err = tx.ElectionsOf(key); err != nil {
				return record.Entry{}, err
			}
			return do(b)
		})
	})
}

// rehearsed is what a rehearsal votes on.
var rehearsed = []string{"试投第一题（不作数）", "试投第二题（不作数）"}

// PrepareElections puts items to a secret ballot: one election for each distinct set
// of voters. A rehearsal is on nothing.
func (d *Desk) PrepareElections(ctx context.Context, by stage.Actor, key id.Meeting, keys []id.Item, rehearsal bool) error {
	return d.ballotingAct(ctx, by, key, "prepare", func(b *balloting) (record.Entry, error) {
		items, err := b.items(keys)
		if err != nil {
			return record.Entry{}, err
		}
		all, mv, err := election.Prepare(by, &b.meeting, b.ceremony, items, rehearsal, b.elections, b.now)
		if err != nil {
			return record.Entry{}, err
		}
		for _, e := range all {
			questions := rehearsed
			if !rehearsal {
				questions = nil
				for _, i := range items {
					if slices.Contains(e.Items, i.ID) {
						questions = append(questions, i.Title)
					}
				}
			}
			uuid, err := ballot.NewToken(d.Rand)
			if err != nil {
				return record.Entry{}, err
			}
			e.ID = id.New[id.Election](d.Rand)
			if err := e.Write(b.ceremony, uuid, b.meeting.Title, questions); err != nil {
				return record.Entry{}, err
			}
			if err := b.tx.AddElection(e); err != nil {
				return record.Entry{}, err
			}
			if e != all[0] {
				b.tx.Also(d.electionEntry(by, e, mv, b.now))
			}
		}
		return d.electionEntry(by, all[0], mv, b.now), nil
	})
}

// items returns the items of the meeting among keys, in the order of the agenda.
func (b *balloting) items(keys []id.Item) (some []*item.Item, err error) {
	all, err := b.tx.ItemsOf(b.meeting.ID)
	for n := range all {
		if slices.Contains(keys, all[n].ID) {
			some = append(some, &all[n])
		}
	}
	return some, err
}

// electionEntry is the line of the record for a move of an election: counts, and the
// fingerprint by which its archive is known.
func (d *Desk) electionEntry(by stage.Actor, e *election.Election, mv stage.Move, now time.Time) record.Entry {
	r := d.entry(by, election.Kind, string(e.ID), mv, now)
	r.Programme = e.Programme
	r.Facts = map[string]string{
		"meeting": string(e.Meeting), "voters": strconv.Itoa(len(e.Voters)), "items": strconv.Itoa(len(e.Items)), "fingerprint": ballot.B64([]byte(e.Object)),
	}
	if mv.To != election.Voting {
		r.Facts["voted"] = strconv.Itoa(e.Cast)
	}
	return r
}

// all moves every election of a meeting that stands in a state; it refuses as the
// table does when there is none.
func (d *Desk) allElections(b *balloting, by stage.Actor, act string, from []stage.State, move func(*election.Election) (stage.Move, error)) (first record.Entry, err error) {
	moved := 0
	for n := range b.elections {
		e := &b.elections[n]
		if !slices.Contains(from, e.State) {
			continue
		}
		mv, err := move(e)
		if err != nil {
			return first, err
		}
		entry := d.electionEntry(by, e, mv, b.now)
		if moved++; moved == 1 {
			first = entry
		} else {
			b.tx.Also(entry)
		}
		if err := b.tx.PutElection(e); err != nil {
			return first, err
		}
	}
	if moved == 0 {
		at := election.Resolved
		if len(b.elections) > 0 {
			at = b.elections[len(b.elections)-1].State
		}
		if _, err := election.Kind.Step(at, act, by.Role); err != nil {
			return first, err
		}
		return first, fault.Missing()
	}
	return first, nil
}

// RegisterElections keeps the public credentials of all prepared elections, by
// election.
func (d *Desk) RegisterElections(ctx context.Context, by stage.Actor, key id.Meeting, credentials map[id.Election]string) error {
	return d.ballotingAct(ctx, by, key, "register", func(b *balloting) (record.Entry, error) {
		return d.allElections(b, by, "register", []stage.State{election.Prepared}, func(e *election.Election) (stage.Move, error) {
			return e.Register(by, b.ceremony, credentials[e.ID])
		})
	})
}

// OpenElections opens the voting in all elections whose credentials are made.
func (d *Desk) OpenElections(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.ballotingAct(ctx, by, key, "open", func(b *balloting) (record.Entry, error) {
		return d.allElections(b, by, "open", []stage.State{election.Registered}, func(e *election.Election) (stage.Move, error) {
			items, err := b.items(e.Items)
			if err != nil {
				return stage.Move{}, err
			}
			pepper := make([]byte, 32)
			if _, err := d.Rand.Read(pepper); err != nil {
				return stage.Move{}, err
			}
			mv, err := e.Open(by, &b.meeting, items, hex.EncodeToString(pepper))
			if err != nil {
				return mv, err
			}
			return mv, d.openSecret(b, by, items)
		})
	})
}

func (d *Desk) openSecret(b *balloting, by stage.Actor, items []*item.Item) error {
	for _, i := range items {
		f, err := d.factsOf(b.tx, b.meeting.Programme, i.Subject)
		if err != nil {
			return err
		}
		others, err := b.tx.ItemsOf(b.meeting.ID)
		if err != nil {
			return err
		}
		mv, err := election.OpenItem(by, i, &b.meeting, f, others, b.now)
		if err != nil {
			return err
		}
		if err := d.saveItem(b, by, i, mv); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) saveItem(b *balloting, by stage.Actor, i *item.Item, mv stage.Move) error {
	b.tx.Also(d.itemEntry(by, i, mv, b.now))
	return b.tx.PutItem(i)
}

// CastBallot takes the actor's encrypted ballot and returns its tracker. The record
// says that a ballot came, within which hour, and not whose it is.
func (d *Desk) CastBallot(ctx context.Context, by stage.Actor, key id.Election, body string) (tracker string, err error) {
	defer fault.Wrap(&err, "casework.CastBallot(%s)", key)
	now := d.Now()
	err = again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			if _, _, err := tx.ElectionFor(by, key); err != nil {
				return record.Entry{}, err
			}
			e, err := tx.Election(key)
			if err != nil {
				return record.Entry{}, err
			}
			m, err := tx.Meeting(e.Meeting)
			if err != nil {
				return record.Entry{}, err
			}
			before, err := tx.BallotsBefore(key)
			if err != nil {
				return record.Entry{}, err
			}
			b, mv, err := e.Receive(by, &m, before, body, now)
			if err != nil {
				return record.Entry{}, err
			}
			tracker = b.Tracker
			if err := tx.AddBallot(&b); err != nil {
				return record.Entry{}, err
			}
			return d.electionEntry(stage.Actor{Role: stage.Member}, &e, mv, b.At), tx.PutElection(&e)
		})
	})
	return tracker, err
}

// CloseElections ends the voting, and sums the ballots up.
func (d *Desk) CloseElections(ctx context.Context, by stage.Actor, key id.Meeting) error {
	err := d.ballotingAct(ctx, by, key, "close", func(b *balloting) (record.Entry, error) {
		return d.allElections(b, by, "close", []stage.State{election.Voting}, func(e *election.Election) (stage.Move, error) {
			before, err := b.tx.BallotsBefore(e.ID)
			if err != nil {
				return stage.Move{}, err
			}
			voted := e.Voted(before)
			mv, err := e.Close(by, &b.meeting)
			if err != nil {
				return mv, err
			}
			items, err := b.items(e.Items)
			if err != nil {
				return mv, err
			}
			for _, i := range items {
				step, err := i.CloseVote(by, &b.meeting, voted, b.now)
				if err != nil {
					return mv, err
				}
				if err := d.saveItem(b, by, i, step); err != nil {
					return mv, err
				}
			}
			return mv, nil
		})
	})
	if err != nil {
		return err
	}
	return d.SumElections(ctx, by, key)
}

// SumElections multiplies the ballots of closed elections. That takes seconds, so it
// is done beside the database and kept afterwards; after a crash it is done again.
func (d *Desk) SumElections(ctx context.Context, by stage.Actor, key id.Meeting) (err error) {
	defer fault.Wrap(&err, "casework.SumElections(%s)", key)
	type sum struct {
		tally, size []byte
		wrong       error
	}
	sums := map[id.Election]sum{}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.ElectionsOf(key)
		for _, e := range all {
			if err != nil || e.State != election.Closed {
				continue
			}
			var file []byte
			if file, err = archiveOf(tx, &e); err == nil {
				var s sum
				s.tally, s.size, s.wrong = ballot.TallyOf(file)
				sums[e.ID] = s
			}
		}
		return err
	})
	if err != nil || len(sums) == 0 {
		return err
	}
	return d.ballotingAct(ctx, by, key, "tally", func(b *balloting) (record.Entry, error) {
		return d.allElections(b, by, "tally", []stage.State{election.Closed}, func(e *election.Election) (stage.Move, error) {
			s := sums[e.ID]
			return e.Sum(by, s.tally, s.size, s.wrong)
		})
	})
}

// archiveOf writes the archive of an election as it is.
func archiveOf(tx *store.Tx, e *election.Election) ([]byte, error) {
	c, err := tx.Ceremony(e.Ceremony)
	if err != nil {
		return nil, err
	}
	all, err := tx.BallotsOf(e.ID)
	if err != nil {
		return nil, err
	}
	a, err := e.Archive(&c, all)
	if err != nil {
		return nil, err
	}
	return a.Bytes(), nil
}

// DecryptElection keeps a trustee's part. With the last that it takes, the figures
// are there, and the items have them.
func (d *Desk) DecryptElection(ctx context.Context, by stage.Actor, key id.Election, part string) (err error) {
	var of id.Meeting
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		e, _, err := tx.ElectionFor(by, key)
		of = e.Meeting
		return err
	})
	if err != nil {
		return err
	}
	return d.ballotingAct(ctx, by, of, "decrypt", func(b *balloting) (record.Entry, error) {
		n := slices.IndexFunc(b.elections, func(e election.Election) bool { return e.ID == key })
		e := &b.elections[n]
		mv, enough, err := e.Decrypt(by, b.ceremony, part)
		if err != nil {
			return record.Entry{}, err
		}
		entry := d.electionEntry(by, e, mv, b.now)
		if enough {
			after, err := d.resolve(b, by, e)
			if err != nil {
				return entry, err
			}
			b.tx.Also(after)
		}
		return entry, b.tx.PutElection(e)
	})
}

// resolve computes the figures of an election from its whole archive, which is
// verified on the way.
func (d *Desk) resolve(b *balloting, by stage.Actor, e *election.Election) (entry record.Entry, err error) {
	file, err := archiveOf(b.tx, e)
	if err != nil {
		return entry, err
	}
	result, wrong := ballot.ResultOf(file)
	mv, err := e.Resolve(by, result, wrong)
	if err != nil {
		return entry, err
	}
	items, err := b.items(e.Items)
	if err != nil {
		return entry, err
	}
	issued := map[id.Item]int{}
	for _, i := range items {
		issued[i.ID] = i.Base.Present
	}
	figures, err := e.Figures(issued)
	if err != nil {
		return entry, err
	}
	for _, i := range items {
		step, err := i.CountSecret(by, &b.meeting, figures[slices.Index(e.Items, i.ID)])
		if err != nil {
			return entry, err
		}
		if err := d.saveItem(b, by, i, step); err != nil {
			return entry, err
		}
	}
	entry = d.electionEntry(by, e, mv, b.now)
	entry.Facts["result"] = e.Result
	return entry, nil
}

// live lists the states of an election that has no result yet.
var live = []stage.State{election.Prepared, election.Registered, election.Voting, election.Closed, election.Tallied}

// SpoilElections gives all elections of a meeting up that have no result; their
// items are voted on anew.
func (d *Desk) SpoilElections(ctx context.Context, by stage.Actor, key id.Meeting, reason string) error {
	return d.ballotingAct(ctx, by, key, "spoil", func(b *balloting) (record.Entry, error) { return d.spoil(b, by, reason) })
}

func (d *Desk) spoil(b *balloting, by stage.Actor, reason string) (record.Entry, error) {
	return d.allElections(b, by, "spoil", live, func(e *election.Election) (stage.Move, error) {
		mv, err := e.Spoil(by, &b.meeting, reason)
		if err != nil {
			return mv, err
		}
		items, err := b.items(e.Items)
		if err != nil {
			return mv, err
		}
		for _, i := range items {
			if !i.Tally.Secret {
				continue
			}
			step, err := i.SpoilSecret(by, reason)
			if err != nil {
				return mv, err
			}
			if err := d.saveItem(b, by, i, step); err != nil {
				return mv, err
			}
		}
		return mv, nil
	})
}

// spoilWith gives up what secret ballots run when a sitting ends early.
func (d *Desk) spoilWith(tx *store.Tx, by stage.Actor, m *meeting.Meeting, reason string, now time.Time) error {
	all, err := tx.ElectionsOf(m.ID)
	if err != nil || !slices.ContainsFunc(all, func(e election.Election) bool { return slices.Contains(live, e.State) }) {
		return err
	}
	entry, err := d.spoil(&balloting{tx: tx, meeting: *m, elections: all, now: now}, by, reason)
	if err == nil {
		tx.Also(entry)
	}
	return err
}

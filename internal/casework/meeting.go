package casework

import (
	"context"
	"slices"
	"strconv"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ranking"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// ConveneMeeting calls a meeting of a programme's committee, on the applications
// of plan.Round where that is given. The roster is who holds the roles of chair
// and member now (S52).
func (d *Desk) ConveneMeeting(ctx context.Context, by stage.Actor, name id.Programme, plan meeting.Plan) (key id.Meeting, err error) {
	defer fault.Wrap(&err, "casework.ConveneMeeting(%s)", name)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		p, err := d.programmeOfMeeting(tx, by, name, plan.Round)
		if err != nil {
			return record.Entry{}, err
		}
		roster, err := committee(tx, p.Name)
		if err != nil {
			return record.Entry{}, err
		}
		m, mv, err := meeting.Convene(by, p.Name, p.Meeting, plan, roster, now)
		if err != nil {
			return record.Entry{}, err
		}
		m.ID = id.New[id.Meeting](d.Rand)
		key = m.ID
		return d.meetingEntry(by, m, mv, now), tx.AddMeeting(m)
	})
	return key, err
}

// programmeOfMeeting returns the rules that a meeting sits under: those that its
// round froze, or those of now for a meeting without one.
func (d *Desk) programmeOfMeeting(tx *store.Tx, by stage.Actor, name id.Programme, r id.Round) (p *programme.Programme, err error) {
	if r != "" {
		p, err = tx.ProgrammeOf(r)
	} else {
		p, _, err = tx.ProgrammeNow(name)
	}
	if err == nil && by.Programme != "" && by.Programme != p.Name {
		err = fault.Missing()
	}
	return p, err
}

// committee lists who has a seat: every account with the role of chair or member
// in the programme that is not disabled.
func committee(tx *store.Tx, p id.Programme) (roster []meeting.Seat, err error) {
	for _, post := range []struct {
		role stage.Role
		word string
	}{{stage.Chair, meeting.Chair}, {stage.Member, meeting.Member}} {
		accounts, err := tx.AccountsWith(post.role, p)
		if err != nil {
			return nil, err
		}
		for _, a := range accounts {
			if !slices.ContainsFunc(roster, func(s meeting.Seat) bool { return s.Account == a.ID }) {
				roster = append(roster, meeting.Seat{Account: a.ID, Name: a.Name, Post: post.word})
			}
		}
	}
	return roster, nil
}

// RescheduleMeeting calls a meeting for another time, with the roster of now.
func (d *Desk) RescheduleMeeting(ctx context.Context, by stage.Actor, key id.Meeting, version int64, plan meeting.Plan) error {
	return d.meetingAct(ctx, by, key, "reschedule", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		if version != 0 && version != m.Version {
			return stage.Move{}, fault.Stale()
		}
		roster, err := committee(tx, m.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		return m.Reschedule(by, plan, roster, now)
	})
}

// CirculateMeeting records that agenda and papers went out.
func (d *Desk) CirculateMeeting(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.meetingAct(ctx, by, key, "circulate", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		items, err := tx.ItemsOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		return m.Circulate(by, len(items), now)
	})
}

// SignIntoMeeting signs the actor in to a meeting; a clerk signs in who.
func (d *Desk) SignIntoMeeting(ctx context.Context, by stage.Actor, key id.Meeting, who id.Account) error {
	return d.meetingAct(ctx, by, key, "sign_in", func(_ *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		return m.SignIn(by, who, now)
	})
}

// DepartMeeting records that the actor left a meeting; a clerk records it of who.
func (d *Desk) DepartMeeting(ctx context.Context, by stage.Actor, key id.Meeting, who id.Account) error {
	return d.meetingAct(ctx, by, key, "depart", func(_ *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		return m.Depart(by, who, now)
	})
}

// ExcuseFromMeeting records the actor's leave; a clerk records that of who.
func (d *Desk) ExcuseFromMeeting(ctx context.Context, by stage.Actor, key id.Meeting, who id.Account, reason string) error {
	return d.meetingAct(ctx, by, key, "excuse", func(_ *store.Tx, m *meeting.Meeting, _ time.Time) (stage.Move, error) {
		return m.Excuse(by, who, reason)
	})
}

// OpenMeeting begins the sitting once a quorum has signed in.
func (d *Desk) OpenMeeting(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.meetingAct(ctx, by, key, "open", func(_ *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		return m.Open(by, now)
	})
}

// CloseMeeting ends the sitting. What was resolved takes effect with it.
func (d *Desk) CloseMeeting(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.meetingAct(ctx, by, key, "close", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		items, s, err := d.settlement(tx, m)
		if err != nil {
			return stage.Move{}, err
		}
		mv, err := m.Close(by, s, now)
		if err != nil {
			return mv, err
		}
		return mv, d.takeEffect(tx, by, items, now)
	})
}

// AdjournMeeting ends the sitting early: what is not settled, and what was
// carried beyond the places, is deferred; what was resolved takes effect.
func (d *Desk) AdjournMeeting(ctx context.Context, by stage.Actor, key id.Meeting, reason string) error {
	return d.meetingAct(ctx, by, key, "adjourn", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		if err := d.spoilWith(tx, by, m, reason, now); err != nil {
			return stage.Move{}, err
		}
		items, s, err := d.settlement(tx, m)
		if err != nil {
			return stage.Move{}, err
		}
		mv, err := m.Adjourn(by, reason, now)
		if err != nil {
			return mv, err
		}
		ranking.Spoil(m, "会议中止："+reason, now)
		for n := range items {
			i := &items[n]
			over := slices.ContainsFunc(slices.Collect(values(s.Cuts)), func(c cut) bool {
				return !c.Settled() && (slices.Contains(c.Again, i.ID) || slices.Contains(c.Out, i.ID))
			})
			if i.Settled() && !over {
				continue
			}
			if err := d.deferItem(tx, by, i, "会议中止："+reason, now); err != nil {
				return mv, err
			}
		}
		return mv, d.takeEffect(tx, by, items, now)
	})
}

// CancelMeeting gives up a meeting that was never opened; its items are deferred.
func (d *Desk) CancelMeeting(ctx context.Context, by stage.Actor, key id.Meeting, reason string) error {
	return d.meetingAct(ctx, by, key, "cancel", func(tx *store.Tx, m *meeting.Meeting, now time.Time) (stage.Move, error) {
		mv, err := m.Cancel(by, reason, now)
		if err != nil {
			return mv, err
		}
		items, err := tx.ItemsOf(key)
		for n := range items {
			if err == nil && items[n].State == item.Listed {
				err = d.deferItem(tx, by, &items[n], "会议取消："+reason, now)
			}
		}
		return mv, err
	})
}

// deferItem defers an item because its meeting ended without a result for it.
func (d *Desk) deferItem(tx *store.Tx, by stage.Actor, i *item.Item, reason string, now time.Time) error {
	mv, err := i.Defer(by, reason)
	if err != nil {
		return err
	}
	tx.Also(d.itemEntry(by, i, mv, now))
	return tx.PutItem(i)
}

// takeEffect carries out what a meeting resolved.
func (d *Desk) takeEffect(tx *store.Tx, by stage.Actor, items []item.Item, now time.Time) error {
	for _, i := range items {
		if i.State != item.Carried && i.State != item.Lost {
			continue
		}
		if err := d.decided(tx, by, i, i.State == item.Carried, now); err != nil {
			return err
		}
	}
	return nil
}

// MinuteMeeting keeps what the minutes say beyond the figures.
func (d *Desk) MinuteMeeting(ctx context.Context, by stage.Actor, key id.Meeting, version int64, notes string) error {
	return d.meetingAct(ctx, by, key, "minute", func(_ *store.Tx, m *meeting.Meeting, _ time.Time) (stage.Move, error) {
		if version != 0 && version != m.Version {
			return stage.Move{}, fault.Stale()
		}
		return m.Minute(by, notes)
	})
}

// tries is how often an act is tried again when somebody else saved the same
// meeting or item in the same moment: members sign in and vote all at once, and
// none of them is told to do it again.
const tries = 8

// meetingAct runs one move of a meeting as the actor may see it.
func (d *Desk) meetingAct(ctx context.Context, by stage.Actor, key id.Meeting, act string, do func(*store.Tx, *meeting.Meeting, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: meeting.%s(%s)", act, key)
	now := d.Now()
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			m, err := tx.MeetingFor(by, key)
			if err != nil {
				return record.Entry{}, err
			}
			mv, err := do(tx, &m, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.meetingEntry(by, &m, mv, now), tx.PutMeeting(&m)
		})
	})
}

// again tries an act until it does not meet another in the same moment.
func again(act func() error) (err error) {
	for range tries {
		if err = act(); fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	return err
}

// meetingEntry is the line of the record for a move of a meeting, with how many
// were entitled and present.
func (d *Desk) meetingEntry(by stage.Actor, m *meeting.Meeting, mv stage.Move, now time.Time) record.Entry {
	e := d.entry(by, meeting.Kind, string(m.ID), mv, now)
	a := m.Attendance()
	e.Programme = m.Programme
	e.Facts = map[string]string{"entitled": strconv.Itoa(a.Entitled), "present": strconv.Itoa(a.Present)}
	return e
}

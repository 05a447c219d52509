package casework

import (
	"context"
	"slices"
	"strconv"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
)

// AppointTrustees begins the ceremony that makes a meeting's key. Names are taken
// from the accounts.
func (d *Desk) AppointTrustees(ctx context.Context, by stage.Actor, key id.Meeting, trustees []id.Account, registrar id.Account) error {
	return d.ballotingAct(ctx, by, key, "appoint", func(b *balloting) (record.Entry, error) {
		scrutineers, err := b.tx.AccountsWith(stage.Scrutineer, b.meeting.Programme)
		if err != nil {
			return record.Entry{}, err
		}
		operators, err := b.tx.AccountsWith(stage.Operator, b.meeting.Programme)
		if err != nil {
			return record.Entry{}, err
		}
		a := ceremony.Appointment{}
		for _, s := range scrutineers {
			if slices.Contains(trustees, s.ID) {
				a.Trustees = append(a.Trustees, ceremony.Trustee{Account: s.ID, Name: s.Name})
			}
			if s.ID == registrar {
				a.Registrar = ceremony.Trustee{Account: s.ID, Name: s.Name}
			}
		}
		for _, o := range operators {
			a.Operators = append(a.Operators, o.ID)
		}
		c, mv, err := ceremony.Appoint(by, &b.meeting, b.ceremony, a)
		if err != nil {
			return record.Entry{}, err
		}
		c.ID = id.New[id.Ceremony](d.Rand)
		return d.ceremonyEntry(by, c, mv, b.now), b.tx.AddCeremony(c)
	})
}

// CancelCeremony gives a meeting's key up.
func (d *Desk) CancelCeremony(ctx context.Context, by stage.Actor, key id.Meeting) error {
	return d.ballotingAct(ctx, by, key, "cancel", func(b *balloting) (record.Entry, error) {
		if b.ceremony == nil {
			return record.Entry{}, fault.Missing()
		}
		mv, err := b.ceremony.Cancel(by, slices.ContainsFunc(b.elections, func(e election.Election) bool { return slices.Contains(live, e.State) }))
		if err != nil {
			return record.Entry{}, err
		}
		return d.ceremonyEntry(by, b.ceremony, mv, b.now), b.tx.PutCeremony(b.ceremony)
	})
}

// SendToCeremony keeps what a trustee's browser sent: act is certify, deal or accept.
func (d *Desk) SendToCeremony(ctx context.Context, by stage.Actor, key id.Meeting, act, message string, read bool) error {
	return d.ballotingAct(ctx, by, key, act, func(b *balloting) (record.Entry, error) {
		if b.ceremony == nil {
			return record.Entry{}, fault.Missing()
		}
		mv, err := b.ceremony.Send(by, act, message, read)
		if err != nil {
			return record.Entry{}, err
		}
		return d.ceremonyEntry(by, b.ceremony, mv, b.now), b.tx.PutCeremony(b.ceremony)
	})
}

func (d *Desk) ceremonyEntry(by stage.Actor, c *ceremony.Ceremony, mv stage.Move, now time.Time) record.Entry {
	e := d.entry(by, ceremony.Kind, string(c.ID), mv, now)
	e.Programme = c.Programme
	e.Facts = map[string]string{"meeting": string(c.Meeting), "trustees": strconv.Itoa(len(c.Trustees)), "threshold": strconv.Itoa(c.Threshold)}
	return e
}

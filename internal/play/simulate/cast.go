package simulate

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
)

// people are those who act.
type people struct {
	clerks, directors, chairs, members, assessors, scrutineers []stage.Actor
}

func (l *life) cast() {
	some := func(role stage.Role, n int) (all []stage.Actor) {
		for i := range n {
			all = append(all, stage.Actor{Account: id.Account(fmt.Sprintf("acc_%s%d", role, i+1)), Role: role})
		}
		return all
	}
	l.clerks, l.directors, l.chairs = some(stage.Clerk, 4), some(stage.Director, 1), some(stage.Chair, 2)
	l.members, l.assessors, l.scrutineers = some(stage.Member, 2+l.IntN(8)), some(stage.Assessor, 9), some(stage.Scrutineer, 2)
}

// anyone is somebody, most of the time in the right role.
func (l *life) anyone(right []stage.Actor) stage.Actor {
	if !l.chance(6) {
		return pick(l, right)
	}
	return pick(l, pick(l, [][]stage.Actor{l.clerks, l.directors, l.chairs, l.members, l.assessors, l.scrutineers}))
}

var clock = stage.TheClock

// org is an organisation with its Party body and who acts for it.
type org struct {
	*organisation.Organisation
	body party.Body
	by   stage.Actor
}

func (l *life) found(invented []play.Invented) {
	for _, o := range invented {
		key := id.Organisation(l.key("org"))
		founded := calendar.On(2005+l.IntN(14), time.Month(1+l.IntN(12)), 1+l.IntN(28))
		full := &organisation.Organisation{
			ID: key, Code: o.Code, Names: []organisation.Name{{Name: o.Name, From: founded}}, Kind: o.Kind, RegisteredOn: founded,
			Registrar: "吉林省民政厅", State: organisation.Registered,
			Facts: fact.Facts{NoPenalty: fact.Source{On: founded}, NoListing: fact.Source{On: founded}},
		}
		l.orgs = append(l.orgs, &org{
			Organisation: full,
			body:         party.Body{ID: id.PartyBody(l.key("pty")), Name: o.Party, Form: party.Branch, Members: 5, FoundedOn: founded},
			by:           stage.Actor{Account: id.Account(l.key("acc")), Role: stage.Applicant, Organisation: key},
		})
	}
}

// roster is the committee of the day, with a vacancy now and then.
func (l *life) roster() (all []meeting.Seat) {
	for _, c := range l.chairs {
		all = append(all, meeting.Seat{Account: c.Account, Name: string(c.Account), Post: meeting.Chair})
	}
	for _, m := range l.members {
		if !l.chance(5) {
			all = append(all, meeting.Seat{Account: m.Account, Name: string(m.Account), Post: meeting.Member})
		}
	}
	return all
}

// mayOrganisation changes an organisation's registration, rarely.
func (l *life) mayOrganisation() {
	l.may(1, func() {
		if l.IntN(200) > 0 {
			return
		}
		o := pick(l, l.orgs)
		by := l.anyone(l.clerks)
		attempt(l, organisation.Kind, o.Organisation, string(o.ID), nil, by, func() (stage.Move, error) {
			switch l.IntN(5) {
			case 0:
				return o.End(by, "deregister", l.today(), "", l.now)
			case 1:
				return o.End(by, "merge", l.today(), pick(l, l.orgs).ID, l.now)
			case 2:
				return o.End(by, "strike_off", l.today(), "", l.now)
			case 3:
				return o.Restore(by)
			}
			return o.Rename(by, fmt.Sprintf("%s（更名%d）", l.orgs[0].Names[0].Name, l.serial), l.today(), l.now)
		})
	})
}

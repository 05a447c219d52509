package simulate

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/places"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// sitting is a meeting with its agenda.
type sitting struct {
	*meeting.Meeting
	edition *edition // nil for a meeting on other matters
	items   []*item.Item
	matters map[id.Item]*matter
	votes   []ballot.Vote
	c       invariant.Case
}

// matter is something that waits for the committee.
type matter struct {
	facts   item.Facts
	waiting func() bool
	decided func(i *item.Item, carried bool)
	item    *item.Item // once listed
	c       *invariant.Case
}

// mayConvene calls a meeting for a round whose applications wait, or for the
// matters of titles.
func (l *life) mayConvene(e *edition, waits func() []*matter) {
	for _, s := range l.meetings {
		if s.edition == e && pending(s.Meeting) {
			return
		}
	}
	waiting := waits()
	if len(waiting) == 0 {
		return
	}
	l.may(3, func() {
		by := l.anyone(l.clerks)
		plan := meeting.Plan{Title: "全体委员会议", Place: "会议室", At: l.now.Add(time.Duration(24*(1+l.programme.Meeting.MaterialDays)+l.IntN(300)) * time.Hour).Truncate(time.Hour), Presiding: pick(l, l.chairs).Account}
		if e != nil {
			plan.Round = e.ID
		}
		m, mv, err := meeting.Convene(by, l.programme.Name, l.programme.Meeting, plan, l.roster(), l.now)
		if err != nil {
			l.refused(meeting.Kind, err)
			return
		}
		m.ID = id.Meeting(l.key("mtg"))
		s := &sitting{Meeting: m, edition: e, matters: map[id.Item]*matter{}}
		s.c.Meetings = []*meeting.Meeting{m}
		l.meetings = append(l.meetings, s)
		l.did(meeting.Kind, string(m.ID), mv, &s.c)
		for _, w := range waiting {
			if l.chance(92) {
				l.list(s, w)
			}
		}
	})
}

// list puts a matter on the agenda.
func (l *life) list(s *sitting, w *matter) {
	by := l.anyone(l.clerks)
	f := w.facts
	f.Waiting = w.waiting()
	f.Elsewhere = w.item != nil && !w.item.Settled()
	if w.item != nil && w.item.State == item.Deferred {
		if attempt(l, item.Kind, w.item, string(w.item.ID), w.c, by, func() (stage.Move, error) { return w.item.Relist(by, s.Meeting, f, len(s.items)+1, l.now) }) {
			s.put(w)
		}
		return
	}
	i, mv, err := item.List(by, s.Meeting, f, len(s.items)+1, l.now)
	if err != nil {
		l.refused(item.Kind, err)
		return
	}
	i.ID = id.Item(l.key("itm"))
	w.item = i
	s.put(w)
	w.c.Items = append(w.c.Items, i)
	w.c.Meetings = append(w.c.Meetings, s.Meeting)
	l.did(item.Kind, string(i.ID), mv, w.c)
}

func (s *sitting) put(w *matter) {
	s.items = append(s.items, w.item)
	s.matters[w.item.ID] = w
	s.c.Items = s.items
}

// mayMeet is what may be done with a meeting that is to come.
func (l *life) mayMeet(s *sitting) {
	if s.State != meeting.Convened {
		return
	}
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		return attempt(l, meeting.Kind, s.Meeting, string(s.ID), &s.c, by, do)
	}
	if s.CirculatedOn.IsZero() && (len(s.items) > 0 || l.chance(5)) {
		l.may(8, func() {
			by := l.anyone(l.clerks)
			do(by, func() (stage.Move, error) { return s.Circulate(by, len(s.items), l.now) })
		})
	}
	if l.chance(10) {
		l.may(1, func() {
			by := l.anyone(l.members)
			do(by, func() (stage.Move, error) { return s.Excuse(by, by.Account, "出差") })
		})
		l.may(1, func() { l.move(s, do) })
	}
	late := l.now.After(s.At.AddDate(0, 0, 20))
	if late || l.chance(1) {
		l.may(4, func() { l.cancel(s, do) })
	}
	if !l.now.Before(s.At.Add(-time.Hour)) && !late && (!s.CirculatedOn.IsZero() || l.chance(4)) {
		l.may(20, func() { l.sit(s, do) })
	}
}

// move calls a meeting for another time.
func (l *life) move(s *sitting, do doing) {
	by := l.anyone(l.clerks)
	plan := meeting.Plan{Title: s.Title, Place: s.Place, At: l.now.Add(time.Duration(l.IntN(300)) * time.Hour), Presiding: s.Presiding, Round: s.Round}
	do(by, func() (stage.Move, error) { return s.Reschedule(by, plan, l.roster(), l.now) })
}

// cancel gives a meeting up; its items are deferred.
func (l *life) cancel(s *sitting, do doing) {
	by := l.anyone(l.clerks)
	if !do(by, func() (stage.Move, error) { return s.Cancel(by, "不足法定人数", l.now) }) {
		return
	}
	for _, i := range s.items {
		if i.State == item.Listed {
			l.item(s, i, by, func() (stage.Move, error) { return i.Defer(by, "会议取消") })
		}
	}
}

// item tries an act on an item.
func (l *life) item(s *sitting, i *item.Item, by stage.Actor, do func() (stage.Move, error)) bool {
	c := &s.c
	if w := s.matters[i.ID]; w != nil {
		c = w.c
	}
	return attempt(l, item.Kind, i, string(i.ID), c, by, do)
}

// sit holds a whole sitting: people come and go, the chair conducts, items are
// voted on one by one, and the meeting is closed or adjourned.
func (l *life) sit(s *sitting, do doing) {
	for i := range s.Roster {
		who := stage.Actor{Account: s.Roster[i].Account, Role: stage.Member}
		if s.Roster[i].Post == meeting.Chair {
			who.Role = stage.Chair
		}
		if l.chance(88) {
			do(who, func() (stage.Move, error) { return s.SignIn(who, who.Account, l.now) })
		}
		l.tickle()
	}
	chair := stage.Actor{Account: s.Presiding, Role: stage.Chair}
	if l.chance(5) {
		chair = l.anyone(l.chairs)
	}
	if !do(chair, func() (stage.Move, error) { return s.Open(chair, l.now) }) {
		return
	}
	for round := 0; round < 4 && s.unsettled(); round++ {
		for _, i := range s.items {
			l.decide(s, i, do)
		}
		l.places(s)
	}
	l.end(s, do)
}

func (s *sitting) unsettled() bool {
	return slices.ContainsFunc(s.items, func(i *item.Item) bool { return i.State == item.Listed })
}

// tickle lets a minute or so pass within a sitting.
func (l *life) tickle() { l.now = l.now.Add(time.Duration(1+l.IntN(90)) * time.Second) }

// conductor is who may conduct an item: the one who presides, or the other chair.
func (l *life) conductor(s *sitting, i *item.Item) stage.Actor {
	for _, c := range l.chairs {
		if s.Presides(c, i.Recusals) == nil {
			return c
		}
	}
	return stage.Actor{Account: s.Presiding, Role: stage.Chair}
}

// decide takes one item through its vote.
func (l *life) decide(s *sitting, i *item.Item, do doing) {
	if i.State != item.Listed {
		return
	}
	s.votes = nil
	if l.chance(20) {
		who := pick(l, l.members)
		l.item(s, i, who, func() (stage.Move, error) { return i.Recuse(who, s.Meeting, who.Account, "亲属任职", s.votes) })
	}
	chair := l.conductor(s, i)
	w := s.matters[i.ID]
	f := w.facts
	f.Waiting = w.waiting()
	if !l.item(s, i, chair, func() (stage.Move, error) { return i.OpenVote(chair, s.Meeting, f, flat(s.items), l.now) }) {
		reason := "不足法定人数或者材料不全"
		l.item(s, i, chair, func() (stage.Move, error) { return i.Defer(chair, reason) })
		return
	}
	l.vote(s, i, do)
	if !l.item(s, i, chair, func() (stage.Move, error) { return i.CloseVote(chair, s.Meeting, s.votes, l.now) }) {
		l.item(s, i, chair, func() (stage.Move, error) { return i.Defer(chair, "中途不足法定人数") })
		return
	}
	l.count(s, i)
	l.declare(s, i, chair)
}

func flat(items []*item.Item) (all []item.Item) {
	for _, i := range items {
		all = append(all, *i)
	}
	return all
}

// vote lets everybody vote in some order; some twice, some who may not.
func (l *life) vote(s *sitting, i *item.Item, do doing) {
	lean := 30 + l.IntN(65)
	for pass := range 2 {
		for n := range s.Roster {
			seat := s.Roster[n]
			by := stage.Actor{Account: seat.Account, Role: stage.Member}
			if seat.Post == meeting.Chair {
				by.Role = stage.Chair
			}
			presides := seat.Account == s.Presiding
			if presides != (pass == 1) && !l.chance(4) || l.chance(4) {
				continue
			}
			if l.chance(2) {
				do(by, func() (stage.Move, error) { return s.Depart(by, by.Account, l.now) })
			}
			choice := "no"
			switch n := l.IntN(100); {
			case n < lean:
				choice = "aye"
			case n > 94:
				choice = "abstain"
			}
			l.cast1(s, i, by, choice)
			l.tickle()
		}
	}
}

func (l *life) cast1(s *sitting, i *item.Item, by stage.Actor, choice string) {
	l.item(s, i, by, func() (stage.Move, error) {
		v, m, err := i.Vote(by, s.Meeting, s.votes, choice, l.now)
		if err == nil {
			s.votes = append(s.votes, v)
		}
		return m, err
	})
}

// count lets two scrutineers count paper ballots.
func (l *life) count(s *sitting, i *item.Item) {
	if s.Rules.Ballot == "named" {
		return
	}
	ayes := l.IntN(i.Base.Present + 1)
	t := ballot.Tally{Issued: i.Base.Present, Collected: i.Base.Present, Ayes: ayes, Noes: i.Base.Present - ayes}
	if l.chance(10) {
		t.Collected, t.Noes = t.Collected+1, t.Noes+1
	}
	for _, by := range l.scrutineers {
		l.item(s, i, by, func() (stage.Move, error) { return i.Count(by, s.Meeting, t, l.now) })
	}
}

func (l *life) declare(s *sitting, i *item.Item, chair stage.Actor) {
	reason := ""
	if outcome, err := i.Result(s.Meeting); err == nil && (i.Departs(outcome == ballot.Carried) || l.chance(10)) {
		reason = "委员会认为情况与初审时不同"
	}
	if l.item(s, i, chair, func() (stage.Move, error) {
		return i.Declare(chair, s.Meeting, pick(l, []string{"aye", "no", ""}), reason, l.now)
	}) {
		return
	}
	if l.item(s, i, chair, func() (stage.Move, error) { return i.Annul(chair, s.Meeting, "收回多于发出") }) {
		return
	}
	l.item(s, i, chair, func() (stage.Move, error) { return i.Defer(chair, "没有结果") })
}

// places applies the round's places to what was carried.
func (l *life) places(s *sitting) {
	set := l.settlement(s)
	for _, category := range slices.Sorted(maps.Keys(set.Cuts)) {
		cut := set.Cuts[category]
		for _, i := range s.items {
			chair := l.conductor(s, i)
			if slices.Contains(cut.Out, i.ID) {
				l.item(s, i, chair, func() (stage.Move, error) { return i.Displace(chair, s.Meeting, cut, l.now) })
			}
			if slices.Contains(cut.Again, i.ID) {
				l.item(s, i, chair, func() (stage.Move, error) { return i.SecondBallot(chair, s.Meeting, cut) })
			}
		}
	}
}

func (l *life) settlement(s *sitting) meeting.Settlement {
	left := map[string]int{}
	if e := s.edition; e != nil {
		if n := e.Places(l.programme, ""); n > 0 {
			left[""] = max(n-l.given(e, s), 0)
		}
	}
	return places.Settle(s.Meeting, flat(s.items), left)
}

// given counts the places that earlier meetings of the round gave away.
func (l *life) given(e *edition, s *sitting) (n int) {
	for _, f := range e.files {
		if len(f.items) > 0 {
			if last := f.items[len(f.items)-1]; last.State == item.Carried && last.Meeting != s.ID {
				n++
			}
		}
	}
	return n
}

// end closes the sitting, or adjourns it when it cannot be closed.
func (l *life) end(s *sitting, do doing) {
	chair := stage.Actor{Account: s.Presiding, Role: stage.Chair}
	set := l.settlement(s)
	if !do(chair, func() (stage.Move, error) { return s.Close(chair, set, l.now) }) {
		if !do(chair, func() (stage.Move, error) { return s.Adjourn(chair, "时间已到", l.now) }) {
			return
		}
		for _, i := range s.items {
			over := slices.ContainsFunc(slices.Collect(maps.Values(set.Cuts)), func(c ballot.Cut) bool {
				return !c.Settled() && (slices.Contains(c.Again, i.ID) || slices.Contains(c.Out, i.ID))
			})
			if !i.Settled() || over {
				l.item(s, i, chair, func() (stage.Move, error) { return i.Defer(chair, "会议中止") })
			}
		}
	}
	for _, i := range s.items {
		if i.State == item.Carried || i.State == item.Lost {
			s.matters[i.ID].decided(i, i.State == item.Carried)
		}
	}
}

// applicationsWaiting are the applications of a round that wait for the committee.
func (l *life) applicationsWaiting(e *edition) (all []*matter) {
	for _, f := range e.files {
		if f.State != application.Underway || f.Stage != "meeting" || f.matter() != nil && !f.matter().Settled() {
			continue
		}
		w := &matter{c: &f.c, waiting: func() bool { return f.State == application.Underway && f.Stage == "meeting" }}
		w.item = f.matter()
		w.facts = item.Facts{
			Subject: item.Subject{Kind: "application", ID: f.id()}, Programme: l.programme.Name, Round: e.ID, Organisation: f.Organisation,
			Title: f.Name, Category: f.Category, Reviewed: true, Visited: true, Interested: f.interested(),
		}
		if f.review != nil {
			w.facts.Recommendation, w.facts.Reviewed = f.review.Recommendation, f.review.State == review.Confirmed
		}
		if f.visit != nil {
			w.facts.Opinion, w.facts.Visited = f.visit.Opinion, f.visit.State == visit.Signed || f.visit.State == visit.Waived
		}
		w.decided = func(i *item.Item, carried bool) { l.chosen(f, i, carried) }
		all = append(all, w)
	}
	return all
}

// matter is the last item about the application itself.
func (f *file) matter() *item.Item {
	for n := len(f.c.Items) - 1; n >= 0; n-- {
		if f.c.Items[n].Subject.Kind == "application" {
			return f.c.Items[n]
		}
	}
	return nil
}

// interested are the members tied to the organisation, and those who assessed it.
func (f *file) interested() map[id.Account]string {
	all := map[id.Account]string{}
	maps.Copy(all, f.ties)
	if f.visit != nil {
		for _, s := range f.visit.Team {
			all[s.Account] = "参加过对该单位的考核"
		}
	}
	return all
}

// chosen carries out what the committee decided about an application.
func (l *life) chosen(f *file, i *item.Item, carried bool) {
	if !slices.Contains(f.items, i) {
		f.items = append(f.items, i)
	}
	if carried {
		l.advance(f, item.Carried)
		return
	}
	reason := i.Reason
	if reason == "" {
		reason = fmt.Sprintf("会议审定未通过，赞成%d票", i.Tally.Ayes)
	}
	l.file(f, l.chairs[0], func(by stage.Actor) (stage.Move, error) { return f.PassOver(by, reason, l.now) })
}

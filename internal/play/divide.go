package play

import (
	"shifan/internal/casework"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/store"
)

// divide splits the holder of a title up into the two that got none in the first round.
// The committee decides about each by itself: the first holds the title from then on, for
// the time that remains and with a plaque of its own, and the second does not. Of titles
// that are all over nobody is split up.
func (t *Theatre) divide(l *lifeOf) {
	house := -1
	for n := range t.Houses { // the last that holds one
		if l.titles[n] != "" && t.title(l, n).State == designation.Valid {
			house = n
		}
	}
	registered := func(n int) bool {
		o := see(t, func(tx *store.Tx) (organisation.Organisation, error) { return tx.Organisation(t.Houses[n].ID) })
		return o.State == organisation.Registered && l.titles[n] == ""
	}
	const first, second = 8, 9 // who took it back, and who came late
	if house < 0 || !registered(first) || !registered(second) {
		return
	}
	key := l.titles[house]
	must(t.Desk.EndOrganisation(t.ctx, t.Cast.Clerk, t.Houses[house].ID, 0, casework.Ending{
		Act: "merge", On: t.today(), Successor: t.Houses[first].Code, Others: []string{t.Houses[second].Code},
	}))
	about := func(n int) item.Subject {
		return item.Subject{Kind: "succession", ID: string(key) + "." + string(t.Houses[n].ID)}
	}
	t.meet("", "第6次"+t.Programme.Meeting.Body+"（分立后的承继）", []ballot{
		{subject: about(first), ayes: -1}, {subject: about(second), ayes: 0},
	})
	if t.title(l, house).State != designation.Succeeded {
		return // its time was up before the meeting
	}
	made := t.title(l, house).Successor
	l.titles[first] = made
	t.later(7)
	if d := t.title(l, first); !d.Live() {
		return
	}
	q := see(t, func(tx *store.Tx) (plaque.Plaque, error) { return tx.PlaqueOf(made) })
	must(t.Desk.HandOverPlaque(t.ctx, t.Cast.Clerk, q.ID, 0, "负责人", t.today()))
}

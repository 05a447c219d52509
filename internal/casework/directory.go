package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// DesignationFilter is the store's, so that the doors need not know the store.
type DesignationFilter = store.DesignationFilter

// DesignationView is what the pages of one title show. Everything but the note,
// the reason and the plaques' register lines is public.
type DesignationView struct {
	Designation  designation.Designation
	Programme    *programme.Programme
	Naming       naming.Naming // zero for a title from before the system
	Code         string        // the holder's Unified Social Credit Code
	Present      string        // the holder's name now (S59)
	HolderState  string        // 正常登记, 已注销 …
	Kind         string        // the holder's kind of organisation, in words
	Plaques      []plaque.Plaque
	MendBy       calendar.Date // last day of an order to put things right; zero when there is none
	Timeline     []TitleEvent
	Predecessor  *designation.Designation
	Successor    *designation.Designation
	Heirs        []TitleHeir    // of a holder that was split up into several
	Rechecks     int            // how many there were
	Outcomes     []TitleOutcome // of rechecks, orders and proceedings
	Acts         []string
	Now          time.Time
	DaysLeft     int  // natural days to the last valid one, this one excluded
	Waits        bool // its holder is no more: somebody has to act
	ForCommittee bool // and the committee decides about a successor
	Tells        bool // the viewer may begin a story of it now; only where one title is shown
}

// DocNumber is that of the document by which the title was given, inside the system or
// outside; empty for a successor's whose first title had none.
func (v DesignationView) DocNumber() string { return cmp.Or(v.Naming.DocNumber, v.Designation.Basis) }

// Live reports whether the title is held now.
func (v DesignationView) Live() bool { return v.Designation.Live() }

// Plaque returns the plaque that stands for the title, or nil.
func (v DesignationView) Plaque() *plaque.Plaque {
	if len(v.Plaques) == 0 {
		return nil
	}
	return &v.Plaques[0]
}

// TitleHeir is one of those into which a title's holder was split up.
type TitleHeir struct {
	Name   string                   // now
	Title  *designation.Designation // its own; nil: none
	Waits  bool                     // the committee has not decided about it
	Decide id.Item                  // by which it was decided
}

// TitleEvent is one line of a title's public history (S66).
type TitleEvent struct {
	On   calendar.Date
	Word string
	Note string
}

// Designation returns one title as the viewer may see it.
func (d *Desk) Designation(ctx context.Context, by stage.Actor, key id.Designation) (v DesignationView, err error) {
	defer fault.Wrap(&err, "casework.Designation(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		t, err := tx.DesignationFor(by, key)
		if err != nil {
			return err
		}
		if v, err = d.designationView(tx, by, t); err != nil {
			return err
		}
		v.Tells, err = d.tells(tx, by, &t)
		return err
	})
	return v, err
}

// Designations lists titles as the viewer may see them.
func (d *Desk) Designations(ctx context.Context, by stage.Actor, f DesignationFilter) (all []DesignationView, err error) {
	defer fault.Wrap(&err, "casework.Designations")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		titles, err := tx.Designations(by, f)
		for _, t := range titles {
			v, err := d.titleRow(tx, by, t)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return err
	})
	return all, err
}

// titleRow is a line of a list: who holds what under which document.
func (d *Desk) titleRow(tx *store.Tx, by stage.Actor, t designation.Designation) (v DesignationView, err error) {
	v = DesignationView{Designation: t, Now: d.Now()}
	if v.Programme, err = programmeOfTitle(tx, &t); err != nil {
		return v, err
	}
	h, o, err := holderOf(tx, &t)
	if err != nil {
		return v, err
	}
	v.Code, v.Present, v.HolderState, v.Kind = o.Code, o.Name(), organisation.Kind.Word(string(o.State)), creditcode.KindWord(o.Kind)
	v.Waits, v.ForCommittee = t.Live() && !h.Registered, h.Successor != ""
	if !t.ValidTo.IsZero() {
		v.DaysLeft = calendar.DateOf(v.Now).DaysUntil(t.ValidTo)
	}
	if v.Plaques, err = plaquesSeen(tx, by, &t); err != nil || t.Naming == "" {
		return v, err
	}
	v.Naming, err = tx.NamingFor(by, t.Naming)
	return v, err
}

// plaquesSeen are a title's plaques, the newest first. What the office keeps about them is
// for those who see the register; the code that is engraved on them is everybody's.
func plaquesSeen(tx *store.Tx, by stage.Actor, t *designation.Designation) ([]plaque.Plaque, error) {
	all, err := tx.PlaquesOf(t.ID)
	for i := range all {
		if _, hidden := tx.PlaqueFor(by, all[i].ID); hidden != nil {
			all[i].Receiver, all[i].Reason = "", ""
		}
	}
	return all, err
}

func (d *Desk) designationView(tx *store.Tx, by stage.Actor, t designation.Designation) (v DesignationView, err error) {
	if v, err = d.titleRow(tx, by, t); err != nil {
		return v, err
	}
	v.Timeline = titleEvents(&t, v.DocNumber(), v.Plaques)
	orders, err := tx.RectificationsOf(t.ID)
	if err != nil {
		return v, err
	}
	for _, r := range orders {
		if _, over := rectification.Kind.Ends[r.State]; !over && t.State == designation.Rectifying {
			v.MendBy = r.DueOn
		}
	}
	rechecks, err := tx.RechecksOf(t.ID)
	if err != nil {
		return v, err
	}
	v.Rechecks = len(rechecks)
	if v.Outcomes, err = titleOutcomes(tx, by, &t); err != nil {
		return v, err
	}
	for key, into := range map[id.Designation]**designation.Designation{t.Predecessor: &v.Predecessor, t.Successor: &v.Successor} {
		if key == "" {
			continue
		}
		other, err := tx.DesignationFor(by, key)
		if err != nil {
			return v, err
		}
		*into = &other
	}
	if err := titleHeirs(tx, by, &v); err != nil {
		return v, err
	}
	if by.Programme == "" || by.Programme == t.Programme {
		if by.Role != stage.Applicant || by.Organisation == t.Organisation && by.Organisation != "" {
			v.Acts = designation.Kind.May(t.State, by.Role)
		}
	}
	return v, nil
}

// titleHeirs says who of those into which the holder was split up holds a title, and tells
// in the history who got one.
func titleHeirs(tx *store.Tx, by stage.Actor, v *DesignationView) error {
	t := &v.Designation
	o, err := tx.Organisation(t.Organisation)
	if err != nil || len(o.Others) == 0 {
		return err
	}
	for _, key := range o.Successors() {
		next, err := tx.Organisation(key)
		if err != nil {
			return err
		}
		one := TitleHeir{Name: next.Name(), Waits: (t.Live() || t.State == designation.Succeeded) && slices.Contains(t.Open(o.Successors()), key) && next.State == organisation.Registered}
		for _, h := range t.Heirs {
			if h.Organisation != key {
				continue
			}
			one.Decide = h.Item
			if h.Title != "" {
				got, err := tx.DesignationFor(by, h.Title)
				if err != nil {
					return err
				}
				one.Title = &got
			}
			tellHeir(v.Timeline, h.On, next.NameOn(h.On), h.Title != "")
		}
		v.Heirs = append(v.Heirs, one)
	}
	return nil
}

// tellHeir writes a name beside the first line of a history about a decision of that day
// that has none.
func tellHeir(all []TitleEvent, on calendar.Date, name string, holds bool) {
	word := designation.Kind.Word(map[bool]string{true: "succeed", false: "refuse"}[holds])
	for i := range all {
		if all[i].On == on && all[i].Word == word && all[i].Note == "" {
			all[i].Note = name
			return
		}
	}
}

// titleEvents tells the life of a title from what is kept: its moves, its
// renewals and what happened to its plaques, the oldest first.
func titleEvents(t *designation.Designation, docNumber string, plaques []plaque.Plaque) (all []TitleEvent) {
	renewals := 0
	for _, c := range t.History {
		e := TitleEvent{On: c.On, Word: designation.Kind.Word(c.Act)}
		switch c.Act {
		case "name", "import":
			e.Note = docNumber
		case "renew":
			if renewals < len(t.Renewals) {
				e.Note = "有效期至" + t.Renewals[renewals].To.Chinese()
				renewals++
			}
		case "start":
			e.Note = "有效期自授牌之日起"
		case "revoke":
			e.Word = "撤销称号"
		case "expire":
			e.Word = "有效期届满"
		}
		all = append(all, e)
	}
	for _, q := range plaques {
		if !q.HandedOn.IsZero() {
			word := "授牌"
			if q.Copy > 1 {
				word = "补发牌匾"
			}
			all = append(all, TitleEvent{On: q.HandedOn, Word: word})
		}
		if !q.LostOn.IsZero() {
			all = append(all, TitleEvent{On: q.LostOn, Word: "牌匾挂失", Note: "编号" + q.Number})
		}
		if !q.ReturnedOn.IsZero() {
			all = append(all, TitleEvent{On: q.ReturnedOn, Word: "牌匾交回"})
		}
	}
	slices.SortStableFunc(all, func(a, b TitleEvent) int { return a.On.Compare(b.On) })
	return all
}

// Verification is what a verification code tells anybody: what the title behind
// the plaque is worth today, and what the plaque must say (S16, S75).
type Verification struct {
	Title  DesignationView // as the public sees it
	Plaque plaque.Plaque   // without what the office wrote
	Newer  *plaque.Plaque  // the one that took its place
	Stands bool            // the title is held and this plaque may be shown
	Today  calendar.Date

	Credential *CredentialState       // of the title; nil while none was issued
	Photograph *photograph.Photograph // of the plaque; nil while none is shown
}

// Verify returns what a code tells. The code must be one that ParseCode returned.
// The answer holds nothing that changes with the reader or the hour, only with
// what is kept and the day.
func (d *Desk) Verify(ctx context.Context, code string) (v Verification, err error) {
	defer fault.Wrap(&err, "casework.Verify")
	v.Today = calendar.DateOf(d.Now())
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Plaque, err = tx.PlaqueByCode(code); err != nil {
			return err
		}
		t, err := tx.DesignationFor(stage.Anyone, v.Plaque.Designation)
		if err != nil {
			return err
		}
		if v.Title, err = d.designationView(tx, stage.Anyone, t); err != nil {
			return err
		}
		if q := v.Title.Plaque(); q != nil && q.ID != v.Plaque.ID {
			v.Newer = q
		}
		if v.Credential, err = d.credentialState(tx, t.ID); err != nil {
			return err
		}
		switch p, err := tx.ShownPhotograph(v.Plaque.ID); {
		case err == nil:
			v.Photograph = &p
		case fault.KindOf(err) != fault.NotFound:
			return err
		}
		v.Stands = t.Live() && (v.Plaque.State == plaque.HandedOver || v.Plaque.State == plaque.Ordered)
		return nil
	})
	return v, err
}

// Plaques lists the plaques that the viewer may see.
func (d *Desk) Plaques(ctx context.Context, by stage.Actor, f PlaqueFilter) (all []PlaqueView, err error) {
	defer fault.Wrap(&err, "casework.Plaques")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		plaques, err := tx.Plaques(by, f)
		for _, q := range plaques {
			v, err := d.plaqueView(tx, by, q)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return err
	})
	return all, err
}

// PlaqueView is what the pages of one plaque show.
type PlaqueView struct {
	Plaque plaque.Plaque
	Title  DesignationView
	Acts   []string // what the viewer may do with it now

	Photographs []photograph.Photograph // the latest first; of one plaque, not of a list
}

// Plaque returns one plaque as the viewer may see it.
func (d *Desk) Plaque(ctx context.Context, by stage.Actor, key id.Plaque) (v PlaqueView, err error) {
	defer fault.Wrap(&err, "casework.Plaque(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		q, err := tx.PlaqueFor(by, key)
		if err != nil {
			return err
		}
		if v, err = d.plaqueView(tx, by, q); err != nil {
			return err
		}
		v.Photographs, err = tx.PhotographsOf(key)
		return err
	})
	return v, err
}

func (d *Desk) plaqueView(tx *store.Tx, by stage.Actor, q plaque.Plaque) (v PlaqueView, err error) {
	v.Plaque = q
	t, err := tx.DesignationFor(by, q.Designation)
	if err != nil {
		return v, err
	}
	if v.Title, err = d.titleRow(tx, by, t); err != nil {
		return v, err
	}
	for _, act := range plaque.Kind.May(q.State, by.Role) {
		possible := true
		switch act {
		case "hand_over", "find", "reissue":
			possible = t.Live()
		case "recall", "cancel":
			possible = t.Ended() && act == "recall"
		}
		if possible {
			v.Acts = append(v.Acts, act)
		}
	}
	return v, nil
}

// designationWork is what titles and plaques ask of the office: a title whose
// holder is no more, one that ends soon, a plaque to hand over or to take back;
// and of a holder, to hand its plaque back.
func (d *Desk) designationWork(tx *store.Tx, by stage.Actor, now time.Time, w *waits) (items []WorkItem, err error) {
	switch by.Role {
	case stage.Clerk:
	case stage.Applicant:
		return holderWork(tx, by)
	default:
		return nil, nil
	}
	orphans, err := tx.TitlesWithoutHolder(by.Programme)
	if err != nil {
		return nil, err
	}
	divided, err := tx.TitlesDivided(by.Programme)
	if err != nil {
		return nil, err
	}
	for _, t := range divided { // those whose first successor holds a title, while the others wait
		if left, err := heirsOf(tx, &t); err != nil {
			return nil, err
		} else if len(left) > 0 {
			orphans = append(orphans, t)
		}
	}
	for _, t := range orphans {
		h, _, err := holderOf(tx, &t)
		if err != nil {
			return nil, err
		}
		w := WorkItem{Title: "注销称号 " + t.Name + "：持有单位" + h.Word, Thing: t.Number, URL: "/designations/" + string(t.ID), Stage: "称号"}
		if h.Successor != "" {
			w.Title = "提请审定承继 " + t.Name + "：持有单位已合并"
		}
		if len(h.Heirs) > 0 && h.Successor != "" {
			w.Title = fmt.Sprintf("提请审定承继 %s：持有单位已分立，%d个单位没有审定", t.Name, len(t.Open(h.Heirs)))
		}
		items = append(items, w)
	}
	plaques, err := plaqueWork(tx, by, w)
	if err != nil {
		return nil, err
	}
	offered, err := photographWork(tx, by, w)
	return append(append(items, plaques...), offered...), err
}

func plaqueWork(tx *store.Tx, by stage.Actor, w *waits) ([]WorkItem, error) {
	f := store.PlaqueFilter{States: []stage.State{plaque.Ordered, plaque.Recalled}}
	return listing[plaque.Plaque]{
		stage: "牌匾", url: "/plaques",
		list: func(after *plaque.Plaque, limit int) ([]plaque.Plaque, error) {
			if f.Limit = limit; after != nil {
				f.After = after.ID
			}
			return tx.Plaques(by, f)
		},
		item: func(q *plaque.Plaque) (WorkItem, error) {
			t, err := tx.Designation(q.Designation)
			word := "授牌 "
			if q.State == plaque.Recalled {
				word = "登记牌匾交回 "
			}
			return WorkItem{Title: word + t.Name, Thing: q.Number, URL: "/plaques/" + string(q.ID), Stage: "牌匾"}, err
		},
	}.gather(w)
}

func holderWork(tx *store.Tx, by stage.Actor) (items []WorkItem, err error) {
	plaques, err := tx.Plaques(by, store.PlaqueFilter{States: []stage.State{plaque.Recalled}})
	for _, q := range plaques {
		items = append(items, WorkItem{Title: "把牌匾交回办公室", Thing: q.Number, URL: "/designations/" + string(q.Designation), Stage: "牌匾"})
	}
	return items, err
}

// designationsAhead lists when titles expire.
func designationsAhead(tx *store.Tx, now time.Time) (all []Milestone, err error) {
	titles, err := tx.TitlesEndingBy("", calendar.DateOf(now).AddYears(6))
	for i, t := range titles {
		if i > 0 && titles[i-1].ValidTo == t.ValidTo {
			continue // titles of one naming end together
		}
		all = append(all, Milestone{At: t.ValidTo.End(), Word: "称号到期", What: t.Name})
	}
	return all, err
}

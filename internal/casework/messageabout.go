package casework

import (
	"cmp"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// abouts says, for each chapter that causes messages, what they say of its things. What a
// message says is what all its readers may know: who may see the thing at all is asked
// of each by sees.
var abouts = map[string]func(*store.Tx, string) (about, error){
	"application":   aboutApplication,
	"visit":         aboutVisit,
	"meeting":       aboutMeeting,
	"publicity":     aboutPublicity,
	"objection":     aboutObjection,
	"designation":   aboutDesignation,
	"recheck":       aboutRecheck,
	"rectification": aboutRectification,
	"revocation":    aboutRevocation,
	"round":         aboutRound,
}

// lastDay says the last day on which something is in time.
func lastDay(before time.Time) string {
	if before.IsZero() {
		return "（未定）"
	}
	return calendar.DateOf(before.Add(-time.Microsecond)).Chinese()
}

func aboutApplication(tx *store.Tx, key string) (a about, err error) {
	v, err := tx.Application(id.Application(key))
	if err != nil {
		return a, err
	}
	return about{
		programme: v.Programme, round: v.Round, url: "/applications/" + key, holders: []id.Organisation{v.Organisation},
		fields: map[string]string{"单位": v.Name, "编号": v.Number, "截止": v.Correction.LastDay.Chinese()},
		sees:   func(tx *store.Tx, viewer stage.Actor) error { _, err := tx.ApplicationFor(viewer, v.ID); return err },
	}, nil
}

func aboutVisit(tx *store.Tx, key string) (a about, err error) {
	v, err := tx.Visit(id.Visit(key))
	if err != nil {
		return a, err
	}
	app, err := tx.Application(v.Application)
	if err != nil {
		return a, err
	}
	a = about{
		programme: v.Programme, round: v.Round, url: "/visits/" + key, holders: []id.Organisation{v.Organisation}, roles: []stage.Role{stage.Assessor},
		fields: map[string]string{"单位": app.Name, "编号": app.Number, "日期": v.On.Chinese(), "时间": v.At, "地点": v.Place},
		sees:   func(tx *store.Tx, viewer stage.Actor) error { _, err := tx.VisitFor(viewer, v.ID); return err },
	}
	for _, s := range v.Team {
		a.people = append(a.people, s.Account)
	}
	return a, nil
}

func aboutMeeting(tx *store.Tx, key string) (a about, err error) {
	m, err := tx.Meeting(id.Meeting(key))
	if err != nil {
		return a, err
	}
	at := m.At.In(calendar.Zone)
	a = about{
		programme: m.Programme, round: m.Round, url: "/meetings/" + key, roles: []stage.Role{stage.Member, stage.Chair},
		fields: map[string]string{"会议": m.Title, "日期": calendar.DateOf(at).Chinese(), "时间": at.Format("15:04"), "地点": m.Place},
		sees:   func(tx *store.Tx, viewer stage.Actor) error { _, err := tx.MeetingFor(viewer, m.ID); return err },
	}
	for _, s := range m.Roster {
		if s.Account != "" {
			a.people = append(a.people, s.Account)
		}
	}
	return a, nil
}

func aboutPublicity(tx *store.Tx, key string) (a about, err error) {
	p, err := tx.Publicity(id.Publicity(key))
	if err != nil {
		return a, err
	}
	all, err := tx.CandidatesOf(p.ID)
	if err != nil {
		return a, err
	}
	a = about{
		programme: p.Programme, round: p.Round, url: "/publicities/" + key,
		fields: map[string]string{"公示": p.Title, "截止": p.Last.Chinese()},
		sees:   func(tx *store.Tx, viewer stage.Actor) error { _, err := tx.PublicityFor(viewer, p.ID); return err },
	}
	for _, c := range all {
		a.holders = append(a.holders, c.Organisation)
	}
	return a, nil
}

func aboutObjection(tx *store.Tx, key string) (a about, err error) {
	o, err := tx.Objection(id.Objection(key))
	if err != nil {
		return a, err
	}
	p, err := tx.Publicity(o.Publicity)
	if err != nil {
		return a, err
	}
	return about{
		programme: o.Programme, round: p.Round, url: "/objections/" + key, holders: []id.Organisation{o.Organisation},
		fields: map[string]string{"单位": o.Name, "截止": cmp.Or(o.ReplyOn.Chinese(), "（未定）"), "异议": o.Label()},
		sees:   func(tx *store.Tx, viewer stage.Actor) error { _, err := tx.ObjectionFor(viewer, o.ID); return err },
	}, nil
}

func aboutDesignation(tx *store.Tx, key string) (about, error) {
	return aboutTitle(tx, id.Designation(key), "/certificates", "", func(tx *store.Tx, viewer stage.Actor) error {
		_, err := tx.DesignationFor(viewer, id.Designation(key))
		return err
	})
}

// aboutTitle is what messages say of what happens to a title.
func aboutTitle(tx *store.Tx, key id.Designation, url, until string, sees func(*store.Tx, stage.Actor) error) (a about, err error) {
	t, err := tx.Designation(key)
	if err != nil {
		return a, err
	}
	base := "称号"
	if p, _, err := tx.ProgrammeNow(t.Programme); err == nil {
		base = cmp.Or(p.Base, base)
	}
	to := "长期"
	if !t.ValidTo.IsZero() {
		to = t.ValidTo.Chinese()
	}
	return about{
		programme: t.Programme, round: t.Round, url: url, holders: []id.Organisation{t.Organisation},
		fields: map[string]string{"单位": t.Name, "称号": base, "编号": t.Number, "有效期至": to, "截止": until}, sees: sees,
	}, nil
}

func aboutRecheck(tx *store.Tx, key string) (about, error) {
	r, err := tx.Recheck(id.Recheck(key))
	if err != nil {
		return about{}, err
	}
	a, err := aboutTitle(tx, r.Designation, "/rechecks/"+key, r.DueOn.Chinese(), func(tx *store.Tx, viewer stage.Actor) error {
		_, err := tx.RecheckFor(viewer, r.ID)
		return err
	})
	a.people, a.roles = r.Assessors, []stage.Role{stage.Assessor}
	return a, err
}

func aboutRectification(tx *store.Tx, key string) (about, error) {
	r, err := tx.Rectification(id.Rectification(key))
	if err != nil {
		return about{}, err
	}
	return aboutTitle(tx, r.Designation, "/rectifications/"+key, r.DueOn.Chinese(), func(tx *store.Tx, viewer stage.Actor) error {
		_, err := tx.RectificationFor(viewer, r.ID)
		return err
	})
}

func aboutRevocation(tx *store.Tx, key string) (about, error) {
	r, err := tx.Revocation(id.Revocation(key))
	if err != nil {
		return about{}, err
	}
	return aboutTitle(tx, r.Designation, "/revocations/"+key, lastDay(r.HearingEnds), func(tx *store.Tx, viewer stage.Actor) error {
		_, err := tx.RevocationFor(viewer, r.ID)
		return err
	})
}

func aboutRound(tx *store.Tx, key string) (a about, err error) {
	r, err := tx.Round(id.Round(key))
	if err != nil {
		return a, err
	}
	p, err := tx.ProgrammeOf(r.ID)
	if err != nil {
		return a, err
	}
	return about{
		programme: r.Programme, round: r.ID, url: "/calls/" + key, fields: map[string]string{"通知": call(r), "截止": untilSay(r.Deadline)},
		addresses: func(o *organisation.Organisation) bool { return o.AddressedBy(&p.Applicants) },
		sees:      func(tx *store.Tx, viewer stage.Actor) error { _, err := tx.RoundFor(viewer, r.ID); return err },
	}, nil
}

// untilSay says an instant before which something is in time.
func untilSay(before time.Time) string {
	at := before.In(calendar.Zone)
	if at.Hour() == 0 && at.Minute() == 0 {
		return lastDay(before) + "24:00"
	}
	return calendar.DateOf(at).Chinese() + at.Format("15:04")
}

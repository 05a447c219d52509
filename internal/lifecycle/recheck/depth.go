package recheck

import (
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// How deep a recheck looks. A plan says so by risk; without one it is left open.
const (
	Light = "light" // the holder's own account, which the office accepts or doubts
	Desk  = "desk"  // an assessor compares the papers
	Site  = "site"  // an assessor goes there
)

// Depths are the depths as people read them.
var Depths = map[string]string{Light: "书面自查", Desk: "书面复查", Site: "实地复查"}

var (
	errNotVisited = fault.Define(fault.Invalid, "recheck.report.not_visited",
		"这次是实地复查，还没有登记哪一天到过现场。先登记实地复查，再提交报告。", "制度:实地复查")
	errVisitDay = fault.Define(fault.Invalid, "recheck.visit.day",
		"到现场的日期没有填写，或早于复查开始，或还没有到。照实填写。", "制度:实地复查")
	errNotLight = fault.Define(fault.Refused, "recheck.accept.depth",
		"这次不是书面自查，由复查人员提交报告。", "制度:书面自查")
	errLight = fault.Define(fault.Refused, "recheck.report.light",
		"这次是书面自查，由经办人采纳自查情况。需要逐项比对的，先由经办人改为书面复查或者实地复查。", "制度:书面自查")
	errNoAccount = fault.Define(fault.Refused, "recheck.accept.self_report",
		"持有单位还没有提交自查情况，不能采纳。催办，或者改为书面复查、实地复查。", "制度:书面自查")
	errDeeper = fault.Define(fault.Invalid, "recheck.deepen.depth",
		"只能改得更深：书面自查改为书面复查或者实地复查，书面复查改为实地复查。", "制度:自查有疑问的书面复查或者实地复查")
	errWhyDeeper = fault.Define(fault.Invalid, "recheck.deepen.reason",
		"写明为什么要深入复查。", "制度:自查有疑问的书面复查或者实地复查")
)

// OfTerm reports whether it is the recheck of the title's term: the only one that renews
// the title and moves the next recheck (S68).
func (r *Recheck) OfTerm() bool { return r.Origin != OfEvent && r.Plan == "" }

// OpenDrawn returns the recheck that a plan's sample opens for a title: like OpenFor, and
// as deep as the plan says.
func OpenDrawn(rid id.Recheck, d designation.Designation, s programme.Recheck, current, naming int, taken []calendar.Date, by id.Plan, depth string, now time.Time) Recheck {
	r := OpenFor(rid, d, s, current, naming, taken, now)
	r.Depth = depth
	if r.Origin == OfEvent {
		r.Origin, r.Plan = "", by
	} else if depth == Light {
		r.Depth = Desk // it is the one of the term, early: that decides on more
	}
	return r
}

// Visit notes the day on which an assessor was at the place.
func (r *Recheck) Visit(by stage.Actor, on calendar.Date, now time.Time) (stage.Move, error) {
	m, err := r.looks("visit", by)
	if err != nil {
		return m, err
	}
	if on.IsZero() || on.Before(calendar.DateOf(r.BegunAt)) || on.After(calendar.DateOf(now)) {
		return m, errVisitDay.At("visited_on")
	}
	r.VisitedOn = on
	return m, nil
}

// Accept takes the holder's own account for the report, in a recheck that asks for no
// more. Who accepts it does not conclude (S65).
func (r *Recheck) Accept(by stage.Actor, opinion string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "accept", by.Role)
	if err != nil {
		return m, err
	}
	switch {
	case r.Depth != Light:
		return m, errNotLight.New()
	case strings.TrimSpace(r.SelfReport) == "":
		return m, errNoAccount.New()
	case strings.TrimSpace(opinion) == "":
		return m, errOpinion.At("opinion")
	}
	if err := fits("opinion", opinion); err != nil {
		return m, err
	}
	r.State, r.Opinion, r.ReportedBy, r.ReportedAt = m.To, opinion, by.Account, now
	return m, nil
}

var deeper = map[string]int{Light: 1, "": 2, Desk: 2, Site: 3}

// Deepen has a recheck look deeper than it was to. Who looks is chosen again where nobody
// was. The reason stands before the opinion that follows.
func (r *Recheck) Deepen(by stage.Actor, depth, reason string) (stage.Move, error) {
	m, err := Kind.Step(r.State, "deepen", by.Role)
	if err != nil {
		return m, err
	}
	if Depths[depth] == "" || deeper[depth] <= deeper[r.Depth] {
		return m, errDeeper.At("depth")
	}
	if strings.TrimSpace(reason) == "" {
		return m, errWhyDeeper.At("reason")
	}
	if err := fits("reason", reason); err != nil {
		return m, err
	}
	r.Depth, r.Reason = depth, reason
	return m, nil
}

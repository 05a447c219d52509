package visit

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
)

var (
	errNotOnTeam = fault.Define(fault.Refused, "visit.report.not_on_team",
		"不在这次的考核组里，不能填写考核情况。", "办法(三) 组织考核组")
	errNotLeader = fault.Define(fault.Refused, "visit.report.leader",
		"考核意见由组长提交。其他组员可以填写考核情况。", "办法(三) 提出考核意见")
	errEarly = fault.Define(fault.Refused, "visit.report.early",
		"考核定在%s，当天起才能填写考核情况和提交考核意见。", "办法(三) 深入实地考核")
	errAbsent = fault.Define(fault.Invalid, "visit.report.absent",
		"到场%d人，考核组至少%d人，组长要在场。人数不足的请改期。", "办法(三)；方案设定的人数")
	errStranger = fault.Define(fault.Invalid, "visit.report.stranger",
		"缺席的人不在考核组里。", "办法(三)")
	errSignAbsent = fault.Define(fault.Refused, "visit.sign.absent",
		"考核当天没有到场，不签署考核意见。", "办法(三) 提出考核意见")
	errSigned = fault.Define(fault.Refused, "visit.sign.twice",
		"这一稿已经签署。", "办法(三) 提出考核意见")
	errEdition = fault.Define(fault.Conflict, "visit.sign.edition",
		"考核意见已改为第%d稿，看过新稿再签署。", "制度:修改后重新签署")
)

// Record keeps what the team has so far. Nothing is required yet; any member may
// write, and the office may copy a paper form.
func (v *Visit) Record(by stage.Actor, indicators []programme.Indicator, a assessment.Account, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(v.State, "record", by.Role)
	if err != nil {
		return m, err
	}
	if by.Role == stage.Assessor && v.Seat(by.Account) == nil {
		return m, errNotOnTeam.New()
	}
	if err := v.there(now); err != nil {
		return m, err
	}
	wrong := a.Keepable(indicators)
	wrong = append(wrong, v.strangers(a)...)
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	v.set(indicators, a)
	return m, nil
}

// there: nothing is found before one was there.
func (v *Visit) there(now time.Time) error {
	if calendar.DateOf(now).Before(v.On) {
		return errEarly.New(v.On.Chinese())
	}
	return nil
}

// Report hands in the team's opinion, by its leader, on the day of the visit or
// later. All methods are recorded or have a reason (S50); what only the visit
// looks at is rated; enough of the team were there; and where points are given, no
// opinion says that the standard is met when they say that it is not.
func (v *Visit) Report(by stage.Actor, c assessment.Criteria, s programme.Visit, a assessment.Account, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(v.State, "report", by.Role)
	if err != nil {
		return m, err
	}
	if !v.manned(s) {
		return m, errShort.New(team.Of(s))
	}
	if err := v.write(by, c, s, a, now); err != nil {
		return m, err
	}
	v.State = m.To
	return m, nil
}

// Amend changes a report that was handed in. It is a new edition: who signed the
// one before signs again (S51).
func (v *Visit) Amend(by stage.Actor, c assessment.Criteria, s programme.Visit, a assessment.Account, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(v.State, "amend", by.Role)
	if err != nil {
		return m, err
	}
	return m, v.write(by, c, s, a, now)
}

func (v *Visit) write(by stage.Actor, c assessment.Criteria, s programme.Visit, a assessment.Account, now time.Time) error {
	seat := v.Seat(by.Account)
	switch {
	case seat == nil:
		return errNotOnTeam.New()
	case !seat.Leader:
		return errNotLeader.New()
	}
	if err := v.there(now); err != nil {
		return err
	}
	wrong := a.Keepable(c.Indicators)
	wrong = append(wrong, a.Lacking(c, s.Methods)...)
	wrong = append(wrong, v.strangers(a)...)
	if n := v.present(a); n < team.Of(s) || a.Absent[by.Account] != "" {
		wrong = append(wrong, errAbsent.At("absent", n, team.Of(s)))
	}
	if err := fault.All(wrong...); err != nil {
		return err
	}
	v.set(c.Indicators, a)
	v.Edition++
	v.Signatures, v.ReportedAt = nil, now
	return nil
}

func (v *Visit) present(a assessment.Account) (n int) {
	for _, s := range v.Team {
		if strings.TrimSpace(a.Absent[s.Account]) == "" {
			n++
		}
	}
	return n
}

func (v *Visit) strangers(a assessment.Account) (wrong []*fault.Fault) {
	for who, why := range a.Absent {
		if v.Seat(who) == nil {
			wrong = append(wrong, errStranger.At("absent"))
		} else {
			wrong = append(wrong, review.Kept("absent."+string(who), "缺席原因", why))
		}
	}
	return wrong
}

func (v *Visit) set(indicators []programme.Indicator, a assessment.Account) {
	v.Findings = map[string]assessment.Finding{}
	for _, i := range indicators {
		if f := a.Findings[i.Code]; f != (assessment.Finding{}) {
			v.Findings[i.Code] = f
		}
	}
	v.Records = map[string]assessment.Record{}
	for name := range assessment.Methods {
		if r, ok := a.Records[name]; ok {
			v.Records[name] = r
		}
	}
	v.Opinion, v.Text = a.Opinion, a.Text
	for i := range v.Team {
		v.Team[i].Absent = strings.TrimSpace(a.Absent[v.Team[i].Account])
	}
}

// Sign puts a member's name under the edition that they read, with where they
// disagree. The last signature concludes the visit (S51).
func (v *Visit) Sign(by stage.Actor, edition int, dissent string, ties review.Interests, now time.Time) (stage.Move, error) {
	act := "sign"
	if strings.TrimSpace(dissent) != "" {
		act = "dissent"
	}
	m, err := Kind.Step(v.State, act, by.Role)
	if err != nil {
		return m, err
	}
	seat := v.Seat(by.Account)
	switch {
	case seat == nil:
		return m, errNotOnTeam.New()
	case seat.Absent != "":
		return m, errSignAbsent.New()
	case edition != v.Edition:
		return m, errEdition.New(v.Edition)
	case v.SignedBy(by.Account):
		return m, errSigned.New()
	}
	if err := ties.Free(by.Account); err != nil {
		return m, err
	}
	if err := fault.All(review.Kept("dissent", "不同意见", dissent)); err != nil {
		return m, err
	}
	v.Signatures = append(slices.Clone(v.Signatures), Signature{by.Account, v.Edition, strings.TrimSpace(dissent), now})
	if len(v.Unsigned()) > 0 {
		return m, nil
	}
	if m, err = Kind.Step(v.State, "conclude", by.Role); err == nil {
		v.State, v.EndedAt = m.To, now
	}
	return m, err
}

// SignedBy reports whether an account signed the edition that holds.
func (v *Visit) SignedBy(who id.Account) bool {
	return slices.ContainsFunc(v.Signatures, func(s Signature) bool { return s.Account == who && s.Edition == v.Edition })
}

// Unsigned lists who was there and has not signed the edition that holds.
func (v *Visit) Unsigned() (seats []Seat) {
	for _, s := range v.Team {
		if s.Absent == "" && !v.SignedBy(s.Account) {
			seats = append(seats, s)
		}
	}
	return seats
}

// Account returns what the team wrote so far, for its form.
func (v *Visit) Account() assessment.Account {
	a := assessment.Account{Records: v.Records, Findings: v.Findings, Opinion: v.Opinion, Text: v.Text, Absent: map[id.Account]string{}}
	for _, s := range v.Team {
		if s.Absent != "" {
			a.Absent[s.Account] = s.Absent
		}
	}
	return a
}

package application

import (
	"maps"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/notice"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
)

const (
	reasonMax      = 500 // 字 of a reason
	correctionDays = 5   // working days to answer where the programme says nothing
)

var (
	errWithin     = fault.Define(fault.Refused, "application.decline.within", "这件申报在方案的申报范围之内，不能不予受理。有疑问的先受理，在初审里提出意见。", "办法(二) 初审；三 符合条件的省级社会组织")
	errReason     = fault.Define(fault.Invalid, "application.decline.reason", "写明理由，1到%d字。申报单位会看到。", "办法(二)")
	errPassReason = fault.Define(fault.Invalid, "application.pass_over.reason", "写明理由，1到%d字。", "办法(四)")
	errOnce       = fault.Define(fault.Refused, "application.request_correction.once", "这件申报已经告知过一次补正，不能再次要求。把意见写进初审。", "制度:一次性告知")
	errOver       = fault.Define(fault.Refused, "application.correct.late", "补正已于%s截止，按原材料办理。填写的内容仍在本页，可以保存备查。", "制度:补正逾期的按原材料初审")
	errUntouched  = fault.Define(fault.Refused, "application.correct.other", "%s不在补正通知之内。截止以后只能说明通知列出的项目，不能补充新的内容。", "办法(一)；制度:补正只作说明")
	errPending    = fault.Define(fault.Refused, "application.lapse.early", "补正期限%s还没有到。", "制度:一次性告知")
)

// Accept takes the application in (受理). The round's procedure says which stage
// it enters; see Enter.
func (a *Application) Accept(by stage.Actor, now time.Time) (stage.Move, error) {
	return a.step("accept", by, now)
}

// AcceptBy returns the last day on which the office decides about accepting: so
// many working days after the submission, or after the correction.
func (a *Application) AcceptBy(p *programme.Programme, c *calendar.Calendar) (calendar.Period, bool) {
	from := a.SubmittedAt
	if a.Correction.AnsweredAt.After(from) {
		from = a.Correction.AnsweredAt
	} else if a.Correction.Lapsed {
		from = a.Correction.Due
	}
	period, err := c.AddWorkingDays(calendar.DateOf(from), p.Filing.AcceptIn, false)
	return period, err == nil && a.State == Submitted
}

// Outside lists the conditions for applicants of the programme itself that an
// organisation fails: registration, kind, Party organisation. Only these make an
// application one that is not within the programme at all; whatever else
// eligibility finds is for the review.
func Outside(checks []ruling.Check) (failed []ruling.Check) {
	for _, c := range checks {
		if strings.HasPrefix(c.Rule.Code, "applicants.") && c.Verdict == eligibility.Fails {
			failed = append(failed, c)
		}
	}
	return failed
}

// Decline refuses to take in what is not within the programme at all (不予受理).
// The notice gives the office no other power to reject: everything else reaches
// the committee with its recommendation (S46).
func (a *Application) Decline(by stage.Actor, outside []ruling.Check, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(a.State, "decline", by.Role)
	if err != nil {
		return m, err
	}
	if len(outside) == 0 {
		return m, errWithin.New()
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || answer.Text("", "", reason, reasonMax) != nil {
		return m, errReason.At("reason", reasonMax)
	}
	a.Reason = reason
	a.move(m, now)
	return m, nil
}

// CorrectionDays returns how many working days a programme gives to mend defects.
func CorrectionDays(p *programme.Programme) int {
	if p.Review.CorrectionDays > 0 {
		return p.Review.CorrectionDays
	}
	return correctionDays
}

// RequestCorrection tells the applicant everything that is missing, once, each
// thing at its field, and until when it may answer (一次性告知).
func (a *Application) RequestCorrection(by stage.Actor, p *programme.Programme, r *round.Round, c *calendar.Calendar, defects []Defect, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(a.State, "request_correction", by.Role)
	if err != nil {
		return m, err
	}
	if !a.Correction.NotifiedAt.IsZero() {
		return m, errOnce.New()
	}
	defects = slices.Clone(defects)
	if err := notice.Check(p, r.Year, defects); err != nil {
		return m, err
	}
	period, err := c.AddWorkingDays(calendar.DateOf(now), CorrectionDays(p), false)
	if err != nil {
		return m, err
	}
	a.Correction = Correction{Defects: defects, NotifiedAt: now, LastDay: period.Last, Due: period.End(), Calendar: period.Version}
	a.move(m, now)
	return m, nil
}

// May reports whether a field may change in a correction now: those of the
// notice always; others while one may still file anyway, or where the programme
// takes new facts after the deadline (S46: by default it clarifies only).
func (a *Application) May(field string, p *programme.Programme, r *round.Round, now time.Time) bool {
	return r.FilingOpen(now) || p.Review.CorrectionFacts == "new_facts" || a.Demanded(field) != ""
}

// Demanded returns what the notice of defects says about a field, or "".
func (a *Application) Demanded(field string) string {
	for _, d := range a.Correction.Defects {
		if d.Field == field {
			return d.Say
		}
	}
	return ""
}

// Correct answers the notice of defects, once and within its time. What was
// submitted first is kept beside it.
func (a *Application) Correct(by stage.Actor, p *programme.Programme, r *round.Round, in answer.Part, now time.Time) (stage.Move, error) {
	if a.Correction.Lapsed && by.Role == stage.Applicant { // who comes after the clock hears the same rule
		return stage.Move{}, errOver.New(round.Instant(a.Correction.Due))
	}
	m, err := Kind.Step(a.State, "correct", by.Role)
	if err != nil {
		return m, err
	}
	if !now.Before(a.Correction.Due) {
		return m, errOver.New(round.Instant(a.Correction.Due))
	}
	next := a.Content()
	in.Committed, in.Party = nil, nil
	if err := next.Take(p, r.Year, in); err != nil {
		return m, err
	}
	if in.Files != nil {
		next.Attach(in.Files)
	}
	for _, code := range slices.Sorted(maps.Keys(next.Answers)) {
		if !next.Answers[code].Equal(a.Answers[code]) && !a.May(code, p, r, now) {
			return m, errUntouched.New("指标" + code)
		}
	}
	if next.Signatory != a.Signatory && !a.May("signatory", p, r, now) {
		return m, errUntouched.New("签署人")
	}
	if err := fault.All(next.Gaps(p, r.Year)...); err != nil {
		return m, err
	}
	a.Answers, a.Signatory, a.Digest = next.Answers, next.Signatory, next.Digest()
	a.Correction.AnsweredAt = now
	a.move(m, now)
	return m, nil
}

// Lapse ends a correction that was not answered in time: the application goes on
// as it was submitted.
func (a *Application) Lapse(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(a.State, "lapse", by.Role)
	if err != nil {
		return m, err
	}
	if now.Before(a.Correction.Due) {
		return m, errPending.New(round.Instant(a.Correction.Due))
	}
	a.Correction.Lapsed = true
	a.move(m, now)
	return m, nil
}

// Select takes the application to the names that wait for naming: its publicity
// was served and no objection to it stands.
func (a *Application) Select(by stage.Actor, now time.Time) (stage.Move, error) {
	return a.step("select", by, now)
}

// PassOver ends an application that the committee decided against, or whose
// objection it found founded. The applicant reads the reason.
func (a *Application) PassOver(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	return a.end("pass_over", by, reason, now)
}

// Disqualify ends an application that was found untrue (S64).
func (a *Application) Disqualify(by stage.Actor, finding string, now time.Time) (stage.Move, error) {
	return a.end("disqualify", by, finding, now)
}

func (a *Application) end(act string, by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(a.State, act, by.Role)
	if err != nil {
		return m, err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || answer.Text("", "", reason, reasonMax) != nil {
		return m, errPassReason.At("reason", reasonMax)
	}
	a.Reason = reason
	a.move(m, now)
	return m, nil
}

// BeNamed ends an application by what it was for: it became a designation.
func (a *Application) BeNamed(by stage.Actor, now time.Time) (stage.Move, error) {
	return a.step("name", by, now)
}

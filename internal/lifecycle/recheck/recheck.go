package recheck

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a recheck.
const (
	Due      stage.State = "due"      // opened by the clock, nobody has begun
	Underway stage.State = "underway" // somebody looks
	Reported stage.State = "reported" // the report waits for a conclusion
	Passed   stage.State = "passed"
	Slipped  stage.State = "slipped" // 工作退步、标准下降
	Ended    stage.State = "ended"   // the title ended in another way first
)

// Kind is the recheck's machine.
var Kind = stage.Kind{
	Name: "recheck", Label: "复查", Start: Due,
	Moves: []stage.Move{
		{From: Due, Act: "begin", By: stage.Clerk, To: Underway, Basis: "五(二) 每三年复查"},
		{From: Underway, Act: "self_report", By: stage.Applicant, To: Underway, Basis: "五(二)；五(一) 自查自评"},
		{From: Underway, Act: "report", By: stage.Assessor, To: Reported, Basis: "五(二) 每三年复查"},
		{From: Reported, Act: "pass", By: stage.Chair, To: Passed, Basis: "五(二) 每三年复查"},
		{From: Reported, Act: "slip", By: stage.Chair, To: Slipped, Basis: "五(二) 工作退步、标准下降"},
		{From: Due, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Underway, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Reported, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
	},
	Ends: map[stage.State]bool{Passed: true, Slipped: false, Ended: false},
	Words: map[string]string{
		"due": "待复查", "underway": "复查中", "reported": "待结论", "passed": "复查通过", "slipped": "标准下降", "ended": "已终止",
		"begin": "开始复查", "self_report": "提交自查", "report": "提交复查报告", "pass": "复查通过", "slip": "认定标准下降", "end": "终止复查",
	},
}

// Recheck is one look at one title.
type Recheck struct {
	ID              id.Recheck
	Programme       id.Programme
	Designation     id.Designation
	Organisation    id.Organisation
	State           stage.State
	DueOn           calendar.Date // the day by which it must be concluded
	ExpiresOn       calendar.Date // the title's last valid day when it was opened; zero without end
	StandardVersion int           // the version of the programme it is held against
	NamingVersion   int           // the version the title was named under, shown beside it
	Assessors       []id.Account  // who looks
	SelfReport      string        // the holder's own account
	Findings        map[string]Finding
	Opinion         string     // what the assessor concludes
	ReportedBy      id.Account // not the one who concludes (S65)
	Reason          string     // why it slipped, or passed in spite of a failing indicator
	OpenedAt        time.Time
	ConcludedAt     time.Time
	Version         int64
}

// Finding compares one indicator with the naming.
type Finding struct {
	Then string `json:"then"` // meets, partly or fails at the naming; "" when it was not asked
	Now  string `json:"now"`  // meets, partly or fails
	Note string `json:"note"`
}

// Longest texts, in characters.
const longest = 5000

var (
	errAssessors = fault.Define(fault.Invalid, "recheck.begin.no_assessor",
		"还没有指定复查人员。至少选一名考核组成员。", "五(二)")
	errNotAssigned = fault.Define(fault.Refused, "recheck.report.not_assigned",
		"这次复查没有指定由您办理，报告应由指定的复查人员提交。", "五(二)")
	errFindings = fault.Define(fault.Invalid, "recheck.report.incomplete",
		"指标 %s 还没有复查意见。逐项选定后再提交。", "五(二)")
	errRating = fault.Define(fault.Invalid, "recheck.report.rating",
		"指标 %s 的意见只能是达到、部分达到或未达到。", "五(二)")
	errNote = fault.Define(fault.Invalid, "recheck.report.note",
		"指标 %s 比命名时退步，写明退步在哪里。", "五(二) 工作退步、标准下降")
	errOpinion = fault.Define(fault.Invalid, "recheck.report.opinion",
		"复查意见没有填写。用几句话写明总体情况。", "五(二)")
	errText = fault.Define(fault.Invalid, "recheck.text.too_long",
		"内容太长，删到%d字以内。", "")
	errSelf = fault.Define(fault.Invalid, "recheck.self_report.empty",
		"自查情况没有填写。写明三年来的工作和数字变化。", "五(一) 自查自评")
	errFourEyes = fault.Define(fault.Refused, "recheck.conclude.same_person",
		"复查报告由您本人提交，结论须由另一人作出。", "五(二) 从严从实审核把关")
	errReason = fault.Define(fault.Invalid, "recheck.conclude.reason",
		"写明理由：%s。", "五(二)")
	errExpired = fault.Define(fault.Refused, "recheck.pass.expired",
		"称号已在%s到期，不能再通过复查续期，可以按新一届重新申报。", "三 有效期3年")
	errStillLives = fault.Define(fault.Refused, "recheck.end.still_valid",
		"称号仍然有效，复查不能终止。", "五(二)")
)

// OpensOn returns the day on which the clock opens a title's next recheck, or
// the zero date when there is none to open: the programme knows no recheck, or
// the title is not valid (S68).
func OpensOn(d designation.Designation, s programme.Recheck) calendar.Date {
	if s.EveryYears == 0 || d.RecheckDue.IsZero() || d.State != designation.Valid {
		return calendar.Date{}
	}
	return d.RecheckDue.AddDays(-s.LeadDays)
}

// Open returns the recheck that the clock opens for a title. current and naming
// are the versions of the programme in force now and at the naming; the setting
// says which one it is held against, and both are shown (S69).
func Open(rid id.Recheck, d designation.Designation, s programme.Recheck, current, naming int, now time.Time) Recheck {
	against := current
	if s.Standard == "naming" {
		against = naming
	}
	return Recheck{
		ID: rid, Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation, State: Due,
		DueOn: d.RecheckDue, ExpiresOn: d.ValidTo, StandardVersion: against, NamingVersion: naming, OpenedAt: now,
	}
}

// Begin starts the recheck with those who will look.
func (r *Recheck) Begin(by stage.Actor, assessors []id.Account) (stage.Move, error) {
	m, err := Kind.Step(r.State, "begin", by.Role)
	if err != nil {
		return m, err
	}
	if len(assessors) == 0 {
		return m, errAssessors.At("assessors")
	}
	r.State, r.Assessors = m.To, assessors
	return m, nil
}

// ReportSelf keeps the holder's own account. It may be given again until the
// report is in.
func (r *Recheck) ReportSelf(by stage.Actor, text string) (stage.Move, error) {
	m, err := Kind.Step(r.State, "self_report", by.Role)
	if err != nil {
		return m, err
	}
	if by.Organisation != r.Organisation {
		return m, fault.Missing()
	}
	if strings.TrimSpace(text) == "" {
		return m, errSelf.At("self_report")
	}
	if err := fits("self_report", text); err != nil {
		return m, err
	}
	r.State, r.SelfReport = m.To, text
	return m, nil
}

// Report gives the assessor's comparison of every indicator and an opinion.
// What is worse than at the naming needs a note (S69).
func (r *Recheck) Report(by stage.Actor, indicators []programme.Indicator, findings map[string]Finding, opinion string) (stage.Move, error) {
	m, err := Kind.Step(r.State, "report", by.Role)
	if err != nil {
		return m, err
	}
	if !slices.Contains(r.Assessors, by.Account) {
		return m, errNotAssigned.New()
	}
	var wrong []*fault.Fault
	kept := map[string]Finding{}
	for _, i := range indicators {
		f := findings[i.Code]
		wrong = append(wrong, f.check(i.Code))
		kept[i.Code] = f
	}
	if strings.TrimSpace(opinion) == "" {
		wrong = append(wrong, errOpinion.At("opinion"))
	}
	if err := fault.All(append(wrong, fitsFault("opinion", opinion))...); err != nil {
		return m, err
	}
	r.State, r.Findings, r.Opinion, r.ReportedBy = m.To, kept, opinion, by.Account
	return m, nil
}

var ranks = map[string]int{"fails": 1, "partly": 2, "meets": 3}

// Slipped reports whether an indicator is worse than at the naming.
func (f Finding) Slipped() bool { return f.Then != "" && ranks[f.Now] < ranks[f.Then] }

func (f Finding) check(code string) *fault.Fault {
	path := "findings." + code
	switch {
	case f.Now == "":
		return errFindings.At(path, code)
	case ranks[f.Now] == 0 || f.Then != "" && ranks[f.Then] == 0:
		return errRating.At(path, code)
	case f.Slipped() && strings.TrimSpace(f.Note) == "":
		return errNote.At(path+".note", code)
	}
	return fitsFault(path+".note", f.Note)
}

// Failing reports whether any indicator is not met now.
func (r *Recheck) Failing() bool {
	for _, f := range r.Findings {
		if f.Now == "fails" {
			return true
		}
	}
	return false
}

// Pass concludes that the title is still deserved. It comes before the title
// expires, from somebody else than who reported, and with a reason when an
// indicator fails.
func (r *Recheck) Pass(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := r.conclude("pass", by)
	if err != nil {
		return m, err
	}
	if !r.ExpiresOn.IsZero() && !now.Before(r.ExpiresOn.End()) {
		return m, errExpired.New(r.ExpiresOn.Chinese())
	}
	if r.Failing() && strings.TrimSpace(reason) == "" {
		return m, errReason.At("reason", "有指标未达到而仍予通过")
	}
	if err := fits("reason", reason); err != nil {
		return m, err
	}
	r.State, r.Reason, r.ConcludedAt = m.To, reason, now
	return m, nil
}

// Slip concludes that the standard is no longer met. What follows is an order
// to put it right (S70).
func (r *Recheck) Slip(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := r.conclude("slip", by)
	if err != nil {
		return m, err
	}
	if strings.TrimSpace(reason) == "" {
		return m, errReason.At("reason", "工作退步或标准下降在哪里")
	}
	if err := fits("reason", reason); err != nil {
		return m, err
	}
	r.State, r.Reason, r.ConcludedAt = m.To, reason, now
	return m, nil
}

func (r *Recheck) conclude(act string, by stage.Actor) (stage.Move, error) {
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if by.Account == r.ReportedBy {
		return m, errFourEyes.New()
	}
	return m, nil
}

// End closes a recheck whose title ended in another way.
func (r *Recheck) End(by stage.Actor, d designation.Designation, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "end", by.Role)
	if err != nil {
		return m, err
	}
	if d.State == designation.Valid || d.State == designation.Rectifying {
		return m, errStillLives.New()
	}
	r.State, r.ConcludedAt = m.To, now
	return m, nil
}

// Overdue reports whether the recheck is not concluded although its day is over.
func (r *Recheck) Overdue(today calendar.Date) bool {
	_, over := Kind.Ends[r.State]
	return !over && today.After(r.DueOn)
}

func fits(path, text string) error { return fault.All(fitsFault(path, text)) }

func fitsFault(path, text string) *fault.Fault {
	if len([]rune(text)) > longest {
		return errText.At(path, longest)
	}
	return nil
}

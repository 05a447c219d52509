package recheck

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/chars"
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
		{From: Underway, Act: "assign", By: stage.Clerk, To: Underway, Basis: "制度:复查人员可以调整"},
		{From: Underway, Act: "self_report", By: stage.Applicant, To: Underway, Basis: "五(二)；五(一) 自查自评"},
		{From: Underway, Act: "note", By: stage.Assessor, To: Underway, Basis: "制度:未提交的记录随时保存"},
		{From: Underway, Act: "report", By: stage.Assessor, To: Reported, Basis: "五(二) 每三年复查"},
		{From: Underway, Act: "visit", By: stage.Assessor, To: Underway, Basis: "制度:实地复查"},
		{From: Underway, Act: "accept", By: stage.Clerk, To: Reported, Basis: "制度:书面自查"},
		{From: Underway, Act: "deepen", By: stage.Clerk, To: Underway, Basis: "制度:自查有疑问的书面复查或者实地复查"},
		{From: Reported, Act: "pass", By: stage.Chair, To: Passed, Basis: "五(二) 每三年复查"},
		{From: Reported, Act: "slip", By: stage.Chair, To: Slipped, Basis: "五(二) 工作退步、标准下降"},
		{From: Due, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Underway, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Reported, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
	},
	Ends: map[stage.State]bool{Passed: true, Slipped: false, Ended: false},
	Words: map[string]string{
		"due": "待复查", "underway": "复查中", "reported": "待结论", "passed": "复查通过", "slipped": "标准下降", "ended": "已终止",
		"open": "启动复查", "begin": "开始复查", "assign": "调整复查人员", "note": "保存复查记录", "self_report": "提交自查", "report": "提交复查报告", "visit": "登记实地复查", "accept": "采纳自查", "deepen": "改为深入复查", "pass": "复查通过", "slip": "认定标准下降", "end": "终止复查",
	},
}

// Recheck is one look at one title.
type Recheck struct {
	ID              id.Recheck
	Programme       id.Programme
	Designation     id.Designation
	Organisation    id.Organisation
	State           stage.State
	Origin          string        // why it is there: of the title's term, or OfEvent
	Plan            id.Plan       // whose sample drew it; empty: none
	Depth           string        // how deep it looks, a key of Depths; empty: no plan said so, at least at the desk
	VisitedOn       calendar.Date // the day on which somebody looked at the place; zero before
	DueOn           calendar.Date // the day by which it must be concluded
	ExpiresOn       calendar.Date // the title's last valid day when it was opened; zero without end
	StandardVersion int           // the version of the programme it is held against
	NamingVersion   int           // the version the title was named under, shown beside it
	Assessors       []id.Account  // who looks
	SelfReport      string        // the holder's own account
	SelfReportedAt  time.Time
	Findings        map[string]Finding // by indicator; before the report, with what was found at the naming only
	Opinion         string             // what the assessor concludes
	ReportedBy      id.Account         // not the one who concludes (S65)
	Decision        id.Item            // of the committee, where it concluded; empty when the chair did
	Reason          string             // why it slipped, or passed in spite of a failing indicator
	OpenedAt        time.Time
	BegunAt         time.Time
	ReportedAt      time.Time
	ConcludedAt     time.Time
	Version         int64
}

// OfEvent is the origin of a recheck that something which happened to the holder opened
// beside those of the title's term. It moves neither the term nor the next recheck.
const OfEvent = "event"

// Finding compares one indicator with the naming.
type Finding struct {
	Then string `json:"then"` // meets, partly or fails at the naming; "" when it was not asked
	Now  string `json:"now"`  // meets, partly or fails
	Note string `json:"note"`
}

// Longest is the longest text of a recheck, in 字.
const Longest = 5000

var (
	errAssessors = fault.Define(fault.Invalid, "recheck.begin.no_assessor",
		"还没有指定复查人员。至少选一名考核组成员。", "五(二)")
	errUnknown = fault.Define(fault.Invalid, "recheck.begin.unknown",
		"选中的人里有的已不是考核组成员。重新选一次。", "五(二)")
	errInterest = fault.Define(fault.Invalid, "recheck.begin.interest",
		"%s%s，应当回避。换一名考核组成员。", "五(二) 从严从实审核把关；制度:回避")
	errNotAssigned = fault.Define(fault.Refused, "recheck.report.not_assigned",
		"这次复查没有指定由本人办理，报告应由指定的复查人员提交。", "五(二)")
	errFindings = fault.Define(fault.Invalid, "recheck.report.incomplete",
		"指标 %s 还没有复查意见。逐项选定后再提交。", "五(二)")
	errRating = fault.Define(fault.Invalid, "recheck.report.rating",
		"指标 %s 的意见只能是达到、部分达到或未达到。", "五(二)")
	errNote = fault.Define(fault.Invalid, "recheck.report.note",
		"指标 %s 比命名时退步，写明退步在哪里。", "五(二) 工作退步、标准下降")
	errOpinion = fault.Define(fault.Invalid, "recheck.report.opinion",
		"复查意见没有填写。用几句话写明总体情况。", "五(二)")
	errText = fault.Define(fault.Invalid, "recheck.text.too_long",
		"内容超过%d字，或有无法保存的字符。删减后再提交。", "")
	errSelf = fault.Define(fault.Invalid, "recheck.self_report.empty",
		"自查情况没有填写。写明三年来的工作和数字变化。", "五(一) 自查自评")
	errFourEyes = fault.Define(fault.Refused, "recheck.conclude.same_person",
		"复查报告由本人提交，结论须由另一人作出。", "五(二) 从严从实审核把关")
	errReason = fault.Define(fault.Invalid, "recheck.conclude.reason",
		"写明理由：%s。", "五(二)")
	errRecuse = fault.Define(fault.Refused, "recheck.conclude.interest",
		"本人兼任该单位经办人，应当回避。把这次复查列入会议，由会议作出结论。", "五(二) 从严从实审核把关；制度:回避")
	errOnAgenda = fault.Define(fault.Refused, "recheck.conclude.on_agenda",
		"这次复查已列入会议议程，由会议作出结论。", "办法(四)")
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

// daysAtLeast is how long a recheck has that something opened, where the programme
// gives those of the term less.
const daysAtLeast = 30

// OpenFor returns the recheck that the clock opens for what happened to a title's
// holder: with as much time as one of the term has, but before the title's last day.
// Where the one of the term falls due in that time anyway, it is that one, early. taken
// are the days on which rechecks of the title fell due before.
func OpenFor(rid id.Recheck, d designation.Designation, s programme.Recheck, current, naming int, taken []calendar.Date, now time.Time) Recheck {
	r := Open(rid, d, s, current, naming, now)
	today := calendar.DateOf(now)
	due := today.AddDays(max(s.LeadDays, daysAtLeast))
	if !d.RecheckDue.IsZero() && !d.RecheckDue.After(due) && !slices.Contains(taken, d.RecheckDue) {
		return r
	}
	if !d.ValidTo.IsZero() && !due.Before(d.ValidTo) {
		due = today.AddDays(max(0, today.DaysUntil(d.ValidTo)-1))
	}
	for due == d.RecheckDue || slices.Contains(taken, due) {
		due = due.AddDays(1)
	}
	r.Origin, r.DueOn = OfEvent, due
	return r
}

// TakesOn reports whether a recheck can still look into something that happens now.
func (r *Recheck) TakesOn() bool { return r.State == Due || r.State == Underway }

var errEventWaits = fault.Define(fault.Refused, "recheck.event.waits",
	"复查报告在等结论，或者称号正在整改，新的事由等办结以后再查。", "五(二) 动态管理")

// ForEvent says how what happened to a title's holder is looked into, all being the
// rechecks of the title: by the one that can take it on, or else by a new one (OpenFor),
// then "" and the days on which rechecks fell due before. While a report waits for its
// conclusion or an order runs it is refused: one thing after the other.
func ForEvent(d designation.Designation, all []Recheck) (open id.Recheck, taken []calendar.Date, err error) {
	waits := d.State != designation.Valid
	for _, r := range all {
		if r.TakesOn() {
			return r.ID, nil, nil
		}
		waits = waits || r.State == Reported
		taken = append(taken, r.DueOn)
	}
	if waits {
		return "", nil, errEventWaits.New()
	}
	return "", taken, nil
}

// Candidate is somebody who could look at a holder.
type Candidate struct {
	Account  id.Account
	Name     string
	Interest string // why they must not: 兼任该单位经办人; empty: they may
}

// Choose checks who is to look: somebody, known, each once, and nobody with an
// interest in the holder (S65). It returns them in the order of the pool.
func Choose(chosen []id.Account, pool []Candidate) ([]id.Account, error) {
	var who []id.Account
	for _, c := range pool {
		if !slices.Contains(chosen, c.Account) {
			continue
		}
		if c.Interest != "" {
			return nil, errInterest.At("assessors", c.Name, c.Interest)
		}
		who = append(who, c.Account)
	}
	for _, a := range chosen {
		if !slices.Contains(who, a) {
			return nil, errUnknown.At("assessors")
		}
	}
	if len(who) == 0 {
		return nil, errAssessors.At("assessors")
	}
	return who, nil
}

// Begin starts the recheck with those who will look.
func (r *Recheck) Begin(by stage.Actor, chosen []id.Account, pool []Candidate, now time.Time) (stage.Move, error) {
	m, err := r.assign("begin", by, chosen, pool)
	if err == nil {
		r.BegunAt = now
	}
	return m, err
}

// Assign names others who look, until the report is in.
func (r *Recheck) Assign(by stage.Actor, chosen []id.Account, pool []Candidate) (stage.Move, error) {
	return r.assign("assign", by, chosen, pool)
}

func (r *Recheck) assign(act string, by stage.Actor, chosen []id.Account, pool []Candidate) (stage.Move, error) {
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	var who []id.Account
	if r.Depth != Light || len(chosen) > 0 {
		if who, err = Choose(chosen, pool); err != nil {
			return m, err
		}
	}
	r.State, r.Assessors = m.To, who
	return m, nil
}

// ReportSelf keeps the holder's own account. It may be given again until the
// report is in.
func (r *Recheck) ReportSelf(by stage.Actor, text string, now time.Time) (stage.Move, error) {
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
	r.State, r.SelfReport, r.SelfReportedAt = m.To, text, now
	return m, nil
}

// Note keeps what an assessor has written so far. Only its length is checked.
func (r *Recheck) Note(by stage.Actor, indicators []programme.Indicator, findings map[string]Finding, opinion string) (stage.Move, error) {
	m, err := r.looks("note", by)
	if err != nil {
		return m, err
	}
	wrong := []*fault.Fault{fitsFault("opinion", opinion)}
	kept := r.compared(indicators, findings)
	for code, f := range kept {
		if f.Now != "" && ranks[f.Now] == 0 {
			wrong = append(wrong, errRating.At("findings."+code, code))
		}
		wrong = append(wrong, fitsFault("findings."+code+".note", f.Note))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	r.State, r.Findings, r.Opinion = m.To, kept, opinion
	return m, nil
}

// Report gives the assessor's comparison of every indicator and an opinion.
// What is worse than at the naming needs a note (S69).
func (r *Recheck) Report(by stage.Actor, indicators []programme.Indicator, findings map[string]Finding, opinion string, now time.Time) (stage.Move, error) {
	m, err := r.looks("report", by)
	if err == nil && r.Depth == Light {
		err = errLight.New()
	}
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	kept := r.compared(indicators, findings)
	for _, i := range indicators {
		wrong = append(wrong, kept[i.Code].check(i.Code))
	}
	if strings.TrimSpace(opinion) == "" {
		wrong = append(wrong, errOpinion.At("opinion"))
	}
	if r.Depth == Site && r.VisitedOn.IsZero() {
		wrong = append(wrong, errNotVisited.At("visited_on"))
	}
	if err := fault.All(append(wrong, fitsFault("opinion", opinion))...); err != nil {
		return m, err
	}
	r.State, r.Findings, r.Opinion, r.ReportedBy, r.ReportedAt = m.To, kept, opinion, by.Account, now
	return m, nil
}

// looks asks whether the actor is one of those who look.
func (r *Recheck) looks(act string, by stage.Actor) (stage.Move, error) {
	m, err := Kind.Step(r.State, act, by.Role)
	if err == nil && !slices.Contains(r.Assessors, by.Account) {
		err = errNotAssigned.New()
	}
	return m, err
}

// compared puts what is now beside what was found at the naming, which nobody
// changes. An indicator that is no longer asked keeps what was found then.
func (r *Recheck) compared(indicators []programme.Indicator, findings map[string]Finding) map[string]Finding {
	kept := map[string]Finding{}
	for code, f := range r.Findings {
		kept[code] = Finding{Then: f.Then}
	}
	for _, i := range indicators {
		f := findings[i.Code]
		f.Then = r.Findings[i.Code].Then
		kept[i.Code] = f
	}
	return kept
}

var ranks = map[string]int{"fails": 1, "partly": 2, "meets": 3}

// Delta says how an indicator moved since the naming: below 0 is worse, 0 is the
// same or cannot be compared.
func (f Finding) Delta() int {
	if ranks[f.Then] == 0 || ranks[f.Now] == 0 {
		return 0
	}
	return ranks[f.Now] - ranks[f.Then]
}

// Slipped reports whether an indicator is worse than at the naming.
func (f Finding) Slipped() bool { return f.Delta() < 0 }

func (f Finding) check(code string) *fault.Fault {
	path := "findings." + code
	switch {
	case f.Now == "":
		return errFindings.At(path, code)
	case ranks[f.Now] == 0:
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

// Conclusion is what a conclusion rests on beside the report.
type Conclusion struct {
	Decision   id.Item // of the committee, where it concludes; empty when the chair does
	OnAgenda   bool    // a meeting has it, so that nobody concludes beside the meeting
	Interested bool    // the chair acts for the holder too
	Unfiled    string  // the programme's setting for who files no account: fails or remind
	Reason     string
}

// Pass concludes that the title is still deserved. It comes before the title
// expires, from somebody else than who reported, and with a reason when an
// indicator fails, or when the holder filed no account of its own and the programme
// counts that as failing.
func (r *Recheck) Pass(by stage.Actor, c Conclusion, now time.Time) (stage.Move, error) {
	m, err := r.concludes("pass", by, c)
	if err != nil {
		return m, err
	}
	if !r.ExpiresOn.IsZero() && !now.Before(r.ExpiresOn.End()) {
		return m, errExpired.New(r.ExpiresOn.Chinese())
	}
	if r.Failing() && strings.TrimSpace(c.Reason) == "" {
		return m, errReason.At("reason", "有指标未达到而仍予通过")
	}
	if c.Unfiled == "fails" && r.SelfReport == "" && strings.TrimSpace(c.Reason) == "" {
		return m, errReason.At("reason", "没有交自查报告按不合格处理，而仍予通过")
	}
	return r.conclude(m, c, now)
}

// Slip concludes that the standard is no longer met. What follows is an order
// to put it right (S70).
func (r *Recheck) Slip(by stage.Actor, c Conclusion, now time.Time) (stage.Move, error) {
	m, err := r.concludes("slip", by, c)
	if err != nil {
		return m, err
	}
	if strings.TrimSpace(c.Reason) == "" {
		return m, errReason.At("reason", "工作退步或标准下降在哪里")
	}
	return r.conclude(m, c, now)
}

// concludes: not who reported, and nobody with an interest (S65). A meeting's
// decision is the committee's, not that of the chair who closes it.
func (r *Recheck) concludes(act string, by stage.Actor, c Conclusion) (stage.Move, error) {
	m, err := Kind.Step(r.State, act, by.Role)
	switch {
	case err != nil:
		return m, err
	case c.Decision != "":
		return m, nil
	case by.Account == r.ReportedBy:
		return m, errFourEyes.New()
	case c.Interested:
		return m, errRecuse.New()
	case c.OnAgenda:
		return m, errOnAgenda.New()
	}
	return m, nil
}

func (r *Recheck) conclude(m stage.Move, c Conclusion, now time.Time) (stage.Move, error) {
	if err := fits("reason", c.Reason); err != nil {
		return m, err
	}
	r.State, r.Decision, r.Reason, r.ConcludedAt = m.To, c.Decision, c.Reason, now
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
	if chars.Count(text) > Longest || len(text) > 20*Longest || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return errText.At(path, Longest)
	}
	return nil
}

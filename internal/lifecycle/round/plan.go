package round

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The longest texts of a plan, in 字.
const (
	titleMax   = 120
	numberMax  = 60
	contactMax = 300
	reasonMax  = 500
	quotaMax   = 10000
)

var (
	errEmpty         = fault.Define(fault.Invalid, "round.plan.empty", "%s还没有填写。", "")
	errLong          = fault.Define(fault.Invalid, "round.plan.long", "%s有%d字，最多%d字，请删短。", "")
	errControl       = fault.Define(fault.Invalid, "round.plan.control", "%s里有看不见的控制字符，请重新输入这一项。", "")
	errYear          = fault.Define(fault.Invalid, "round.plan.year", "年度“%d”不对。写四位数的年份，2000到2100之间。", "三 每年")
	errIssued        = fault.Define(fault.Invalid, "round.plan.issued_before_dated", "印发日期%s早于成文日期%s。印发不能早于成文，核对两个日期。", "GB/T 9704")
	errEarlyDeadline = fault.Define(fault.Invalid, "round.plan.deadline_before_dated", "截止日期%s不晚于成文日期%s，没有申报的时间。改晚截止日期。", "办法(一)")
	errDeadlineYear  = fault.Define(fault.Invalid, "round.plan.deadline_year", "截止日期%s不在%d年度。一届可以跨到下一年，但不能更远，核对年份。", "三 每年")
	errCategory      = fault.Define(fault.Invalid, "round.plan.category", "方案里没有类别“%s”。名额只能按方案的类别填写。", "一 分类指导")
	errQuota         = fault.Define(fault.Invalid, "round.plan.quota", "名额“%d”不对。写0到%d之间的整数，0表示不限。", "一 选树一批")
	errDrafter       = fault.Define(fault.Forbidden, "round.draft.role", "起草一届由办公室经办人办理，%s不能起草。", "制度:未列明的行为一律不许")
)

// Draft begins a round. A clerk does; other rounds of its year are looked at
// when it is published.
func Draft(by stage.Actor, p *programme.Programme, plan Plan) (*Round, stage.Move, error) {
	if !Kind.Takes("edit", by.Role) {
		return nil, stage.Move{}, errDrafter.New(by.Role.Word())
	}
	plan = plan.tidy()
	if err := plan.check(p); err != nil {
		return nil, stage.Move{}, err
	}
	r := &Round{Programme: p.Name, State: Drafted, PreparedBy: by.Account}
	r.set(plan)
	return r, stage.Move{Act: "draft", By: by.Role, To: Drafted, Basis: "办法(一)"}, nil
}

// Edit changes what is written about a round that is not published. Who edits it
// last has prepared it.
func (r *Round) Edit(by stage.Actor, p *programme.Programme, plan Plan) (stage.Move, error) {
	m, err := Kind.Step(r.State, "edit", by.Role)
	if err != nil {
		return m, err
	}
	plan = plan.tidy()
	if err := plan.check(p); err != nil {
		return m, err
	}
	r.set(plan)
	r.PreparedBy = by.Account
	return m, nil
}

// tidy cuts blanks at both ends and fills in what an empty field means.
func (p Plan) tidy() Plan {
	for _, s := range []*string{&p.Reason, &p.Title, &p.DocNumber, &p.Addressees, &p.Contact, &p.DeadlineTime, &p.RestDay} {
		*s = strings.TrimSpace(*s)
	}
	if p.DeadlineTime == "" {
		p.DeadlineTime = "24:00"
	}
	if !p.Special {
		p.Reason = ""
	}
	return p
}

// check says everything that is wrong with a plan at once. A field that is
// still open is not wrong, except the year and the title.
func (p Plan) check(prog *programme.Programme) error {
	faults := []*fault.Fault{
		textFault("title", "标题", p.Title, titleMax),
		textFault("doc_number", "文号", p.DocNumber, numberMax),
		textFault("addressees", "主送单位", p.Addressees, contactMax),
		textFault("contact", "联系方式", p.Contact, contactMax),
		textFault("reason", "增设理由", p.Reason, reasonMax),
	}
	if p.Year < 2000 || p.Year > 2100 {
		faults = append(faults, errYear.At("year", p.Year))
	}
	if p.Title == "" {
		faults = append(faults, errEmpty.At("title", "标题"))
	}
	if !p.IssuedOn.IsZero() && p.IssuedOn.Before(p.DatedOn) {
		faults = append(faults, errIssued.At("issued_on", p.IssuedOn.Chinese(), p.DatedOn.Chinese()))
	}
	faults = append(faults, p.checkDeadline()...)
	faults = append(faults, p.checkQuota(prog)...)
	return fault.All(faults...)
}

func (p Plan) checkDeadline() (faults []*fault.Fault) {
	// A calendar that knows nothing checks the form of time and policy as well.
	if _, err := new(calendar.Calendar).Deadline(calendar.On(2000, time.January, 3), p.DeadlineTime, p.RestDay); err != nil {
		f, _ := err.(*fault.Fault) //nolint:errorlint // the calendar returns it bare
		faults = append(faults, f)
	}
	if p.DeadlineDate.IsZero() {
		return faults
	}
	if !p.DatedOn.IsZero() && !p.DeadlineDate.After(p.DatedOn) {
		faults = append(faults, errEarlyDeadline.At("deadline_date", p.DeadlineDate.Chinese(), p.DatedOn.Chinese()))
	}
	if y := p.DeadlineDate.Year; y < p.Year || y > p.Year+1 {
		faults = append(faults, errDeadlineYear.At("deadline_date", p.DeadlineDate.Chinese(), p.Year))
	}
	return faults
}

// checkQuota allows a number for each category of the programme, or one for all
// under the empty code (S7, S8). 0 means no bound, and fewer are always allowed.
func (p Plan) checkQuota(prog *programme.Programme) (faults []*fault.Fault) {
	for code, n := range p.Quota {
		known := code == "" || slices.ContainsFunc(prog.Applicants.Categories, func(c programme.Category) bool { return c.Code == code })
		if !known {
			faults = append(faults, errCategory.At("quota."+code, chars.Cut(code, 20)))
		}
		if n < 0 || n > quotaMax {
			faults = append(faults, errQuota.At("quota."+code, n, quotaMax))
		}
	}
	return faults
}

// textFault checks one short text: its length in 字 and that it can be read.
func textFault(path, label, s string, most int) *fault.Fault {
	if n := chars.Count(s); n > most || len(s) > 20*most { // blanks and runs of letters count little
		return errLong.At(path, label, max(n, utf8.RuneCountInString(s)), most)
	}
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	if !utf8.ValidString(s) || strings.ContainsFunc(s, odd) {
		return errControl.At(path, label)
	}
	return nil
}

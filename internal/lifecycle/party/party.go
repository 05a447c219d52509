package party

import (
	"fmt"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
)

// The forms of a Party organisation.
const (
	Committee       = "committee"        // 党委（基层委员会）
	GeneralBranch   = "general_branch"   // 党总支
	Branch          = "branch"           // 党支部
	JointBranch     = "joint_branch"     // 联合党支部
	TemporaryBranch = "temporary_branch" // 临时党支部
)

// Forms lists the forms with the words people read, the largest first.
var Forms = []fact.Choice{
	{Value: Committee, Word: "党委"}, {Value: GeneralBranch, Word: "党总支"}, {Value: Branch, Word: "党支部"}, {Value: JointBranch, Word: "联合党支部"}, {Value: TemporaryBranch, Word: "临时党支部"},
}

// Body is a Party organisation. It has no code of its own (facts.md §1.3),
// covers one organisation or several, and an organisation may have several.
type Body struct {
	ID             id.PartyBody
	Name           string
	Form           string
	FoundedOn      calendar.Date
	Superior       string
	Members        int    // full members (正式党员): a count, never a list
	Functional     bool   // 功能型: formal membership stays elsewhere; no dues, no tenure
	Head           string // 党组织负责人, the one Party person whose name is kept
	ApprovedForm   string // the superior's document when form and member count disagree (上级批准)
	TransitionTerm int    // years of the term running in July 2018, when known; 0: the longest allowed then
	Elections      []Election
	Source         fact.Source
	Version        int64
}

// Election is one election of a Party organisation's committee or secretary.
type Election struct {
	HeldOn        calendar.Date `json:"held_on"`
	PostponedBy   int           `json:"postponed_by,omitempty"`   // months by which the election after this one was postponed
	PostponedBase string        `json:"postponed_base,omitempty"` // the superior's document that says so
}

// postponeMost is the longest postponement, in months (2018 opinion; 2020
// election regulation).
const postponeMost = 12

// tenureReform is the day of the opinion that set today's terms. Bodies elected
// before it finish the term that was running.
var tenureReform = calendar.MustDate("2018-07-01")

// Term returns the years between two elections of a form, for a body elected
// on a day: five for a committee, three for branches (facts.md §3). Before July
// 2018 a committee had three to five years and a branch two to three; which one
// is in the body's own papers: running. Without it the longest is assumed, and
// nobody is called late for a term that may have been lawful.
func Term(form string, elected calendar.Date, running int) int {
	if elected.Before(tenureReform) && running > 0 {
		return running
	}
	if form == Committee {
		return 5
	}
	return 3
}

// The statuses of a tenure at a day.
const (
	NotDue    = "not_due"   // 未到期
	DueSoon   = "due_soon"  // 临期
	Postponed = "postponed" // 已批准延期
	Overdue   = "overdue"   // 逾期
)

var tenureWords = map[string]string{NotDue: "未到期", DueSoon: "临期", Postponed: "已批准延期", Overdue: "逾期"}

// reminderMonths is how long before its end a term is called nearly over.
const reminderMonths = 6

// Tenure is where a Party organisation stands between two elections.
type Tenure struct {
	ElectedOn calendar.Date
	Due       calendar.Date // the corresponding day of the last year of the term
	Until     calendar.Date // Due, or later by an approved postponement
	Status    string
}

// Word returns the status as people read it.
func (t Tenure) Word() string { return tenureWords[t.Status] }

// TenureAt computes the tenure at a day from the last election on or before it
// (S18; facts.md §3). It returns false when there was none, and for functional
// bodies, which have no tenure.
func (p *Body) TenureAt(day calendar.Date) (Tenure, bool) {
	var last *Election
	for i, e := range p.Elections {
		if !e.HeldOn.After(day) && (last == nil || e.HeldOn.After(last.HeldOn)) {
			last = &p.Elections[i]
		}
	}
	if last == nil || p.Functional {
		return Tenure{}, false
	}
	t := p.tenure(*last)
	switch {
	case day.After(t.Until):
		t.Status = Overdue
	case day.After(t.Due):
		t.Status = Postponed
	case !day.Before(t.Due.AddMonths(-reminderMonths)):
		t.Status = DueSoon
	default:
		t.Status = NotDue
	}
	return t, true
}

// tenure computes when the term that began with an election ends. A
// postponement counts only with its document, and only up to twelve months.
func (p *Body) tenure(e Election) Tenure {
	due := e.HeldOn.AddYears(Term(p.Form, e.HeldOn, p.TransitionTerm))
	t := Tenure{ElectedOn: e.HeldOn, Due: due, Until: due}
	if e.PostponedBase != "" && e.PostponedBy > 0 && e.PostponedBy <= postponeMost {
		t.Until = due.AddMonths(e.PostponedBy)
	}
	return t
}

// LateElections lists the elections that were held late within a span, and the
// term that is overdue at its end.
func (p *Body) LateElections(span calendar.Span) (late []Tenure) {
	all := slices.SortedFunc(slices.Values(p.Elections), func(a, b Election) int { return a.HeldOn.Compare(b.HeldOn) })
	for i, e := range all {
		if e.HeldOn.After(span.To) {
			break
		}
		t := p.tenure(e)
		held := span.To
		if i+1 < len(all) && !all[i+1].HeldOn.After(span.To) {
			held = all[i+1].HeldOn
			if held.Before(span.From) {
				continue // over before the time that is looked at
			}
		}
		if held.After(t.Until) {
			t.Status = Overdue
			late = append(late, t)
		}
	}
	return late
}

// FormWarning says when a declared form and the member count disagree (S17;
// facts.md §3), and "" when they agree, when the superior approved the form, or
// for a temporary or functional body. It is a warning: the thresholds are the
// rule "as a rule".
func (p *Body) FormWarning() string {
	if p.ApprovedForm != "" || p.Functional || p.Form == TemporaryBranch {
		return ""
	}
	switch n := p.Members; {
	case p.Form == Committee && n < 100:
		return "党委一般要有正式党员100名以上。"
	case p.Form == GeneralBranch && n < 50:
		return "党总支一般要有正式党员50名以上。"
	case p.Form == GeneralBranch && n >= 100:
		return "正式党员满100名的，一般设党委。"
	case p.Form == Branch && n < 3:
		return "单独设党支部要有正式党员3名以上，不足3名的一般设联合党支部。"
	case p.Form == Branch && n > 50:
		return "党支部一般不超过50名党员，超过的一般设党总支。"
	case p.Form == JointBranch && n < 3:
		return "联合党支部合计也要有正式党员3名以上。"
	}
	return ""
}

// JointMost is how many organisations a joint branch covers as a rule.
const JointMost = 5

var (
	errPostpone = fault.Define(fault.Invalid, "party.edit.postponed", "延期换届一般不超过%d个月，并要写明上级批准文号。", "中国共产党基层组织选举工作条例")
	errCount    = fault.Define(fault.Invalid, "party.edit.members", "正式党员数“%d”不对。填0到100000之间的整数。", "")
	errEarly    = fault.Define(fault.Invalid, "party.edit.before_founding", "换届日期早于成立日期。核对两个日期。", "")
)

// Check says everything that is wrong with a Party organisation at once.
func (p *Body) Check(today calendar.Date) error {
	faults := []*fault.Fault{
		fact.Text("name", "党组织名称", p.Name, fact.NameMax, true), fact.Text("superior", "上级党组织", p.Superior, fact.NameMax, false),
		fact.Text("head", "党组织负责人", p.Head, fact.NameMax, false), fact.Text("approved_form", "上级批准文号", p.ApprovedForm, fact.NameMax, false),
		fact.Chosen("form", "党组织形式", Forms, p.Form), fact.Past("founded_on", "成立日期", p.FoundedOn, today),
		fact.Few("elections", "换届", len(p.Elections)),
	}
	if p.Members < 0 || p.Members > 1e5 {
		faults = append(faults, errCount.At("members", p.Members))
	}
	for i, e := range p.Elections {
		at := fmt.Sprintf("elections.%d", i)
		faults = append(faults, fact.Past(at+".held_on", "换届日期", e.HeldOn, today), fact.Text(at+".postponed_base", "批准文号", e.PostponedBase, fact.NameMax, false))
		if !e.HeldOn.IsZero() && e.HeldOn.Before(p.FoundedOn) {
			faults = append(faults, errEarly.At(at+".held_on"))
		}
		if e.PostponedBy < 0 || e.PostponedBy > postponeMost || (e.PostponedBy > 0) != (e.PostponedBase != "") {
			faults = append(faults, errPostpone.At(at+".postponed_by", postponeMost))
		}
	}
	return fault.All(faults...)
}

// FormWord returns the word for a form, or "".
func FormWord(form string) string { return fact.WordOf(Forms, form) }

// Word returns what kind of Party organisation it is.
func (p *Body) Word() string {
	if p.Functional {
		return "功能型党组织"
	}
	return FormWord(p.Form)
}

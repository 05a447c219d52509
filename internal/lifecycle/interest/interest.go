package interest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
)

// The states of a person's statement.
const (
	Lapsed  stage.State = "lapsed"  // never made, or made more than a year ago
	Current stage.State = "current" // holds
)

const basis = "制度:回避；五(二) 从严从实审核把关"

// declarers lists the roles that examine, visit, decide or count, and so say to whom
// they are tied.
var declarers = []stage.Role{stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Scrutineer}

// Workers lists those of them to whom a programme that asks for the yearly statement
// gives no work without one: the committee's quorum must not hang on paperwork.
var Workers = []stage.Role{stage.Clerk, stage.Director, stage.Assessor}

// Declares reports whether a role makes a yearly statement.
func Declares(r stage.Role) bool { return slices.Contains(declarers, r) }

// Kind is the machine of a statement.
var Kind = stage.Kind{
	Name: "interest", Label: "回避申报", Start: Lapsed, Moves: moves(),
	Words: map[string]string{
		"lapsed": "未申报或者已过期", "current": "有效",
		"declare": "作年度回避申报", "lapse": "申报满一年", "outlive": "离任满两年", "lift": "解除回避",
	},
}

func moves() (all []stage.Move) {
	for _, from := range []stage.State{Lapsed, Current} {
		for _, r := range declarers {
			all = append(all, stage.Move{From: from, Act: "declare", By: r, To: Current, Basis: basis})
		}
		all = append(all,
			stage.Move{From: from, Act: "lift", By: stage.Director, To: from, Basis: "制度:回避由办公室负责人解除"},
			stage.Move{From: from, Act: "outlive", By: stage.Clock, To: from, Basis: "制度:离任满两年不再回避（facts.md §7）"})
	}
	return append(all, stage.Move{From: Current, Act: "lapse", By: stage.Clock, To: Lapsed, Basis: "制度:回避申报一年一次"})
}

// The kinds of a tie.
const (
	Own    = "own"    // holds a post there
	Former = "former" // held one within the last FormerYears
	Kin    = "kin"    // a spouse or near relative does, or gains by it
	Other  = "other"  // anything else that could make somebody doubt
)

// Kinds lists them in the order in which people are asked; Word says each.
var Kinds = []string{Own, Former, Kin, Other}

// Word says the kind of a tie to people. A tie without one was declared while a case
// was looked at.
func Word(kind string) string {
	switch kind {
	case Own:
		return "本人任职"
	case Former:
		return "两年内曾任职"
	case Kin:
		return "近亲属任职或者有利益关系"
	}
	return "其他利害关系"
}

// FormerYears is how long a former post counts (facts.md §7: 两年内曾任职).
const FormerYears = 2

// Most bounds the employers and the new ties of one statement.
const Most = 20

// Statement is what one person said last: one an account.
type Statement struct {
	ID         id.Interest
	Account    id.Account
	State      stage.State
	Employers  []string // where the writer works, or worked within two years
	DeclaredAt time.Time
	Until      calendar.Date // the last day on which it holds
	Version    int64
}

// Tied is one tie as it is declared.
type Tied struct {
	Organisation id.Organisation
	Kind, Reason string
	Left         calendar.Date // for Former: the last day in the post
}

// Declaration is what somebody declares.
type Declaration struct {
	Employers []string
	Ties      []Tied // new ones; those declared before go on; an empty one says nothing
	Whole     bool   // the writer says that nothing is left out
}

var (
	errWhole    = fault.Define(fault.Invalid, "interest.declare.whole", "勾选“以上申报真实、完整”，再提交。", basis)
	errMost     = fault.Define(fault.Invalid, "interest.declare.most", "%s最多填写%d项，现有%d项。", "")
	errKind     = fault.Define(fault.Invalid, "interest.declare.kind", "选择是哪一种利害关系。", basis)
	errUnknown  = fault.Define(fault.Invalid, "interest.declare.unknown", "没有找到这个单位。填写全称或者统一社会信用代码。", "")
	errTwice    = fault.Define(fault.Invalid, "interest.declare.twice", "同一个单位只填写一次。", "")
	errLong     = fault.Define(fault.Invalid, "interest.declare.long_ago", "%s离任已满两年，不必申报。确有其他关系的，选“其他”。", "制度:离任满两年不再回避（facts.md §7）")
	errNoReason = fault.Define(fault.Invalid, "interest.lift.none", "这个人和这个单位没有登记的利害关系。", "")
	errOwn      = fault.Define(fault.Refused, "interest.lift.own", "本人的回避不能由本人解除，请由另一位负责人办理。", "制度:回避由办公室负责人解除")
)

// Of returns the statement of somebody who has made none.
func Of(key id.Interest, who id.Account) Statement {
	return Statement{ID: key, Account: who, State: Lapsed, Employers: []string{}}
}

// Declare makes the statement of the coming year and returns the new ties with it. A
// tie to an organisation that is not known must have no Organisation.
func (s *Statement) Declare(by stage.Actor, in Declaration, now time.Time) ([]review.Interest, stage.Move, error) {
	m, err := Kind.Step(s.State, "declare", by.Role)
	if err != nil {
		return nil, m, err
	}
	today := calendar.DateOf(now)
	var wrong []*fault.Fault
	if !in.Whole {
		wrong = append(wrong, errWhole.At("whole"))
	}
	wrong = append(wrong, few("employers", "工作单位", len(in.Employers)), few("ties", "利害关系", len(in.Ties)))
	for _, e := range in.Employers {
		wrong = append(wrong, fact.Text("employers", "工作单位", e, fact.NameMax, true))
	}
	var ties []review.Interest
	for n, t := range in.Ties {
		if t == (Tied{}) {
			continue
		}
		at := fmt.Sprintf("ties.%d", n)
		odd := t.odd(at, today)
		if slices.ContainsFunc(in.Ties[:n], func(o Tied) bool { return o.Organisation == t.Organisation && t.Organisation != "" }) {
			odd = append(odd, errTwice.At(at+".organisation"))
		}
		wrong = append(wrong, odd...)
		i := review.Tie(by.Account, t.Organisation, t.Reason, now)
		i.Kind = t.Kind
		if t.Kind == Former {
			i.Until = t.until()
		}
		ties = append(ties, i)
	}
	if err := fault.All(wrong...); err != nil {
		return nil, m, err
	}
	s.State, s.Employers, s.DeclaredAt, s.Until = m.To, in.Employers, now, today.AddYears(1).AddDays(-1)
	return ties, m, nil
}

func few(path, what string, n int) *fault.Fault {
	if n > Most {
		return errMost.At(path, what, Most, n)
	}
	return nil
}

// until is the last day on which a former post counts.
func (t Tied) until() calendar.Date { return t.Left.AddYears(FormerYears).AddDays(-1) }

func (t Tied) odd(at string, today calendar.Date) (wrong []*fault.Fault) {
	if t.Organisation == "" {
		wrong = append(wrong, errUnknown.At(at+".organisation"))
	}
	if !slices.Contains(Kinds, t.Kind) {
		wrong = append(wrong, errKind.At(at+".kind"))
	}
	wrong = append(wrong, review.Written(at+".reason", "情况说明", t.Reason))
	if t.Kind == Former {
		if f := fact.Past(at+".left", "离任日期", t.Left, today); f != nil {
			return append(wrong, f)
		}
		if t.until().Before(today) {
			wrong = append(wrong, errLong.At(at+".left", t.Left.Chinese()))
		}
	}
	return wrong
}

// Lapse ends a statement whose year is over.
func (s *Statement) Lapse(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(s.State, "lapse", by.Role)
	if err == nil && now.Before(s.Until.End()) {
		return m, fault.Stale()
	}
	s.State = m.To
	return m, err
}

// Outlive ends a former post that was left more than two years ago.
func (s *Statement) Outlive(by stage.Actor, i *review.Interest, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(s.State, "outlive", by.Role)
	if err == nil && (i.Until.IsZero() || now.Before(i.Until.End()) || !i.EndedAt.IsZero()) {
		return m, fault.Stale()
	}
	i.EndedAt = now
	return m, err
}

// Lift ends a tie that does not exist any more, or never did. Only another director
// than its owner does, with a reason that is kept.
func (s *Statement) Lift(by stage.Actor, i *review.Interest, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(s.State, "lift", by.Role)
	switch {
	case err != nil:
		return m, err
	case s.Account == by.Account:
		return m, errOwn.New()
	case i == nil || !i.EndedAt.IsZero():
		return m, errNoReason.New()
	}
	if err := fault.All(review.Written("reason", "解除的理由", reason)); err != nil {
		return m, err
	}
	i.EndedAt, i.Lifted = now, reason
	return m, nil
}

// Holds reports whether a statement holds on a day.
func (s *Statement) Holds(day calendar.Date) bool { return s.State == Current && !day.After(s.Until) }

// Known is what is known of an organisation, to compare with people.
type Known struct {
	ID    id.Organisation
	Names []string // of today and before
	Heads []string // its legal representative and the head of its Party organisation
}

// Suggest says why somebody may be tied to an organisation, "" when nothing says so:
// the person's name is that of one of its heads, or an employer names the organisation.
// It is a question to the person and never an answer.
func Suggest(name string, employers []string, o Known) string {
	if name != "" && slices.Contains(o.Heads, name) {
		return "您的姓名与该单位负责人相同"
	}
	for _, e := range employers {
		if slices.ContainsFunc(o.Names, func(n string) bool { return n != "" && strings.Contains(e, n) }) {
			return "您填写的工作单位是该单位"
		}
	}
	return ""
}

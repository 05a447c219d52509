package trigger

import (
	"fmt"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
)

// The states of a trigger.
const (
	Raised   stage.State = "raised"   // waits for the clock
	Answered stage.State = "answered" // a recheck looks into it
	Lapsed   stage.State = "lapsed"   // nothing is left to look into
)

// Kind is the trigger's machine. It is raised by the act that made the fact known.
var Kind = stage.Kind{
	Name: "trigger", Label: "复查事由", Start: Raised,
	Moves: []stage.Move{
		{From: Raised, Act: "answer", By: stage.Clock, To: Answered, Basis: "五(二) 动态管理；方案设定"},
		{From: Raised, Act: "lapse", By: stage.Clock, To: Lapsed, Basis: "制度:称号已终止或者事实已撤回"},
	},
	Ends: map[stage.State]bool{Answered: true, Lapsed: false},
	Words: map[string]string{
		"raised": "待启动", "answered": "已启动复查", "lapsed": "已失效",
		"raise": "登记复查事由", "answer": "据此复查", "lapse": "事由失效",
	},
}

// The causes that a programme may name in recheck.triggers.
const (
	Penalty      = "penalty"           // 行政处罚
	Inspection   = "inspection_failed" // 年检不合格
	GradeLost    = "grade_lost"        // 评估等级被取消
	Abnormal     = "abnormal"          // 列入活动异常名录
	Serious      = "untrustworthy"     // 列入严重违法失信名单
	Deregistered = "deregistered"      // 注销登记: ends the title, no recheck
)

// Misuse is the cause that the office itself found: the holder misused the title or its
// plaque (lifecycle/misuse). No programme names it; it counts whenever it was found.
const Misuse = "misuse"

// Words are the causes as people read them.
var Words = map[string]string{
	Penalty: "受到行政处罚", Inspection: "年检不合格", GradeLost: "评估等级被取消",
	Abnormal: "列入活动异常名录", Serious: "列入严重违法失信名单", Deregistered: "注销登记",
	Misuse: "滥用称号或者牌匾",
}

// Cause is one fact that asks for a recheck.
type Cause struct {
	Kind string        // a key of Words
	Fact string        // which fact: the same text whenever the same fact is read again
	Say  string        // as pages and the record state it
	On   calendar.Date // when it happened; zero where only a year is known
}

// Trigger is one cause for one title.
type Trigger struct {
	ID           id.Trigger
	Programme    id.Programme
	Designation  id.Designation
	Organisation id.Organisation
	State        stage.State
	Kind         string
	Fact         string
	Say          string
	On           calendar.Date
	RaisedAt     time.Time
	Recheck      id.Recheck // that looks into it
	EndedAt      time.Time
	Version      int64
}

var (
	errUnanswered = fault.Define(fault.Refused, "trigger.answer.no_recheck",
		"没有复查可以办理这个事由。", "五(二) 动态管理")
	errStands = fault.Define(fault.Refused, "trigger.lapse.stands",
		"称号仍然有效，事实也没有撤回，事由不能失效。", "五(二) 动态管理")
)

// Causes lists what is known and confirmed of an organisation and asks for a recheck of
// a title named on a day: nothing from before it, which is a matter of whether the
// application was true (S64). A penalty that was quashed and one against a person or a
// branch are none, as with the conditions of an application (S36).
func Causes(f fact.Facts, named calendar.Date) (all []Cause) {
	for _, v := range f.Penalties {
		if v.Source.Confirmed && v.Against == "" && v.QuashedOn.IsZero() && !v.DecidedOn.Before(named) {
			all = append(all, Cause{
				Penalty, key(Penalty, v.DecidedOn, v.Authority, v.Number),
				fmt.Sprintf("%s%s作出行政处罚（%s）%s", v.DecidedOn.Chinese(), v.Authority, fact.WordOf(fact.PenaltyKinds, v.Kind), v.Number), v.DecidedOn,
			})
		}
	}
	for _, v := range f.Inspections {
		if v.Source.Confirmed && v.Conclusion == fact.Failed && v.Year >= named.Year {
			all = append(all, Cause{Kind: Inspection, Fact: key(Inspection, v.Year), Say: fmt.Sprintf("%d年度年检不合格", v.Year)})
		}
	}
	for _, v := range f.Grades {
		if v.Source.Confirmed && !v.RevokedOn.IsZero() && !v.RevokedOn.Before(named) {
			all = append(all, Cause{
				GradeLost, key(GradeLost, v.AnnouncedOn, v.Rank),
				fmt.Sprintf("评估等级%s自%s起取消或者降低", fact.GradeWord(v.Rank), v.RevokedOn.Chinese()), v.RevokedOn,
			})
		}
	}
	for _, v := range f.Listings {
		kind := map[string]string{fact.Abnormal: Abnormal, fact.Serious: Serious}[v.List]
		if kind != "" && v.Source.Confirmed && !v.From.Before(named) {
			all = append(all, Cause{kind, key(kind, v.From), v.From.Chinese() + Words[kind], v.From})
		}
	}
	return all
}

func key(parts ...any) string {
	s := ""
	for n, p := range parts {
		if n > 0 {
			s += "|"
		}
		s += fmt.Sprint(p)
	}
	return s
}

// New lists the causes that a change of facts brings for a title and that its programme
// names: those that were not there before the change.
func New(t designation.Designation, counts []string, was, now fact.Facts) (all []Cause) {
	before := Causes(was, t.NamedOn)
	for _, c := range Causes(now, t.NamedOn) {
		if slices.Contains(counts, c.Kind) && !slices.ContainsFunc(before, c.same) {
			all = append(all, c)
		}
	}
	return all
}

func (c Cause) same(o Cause) bool { return c.Fact == o.Fact }

// Dissolves reports whether a title ends by itself because of what became of its holder's
// registration: it was deregistered, and the programme counts that (S73). One whose
// registration was taken away may get it back, and one that was merged waits for the
// committee: those are for people.
func Dissolves(registration stage.State, counts []string) bool {
	return registration == organisation.Deregistered && slices.Contains(counts, Deregistered)
}

// Raise states a cause for a title that is held. The move is of whoever made the fact
// known.
func Raise(by stage.Actor, key id.Trigger, t designation.Designation, c Cause, now time.Time) (Trigger, stage.Move) {
	return Trigger{
		ID: key, Programme: t.Programme, Designation: t.ID, Organisation: t.Organisation, State: Raised,
		Kind: c.Kind, Fact: c.Fact, Say: c.Say, On: c.On, RaisedAt: now,
	}, stage.Move{Act: "raise", By: by.Role, To: Raised, Basis: "五(二) 动态管理；方案设定"}
}

// Answer says which recheck looks into it.
func (t *Trigger) Answer(by stage.Actor, r id.Recheck, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(t.State, "answer", by.Role)
	if err != nil {
		return m, err
	}
	if r == "" {
		return m, errUnanswered.New()
	}
	t.State, t.Recheck, t.EndedAt = m.To, r, now
	return m, nil
}

// Idle reports whether nothing is left to look into: the title is no longer held, or
// what is known of its holder no longer says it. A misuse that was found is not taken
// back.
func (t *Trigger) Idle(d designation.Designation, f fact.Facts) bool {
	return !d.Live() || t.Kind != Misuse && !slices.ContainsFunc(Causes(f, d.NamedOn), Cause{Fact: t.Fact}.same)
}

// Lapse closes a trigger with nothing left to look into.
func (t *Trigger) Lapse(by stage.Actor, d designation.Designation, f fact.Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(t.State, "lapse", by.Role)
	if err != nil {
		return m, err
	}
	if !t.Idle(d, f) {
		return m, errStands.New()
	}
	t.State, t.EndedAt = m.To, now
	return m, nil
}

package figure

import (
	"fmt"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/programme"
)

// Moment is what was known of a holder, as of a day.
type Moment struct {
	Day     calendar.Date
	Profile eligibility.Profile
}

// Judged is what one condition found, by the standard of the naming and by today's; "" by
// one that does not ask it.
type Judged struct {
	Why      []string // what was looked at, in sentences
	ByNaming programme.Verdict
	ByNow    programme.Verdict
}

// Figure is one condition, then and now (S69).
type Figure struct {
	Code, Title, Clause string
	Then, Now           Judged
}

// Change says in words how a condition moved: by the standard of then, and by today's.
func (f Figure) Change() string {
	was, is := f.Then.ByNaming, f.Now.ByNow
	switch {
	case f.Then.ByNow == "" && f.Now.ByNow == "":
		return "现行标准不再要求"
	case f.Then.ByNaming == "" && f.Now.ByNaming == "":
		return "命名时的标准没有要求"
	case was == is && f.Now.ByNaming == f.Now.ByNow:
		return "没有变化"
	case f.Now.ByNaming != f.Now.ByNow:
		return fmt.Sprintf("按两个标准结论不同：命名时的标准%s，现行标准%s", f.Now.ByNaming.Word(), f.Now.ByNow.Word())
	}
	return fmt.Sprintf("由%s变为%s", was.Word(), is.Word())
}

// aside are conditions of applying that a holder does not have to satisfy again.
var aside = []string{"applicants.holder", "applicants.bar"}

// Compare judges what was known at the naming and what is known now, each by the standard
// that the title was named under and by today's. What only one of them asks stands too.
func Compare(naming, current *programme.Programme, then, now Moment) (all []Figure) {
	judge := func(p *programme.Programme, m Moment, put func(*Figure, eligibility.Check)) {
		for _, c := range eligibility.SelfCheck(p, m.Profile, eligibility.Titles{}, m.Day) {
			if slices.Contains(aside, c.Rule.Code) {
				continue
			}
			i := slices.IndexFunc(all, func(f Figure) bool { return f.Code == c.Rule.Code })
			if i < 0 {
				all = append(all, Figure{Code: c.Rule.Code, Title: c.Rule.Title, Clause: c.Rule.Clause})
				i = len(all) - 1
			}
			put(&all[i], c)
		}
	}
	why := func(j *Judged, c eligibility.Check) {
		if len(j.Why) == 0 {
			j.Why = c.Why
		}
	}
	judge(current, now, func(f *Figure, c eligibility.Check) { f.Now.ByNow = c.Verdict; why(&f.Now, c) })
	judge(naming, now, func(f *Figure, c eligibility.Check) { f.Now.ByNaming = c.Verdict; why(&f.Now, c) })
	judge(naming, then, func(f *Figure, c eligibility.Check) { f.Then.ByNaming = c.Verdict; why(&f.Then, c) })
	judge(current, then, func(f *Figure, c eligibility.Check) { f.Then.ByNow = c.Verdict; why(&f.Then, c) })
	return all
}

// Number is one figure of the ledger of the year before, then and now; -1: not there.
type Number struct {
	Word, Unit string
	Then, Now  int
}

// Change says in words how a number moved.
func (n Number) Change() string {
	switch {
	case n.Then < 0 || n.Now < 0:
		return "不能比较"
	case n.Now > n.Then:
		return fmt.Sprintf("增加%d%s", n.Now-n.Then, n.Unit)
	case n.Now < n.Then:
		return fmt.Sprintf("减少%d%s", n.Then-n.Now, n.Unit)
	}
	return "持平"
}

var numbers = []struct {
	word, unit string
	of         func(fact.Ledger) int
}{
	{"正式党员", "人", func(l fact.Ledger) int { return l.Members }},
	{"党组织班子成员进入管理层", "人", func(l fact.Ledger) int { return l.PartyInLead }},
	{"党员大会", "次", func(l fact.Ledger) int { return sum(l.Meetings) }},
	{"支委会", "次", func(l fact.Ledger) int { return sum(l.Committees) }},
	{"党课", "次", func(l fact.Ledger) int { return sum(l.Lectures) }},
	{"主题党日", "次", func(l fact.Ledger) int { return l.ThemeDays }},
	{"组织生活会", "次", func(l fact.Ledger) int { return l.LifeMeetings }},
	{"教育培训", "次", func(l fact.Ledger) int { return l.Trainings }},
	{"培训学时", "时", func(l fact.Ledger) int { return l.TrainingHours }},
	{"按时收缴党费", "个月", func(l fact.Ledger) int { return l.DuesMonths }},
	{"入党积极分子", "人", func(l fact.Ledger) int { return l.Activists }},
	{"新发展党员", "人", func(l fact.Ledger) int { return l.Admitted }},
	{"活动场所", "平方米", func(l fact.Ledger) int { return l.RoomArea }},
}

func sum(quarters [4]int) (n int) {
	for _, q := range quarters {
		n += q
	}
	return n
}

// Numbers compares the ledger of the year before the naming, as it was then, with that of
// the year before now; nothing where neither was filed.
func Numbers(then, now Moment) (all []Number) {
	was, filedThen := then.Profile.Organisation.Facts.Ledger(then.Day.Year - 1)
	is, filedNow := now.Profile.Organisation.Facts.Ledger(now.Day.Year - 1)
	if !filedThen && !filedNow {
		return nil
	}
	for _, n := range numbers {
		one := Number{Word: n.word, Unit: n.unit, Then: -1, Now: -1}
		if filedThen {
			one.Then = n.of(was)
		}
		if filedNow {
			one.Now = n.of(is)
		}
		all = append(all, one)
	}
	return all
}

package eligibility

import (
	"fmt"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/programme"
)

// A rule over the ledger looks at each complete year of a span. A year without
// a ledger is unknown; "一般" in a norm means that a gap is a doubt (facts.md §3).
func eachYear(p Profile, span calendar.Span, clause string, look func(*findings, string, fact.Ledger)) Finding {
	var f findings
	for _, y := range span.Years {
		l, ok := p.Organisation.Facts.Ledger(y)
		if !ok {
			f.say(Pending, fmt.Sprintf("%d年度没有台账。", y), fmt.Sprintf("填写%d年度台账。", y))
			continue
		}
		look(&f, fmt.Sprintf("%d年度", y), l)
	}
	if len(span.Years) == 0 {
		f.say(Meets, "登记未满一个完整年度，不适用。", "")
	}
	return f.finding(clause, span)
}

// least says that a count reached a norm, or what verdict a gap gets.
func least(f *findings, what string, n, norm int, gap programme.Verdict) {
	if n >= norm {
		f.say(Meets, fmt.Sprintf("%s%d。", what, n), "")
		return
	}
	f.say(gap, fmt.Sprintf("%s%d，应不少于%d。", what, n, norm), "")
}

// count is a rule that compares one count with its norm.
func count(p Profile, span calendar.Span, clause, what string, gap programme.Verdict, of func(fact.Ledger) (n, norm int)) Finding {
	return eachYear(p, span, clause, func(f *findings, y string, l fact.Ledger) {
		n, norm := of(l)
		least(f, y+what, n, norm, gap)
	})
}

// TrainedEachYear: at least one Party training in each year (S25).
func TrainedEachYear(p Profile, span calendar.Span) Finding {
	return count(p, span, "四(二) 每年至少开展一次党员教育培训", "培训次数", Fails, func(l fact.Ledger) (int, int) { return l.Trainings, 1 })
}

// DuesOnTime: dues came on time in all twelve months; a functional body collects
// none (S24).
func DuesOnTime(p Profile, span calendar.Span) Finding {
	functional := len(p.Bodies) > 0
	for _, b := range p.Bodies {
		functional = functional && b.Functional
	}
	return eachYear(p, span, "四(二) 按时交纳党费", func(f *findings, y string, l fact.Ledger) {
		if functional {
			f.say(Meets, y+"功能型党组织，不适用。", "")
			return
		}
		least(f, y+"按时收缴月数", l.DuesMonths, 12, Doubtful)
	})
}

// DevelopedByPlan: the plan for new members was kept; a plan of none does not
// apply (S26).
func DevelopedByPlan(p Profile, span calendar.Span) Finding {
	return eachYear(p, span, "四(二) 认真制定党员发展计划", func(f *findings, y string, l fact.Ledger) {
		if l.Planned == 0 {
			f.say(Meets, y+"上级没有下达计划，不适用。", "")
			return
		}
		least(f, y+"实际发展", l.Admitted, l.Planned, Doubtful)
	})
}

// GraduatesPreferred: of those recruited, how many are graduates who are Party
// members; a year without recruitment does not apply, and none is a doubt (S27).
func GraduatesPreferred(p Profile, span calendar.Span) Finding {
	return eachYear(p, span, "四(二) 优先招聘大学生党员", func(f *findings, y string, l fact.Ledger) {
		if l.Recruited == 0 {
			f.say(Meets, y+"没有招聘，不适用。", "")
			return
		}
		least(f, fmt.Sprintf("%s招聘%d人，其中大学生党员", y, l.Recruited), l.Graduates, 1, Doubtful)
	})
}

// MeetingsHeld: members' meetings and lectures every quarter, committee and
// group meetings every month; no committee or no groups, and theirs do not
// apply. The norm is "as a rule": a gap is shown and left to the reviewer (S29).
func MeetingsHeld(p Profile, span calendar.Span) Finding {
	sum := func(q [4]int) int { return q[0] + q[1] + q[2] + q[3] }
	return eachYear(p, span, "四(三) 三会一课", func(f *findings, y string, l fact.Ledger) {
		least(f, y+"党员大会", sum(l.Meetings), 4, Doubtful)
		if l.Seats > 1 {
			least(f, "支委会", sum(l.Committees), 12, Doubtful)
		}
		if l.Groups > 0 {
			least(f, "党小组会", sum(l.GroupMeetings), 12*l.Groups, Doubtful)
		}
		least(f, "党课", sum(l.Lectures), 4, Doubtful)
	})
}

// AppraisedYearly: an appraisal and an organisation-life meeting each year (S30).
func AppraisedYearly(p Profile, span calendar.Span) Finding {
	return eachYear(p, span, "四(三) 党性分析、民主评议党员", func(f *findings, y string, l fact.Ledger) {
		a := l.Appraised
		least(f, y+"民主评议人数", a[0]+a[1]+a[2]+a[3], 1, Doubtful)
		least(f, "组织生活会", l.LifeMeetings, 1, Doubtful)
	})
}

// PlatformsUsed: members use the learning platforms at all; the rate is shown
// and left to the reviewer (S28).
func PlatformsUsed(p Profile, span calendar.Span) Finding {
	return count(p, span, "四(二) 利用新时代e支部、学习强国等平台", "使用率（%）", Doubtful, func(l fact.Ledger) (int, int) { return l.PlatformRate, 1 })
}

// StudiedEachYear: study and education activities each year (S31).
func StudiedEachYear(p Profile, span calendar.Span) Finding {
	return count(p, span, "四(三) 思想政治学习教育活动", "活动次数", Doubtful, func(l fact.Ledger) (int, int) { return l.Themes, 1 })
}

// HasPlaces: a room for Party activities and a place to show them (S33, S34).
func HasPlaces(p Profile, span calendar.Span) Finding {
	return eachYear(p, span, "四(三) 专门活动场所和宣传阵地", func(f *findings, y string, l fact.Ledger) {
		least(f, y+"场所面积（平方米）", l.RoomArea, 1, Doubtful)
		if l.RoomSharedBy > 1 {
			f.say(Doubtful, fmt.Sprintf("与%d个单位共用。", l.RoomSharedBy), "")
		}
		least(f, "宣传阵地", l.Outlets, 1, Doubtful)
	})
}

// GaveToSociety: public-benefit activities each year (S40).
func GaveToSociety(p Profile, span calendar.Span) Finding {
	return count(p, span, "四(四) 积极参加公益活动", "公益活动", Doubtful, func(l fact.Ledger) (int, int) { return l.Charity, 1 })
}

// PostsFilled: no seat of the Party committee is vacant (S19).
func PostsFilled(p Profile, span calendar.Span) Finding {
	return count(p, span, "四(一) 组织设置健全", "班子已配备", Doubtful, func(l fact.Ledger) (int, int) { return l.Filled, max(1, l.Seats) })
}

// CrossAppointed: people stand on both sides, in both directions (S21).
func CrossAppointed(p Profile, span calendar.Span) Finding {
	return eachYear(p, span, "四(一) 双向进入、交叉任职", func(f *findings, y string, l fact.Ledger) {
		least(f, y+"党组织班子进入领导机构", l.PartyInLead, 1, Doubtful)
		least(f, "领导机构进入党组织班子", l.LeadInParty, 1, Doubtful)
	})
}

// RulesInForce: at least one rule of the Party organisation is in force on the
// day (S20).
func RulesInForce(p Profile, day calendar.Date) Finding {
	var f findings
	n := 0
	for _, r := range p.Organisation.Facts.Regulations {
		if !r.AdoptedOn.After(day) && (r.EndedOn.IsZero() || r.EndedOn.After(day)) {
			n++
		}
	}
	if n > 0 {
		f.say(Meets, fmt.Sprintf("现行制度%d项。", n), "")
	} else {
		f.say(Pending, "没有现行制度的记录。", "填写制度名称和制定日期。")
	}
	return f.finding("四(一) 建立了党内各项规章制度", calendar.Span{From: day, To: day})
}

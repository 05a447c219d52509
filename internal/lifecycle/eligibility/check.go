package eligibility

import (
	"fmt"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/holding"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/cite"
	"shifan/internal/lifecycle/programme/facts"
	"shifan/internal/lifecycle/stage"
)

// Titles is what the programme's own register knows of an applicant.
type Titles = holding.Titles

// charterWording is what the charter has to say (二(一)).
const charterWording = "坚持党的全面领导"

// Facts gathers what a programme's expressions may read about an organisation,
// at a deadline and within one rule's window. What is not known is named in
// Unknown, never guessed.
func Facts(p Profile, t Titles, a programme.Applicants, deadline calendar.Date, window calendar.Span) facts.Org {
	o := p.Organisation
	f := facts.Org{
		Code: o.Code, Kind: creditcode.KindWord(o.Kind), State: stateWords[o.State], WindowYears: window.Years, Shortened: window.Shortened,
		Holds: t.Holds && (t.ValidTo.IsZero() || !deadline.After(t.ValidTo)), Fraud: !t.FraudOn.IsZero() && window.Has(t.FraudOn),
		Unknown: map[string]facts.Unknown{},
	}
	if len(o.Code) >= 8 {
		f.Prefix = o.Code[:8]
	}
	f.Months = months(o.RegisteredOn, deadline)
	f.Years = f.Months / 12
	if f.Holds {
		f.MonthsLeft = months(deadline, t.ValidTo)
	}
	end, barred := t.BarEnds(a.BarMonths)
	f.Barred = barred && !deadline.After(end)
	partyFacts(&f, p, deadline, window)
	f.Charter = holds(&f, "章程写入", CharterSays(p, charterWording))
	registerFacts(&f, o, deadline, window)
	yearly(&f, o, window)
	return f
}

// stateWords are the registration's states in the words of facts.Org.
var stateWords = map[stage.State]string{
	organisation.Registered: "正常", organisation.Deregistered: "已注销", organisation.StruckOff: "已撤销", organisation.Merged: "已合并",
}

// months counts the full months between two days.
func months(from, to calendar.Date) int {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return 0
	}
	n := (to.Year-from.Year)*12 + int(to.Month) - int(from.Month)
	if from.AddMonths(n).After(to) {
		n--
	}
	return n
}

// holds turns a finding into a fact: true, false, or not known.
func holds(f *facts.Org, name string, found Finding) bool {
	if found.Verdict == Pending || found.Verdict == Doubtful {
		f.Unknown[name] = facts.Unknown{Verdict: found.Verdict, Why: found.Why + found.Mend}
	}
	return found.Verdict == Meets
}

func partyFacts(f *facts.Org, p Profile, deadline calendar.Date, window calendar.Span) {
	f.Election = "不适用"
	span := window
	if span.From.IsZero() {
		span = calendar.Span{From: deadline, To: deadline}
	}
	f.ElectionOnTime = holds(f, "按时换届", OnTimeElection(p, span))
	for i, b := range p.Bodies {
		f.PartyMembers += b.Members
		if i > 0 {
			continue
		}
		f.PartyForm = b.Word()
		if t, ok := b.TenureAt(deadline); ok {
			f.Election = t.Word()
		}
	}
}

// registerFacts fills in what the registers say: grades, inspections, penalties
// and lists.
func registerFacts(f *facts.Org, o *organisation.Organisation, deadline calendar.Date, window calendar.Span) {
	for _, g := range o.Facts.Grades {
		from, to, _ := g.Valid()
		valid := !deadline.Before(from) && !deadline.After(to)
		if valid && (!f.GradeValid || g.Rank > f.Grade) || !f.GradeValid && g.Rank > f.Grade {
			f.Grade, f.GradeValid = g.Rank, valid
		}
	}
	for _, y := range window.Years {
		i := slices.IndexFunc(o.Facts.Inspections, func(v fact.Inspection) bool { return v.Year == y })
		if i < 0 {
			f.Unknown["年检结论"] = facts.Unknown{Verdict: Pending, Why: fmt.Sprintf("没有填写%d年度年检结论。", y)}
			continue
		}
		f.Inspections = append(f.Inspections, fact.WordOf(fact.Conclusions, o.Facts.Inspections[i].Conclusion))
	}
	for _, v := range o.Facts.Penalties {
		switch {
		case !v.QuashedOn.IsZero():
		case window.Has(v.DecidedOn) && v.Against == "":
			f.Penalties++
		case window.Has(v.DecidedOn), v.DecidedOn.Before(window.From) && window.Has(v.Performed):
			f.PenaltiesInDoubt++
		}
	}
	if f.Penalties == 0 && o.Facts.NoPenalty == (fact.Source{}) {
		f.Unknown["行政处罚次数"] = facts.Unknown{Verdict: Pending, Why: "没有填写有没有受到行政处罚。在单位信息里确认“以上是全部行政处罚”。"}
	}
	for _, v := range o.Facts.Listings {
		on := !v.From.After(deadline) && (v.To.IsZero() || !v.To.Before(deadline))
		ever := !v.From.After(window.To) && (v.To.IsZero() || !v.To.Before(window.From))
		if v.List == fact.Abnormal {
			f.Abnormal, f.AbnormalInWindow = f.Abnormal || on, f.AbnormalInWindow || ever
		} else {
			f.Untrusted, f.UntrustedBefore = f.Untrusted || on, f.UntrustedBefore || ever
		}
	}
	if o.Facts.NoListing == (fact.Source{}) {
		for name, listed := range map[string]bool{"在异常名录": f.Abnormal, "窗口内曾在异常名录": f.AbnormalInWindow, "严重失信": f.Untrusted, "窗口内曾列入严重失信": f.UntrustedBefore} {
			if !listed {
				f.Unknown[name] = facts.Unknown{Verdict: Pending, Why: "没有填写有没有列入名录。在单位信息里确认“以上是全部列入情况”。"}
			}
		}
	}
}

// yearly fills in the ledger's figures, one a year of the window.
func yearly(f *facts.Org, o *organisation.Organisation, window calendar.Span) {
	for _, y := range window.Years {
		l, ok := o.Facts.Ledger(y)
		if !ok {
			for _, name := range []string{"每年培训次数", "每年按时收缴月数", "每年公益活动次数"} {
				f.Unknown[name] = facts.Unknown{Verdict: Pending, Why: fmt.Sprintf("没有%d年度工作台账，填写后再看。", y)}
			}
			continue
		}
		f.Trainings, f.DuesMonths, f.Charity = append(f.Trainings, l.Trainings), append(f.DuesMonths, l.DuesMonths), append(f.Charity, l.Charity)
	}
}

// Check is one rule of a programme applied to an organisation, with what the
// facts say and what to do about it.
type Check struct {
	programme.Finding
	Why  []string // what stands in the facts that the rule reads
	Mend []string // what to do; empty when the rule is met
}

// SelfCheck applies every rule of a programme to an organisation as of a day: a
// round's deadline, or any day outside rounds (S61). First come the conditions
// of the programme's applicants, then its rules in their order.
func SelfCheck(pr *programme.Programme, p Profile, t Titles, day calendar.Date) (all []Check) {
	gate := func(code, title string, f Finding) {
		found := programme.Finding{Rule: programme.Rule{Code: code, Title: title, Clause: cite.For(pr, f.Clause), RedLine: true}, Verdict: f.Verdict}
		c := Check{Finding: found, Why: []string{f.Why}}
		if f.Verdict != Meets {
			c.Say, c.Mend = f.Why, []string{f.Mend}
		}
		all = append(all, c)
	}
	gate("applicants.code", "登记状态和登记层级", RegisteredWith(p, pr.Applicants.Prefixes))
	gate("applicants.kind", "单位类别", KindAmong(p, pr.Applicants.Kinds))
	if pr.Applicants.Party {
		gate("applicants.party", "党组织", HasParty(p))
	}
	if m := pr.Applicants.HolderMay; m == "never" || m == "last_year" {
		gate("applicants.holder", "持有本称号的再申报", holder(holding.May(pr.Applicants, t, day)))
	}
	if pr.Applicants.BarMonths > 0 {
		gate("applicants.bar", "不在禁止申报期内", holder(holding.NotBarred(pr.Applicants, t, day)))
	}
	for _, r := range pr.Eligibility {
		span := r.Window.Resolve(day, p.Organisation.RegisteredOn)
		c := Check{Finding: r.Judge(Facts(p, t, pr.Applicants, day, span), span)}
		for _, in := range c.Inputs {
			f, _ := Explain(in.Name, p, span, day)
			if f.Why != "" && !slices.Contains(c.Why, f.Why) {
				c.Why = append(c.Why, f.Why)
			}
			if c.Verdict != Meets && f.Mend != "" && !slices.Contains(c.Mend, f.Mend) {
				c.Mend = append(c.Mend, f.Mend)
			}
		}
		if len(c.Why) == 0 && len(c.Inputs) > 0 { // no rule here tells more of what was read
			c.Why = []string{c.Inputs[0].Name + "：" + c.Inputs[0].Said + "。"}
		}
		all = append(all, c)
	}
	return all
}

func holder(v programme.Verdict, why, mend string) Finding {
	return Finding{Verdict: v, Why: why, Mend: mend, Clause: "五(二) 每年一次创建评选"}
}

// explanations says which rule of this package tells what stands behind a fact
// that a programme's expression reads.
var explanations = map[string]func(Profile, calendar.Span, calendar.Date) Finding{
	"登记层级前缀": func(p Profile, _ calendar.Span, _ calendar.Date) Finding { return RegisteredWith(p, nil) },
	"状态":     func(p Profile, _ calendar.Span, _ calendar.Date) Finding { return RegisteredWith(p, nil) },
	"党组织形式":  func(p Profile, _ calendar.Span, _ calendar.Date) Finding { return HasParty(p) },
	"按时换届":   func(p Profile, s calendar.Span, d calendar.Date) Finding { return OnTimeElection(p, orDay(s, d)) },
	"换届状态":   func(p Profile, s calendar.Span, d calendar.Date) Finding { return OnTimeElection(p, orDay(s, d)) },
	"章程写入":   func(p Profile, _ calendar.Span, _ calendar.Date) Finding { return CharterSays(p, charterWording) },
	"评估等级":   func(p Profile, _ calendar.Span, d calendar.Date) Finding { return GradeAtLeast(p, 1, d) },
	"评估等级有效": func(p Profile, _ calendar.Span, d calendar.Date) Finding { return GradeAtLeast(p, 1, d) },
	"年检结论":   func(p Profile, s calendar.Span, _ calendar.Date) Finding { return InspectionsPass(p, s, false) },
	"行政处罚次数": func(p Profile, s calendar.Span, d calendar.Date) Finding { return PenaltyFree(p, orDay(s, d)) },
	"在异常名录": func(p Profile, _ calendar.Span, d calendar.Date) Finding {
		return NotListed(p, orDay(calendar.Span{}, d))
	},
	"严重失信": func(p Profile, _ calendar.Span, d calendar.Date) Finding {
		return NotListed(p, orDay(calendar.Span{}, d))
	},
	"每年培训次数":   func(p Profile, s calendar.Span, _ calendar.Date) Finding { return TrainedEachYear(p, s) },
	"每年按时收缴月数": func(p Profile, s calendar.Span, _ calendar.Date) Finding { return DuesOnTime(p, s) },
	"每年公益活动次数": func(p Profile, s calendar.Span, _ calendar.Date) Finding { return GaveToSociety(p, s) },
}

// Explain says what stands behind a fact that a programme's expressions read, by its
// name; false for one that speaks for itself.
func Explain(name string, p Profile, window calendar.Span, day calendar.Date) (Finding, bool) {
	explain, ok := explanations[name]
	if !ok {
		return Finding{}, false
	}
	return explain(p, window, day), true
}

// orDay returns a span, or the day alone when a rule looks at no time.
func orDay(s calendar.Span, day calendar.Date) calendar.Span {
	if s.To.IsZero() {
		return calendar.Span{From: day, To: day}
	}
	return s
}

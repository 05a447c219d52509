package eligibility

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
)

// RegisteredWith: the organisation is registered now, and its code begins with
// one of the prefixes; none means any level (S14; facts.md §1.1).
func RegisteredWith(p Profile, prefixes []string) Finding {
	var f findings
	switch o := p.Organisation; {
	case o.State != organisation.Registered:
		f.say(Fails, fmt.Sprintf("登记状态是“%s”。", organisation.Kind.Word(string(o.State))), "只有正常登记的单位可以申报。")
	case o.Code == "":
		f.say(Fails, "还没有统一社会信用代码，只有旧登记证号"+o.LegacyNumber+"。", "换发证书后，请办公室补录代码。")
	case len(prefixes) > 0 && !slices.ContainsFunc(prefixes, func(s string) bool { return strings.HasPrefix(o.Code, s) }):
		f.say(Fails, fmt.Sprintf("代码%s的前8位是%s，不在%s之内。", o.Code, o.Code[:8], strings.Join(prefixes, "、")), "登记层级不在本方案范围内。")
	default:
		f.say(Meets, fmt.Sprintf("代码%s，正常登记。", o.Code), "")
	}
	return f.finding("三 符合条件的省级社会组织", calendar.Span{})
}

// KindAmong: the organisation is of one of the kinds; none means any (S8).
func KindAmong(p Profile, kinds []string) Finding {
	var f findings
	word := creditcode.KindWord(p.Organisation.Kind)
	if len(kinds) == 0 || slices.Contains(kinds, p.Organisation.Kind) {
		f.say(Meets, "类别是"+word+"。", "")
	} else {
		f.say(Fails, "类别是"+word+"，不在本方案范围内。", "本单位不在申报范围内，可以看看其他方案。")
	}
	return f.finding("三 符合条件的省级社会组织", calendar.Span{})
}

// HasParty: a Party organisation covers the organisation; a form that does not
// fit the member count is a doubt, not a failure (S17; facts.md §3).
func HasParty(p Profile) Finding {
	var f findings
	if len(p.Bodies) == 0 {
		f.say(Fails, "没有党组织的记录。", "已成立的，填写党组织情况；还没有成立的，向上级党组织申请成立。")
	}
	for _, b := range p.Bodies {
		what := fmt.Sprintf("%s，%s，正式党员%d名。", b.Name, party.FormWord(b.Form), b.Members)
		switch warning := b.FormWarning(); {
		case warning != "":
			f.say(Doubtful, what+warning, "有上级批准的，填写批准文号。")
		case b.Form == party.JointBranch && p.Covers[b.ID] > party.JointMost:
			f.say(Doubtful, what+fmt.Sprintf("联合覆盖%d个单位，一般不超过%d个。", p.Covers[b.ID], party.JointMost), "由初审人员核实。")
		default:
			f.say(Meets, what, "")
		}
	}
	return f.finding("四(一) 成立社会组织党组织", calendar.Span{})
}

// OnTimeElection: every election in the span was held by its due day, and no
// term is overdue at its end. A functional body has no tenure; one younger than
// a term satisfies the rule (S18; facts.md §3).
func OnTimeElection(p Profile, span calendar.Span) Finding {
	var f findings
	if len(p.Bodies) == 0 {
		f.say(Pending, "没有党组织的记录。", "填写党组织情况。")
	}
	for _, b := range p.Bodies {
		onTime(&f, &b, span)
	}
	return f.finding("四(一) 按时换届；关于党的基层组织任期的意见（2018年7月）", span)
}

func onTime(f *findings, b *party.Body, span calendar.Span) {
	late := b.LateElections(span)
	t, held := b.TenureAt(span.To)
	switch {
	case b.Functional:
		f.say(Meets, b.Name+"是功能型党组织，不适用换届。", "")
	case b.FoundedOn.IsZero():
		f.say(Pending, b.Name+"没有成立日期。", "填写成立日期和历次换届日期。")
	case !held && span.To.After(b.FoundedOn.AddYears(party.Term(b.Form, b.FoundedOn, b.TransitionTerm))):
		f.say(Pending, fmt.Sprintf("%s%s成立，已满一届，没有换届记录。", b.Name, b.FoundedOn.Chinese()), "填写历次换届日期。")
	case !held:
		f.say(Meets, fmt.Sprintf("%s%s成立，未满一届。", b.Name, b.FoundedOn.Chinese()), "")
	case len(late) > 0:
		f.say(Fails, fmt.Sprintf("%s%s换届后，应于%s前换届，逾期。", b.Name, late[0].ElectedOn.Chinese(), late[0].Until.Chinese()), "有上级批准延期的，填写批准文号；没有的，尽快换届。")
	default:
		f.say(Meets, fmt.Sprintf("%s最近换届%s，任期至%s，%s。", b.Name, t.ElectedOn.Chinese(), t.Until.Chinese(), t.Word()), "")
	}
}

// PenaltyFree: no administrative penalty was decided in the span. A warning
// counts; one that was quashed does not. One against a branch or a person, and
// one decided before and performed inside, is a doubt (S36; facts.md §4).
func PenaltyFree(p Profile, span calendar.Span) Finding {
	var f findings
	for _, v := range p.Organisation.Facts.Penalties {
		what := fmt.Sprintf("%s%s（%s）。", v.DecidedOn.Chinese(), fact.WordOf(fact.PenaltyKinds, v.Kind), v.Authority)
		switch {
		case !span.Has(v.DecidedOn) && !(v.DecidedOn.Before(span.From) && span.Has(v.Performed)):
		case !v.QuashedOn.IsZero():
			f.say(Meets, what+"已于"+v.QuashedOn.Chinese()+"撤销，不计。", "")
		case v.Against != "", !span.Has(v.DecidedOn):
			f.say(Doubtful, what+"处罚对象是"+fact.WordOf(fact.Against, v.Against)+"。", "算不算，由初审人员提出意见。")
		default:
			f.say(Fails, what, "处罚已被撤销的，填写撤销日期并备好文书。")
		}
	}
	if f.verdict == "" && p.Organisation.Facts.NoPenalty == (fact.Source{}) {
		f.say(Pending, "没有填写有没有受到行政处罚。", "在单位信息里确认“以上是全部行政处罚”。")
	} else if f.verdict == "" {
		f.say(Meets, "期间没有行政处罚，"+p.Organisation.Facts.NoPenalty.Word()+"。", "")
	}
	return f.finding("四(四) 近三年未受到行政处罚", span)
}

// InspectionsPass: every year of the span passed its annual inspection. 基本合格
// passes only when the setting says so, and is a doubt otherwise; where there is
// no inspection, or not yet for a new body, the year counts as passed and says
// so; while a conclusion is pending the last known year stands in (S37; §4).
func InspectionsPass(p Profile, span calendar.Span, barely bool) Finding {
	var f findings
	for _, y := range span.Years {
		inspected(&f, p.Organisation.Facts.Inspections, y, barely)
	}
	if len(span.Years) == 0 {
		f.say(Meets, "登记未满一个完整年度，没有应参加的年检。", "")
	}
	return f.finding("四(四) 近三年年检合格", span)
}

func inspected(f *findings, all []fact.Inspection, year int, barely bool) {
	at := func(y int) string {
		i := slices.IndexFunc(all, func(v fact.Inspection) bool { return v.Year == y })
		if i < 0 {
			return ""
		}
		return all[i].Conclusion
	}
	c := at(year)
	what := fmt.Sprintf("%d年度%s。", year, fact.WordOf(fact.Conclusions, c))
	switch c {
	case "":
		f.say(Pending, fmt.Sprintf("%d年度没有填写。", year), fmt.Sprintf("填写%d年度年检结论。", year))
	case fact.Passed, fact.ReportFiled, fact.NewlyFounded:
		f.say(Meets, what, "")
	case fact.PassedBarely:
		if barely {
			f.say(Meets, what, "")
		} else {
			f.say(Doubtful, what, "“基本合格”能不能算合格，由初审人员提出意见。备好整改报告。")
		}
	case fact.Pending:
		if last := at(year - 1); last == fact.Passed || last == fact.ReportFiled {
			f.say(Meets, what+fmt.Sprintf("以最近有结论的%d年度%s为准。", year-1, fact.WordOf(fact.Conclusions, last)), "")
		} else {
			f.say(Pending, what, "结论公布后补填。")
		}
	default:
		f.say(Fails, what, "")
	}
}

// GradeAtLeast: an evaluation grade of the rank or better is valid on the day,
// by the rule version in force when it was announced (S38; finding 5).
func GradeAtLeast(p Profile, rank int, day calendar.Date) Finding {
	var f findings
	best, until, version := 0, calendar.Date{}, ""
	for _, g := range p.Organisation.Facts.Grades {
		from, to, v := g.Valid()
		if !day.Before(from) && !day.After(to) && g.Rank > best {
			best, until, version = g.Rank, to, v
		}
		if day.Before(from) && g.Rank >= rank && !day.Before(g.AnnouncedOn) {
			f.say(Doubtful, fmt.Sprintf("%s已公告，%s起有效。", fact.GradeWord(g.Rank), from.Chinese()), "由初审人员提出意见。")
		}
	}
	want := fact.GradeWord(rank)
	switch {
	case best >= rank:
		f = findings{}
		f.say(Meets, fmt.Sprintf("%s，有效期至%s（按%s年版办法）。", fact.GradeWord(best), until.Chinese(), version), "")
	case f.verdict != "":
	case best > 0:
		f.say(Fails, fmt.Sprintf("有效等级是%s，要求%s以上。", fact.GradeWord(best), want), "")
	case len(p.Organisation.Facts.Grades) > 0:
		f.say(Fails, fmt.Sprintf("%s没有有效的等级。", day.Chinese()), "等级到期的，申请重新评估。")
	default:
		f.say(Fails, "没有评估等级的记录，要求"+want+"以上。", "已评估的，填写等级和公告日期。")
	}
	return f.finding("四(四) 社会组织评估3A以上；社会组织评估管理办法", calendar.Span{From: day, To: day})
}

// NotListed: the organisation was on no list of abnormal or seriously
// untrustworthy organisations at any time in the span; a span of one day looks
// at that day (S35; facts.md §4).
func NotListed(p Profile, span calendar.Span) Finding {
	var f findings
	for _, v := range p.Organisation.Facts.Listings {
		if !v.From.After(span.To) && (v.To.IsZero() || !v.To.Before(span.From)) {
			until := "至今"
			if !v.To.IsZero() {
				until = "至" + v.To.Chinese()
			}
			f.say(Fails, fmt.Sprintf("%s%s列入%s。", v.From.Chinese(), until, fact.WordOf(fact.Lists, v.List)), "已移出的，填写移出日期。")
		}
	}
	if f.verdict == "" && p.Organisation.Facts.NoListing == (fact.Source{}) {
		f.say(Pending, "没有填写有没有列入名录。", "在单位信息里确认“以上是全部列入情况”。")
	} else if f.verdict == "" {
		f.say(Meets, "没有列入，"+p.Organisation.Facts.NoListing.Word()+"。", "")
	}
	return f.finding("四(四) 遵纪守法；社会组织信用信息管理办法", span)
}

// CharterSays: the charter contains the wording, and the registrar approved it.
// Another wording, or one not approved yet, is a doubt (S9).
func CharterSays(p Profile, wording string) Finding {
	var f findings
	plain := func(s string) string {
		return strings.Join(strings.Fields(norm.NFKC.String(s)), "")
	}
	switch c := p.Organisation.Facts.Charter; {
	case c.Wording == "":
		f.say(Pending, "没有填写章程条文。", "照章程原文填写，并注明第几条、核准日期。")
	case !strings.Contains(plain(c.Wording), plain(wording)):
		f.say(Doubtful, fmt.Sprintf("章程写的是“%s”，与“%s”不同。", c.Wording, wording), "由初审人员判断是否相当。")
	case c.ApprovedOn.IsZero():
		f.say(Doubtful, "章程已写入，登记管理机关还没有核准。", "核准后补填核准日期。")
	default:
		f.say(Meets, fmt.Sprintf("章程%s已写入，%s核准。", c.Clause, c.ApprovedOn.Chinese()), "")
	}
	return f.finding("二(一) 在社会组织章程中写入“坚持党的全面领导”", calendar.Span{})
}

package page

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
)

// FiguresShown lists the figures of a ledger as a table shows them.
func FiguresShown() []fact.Figure { return fact.Figures }

func titleSay(s stage.State) string { return designation.Kind.Word(string(s)) }

// liveTitles counts the titles that are still held.
func liveTitles(all []designation.Designation) (n int) {
	for _, d := range all {
		if d.Live() {
			n++
		}
	}
	return n
}

// endState is where an ending leads.
func endState(act string) stage.State {
	m, err := organisation.Kind.Step(organisation.Registered, act, stage.Clerk)
	if err != nil {
		return organisation.Registered
	}
	return m.To
}

func endingAnswers(o organisation.Organisation, in casework.Ending, successors []string, change string) []Answer {
	all := []Answer{
		{Word: "统一社会信用代码", Value: codeOr(o)}, {Word: "变动", Value: endingWord(in.Act), Change: change}, {Word: "日期", Value: Day(in.On), Change: change},
	}
	if len(successors) > 0 {
		all = append(all, Answer{Word: "承继单位", Value: strings.Join(successors, "、"), Change: change})
	}
	return all
}

func endedNext(v casework.OrganisationView) string {
	if n := liveTitles(v.Titles); n > 0 {
		return fmt.Sprintf("%d个有效称号另行办理：合并、分立的由委员会逐个单位审议能否承继，其他的由经办人登记注销。", n)
	}
	return "没有需要办理的称号。"
}

// partyFacts shows a Party organisation.
func partyFacts(p casework.PartyView) []Fact {
	b := p.Body
	all := []Fact{
		{Word: "名称", Value: b.Name},
		{Word: "形式", Value: b.Word()},
		{Word: "成立", Value: b.FoundedOn.Chinese()},
		{Word: "上级党组织", Value: b.Superior},
		{Word: "正式党员", Value: fmt.Sprintf("%d人", b.Members)},
		{Word: "党组织负责人", Value: b.Head},
		{Word: "换届", Value: tenureSay(p)},
	}
	if p.Warning != "" {
		all = append(all, Fact{Word: "提醒", Value: p.Warning})
	}
	if b.ApprovedForm != "" {
		all = append(all, Fact{Word: "上级批准文号", Value: b.ApprovedForm})
	}
	return append(all, Fact{Word: "覆盖单位", Value: coversSay(p)}, Fact{Word: "来源", Value: sourceSay(b.Source)})
}

func coversSay(p casework.PartyView) string {
	if n := p.Others + 1 - len(p.Covers); n > 0 {
		return fmt.Sprintf("%s，另有%d个单位", strings.Join(p.Covers, "、"), n)
	}
	return strings.Join(p.Covers, "、")
}

func electionAt(b party.Body, i int) party.Election {
	if i < len(b.Elections) {
		return b.Elections[i]
	}
	return party.Election{}
}

// sorted puts what is not met first, the gravest first.
func sorted(checks []ruling.Check) []ruling.Check {
	order := []programme.Verdict{programme.Fails, programme.Doubtful, programme.Pending, programme.Meets}
	return slices.SortedStableFunc(slices.Values(checks), func(a, b ruling.Check) int {
		return slices.Index(order, a.Verdict) - slices.Index(order, b.Verdict)
	})
}

func checkID(c ruling.Check) string { return "check-" + strings.ReplaceAll(c.Rule.Code, ".", "-") }

// checkFacts says what a condition rests on.
func checkFacts(c ruling.Check) []Fact {
	var all []Fact
	if c.Verdict != programme.Meets && c.Ruling == nil && c.Say != "" && !slices.Contains(c.Why, c.Say) {
		all = append(all, Fact{Word: "结论", Value: c.Say})
	}
	all = append(all, Fact{Word: "事实", Value: strings.Join(c.Why, "")})
	if len(c.Why) == 0 && len(c.Inputs) > 0 {
		var said []string
		for _, in := range c.Inputs {
			said = append(said, in.Name+"："+in.Said)
		}
		all[len(all)-1].Value = strings.Join(said, "；")
	}
	if w := windowSay(c.Window); w != "" {
		all = append(all, Fact{Word: "核对期间", Value: w})
	}
	return append(all, Fact{Word: "依据", Value: c.Rule.Clause})
}

package page

import (
	"fmt"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

func planURL(v casework.PlanView) string { return "/plans/" + string(v.Plan.ID) }

func planTone(s stage.State) Tone {
	switch s {
	case plan.Approved:
		return OK
	case plan.Frozen, plan.Drawn:
		return Now
	case plan.Lapsed:
		return Warn
	case plan.Closed:
		return Ended
	}
	return Open
}

func planStrip(v casework.PlanView) Strip {
	p := v.Plan
	steps := []string{"草拟", "批准", "按日期复查"}
	at := map[stage.State]int{plan.Draft: 1, plan.Frozen: 1, plan.Drawn: 2, plan.Approved: 3}[p.State]
	if p.Sample.Asked() {
		steps = []string{"草拟", "抽取", "批准", "按日期复查"}
		at = map[stage.State]int{plan.Draft: 1, plan.Frozen: 2, plan.Drawn: 3, plan.Approved: 4}[p.State]
	}
	s := Strip{Steps: steps, Step: at, Stage: plan.Kind.Word(string(p.State)), Who: "办公室经办人"}
	switch p.State {
	case plan.Draft:
		if !p.Sample.Asked() {
			s.Who, s.WhoNote = "办公室负责人或主任委员", "核对后批准"
		}
	case plan.Frozen:
		s.Who, s.WhoNote, s.Due, s.DueNote = "办公室、委员会、监督方", "各一人承诺、揭示", Minute(p.Lot.Rule.RevealBy), "承诺和揭示截止"
	case plan.Drawn:
		s.Who, s.WhoNote = "办公室负责人或主任委员", "与草拟的不是同一人"
	case plan.Closed, plan.Lapsed:
		s.Steps, s.Who, s.Due = nil, Over, Minute(p.EndedAt)
	}
	return s
}

// sampleSays says what the programme asks for.
func sampleSays(s plan.Sample) string {
	if !s.Asked() {
		return "方案没有设定年度抽查"
	}
	how := fmt.Sprintf("抽查%d个", s.Number)
	if s.Share > 0 {
		how = fmt.Sprintf("抽查%d%%", s.Share)
	}
	if s.Unannounced {
		return how + "，不预告"
	}
	return how + "，事先公布"
}

func planFacts(v casework.PlanView) []Fact {
	p := v.Plan
	all := []Fact{
		{Word: "方案", Value: v.Programme.Title},
		{Word: "年度抽查", Value: sampleSays(p.Sample)},
		{Word: "草拟", Value: v.Drafted + " " + Minute(p.DraftedAt)},
	}
	if !p.DecidedAt.IsZero() {
		all = append(all, Fact{Word: "批准", Value: v.Approved + " " + Minute(p.DecidedAt)})
	}
	return known(all)
}

func planDrawFacts(v casework.PlanView) []Fact {
	d := v.Plan.Lot
	all := []Fact{
		{Word: "名单", Value: fmt.Sprintf("%d个称号，编号%s", len(d.Pool.Members), d.Pool.ID)},
		{Word: "名单摘要（SHA-256）", Value: d.Pool.Digest(), Code: true},
		{Word: "规则", Value: fmt.Sprintf("抽取%d个，每个称号机会相同", d.Rule.Quotas[0].Seats)},
		{Word: "规则摘要（SHA-256）", Value: d.Rule.Digest(), Code: true},
		{Word: "揭示截止", Value: Minute(d.Rule.RevealBy)},
	}
	for _, side := range []string{"office", "committee", "supervision"} {
		said := "还没有承诺"
		if w := d.Party(side); w != nil {
			said = Minute(w.CommittedAt) + "承诺"
			if !w.RevealedAt.IsZero() {
				said += "，" + Minute(w.RevealedAt) + "揭示"
			}
		}
		all = append(all, Fact{Word: lot.Sides[side], Value: said})
	}
	if d.State == draw.Failed {
		all = append(all, Fact{Word: "没有完成", Value: d.Reason})
	}
	return all
}

// planDo are the acts of a plan that are a button or a link, in the order of its life.
var planDo = []struct {
	act, word string
	button    bool // done at once
}{
	{"freeze", "冻结抽查名单", false},
	{"commit", "承诺", false},
	{"reveal", "揭示", false},
	{"draw", "产生抽查结果", true},
	{"approve", "批准计划", true},
	{"fail", "登记没有完成", false},
	{"list", "重新列出", true},
}

// planMay reports whether an act stands on the page: a plan whose sample is still to be
// drawn is not approved, and one that was drawn before is not.
func planMay(v casework.PlanView, act string) bool {
	return slices.Contains(v.Acts, act) && !(act == "approve" && v.Plan.State == plan.Draft && v.Plan.Sample.Asked() && len(v.Plan.Due) == 0)
}

func depthOptions(due bool) (all []Option) {
	for _, d := range []string{recheck.Light, recheck.Desk, recheck.Site} {
		if !due || d != recheck.Light {
			all = append(all, Option{Value: d, Word: recheck.Depths[d], Hint: depthHints[d]})
		}
	}
	return all
}

var depthHints = map[string]string{
	recheck.Light: "单位自查，办公室审阅", recheck.Desk: "单位自查，复查人员书面对照", recheck.Site: "单位自查，复查人员到现场",
}

func plannedTone(v casework.PlanView, c plan.Check) Tone {
	switch {
	case c.Missed != "":
		return Warn
	case c.Recheck != "":
		return recheckTone(v.States[c.Recheck])
	}
	return Open
}

func planChoiceOptions(all []casework.PlanChoice) (o []Option) {
	for _, c := range all {
		o = append(o, Option{Value: string(c.Programme), Word: c.Title, Hint: sampleSays(c.Sample)})
	}
	return o
}

func yearOptions(years []int) (o []Option) {
	for _, y := range years {
		o = append(o, Option{Value: fmt.Sprint(y), Word: fmt.Sprintf("%d年", y)})
	}
	return o
}

// waits reports whether somebody may begin an unannounced check now.
func waits(v casework.PlanView, c plan.Check) bool {
	return slices.Contains(v.Acts, "begin") && slices.ContainsFunc(v.Plan.Waiting(calendar.DateOf(v.Now)), func(o plan.Check) bool { return o.Designation == c.Designation })
}

package page

import (
	"fmt"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

func drawURL(v casework.DrawView) string { return "/draws/" + string(v.Draw.ID) }

func drawSize(v casework.DrawView) string {
	return fmt.Sprintf("名单%d人，考核%d家", len(v.Draw.Pool.Members), len(v.Draw.Cases))
}

func drawTone(s stage.State) Tone {
	switch s {
	case draw.Concluded:
		return OK
	case draw.Failed, draw.Manual:
		return Warn
	default:
		return Plain
	}
}

// drawDo is what the button of an act says.
func drawDo(act string) string {
	return map[string]string{
		"freeze": "重新冻结名单", "rule": "公布规则", "cancel": "取消抽取", "commit": "承诺", "close": "结束承诺，开始揭示", "reveal": "揭示", "value": "录入外部数值",
		"conclude": "产生结果", "fail": "登记没有完成", "restart": "重新抽取一次", "manual": "登记人工抽取",
	}[act]
}

// drawSteps are the steps that everybody sees, in their order.
var drawSteps = []string{"冻结名单", "公布规则", "承诺", "揭示", "结果"}

// drawStep is which of the steps a draw is at; one that came to nothing stays where it
// stopped.
func drawStep(d draw.Draw) int {
	switch {
	case d.State == draw.Concluded:
		return len(drawSteps) + 1
	case d.State == draw.Revealed:
		return 5
	case d.State == draw.Committed:
		return 4
	case d.Ruled():
		return 3
	}
	return 2
}

func drawStrip(v casework.DrawView) Strip {
	s := Strip{Stage: draw.Kind.Word(string(v.Draw.State)), Steps: drawSteps, Step: drawStep(v.Draw), Who: "办公室"}
	if v.Draw.Ruled() {
		s.Due, s.DueNote = Minute(v.Draw.Rule.RevealBy), "承诺和揭示截止"
	}
	switch v.Draw.State {
	case draw.Ruled, draw.Committed:
		s.Who, s.WhoNote = "各参与方", fmt.Sprintf("至少%d方", lot.LeastParties)
	case draw.Concluded, draw.Manual, draw.Cancelled, draw.Restarted:
		s.Who, s.Due, s.DueNote = Over, Minute(v.Draw.EndedAt), ""
	}
	return s
}

func sidesSay(sides []string) string {
	var all []string
	for _, s := range sides {
		all = append(all, lot.Sides[s])
	}
	return OrDash(strings.Join(all, "、"))
}

func hashedSay(by string) string {
	if by == lot.ByServer {
		return "平台计算，平台在揭示以前看到过秘密"
	}
	return "本人计算"
}

func poolFacts(v casework.DrawView) []Fact {
	all := []Fact{{Word: "名单编号", Value: v.Draw.Pool.ID}, {Word: "名单摘要", Value: v.Draw.Pool.Digest(), Code: true}, {Word: "名单", Value: drawSize(v)}}
	for _, s := range v.Draw.Seats {
		if s.Account != "" && len(v.Draw.Seats) > 0 {
			all = append(all, Fact{Word: s.Name, Value: s.Member[:16] + "…", Code: true})
		}
	}
	return all
}

func ruleFacts(v casework.DrawView) []Fact {
	all := []Fact{{Word: "规则摘要", Value: v.Draw.Rule.Digest(), Code: true}}
	for _, q := range v.Draw.Rule.Quotas {
		say := strconv.Itoa(q.Seats) + "人"
		if q.Stratum == v.Draw.Rule.Lead {
			say += "，排序第一的当组长"
		}
		all = append(all, Fact{Word: v.Stratum(q.Stratum), Value: say})
	}
	external := "不用"
	if v.Draw.Rule.External != "" {
		external = v.Draw.Rule.External
	}
	return append(all, Fact{Word: "回避", Value: "由同一层的下一人递补"}, Fact{Word: "外部数值", Value: external}, Fact{Word: "揭示截止", Value: Minute(v.Draw.Rule.RevealBy)})
}

func quotaFacts(all []programme.Stratum) (facts []Fact) {
	for _, s := range all {
		facts = append(facts, Fact{Word: s.Title, Value: fmt.Sprintf("每组%d人", s.Seats)})
	}
	return facts
}

func strataFacts(v casework.PoolView) (facts []Fact) {
	for _, s := range v.Strata {
		facts = append(facts, Fact{Word: s.Title, Value: fmt.Sprintf("在库%d人，每组%d人", v.Count(s.Code), s.Seats)})
	}
	return append(facts, Fact{Word: "没有归层", Value: fmt.Sprintf("%d人", v.Count(""))}, Fact{Word: "不参加抽取", Value: fmt.Sprintf("%d人", v.Count(draw.Out))})
}

func stratumOptions(v casework.PoolView) (all []Option) {
	if len(v.Strata) > 1 {
		all = append(all, Option{Value: "", Word: "没有归层"})
	}
	for _, s := range v.Strata {
		all = append(all, Option{Value: s.Code, Word: s.Title})
	}
	return append(all, Option{Value: draw.Out, Word: "不参加抽取"})
}

func stratumSay(v casework.PoolView, code string) string {
	for _, o := range stratumOptions(v) {
		if o.Value == code {
			return o.Word
		}
	}
	return "没有归层"
}

func caseOptions(all []draw.Case) (options []Option) {
	for _, c := range all {
		options = append(options, Option{Value: string(c.Visit), Word: c.Name})
	}
	return options
}

func caseSay(v casework.DrawView, key string) string {
	for _, c := range v.Draw.Cases {
		if c.Case == key && c.Name != "" {
			return c.Name
		}
	}
	return "考核 " + key[:16] + "…"
}

func memberSay(v casework.DrawView, key string) string {
	if s := v.Draw.Name(key); s.Name != "" {
		return s.Name + "（" + key[:8] + "…）"
	}
	return key
}

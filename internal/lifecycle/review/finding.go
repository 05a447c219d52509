package review

import (
	"strings"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/score"
)

// Finding is the verdict on one indicator.
type Finding struct {
	Verdict string `json:"verdict,omitempty"` // a key of Verdicts; empty while open
	Reason  string `json:"reason,omitempty"`
	Score   int    `json:"score,omitempty"` // for scored indicators, 0 to the indicator's points
}

// Verdicts lists the verdicts on an indicator, with how people read them.
var Verdicts = map[string]string{"meets": "符合", "fails": "不符合", "doubtful": "存疑"}

var (
	errVerdict = fault.Define(fault.Invalid, "review.draft.verdict",
		"指标 %s 还没有结论。选符合、不符合或存疑。", "办法(二) 对申报材料进行初审")
	errUnknown = fault.Define(fault.Invalid, "review.save.verdict",
		"指标 %s 的结论只能是符合、不符合或存疑。", "办法(二)")
	errReason = fault.Define(fault.Invalid, "review.draft.reason",
		"指标 %s 是%s，写明理由和依据。", "办法(二)；制度:不符合和存疑须写理由")
	errSubjective = fault.Define(fault.Invalid, "review.draft.subjective",
		"指标 %s 没有规定佐证材料，结论靠判断，写明依据。", "二(二)；制度:叙述性指标须写依据")
	errScore = fault.Define(fault.Invalid, "review.save.score",
		"指标 %s 的得分要是%s。", "方案设定的评分办法")
	errRecommendation = fault.Define(fault.Invalid, "review.draft.recommendation",
		"选初审建议：建议列入、不建议列入或存疑。", "办法(二) 提交初审情况")
	errRedLine = fault.Define(fault.Refused, "review.draft.red_line",
		"否决项 %s 不符合，不能建议列入。改选不建议列入或存疑，由会议审定。", "四(四)；方案设定的否决项")
	errCondition = fault.Define(fault.Refused, "review.draft.condition",
		"申报条件“%s”是红线，现在不符合，不能建议列入。改选不建议列入或存疑，由会议审定；事实有误的先由办公室负责人认定。", "四(四)；方案设定的红线条件")
	errPassMark = fault.Define(fault.Refused, "review.draft.pass_mark",
		"现场打分的按满分算，%s，不能建议列入。改选不建议列入或存疑，由会议审定。", "方案设定的评分办法")
)

// Asked reports whether the office must judge the indicator: all but those that
// only the visit can see.
func Asked(i programme.Indicator) bool { return i.At != "visit" }

// Subjective reports whether the verdict rests on judgement alone, because the
// programme asks for no evidence: then it always needs a reason (S11).
func Subjective(i programme.Indicator) bool { return len(i.Evidence) == 0 }

// keepable lists what cannot even be saved in a draft.
func (f Finding) keepable(i programme.Indicator) []*fault.Fault {
	path := "findings." + i.Code
	wrong := []*fault.Fault{Kept(path+".reason", "指标 "+i.Code+" 的理由", f.Reason)}
	if f.Verdict != "" && Verdicts[f.Verdict] == "" {
		wrong = append(wrong, errUnknown.At(path+".verdict", i.Code))
	}
	if f.Score < 0 || i.Scored() && f.Score != 0 && !score.Takes(i, f.Score) {
		wrong = append(wrong, errScore.At(path+".score", i.Code, score.Range(i)))
	}
	return wrong
}

// complete lists what a finished judgement lacks. An indicator that only the
// visit looks at may stay open; a verdict on it needs its reason all the same.
func (f Finding) complete(i programme.Indicator) []*fault.Fault {
	path := "findings." + i.Code
	wrong := f.keepable(i)
	unreasoned := strings.TrimSpace(f.Reason) == ""
	switch {
	case f.Verdict == "" && Asked(i):
		wrong = append(wrong, errVerdict.At(path+".verdict", i.Code))
	case f.Score == 0 && Asked(i) && i.Scored() && !score.Takes(i, 0):
		wrong = append(wrong, errScore.At(path+".score", i.Code, score.Range(i)))
	case (f.Verdict == "fails" || f.Verdict == "doubtful") && unreasoned:
		wrong = append(wrong, errReason.At(path+".reason", i.Code, Verdicts[f.Verdict]))
	case f.Verdict == "meets" && Subjective(i) && unreasoned:
		wrong = append(wrong, errSubjective.At(path+".reason", i.Code))
	}
	return wrong
}

// overall checks the recommendation and the opinion.
func (j Judgement) overall(whole bool) []*fault.Fault {
	if !whole {
		wrong := []*fault.Fault{Kept("opinion", "初审意见", j.Opinion)}
		if j.Recommendation != "" && Recommendations[j.Recommendation] == "" {
			wrong = append(wrong, errRecommendation.At("recommendation"))
		}
		return wrong
	}
	wrong := []*fault.Fault{Written("opinion", "初审意见", j.Opinion)}
	if Recommendations[j.Recommendation] == "" {
		wrong = append(wrong, errRecommendation.At("recommendation"))
	}
	return wrong
}

// supported refuses to recommend against the findings: with a red line crossed,
// or when the pass mark or a floor is out of reach even if the visit gave every point it
// has.
func supported(indicators []programme.Indicator, r score.Rule, j Judgement) error {
	if j.Recommendation != "recommend" {
		return nil
	}
	if len(j.Crossed) > 0 {
		return errCondition.At("recommendation", j.Crossed[0])
	}
	for _, i := range indicators {
		if i.Judged == "veto" && j.Findings[i.Code].Verdict == "fails" {
			return errRedLine.At("recommendation", i.Code)
		}
	}
	best := r.Sum(func(i programme.Indicator) int {
		if Asked(i) {
			return j.Findings[i.Code].Score
		}
		return i.Points
	})
	if best.Passes() {
		return nil
	}
	return errPassMark.At("recommendation", best.Short[0])
}

// Count counts the findings by verdict; "" counts the indicators without one.
func Count(indicators []programme.Indicator, findings map[string]Finding) map[string]int {
	n := map[string]int{}
	for _, i := range indicators {
		n[findings[i.Code].Verdict]++
	}
	return n
}

package page

import (
	"fmt"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

func calibrationURL(key id.Calibration) string { return "/calibrations/" + string(key) }

func calibrationTone(s stage.State) Tone {
	return map[stage.State]Tone{calibration.Prepared: Open, calibration.Open: Now, calibration.Withdrawn: Ended}[s]
}

// requiredWord says whether the exercise binds.
func requiredWord(required bool) string {
	if required {
		return "本方案要求先校准：没有评完本届样本的考核人员，不能在考核中评分和签署。"
	}
	return "本方案不要求先校准，评不评由考核人员自己决定，不影响考核。"
}

// gaveWord says a mark: 达到，8分。
func gaveWord(i programme.Indicator, f assessment.Finding) string {
	s := orWord(assessment.Ratings[f.Rating], "—")
	if i.Scored() && f.Rating != "" {
		s += "，" + strconv.Itoa(f.Score) + "分"
	}
	return s
}

// markedWord says how far a sample is, as the viewer may know it.
func markedWord(l casework.CalibrationLine, who stage.Actor) string {
	switch {
	case l.Mine:
		return fmt.Sprintf("本人已评，共%d人评过", l.Marked)
	case who.Role == stage.Assessor && l.State == calibration.Open:
		return "本人还没有评"
	case l.State == calibration.Prepared:
		return "—"
	}
	return fmt.Sprintf("%d人评过", l.Marked)
}

// severityWord says how the figures of the chart came about.
func severityWord(s calibration.Severity) string {
	if s.Modelled {
		return "按“得分＝样本的水平＋评分人的宽严＋偶然”估计，数据少的向零收缩。单位是百分制的分。"
	}
	return "宽严模型不适用：" + refusalWord(s.Why) + "下图改用平均差：每个人给的评价与同一指标平均值相差多少，按百分制，不计误差。"
}

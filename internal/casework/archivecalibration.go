package casework

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"shifan/internal/archive"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
)

// calibrations are what assessors practised on before live visits and what each gave, by
// numbers and not by names: it is no part of any result (S50).
func (p *packing) calibrations() error {
	all, marks, err := p.tx.CalibrationsOf(reading, p.round.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, c := range all {
		if c.State == calibration.Prepared {
			continue // nobody was ever given it
		}
		n++
		if err := p.prove("校准练习", c.Title, string(c.ID)); err != nil {
			return err
		}
		var some []calibration.Marking
		for _, k := range marks {
			if k.Calibration == c.ID {
				some = append(some, k)
			}
		}
		name := fmt.Sprintf("校准练习%d.txt", n)
		p.bytes(drawFolder, name, p.file("visit", "校准练习“"+c.Title+"”的样本、参考和评分", string(c.ID)), archive.About{Author: p.rules.Office.Name, Date: day(c.OpenedAt)}, p.calibrationText(&c, some))
	}
	return nil
}

// calibrationText says a sample and what was given to it. Those who gave it are numbered
// in an order that says neither who they are nor when they did.
func (p *packing) calibrationText(c *calibration.Calibration, marks []calibration.Marking) []byte {
	slices.SortFunc(marks, func(a, b calibration.Marking) int { return cmp.Compare(a.ID, b.ID) })
	indicators := calibration.Asked(p.rules.Indicators(p.round.Year))
	var l lines
	l.say("样本", c.Title)
	l.say("状态", calibration.Kind.Word(string(c.State)))
	l.say("发给考核员", second(c.OpenedAt))
	l.say("停用", second(c.EndedAt))
	l.say("停用的理由", c.Reason)
	l.say("评分人数", numeral(len(marks)))
	l.say("说明", "现场考核前的练习，不是任何申报的评分，不计入结果。评分人只编号，不列姓名。")
	for _, i := range indicators {
		l.head(indicator(i))
		l.say("样本写明", c.Answers[i.Code])
		l.say("参考", marked(c.Reference[i.Code]))
		for n, k := range marks {
			if f, there := k.Findings[i.Code]; there {
				l.say("评分人"+numeral(n+1), marked(f))
			}
		}
	}
	s := calibration.Judge(marks, indicators)
	l.head("宽严")
	for _, r := range s.Raters {
		n := slices.IndexFunc(marks, func(k calibration.Marking) bool { return string(k.Account) == r.Rater })
		l.say("评分人"+numeral(n+1), fmt.Sprintf("与平均相差%+.1f个百分点", r.Shift))
	}
	return l.bytes("校准练习")
}

func marked(f assessment.Finding) string {
	return strings.TrimSpace(assessment.Ratings[f.Rating] + points(f.Score) + "　" + f.Note)
}

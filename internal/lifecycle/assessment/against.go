package assessment

import "shifan/internal/lifecycle/score"

// Against lists what the programme's rule says against an application once review and
// visit have both been there, in words: conditions that are a red line and not met, red
// lines among the indicators, and bounds of points that were not reached. When nothing is
// listed, the office may recommend it and the team may say that it meets the standard;
// the committee decides in any case.
func Against(c Criteria, found map[string]Finding, crossed []string) (why []string) {
	for _, title := range crossed {
		why = append(why, "申报条件“"+title+"”不符合")
	}
	for _, i := range c.Indicators {
		if i.Judged == "veto" && (c.Given[i.Code].Verdict == "fails" || found[i.Code].Rating == "fails") {
			why = append(why, "否决项 "+i.Code+" 不符合")
		}
	}
	for _, s := range c.Rule.Sum(c.Points(found)).Short {
		why = append(why, s.String())
	}
	return why
}

// Unasked lists the indicators of a rule on which points are to be given and for which
// nobody was asked when review and visit were there: their scores are not known, and a
// dry run cannot count them. was tells what was asked then.
func Unasked(now score.Rule, was score.Rule) (codes []string) {
	known := map[string]bool{}
	for _, g := range was.Groups {
		for _, i := range g.Indicators {
			known[i.Code+" "+i.At] = i.Scored()
		}
	}
	for _, g := range now.Groups {
		for _, i := range g.Indicators {
			if i.Scored() && !known[i.Code+" "+i.At] {
				codes = append(codes, i.Code)
			}
		}
	}
	return codes
}

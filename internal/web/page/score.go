package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/raters"
	"shifan/internal/lifecycle/score"
)

// levelOptions lists the levels of a graded indicator with their points.
func levelOptions(i programme.Indicator) []Option {
	all := []Option{{Value: "", Word: "选一个等次"}}
	for _, l := range i.Levels {
		all = append(all, Option{Value: strconv.Itoa(l.Points), Word: fmt.Sprintf("%s（%d分）", l.Title, l.Points)})
	}
	return all
}

// levelWord heads the description of a level: 优秀（18分起）.
func levelWord(i programme.Indicator, l programme.Anchor) string {
	switch i.Judged {
	case "graded":
		return fmt.Sprintf("%s（%d分）", l.Title, l.Points)
	case "scored":
		return fmt.Sprintf("%s（%d分起）", l.Title, l.Points)
	}
	return l.Title
}

// totalWord says the total of an application: 86又2/3分，满分120分.
func totalWord(r casework.ScoreRow) string {
	if !r.Scored {
		return "—"
	}
	return fmt.Sprintf("%s分，满分%d分", score.Said(r.Result.Total), r.Result.Most)
}

// sectionsWord says what each group came to.
func sectionsWord(r score.Result) string {
	var parts []string
	for _, s := range r.Sections {
		if s.Most > 0 {
			parts = append(parts, fmt.Sprintf("%s %s/%d", s.Group.Title, score.Said(s.Sum), s.Most))
		}
	}
	return strings.Join(parts, "，")
}

func rankWord(n int) string {
	if n == 0 {
		return "—"
	}
	return strconv.Itoa(n)
}

// changedWord says how many outcomes the second opinion would change.
func changedWord(n int) string {
	if n == 0 {
		return "把宽严拉平以后，没有一件的结论会不同。"
	}
	return fmt.Sprintf("把宽严拉平以后，有%d件过线或进入名额的结论会不同，上表已注明。建议合议时重点看这几件。", n)
}

// strictMost is what the end of the chart's bar stands for: at least 5.
func strictMost(all []casework.StrictLine) float64 {
	most := 5.0
	for _, s := range all {
		most = math.Max(most, math.Abs(s.Shift)+s.Error)
	}
	return most
}

// at is where a figure stands on the bar of 200 units.
func at(x, most float64) string {
	return strconv.FormatFloat(100*math.Max(-1, math.Min(1, x/most)), 'f', 1, 64)
}

// signed writes a deviation with its sign.
func signed(x float64) string {
	if s := raters.Two(x); s[0] != '-' && s != "0.00" {
		return "+" + s
	}
	return raters.Two(x)
}

// dryRunWord sums a dry run up.
func dryRunWord(v casework.DryRun) string {
	s := fmt.Sprintf("已经办完初审和考核的%d件里，%d件的结论会不同。", len(v.Lines), v.Differing())
	if len(v.Changed) == 0 {
		s = "文件与当时的方案没有不同。" + s
	}
	if v.Open > 0 {
		s += fmt.Sprintf("另有%d件没有办完，不能比较。", v.Open)
	}
	return s
}

// standsWord says a total and what speaks against an application.
func standsWord(sum string, why []string) string {
	s := "可以通过"
	if len(why) > 0 {
		s = strings.Join(why, "；")
	}
	if sum != "" {
		return sum + "分，" + s
	}
	return s
}

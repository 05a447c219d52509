package check

import (
	"fmt"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/score"
)

// points: where points are given it is said how many, and nowhere else; levels are
// told apart and stand from the best down.
func points(p *programme.Programme, x programme.Indicator, path []any) (all []Wrong) {
	one := func(say string, at2 ...any) {
		all = append(all, at(say, append(path[:len(path):len(path)], at2...)...))
	}
	switch {
	case x.Scored() && p.Scoring.Method != "scored":
		one("是打分，而评分办法不打分。两处要一致。", "judged")
	case x.Scored() && x.Points == 0:
		one("没有写。这一项打分，写上满分多少分。", "points")
	case !x.Scored() && x.Points > 0:
		one("不用写：这一项不打分。删掉它，或把 judged 改成 scored。", "points")
	}
	if !x.Scored() && x.Weight > 0 {
		one("不用写：这一项不打分，没有权重。删掉它，或把 judged 改成 scored。", "weight")
	}
	if x.Judged == "graded" && len(x.Levels) < 2 {
		one("至少写两个等次。这一项按等次给分，分数只能取自等次。", "levels")
	}
	for n, l := range x.Levels {
		switch {
		case !x.Scored() && l.Points > 0:
			one("不用写：这一项不打分。删掉它。", "levels", n, "points")
		case !x.Scored():
		case l.Points > x.Points:
			one(fmt.Sprintf("是%d，多于满分%d。改小它，或改大分值。", l.Points, x.Points), "levels", n, "points")
		case n > 0 && l.Points >= x.Levels[n-1].Points:
			one(fmt.Sprintf("是%d，不低于前一个等次的%d。等次从高到低写，各不相同。", l.Points, x.Levels[n-1].Points), "levels", n, "points")
		case n == 0 && x.Judged == "graded" && l.Points < x.Points:
			one(fmt.Sprintf("是%d，而满分是%d，谁也得不到满分。两处写成一样。", l.Points, x.Points), "levels", n, "points")
		}
	}
	return all
}

// scoring can be passed, in a year that no indicator is bound to as well, and so can
// the floor of every group.
func scoring(p *programme.Programme) (all []Wrong) {
	most, scored := 0, 0
	for i, g := range p.Criteria {
		sum := 0
		for _, x := range g.Indicators {
			if x.Scored() && len(x.Years) == 0 {
				sum += score.Worth(x)
				scored++
			}
		}
		most += sum
		all = append(all, floor(p, g, i, sum)...)
	}
	if p.Scoring.Method != "scored" {
		return all
	}
	mark := []any{"scoring", "pass_mark"}
	switch {
	case scored == 0:
		all = append(all, at("是打分，而没有一个每年都用的指标打分。把指标的 judged 写成 scored，或改评分办法。", "scoring", "method"))
	case p.Scoring.PassMark == 0:
		all = append(all, at("没有写。打分的方案写上多少分合格。", mark...).and("scoring", "method"))
	case p.Scoring.PassMark > most:
		all = append(all, at(fmt.Sprintf("是%d，而每年都用的各项满分合计%d，谁也达不到。改低合格分，或改分值。", p.Scoring.PassMark, most), mark...))
	case p.Scoring.PassMark == most && p.Scoring.Strictly:
		all = append(all, at(fmt.Sprintf("须超过%d，而每年都用的各项满分合计%d，谁也达不到。改低合格分，或把 strictly 改成 false。", p.Scoring.PassMark, most), mark...))
	}
	return all
}

// floor can be reached by the group's own indicators of every year.
func floor(p *programme.Programme, g programme.Group, i, sum int) []Wrong {
	path := []any{"criteria", i, "floor"}
	switch {
	case g.Floor == 0 && g.Strictly:
		return []Wrong{at("写了是，而本组没有最低分。写上 floor，或删掉它。", "criteria", i, "strictly")}
	case g.Floor == 0:
		return nil
	case p.Scoring.Method != "scored":
		return []Wrong{at("写了，而评分办法不打分。删掉它，或把 scoring.method 改成 scored。", path...)}
	case g.Floor > sum || g.Floor == sum && g.Strictly:
		return []Wrong{at(fmt.Sprintf("是%d，而本组每年都用的各项满分合计%d，谁也达不到。改低它，或改分值。", g.Floor, sum), path...)}
	}
	return nil
}

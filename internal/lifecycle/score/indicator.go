package score

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/lifecycle/programme"
)

// Takes reports whether the indicator can be given so many points: any whole number up
// to the most, or where it is graded those of a level.
func Takes(i programme.Indicator, points int) bool {
	if i.Judged == "graded" {
		return slices.ContainsFunc(i.Levels, func(a programme.Anchor) bool { return a.Points == points })
	}
	return points >= 0 && points <= i.Points
}

// Range says which points an indicator takes: 0到20之间的整数, 0、5、10之一.
func Range(i programme.Indicator) string {
	if i.Judged != "graded" {
		return fmt.Sprintf("0到%d之间的整数", i.Points)
	}
	var all []string
	for _, a := range slices.Backward(i.Levels) {
		all = append(all, fmt.Sprint(a.Points))
	}
	return strings.Join(all, "、") + "之一"
}

// Worth is the most that an indicator adds to the total; 0 where no points are given.
func Worth(i programme.Indicator) int {
	switch {
	case !i.Scored():
		return 0
	case i.Weight > 0:
		return i.Weight
	}
	return i.Points
}

package page

import (
	"fmt"
	"strconv"

	"shifan/internal/lifecycle/programme"
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

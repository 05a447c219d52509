package page

import (
	"fmt"
	"slices"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
)

// rosterRows is how many rows of a roster a page shows.
const rosterRows = 50

var rosterTones = map[string]Tone{roster.Added: OK, roster.Changed: Now, roster.Same: Plain, roster.Wrong: Bad}

var rosterResults = []string{roster.Wrong, roster.Added, roster.Changed, roster.Same}

func rosterURL(r roster.Roster) string { return "/rosters/" + string(r.ID) }

func rosterTone(s stage.State) Tone {
	switch s {
	case roster.Uploaded:
		return Now
	case roster.Applied:
		return OK
	}
	return Ended
}

func rosterLabel(r roster.Roster) string {
	l, _ := roster.ListOf(r.List)
	return l.Label
}

func listOptions() (all []Option) {
	for _, l := range roster.Lists {
		all = append(all, Option{Value: l.Name, Word: l.Label})
	}
	return all
}

// rosterPart picks the rows of a result, and the page of them.
func rosterPart(rows []roster.Outcome, show string, from int) (part []roster.Outcome, all int) {
	if show != "" {
		rows = slices.DeleteFunc(slices.Clone(rows), func(o roster.Outcome) bool { return o.Result != show })
	}
	from = min(from, len(rows))
	return rows[from:min(from+rosterRows, len(rows))], len(rows)
}

func rosterNext(v casework.RosterView, show string, from, all int) string {
	if from+rosterRows >= all {
		return ""
	}
	return fmt.Sprintf("%s?show=%s&from=%d", rosterURL(v.Roster), show, from+rosterRows)
}

func tallyOf(t roster.Tally, result string) int {
	return map[string]int{roster.Added: t.Added, roster.Changed: t.Changed, roster.Same: t.Same, roster.Wrong: t.Wrong}[result]
}

func seenTally(t roster.Tally) string {
	return fmt.Sprintf("%d-%d-%d-%d", t.Added, t.Changed, t.Same, t.Wrong)
}

func rosterShowOptions(t roster.Tally) []Option {
	all := []Option{{Value: "", Word: "全部（" + strconv.Itoa(t.Rows()) + "）"}}
	for _, r := range rosterResults {
		all = append(all, Option{Value: r, Word: fmt.Sprintf("%s（%d）", roster.Words[r], tallyOf(t, r))})
	}
	return all
}

// readSay says which sheet and which line of a file was read as the header.
func readSay(p casework.RosterPlan) string {
	if p.Sheet == "" {
		return fmt.Sprintf("第%d行是列名", p.Line)
	}
	return fmt.Sprintf("工作表“%s”，第%d行是列名", p.Sheet, p.Line)
}

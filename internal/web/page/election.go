package page

import (
	"slices"
	"strings"

	"shifan/internal/ballot"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/stage"
)

// standing reports whether an election stands in one of these states.
func standing(v casework.ElectionsView, states ...stage.State) bool {
	return slices.ContainsFunc(v.Elections, func(e election.Election) bool { return slices.Contains(states, e.State) })
}

func fingerprint(certificate string) string {
	if certificate == "" {
		return "还没有生成"
	}
	return ballot.B64([]byte(certificate))
}

func accountOptions(all []casework.Account) (options []Option) {
	for _, a := range all {
		options = append(options, Option{Value: string(a.ID), Word: a.Name})
	}
	return options
}

func listedOptions(v casework.ElectionsView) (options []Option) {
	for _, i := range v.Listed {
		options = append(options, Option{Value: string(i.ID), Word: i.Title})
	}
	return options
}

func electionTitle(v casework.ElectionsView, e election.Election) string {
	if e.Rehearsal {
		return "试投（不作数）"
	}
	var titles []string
	for _, key := range e.Items {
		titles = append(titles, v.Items[key].Title)
	}
	return strings.Join(titles, "、")
}

func foundTracker(v casework.PublishedElection, tracker string) string {
	switch {
	case slices.Contains(v.Report.Counted, tracker):
		return "票箱里有这张选票，已计入。"
	case slices.Contains(v.Report.Cast, tracker):
		return "票箱里有这张选票，本人后来重投，以最后一次为准。"
	}
	return "票箱里没有这个票据码。请核对有没有抄错；确实没有的，向监督员提出。"
}

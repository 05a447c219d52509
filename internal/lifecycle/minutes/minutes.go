// Package minutes (会议记录) puts together what the record of a meeting says: who was
// there, each item, its figures, its result and why (facts.md §7). The office adds
// its notes; the rest follows from the sitting itself.
package minutes

import (
	"slices"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
)

// Minutes is what the record of a meeting (会议记录) says: who was there, each
// item, its figures and its result.
type Minutes struct {
	Title, Place      string
	At, Opened, Ended time.Time
	Presiding         string
	Present           []string // 出席
	Left              []string // of those present, who left before the end
	Leave             []string // 请假, with reasons
	Absent            []string // neither
	Attending         []string // 列席
	Entitled, Needed  int      // 应到, 法定人数
	Items             []Item
	Notes             string
}

// Item is one item as the minutes tell it.
type Item struct {
	Position                int
	ID                      id.Item
	Title, Subject          string
	Recommendation, Opinion string
	Recused                 []string // names
	Written                 []string // names of those whose written opinion is kept with the item
	Base                    meeting.Attendance
	Tally                   ballot.Tally
	Voted                   bool // there are figures
	Result                  string
	Reason                  string
	Ayes, Noes, Abstained   []string // names in a named ballot; empty where the reader may not see them
}

// Write puts the minutes together. votes may be left out, and then nobody's vote
// is told.
func Write(m *meeting.Meeting, items []item.Item, votes []ballot.Vote) Minutes {
	names := map[id.Account]string{}
	out := Minutes{Title: m.Title, Place: m.Place, At: m.At, Opened: m.OpenedAt, Ended: m.EndedAt, Notes: m.Notes}
	for _, s := range m.Roster {
		names[s.Account] = s.Name
		switch {
		case s.Post == meeting.Attendant:
			out.Attending = append(out.Attending, s.Name)
		case !s.Votes():
		case s.Present:
			out.Present = append(out.Present, s.Name)
		case !s.In.IsZero():
			out.Present, out.Left = append(out.Present, s.Name), append(out.Left, s.Name)
		case s.Leave != "":
			out.Leave = append(out.Leave, s.Name+"（"+s.Leave+"）")
		default:
			out.Absent = append(out.Absent, s.Name)
		}
	}
	out.Presiding = names[m.Presiding]
	out.Entitled = m.Attendance().Entitled
	if need, err := ballot.Needed(m.Rules.Quorum, out.Entitled); err == nil {
		out.Needed = need
	}
	for _, i := range items {
		out.Items = append(out.Items, minute(&i, names, votes))
	}
	slices.SortFunc(out.Items, func(a, b Item) int { return a.Position - b.Position })
	return out
}

func minute(i *item.Item, names map[id.Account]string, votes []ballot.Vote) Item {
	out := Item{
		Position: i.Position, ID: i.ID, Title: i.Title, Subject: item.Subjects[i.Subject.Kind],
		Recommendation: i.Recommendation, Opinion: i.Opinion, Base: i.Base, Result: item.Kind.Word(string(i.State)), Reason: i.Reason,
	}
	if i.State == item.Carried || i.State == item.Lost {
		out.Voted, out.Tally = true, i.Tally
	}
	for who := range i.Recusals {
		out.Recused = append(out.Recused, names[who])
	}
	for who := range i.Written {
		out.Written = append(out.Written, names[who])
	}
	slices.Sort(out.Recused)
	slices.Sort(out.Written)
	for _, v := range votes {
		if v.Item != i.ID || v.Ballot != i.Ballot || !out.Voted {
			continue
		}
		to := map[string]*[]string{"aye": &out.Ayes, "no": &out.Noes, "abstain": &out.Abstained}[v.Choice]
		*to = append(*to, names[v.Account])
	}
	return out
}

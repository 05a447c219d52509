// Package minutes (会议记录) puts together what the record of a meeting says: who was
// there, each item, its figures, its result and why (facts.md §7). The office adds
// its notes; the rest follows from the sitting itself.
package minutes

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
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
	Rankings          []Ranking // what chose among those carried beyond the places
	Notes             string
}

// Ranking is one ranking (差额表决) as the minutes tell it: its title, and what it says
// line by line.
type Ranking struct {
	Title string
	Lines [][2]string // the word and what is said to it
}

// Item is one item as the minutes tell it.
type Item struct {
	Position                int
	ID                      id.Item
	Title, Subject          string
	Recommendation, Opinion string
	Recused                 []string  // names
	Out, In                 time.Time // when the vote on the item was opened and closed: who is recused is out from the one to the other; zero: not so far, or nobody is
	Written                 []string  // names of those whose written opinion is kept with the item
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
	titles := map[id.Item]string{}
	for _, i := range items {
		titles[i.ID] = i.Title
	}
	for _, r := range m.Rankings {
		out.Rankings = append(out.Rankings, Told(&r, titles, names))
	}
	return out
}

// Method says how a ranking chooses.
func Method(r *ballot.Ranking) string {
	m := len(r.Candidates)
	if r.Rule == ballot.Ranks {
		return fmt.Sprintf("%d项取%d项。每人排出先后，第1得%d分，依次少1分，没有排的不得分；得分多的列入。", m, r.Places, m)
	}
	return fmt.Sprintf("%d项取%d项。每人最多选%d项，得票多的列入。", m, r.Places, r.Places)
}

var fates = map[string]string{"in": "列入", "out": "名额以外", "again": "得数相同，再次表决"}

// Outcome says one line of a ranking's result, with its sum where that is known.
func Outcome(r *ballot.Ranking, c ballot.Chosen) string {
	unit, sum := "票", ""
	if r.Rule == ballot.Ranks {
		unit = "分"
	}
	if c.Sum != "" {
		sum = "（" + c.Sum + "）"
	}
	return fmt.Sprintf("%d%s%s，%s", c.Points, unit, sum, fates[c.Fate])
}

// Told says a ranking in words. titles are those of its candidates, names those of members.
func Told(r *ballot.Ranking, titles map[id.Item]string, names map[id.Account]string) Ranking {
	out := Ranking{Title: fmt.Sprintf("差额表决　第%d次", r.Number)}
	say := func(word, what string) { out.Lines = append(out.Lines, [2]string{word, what}) }
	say("办法", Method(r))
	if r.Present > 0 {
		said := fmt.Sprintf("应到%d人，实到%d人", r.Entitled, r.Present)
		if c, ok := r.Agreed(); !r.Paper {
			said += fmt.Sprintf("，收回%d票", r.Cast)
		} else if ok { // before that nobody knows how many came back
			said = fmt.Sprintf("应到%d人，实到%d人，发出%d张，收回%d张，无效%d张", r.Entitled, r.Present, c.Issued, c.Collected, c.Invalid)
		}
		say("表决", said)
	}
	if r.State == ballot.RankingVoid {
		say("结果", "无效："+r.Reason)
		return out
	}
	for _, c := range r.Result() {
		say(titles[c.Item], Outcome(r, c))
	}
	for _, c := range r.Choices {
		chosen := make([]string, len(c.Items))
		for n, i := range c.Items {
			chosen[n] = titles[i]
		}
		said := strings.Join(chosen, "、")
		if said == "" {
			said = "弃权"
		}
		say(names[c.Account], said)
	}
	return out
}

// Away says who is recused from an item and from when to when they are out; "" where nobody
// is.
func (i Item) Away() string {
	names := strings.Join(i.Recused, "、")
	clock := func(t time.Time) string { return t.In(calendar.Zone).Format("15:04") }
	switch {
	case names == "" || i.Out.IsZero():
		return names
	case i.In.Before(i.Out):
		return fmt.Sprintf("%s（%s起）", names, clock(i.Out))
	}
	return fmt.Sprintf("%s（%s起，%s止）", names, clock(i.Out), clock(i.In))
}

func minute(i *item.Item, names map[id.Account]string, votes []ballot.Vote) Item {
	out := Item{
		Position: i.Position, ID: i.ID, Title: i.Title, Subject: item.Subjects[i.Subject.Kind],
		Recommendation: i.Recommendation, Opinion: i.Opinion, Base: i.Base, Result: item.Kind.Word(string(i.State)), Reason: i.Reason,
	}
	if (i.State == item.Carried || i.State == item.Lost) && i.Tally != (ballot.Tally{}) { // a recused reader is shown none
		out.Voted, out.Tally = true, i.Tally
	}
	for who := range i.Recusals {
		out.Recused = append(out.Recused, names[who])
	}
	for who := range i.Written {
		out.Written = append(out.Written, names[who])
	}
	if len(out.Recused) > 0 {
		out.Out, out.In = i.OpenedAt, i.ClosedAt
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

package page

import (
	"fmt"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
)

// CountSheetPage is what a page of a vote with paper ballots shows of the scans of its count
// sheets, and where they are brought.
type CountSheetPage struct {
	Below   string // what was voted on
	At      string // the address that /sheet and /sheets are below
	Back    string
	Agreed  []Fact // the figures that a scan is to show
	Sheets  []casework.SheetLine
	NoSheet error // why the reader cannot add one now

	titles map[id.Item]string // of the candidates of a ranking
}

// SheetsOfItem is that of a vote on an item.
func SheetsOfItem(v casework.ItemView) CountSheetPage {
	at := itemURL(v.Item.ID)
	return CountSheetPage{Below: v.Item.Title, At: at, Back: at, Agreed: agreedFacts(v.Item), Sheets: v.Sheets, NoSheet: v.NoSheet}
}

// SheetsOfRanking is that of a ranking of a meeting.
func SheetsOfRanking(v casework.MeetingView, r *ballot.Ranking) CountSheetPage {
	s, back := v.Sheets[r.Number], meetingURL(v.Meeting.ID)+"/rankings"
	p := CountSheetPage{
		Below: fmt.Sprintf("%s　第%d次差额表决", v.Meeting.Title, r.Number), At: back + "/" + strconv.Itoa(r.Number), Back: back,
		Sheets: s.Lines, NoSheet: s.NoSheet, titles: titlesIn(v),
	}
	if c, same := r.Agreed(); same {
		p.Agreed = p.counted(c.Issued, c.Collected, c.Invalid, r.Candidates, c.Points)
	}
	return p
}

// counted are the figures of a ranking that a scan is to show.
func (p CountSheetPage) counted(issued, collected, invalid int, candidates []id.Item, points map[id.Item]int) []Fact {
	all := []Fact{{Word: "票", Value: fmt.Sprintf("发出%d张，收回%d张，无效%d张", issued, collected, invalid)}}
	for _, i := range candidates {
		all = append(all, Fact{Word: p.titles[i], Value: strconv.Itoa(points[i])})
	}
	return all
}

// facts are what a scan stands for, with its digest.
func (p CountSheetPage) facts(s casework.SheetLine) []Fact {
	digest := Fact{Word: "SHA-256", Value: groups(s.SHA256), Code: true}
	if s.Ranking == 0 {
		return []Fact{{Word: "第" + strconv.Itoa(s.Ballot) + "次表决", Value: figures(s.Tally)}, digest}
	}
	return []Fact{{Word: "票", Value: fmt.Sprintf("发出%d张，收回%d张，无效%d张", s.Tally.Issued, s.Tally.Collected, s.Tally.Invalid)}, digest}
}

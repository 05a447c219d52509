package minutes_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/programme"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	in := time.Date(2021, 8, 27, 1, 0, 0, 0, time.UTC)
	m := &meeting.Meeting{
		Title: "第1次全体委员会议", Presiding: "a", Rules: programme.Meeting{Quorum: programme.Fraction{Of: [2]int{2, 3}}},
		Roster: []meeting.Seat{
			{Account: "a", Name: "甲", Post: meeting.Chair, Present: true, In: in},
			{Account: "b", Name: "乙", Post: meeting.Member, Present: true, In: in},
			{Account: "c", Name: "丙", Post: meeting.Member, In: in, Out: in.Add(time.Hour)},
			{Account: "d", Name: "丁", Post: meeting.Member, Leave: "出差"},
			{Account: "e", Name: "戊", Post: meeting.Member},
			{Post: meeting.Member}, // a vacancy
			{Name: "己", Post: meeting.Attendant},
		},
	}
	items := []item.Item{
		{ID: "2", Position: 2, Title: "第二项", Subject: item.Subject{Kind: "application"}, State: item.Deferred, Reason: "意见分歧", Tally: ballot.Tally{Ayes: 9}},
		{
			ID: "1", Position: 1, Title: "第一项", Subject: item.Subject{Kind: "application"}, State: item.Carried, Ballot: 2,
			OpenedAt: in.Add(10 * time.Minute), ClosedAt: in.Add(16 * time.Minute),
			Recusals: map[id.Account]string{"b": "亲属"}, Tally: ballot.Tally{Issued: 2, Collected: 2, Ayes: 1, Noes: 1},
		},
	}
	votes := []ballot.Vote{
		{Item: "1", Ballot: 1, Account: "a", Choice: "no"}, // of the ballot before
		{Item: "1", Ballot: 2, Account: "a", Choice: "aye"},
		{Item: "1", Ballot: 2, Account: "c", Choice: "no"},
		{Item: "2", Account: "a", Choice: "aye"},
	}
	want := minutes.Minutes{
		Title: "第1次全体委员会议", Presiding: "甲", Present: []string{"甲", "乙", "丙"}, Left: []string{"丙"},
		Leave: []string{"丁（出差）"}, Absent: []string{"戊"}, Attending: []string{"己"}, Entitled: 5, Needed: 4,
		Items: []minutes.Item{
			{
				Position: 1, ID: "1", Title: "第一项", Subject: "申报", Recused: []string{"乙"}, Voted: true, Result: "通过",
				Out: in.Add(10 * time.Minute), In: in.Add(16 * time.Minute),
				Tally: ballot.Tally{Issued: 2, Collected: 2, Ayes: 1, Noes: 1}, Ayes: []string{"甲"}, Noes: []string{"丙"},
			},
			{Position: 2, ID: "2", Title: "第二项", Subject: "申报", Result: "缓议", Reason: "意见分歧"},
		},
	}
	if d := cmp.Diff(want, minutes.Write(m, items, votes), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	hidden := slices.Clone(items) // as the store shows it to a recused reader
	for i := range hidden {
		if hidden[i].ID == "1" {
			hidden[i].Tally, hidden[i].Base = ballot.Tally{}, meeting.Attendance{}
		}
	}
	if i := minutes.Write(m, hidden, nil).Items[0]; i.Voted || i.Result != "通过" {
		t.Errorf("a recused reader reads figures that are not there: %+v", i)
	}
	for _, i := range minutes.Write(m, items, nil).Items {
		if len(i.Ayes)+len(i.Noes)+len(i.Abstained) > 0 {
			t.Errorf("a reader who may not see votes sees %+v", i)
		}
	}
}

// TestAway: who is recused is told with from when to when.
func TestAway(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2021, 8, 27, 1, minute, 0, 0, time.UTC) }
	for want, i := range map[string]minutes.Item{
		"":                   {Out: at(1), In: at(2)},
		"乙、丁":                {Recused: []string{"乙", "丁"}},
		"乙（09:10起）":          {Recused: []string{"乙"}, Out: at(10)},
		"乙（09:30起）":          {Recused: []string{"乙"}, Out: at(30), In: at(16)}, // voted on once more
		"乙、丁（09:10起，09:16止）": {Recused: []string{"乙", "丁"}, Out: at(10), In: at(16)},
	} {
		if got := i.Away(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

package ranking_test

import (
	"slices"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/places"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ranking"
	"shifan/internal/lifecycle/stage"
)

var (
	at    = calendar.MustDate("2021-08-27").Start().Add(10 * time.Hour)
	chair = stage.Actor{Account: "m0", Role: stage.Chair}
)

func by(n int) stage.Actor {
	if n == 0 {
		return chair
	}
	return stage.Actor{Account: id.Account(rune('0'+n)) + "m", Role: stage.Member}
}

// sitting is a meeting of five, all there, that carried three items, with two places.
func sitting(how, rule string) (*meeting.Meeting, []item.Item) {
	m := &meeting.Meeting{ID: "mtg_1", State: meeting.Sitting, Presiding: "m0", Rules: programme.Meeting{
		Quorum: programme.Fraction{Of: [2]int{2, 3}}, Majority: programme.Fraction{Of: [2]int{1, 2}, Strictly: true}, Of: "entitled", Ballot: how, OverQuota: rule,
	}}
	for n := range 5 {
		post := meeting.Member
		if n == 0 {
			post = meeting.Chair
		}
		m.Roster = append(m.Roster, meeting.Seat{Account: by(n).Account, Name: "委员", Post: post, Present: true})
	}
	var items []item.Item
	for n, key := range []id.Item{"a", "b", "c"} {
		items = append(items, item.Item{ID: key, Position: n + 1, State: item.Carried, Ayes: []int{5 - n}, Subject: item.Subject{Kind: "application"}, Recusals: map[id.Account]string{}})
	}
	return m, items
}

func settle(m *meeting.Meeting, items []item.Item) meeting.Settlement {
	return places.Settle(m, items, map[string]int{"": 2})
}

func begin(t *testing.T, m *meeting.Meeting, items []item.Item) *ballot.Ranking {
	t.Helper()
	if _, err := ranking.Open(chair, m, items, settle(m, items), "", at); err != nil {
		t.Fatal(err)
	}
	return ranking.Live(m)
}

func want(t *testing.T, name string, err error, code string) {
	t.Helper()
	if got := fault.CodeOf(err); (err != nil || code != "") && got != code {
		t.Errorf("%s: %v, want %q", name, err, code)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     stage.Actor
		rule   string
		change func(*meeting.Meeting, []item.Item, *meeting.Settlement)
		code   string
	}{
		"three for two":      {chair, ballot.Marks, nil, ""},
		"in order":           {chair, ballot.Ranks, nil, ""},
		"by a member":        {by(1), ballot.Marks, nil, "stage.not_allowed"},
		"by another chair":   {stage.Actor{Account: "x", Role: stage.Chair}, ballot.Marks, nil, "meeting.preside.other"},
		"another rule":       {chair, "second_ballot", nil, "ranking.open.rule"},
		"before the sitting": {chair, ballot.Marks, func(m *meeting.Meeting, _ []item.Item, _ *meeting.Settlement) { m.State = meeting.Convened }, "stage.not_allowed"},
		"an item is open":    {chair, ballot.Marks, func(_ *meeting.Meeting, _ []item.Item, s *meeting.Settlement) { s.Unsettled = 1 }, "ranking.open.unsettled"},
		"all within":         {chair, ballot.Marks, func(_ *meeting.Meeting, _ []item.Item, s *meeting.Settlement) { s.Cuts[""] = ballot.Cut{} }, "ranking.open.within"},
		"two bounds":         {chair, ballot.Marks, func(_ *meeting.Meeting, _ []item.Item, s *meeting.Settlement) { s.Cuts["甲"] = ballot.Cut{} }, "ranking.open.both"},
		"without a quorum": {chair, ballot.Marks, func(m *meeting.Meeting, _ []item.Item, _ *meeting.Settlement) {
			m.Roster[1].Present, m.Roster[2].Present = false, false
		}, "meeting.quorum.short"},
		"most are recused": {chair, ballot.Marks, func(_ *meeting.Meeting, all []item.Item, _ *meeting.Settlement) {
			all[0].Recusals = map[id.Account]string{"m0": "任职"}
		}, "meeting.preside.other"},
		"while another is on": {chair, ballot.Marks, func(m *meeting.Meeting, _ []item.Item, _ *meeting.Settlement) {
			m.Rankings = []ballot.Ranking{{State: ballot.RankingOpen}}
		}, "ranking.open.running"},
		"after one was void": {chair, ballot.Marks, func(m *meeting.Meeting, _ []item.Item, _ *meeting.Settlement) {
			m.Rankings = []ballot.Ranking{{State: ballot.RankingVoid}}
		}, ""},
		"in a secret meeting": {chair, ballot.Marks, func(m *meeting.Meeting, _ []item.Item, _ *meeting.Settlement) { m.Rules.Ballot = "secret" }, ""},
		"no places at all": {chair, ballot.Marks, func(m *meeting.Meeting, all []item.Item, s *meeting.Settlement) {
			*s = places.Settle(m, all, map[string]int{"": 0})
		}, "ranking.open.within"},
	} {
		m, items := sitting("named", tt.rule)
		s := settle(m, items)
		if tt.change != nil {
			tt.change(m, items, &s)
		}
		before := len(m.Rankings)
		_, err := ranking.Open(tt.by, m, items, s, "", at)
		if want(t, name, err, tt.code); tt.code != "" {
			if len(m.Rankings) != before {
				t.Errorf("%s: refused, and there is one more", name)
			}
			continue
		}
		if r := ranking.Live(m); r == nil || r.Places != 2 || !slices.Equal(r.Candidates, []id.Item{"a", "b", "c"}) || r.Rule != tt.rule || r.Paper != (m.Rules.Ballot != "named") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	m, _ := sitting("named", ballot.Marks)
	want(t, "one by one", ranking.Singly(m), "ranking.singly")
	m.Rules.OverQuota = "second_ballot"
	want(t, "one by one where that is the rule", ranking.Singly(m), "")
}

func TestVote(t *testing.T) {
	t.Parallel()
	m, items := sitting("named", ballot.Marks)
	items[2].Recusals[by(4).Account] = "任职"
	_, err := ranking.Vote(by(1), m, items, []id.Item{"a"}, at)
	want(t, "before it is open", err, "ranking.none")
	begin(t, m, items)
	vote := func(name string, who stage.Actor, code string, chosen ...id.Item) {
		t.Helper()
		before := ranking.Live(m).Cast
		_, err := ranking.Vote(who, m, items, chosen, at)
		if want(t, name, err, code); code != "" && ranking.Live(m).Cast != before {
			t.Errorf("%s: counted", name)
		}
	}
	vote("the chair first", chair, "ranking.vote.chair_last", "a")
	vote("recused from one of them", by(4), "ranking.vote.recused", "a")
	vote("one too many", by(1), "ballot.ranking.most", "a", "b", "c")
	vote("two", by(1), "", "a", "b")
	vote("twice", by(1), "ranking.vote.twice", "a")
	vote("a stranger", stage.Actor{Account: "x", Role: stage.Member}, "ranking.vote.no_vote", "a")
	vote("the office", stage.Actor{Account: "x", Role: stage.Clerk}, "stage.not_allowed", "a")
	m.Roster[2].Present = false
	vote("who left", by(2), "ranking.vote.absent", "a")
	m.Roster[2].Present = true
	vote("none of them", by(2), "")
	vote("one", by(3), "", "c")
	vote("the chair last", chair, "", "a")
	for _, step := range []struct {
		name string
		err  error
		code string
	}{
		{"closed by a member", second(ranking.Close(by(1), m, items)), "stage.not_allowed"},
		{"settled before it is closed", third(ranking.Settle(chair, m, items, at)), "ranking.none"},
		{"closed", second(ranking.Close(chair, m, items)), ""},
		{"closed twice", second(ranking.Close(chair, m, items)), "ranking.none"},
		{"a vote after the close", second(ranking.Vote(by(2), m, items, nil, at)), "ranking.none"},
		{"counted, though named", second(ranking.Count(stage.Actor{Account: "s", Role: stage.Scrutineer}, m, ballot.RankingCount{})), "ranking.count.named"},
	} {
		want(t, step.name, step.err, step.code)
	}
	if r := ranking.Live(m); r.Entitled != 4 || r.Present != 4 {
		t.Errorf("who is recused counts: %+v", r)
	}
	changed, _, err := ranking.Settle(chair, m, items, at)
	if err != nil || len(changed) != 3 || !slices.Equal(changed[0].Ayes, []int{5, 2}) {
		t.Fatalf("%+v %v", changed, err)
	}
	cut := settle(m, changed).Cuts[""]
	if !slices.Equal(cut.Stay, []id.Item{"a"}) || !slices.Equal(cut.Again, []id.Item{"b", "c"}) { // level, with one place left
		t.Errorf("%+v", cut)
	}
	if _, err := ranking.Open(chair, m, changed, settle(m, changed), "", at); err != nil || ranking.Live(m).Places != 1 || len(ranking.Live(m).Candidates) != 2 {
		t.Errorf("the next one: %+v %v", ranking.Live(m), err)
	}
	_, err = ranking.Void(chair, m, items, "", at)
	want(t, "void without a reason", err, "meeting.text")
	_, err = ranking.Void(chair, m, items, "有人误投", at)
	want(t, "void", err, "")
	if ranking.Live(m) != nil {
		t.Error("void, and live")
	}
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

// TestPaper: two scrutineers count alike, and more collected than issued decides nothing.
func TestPaper(t *testing.T) {
	t.Parallel()
	m, items := sitting("paper", ballot.Ranks)
	begin(t, m, items)
	one, two := stage.Actor{Account: "s1", Role: stage.Scrutineer}, stage.Actor{Account: "s2", Role: stage.Scrutineer}
	c := ballot.RankingCount{Issued: 5, Collected: 5, Points: map[id.Item]int{"a": 15, "b": 8, "c": 7, "x": 99}}
	for _, step := range []struct {
		name string
		do   func() error
		code string
	}{
		{"a vote on a screen", func() error { return second(ranking.Vote(by(1), m, items, nil, at)) }, "ranking.vote.paper"},
		{"a count too early", func() error { return second(ranking.Count(one, m, c)) }, "ranking.none"},
		{"closed", func() error { return second(ranking.Close(chair, m, items)) }, ""},
		{"uncounted", func() error { return third(ranking.Settle(chair, m, items, at)) }, "ranking.settle.uncounted"},
		{"by who presides", func() error { return second(ranking.Count(stage.Actor{Account: "m0", Role: stage.Scrutineer}, m, c)) }, "ranking.count.presiding"},
		{"one", func() error { return second(ranking.Count(one, m, c)) }, ""},
		{"counted by one", func() error { return third(ranking.Settle(chair, m, items, at)) }, "ranking.settle.uncounted"},
		{"too many points", func() error {
			return second(ranking.Count(two, m, ballot.RankingCount{Issued: 5, Collected: 5, Points: map[id.Item]int{"a": 16}}))
		}, "ballot.ranking.points"},
		{"more than were issued", func() error { c.Issued = 4; return second(ranking.Count(one, m, c)) }, ""},
		{"and the other", func() error { return second(ranking.Count(two, m, c)) }, ""},
		{"void", func() error { return third(ranking.Settle(chair, m, items, at)) }, "ranking.settle.void"},
		{"put right", func() error { c.Issued = 5; return second(ranking.Count(one, m, c)) }, ""},
		{"and by the other", func() error { return second(ranking.Count(two, m, c)) }, ""},
	} {
		want(t, step.name, step.do(), step.code)
	}
	changed, _, err := ranking.Settle(chair, m, items, at)
	if err != nil || changed[0].Ayes[1] != 15 || changed[2].Ayes[1] != 7 {
		t.Errorf("%+v %v", changed, err)
	}
}

// TestSeen: nobody sees another's choice while voting runs, the chair afterwards; who is
// recused from a candidate sees nothing of it; figures are told when they are declared.
func TestSeen(t *testing.T) {
	t.Parallel()
	m, items := sitting("named", ballot.Marks)
	items[0].Recusals[by(4).Account] = "任职"
	begin(t, m, items)
	for n := 1; n < 4; n++ {
		if _, err := ranking.Vote(by(n), m, items, []id.Item{"a"}, at); err != nil {
			t.Fatal(err)
		}
	}
	see := func(who stage.Actor) (choices int, points bool) {
		all := ranking.Seen(m, items, who)
		if len(all) == 0 {
			return -1, false
		}
		return len(all[0].Choices), all[0].Points != nil
	}
	clerk, auditor := stage.Actor{Account: "c", Role: stage.Clerk}, stage.Actor{Account: "x", Role: stage.Auditor}
	wants := func(when string, all map[stage.Actor][2]any) {
		t.Helper()
		for who, w := range all {
			if n, p := see(who); n != w[0] || p != w[1] {
				t.Errorf("%s: %s %s sees %d choices, points %v", when, who.Role, who.Account, n, p)
			}
		}
	}
	wants("open", map[stage.Actor][2]any{by(1): {1, false}, by(4): {-1, false}, chair: {0, false}, clerk: {0, false}, auditor: {0, false}})
	if _, err := ranking.Vote(chair, m, items, nil, at); err != nil {
		t.Fatal(err)
	}
	if _, err := ranking.Close(chair, m, items); err != nil {
		t.Fatal(err)
	}
	wants("closed", map[stage.Actor][2]any{by(1): {1, false}, by(4): {-1, false}, chair: {4, true}, clerk: {0, false}, auditor: {4, true}})
	if _, _, err := ranking.Settle(chair, m, items, at); err != nil {
		t.Fatal(err)
	}
	wants("declared", map[stage.Actor][2]any{by(1): {1, true}, by(4): {-1, false}, chair: {4, true}, clerk: {0, true}, auditor: {4, true}})
	if len(m.Rankings[0].Choices) != 4 {
		t.Error("what is shown changed what is kept")
	}
	m, items = sitting("named", ballot.Marks)
	begin(t, m, items)
	ranking.Spoil(m, "会议中止", at)
	if m.Rankings[0].State != ballot.RankingVoid || ranking.Live(m) != nil {
		t.Errorf("%+v", m.Rankings)
	}
}

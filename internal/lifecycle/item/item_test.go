package item_test

import (
	"strings"
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
	"shifan/internal/lifecycle/stage"
)

var (
	clerk = stage.Actor{Account: "clerk", Role: stage.Clerk}
	chair = stage.Actor{Account: "m0", Role: stage.Chair}
	rules = programme.Meeting{
		Quorum: programme.Fraction{Of: [2]int{2, 3}}, Majority: programme.Fraction{Of: [2]int{1, 2}, Strictly: true},
		Of: "entitled", Ballot: "named", Tie: "lost", OverQuota: "ayes",
	}
	at = calendar.MustDate("2021-08-27").Start().Add(9 * time.Hour)
)

func by(n int) stage.Actor {
	if n == 0 {
		return chair
	}
	return stage.Actor{Account: id.Account("m" + string(rune('0'+n))), Role: stage.Member}
}

// sitting is a meeting of n members of whom some are present, and an item on it.
func sitting(t *testing.T, n, present int) (*meeting.Meeting, *item.Item) {
	t.Helper()
	m := &meeting.Meeting{ID: "mtg_1", Programme: "p", Round: "rnd_1", State: meeting.Convened, Rules: rules, Presiding: "m0"}
	for i := range n {
		s := meeting.Seat{Account: by(i).Account, Post: meeting.Member, Present: i < present}
		if i == 0 {
			s.Post = meeting.Chair
		}
		m.Roster = append(m.Roster, s)
	}
	m.Roster = append(m.Roster, meeting.Seat{Name: "列席甲", Post: meeting.Attendant}, meeting.Seat{Account: "att", Post: meeting.Attendant, Present: true})
	i, _, err := item.List(clerk, m, facts(), 1, at)
	if err != nil {
		t.Fatal(err)
	}
	i.ID = "itm_1"
	m.State = meeting.Sitting
	return m, i
}

func facts() item.Facts {
	return item.Facts{
		Subject: item.Subject{Kind: "application", ID: "app_1"}, Round: "rnd_1", Organisation: "org_1", Title: "𠮷林省云杉物流行业协会",
		Recommendation: "recommend", Opinion: "meets", Waiting: true, Reviewed: true, Visited: true,
	}
}

func voting(t *testing.T, n, present int) (*meeting.Meeting, *item.Item) {
	t.Helper()
	m, i := sitting(t, n, present)
	if _, err := i.OpenVote(chair, m, facts(), nil, at); err != nil {
		t.Fatal(err)
	}
	return m, i
}

// cast gives the votes of the members after the chair, and the chair's first
// letter last: "xayn" is no vote of the chair.
func cast(t *testing.T, m *meeting.Meeting, i *item.Item, choices string) (votes []ballot.Vote) {
	t.Helper()
	words := map[byte]string{'a': "aye", 'n': "no", 'o': "abstain"}
	for n := len(choices) - 1; n >= 0; n-- {
		if words[choices[n]] == "" {
			continue
		}
		v, _, err := i.Vote(by(n), m, votes, words[choices[n]], at)
		if err != nil {
			t.Fatalf("vote of m%d: %v", n, err)
		}
		votes = append(votes, v)
	}
	return votes
}

func want(t *testing.T, name string, err error, code string) {
	t.Helper()
	if (err == nil) != (code == "") || err != nil && fault.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %q", name, err, code)
	}
}

// S53: without either opinion nothing is listed, and nothing decided.
func TestDecidable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*item.Facts)
		code   string
	}{
		{"both opinions are there", func(*item.Facts) {}, ""},
		{"no review", func(f *item.Facts) { f.Reviewed = false }, "item.opinions.missing"},
		{"no visit", func(f *item.Facts) { f.Visited = false }, "item.opinions.missing"},
		{"it does not wait for the committee", func(f *item.Facts) { f.Waiting = false }, "item.list.not_waiting"},
		{"it is on an agenda already", func(f *item.Facts) { f.Elsewhere = true }, "item.list.twice"},
		{"another round's", func(f *item.Facts) { f.Round = "rnd_2" }, "item.list.other_round"},
		{"nothing a committee decides", func(f *item.Facts) { f.Subject.Kind = "budget" }, "item.list.subject"},
	} {
		m, i := sitting(t, 3, 3)
		m.State = meeting.Convened
		f := facts()
		tt.change(&f)
		_, _, err := item.List(clerk, m, f, 1, at)
		want(t, tt.name, err, tt.code)
		m.State = meeting.Sitting
		if !f.Reviewed || !f.Visited || !f.Waiting {
			_, err = i.OpenVote(chair, m, f, nil, at)
			want(t, tt.name+", at the vote", err, tt.code)
		}
	}
	m, _ := sitting(t, 3, 3)
	_, _, err := item.List(clerk, m, facts(), 2, at)
	want(t, "into a sitting", err, "item.relist.state")
	m.State, m.CirculatedOn = meeting.Convened, calendar.DateOf(at)
	_, _, err = item.List(clerk, m, facts(), 2, at)
	want(t, "after the papers went out", err, "item.list.no_motion")
	_, _, err = item.List(chair, m, facts(), 2, at)
	want(t, "by the chair", err, "item.list.role")
}

func TestVote(t *testing.T) {
	t.Parallel()
	m, i := voting(t, 6, 5)
	if _, err := i.Recuse(by(2), m, "", "离任不满两年", nil); err != nil {
		t.Fatal(err)
	}
	votes := cast(t, m, i, "xa")
	for _, tt := range []struct {
		name   string
		by     stage.Actor
		choice string
		code   string
	}{
		{"twice", by(1), "no", "item.vote.twice"},
		{"recused", by(2), "aye", "item.vote.recused"},
		{"absent", by(5), "aye", "item.vote.absent"},
		{"an attendant", stage.Actor{Account: "att", Role: stage.Member}, "aye", "item.vote.no_vote"},
		{"a stranger", stage.Actor{Account: "x", Role: stage.Member}, "aye", "item.vote.no_vote"},
		{"the office", clerk, "aye", "stage.not_allowed"},
		{"no choice", by(3), "", "item.vote.choice"},
		{"another word", by(3), "maybe", "item.vote.choice"},
		{"the chair before the others", chair, "aye", "item.vote.chair_last"},
	} {
		before := *i
		_, _, err := i.Vote(tt.by, m, votes, tt.choice, at)
		if want(t, tt.name, err, tt.code); i.Cast != before.Cast {
			t.Errorf("%s: counted", tt.name)
		}
	}
	votes = append(votes, vote(t, m, i, votes, 3, "aye"), vote(t, m, i, votes, 4, "no"))
	votes = append(votes, vote(t, m, i, votes, 0, "aye"))
	if _, err := i.Recuse(by(3), m, "", "晚了", votes); fault.CodeOf(err) != "item.recuse.voted" {
		t.Errorf("recused after voting: got %v", err)
	}
	if _, err := i.CloseVote(chair, m, votes, at); err != nil {
		t.Fatal(err)
	}
	if _, _, err := i.Vote(by(4), m, nil, "aye", at); fault.CodeOf(err) != "item.vote.closed" {
		t.Errorf("after the close: got %v", err)
	}
	if got, want := i.Tally, (ballot.Tally{Issued: 4, Collected: 4, Ayes: 3, Noes: 1}); got != want {
		t.Errorf("got %+v", got)
	}
	if i.Base != (meeting.Attendance{Entitled: 5, Present: 4, Recused: 1}) {
		t.Errorf("base %+v", i.Base)
	}
}

func vote(t *testing.T, m *meeting.Meeting, i *item.Item, votes []ballot.Vote, n int, choice string) ballot.Vote {
	t.Helper()
	v, _, err := i.Vote(by(n), m, votes, choice, at)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestQuorumOfAnItem(t *testing.T) {
	t.Parallel()
	m, i := sitting(t, 6, 4)
	for _, n := range []int{2, 3} {
		if _, err := i.Recuse(by(n), m, "", "亲属", nil); err != nil {
			t.Fatal(err)
		}
	}
	_, err := i.OpenVote(chair, m, facts(), nil, at)
	want(t, "two of four, where two thirds are three", err, "meeting.quorum.short")
	_, err = i.Defer(chair, "回避后不足法定人数")
	want(t, "it must be deferred", err, "")

	m, i = voting(t, 6, 4)
	votes := cast(t, m, i, "xa")
	m.Seat("m2").Present = false
	_, _, err = i.Vote(by(3), m, votes, "aye", at)
	want(t, "the quorum was lost meanwhile", err, "meeting.quorum.short")
	_, err = i.CloseVote(chair, m, votes, at)
	want(t, "and there is no result", err, "meeting.quorum.short")
	_, err = i.Defer(chair, "中途不足法定人数")
	want(t, "but a later meeting", err, "")
}

func TestOneItemAtATime(t *testing.T) {
	t.Parallel()
	m, i := sitting(t, 3, 3)
	for _, s := range []stage.State{item.Voting, item.Counting} {
		_, err := i.OpenVote(chair, m, facts(), []item.Item{{ID: "itm_2", State: s, Title: "另一项"}}, at)
		want(t, string(s), err, "item.open_vote.another")
	}
	m.State = meeting.Convened
	_, err := i.OpenVote(chair, m, facts(), nil, at)
	want(t, "before the meeting", err, "item.meeting.not_sitting")
	m.State = meeting.Sitting
	_, err = i.OpenVote(stage.Actor{Account: "m1", Role: stage.Chair}, m, facts(), nil, at)
	want(t, "by another chair", err, "meeting.preside.other")
}

func TestRecusedChair(t *testing.T) {
	t.Parallel()
	m, i := sitting(t, 4, 4)
	m.Seat("m1").Post = meeting.Chair
	if _, err := i.Recuse(chair, m, "", "曾任会长", nil); err != nil {
		t.Fatal(err)
	}
	_, err := i.OpenVote(chair, m, facts(), nil, at)
	want(t, "the recused chair", err, "meeting.preside.other")
	_, err = i.OpenVote(stage.Actor{Account: "m1", Role: stage.Chair}, m, facts(), nil, at)
	want(t, "the deputy conducts it", err, "")
}

func TestRecuse(t *testing.T) {
	t.Parallel()
	m, i := sitting(t, 3, 3)
	for _, tt := range []struct {
		name   string
		by     stage.Actor
		who    id.Account
		reason string
		code   string
	}{
		{"without a reason", by(1), "", " ", "meeting.text"},
		{"an attendant", stage.Actor{Account: "att", Role: stage.Member}, "", "亲属", "item.recuse.no_vote"},
		{"a member, for themselves only", by(1), "m2", "亲属", ""},
		{"twice", by(1), "", "亲属", "item.recuse.twice"},
		{"the office, for a member", clerk, "m2", "曾任职", ""},
		{"an assessor", stage.Actor{Account: "m0", Role: stage.Assessor}, "", "亲属", "stage.not_allowed"},
	} {
		_, err := i.Recuse(tt.by, m, tt.who, tt.reason, nil)
		want(t, tt.name, err, tt.code)
	}
	m.State = meeting.Closed
	_, err := i.Recuse(chair, m, "", "亲属", nil)
	want(t, "after the meeting", err, "item.meeting.not_sitting")
	f := facts()
	f.Interested = map[id.Account]string{"m1": "申报单位经办人", "nobody": "申报单位经办人"}
	m.State = meeting.Convened
	known, _, err := item.List(clerk, m, f, 2, at)
	if err != nil || !known.Recused("m1") || len(known.Recusals) != 1 {
		t.Errorf("an interest known from the account: %v, %+v", err, known)
	}
}

func TestDeclare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, tie, votes, advice, casting, reason string
		code                                      string
		state                                     stage.State
	}{
		{"more than half of four", "lost", "aaan", "recommend", "", "", "", item.Carried},
		{"half of four is lost", "lost", "aann", "doubtful", "", "", "", item.Lost},
		{"half of four, again", "again", "aann", "recommend", "", "", "", item.Listed},
		{"half of four, the chair has not said", "chair", "aann", "recommend", "", "", "item.declare.casting", item.Counting},
		{"half of four, the chair says aye", "chair", "aann", "recommend", "aye", "", "", item.Carried},
		{"half of four, the chair says no", "chair", "aann", "doubtful", "no", "", "", item.Lost},
		{"the chair's casting does not matter without a tie", "chair", "nnna", "doubtful", "aye", "", "", item.Lost},
		{"against the recommendation", "lost", "nnnn", "recommend", "", "", "item.declare.reason", item.Counting},
		{"with a reason", "lost", "nnnn", "recommend", "", "近期有重大舆情。", "", item.Lost},
		{"for what was not recommended", "lost", "aaaa", "not_recommend", "", " ", "item.declare.reason", item.Counting},
		{"a reason without end", "lost", "aaaa", "recommend", "", strings.Repeat("𠮷", 5001), "item.declare.reason", item.Counting},
		{"some do not vote", "lost", "xaax", "doubtful", "", "", "", item.Lost},
	} {
		m, i := voting(t, 4, 4)
		m.Rules.Tie, i.Recommendation = tt.tie, tt.advice
		votes := cast(t, m, i, tt.votes)
		if tt.name == "some do not vote" {
			m.Rules.Tie = "lost"
		}
		if _, err := i.CloseVote(chair, m, votes, at); err != nil {
			t.Fatal(err)
		}
		_, err := i.Declare(chair, m, tt.casting, tt.reason, at)
		want(t, tt.name, err, tt.code)
		if i.State != tt.state {
			t.Errorf("%s: %s, want %s", tt.name, i.State, tt.state)
		}
		if tt.state == item.Listed && (i.Cast != 0 || i.Tally.Collected != 0) {
			t.Errorf("%s: figures stay behind: %+v", tt.name, i)
		}
	}
}

func TestPaper(t *testing.T) {
	t.Parallel()
	scrutineer := func(n string) stage.Actor {
		return stage.Actor{Account: id.Account("s" + n), Role: stage.Scrutineer}
	}
	counting := func() (*meeting.Meeting, *item.Item) {
		m, i := sitting(t, 4, 4)
		m.Rules.Ballot = "paper"
		if _, err := i.OpenVote(chair, m, facts(), nil, at); err != nil {
			t.Fatal(err)
		}
		if _, _, err := i.Vote(by(1), m, nil, "aye", at); fault.CodeOf(err) != "item.vote.paper" {
			t.Errorf("a named vote in a paper ballot: got %v", err)
		}
		if _, err := i.CloseVote(chair, m, nil, at); err != nil {
			t.Fatal(err)
		}
		return m, i
	}
	good := ballot.Tally{Issued: 4, Collected: 4, Ayes: 3, Invalid: 1}
	void := ballot.Tally{Issued: 3, Collected: 4, Ayes: 4}
	m, i := counting()
	_, err := i.Declare(chair, m, "", "", at)
	want(t, "before the count", err, "item.declare.uncounted")
	_, err = i.Count(scrutineer("1"), m, ballot.Tally{Issued: 5, Collected: 4, Ayes: 4}, at)
	want(t, "more issued than present", err, "ballot.tally.issued")
	_, err = i.Count(stage.Actor{Account: "m0", Role: stage.Scrutineer}, m, good, at)
	want(t, "the chair counts", err, "item.count.presiding")
	for _, c := range []struct {
		who string
		t   ballot.Tally
	}{{"1", void}, {"1", good}} { // a count may be given again
		_, err = i.Count(scrutineer(c.who), m, c.t, at)
		want(t, "one count", err, "")
	}
	_, err = i.Declare(chair, m, "", "", at)
	want(t, "one count is not enough", err, "item.declare.uncounted")
	_, err = i.Annul(chair, m, "票数不符")
	want(t, "nor does it make the ballot void", err, "item.annul.valid")
	_, err = i.Count(scrutineer("2"), m, good, at)
	want(t, "the second count", err, "")
	_, err = i.Annul(chair, m, "票数不符")
	want(t, "a good ballot is not annulled", err, "item.annul.valid")
	_, err = i.Declare(chair, m, "", "", at)
	if want(t, "both agree", err, ""); i.State != item.Carried || i.Tally != good {
		t.Errorf("%s %+v", i.State, i.Tally)
	}

	m, i = counting()
	for _, n := range []string{"1", "2"} {
		if _, err := i.Count(scrutineer(n), m, void, at); err != nil {
			t.Fatal(err)
		}
	}
	_, err = i.Declare(chair, m, "", "", at)
	want(t, "more collected than issued", err, "item.declare.void")
	_, err = i.Annul(chair, m, "收回多于发出")
	if want(t, "it is annulled", err, ""); i.State != item.Listed || len(i.Counts) != 0 {
		t.Errorf("%s %+v", i.State, i.Counts)
	}
	_, err = i.OpenVote(chair, m, facts(), nil, at)
	if want(t, "and voted on again", err, ""); i.Ballot != 2 {
		t.Errorf("ballot %d", i.Ballot)
	}
	m, i = voting(t, 4, 4)
	if _, err := i.CloseVote(chair, m, nil, at); err != nil {
		t.Fatal(err)
	}
	_, err = i.Count(scrutineer("1"), m, good, at)
	want(t, "a named ballot is not counted by hand", err, "item.count.named")
}

func TestWritten(t *testing.T) {
	t.Parallel()
	for _, counts := range []bool{false, true} {
		m, i := sitting(t, 4, 3)
		m.Rules.WrittenCount = counts
		_, err := i.Write(by(1), m, item.Written{Choice: "aye"})
		want(t, "of a member who is there", err, "item.write.not_on_leave")
		m.Seat("m3").Leave = "出差"
		_, err = i.Write(by(3), m, item.Written{Choice: "perhaps"})
		want(t, "of no choice", err, "item.vote.choice")
		_, err = i.Write(by(3), m, item.Written{Choice: "aye", Text: "同意。"})
		want(t, "of a member on leave", err, "")
		if _, err := i.OpenVote(chair, m, facts(), nil, at); err != nil {
			t.Fatal(err)
		}
		votes := cast(t, m, i, "aan")
		if _, err := i.CloseVote(chair, m, votes, at); err != nil {
			t.Fatal(err)
		}
		result, err := i.Result(m)
		if err != nil || (result == ballot.Carried) != counts {
			t.Errorf("counted %v: got %s, %v", counts, result, err)
		}
	}
}

// Two places, three carried: the last two are tied and voted on again.
func TestQuota(t *testing.T) {
	t.Parallel()
	m, a := sitting(t, 4, 4)
	items := []item.Item{*a, *a, *a}
	for n, ayes := range []int{4, 3, 3} {
		items[n].ID = id.Item(string(rune('a' + n)))
		items[n].State, items[n].Ayes, items[n].Category = item.Carried, []int{ayes}, "x"
	}
	bound := map[string]int{"x": 2}
	s := places.Settle(m, items, bound)
	if s.Unsettled != 0 || s.Cuts["x"].Settled() {
		t.Fatalf("%+v", s)
	}
	_, err := items[0].SecondBallot(chair, m, s.Cuts["x"])
	want(t, "the first is within the places", err, "item.quota.within")
	_, err = items[1].Displace(chair, m, s.Cuts["x"], at)
	want(t, "the tied are not dropped", err, "item.quota.within")
	for n := range items[1:] {
		_, err = items[n+1].SecondBallot(chair, m, s.Cuts["x"])
		want(t, "the tied are voted on again", err, "")
	}
	if s = places.Settle(m, items, bound); s.Unsettled != 2 {
		t.Errorf("%+v", s)
	}
	items[1].State, items[1].Ayes = item.Carried, []int{3, 3}
	items[2].State, items[2].Ayes = item.Carried, []int{3, 4}
	s = places.Settle(m, items, bound)
	_, err = items[1].Displace(chair, m, s.Cuts["x"], at)
	if want(t, "the second ballot told them apart", err, ""); items[1].State != item.Lost {
		t.Error(items[1].State)
	}
	if s = places.Settle(m, items, bound); !s.Cuts["x"].Settled() {
		t.Errorf("%+v", s)
	}
	if s = places.Settle(m, items, map[string]int{"": 1}); s.Cuts[""].Carried != 2 {
		t.Errorf("places for all categories together: %+v", s)
	}
}

func TestRelist(t *testing.T) {
	t.Parallel()
	m, i := voting(t, 4, 4)
	cast(t, m, i, "xaa")
	if _, err := i.Defer(chair, ""); fault.CodeOf(err) != "meeting.text" {
		t.Errorf("without a reason: got %v", err)
	}
	if _, err := i.Defer(chair, "意见分歧较大"); err != nil {
		t.Fatal(err)
	}
	next := &meeting.Meeting{ID: "mtg_2", Programme: "p", Round: "rnd_1", State: meeting.Convened, Rules: rules, Roster: m.Roster}
	if _, err := i.Relist(clerk, next, facts(), 3, at); err != nil || i.Meeting != "mtg_2" || i.Position != 3 || i.Cast != 0 || i.State != item.Listed {
		t.Errorf("got %v, %+v", err, i)
	}
	if _, err := i.Withdraw(clerk, "单位已注销"); err != nil || i.State != item.Withdrawn {
		t.Errorf("got %v", err)
	}
}

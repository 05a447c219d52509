package meeting_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk  = stage.Actor{Account: "clerk", Role: stage.Clerk}
	chair  = stage.Actor{Account: "m0", Role: stage.Chair}
	member = stage.Actor{Account: "m1", Role: stage.Member}
	rules  = programme.Meeting{
		Quorum: programme.Fraction{Of: [2]int{2, 3}}, Majority: programme.Fraction{Of: [2]int{1, 2}, Strictly: true},
		Of: "entitled", Ballot: "named", Tie: "lost", MaterialDays: 3, OverQuota: "ayes",
	}
	called = calendar.MustDate("2021-08-20").Start().Add(9 * time.Hour)
	at     = calendar.MustDate("2021-08-27").Start().Add(9 * time.Hour)
)

func roster(n int) (all []meeting.Seat) {
	for i := range n {
		s := meeting.Seat{Account: id.Account("m" + string(rune('0'+i))), Name: "委员" + string(rune('0'+i)), Post: meeting.Member}
		if i == 0 {
			s.Post = meeting.Chair
		}
		all = append(all, s)
	}
	return all
}

func plan() meeting.Plan {
	return meeting.Plan{Round: "rnd_1", Title: "2021年第1次全体委员会议", At: at, Place: "三楼会议室", Presiding: "m0", Attending: []string{"列席甲"}}
}

// convened is a meeting of n members with a vacancy beside them.
func convened(t *testing.T, n int) *meeting.Meeting {
	t.Helper()
	m, _, err := meeting.Convene(clerk, "p", rules, plan(), append(roster(n), meeting.Seat{Post: meeting.Member}), called)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Circulate(clerk, 1, called); err != nil {
		t.Fatal(err)
	}
	return m
}

func signIn(t *testing.T, m *meeting.Meeting, n int) {
	t.Helper()
	for _, s := range m.Roster[:n] {
		if _, err := m.SignIn(clerk, s.Account, at); err != nil {
			t.Fatal(err)
		}
	}
}

func want(t *testing.T, name string, err error, code string) {
	t.Helper()
	if (err == nil) != (code == "") || err != nil && fault.CodeOf(err) != code {
		t.Errorf("%s: got %v, want %q", name, err, code)
	}
}

func TestConvene(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		by     stage.Actor
		change func(*meeting.Plan)
		roster []meeting.Seat
		code   string
	}{
		{"all is said", clerk, func(*meeting.Plan) {}, roster(3), ""},
		{"a rare character", clerk, func(p *meeting.Plan) { p.Place = "𠮷林厅" }, roster(3), ""},
		{"a member may not", member, func(*meeting.Plan) {}, roster(3), "meeting.convene.role"},
		{"no title", clerk, func(p *meeting.Plan) { p.Title = " " }, roster(3), "meeting.convene.title"},
		{"a title without end", clerk, func(p *meeting.Plan) { p.Title = strings.Repeat("会", 201) }, roster(3), "meeting.convene.title"},
		{"no place", clerk, func(p *meeting.Plan) { p.Place = "" }, roster(3), "meeting.convene.place"},
		{"a NUL byte", clerk, func(p *meeting.Plan) { p.Place = "a\x00b" }, roster(3), "meeting.convene.place"},
		{"at this instant", clerk, func(p *meeting.Plan) { p.At = called }, roster(3), "meeting.convene.time"},
		{"nobody has a vote", clerk, func(*meeting.Plan) {}, nil, "input.several"},
		{"an ordinary member presides", clerk, func(p *meeting.Plan) { p.Presiding = "m1" }, roster(3), "meeting.convene.presiding"},
		{"a stranger presides", clerk, func(p *meeting.Plan) { p.Presiding = "x" }, roster(3), "meeting.convene.presiding"},
		{"an attendant without a name", clerk, func(p *meeting.Plan) { p.Attending = []string{""} }, roster(3), "meeting.text"},
	} {
		p := plan()
		tt.change(&p)
		_, _, err := meeting.Convene(tt.by, "p", rules, p, tt.roster, called)
		want(t, tt.name, err, tt.code)
	}
}

// Three days before the 27th is the 24th.
func TestPapersInTime(t *testing.T) {
	t.Parallel()
	for day, code := range map[string]string{"2021-08-24": "", "2021-08-25": "meeting.papers.late"} {
		m, _, err := meeting.Convene(clerk, "p", rules, plan(), roster(3), called)
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.Circulate(clerk, 1, calendar.MustDate(day).End().Add(-time.Second))
		want(t, "in the last second of "+day, err, code)
	}
	m, _, err := meeting.Convene(clerk, "p", rules, plan(), roster(3), called)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Circulate(clerk, 0, called)
	want(t, "without items", err, "meeting.circulate.empty")
	_, err = m.Open(chair, at)
	want(t, "opened without papers", err, "meeting.open.no_papers")
	if _, err = m.Circulate(clerk, 1, called); err != nil {
		t.Fatal(err)
	}
	_, err = m.Circulate(clerk, 1, called)
	want(t, "sent twice", err, "meeting.circulate.twice")
	early := plan()
	early.At = called.AddDate(0, 0, 2)
	if _, err := m.Reschedule(clerk, early, roster(3), called); err != nil {
		t.Fatal(err)
	}
	_, err = m.Open(chair, early.At)
	want(t, "moved to a day before the papers are read", err, "meeting.papers.late")
}

func TestOpen(t *testing.T) {
	t.Parallel()
	m := convened(t, 6)
	signIn(t, m, 3)
	_, err := m.Open(chair, at)
	want(t, "three of six, where two thirds are four", err, "meeting.quorum.short")
	signIn(t, &meeting.Meeting{State: meeting.Convened, At: at, Roster: m.Roster[3:]}, 1)
	_, err = m.Open(stage.Actor{Account: "other", Role: stage.Chair}, at)
	want(t, "another chair", err, "meeting.preside.other")
	_, err = m.Open(member, at)
	want(t, "a member", err, "stage.not_allowed")
	_, err = m.Open(chair, at.Add(-time.Second))
	want(t, "a second early", err, "meeting.open.early")
	_, err = m.Open(chair, at)
	want(t, "four of six", err, "")
	if m.State != meeting.Sitting || !m.OpenedAt.Equal(at) {
		t.Errorf("state %s, opened %s", m.State, m.OpenedAt)
	}
	if got := m.Attendance(); got != (meeting.Attendance{Entitled: 6, Present: 4}) {
		t.Errorf("a vacancy and an attendant count: %+v", got)
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	m := convened(t, 3)
	_, err := m.SignIn(member, "", calendar.MustDate("2021-08-27").Start().Add(-time.Second))
	want(t, "the evening before", err, "meeting.sign_in.early")
	_, err = m.SignIn(stage.Actor{Account: "x", Role: stage.Member}, "", at)
	want(t, "nobody of the roster", err, "meeting.sign_in.no_seat")
	_, err = m.SignIn(member, "m2", at)
	want(t, "a member signs in as themselves", err, "")
	if !m.Seat("m1").Present || m.Seat("m2").Present {
		t.Error("somebody signed in for another")
	}
	_, err = m.SignIn(member, "", at)
	want(t, "twice", err, "meeting.sign_in.twice")
	_, err = m.Depart(member, "", at)
	want(t, "leaving before it opens", err, "stage.not_allowed")
	_, err = m.Excuse(member, "", "")
	want(t, "leave without a reason", err, "meeting.text")
	_, err = m.Excuse(clerk, "m2", "出差")
	want(t, "the office notes a leave", err, "")
	if got := m.Attendance(); got != (meeting.Attendance{Entitled: 3, Present: 1}) {
		t.Errorf("one on leave stays entitled: %+v", got)
	}
	_, err = m.SignIn(clerk, "m2", at)
	if want(t, "came after all", err, ""); m.Seat("m2").Leave != "" {
		t.Error("is there and on leave")
	}
}

func TestRecusedOutOfBothSides(t *testing.T) {
	t.Parallel()
	m := convened(t, 6)
	signIn(t, m, 5)
	recusals := map[id.Account]string{"m1": "曾任职", "m5": "亲属"} // m5 is absent
	if got := m.AttendanceOn(recusals, nil); got != (meeting.Attendance{Entitled: 4, Present: 4, Recused: 2}) {
		t.Errorf("got %+v", got)
	}
	m.Rules.RecusedCount = true
	if got := m.AttendanceOn(recusals, nil); got != (meeting.Attendance{Entitled: 6, Present: 4, Recused: 2}) {
		t.Errorf("kept in the denominator: got %+v", got)
	}
	m.Seat("m2").Present = false
	if got := m.AttendanceOn(recusals, []ballot.Vote{{Account: "m2"}}); got.Present != 4 {
		t.Errorf("who voted and left took part: got %+v", got)
	}
	want(t, "a quorum of the item", m.MayVote(recusals, nil), "meeting.quorum.short")
	m.Rules.RecusedCount = false
	want(t, "three of four", m.MayVote(recusals, nil), "")
}

func TestClose(t *testing.T) {
	t.Parallel()
	sitting := func() *meeting.Meeting {
		m := convened(t, 3)
		signIn(t, m, 3)
		if _, err := m.Open(chair, at); err != nil {
			t.Fatal(err)
		}
		return m
	}
	over := meeting.Settlement{Cuts: map[string]ballot.Cut{"a": {Carried: 2, Again: []id.Item{"x", "y"}}}, Places: map[string]int{"a": 1}}
	for _, tt := range []struct {
		name string
		by   stage.Actor
		s    meeting.Settlement
		code string
	}{
		{"all settled", chair, meeting.Settlement{}, ""},
		{"an item is open", chair, meeting.Settlement{Unsettled: 1}, "meeting.close.unsettled"},
		{"more than there are places", chair, over, "meeting.close.over_quota"},
		{"another chair", stage.Actor{Account: "m1", Role: stage.Chair}, meeting.Settlement{}, "meeting.preside.other"},
		{"the office", clerk, meeting.Settlement{}, "stage.not_allowed"},
	} {
		m := sitting()
		_, err := m.Close(tt.by, tt.s, at)
		want(t, tt.name, err, tt.code)
		if (m.State == meeting.Closed) != (tt.code == "") {
			t.Errorf("%s: %s", tt.name, m.State)
		}
	}
	m := sitting()
	_, err := m.Adjourn(chair, "", at)
	want(t, "adjourned without a reason", err, "meeting.text")
	_, err = m.Cancel(clerk, "冲突", at)
	want(t, "a sitting is not cancelled", err, "stage.not_allowed")
	_, err = m.Depart(member, "", at)
	want(t, "a member leaves", err, "")
	_, err = m.Depart(member, "", at)
	want(t, "a member leaves twice", err, "meeting.depart.absent")
	_, err = m.Adjourn(chair, "不足法定人数", at)
	want(t, "adjourned", err, "")
	_, err = m.Minute(clerk, "会议因不足法定人数中止。")
	want(t, "minutes", err, "")
	_, err = m.Minute(clerk, strings.Repeat("记", 5001))
	want(t, "minutes without end", err, "meeting.text")
}

func TestRescheduleTakesTheRosterOfNow(t *testing.T) {
	t.Parallel()
	m := convened(t, 3)
	if _, err := m.Excuse(clerk, "m2", "出差"); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Reschedule(clerk, plan(), append(roster(4), meeting.Seat{}), called); err != nil {
		t.Fatal(err)
	}
	if m.Attendance().Entitled != 4 || m.Seat("m2").Leave != "出差" {
		t.Errorf("%+v", m.Roster)
	}
}

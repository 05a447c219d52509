package election_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	chair = stage.Actor{Account: "m0", Role: stage.Chair}
	at    = calendar.MustDate("2021-08-27").Start().Add(9*time.Hour + 47*time.Minute)
	ready = &ceremony.Ceremony{ID: "cer_1", State: ceremony.Ready, Registrar: ceremony.Trustee{Account: "r", Name: "监督员"}, Trustees: []ceremony.Trustee{{Account: "a"}, {Account: "b"}, {Account: "c"}}}
)

// sitting is a meeting of n members, all present, that votes secretly.
func sitting(n int) *meeting.Meeting {
	m := &meeting.Meeting{ID: "mtg_1", Programme: "p", State: meeting.Sitting, Presiding: "m0", Rules: programme.Meeting{
		Quorum: programme.Fraction{Of: [2]int{2, 3}}, Majority: programme.Fraction{Of: [2]int{1, 2}, Strictly: true}, Of: "entitled", Ballot: "secret",
	}}
	for i := range n {
		s := meeting.Seat{Account: id.Account("m" + string(rune('0'+i))), Name: "委员" + string(rune('0'+i)), Post: meeting.Member, Present: true}
		if i == 0 {
			s.Post = meeting.Chair
		}
		m.Roster = append(m.Roster, s)
	}
	return m
}

func listed(key id.Item, recused ...id.Account) *item.Item {
	i := &item.Item{ID: key, Meeting: "mtg_1", State: item.Listed, Title: "议题" + string(key), Recusals: map[id.Account]string{}}
	for _, who := range recused {
		i.Recusals[who] = "所在单位"
	}
	return i
}

func want(t *testing.T, name string, err error, code string) {
	t.Helper()
	got := ""
	if err != nil {
		got = fault.CodeOf(err)
	}
	if got != code {
		t.Errorf("%s: %q, want %q (%v)", name, got, code, err)
	}
}

// TestPrepare: one election for each set of those who may vote, and none whose
// figures would tell what single members said (trust.md, ballot).
func TestPrepare(t *testing.T) {
	t.Parallel()
	items := []*item.Item{listed("itm_1"), listed("itm_2", "m5"), listed("itm_3"), listed("itm_4", "m5")}
	all, _, err := election.Prepare(chair, sitting(7), ready, items, false, nil, at)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || len(all[0].Items) != 2 || len(all[1].Items) != 2 || len(all[0].Voters) != 7 || len(all[1].Voters) != 6 {
		t.Errorf("two sets of voters, two items each: %+v", all)
	}
	for _, e := range all {
		if e.Began.Minute() != 0 || e.Pepper != "" || e.State != election.Prepared {
			t.Errorf("it keeps the hour, and nothing that ties voters to ballots: %+v", e)
		}
	}
	rehearsal, _, err := election.Prepare(chair, sitting(5), ready, nil, true, nil, at)
	if err != nil || len(rehearsal) != 1 || !rehearsal[0].Rehearsal || len(rehearsal[0].Items) != 0 || len(rehearsal[0].Voters) != 5 {
		t.Errorf("a rehearsal: %+v, %v", rehearsal, err)
	}
}

// TestPrepareRefuses tells each thing that stands in the way.
func TestPrepareRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by     stage.Actor
		alter  func(*meeting.Meeting, *item.Item)
		key    *ceremony.Ceremony
		before []election.Election
		empty  bool
		code   string
	}{
		"a member":           {by: stage.Actor{Account: "m1", Role: stage.Member}, key: ready, code: "election.prepare.role"},
		"who presides not":   {by: stage.Actor{Account: "m9", Role: stage.Chair}, key: ready, code: "meeting.preside.other"},
		"named votes":        {by: chair, key: ready, alter: func(m *meeting.Meeting, _ *item.Item) { m.Rules.Ballot = "named" }, code: "ceremony.not_secret"},
		"not open":           {by: chair, key: ready, alter: func(m *meeting.Meeting, _ *item.Item) { m.State = meeting.Convened }, code: "item.meeting.not_sitting"},
		"no key":             {by: chair, code: "election.prepare.no_key"},
		"a key half made":    {by: chair, key: &ceremony.Ceremony{State: ceremony.Making}, code: "election.prepare.no_key"},
		"another runs":       {by: chair, key: ready, before: []election.Election{{State: election.Tallied}}, code: "election.live"},
		"the last was void":  {by: chair, key: ready, before: []election.Election{{State: election.Void}, {State: election.Resolved}}},
		"nothing chosen":     {by: chair, key: ready, empty: true, code: "election.prepare.items"},
		"already decided":    {by: chair, key: ready, alter: func(_ *meeting.Meeting, i *item.Item) { i.State = item.Voting }, code: "election.prepare.not_listed"},
		"of another meeting": {by: chair, key: ready, alter: func(_ *meeting.Meeting, i *item.Item) { i.Meeting = "mtg_2" }, code: "election.prepare.not_listed"},
		"one recused of six": {by: chair, key: ready, alter: func(_ *meeting.Meeting, i *item.Item) { i.Recusals["m1"] = "亲属" }},
		"two recused of six": {by: chair, key: ready, alter: func(_ *meeting.Meeting, i *item.Item) { i.Recusals["m1"], i.Recusals["m2"] = "亲属", "亲属" }, code: "election.prepare.few"},
		"no quorum": {by: chair, key: ready, alter: func(m *meeting.Meeting, _ *item.Item) {
			for n := range m.Roster {
				m.Roster[n].Present = n < 3
			}
		}, code: "meeting.quorum.short"},
	} {
		m, i := sitting(6), listed("itm_1")
		if c.alter != nil {
			c.alter(m, i)
		}
		items := []*item.Item{i}
		if c.empty {
			items = nil
		}
		all, _, err := election.Prepare(c.by, m, c.key, items, false, c.before, at)
		want(t, name, err, c.code)
		if (err == nil) != (len(all) > 0) {
			t.Errorf("%s: %d elections and %v", name, len(all), err)
		}
	}
}

// registered is an election of everybody who sits, whose credentials are made.
func registered(t *testing.T, m *meeting.Meeting, i *item.Item) *election.Election {
	t.Helper()
	all, _, err := election.Prepare(chair, m, ready, []*item.Item{i}, false, nil, at)
	if err != nil {
		t.Fatal(err)
	}
	all[0].State = election.Registered
	return all[0]
}

// TestOpen: credentials are those of the ones who sit; who came or was recused since
// makes the list wrong, who left does not.
func TestOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by    stage.Actor
		alter func(*meeting.Meeting, *item.Item)
		code  string
	}{
		"as it was": {by: chair},
		"one left":  {by: chair, alter: func(m *meeting.Meeting, _ *item.Item) { m.Roster[3].Present = false }},
		"one came": {by: chair, alter: func(m *meeting.Meeting, _ *item.Item) {
			m.Roster = append(m.Roster, meeting.Seat{Account: "m8", Name: "迟到的", Post: meeting.Member, Present: true})
		}, code: "election.open.changed"},
		"one was recused": {by: chair, alter: func(_ *meeting.Meeting, i *item.Item) { i.Recusals["m2"] = "亲属" }, code: "election.open.changed"},
		"an attendant came": {by: chair, alter: func(m *meeting.Meeting, _ *item.Item) {
			m.Roster = append(m.Roster, meeting.Seat{Account: "guest", Post: meeting.Attendant, Present: true})
		}},
		"who presides not": {by: stage.Actor{Account: "m9", Role: stage.Chair}, code: "meeting.preside.other"},
	} {
		m, i := sitting(7), listed("itm_1")
		e := registered(t, m, i)
		if c.alter != nil {
			c.alter(m, i)
		}
		_, err := e.Open(c.by, m, []*item.Item{i}, "pepper")
		want(t, name, err, c.code)
		if opened := e.State == election.Voting; opened != (c.code == "") {
			t.Errorf("%s: %s", name, e.State)
		}
	}
}

// TestRegistrar: nobody but the registrar makes credentials, and as many as voters.
func TestRegistrar(t *testing.T) {
	t.Parallel()
	m, i := sitting(7), listed("itm_1")
	e := registered(t, m, i)
	e.State = election.Prepared
	_, err := e.Register(stage.Actor{Account: "a", Role: stage.Scrutineer}, ready, "[]")
	want(t, "a trustee", err, "election.register.other")
	_, err = e.Register(stage.Actor{Account: "r", Role: stage.Scrutineer}, ready, "[]")
	want(t, "too few", err, "election.register.credentials")
	if e.State != election.Prepared || e.Credentials != "" {
		t.Errorf("something was kept: %+v", e)
	}
}

// TestTheCloseForgets: after the close nothing tells whose ballot is whose; before
// it, two voters differ and one is the same.
func TestTheCloseForgets(t *testing.T) {
	t.Parallel()
	m, i := sitting(7), listed("itm_1")
	e := registered(t, m, i)
	if _, err := e.Open(chair, m, []*item.Item{i}, "pepper"); err != nil {
		t.Fatal(err)
	}
	before := e.Tag("m1")
	if before == e.Tag("m2") || before != e.Tag("m1") {
		t.Error("a tag is one voter's")
	}
	given := []election.Ballot{{Voter: before}}
	if got := e.Voted(given); len(got) != 1 || got[0].Account != "m1" {
		t.Errorf("while it runs: %+v voted", got)
	}
	if _, err := e.Close(chair, m); err != nil {
		t.Fatal(err)
	}
	if e.Pepper != "" || e.Tag("m1") == before || len(e.Voted(given)) != 0 {
		t.Error("the close did not forget who gave which ballot")
	}
	_, _, err := e.Receive(stage.Actor{Account: "m1", Role: stage.Member}, m, nil, "{}", at)
	want(t, "after the close", err, "election.cast.closed")
}

// TestReceive: a ballot is taken of who is on the list, here, and with proofs.
func TestReceive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		who   id.Account
		alter func(*meeting.Meeting)
		code  string
	}{
		"who is not on the list": {who: "m9", code: "election.cast.not_voter"},
		"who left":               {who: "m4", alter: func(m *meeting.Meeting) { m.Roster[4].Present = false }, code: "election.cast.absent"},
		"a meeting that is over": {who: "m4", alter: func(m *meeting.Meeting) { m.State = meeting.Closed }, code: "ceremony.meeting.over"},
		"what proves nothing":    {who: "m4", code: "election.cast.proof"},
		"when the quorum is lost": {who: "m0", alter: func(m *meeting.Meeting) {
			m.Roster[4].Present, m.Roster[5].Present, m.Roster[6].Present = false, false, false
		}, code: "meeting.quorum.short"},
	} {
		m, i := sitting(7), listed("itm_1")
		e := registered(t, m, i)
		if _, err := e.Open(chair, m, []*item.Item{i}, "pepper"); err != nil {
			t.Fatal(err)
		}
		if c.alter != nil {
			c.alter(m)
		}
		_, _, err := e.Receive(stage.Actor{Account: c.who, Role: stage.Member}, m, nil, "{}", at)
		want(t, name, err, c.code)
		if e.Ballots != 0 || e.Cast != 0 {
			t.Errorf("%s: counted", name)
		}
	}
}

// TestSpoil: a reason, and nothing more to tell voters by.
func TestSpoil(t *testing.T) {
	t.Parallel()
	m, i := sitting(7), listed("itm_1")
	e := registered(t, m, i)
	_, err := e.Spoil(chair, m, "")
	want(t, "no reason", err, "meeting.text")
	e.Pepper = "pepper"
	_, err = e.Spoil(chair, m, "凭证遗失一份")
	want(t, "with a reason", err, "")
	if e.State != election.Void || e.Pepper != "" {
		t.Errorf("void: %+v", e)
	}
	_, err = e.Spoil(chair, m, "凭证遗失一份")
	want(t, "twice", err, "stage.not_allowed")
}

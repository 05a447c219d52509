package ceremony_test

import (
	"testing"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var clerk = stage.Actor{Account: "clerk", Role: stage.Clerk}

func scrutineer(who id.Account) stage.Actor {
	return stage.Actor{Account: who, Role: stage.Scrutineer}
}

// convened is a meeting with a chair, a member and an attendant who votes on nothing.
func convened() *meeting.Meeting {
	return &meeting.Meeting{
		ID: "mtg_1", Programme: "p", State: meeting.Convened, Rules: programme.Meeting{Ballot: "secret"},
		Roster: []meeting.Seat{{Account: "m0", Post: meeting.Chair}, {Account: "m1", Post: meeting.Member}, {Account: "guest", Post: meeting.Attendant}},
	}
}

func appointed(who ...id.Account) ceremony.Appointment {
	a := ceremony.Appointment{Registrar: ceremony.Trustee{Account: "r", Name: "监督员"}}
	for _, w := range who {
		a.Trustees = append(a.Trustees, ceremony.Trustee{Account: w, Name: string(w)})
	}
	return a
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

// TestAppoint: who may make a key, and how many it takes to decrypt (S54).
func TestAppoint(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by     stage.Actor
		alter  func(*meeting.Meeting, *ceremony.Appointment)
		before *ceremony.Ceremony
		code   string
	}{
		"three":                     {by: clerk},
		"an attendant may":          {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Trustees[0].Account = "guest" }},
		"anew after one given up":   {by: clerk, before: &ceremony.Ceremony{State: ceremony.Cancelled}},
		"while another is there":    {by: clerk, before: &ceremony.Ceremony{State: ceremony.Ready}, code: "ceremony.appoint.twice"},
		"by somebody else":          {by: scrutineer("a"), code: "ceremony.appoint.role"},
		"named votes":               {by: clerk, alter: func(m *meeting.Meeting, _ *ceremony.Appointment) { m.Rules.Ballot = "named" }, code: "ceremony.not_secret"},
		"after the meeting":         {by: clerk, alter: func(m *meeting.Meeting, _ *ceremony.Appointment) { m.State = meeting.Closed }, code: "ceremony.meeting.over"},
		"two":                       {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Trustees = a.Trustees[:2] }, code: "ceremony.appoint.trustees"},
		"one twice":                 {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Trustees[2] = a.Trustees[0] }, code: "ceremony.appoint.trustees"},
		"no registrar":              {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Registrar.Account = "" }, code: "ceremony.appoint.registrar"},
		"a registrar who decrypts":  {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Registrar = a.Trustees[1] }, code: "ceremony.appoint.registrar"},
		"a voter as trustee":        {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Trustees[1].Account = "m1" }, code: "ceremony.appoint.apart"},
		"a voter as registrar":      {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Registrar.Account = "m0" }, code: "ceremony.appoint.apart"},
		"an operator as trustee":    {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Operators = []id.Account{"b"} }, code: "ceremony.appoint.apart"},
		"an operator as registrar":  {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Operators = []id.Account{"r"} }, code: "ceremony.appoint.apart"},
		"operators who are neither": {by: clerk, alter: func(_ *meeting.Meeting, a *ceremony.Appointment) { a.Operators = []id.Account{"x"} }},
	} {
		m, a := convened(), appointed("a", "b", "c")
		if c.alter != nil {
			c.alter(m, &a)
		}
		made, _, err := ceremony.Appoint(c.by, m, c.before, a)
		want(t, name, err, c.code)
		if c.code == "" && (made == nil || made.Threshold != 2 || made.State != ceremony.Making) {
			t.Errorf("%s: %+v", name, made)
		}
	}
	five, _, err := ceremony.Appoint(clerk, convened(), nil, appointed("a", "b", "c", "d", "e"))
	if err != nil || five.Threshold != 3 {
		t.Errorf("five trustees: %+v, %v; three decrypt", five, err)
	}
}

// TestPhases: nobody deals before all have keys, nothing is accepted before all have
// dealt, and each owes what is asked now and has not been sent.
func TestPhases(t *testing.T) {
	t.Parallel()
	c, _, err := ceremony.Appoint(clerk, convened(), nil, appointed("a", "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		phase string
		into  func(*ceremony.Trustee)
	}{
		{"certify", func(t *ceremony.Trustee) { t.Certificate = "sent" }},
		{"deal", func(t *ceremony.Trustee) { t.Dealing = "sent" }},
		{"accept", func(t *ceremony.Trustee) { t.Acceptance = "sent" }},
	} {
		for n := range c.Trustees {
			if who := c.Trustees[n].Account; c.Phase() != step.phase || !c.Owes(who) {
				t.Errorf("%s of %s: phase %q, owes %v", step.phase, who, c.Phase(), c.Owes(who))
			}
			for _, act := range []string{"certify", "deal", "accept"} {
				if act != step.phase {
					_, err := c.Send(scrutineer("a"), act, "{}", true)
					want(t, act+" while "+step.phase, err, "ceremony.phase")
				}
			}
			step.into(&c.Trustees[n])
			if c.Phase() == step.phase && c.Owes(c.Trustees[n].Account) {
				t.Errorf("%s: still owes what was sent", step.phase)
			}
		}
	}
	if c.Owes("r") || c.Owes("") || c.Number("r") != 0 || c.Number("b") != 2 {
		t.Errorf("numbers: r %d, b %d", c.Number("r"), c.Number("b"))
	}
}

// TestSend: what a browser sends is somebody's who is a trustee, in its turn, and
// right; nothing else is kept.
func TestSend(t *testing.T) {
	t.Parallel()
	c, _, err := ceremony.Appoint(clerk, convened(), nil, appointed("a", "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Send(scrutineer("x"), "certify", "{}", true)
	want(t, "of no trustee", err, "ceremony.not_trustee")
	_, err = c.Send(scrutineer("a"), "certify", `{"message":"","signature":{}}`, true)
	want(t, "what proves nothing", err, "ceremony.message")
	if _, err = c.Send(clerk, "certify", "{}", true); err == nil {
		t.Error("the office made a trustee's key")
	}
	for n := range c.Trustees {
		if c.Trustees[n].Certificate != "" {
			t.Errorf("trustee %d: a refused message was kept", n+1)
		}
		c.Trustees[n].Certificate = "sent"
	}
	_, err = c.Send(scrutineer("a"), "deal", "{}", false)
	want(t, "fingerprints not compared", err, "ceremony.unread")
	_, err = c.Send(scrutineer("a"), "complete", "{}", true)
	want(t, "a move that follows by itself", err, "ceremony.phase")
}

// TestCancel: a key that a running ballot needs stays.
func TestCancel(t *testing.T) {
	t.Parallel()
	for state, code := range map[stage.State]string{ceremony.Making: "", ceremony.Ready: ""} {
		c := &ceremony.Ceremony{State: state}
		_, err := c.Cancel(clerk, true)
		want(t, "needed", err, "ceremony.cancel.needed")
		_, err = c.Cancel(clerk, false)
		want(t, string(state), err, code)
		if c.State != ceremony.Cancelled || c.Phase() != "" {
			t.Errorf("%s: %s afterwards", state, c.State)
		}
		if _, err = c.Cancel(clerk, false); err == nil {
			t.Errorf("%s: given up twice", state)
		}
	}
}

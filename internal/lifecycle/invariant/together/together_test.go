package together_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/invariant/together"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/lot"
)

var (
	now    = time.Date(2021, 7, 20, 9, 0, 0, 0, time.UTC)
	strata = []programme.Stratum{{Code: "assessor", Title: "考核人员", Seats: 2, Lead: true}}
)

// drawn is a draw that came to its result, by the acts that lead there.
func drawn(t *testing.T, upTo stage.State) *draw.Draw {
	t.Helper()
	by := func(r stage.Role) stage.Actor { return stage.Actor{Account: id.Account("acc_" + r), Role: r} }
	d := draw.Opened("base", "rnd_1", nil, now)
	d.ID = "drw_1"
	var people []draw.Candidate
	for _, who := range []id.Account{"a1", "a2", "a3", "a4"} {
		people = append(people, draw.Candidate{Account: who, Name: string(who), Stratum: "assessor"})
	}
	people[0].Tied = []id.Organisation{"org_1"}
	ok := func(_ stage.Move, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(d.Freeze(by(stage.Clerk), []id.Visit{"vis_1"}, []draw.Case{{Visit: "vis_1", Organisation: "org_1", Name: "甲会"}}, people, strata))
	ok(d.Publish(by(stage.Director), strata, now.Add(24*time.Hour), "", now))
	said := map[stage.Role]lot.Reveal{}
	for n, r := range []stage.Role{stage.Clerk, stage.Scrutineer, stage.Chair} {
		said[r] = lot.Reveal{Secret: "秘密的一句话，" + string(r), Nonce: strings.Repeat(string("0123"[n]), 32)}
		ok(d.Commit(by(r), string(r), draw.Commitment{Digest: said[r].Commitment()}, now))
	}
	ok(d.Close(by(stage.Director)))
	if upTo == draw.Committed {
		ok(d.Reveal(by(stage.Clerk), said[stage.Clerk], now))
		return &d
	}
	for r, s := range said {
		ok(d.Reveal(by(r), s, now))
	}
	ok(d.Conclude(by(stage.Clerk), now))
	d.Document = string(d.Published("方案", "届").Bytes())
	return &d
}

// whole is a case in which every promise about it holds.
func whole(t *testing.T) *together.Case {
	d := drawn(t, draw.Concluded)
	v := &visit.Visit{ID: "vis_1", Organisation: "org_1", State: visit.Planned}
	v.Refill(d, nil, 4)
	for _, s := range v.Team {
		v.Signatures = append(v.Signatures, visit.Signature{Account: s.Account, At: now})
	}
	v.State = visit.Signed
	day := calendar.On(2022, time.March, 1)
	old := &designation.Designation{
		ID: "dsg_1", Number: "2021-001", State: designation.Succeeded, ValidTo: calendar.On(2024, time.July, 1), Successor: "dsg_2",
		Heirs:   []designation.Heir{{Organisation: "org_2", Title: "dsg_2", Item: "itm_1", On: day}, {Organisation: "org_3", Item: "itm_2", On: day}},
		History: []designation.Change{{To: designation.Valid}, {To: designation.Rectifying}, {Act: "succeed", To: designation.Succeeded}},
	}
	heir := &designation.Designation{ID: "dsg_2", Organisation: "org_2", Number: "2021-002", ValidFrom: day, ValidTo: old.ValidTo, RecheckDue: day, Predecessor: "dsg_1", History: []designation.Change{{}}}
	asked := []programme.Indicator{{Code: "3-5", At: "visit"}}
	mark := map[string]assessment.Finding{"3-5": {Rating: "meets"}}
	sample := &together.Sample{
		Calibration: &calibration.Calibration{ID: "cal_1", State: calibration.Open, Answers: map[string]string{"3-5": "有"}, Reference: mark, PreparedBy: "acc_clerk", OpenedAt: now.Add(-time.Hour)},
		Indicators:  asked, Scored: []*visit.Visit{v},
	}
	for _, s := range v.Team {
		sample.Marks = append(sample.Marks, calibration.Marking{Account: s.Account, Findings: mark, At: now.Add(-time.Minute)})
	}
	told := &story.Story{ID: "sty_1", State: story.Published, PublishedAt: now}
	letter := &message.Delivery{ID: "dlv_1", Channel: message.Mail, Account: "acc_1", Messages: []id.Message{"msg_1"}, State: message.Sent, Tries: 2, MadeAt: now, EndedAt: now.Add(time.Hour)}
	return &together.Case{
		Now: now, Draw: &together.Drawn{Draw: d, Fixed: together.Fix(d), Others: []*draw.Draw{d}}, Visit: &together.Visited{Visit: v, Draw: d, Ties: review.Interests{}},
		Sample: sample, Division: &together.Division{Designation: old, Into: []id.Organisation{"org_2", "org_3"}, Held: []*designation.Designation{heir}},
		Story:  &together.Story{Story: told, Title: &designation.Designation{State: designation.Expired, ChangedAt: now.Add(time.Hour)}},
		Letter: &together.Letter{Delivery: letter, Messages: []*message.Message{{ID: "msg_1", Account: "acc_1"}}, Others: []*message.Delivery{letter}, Arrived: []time.Time{now.Add(time.Minute)}},
	}
}

// breaks says for every promise one thing that breaks it, and no other before it.
var breaks = map[string]func(*together.Case){
	"draw.pool.frozen":    func(c *together.Case) { c.Draw.Fixed = "another" },
	"draw.party.opposed":  func(c *together.Case) { c.Draw.Parties[1].Side = c.Draw.Parties[0].Side },
	"draw.commit.in_time": func(c *together.Case) { c.Draw.Parties[2].CommittedAt = c.Draw.Rule.RevealBy },
	"draw.reveal.as_committed": func(c *together.Case) {
		c.Draw.Parties[0].Reveal.Secret += "？"
	},
	"draw.concluded.by_all":     func(c *together.Case) { c.Draw.Rule.External = "当日指数"; c.Draw.Fixed = "" },
	"draw.concluded.recomputed": func(c *together.Case) { c.Draw.Document = strings.Replace(c.Draw.Document, `"届"`, `"另一届"`, 1) },
	"draw.failed.after_time":    func(c *together.Case) { c.Draw.State = draw.Failed; c.Draw.Parties = nil },
	"draw.restarted.once":       func(c *together.Case) { c.Draw.Attempt = 2 },
	"draw.manual.last": func(c *together.Case) {
		c.Draw.State, c.Draw.Attempt, c.Draw.Earlier, c.Draw.Parties = draw.Manual, 2, &lot.Earlier{Draw: "drw_0"}, nil
	},
	"draw.case.once": func(c *together.Case) {
		other := *c.Draw.Draw
		other.ID = "drw_2"
		c.Draw.Others = append(c.Draw.Others, &other)
	},
	"visit.drawn.in_pool": func(c *together.Case) { c.Visit.Team[0].Account = "a1" },
	"visit.drawn.next_of_order": func(c *together.Case) {
		order := c.Visit.Draw.TeamOf("vis_1", nil, nil)
		c.Visit.Team = []team.Seat{{Account: order[1].Account, Drawn: "drw_1"}}
	},
	"visit.signed.untied":            func(c *together.Case) { c.Visit.Ties[c.Visit.Team[0].Account] = "亲属任职" },
	"calibration.open.whole":         func(c *together.Case) { c.Sample.Answers = nil },
	"calibration.marked.once":        func(c *together.Case) { c.Sample.Marks = append(c.Sample.Marks, c.Sample.Marks[0]) },
	"calibration.marked.by_others":   func(c *together.Case) { c.Sample.Marks[0].Account = "acc_clerk" },
	"calibration.marked.while_open":  func(c *together.Case) { c.Sample.Marks[0].At = c.Sample.OpenedAt.Add(-time.Second) },
	"calibration.marked.whole":       func(c *together.Case) { c.Sample.Marks[0].Findings = nil },
	"calibration.withdrawn.reasoned": func(c *together.Case) { c.Sample.State, c.Sample.EndedAt = calibration.Withdrawn, now },
	"visit.signed.after_exercise":    func(c *together.Case) { c.Sample.Marks = c.Sample.Marks[1:] },
	"designation.heirs.decided_once": func(c *together.Case) { c.Division.Heirs[1].Item = "itm_1" },
	"designation.heirs.own_titles":   func(c *together.Case) { c.Division.Held[0].Number = "2021-001" },
	"designation.heirs.remaining_time": func(c *together.Case) {
		c.Division.Held[0].ValidTo = c.Division.ValidTo.AddDays(1)
	},
	"designation.heirs.orders_stay": func(c *together.Case) { c.Division.Held[0].RecheckDue = calendar.On(2023, time.July, 1) },
	"designation.heirs.first_ends":  func(c *together.Case) { c.Division.Successor = "dsg_3" },
	"story.ended_title.marked":      nil, // Standing marks every title that ended: story.TestStanding
	"story.withdrawn.unseen":        func(c *together.Case) { c.Story.State = story.Withdrawn },
	"story.published.while_held":    func(c *together.Case) { c.Story.Title.ChangedAt = now.Add(-time.Hour) },
	"delivery.over.never_due":       func(c *together.Case) { c.Letter.Due = now },
	"delivery.letter.own":           func(c *together.Case) { c.Letter.Messages[0].Account = "acc_2" },
	"delivery.message.once": func(c *together.Case) {
		c.Letter.Others = append(c.Letter.Others, &message.Delivery{ID: "dlv_2", Messages: []id.Message{"msg_1"}})
	},
	"delivery.tried.bounded": func(c *together.Case) { c.Letter.Tries = message.Tries + 1 },
	"delivery.failed.waits": func(c *together.Case) {
		c.Letter.State, c.Letter.Due, c.Letter.EndedAt = message.Failed, now, time.Time{}
	},
	"delivery.sent.arrived":     func(c *together.Case) { c.Letter.Arrived = []time.Time{now.Add(2 * time.Hour)} },
	"delivery.arrived.as_tried": func(c *together.Case) { c.Letter.Tries, c.Letter.Arrived = 1, append(c.Letter.Arrived, now) },
	"draw.reveal.together":      nil, // below
}

// TestPromises: every promise can be broken, and by one thing alone.
func TestPromises(t *testing.T) {
	t.Parallel()
	if err := together.Check(whole(t)); err != nil {
		t.Fatal(err)
	}
	if err := together.Check(&together.Case{}); err != nil {
		t.Error("what is not there breaks", err)
	}
	seen := map[string]bool{}
	for _, p := range together.All() {
		change, known := breaks[p.Name]
		if !known || seen[p.Name] || p.Says == "" || p.Base == "" {
			t.Errorf("%s is not broken by a test, or says nothing", p.Name)
		}
		seen[p.Name] = true
		if change == nil {
			continue
		}
		c := whole(t)
		change(c)
		if v, broken := errors.AsType[invariant.Violation](together.Check(c)); !broken || v.Invariant != p.Name || v.What == "" {
			t.Errorf("%s: %v", p.Name, v)
		}
	}
}

// TestSecretsTogether: what one party revealed is in no published record before all did;
// a draw that says it is over shows it.
func TestSecretsTogether(t *testing.T) {
	t.Parallel()
	d := drawn(t, draw.Committed)
	if err := together.Check(&together.Case{Draw: &together.Drawn{Draw: d}}); err != nil {
		t.Error(err)
	}
}

package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lot"
	"shifan/internal/testkit"
)

// drawing is a world with two applicants that wait for a team, and who takes part.
type drawing struct {
	*testkit.World
	apps    []id.Application
	visits  []id.Visit
	parties []stage.Actor
}

func waitingForTeams(t *testing.T) drawing {
	t.Helper()
	w := testkit.New(t)
	d := drawing{World: w}
	round := w.OpenRound()
	for range 2 {
		key := w.Accepted(round)
		w.Reviewed(key)
		d.apps, d.visits = append(d.apps, key), append(d.visits, w.VisitOf(key).ID)
	}
	w.Team()
	for _, name := range []string{"考核员丁", "考核员戊", "考核员己"} {
		w.Person(name, stage.Assessor)
	}
	org := w.ApplicationOf(d.apps[0]).Organisation
	d.parties = []stage.Actor{w.Office().Clerk, w.Person("监督员", stage.Scrutineer), w.ApplicantOf(org)}
	return d
}

func reveal(by stage.Actor) lot.Reveal {
	return lot.Reveal{Secret: "秘密的一句话：" + string(by.Role), Nonce: strings.Repeat("a5", 16)}
}

// must fails the test when an act did not succeed.
func (d drawing) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

func (d drawing) ruled(external string) id.Draw {
	d.Helper()
	key, err := d.Desk.OpenDraw(d.Context(), d.Office().Clerk, d.VisitOf(d.apps[0]).Round, d.visits)
	d.must(err)
	d.must(d.Desk.RuleDraw(d.Context(), d.Office().Director, key, d.Now().Add(24*time.Hour), external))
	return key
}

func (d drawing) concluded() id.Draw {
	d.Helper()
	key := d.ruled("")
	for _, by := range d.parties {
		d.must(d.Desk.CommitToDraw(d.Context(), by, key, draw.Commitment{Digest: reveal(by).Commitment()}))
	}
	d.must(d.Desk.CloseDraw(d.Context(), d.Office().Director, key))
	for _, by := range d.parties {
		d.must(d.Desk.RevealToDraw(d.Context(), by, key, reveal(by)))
	}
	d.must(d.Desk.ConcludeDraw(d.Context(), d.Office().Clerk, key))
	return key
}

// TestTeamsAreDrawn: two visits get their teams from one draw; the record has the
// digests of pool, rule, commitments and document; whoever declares an interest
// afterwards is followed by the next of the published order, the leader too; and a
// direct appointment is seen as such.
func TestTeamsAreDrawn(t *testing.T) {
	t.Parallel()
	d := waitingForTeams(t)
	key := d.concluded()
	v, err := d.Desk.Draw(t.Context(), stage.Anyone, key)
	d.must(err)
	report, err := lot.Verify(v.Document)
	if err != nil || report.Members != 6 || len(report.Teams) != 2 {
		t.Fatalf("%v %+v", err, report)
	}
	var acts []string
	for _, e := range d.Entries("") {
		if strings.HasPrefix(e.Act, "draw.") {
			acts = append(acts, e.Act)
			if e.Facts["pool"] != v.Draw.Pool.Digest() || e.Act != "draw.freeze" && e.Facts["rule"] != v.Draw.Rule.Digest() {
				t.Errorf("%s does not say what was fixed: %v", e.Act, e.Facts)
			}
			if e.Act == "draw.commit" && len(e.Facts["commitment"]) != 64 || e.Act == "draw.conclude" && e.Facts["sha256"] != lot.DigestOf(v.Document) {
				t.Errorf("%s: %v", e.Act, e.Facts)
			}
		}
	}
	if want := "freeze rule commit commit commit close reveal reveal complete conclude"; strings.ReplaceAll(strings.Join(acts, " "), "draw.", "") != want {
		t.Errorf("the record says %v", acts)
	}
	one := d.VisitOf(d.apps[0])
	if o := team.By(one.Team); o != (team.Origin{Drawn: key}) || len(one.Team) != 3 || !one.Team[0].Leader {
		t.Fatalf("%+v", one.Team)
	}
	whole, err := d.Desk.Draw(t.Context(), d.Office().Director, key)
	d.must(err)
	var order []id.Account
	for _, r := range whole.Draw.Ranking()[0].Order {
		order = append(order, whole.Draw.Name(r.ID).Account)
	}
	d.must(d.Desk.DeclareVisitInterest(t.Context(), stage.Actor{Account: order[0], Role: stage.Assessor}, one.ID, "亲属任职"))
	after := d.VisitOf(d.apps[0])
	var seated []id.Account
	for _, s := range after.Team {
		seated = append(seated, s.Account)
	}
	if !slices.Equal(seated, order[1:4]) || after.Leader().Account != order[1] {
		t.Errorf("after a declared interest %v, order %v", seated, order)
	}
	if other := d.VisitOf(d.apps[1]); other.Seat(order[0]) == nil {
		t.Error("the other team lost its member")
	}
	d.must(d.Desk.ComposeTeam(t.Context(), d.Office().Clerk, one.ID, 0, []id.Account{order[1], order[2], order[5]}, order[1], "原组员出差"))
	if o := team.By(d.VisitOf(d.apps[0]).Team); o != (team.Origin{Drawn: key, Appointed: 1}) {
		t.Errorf("%+v", o)
	}
	d.Refused(d.Desk.ConcludeDraw(t.Context(), d.Office().Clerk, key), "stage.not_allowed")
	_, err = d.Desk.OpenDraw(t.Context(), d.Office().Clerk, one.Round, d.visits)
	d.Refused(err, "draw.freeze.cases")
}

// TestDrawRecusals: who has an interest when the pool is frozen is in it with the
// recusal, and not on the team.
func TestDrawRecusals(t *testing.T) {
	t.Parallel()
	d := waitingForTeams(t)
	first := d.VisitOf(d.apps[0])
	tied := d.Team()[0]
	team := d.Team()
	d.must(d.Desk.ComposeTeam(t.Context(), d.Office().Clerk, first.ID, 0, []id.Account{team[0].Account, team[1].Account, team[2].Account}, team[0].Account, ""))
	d.must(d.Desk.DeclareVisitInterest(t.Context(), tied, first.ID, "曾任理事"))
	_, err := d.Desk.OpenDraw(t.Context(), d.Office().Clerk, first.Round, d.visits)
	d.Refused(err, "draw.freeze.cases") // it has a team
	d.visits = d.visits[1:]
	d.parties[2] = d.ApplicantOf(d.ApplicationOf(d.apps[1]).Organisation)
	key := d.concluded()
	v, err := d.Desk.Draw(t.Context(), d.Office().Clerk, key)
	d.must(err)
	if len(v.Draw.Cases) != 1 {
		t.Fatalf("%+v", v.Draw.Cases)
	}
	for _, m := range v.Draw.Pool.Members {
		if len(m.Recusals) > 0 {
			t.Errorf("%s is recused from an applicant that is none of theirs", v.Draw.Name(m.ID).Name)
		}
	}
}

// TestDrawFails: who does not reveal is recorded, the next draw has a pool of its own,
// and after two failures lots are drawn by hand.
func TestDrawFails(t *testing.T) {
	t.Parallel()
	d := waitingForTeams(t)
	third := d.Accepted(d.ApplicationOf(d.apps[0]).Round)
	d.Reviewed(third)
	d.visits = append(d.visits, d.VisitOf(third).ID)
	key := d.ruled("")
	for _, by := range d.parties {
		d.must(d.Desk.CommitToDraw(t.Context(), by, key, draw.Commitment{Digest: reveal(by).Commitment()}))
	}
	d.Refused(d.Desk.RefreezeDraw(t.Context(), d.Office().Clerk, key), "draw.fixed")
	d.Refused(d.Desk.CancelDraw(t.Context(), d.Office().Director, key, "重来"), "draw.fixed")
	d.must(d.Desk.CloseDraw(t.Context(), d.Office().Director, key))
	d.must(d.Desk.RevealToDraw(t.Context(), d.parties[0], key, reveal(d.parties[0])))
	d.Refused(d.Desk.FailDraw(t.Context(), d.Office().Director, key, "没有揭示"), "draw.fail.early")
	d.Jump(d.Now().Add(25 * time.Hour))
	d.must(d.Desk.FailDraw(t.Context(), d.Office().Director, key, "两方没有揭示"))
	last := d.Entries("")
	if e := last[len(last)-1]; e.Act != "draw.fail" || e.Facts["missing.supervision"] != "yes" || e.Facts["missing.office"] != "" {
		t.Errorf("%+v", e)
	}
	asks := func(key id.Draw, act string) bool {
		work, err := d.Desk.Work(t.Context(), d.Office().Clerk)
		d.must(err)
		return slices.ContainsFunc(work, func(i casework.WorkItem) bool {
			return i.URL == "/draws/"+string(key) && strings.HasPrefix(i.Title, draw.Kind.Word(act))
		})
	}
	if !asks(key, "restart") {
		t.Error("nobody asks the clerk to begin the draw anew")
	}
	d.must(d.Desk.WaiveVisit(t.Context(), d.Office().Chair, d.visits[2], "上年已考核")) // waits no more, and holds nobody up
	next, err := d.Desk.RestartDraw(t.Context(), d.Office().Clerk, key)
	d.must(err)
	if asks(key, "restart") {
		t.Error("it was begun anew")
	}
	v, err := d.Desk.Draw(t.Context(), stage.Anyone, next)
	d.must(err)
	if v.Draw.Attempt != 2 || len(v.Draw.Earlier.Missing) != 2 || len(v.Draw.Cases) != 2 {
		t.Errorf("%+v", v.Draw)
	}
	if _, err := lot.Verify(v.Document); !errors.Is(err, lot.ErrOpen) {
		t.Error(err)
	}
	d.must(d.Desk.RuleDraw(t.Context(), d.Office().Director, next, d.Now().Add(time.Hour), ""))
	d.Jump(d.Now().Add(2 * time.Hour))
	d.Refused(d.Desk.CommitToDraw(t.Context(), d.parties[0], next, draw.Commitment{Reveal: reveal(d.parties[0])}), "draw.past")
	d.must(d.Desk.FailDraw(t.Context(), d.Office().Director, next, "没有人承诺"))
	_, err = d.Desk.RestartDraw(t.Context(), d.Office().Clerk, next)
	d.Refused(err, "draw.restart.once")
	d.must(d.Desk.DrawByHand(t.Context(), d.parties[1], next, "监督员在场，当众抽签"))
	one, pool := d.VisitOf(d.apps[0]), d.Team()
	d.must(d.Desk.ComposeTeam(t.Context(), d.Office().Clerk, one.ID, 0, []id.Account{pool[0].Account, pool[1].Account, pool[2].Account}, pool[0].Account, ""))
	if o := team.By(d.VisitOf(d.apps[0]).Team); o != (team.Origin{Hand: next}) {
		t.Errorf("the team after a draw by hand: %+v", o)
	}
	if _, err := d.Desk.OpenDraw(t.Context(), d.Office().Clerk, v.Draw.Round, d.visits[1:2]); err != nil {
		t.Errorf("visits of a draw by hand wait no more: %v", err)
	}
}

// TestPlaces: an assessor is placed in a stratum of the programme or out of the pool.
func TestPlaces(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	p, clerk, one := w.Programme().Name, w.Office().Clerk, w.Team()[0]
	w.Refused(w.Desk.PlaceAssessor(t.Context(), clerk, p, one.Account, "finance"), "pool.place.stratum")
	w.Refused(w.Desk.PlaceAssessor(t.Context(), clerk, p, clerk.Account, draw.Out), "pool.place.assessor")
	w.Refused(w.Desk.PlaceAssessor(t.Context(), one, p, one.Account, draw.Out), "stage.not_allowed")
	if err := w.Desk.PlaceAssessor(t.Context(), clerk, p, one.Account, draw.Out); err != nil {
		t.Fatal(err)
	}
	pools, err := w.Desk.Pools(t.Context(), clerk)
	if err != nil || len(pools) == 0 || pools[0].Count(draw.Out) != 1 || pools[0].Count("assessor") != len(w.Team())-1 {
		t.Errorf("%v %+v", err, pools)
	}
}

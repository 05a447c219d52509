package draw_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

var (
	today    = time.Date(2021, 7, 20, 9, 0, 0, 0, time.UTC)
	by       = func(r stage.Role) stage.Actor { return stage.Actor{Account: id.Account("acc_" + r), Role: r} }
	clerk    = by(stage.Clerk)
	director = by(stage.Director)
	watcher  = by(stage.Scrutineer)
	host     = stage.Actor{Account: "acc_host", Role: stage.Applicant, Organisation: "org_1"}
	strata   = []programme.Stratum{{Code: "party", Title: "党建", Seats: 1, Lead: true}, {Code: "trade", Title: "行业", Seats: 2}}
	waiting  = []draw.Case{{Visit: "vis_1", Organisation: "org_1", Name: "甲会"}, {Visit: "vis_2", Organisation: "org_2", Name: "乙会"}}
	both     = []id.Visit{"vis_1", "vis_2"}
	people   = []draw.Candidate{
		{Account: "a1", Name: "党一", Stratum: "party"},
		{Account: "a2", Name: "党二", Stratum: "party", Tied: []id.Organisation{"org_2"}},
		{Account: "b1", Name: "行一", Stratum: "trade"},
		{Account: "b2", Name: "行二", Stratum: "trade"},
		{Account: "b3", Name: "行三", Stratum: "trade", Tied: []id.Organisation{"org_1"}},
		{Account: "b4", Name: "行四", Stratum: "trade"},
	}
	said = map[stage.Role]lot.Reveal{}
)

func init() {
	for n, r := range stage.Roles {
		said[r] = lot.Reveal{Secret: "秘密的一句话，" + string(r), Nonce: strings.Repeat(string("0123456789abcdef"[n]), 32)}
	}
}

// is reports whether an act was refused with a code; "" is none.
func is(err error, code string) bool {
	return code == "" && err == nil || code != "" && err != nil && fault.CodeOf(err) == code
}

// wants fails unless an act was refused with a code; "" wants none.
func wants(t *testing.T, err error, code string) {
	t.Helper()
	if !is(err, code) {
		t.Fatalf("got %v, want %q", err, code)
	}
}

func frozen(t *testing.T) *draw.Draw {
	t.Helper()
	d := draw.Opened("p", "rnd_1", nil, today)
	d.ID = "drw_1"
	_, err := d.Freeze(clerk, both, waiting, people, strata)
	wants(t, err, "")
	return &d
}

func ruled(t *testing.T, external string) *draw.Draw {
	t.Helper()
	d := frozen(t)
	_, err := d.Publish(director, strata, today.Add(48*time.Hour), external, today)
	wants(t, err, "")
	return d
}

func committed(t *testing.T, external string) *draw.Draw {
	t.Helper()
	d := ruled(t, external)
	for _, who := range []stage.Actor{clerk, watcher, host} {
		_, err := d.Commit(who, "某人", draw.Commitment{Digest: said[who.Role].Commitment()}, today)
		wants(t, err, "")
	}
	_, err := d.Close(director)
	wants(t, err, "")
	return d
}

func concluded(t *testing.T) *draw.Draw {
	t.Helper()
	d := committed(t, "")
	for _, who := range []stage.Actor{clerk, watcher, host} {
		_, err := d.Reveal(who, said[who.Role], today)
		wants(t, err, "")
	}
	_, err := d.Conclude(director, today)
	wants(t, err, "")
	return d
}

// TestWholeDraw goes the whole way with a value from outside; its document is
// recomputed at every step.
func TestWholeDraw(t *testing.T) {
	t.Parallel()
	d := committed(t, "上证综指收盘价")
	for n, who := range []stage.Actor{clerk, watcher, host} {
		if b := string(d.Published("方案", "2021").Bytes()); strings.Contains(b, "秘密的一句话") {
			t.Fatalf("after %d reveals one is shown", n)
		}
		_, err := d.Reveal(who, said[who.Role], today)
		wants(t, err, "")
	}
	_, err := d.Conclude(clerk, today)
	wants(t, err, "draw.conclude.value")
	enter := func(who stage.Actor, text, code string) {
		t.Helper()
		_, err := d.Enter(who, "某人", text, today)
		wants(t, err, code)
	}
	enter(clerk, "3464.29", "")
	enter(clerk, "3464.29", "draw.value.twice")
	enter(watcher, "3464.92", "")
	if _, agreed := d.Value(); agreed {
		t.Fatal("two values that differ agree")
	}
	enter(director, "", "draw.value")
	enter(director, "3464.29", "")
	enter(watcher, "3464.29", "draw.value.twice")
	_, err = d.Conclude(clerk, today)
	wants(t, err, "")
	r, err := lot.Verify(d.Published("方案", "2021").Bytes())
	if err != nil || len(r.Teams) != 2 || r.Parties != 3 || r.Members != 6 {
		t.Fatalf("%v %+v", err, r)
	}
	_, err = d.Conclude(clerk, today)
	wants(t, err, "stage.not_allowed")
}

func TestEveryStateIsPublished(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*draw.Draw{"frozen": frozen(t), "ruled": ruled(t, ""), "committed": committed(t, "x")} {
		if _, err := lot.Verify(d.Published("方案", "2021").Bytes()); !errors.Is(err, lot.ErrOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFixed: after the first commitment nobody changes pool or rule, or gives up.
func TestFixed(t *testing.T) {
	t.Parallel()
	d := ruled(t, "")
	before := d.Pool.ID
	_, err := d.Freeze(clerk, both, waiting, people, strata) // somebody objected to the pool
	wants(t, err, "")
	if d.Pool.ID == before || d.Ruled() || d.State != draw.Frozen {
		t.Fatalf("%s again, %v, %s", d.Pool.ID, d.Ruled(), d.State)
	}
	_, err = d.Publish(director, strata, today.Add(time.Hour), "", today)
	wants(t, err, "")
	_, err = d.Commit(clerk, "某人", draw.Commitment{Digest: strings.Repeat("a", 64)}, today)
	wants(t, err, "")
	_, err = d.Freeze(clerk, both, waiting, people, strata)
	wants(t, err, "draw.fixed")
	_, err = d.Publish(director, strata, today.Add(time.Hour), "", today)
	wants(t, err, "stage.not_allowed")
	_, err = d.Cancel(director, "算了", today)
	wants(t, err, "draw.fixed")
	free := frozen(t)
	_, err = free.Cancel(director, "", today)
	wants(t, err, "review.text")
	_, err = free.Cancel(director, "名单有误", today)
	wants(t, err, "")
}

func TestFreezeRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     stage.Actor
		chosen []id.Visit
		people []draw.Candidate
		code   string
	}{
		"nothing to visit":  {clerk, nil, people, "draw.freeze.cases"},
		"not waiting":       {clerk, []id.Visit{"vis_3"}, people, "draw.freeze.cases"},
		"twice the same":    {clerk, []id.Visit{"vis_1", "vis_1"}, people, "draw.freeze.cases"},
		"a stratum too few": {clerk, both, people[:3], "draw.freeze.small"},
	} {
		d := draw.Opened("p", "rnd_1", nil, today)
		d.ID = "drw_1"
		if _, err := d.Freeze(tt.by, tt.chosen, waiting, tt.people, strata); !is(err, tt.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := frozen(t)
	for name, tt := range map[string]struct {
		until    time.Time
		external string
		code     string
	}{
		"no time":      {time.Time{}, "", "draw.rule.reveal_by"},
		"past":         {today, "", "draw.rule.reveal_by"},
		"two lines":    {today.Add(time.Hour), "一\n二", "draw.rule.external"},
		"the word for": {today.Add(time.Hour), "none", "draw.rule.external"},
	} {
		if _, err := d.Publish(director, strata, tt.until, tt.external, today); !is(err, tt.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := d.Publish(clerk, strata, today.Add(time.Hour), "", today)
	wants(t, err, "stage.not_allowed")
}

func TestCommitRefuses(t *testing.T) {
	t.Parallel()
	good := draw.Commitment{Reveal: said[stage.Chair]}
	for name, tt := range map[string]struct {
		by   stage.Actor
		c    draw.Commitment
		at   time.Time
		code string
	}{
		"the platform digests":   {by(stage.Chair), good, today, ""},
		"the office again":       {director, good, today, "draw.commit.side"},
		"one person, two sides":  {stage.Actor{Account: clerk.Account, Role: stage.Member}, good, today, "draw.commit.side"},
		"somebody in the pool":   {stage.Actor{Account: "a1", Role: stage.Member}, good, today, "draw.commit.drawn"},
		"another's applicant":    {stage.Actor{Account: "x", Role: stage.Applicant, Organisation: "org_9"}, good, today, "draw.commit.host"},
		"an assessor":            {stage.Actor{Account: "x", Role: stage.Assessor}, good, today, "stage.not_allowed"},
		"the operator":           {by(stage.Operator), good, today, "stage.not_allowed"},
		"the last second":        {by(stage.Chair), good, today.Add(48*time.Hour - time.Second), ""},
		"too late":               {by(stage.Chair), good, today.Add(48 * time.Hour), "draw.past"},
		"a secret too short":     {by(stage.Chair), draw.Commitment{Reveal: lot.Reveal{Secret: "短的秘密只有七", Nonce: good.Reveal.Nonce}}, today, "draw.secret"},
		"a nonce that is none":   {by(stage.Chair), draw.Commitment{Reveal: lot.Reveal{Secret: good.Reveal.Secret, Nonce: "ABC"}}, today, "draw.nonce"},
		"no digest":              {by(stage.Chair), draw.Commitment{Digest: "abc"}, today, "draw.commitment"},
		"another's digest again": {by(stage.Chair), draw.Commitment{Digest: said[stage.Clerk].Commitment()}, today, "draw.commitment"},
	} {
		d := ruled(t, "")
		_, err := d.Commit(clerk, "某人", draw.Commitment{Digest: said[stage.Clerk].Commitment()}, today)
		wants(t, err, "")
		if _, err := d.Commit(tt.by, "某人", tt.c, tt.at); !is(err, tt.code) {
			t.Errorf("%s: %v", name, err)
		}
		if p := d.Party("committee"); tt.code == "" && p.HashedBy != lot.ByServer {
			t.Errorf("%s: who digested is %s", name, p.HashedBy)
		}
		_, err = d.Close(director)
		wants(t, err, "draw.close.few")
	}
}

func TestRevealRefuses(t *testing.T) {
	t.Parallel()
	d := committed(t, "")
	reveal := func(who stage.Actor, r lot.Reveal, code string) {
		t.Helper()
		_, err := d.Reveal(who, r, today)
		wants(t, err, code)
	}
	other := said[stage.Clerk]
	other.Secret += "。"
	reveal(clerk, other, "draw.reveal.differs")
	reveal(clerk, lot.Reveal{Nonce: other.Nonce}, "draw.secret")
	reveal(director, said[stage.Clerk], "draw.reveal.party")
	reveal(by(stage.Chair), said[stage.Chair], "draw.reveal.party")
	reveal(clerk, said[stage.Clerk], "")
	reveal(clerk, said[stage.Clerk], "draw.reveal.party")
}

// TestFailure: a missing reveal is recorded, the draw restarts once with another
// pool, and a second failure leads to lots by hand.
func TestFailure(t *testing.T) {
	t.Parallel()
	late := today.Add(48 * time.Hour)
	fail := func(d *draw.Draw) {
		t.Helper()
		_, err := d.Fail(director, "没有揭示", late.Add(-time.Second))
		wants(t, err, "draw.fail.early")
		_, err = d.Fail(director, " ", late)
		wants(t, err, "review.text")
		_, err = d.Fail(director, "没有揭示", late)
		wants(t, err, "")
	}
	first := committed(t, "")
	_, err := first.Reveal(clerk, said[stage.Clerk], today)
	wants(t, err, "")
	fail(first)
	_, err = first.ByHand(watcher, "抽签", late)
	wants(t, err, "draw.manual.first")
	second := draw.Opened("p", "rnd_1", first, late)
	_, err = first.Restart(clerk, late)
	wants(t, err, "")
	second.ID = "drw_2"
	_, err = second.Freeze(clerk, both, waiting, people, strata)
	wants(t, err, "")
	if second.Attempt != 2 || !slices.Equal(second.Earlier.Missing, []string{"supervision", "applicants"}) || second.Pool.Digest() == first.Pool.Digest() || first.Live() || !second.Live() {
		t.Fatalf("%+v", second.Earlier)
	}
	_, err = second.Publish(director, strata, late, "", today)
	wants(t, err, "")
	_, err = second.Commit(clerk, "某人", draw.Commitment{Digest: said[stage.Clerk].Commitment()}, today)
	wants(t, err, "")
	fail(&second)
	_, err = second.Restart(clerk, late)
	wants(t, err, "draw.restart.once")
	_, err = second.ByHand(watcher, "", late)
	wants(t, err, "review.text")
	_, err = second.ByHand(watcher, "监督员在场，从纸箱抽出三张", late)
	wants(t, err, "")
	if r, err := lot.Verify(second.Published("方案", "2021").Bytes()); !errors.Is(err, lot.ErrOpen) || r.State != "manual" {
		t.Errorf("%v %+v", err, r)
	}
}

// TestTeamOf: the team is the first of the order without those recused when the pool
// was frozen; who declares an interest afterwards, or leaves, is followed by the next.
func TestTeamOf(t *testing.T) {
	t.Parallel()
	d := concluded(t)
	order := map[string][]id.Account{}
	for _, k := range d.Ranking() {
		for _, r := range k.Order {
			order[k.Stratum] = append(order[k.Stratum], d.Name(r.ID).Account)
		}
	}
	first := func(stratum string, n int, out ...id.Account) []id.Account {
		left := slices.DeleteFunc(slices.Clone(order[stratum]), func(a id.Account) bool { return slices.Contains(out, a) })
		return left[:min(n, len(left))]
	}
	accounts := func(seats []draw.Seat) (all []id.Account) {
		for _, s := range seats {
			all = append(all, s.Account)
		}
		return all
	}
	want := append(first("party", 1), first("trade", 2, "b3")...)
	if got := accounts(d.TeamOf("vis_1", nil, nil)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := accounts(d.TeamOf("vis_2", nil, nil)); got[0] != "a1" {
		t.Errorf("who is recused leads: %v", got)
	}
	second := append(first("party", 1), first("trade", 2, "b3", want[1])...)
	for name, got := range map[string][]draw.Seat{
		"an interest": d.TeamOf("vis_1", review.Interests{want[1]: "亲属任职"}, nil),
		"who left":    d.TeamOf("vis_1", nil, []id.Account{want[1]}),
	} {
		if !slices.Equal(accounts(got), second) {
			t.Errorf("%s: %v, want %v", name, accounts(got), second)
		}
	}
	if d.TeamOf("vis_3", nil, nil) != nil || committed(t, "").TeamOf("vis_1", nil, nil) != nil {
		t.Error("a team out of nothing")
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by       stage.Actor
		assessor bool
		stratum  string
		code     string
	}{
		"a stratum": {clerk, true, "trade", ""}, "out": {clerk, true, draw.Out, ""}, "unknown": {clerk, true, "x", "pool.place.stratum"},
		"no assessor": {clerk, false, "trade", "pool.place.assessor"}, "the operator": {by(stage.Operator), true, "trade", "stage.not_allowed"},
	} {
		if _, _, err := draw.Put(tt.by, "p", "a1", tt.assessor, tt.stratum, strata, today); !is(err, tt.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if one := draw.Strata(programme.Visit{}, 3); draw.StratumOf("", one) != one[0].Code || draw.StratumOf(draw.Out, one) != "" || draw.StratumOf("", strata) != "" {
		t.Error("who is in which stratum")
	}
}

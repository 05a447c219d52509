package store_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/store"
)

func fullDraw(key id.Draw) draw.Draw {
	return draw.Draw{
		ID: key, Programme: "base", Round: "rnd_1", State: draw.Committed, Attempt: 2, Earlier: &lot.Earlier{Draw: "drw_0", Pool: "00", Missing: []string{"office"}, Reason: "没有揭示"}, Edition: 1,
		Pool:     lot.Pool{ID: string(key) + ".1", Cases: []string{"c1", "c2"}, Members: []lot.Member{{ID: "m1", Stratum: "all", Recusals: []string{"c1"}}, {ID: "m2", Stratum: "all"}}},
		Seats:    []draw.Seat{{Account: "acc_one", Name: "考核员甲", Member: "m1"}, {Account: "acc_two", Name: "考核员乙", Member: "m2"}},
		Cases:    []draw.Case{{Visit: "vis_1", Organisation: "org_1", Name: "申报会甲", Case: "c1"}, {Visit: "vis_2", Organisation: "org_2", Name: "申报会乙", Case: "c2"}},
		Rule:     lot.Rule{Quotas: []lot.Quota{{Stratum: "all", Seats: 1}}, Lead: "all", RevealBy: someInstant, External: "收盘价"},
		Parties:  []draw.Party{{Side: "applicants", Account: "acc_party", Name: "代表丙", For: "org_1", Commitment: "cc", HashedBy: lot.ByServer, CommittedAt: someInstant, Reveal: lot.Reveal{Secret: "还不能看的秘密", Nonce: "0f"}, RevealedAt: someInstant}},
		Values:   []draw.Value{{Account: "acc_typist", Name: "录入员丁", Text: "3464.29", At: someInstant}},
		Document: "{}", Reason: "原因", OpenedAt: someInstant, EndedAt: someInstant,
	}
}

func addDraw(t *testing.T, s *store.Store, d draw.Draw) {
	t.Helper()
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddDraw(&d) }); err != nil {
		t.Fatal(err)
	}
}

func TestADrawIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	want := fullDraw("drw_a")
	want.Order = []lot.Ranking{{Stratum: "all"}} // is come to again and not kept
	whole(t, want)
	want.Order = nil
	addDraw(t, s, want)
	want.Version = 1
	got := viewed(t, s, func(tx *store.Tx) (draw.Draw, error) { return tx.Draw("drw_a") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got.State = draw.Failed
	if err := written(t, s, func(tx *store.Tx) error { return tx.PutDraw(&got) }); err != nil {
		t.Fatal(err)
	}
	if again := viewed(t, s, func(tx *store.Tx) ([]draw.Draw, error) { return tx.DrawsOf("rnd_1") }); len(again) != 1 || again[0].Version != 2 || again[0].State != draw.Failed {
		t.Errorf("%+v", again)
	}
	p := draw.Place{Key: draw.PlaceKey("base", "acc_one"), Programme: "base", Account: "acc_one", Stratum: "party", PlacedAt: someInstant}
	for _, stratum := range []string{"party", "trade"} {
		p.Stratum = stratum
		if err := written(t, s, func(tx *store.Tx) error { return tx.PutPlace(&p) }); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]draw.Place{p}, viewed(t, s, func(tx *store.Tx) ([]draw.Place, error) { return tx.Places("base") })); diff != "" {
		t.Error(diff)
	}
}

// TestWhoIsToldNamesOfADraw: everybody sees the draw, nobody a secret before all are
// revealed, and names only who may.
func TestWhoIsToldNamesOfADraw(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	d := fullDraw("drw_a")
	addDraw(t, s, d)
	open := fullDraw("drw_b")
	open.State = draw.Revealed
	addDraw(t, s, open)
	tie(t, s, "acc_tied", "org_2")
	const names = "考核员甲 考核员乙 申报会甲 申报会乙 代表丙 录入员丁"
	for name, tt := range map[string]struct {
		by  stage.Actor
		not string // of the names, which are not told
	}{
		"a visitor":               {stage.Anyone, names},
		"a clerk":                 {stage.Actor{Account: "acc_1", Role: stage.Clerk}, ""},
		"a scrutineer":            {stage.Actor{Account: "acc_1", Role: stage.Scrutineer}, ""},
		"a clerk elsewhere":       {stage.Actor{Account: "acc_1", Role: stage.Clerk, Programme: "other"}, names},
		"a clerk with a tie":      {stage.Actor{Account: "acc_tied", Role: stage.Clerk}, "申报会乙"},
		"a member":                {stage.Actor{Account: "acc_1", Role: stage.Member}, names},
		"one of the pool":         {stage.Actor{Account: "acc_two", Role: stage.Assessor}, "考核员甲 申报会甲 申报会乙 代表丙 录入员丁"},
		"an applicant of a case":  {stage.Actor{Account: "acc_9", Role: stage.Applicant, Organisation: "org_1"}, "考核员甲 考核员乙 申报会乙 代表丙 录入员丁"},
		"an applicant of another": {stage.Actor{Account: "acc_9", Role: stage.Applicant, Organisation: "org_7"}, names},
	} {
		got := viewed(t, s, func(tx *store.Tx) (draw.Draw, error) { return tx.DrawFor(tt.by, "drw_a") })
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range strings.Fields(names) {
			if strings.Contains(string(b), n) == strings.Contains(tt.not, n) {
				t.Errorf("%s: %s told: %v", name, n, strings.Contains(string(b), n))
			}
		}
		if strings.Contains(string(b), "还不能看的秘密") {
			t.Errorf("%s sees a secret before all are revealed", name)
		}
		if tt.not == names && (strings.Contains(string(b), "acc_") || strings.Contains(string(b), "org_") || strings.Contains(string(b), "vis_")) {
			t.Errorf("%s is told an identifier: %s", name, b)
		}
		if got := viewed(t, s, func(tx *store.Tx) (draw.Draw, error) { return tx.DrawFor(tt.by, "drw_b") }); got.Parties[0].Reveal.Secret == "" {
			t.Errorf("%s does not see what was revealed", name)
		}
		if n := len(viewed(t, s, func(tx *store.Tx) ([]draw.Draw, error) { return tx.Draws(tt.by, store.DrawFilter{Round: "rnd_1"}) })); n != 2 && name != "a clerk elsewhere" {
			t.Errorf("%s lists %d", name, n)
		}
	}
	first := viewed(t, s, func(tx *store.Tx) ([]draw.Draw, error) { return tx.Draws(stage.Anyone, store.DrawFilter{Limit: 1}) })
	next := viewed(t, s, func(tx *store.Tx) ([]draw.Draw, error) {
		return tx.Draws(stage.Anyone, store.DrawFilter{After: first[0].ID, Limit: 5})
	})
	if len(next) != 1 || next[0].ID == first[0].ID {
		t.Errorf("the second page: %+v", next)
	}
}

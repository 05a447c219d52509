package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

func fullVisit(key id.Visit, a id.Application) visit.Visit {
	return visit.Visit{
		ID: key, Programme: "base", Round: "rnd_1", Application: a, Organisation: "org_1", State: visit.Signed,
		Team:     []visit.Seat{{Account: "acc_one", Name: "甲", Leader: true}, {Account: "acc_two", Name: "乙", Absent: "病假"}},
		Replaced: []visit.Replaced{{Account: "acc_gone", Name: "丙", Why: "回避", At: someInstant}},
		On:       calendar.MustDate("2021-08-16"), At: "09:30", Place: "会议室", NoticedOn: calendar.MustDate("2021-08-09"),
		Answer:   visit.Answer{Confirmed: true, Day: calendar.MustDate("2021-08-17"), Time: "14:00", Reason: "换届", At: someInstant},
		Records:  map[string]assessment.Record{"interviews": {Text: "座谈", People: 12, Tallies: map[string]assessment.Tally{"members": {Sample: 20, Content: 19}}}},
		Findings: map[string]assessment.Finding{"4-3": {Rating: "partly", Note: "次数不足，𠮷。", Score: 2}},
		Opinion:  "partly", Text: "部分达到。", Edition: 2, Signatures: []visit.Signature{{Account: "acc_one", Edition: 2, Dissent: "保留", At: someInstant}},
		Reason: "改期", OpenedAt: someInstant, ReportedAt: someInstant, EndedAt: someInstant,
	}
}

func addVisit(t *testing.T, s *store.Store, v visit.Visit) {
	t.Helper()
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddVisit(&v) }); err != nil {
		t.Fatal(err)
	}
}

func TestAVisitIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	want := fullVisit("vis_a", "app_1")
	whole(t, want)
	addVisit(t, s, want)
	want.Version = 1
	got := viewed(t, s, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitOf("app_1") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhoSeesVisits(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	addVisit(t, s, fullVisit("vis_a", "app_1"))
	sitting(t, s, item.Subject{Kind: "application", ID: "app_1"})
	tie(t, s, "acc_tied", "org_1")
	all := append(onlookers(true),
		onlooker{"who left the team", stage.Actor{Account: "acc_gone", Role: stage.Assessor}, false, false},
		onlooker{"a clerk with an interest", stage.Actor{Account: "acc_tied", Role: stage.Clerk}, false, false},
		onlooker{"a chair who is recused", stage.Actor{Account: "acc_recused", Role: stage.Chair}, false, false},
	)
	seen(t, s, all, func(tx *store.Tx, v stage.Actor) error { _, err := tx.VisitFor(v, "vis_a"); return err },
		func(tx *store.Tx, v stage.Actor) (int, error) {
			list, err := tx.Visits(v, store.VisitFilter{})
			if err != nil {
				return 0, err
			}
			n, err := tx.CountVisits(v, store.VisitFilter{})
			if n != len(list) {
				t.Errorf("%s: counts %d and lists %d", v.Role, n, len(list))
			}
			return n, err
		})

	holder := stage.Actor{Role: stage.Applicant, Organisation: "org_1"}
	want := visit.Visit{
		ID: "vis_a", Programme: "base", Round: "rnd_1", Application: "app_1", Organisation: "org_1", State: visit.Signed,
		Team: []visit.Seat{{Name: "甲", Leader: true}, {Name: "乙"}},
		On:   calendar.MustDate("2021-08-16"), At: "09:30", Place: "会议室", NoticedOn: calendar.MustDate("2021-08-09"),
		Answer:   visit.Answer{Confirmed: true, Day: calendar.MustDate("2021-08-17"), Time: "14:00", Reason: "换届", At: someInstant},
		OpenedAt: someInstant, EndedAt: someInstant, Version: 1,
	}
	got := viewed(t, s, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitFor(holder, "vis_a") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the organisation reads more than who comes and when: %s", diff)
	}
	list := viewed(t, s, func(tx *store.Tx) ([]visit.Visit, error) { return tx.Visits(holder, store.VisitFilter{}) })
	if diff := cmp.Diff([]visit.Visit{want}, list); diff != "" {
		t.Errorf("the list tells more: %s", diff)
	}

	v := fullVisit("vis_b", "app_2")
	v.State, v.NoticedOn = visit.Planned, calendar.Date{}
	addVisit(t, s, v)
	if got := viewed(t, s, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitFor(holder, "vis_b") }); got.Team != nil {
		t.Errorf("a team is told before its day: %+v", got)
	}
}

func TestMembersSeeAVisitThatIsOver(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	v := fullVisit("vis_a", "app_1")
	v.State = visit.Reported
	addVisit(t, s, v)
	sitting(t, s, item.Subject{Kind: "application", ID: "app_1"})
	member := stage.Actor{Account: "acc_member", Role: stage.Member}
	if err := s.View(t.Context(), func(tx *store.Tx) error { _, err := tx.VisitFor(member, "vis_a"); return err }); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a member sees a report that is not signed: %v", err)
	}
}

func TestVisitsByPageAndFilter(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for n, key := range []string{"a", "b", "c"} {
		v := fullVisit(id.Visit("vis_"+key), id.Application("app_"+key))
		v.On = v.On.AddDays(n)
		if key == "b" {
			v.State, v.Round = visit.Scheduled, "rnd_2"
		}
		addVisit(t, s, v)
	}
	for name, tt := range map[string]struct {
		filter store.VisitFilter
		want   []id.Visit
	}{
		"all":         {store.VisitFilter{}, []id.Visit{"vis_a", "vis_b", "vis_c"}},
		"second page": {store.VisitFilter{Limit: 2, After: "vis_b"}, []id.Visit{"vis_c"}},
		"round":       {store.VisitFilter{Round: "rnd_2"}, []id.Visit{"vis_b"}},
		"state":       {store.VisitFilter{States: []stage.State{visit.Signed}}, []id.Visit{"vis_a", "vis_c"}},
		"from":        {store.VisitFilter{From: calendar.MustDate("2021-08-17")}, []id.Visit{"vis_b", "vis_c"}},
	} {
		got := viewed(t, s, func(tx *store.Tx) (keys []id.Visit, err error) {
			all, err := tx.Visits(stage.Actor{Role: stage.Clerk}, tt.filter)
			for _, v := range all {
				keys = append(keys, v.ID)
			}
			return keys, err
		})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

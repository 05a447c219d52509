package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

func fullReview(key id.Review, a id.Application) review.Review {
	return review.Review{
		ID: key, Programme: "base", Round: "rnd_1", Application: a, Organisation: "org_1", State: review.Confirmed, Reviewer: "acc_clerk",
		DueOn: calendar.MustDate("2021-08-06"), Provisional: true, CalendarVersion: "0",
		Findings:       map[string]review.Finding{"1-1": {Verdict: "doubtful", Reason: "名册缺一页，𠮷。", Score: 3}},
		Recommendation: "doubtful", Opinion: "请会议审议。", Remark: "再核", Returned: 1, Confirmer: "acc_second",
		OpenedAt: someInstant, DraftedAt: someInstant, EndedAt: someInstant,
	}
}

func addReview(t *testing.T, s *store.Store, r review.Review) {
	t.Helper()
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddReview(&r) }); err != nil {
		t.Fatal(err)
	}
}

func tie(t *testing.T, s *store.Store, who id.Account, o id.Organisation) {
	t.Helper()
	i := review.Tie(who, o, "曾任职", someInstant)
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddInterest(&i) }); err != nil {
		t.Fatal(err)
	}
}

func TestAReviewIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	want := fullReview("rev_a", "app_1")
	whole(t, want)
	addReview(t, s, want)
	if err := written(t, s, func(tx *store.Tx) error { r := fullReview("rev_b", "app_1"); return tx.AddReview(&r) }); err == nil {
		t.Error("an application has two reviews")
	}
	want.Version = 1
	got := viewed(t, s, func(tx *store.Tx) (review.Review, error) { return tx.ReviewOf("app_1") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if err := written(t, s, func(tx *store.Tx) error {
		first, second := got, got
		if err := tx.PutReview(&first); err != nil {
			return err
		}
		return tx.PutReview(&second)
	}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second save of the same version: %v", err)
	}
}

func TestWhoSeesReviews(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	addReview(t, s, fullReview("rev_a", "app_1"))
	sitting(t, s, item.Subject{Kind: "application", ID: "app_1"})
	tie(t, s, "acc_tied", "org_1")
	all := onlookers(false)
	for n := range all {
		all[n].lists = all[n].lists && all[n].name != "the holder"
	}
	all = append(all,
		onlooker{"a clerk with an interest", stage.Actor{Account: "acc_tied", Role: stage.Clerk}, false, false},
		onlooker{"a director with an interest", stage.Actor{Account: "acc_tied", Role: stage.Director}, false, false},
		onlooker{"a chair who is recused", stage.Actor{Account: "acc_recused", Role: stage.Chair}, false, false},
		onlooker{"somebody whose name begins alike", stage.Actor{Account: "acc_recuse", Role: stage.Clerk}, true, true},
	)
	seen(t, s, all, func(tx *store.Tx, v stage.Actor) error { _, err := tx.ReviewFor(v, "rev_a"); return err },
		func(tx *store.Tx, v stage.Actor) (int, error) {
			list, err := tx.Reviews(v, store.ReviewFilter{})
			if err != nil {
				return 0, err
			}
			n, _, err := tx.CountReviews(v, store.ReviewFilter{})
			if n != len(list) {
				t.Errorf("%s: counts %d and lists %d", v.Role, n, len(list))
			}
			return n, err
		})
	holder := stage.Actor{Role: stage.Applicant, Organisation: "org_1"}
	got := viewed(t, s, func(tx *store.Tx) (review.Review, error) { return tx.ReviewOfFor(holder, "app_1") })
	want := review.Review{
		ID: "rev_a", Programme: "base", Round: "rnd_1", Application: "app_1", Organisation: "org_1", State: review.Confirmed,
		DueOn: calendar.MustDate("2021-08-06"), Provisional: true, CalendarVersion: "0", OpenedAt: someInstant, EndedAt: someInstant, Version: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the applicant reads more than how far it is: %s", diff)
	}
	member := stage.Actor{Account: "acc_member", Role: stage.Member}
	got = viewed(t, s, func(tx *store.Tx) (review.Review, error) { return tx.ReviewFor(member, "rev_a") })
	if got.Opinion == "" || got.Reviewer != "" || got.Confirmer != "" || got.Remark != "" {
		t.Errorf("a member reads %+v", got)
	}
	r := fullReview("rev_b", "app_2")
	r.State = review.Drafted
	addReview(t, s, r)
	if err := s.View(t.Context(), func(tx *store.Tx) error { _, err := tx.ReviewFor(member, "rev_b"); return err }); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a member sees a review that is not on an agenda: %v", err)
	}
}

func TestReviewsByPageAndFilter(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for n, key := range []string{"a", "b", "c"} {
		r := fullReview(id.Review("rev_"+key), id.Application("app_"+key))
		r.DueOn = r.DueOn.AddDays(n)
		if key == "b" {
			r.State, r.Reviewer, r.Round = review.Open, "", "rnd_2"
		}
		addReview(t, s, r)
	}
	clerk := stage.Actor{Role: stage.Clerk}
	for name, tt := range map[string]struct {
		filter store.ReviewFilter
		want   []id.Review
	}{
		"all":            {store.ReviewFilter{}, []id.Review{"rev_a", "rev_b", "rev_c"}},
		"first page":     {store.ReviewFilter{Limit: 2}, []id.Review{"rev_a", "rev_b"}},
		"second page":    {store.ReviewFilter{Limit: 2, After: "rev_b"}, []id.Review{"rev_c"}},
		"round":          {store.ReviewFilter{Round: "rnd_2"}, []id.Review{"rev_b"}},
		"state":          {store.ReviewFilter{States: []stage.State{review.Confirmed}}, []id.Review{"rev_a", "rev_c"}},
		"reviewer":       {store.ReviewFilter{Reviewer: "acc_clerk"}, []id.Review{"rev_a", "rev_c"}},
		"nobody's":       {store.ReviewFilter{Unassigned: true}, []id.Review{"rev_b"}},
		"due before":     {store.ReviewFilter{DueBefore: calendar.MustDate("2021-08-07")}, []id.Review{"rev_a"}},
		"recommendation": {store.ReviewFilter{Recommendation: "recommend"}, nil},
	} {
		got := viewed(t, s, func(tx *store.Tx) (keys []id.Review, err error) {
			all, err := tx.Reviews(clerk, tt.filter)
			for _, r := range all {
				keys = append(keys, r.ID)
			}
			return keys, err
		})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestReviewsSearched: a search lists what its words are in, in the order of the list, by
// page and within the other filters, whether it finds little or is everywhere; it counts a
// thousand of it.
func TestReviewsSearched(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if err := add(t, s, fullRound("rnd_a")); err != nil {
		t.Fatal(err)
	}
	names := map[id.Review]string{}
	if err := written(t, s, func(tx *store.Tx) error {
		for n := range 1004 {
			a := fullApplication(id.Application(fmt.Sprintf("app_%04d", n)))
			a.Answers, a.History = nil, nil
			if n%100 == 7 {
				a.Name = "长春市100%协会"
			}
			r := fullReview(id.Review(fmt.Sprintf("rev_%04d", 9999-n)), a.ID)
			r.Organisation, r.DueOn, r.Findings, names[r.ID] = a.Organisation, r.DueOn.AddDays(n%50), nil, a.Name+" "+a.Number
			if n%3 == 0 {
				r.State = review.Open
			}
			if err := tx.AddApplication(&a); err != nil {
				return err
			}
			if err := tx.AddReview(&r); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	tie(t, s, "acc_tied", "org_app_0007")
	all := func(by stage.Actor, f store.ReviewFilter) (keys []id.Review) {
		got := viewed(t, s, func(tx *store.Tx) ([]review.Review, error) { return tx.Reviews(by, f) })
		for _, r := range got {
			keys = append(keys, r.ID)
		}
		return keys
	}
	clerk := stage.Actor{Role: stage.Clerk}
	for name, tt := range map[string]struct {
		by     stage.Actor
		filter store.ReviewFilter
		word   string
	}{
		"everywhere":          {clerk, store.ReviewFilter{}, "协会"},
		"in a number":         {clerk, store.ReviewFilter{}, "2021-app_"},
		"the newest":          {clerk, store.ReviewFilter{Newest: true}, "协会"},
		"everywhere, in hand": {clerk, store.ReviewFilter{States: []stage.State{review.Open}}, "协会"},
		"another page":        {clerk, store.ReviewFilter{After: "rev_9000"}, "协会"},
		"nothing left":        {clerk, store.ReviewFilter{Round: "rnd_2"}, "协会"},
		"a few":               {clerk, store.ReviewFilter{}, "长春市"},
		"beyond 16 bits":      {clerk, store.ReviewFilter{}, "𠮷松"},
		"a number":            {clerk, store.ReviewFilter{}, "app_0407"},
		"a sign of LIKE":      {clerk, store.ReviewFilter{}, "100%协"},
		"only a sign of LIKE": {clerk, store.ReviewFilter{}, "_100"},
		"none":                {clerk, store.ReviewFilter{}, "沈阳"},
		"tied":                {stage.Actor{Account: "acc_tied", Role: stage.Clerk}, store.ReviewFilter{}, "长春市"},
		"tied, everywhere":    {stage.Actor{Account: "acc_tied", Role: stage.Clerk}, store.ReviewFilter{}, "协会"},
	} {
		listed := func(after id.Review) []id.Review {
			whole := tt.filter
			whole.Limit, whole.After = 2000, after
			return slices.DeleteFunc(all(tt.by, whole), func(key id.Review) bool { return !strings.Contains(names[key], tt.word) })
		}
		want := listed(tt.filter.After)
		total := len(want)
		if tt.filter.After != "" {
			total = len(listed(""))
		}
		tt.filter.Query = tt.word
		if diff := cmp.Diff(want[:min(50, len(want))], all(tt.by, tt.filter)); diff != "" && len(want) > 0 {
			t.Errorf("%s: %s", name, diff)
		}
		type counted struct {
			N    int
			More bool
		}
		got := viewed(t, s, func(tx *store.Tx) (c counted, err error) {
			c.N, c.More, err = tx.CountReviews(tt.by, tt.filter)
			return c, err
		})
		if diff := cmp.Diff(counted{min(1000, total), total > 1000}, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestInterests(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	tie(t, s, "acc_1", "org_1")
	i := review.Tie("acc_1", "org_1", "又一次", someInstant)
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddInterest(&i) }); fault.CodeOf(err) != "review.declare.twice" {
		t.Error(err)
	}
	for key, o := range map[id.Account]id.Organisation{"acc_2": "org_1", "acc_3": "org_12"} {
		a := store.Account{ID: key, Login: string(key), Name: "某人", Grants: []store.Grant{{Role: stage.Applicant, Organisation: o}, {Role: stage.Member}}}
		if err := written(t, s, func(tx *store.Tx) error { return tx.AddAccount(&a) }); err != nil {
			t.Fatal(err)
		}
	}
	got := viewed(t, s, func(tx *store.Tx) (review.Interests, error) { return tx.InterestsIn("org_1") })
	if diff := cmp.Diff(review.Interests{"acc_1": "曾任职", "acc_2": "兼任该单位经办人"}, got); diff != "" {
		t.Error(diff)
	}
	ties := viewed(t, s, func(tx *store.Tx) ([]id.Organisation, error) { return tx.TiesOf("acc_3") })
	if diff := cmp.Diff([]id.Organisation{"org_12"}, ties); diff != "" {
		t.Error(diff)
	}
}

func TestWhoSeesNotes(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	r := fullReview("rev_a", "app_1")
	addReview(t, s, r)
	other := fullReview("rev_b", "app_2")
	addReview(t, s, other)
	want := review.Note{
		ID: "nte_a", Review: "rev_a", Indicator: "1-1", File: "fil_1", Page: 2, Text: "决议没有日期，𠮷。", By: "acc_clerk", At: someInstant,
		SettledBy: "acc_second", SettledAt: someInstant,
	}
	whole(t, want)
	open := want
	open.SettledBy, open.SettledAt = "", time.Time{}
	tie(t, s, "acc_tied", "org_1")
	if err := written(t, s, func(tx *store.Tx) error {
		if err := tx.AddNote(&open); err != nil {
			return err
		}
		return tx.PutNote(&want)
	}); err != nil {
		t.Fatal(err)
	}
	for _, v := range []struct {
		who  stage.Actor
		sees bool
	}{
		{stage.Actor{Account: "acc_clerk", Role: stage.Clerk}, true},
		{stage.Actor{Account: "acc_x", Role: stage.Auditor}, true},
		{stage.Actor{Account: "acc_x", Role: stage.Clerk, Programme: "another"}, false},
		{stage.Actor{Account: "acc_tied", Role: stage.Clerk}, false},
		{stage.Actor{Account: "acc_m", Role: stage.Member}, false},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, false},
	} {
		got := viewed(t, s, func(tx *store.Tx) ([]review.Note, error) { return tx.NotesFor(v.who, &r) })
		if v.sees != (len(got) == 1) {
			t.Errorf("%v gets %d notes", v.who, len(got))
		}
		if v.sees && cmp.Diff([]review.Note{want}, got) != "" {
			t.Error(cmp.Diff([]review.Note{want}, got))
		}
	}
	view(t, s, func(tx *store.Tx) error {
		if _, err := tx.Note("rev_b", "nte_a"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a note of another review: %v", err)
		}
		return nil
	})
}

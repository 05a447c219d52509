package party_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/party"
)

var date = calendar.MustDate

func elected(days ...string) (all []party.Election) {
	for _, d := range days {
		all = append(all, party.Election{HeldOn: date(d)})
	}
	return all
}

func TestTerm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		form, elected string
		running, want int
	}{
		{party.Committee, "2021-05-16", 0, 5},
		{party.GeneralBranch, "2021-05-16", 0, 3},
		{party.Branch, "2021-05-16", 0, 3},
		{party.JointBranch, "2018-07-01", 2, 3}, // the reform holds: what ran before does not matter
		{party.Branch, "2018-06-30", 2, 2},      // elected before: finishes the term that was running
		{party.Committee, "2018-06-30", 4, 4},
		{party.Committee, "2018-06-30", 0, 5},
	} {
		if got := party.Term(tt.form, date(tt.elected), tt.running); got != tt.want {
			t.Errorf("%s elected %s: got %d, want %d", tt.form, tt.elected, got, tt.want)
		}
	}
}

func TestTenureAt(t *testing.T) {
	t.Parallel()
	postponed := []party.Election{{HeldOn: date("2018-05-16"), PostponedBy: 12, PostponedBase: "吉社联党批〔2021〕3号"}}
	for _, tt := range []struct {
		name, day, status, until string
		body                     party.Body
	}{
		{"early in the term", "2024-11-15", party.NotDue, "2027-05-16", party.Body{Form: party.Branch, Elections: elected("2024-05-16")}},
		{"six months before", "2026-11-16", party.DueSoon, "2027-05-16", party.Body{Form: party.Branch, Elections: elected("2024-05-16")}},
		{"the day before that", "2026-11-15", party.NotDue, "2027-05-16", party.Body{Form: party.Branch, Elections: elected("2024-05-16")}},
		{"on the due day", "2027-05-16", party.DueSoon, "2027-05-16", party.Body{Form: party.Branch, Elections: elected("2024-05-16")}},
		{"the day after", "2027-05-17", party.Overdue, "2027-05-16", party.Body{Form: party.Branch, Elections: elected("2024-05-16")}},
		{"a committee has five years", "2029-05-16", party.DueSoon, "2029-05-16", party.Body{Form: party.Committee, Elections: elected("2024-05-16")}},
		{"elected on 29 February", "2027-03-01", party.Overdue, "2027-02-28", party.Body{Form: party.Branch, Elections: elected("2024-02-29")}},
		{"postponed", "2021-05-17", party.Postponed, "2022-05-16", party.Body{Form: party.Branch, Elections: postponed}},
		{"the last day of it", "2022-05-16", party.Postponed, "2022-05-16", party.Body{Form: party.Branch, Elections: postponed}},
		{"over the postponement", "2022-05-17", party.Overdue, "2022-05-16", party.Body{Form: party.Branch, Elections: postponed}},
		{
			"a postponement without a document", "2021-05-17", party.Overdue, "2021-05-16",
			party.Body{Form: party.Branch, Elections: []party.Election{{HeldOn: date("2018-05-16"), PostponedBy: 12}}},
		},
		{
			"the last election counts, in any order", "2024-05-17", party.NotDue, "2027-05-16",
			party.Body{Form: party.Branch, Elections: elected("2024-05-16", "2021-05-10")},
		},
		{
			"an election to come does not", "2024-05-15", party.Overdue, "2024-05-10",
			party.Body{Form: party.Branch, Elections: elected("2024-05-16", "2021-05-10")},
		},
	} {
		got, ok := tt.body.TenureAt(date(tt.day))
		if !ok || got.Status != tt.status || got.Until != date(tt.until) || got.Word() == "" {
			t.Errorf("%s: got %v %v", tt.name, got, ok)
		}
	}
	if _, ok := (&party.Body{Form: party.Branch}).TenureAt(date("2024-01-01")); ok {
		t.Error("a tenure without an election")
	}
	if _, ok := (&party.Body{Functional: true, Form: party.Branch, Elections: elected("2024-01-01")}).TenureAt(date("2024-01-02")); ok {
		t.Error("a functional body has no tenure")
	}
}

func TestLateElections(t *testing.T) {
	t.Parallel()
	window := calendar.Span{From: date("2018-07-10"), To: date("2021-07-10")}
	for name, tt := range map[string]struct {
		held []string
		late []string // the terms that ended late, by their election
	}{
		"on the due day":              {[]string{"2015-09-01", "2018-09-01"}, nil},
		"a day late":                  {[]string{"2015-09-01", "2018-09-02", "2021-07-01"}, []string{"2015-09-01"}},
		"late, but before the window": {[]string{"2014-01-01", "2018-07-09", "2021-07-01"}, nil},
		"overdue at its end":          {[]string{"2018-07-09"}, []string{"2018-07-09"}},
		"held after its end":          {[]string{"2018-07-09", "2021-07-11"}, []string{"2018-07-09"}},
	} {
		b := party.Body{Form: party.Branch, Elections: elected(tt.held...)}
		var got []string
		for _, l := range b.LateElections(window) {
			got = append(got, l.ElectedOn.String())
		}
		if !slices.Equal(got, tt.late) {
			t.Errorf("%s: got %v, want %v", name, got, tt.late)
		}
	}
}

func TestFormWarning(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		body party.Body
		warn bool
	}{
		{party.Body{Form: party.Branch, Members: 2}, true},
		{party.Body{Form: party.Branch, Members: 3}, false},
		{party.Body{Form: party.Branch, Members: 50}, false},
		{party.Body{Form: party.Branch, Members: 51}, true},
		{party.Body{Form: party.Branch, Members: 51, ApprovedForm: "批准文号"}, false},
		{party.Body{Form: party.GeneralBranch, Members: 49}, true},
		{party.Body{Form: party.GeneralBranch, Members: 50}, false},
		{party.Body{Form: party.GeneralBranch, Members: 99}, false},
		{party.Body{Form: party.GeneralBranch, Members: 100}, true},
		{party.Body{Form: party.Committee, Members: 99}, true},
		{party.Body{Form: party.Committee, Members: 100}, false},
		{party.Body{Form: party.JointBranch, Members: 2}, true},
		{party.Body{Form: party.JointBranch, Members: 3}, false},
		{party.Body{Form: party.Branch, Functional: true}, false},
		{party.Body{Form: party.TemporaryBranch}, false},
	} {
		if got := tt.body.FormWarning(); (got != "") != tt.warn {
			t.Errorf("%s of %d: got %q", tt.body.Form, tt.body.Members, got)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	today := date("2021-06-01")
	good := party.Body{Name: "中共吉林省𠮷林行业协会支部委员会", Form: party.Branch, FoundedOn: date("2015-05-16"), Members: 11, Elections: elected("2018-05-16")}
	if err := good.Check(today); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		with func(*party.Body)
		path string
	}{
		"no name":             {func(b *party.Body) { b.Name = " " }, "name"},
		"NUL in a name":       {func(b *party.Body) { b.Name = "a\x00b" }, "name"},
		"a name of megabytes": {func(b *party.Body) { b.Name = strings.Repeat("党", 1<<20) }, "name"},
		"no form":             {func(b *party.Body) { b.Form = "club" }, "form"},
		"founded tomorrow":    {func(b *party.Body) { b.FoundedOn = date("2021-06-02") }, "founded_on"},
		"elected tomorrow":    {func(b *party.Body) { b.Elections = elected("2021-06-02") }, "elections.0.held_on"},
		"elected too early":   {func(b *party.Body) { b.Elections = elected("2015-05-15") }, "elections.0.held_on"},
		"fewer than none":     {func(b *party.Body) { b.Members = -1 }, "members"},
		"postponed 13 months": {func(b *party.Body) {
			b.Elections = []party.Election{{HeldOn: date("2018-05-16"), PostponedBy: 13, PostponedBase: "号"}}
		}, "elections.0.postponed_by"},
		"postponed by nothing": {func(b *party.Body) { b.Elections = []party.Election{{HeldOn: date("2018-05-16"), PostponedBy: 3}} }, "elections.0.postponed_by"},
	} {
		b := good
		tt.with(&b)
		if got := paths(b.Check(today)); !slices.Contains(got, tt.path) {
			t.Errorf("%s: got %v, want %s", name, got, tt.path)
		}
	}
}

func paths(err error) (all []string) {
	if f, ok := err.(*fault.Fault); ok { //nolint:errorlint // the chapter returns it bare
		for _, w := range f.Fields {
			all = append(all, w.Path)
		}
	}
	return all
}

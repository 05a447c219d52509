package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

var source = fact.Source{Confirmed: true, By: "acc_a", On: calendar.MustDate("2021-06-01")}

// fullOrganisation has something in every field.
func fullOrganisation(key id.Organisation, code string) organisation.Organisation {
	day := calendar.MustDate("2020-05-01")
	return organisation.Organisation{
		ID: key, Code: code, Override: organisation.Override{Reason: "早年赋码", Evidence: "证书", By: "acc_a", At: time.Unix(9, 0).UTC()}, LegacyNumber: "吉社证字第0123号",
		Names: []organisation.Name{{Name: "吉林省𠮷林行业协会", From: calendar.MustDate("2010-03-01")}, {Name: "吉林省云杉行业协会", From: day}},
		Kind:  "association", RegisteredOn: calendar.MustDate("2010-03-01"), Registrar: "吉林省民政厅", Industry: "物流", State: organisation.Merged, EndedOn: day,
		Successor: "org_z", LegalHead: "负责人甲", Contact: "办公室电话",
		Facts: fact.Facts{
			Inspections: []fact.Inspection{{Year: 2020, Conclusion: fact.Passed, Source: source}}, NoPenalty: source,
			Charter: fact.Charter{Wording: "坚持党的全面领导", Clause: "第四条", ApprovedOn: day, Source: source},
			Ledgers: []fact.Ledger{{Year: 2020, Members: 11, Meetings: [4]int{1, 2, 3, 4}, Source: source}},
		},
	}
}

func change(t *testing.T, s *store.Store, do func(*store.Tx) error) error {
	t.Helper()
	return s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: time.Unix(1, 0), Act: "test"}, do(tx)
	})
}

func view(t *testing.T, s *store.Store, do func(*store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), do); err != nil {
		t.Error(err)
	}
}

func TestAnOrganisationIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	want := fullOrganisation("org_a", "51220000MJ0000018T")
	found := ruling.Ruling{
		ID: "rul_a", Organisation: "org_a", Programme: "p", Rule: "penalties", Day: calendar.MustDate("2021-07-10"), Computed: eligibility.Fails, Why: "2021年3月1日警告。", Verdict: eligibility.Meets,
		Reason: "已撤销", By: "acc_a", At: time.Unix(9, 0).UTC(),
	}
	body := party.Body{
		ID: "pty_a", Name: "支部委员会", Form: party.JointBranch, FoundedOn: calendar.MustDate("2015-05-16"), Superior: "上级", Members: 11, Functional: true, Head: "书记甲",
		ApprovedForm: "1号", TransitionTerm: 2, Elections: []party.Election{{HeldOn: calendar.MustDate("2018-05-16"), PostponedBy: 6, PostponedBase: "2号"}}, Source: source,
	}
	other := fullOrganisation("org_b", "52220000MJ0000026J")
	if err := change(t, s, func(tx *store.Tx) error {
		for _, err := range []error{tx.AddOrganisation(&want), tx.AddOrganisation(&other), tx.AddPartyBody(&body, "org_a"), tx.Cover("pty_a", "org_b"), tx.AddRuling(&found)} {
			if err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx *store.Tx) error {
		got, err := tx.OrganisationByCode("51220000MJ0000018T")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
		p, err := tx.ProfileOf("org_b")
		if diff := cmp.Diff(eligibility.Profile{Organisation: &other, Bodies: []party.Body{body}, Covers: map[id.PartyBody]int{"pty_a": 2}}, p); diff != "" || err != nil {
			t.Error(diff, err)
		}
		rulings, err := tx.RulingsOf("org_a", "p")
		if diff := cmp.Diff([]ruling.Ruling{found}, rulings); diff != "" || err != nil {
			t.Error(diff, err)
		}
		if _, err := tx.OrganisationByCode(""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("no code is nobody's: %v", err)
		}
		return nil
	})
	if err := change(t, s, func(tx *store.Tx) error { return tx.Uncover("pty_a", "org_b") }); err != nil {
		t.Error(err)
	}
	view(t, s, func(tx *store.Tx) error {
		covered, err := tx.CoveredBy("pty_a")
		if diff := cmp.Diff([]id.Organisation{"org_a"}, covered); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

func TestACodeIsKeptOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for _, tt := range []struct {
		key    id.Organisation
		code   string
		legacy string
		kept   bool
	}{
		{"org_a", "51220000MJ0000018T", "", true},
		{"org_b", "51220000MJ0000018T", "", false},
		{"org_c", "", "吉社证字第0123号", true},
		{"org_d", "", "吉社证字第0124号", true},
		{"org_e", "", "", false},
	} {
		o := fullOrganisation(tt.key, tt.code)
		o.LegacyNumber = tt.legacy
		if err := change(t, s, func(tx *store.Tx) error { return tx.AddOrganisation(&o) }); (err == nil) != tt.kept {
			t.Errorf("%s: %v", tt.key, err)
		}
	}
}

func TestOrganisationsAreListedAndFound(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for i, code := range []string{"51220000MJ0000018T", "52220000MJ0000026J", "53220000MJ0000034A"} {
		o := fullOrganisation(id.Organisation([]string{"org_a", "org_b", "org_c"}[i]), code)
		o.Kind, o.State = []string{"association", "service", "foundation"}[i], organisation.Registered
		o.Names[1].Name += []string{"100%甲", "100甲", "丙_"}[i]
		if i == 2 {
			o.Names[0].Name = "吉林省冷杉基金会"
			o.Facts.Charter.Source.Confirmed = false
		}
		if err := change(t, s, func(tx *store.Tx) error {
			if err := tx.AddOrganisation(&o); err != nil || i != 1 {
				return err
			}
			return tx.AddPartyBody(&party.Body{ID: "pty_a", Name: "支部"}, o.ID)
		}); err != nil {
			t.Fatal(err)
		}
	}
	clerk := stage.Actor{Role: stage.Clerk}
	for name, tt := range map[string]struct {
		viewer stage.Actor
		filter store.OrganisationFilter
		want   string
	}{
		"all":                       {clerk, store.OrganisationFilter{}, "abc"},
		"a page":                    {clerk, store.OrganisationFilter{Limit: 1, After: "org_a"}, "b"},
		"the last page":             {clerk, store.OrganisationFilter{After: "org_c"}, ""},
		"by a part of the code":     {clerk, store.OrganisationFilter{Query: "2220000mj"}, "b"},
		"by a former name":          {clerk, store.OrganisationFilter{Query: "𠮷林"}, "ab"},
		"in full width":             {clerk, store.OrganisationFilter{Query: "１００ %"}, "a"},
		"a wildcard is a sign":      {clerk, store.OrganisationFilter{Query: "_"}, "c"},
		"by kind":                   {clerk, store.OrganisationFilter{Kind: "service"}, "b"},
		"by state":                  {clerk, store.OrganisationFilter{State: organisation.StruckOff}, ""},
		"with something declared":   {clerk, store.OrganisationFilter{Declared: true}, "bc"},
		"an applicant's own":        {stage.Actor{Role: stage.Applicant, Organisation: "org_b"}, store.OrganisationFilter{}, "b"},
		"an applicant without one":  {stage.Actor{Role: stage.Applicant}, store.OrganisationFilter{}, ""},
		"the public":                {stage.Anyone, store.OrganisationFilter{}, ""},
		"a scrutineer":              {stage.Actor{Role: stage.Scrutineer}, store.OrganisationFilter{}, ""},
		"an operator finds by code": {stage.Actor{Role: stage.Operator}, store.OrganisationFilter{Query: "53"}, "c"},
	} {
		view(t, s, func(tx *store.Tx) error {
			all, err := tx.Organisations(tt.viewer, tt.filter)
			got := ""
			for _, o := range all {
				got += string(o.ID[4:])
			}
			if got != tt.want {
				t.Errorf("%s: got %q, want %q", name, got, tt.want)
			}
			return err
		})
	}
}

// TestWhoSeesAnOrganisation: the whole, a part of it, or nothing; what is hidden
// sounds like what does not exist.
func TestWhoSeesAnOrganisation(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	o := fullOrganisation("org_a", "51220000MJ0000018T")
	if err := change(t, s, func(tx *store.Tx) error {
		if err := tx.AddOrganisation(&o); err != nil {
			return err
		}
		return tx.AddPartyBody(&party.Body{ID: "pty_a", Name: "支部", Head: "书记甲"}, o.ID)
	}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		viewer             stage.Actor
		who, facts, bodies bool
	}{
		{stage.Actor{Role: stage.Clerk}, true, true, true},
		{stage.Actor{Role: stage.Director}, true, true, true},
		{stage.Actor{Role: stage.Chair}, true, true, true},
		{stage.Actor{Role: stage.Member}, true, true, true},
		{stage.Actor{Role: stage.Assessor}, true, true, true},
		{stage.Actor{Role: stage.Auditor}, true, true, true},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_a"}, true, true, true},
		{stage.Actor{Role: stage.Applicant, Organisation: "org_b"}, false, false, false},
		{stage.Actor{Role: stage.Applicant}, false, false, false},
		{stage.Actor{Role: stage.Operator}, true, false, false},
		{stage.Actor{Role: stage.Scrutineer}, false, false, false},
		{stage.Anyone, false, false, false},
		{stage.TheClock, false, false, false},
	} {
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.OrganisationFor(tt.viewer, "org_a")
			if (err == nil) != tt.who || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", tt.viewer.Role, err)
			}
			if (len(got.Facts.Ledgers) > 0) != tt.facts || (got.LegalHead != "") != tt.facts || (got.Contact != "") != tt.facts {
				t.Errorf("%s sees %+v", tt.viewer.Role, got)
			}
			if _, err := tx.OrganisationByCodeFor(tt.viewer, "51220000MJ0000018T"); (err == nil) != tt.who {
				t.Errorf("%s by code: %v", tt.viewer.Role, err)
			}
			if _, err := tx.PartyBodyFor(tt.viewer, "pty_a"); (err == nil) != tt.bodies || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s, the Party body: %v", tt.viewer.Role, err)
			}
			return nil
		})
	}
}

package eligibility_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/creditcode"
	"shifan/internal/id"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	valid "shifan/internal/lifecycle/programme/check"
	"shifan/internal/lifecycle/programme/facts"
)

func known(p eligibility.Profile, t eligibility.Titles) facts.Org {
	w := months36
	w.Years = years3.Years
	return eligibility.Facts(p, t, programme.Applicants{BarMonths: 36}, deadline, w)
}

func TestFactsOfNothingKnown(t *testing.T) {
	t.Parallel()
	p := profile()
	p.Bodies = nil
	f := known(p, eligibility.Titles{})
	for _, name := range []string{"按时换届", "章程写入", "年检结论", "行政处罚次数", "在异常名录", "严重失信", "每年培训次数"} {
		if u, ok := f.Unknown[name]; !ok || u.Why == "" {
			t.Errorf("%s is not known, and says nothing", name)
		}
	}
	for name := range f.Unknown {
		if !slices.Contains(facts.Names(), name) {
			t.Errorf("%s is no fact", name)
		}
	}
	if f.Prefix != "51220000" || f.Kind != "社会团体" || f.State != "正常" || f.Years != 11 || f.Months != 136 || f.PartyForm != "" {
		t.Errorf("got %+v", f)
	}
}

func TestFactsOfARegister(t *testing.T) {
	t.Parallel()
	p := profile()
	p.Bodies[0].Elections = []party.Election{{HeldOn: date("2018-05-01")}, {HeldOn: date("2021-05-01")}}
	p.Organisation.Facts = fact.Facts{
		Inspections: []fact.Inspection{{Year: 2020, Conclusion: fact.PassedBarely}, {Year: 2018, Conclusion: fact.Passed}, {Year: 2019, Conclusion: fact.Passed}},
		Penalties: []fact.Penalty{
			{Kind: "fine", DecidedOn: date("2018-07-10")},
			{Kind: "fine", DecidedOn: date("2019-07-10"), QuashedOn: date("2020-01-01")},
			{Kind: "fine", DecidedOn: date("2019-07-10"), Against: "branch"},
			{Kind: "fine", DecidedOn: date("2018-07-09"), Performed: date("2018-08-01")},
			{Kind: "fine", DecidedOn: date("2018-07-09")},
		},
		Grades:    []fact.Grade{{Rank: 5, AnnouncedOn: date("2010-01-01")}, {Rank: 3, AnnouncedOn: date("2020-01-01")}},
		Listings:  []fact.Listing{{List: fact.Abnormal, From: date("2019-01-01"), To: date("2020-01-01")}},
		NoListing: declared,
		Charter:   fact.Charter{Wording: "坚持党的全面领导", ApprovedOn: date("2019-05-05")},
		Ledgers:   []fact.Ledger{full(2018), full(2019), full(2020)},
	}
	f := known(p, eligibility.Titles{Holds: true, ValidTo: date("2022-07-09"), RevokedOn: date("2018-07-10"), FraudOn: date("2018-07-09")})
	if len(f.Unknown) > 0 {
		t.Errorf("not known: %v", f.Unknown)
	}
	if !slices.Equal(f.Inspections, []string{"合格", "合格", "基本合格"}) || f.Penalties != 1 || f.PenaltiesInDoubt != 2 {
		t.Errorf("inspections %v, penalties %d and %d", f.Inspections, f.Penalties, f.PenaltiesInDoubt)
	}
	if f.Grade != 3 || !f.GradeValid || f.Abnormal || !f.AbnormalInWindow || f.Untrusted || f.UntrustedBefore {
		t.Errorf("got %+v", f)
	}
	if !f.ElectionOnTime || f.Election != "未到期" || f.PartyForm != "党支部" || f.PartyMembers != 11 || !f.Charter {
		t.Errorf("got %+v", f)
	}
	if !f.Holds || f.MonthsLeft != 11 || !f.Barred || f.Fraud || !slices.Equal(f.DuesMonths, []int{12, 12, 12}) {
		t.Errorf("got %+v", f)
	}
}

func TestBarEnds(t *testing.T) {
	t.Parallel()
	for revoked, barred := range map[string]bool{"2018-07-10": true, "2018-07-09": false} {
		if got := known(profile(), eligibility.Titles{RevokedOn: date(revoked)}).Barred; got != barred {
			t.Errorf("revoked %s: got %v", revoked, got)
		}
	}
}

func TestSelfCheck(t *testing.T) {
	t.Parallel()
	pr := &programme.Programme{
		Applicants: programme.Applicants{Prefixes: []string{"51220000"}, Party: true},
		Clauses:    map[string]string{"三": "第二条 参评范围"},
		Eligibility: []programme.Rule{
			{Code: "penalty", Title: "行政处罚", Expr: "org.行政处罚次数 == 0", Window: programme.Window{Kind: "months_back", Length: 36}, Message: "近三年受过行政处罚。"},
			{Code: "grade", Title: "评估等级", Expr: "org.评估等级有效 and org.评估等级 >= 3", Window: programme.Window{Kind: "at_deadline"}, Message: "评估等级不到3A。"},
			{Code: "training", Title: "培训", Expr: "all(org.每年培训次数, # >= 1)", Window: programme.Window{Kind: "complete_years", Length: 3}, Message: "有年度没有培训。"},
		},
	}
	p := profile()
	p.Organisation.Facts.NoPenalty = declared
	p.Organisation.Facts.Ledgers = []fact.Ledger{full(2018), full(2019)}
	got := map[string]eligibility.Check{}
	for _, c := range eligibility.SelfCheck(pr, p, eligibility.Titles{}, deadline) {
		got[c.Rule.Code] = c
	}
	for code, want := range map[string]programme.Verdict{
		"applicants.code": eligibility.Meets, "applicants.kind": eligibility.Meets, "applicants.party": eligibility.Meets,
		"penalty": eligibility.Meets, "grade": eligibility.Fails, "training": eligibility.Pending,
	} {
		c := got[code]
		if c.Verdict != want || len(c.Why) == 0 || (want != eligibility.Meets && (c.Say == "" || len(c.Mend) == 0)) {
			t.Errorf("%s: got %+v, want %s", code, c, want)
		}
	}
	if a, b := got["applicants.code"].Rule.Clause, got["applicants.party"].Rule.Clause; a != "第二条 参评范围" || b != "本方案" {
		t.Errorf("who may apply rests on %q and %q, not on the programme's own clauses", a, b)
	}
	if w := got["penalty"].Window; w.Chinese() != "2018年7月10日至2021年7月10日" {
		t.Errorf("the window is %s", w.Chinese())
	}
	if why := strings.Join(got["training"].Why, ""); !strings.Contains(why, "2020年度没有台账") {
		t.Errorf("why: %s", why)
	}
	p.Organisation.RegisteredOn = date("2020-01-15")
	young := eligibility.SelfCheck(pr, p, eligibility.Titles{}, deadline)
	if w := young[3].Window; !w.Shortened || w.From != date("2020-01-15") {
		t.Errorf("a young body's window begins with its registration: %v", w)
	}
}

// TestOneBodyCoversSeveral: the same Party organisation may stand in several
// profiles, and a profile may have several.
func TestOneBodyCoversSeveral(t *testing.T) {
	t.Parallel()
	joint := party.Body{ID: "pty_j", Name: "联合支部", Form: party.JointBranch, Members: 5, FoundedOn: date("2020-01-01")}
	for _, code := range []string{"51220000MJ0000018T", "52220000MJ0000026J", "53220000MJ0000034A"} {
		p := eligibility.Profile{
			Organisation: &organisation.Organisation{Code: code, State: organisation.Registered},
			Bodies:       []party.Body{joint}, Covers: map[id.PartyBody]int{"pty_j": 3},
		}
		check(t, code, eligibility.HasParty(p), eligibility.Meets, "联合支部")
	}
	two := profile()
	two.Bodies = append(two.Bodies, party.Body{ID: "pty_b", Name: "第二支部", Form: party.Branch, Members: 1, FoundedOn: date("2020-01-01")})
	check(t, "two, one of them too small", eligibility.HasParty(two), eligibility.Doubtful, "第二支部")
}

// TestFactWords: the values that a condition may compare a fact with, as the names of
// facts say them, are those that Facts gives.
func TestFactWords(t *testing.T) {
	t.Parallel()
	words := func(choices []fact.Choice) (all []string) {
		for _, c := range choices {
			all = append(all, c.Word)
		}
		return all
	}
	var kinds, states []string
	for _, code := range []string{"51", "52", "53", "93", "59"} {
		kinds = append(kinds, creditcode.KindWord(creditcode.KindOf(code)))
	}
	for _, s := range organisation.Kind.States() {
		p := profile()
		p.Organisation.State = s
		states = append(states, known(p, eligibility.Titles{}).State)
	}
	tenures := []string{"不适用"}
	for _, s := range []string{party.NotDue, party.DueSoon, party.Postponed, party.Overdue} {
		tenures = append(tenures, party.Tenure{Status: s}.Word())
	}
	forms := append(words(party.Forms), "", (&party.Body{Functional: true}).Word())
	for name, want := range map[string][]string{
		"年检结论": words(fact.Conclusions), "类别": kinds, "状态": states, "换届状态": tenures, "党组织形式": forms,
	} {
		got := valid.FactKindOf(name).Words
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("%s: a condition may compare it with %q, and it is one of %q", name, got, want)
		}
	}
}

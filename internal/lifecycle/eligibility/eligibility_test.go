package eligibility_test

import (
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
)

var (
	date     = calendar.MustDate
	deadline = date("2021-07-10")
	months36 = calendar.MonthsBack(deadline, 36)
	years3   = calendar.CompleteYears(deadline, 3)
	declared = fact.Source{On: date("2021-06-01")}
)

// profile is an organisation with a branch and nothing else known.
func profile() eligibility.Profile {
	return eligibility.Profile{
		Organisation: &organisation.Organisation{
			Code: "51220000MJ0000018T", Kind: "association", State: organisation.Registered, RegisteredOn: date("2010-03-01"),
			Names: []organisation.Name{{Name: "吉林省云杉物流行业协会"}},
		},
		Bodies: []party.Body{{ID: "pty_a", Name: "支部", Form: party.Branch, FoundedOn: date("2012-05-01"), Members: 11}},
		Covers: map[id.PartyBody]int{"pty_a": 1},
	}
}

// check compares a verdict and asks that whatever is not met says why.
func check(t *testing.T, name string, got eligibility.Finding, want programme.Verdict, why string) {
	t.Helper()
	if got.Verdict != want || got.Why == "" || !strings.Contains(got.Why+got.Mend, why) || got.Clause == "" {
		t.Errorf("%s: got %s %q %q, want %s %q", name, got.Verdict, got.Why, got.Mend, want, why)
	}
}

func TestRegisteredWith(t *testing.T) {
	t.Parallel()
	province := []string{"51220000", "52220000", "53220000"}
	p := profile()
	check(t, "provincial", eligibility.RegisteredWith(p, province), eligibility.Meets, "51220000MJ0000018T")
	p.Organisation.Code = "52220100MJD12345X1"
	check(t, "of a city", eligibility.RegisteredWith(p, province), eligibility.Fails, "52220100")
	check(t, "any level", eligibility.RegisteredWith(p, nil), eligibility.Meets, "")
	p.Organisation.Code, p.Organisation.LegacyNumber = "", "吉社证字第0123号"
	check(t, "an old number only", eligibility.RegisteredWith(p, nil), eligibility.Fails, "旧登记证号")
	p = profile()
	p.Organisation.State = organisation.StruckOff
	check(t, "struck off", eligibility.RegisteredWith(p, nil), eligibility.Fails, "登记已撤销或者吊销")
}

func TestKindAmong(t *testing.T) {
	t.Parallel()
	check(t, "any", eligibility.KindAmong(profile(), nil), eligibility.Meets, "社会团体")
	check(t, "among", eligibility.KindAmong(profile(), []string{"service", "association"}), eligibility.Meets, "社会团体")
	check(t, "not among", eligibility.KindAmong(profile(), []string{"foundation"}), eligibility.Fails, "社会团体")
}

func TestHasParty(t *testing.T) {
	t.Parallel()
	p := profile()
	check(t, "a branch", eligibility.HasParty(p), eligibility.Meets, "正式党员11名")
	p.Bodies[0].Members = 2
	check(t, "a branch of two", eligibility.HasParty(p), eligibility.Doubtful, "联合党支部")
	p.Bodies[0].Form, p.Bodies[0].Members, p.Covers["pty_a"] = party.JointBranch, 9, 5
	check(t, "a joint branch of five", eligibility.HasParty(p), eligibility.Meets, "")
	p.Covers["pty_a"] = 6
	check(t, "a joint branch of six", eligibility.HasParty(p), eligibility.Doubtful, "6个单位")
	p.Bodies = nil
	check(t, "none", eligibility.HasParty(p), eligibility.Fails, "没有党组织")
}

func TestOnTimeElection(t *testing.T) {
	t.Parallel()
	held := func(days ...string) func(*party.Body) {
		return func(b *party.Body) {
			for _, d := range days {
				b.Elections = append(b.Elections, party.Election{HeldOn: date(d)})
			}
		}
	}
	for name, tt := range map[string]struct {
		with func(*party.Body)
		want programme.Verdict
		why  string
	}{
		"in time":                         {held("2015-05-01", "2018-05-01", "2021-05-01"), eligibility.Meets, "2024年5月1日"},
		"a day late in the window":        {held("2015-09-01", "2018-09-02", "2021-05-01"), eligibility.Fails, "2018年9月1日"},
		"overdue":                         {held("2015-05-01", "2018-05-01"), eligibility.Fails, "2021年5月1日"},
		"never, and old enough":           {held(), eligibility.Pending, "没有换届记录"},
		"never, and younger than a term":  {func(b *party.Body) { b.FoundedOn = date("2018-07-10") }, eligibility.Meets, "未满一届"},
		"never, a day older than a term":  {func(b *party.Body) { b.FoundedOn = date("2018-07-09") }, eligibility.Pending, "已满一届"},
		"functional":                      {func(b *party.Body) { b.Functional = true }, eligibility.Meets, "不适用"},
		"nobody knows when it was formed": {func(b *party.Body) { b.FoundedOn = calendar.Date{} }, eligibility.Pending, "成立日期"},
		"postponed with a document": {func(b *party.Body) {
			b.Elections = []party.Election{{HeldOn: date("2018-05-01"), PostponedBy: 6, PostponedBase: "批准文号"}}
		}, eligibility.Meets, "已批准延期"},
	} {
		p := profile()
		tt.with(&p.Bodies[0])
		check(t, name, eligibility.OnTimeElection(p, months36), tt.want, tt.why)
	}
	p := profile()
	p.Bodies = nil
	check(t, "no Party organisation", eligibility.OnTimeElection(p, months36), eligibility.Pending, "")
}

func TestPenaltyFree(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		decided, quashed string
		want             programme.Verdict
	}{
		"exactly 36 months back":    {"2018-07-10", "", eligibility.Fails},
		"a day more than 36 months": {"2018-07-09", "", eligibility.Meets},
		"on the deadline":           {"2021-07-10", "", eligibility.Fails},
		"after the deadline":        {"2021-07-11", "", eligibility.Meets},
		"quashed":                   {"2020-01-01", "2020-06-01", eligibility.Meets},
	} {
		p := profile()
		v := fact.Penalty{Authority: "吉林省民政厅", Kind: "warning", DecidedOn: date(tt.decided)}
		if tt.quashed != "" {
			v.QuashedOn = date(tt.quashed)
		}
		p.Organisation.Facts.Penalties, p.Organisation.Facts.NoPenalty = []fact.Penalty{v}, declared
		check(t, name, eligibility.PenaltyFree(p, months36), tt.want, "")
	}
	p := profile()
	p.Organisation.Facts.Penalties = []fact.Penalty{{Kind: "fine", DecidedOn: date("2018-07-09"), Performed: date("2018-07-10")}}
	check(t, "decided before, performed inside", eligibility.PenaltyFree(p, months36), eligibility.Doubtful, "")
	p.Organisation.Facts.Penalties = []fact.Penalty{{Kind: "fine", DecidedOn: date("2020-07-09"), Against: "person"}}
	check(t, "against a person", eligibility.PenaltyFree(p, months36), eligibility.Doubtful, "个人")
	p = profile()
	check(t, "nothing said", eligibility.PenaltyFree(p, months36), eligibility.Pending, "没有填写")
	p.Organisation.Facts.NoPenalty = declared
	check(t, "said that there is none", eligibility.PenaltyFree(p, months36), eligibility.Meets, "单位自报")
}

func TestInspectionsPass(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		of2018, of2019, of2020 string
		barely                 bool
		want                   programme.Verdict
	}{
		"three times passed":                {fact.Passed, fact.Passed, fact.Passed, false, eligibility.Meets},
		"failed once":                       {fact.Passed, fact.Failed, fact.Passed, false, eligibility.Fails},
		"not inspected once":                {fact.NotInspected, fact.Passed, fact.Passed, false, eligibility.Fails},
		"no annual report":                  {fact.Passed, fact.Passed, fact.ReportNot, false, eligibility.Fails},
		"barely, by default":                {fact.Passed, fact.PassedBarely, fact.Passed, false, eligibility.Doubtful},
		"barely, where the setting says so": {fact.Passed, fact.PassedBarely, fact.Passed, true, eligibility.Meets},
		"annual reports instead":            {fact.ReportFiled, fact.ReportFiled, fact.ReportFiled, false, eligibility.Meets},
		"new in its first year":             {fact.NewlyFounded, fact.Passed, fact.Passed, false, eligibility.Meets},
		"pending after a pass":              {fact.Passed, fact.Passed, fact.Pending, false, eligibility.Meets},
		"pending after barely":              {fact.Passed, fact.PassedBarely, fact.Pending, true, eligibility.Pending},
		"pending after nothing":             {fact.Pending, fact.Passed, fact.Passed, false, eligibility.Pending},
		"a year missing":                    {fact.Passed, "", fact.Passed, false, eligibility.Pending},
	} {
		p := profile()
		for i, c := range []string{tt.of2018, tt.of2019, tt.of2020} {
			if c != "" {
				p.Organisation.Facts.Inspections = append(p.Organisation.Facts.Inspections, fact.Inspection{Year: 2018 + i, Conclusion: c})
			}
		}
		check(t, name, eligibility.InspectionsPass(p, years3, tt.barely), tt.want, "")
	}
	check(t, "registered last year", eligibility.InspectionsPass(profile(), years3.Since(date("2020-02-01")), false), eligibility.Meets, "未满一个完整年度")
}

func TestGradeAtLeast(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rank           int
		announced, day string
		want           programme.Verdict
	}{
		"3A is included":              {3, "2020-01-10", "2021-07-10", eligibility.Meets},
		"2A is not":                   {2, "2020-01-10", "2021-07-10", eligibility.Fails},
		"valid to the last day":       {4, "2016-07-10", "2021-07-10", eligibility.Meets},
		"expired the day before":      {4, "2016-07-09", "2021-07-10", eligibility.Fails},
		"not announced yet":           {4, "2021-07-11", "2021-07-10", eligibility.Fails},
		"the 2026 rule, same year":    {3, "2026-03-01", "2026-07-10", eligibility.Doubtful},
		"the 2026 rule, next year":    {3, "2026-03-01", "2027-01-01", eligibility.Meets},
		"the 2026 rule, its last day": {3, "2026-03-01", "2031-12-31", eligibility.Meets},
		"the 2026 rule, over":         {3, "2026-03-01", "2032-01-01", eligibility.Fails},
	} {
		p := profile()
		p.Organisation.Facts.Grades = []fact.Grade{{Rank: tt.rank, AnnouncedOn: date(tt.announced)}}
		check(t, name, eligibility.GradeAtLeast(p, 3, date(tt.day)), tt.want, "")
	}
	check(t, "never evaluated", eligibility.GradeAtLeast(profile(), 3, deadline), eligibility.Fails, "没有评估等级")
	p := profile()
	p.Organisation.Facts.Grades = []fact.Grade{{Rank: 4, AnnouncedOn: date("2020-01-10"), RevokedOn: date("2021-01-01")}, {Rank: 2, AnnouncedOn: date("2021-01-01")}}
	check(t, "downgraded", eligibility.GradeAtLeast(p, 3, deadline), eligibility.Fails, "2A")
}

func TestNotListed(t *testing.T) {
	t.Parallel()
	atDay := calendar.Span{From: deadline, To: deadline}
	for name, tt := range map[string]struct {
		from, to string
		span     calendar.Span
		want     programme.Verdict
	}{
		"still on it":                 {"2020-01-01", "", atDay, eligibility.Fails},
		"off it the day before":       {"2020-01-01", "2021-07-09", atDay, eligibility.Meets},
		"off it on the day":           {"2020-01-01", "2021-07-10", atDay, eligibility.Fails},
		"in the window, off it since": {"2020-01-01", "2021-07-09", months36, eligibility.Fails},
		"off it before the window":    {"2017-01-01", "2018-07-09", months36, eligibility.Meets},
		"listed after the day":        {"2021-07-11", "", atDay, eligibility.Meets},
	} {
		p := profile()
		l := fact.Listing{List: fact.Serious, From: date(tt.from)}
		if tt.to != "" {
			l.To = date(tt.to)
		}
		p.Organisation.Facts.Listings, p.Organisation.Facts.NoListing = []fact.Listing{l}, declared
		check(t, name, eligibility.NotListed(p, tt.span), tt.want, "")
	}
	check(t, "nothing said", eligibility.NotListed(profile(), atDay), eligibility.Pending, "没有填写")
}

func TestCharterSays(t *testing.T) {
	t.Parallel()
	const wording = "坚持党的全面领导"
	approved := date("2019-05-05")
	for name, tt := range map[string]struct {
		charter fact.Charter
		want    programme.Verdict
	}{
		"as it must be":   {fact.Charter{Wording: "本会坚持党的全面领导，…", Clause: "第四条", ApprovedOn: approved}, eligibility.Meets},
		"with a blank":    {fact.Charter{Wording: "本会坚持 党的\u3000全面领导", ApprovedOn: approved}, eligibility.Meets},
		"other words":     {fact.Charter{Wording: "坚持中国共产党的全面领导", ApprovedOn: approved}, eligibility.Doubtful},
		"not approved":    {fact.Charter{Wording: "坚持党的全面领导"}, eligibility.Doubtful},
		"nothing entered": {fact.Charter{}, eligibility.Pending},
	} {
		p := profile()
		p.Organisation.Facts.Charter = tt.charter
		check(t, name, eligibility.CharterSays(p, wording), tt.want, "")
	}
}

// full is a ledger that satisfies every norm.
func full(year int) fact.Ledger {
	return fact.Ledger{
		Year: year, Members: 11, Seats: 3, Filled: 3, Leaders: 9, PartyInLead: 2, LeadInParty: 2,
		Meetings: [4]int{1, 1, 1, 1}, Committees: [4]int{3, 3, 3, 3}, Groups: 2, GroupMeetings: [4]int{6, 6, 6, 6}, Lectures: [4]int{1, 1, 1, 1},
		ThemeDays: 12, LifeMeetings: 1, Appraised: [4]int{3, 8, 0, 0}, Trainings: 1, TrainingHours: 32, DuesMonths: 12,
		Activists: 2, Planned: 1, Admitted: 1, Recruited: 4, Graduates: 1, PlatformRate: 90, Themes: 6, RoomArea: 60, Outlets: 2, Charity: 3,
	}
}

func TestLedgerRules(t *testing.T) {
	t.Parallel()
	type rule func(eligibility.Profile, calendar.Span) eligibility.Finding
	for name, tt := range map[string]struct {
		rule rule
		with func(*fact.Ledger)
		want programme.Verdict
	}{
		"no training":               {eligibility.TrainedEachYear, func(l *fact.Ledger) { l.Trainings = 0 }, eligibility.Fails},
		"eleven months of dues":     {eligibility.DuesOnTime, func(l *fact.Ledger) { l.DuesMonths = 11 }, eligibility.Doubtful},
		"short of the plan":         {eligibility.DevelopedByPlan, func(l *fact.Ledger) { l.Admitted = 0 }, eligibility.Doubtful},
		"no plan":                   {eligibility.DevelopedByPlan, func(l *fact.Ledger) { l.Planned, l.Admitted = 0, 0 }, eligibility.Meets},
		"no graduate":               {eligibility.GraduatesPreferred, func(l *fact.Ledger) { l.Graduates = 0 }, eligibility.Doubtful},
		"nobody recruited":          {eligibility.GraduatesPreferred, func(l *fact.Ledger) { l.Recruited, l.Graduates = 0, 0 }, eligibility.Meets},
		"a quarter without meeting": {eligibility.MeetingsHeld, func(l *fact.Ledger) { l.Meetings[1] = 0 }, eligibility.Doubtful},
		"a month without committee": {eligibility.MeetingsHeld, func(l *fact.Ledger) { l.Committees[0] = 2 }, eligibility.Doubtful},
		"no committee at all":       {eligibility.MeetingsHeld, func(l *fact.Ledger) { l.Seats, l.Committees = 1, [4]int{} }, eligibility.Meets},
		"no groups":                 {eligibility.MeetingsHeld, func(l *fact.Ledger) { l.Groups, l.GroupMeetings = 0, [4]int{} }, eligibility.Meets},
		"no appraisal":              {eligibility.AppraisedYearly, func(l *fact.Ledger) { l.Appraised = [4]int{} }, eligibility.Doubtful},
		"no platform":               {eligibility.PlatformsUsed, func(l *fact.Ledger) { l.PlatformRate = 0 }, eligibility.Doubtful},
		"no study":                  {eligibility.StudiedEachYear, func(l *fact.Ledger) { l.Themes = 0 }, eligibility.Doubtful},
		"no room":                   {eligibility.HasPlaces, func(l *fact.Ledger) { l.RoomArea = 0 }, eligibility.Doubtful},
		"a shared room":             {eligibility.HasPlaces, func(l *fact.Ledger) { l.RoomSharedBy = 3 }, eligibility.Doubtful},
		"no charity":                {eligibility.GaveToSociety, func(l *fact.Ledger) { l.Charity = 0 }, eligibility.Doubtful},
		"a vacancy":                 {eligibility.PostsFilled, func(l *fact.Ledger) { l.Filled = 2 }, eligibility.Doubtful},
		"one direction only":        {eligibility.CrossAppointed, func(l *fact.Ledger) { l.LeadInParty = 0 }, eligibility.Doubtful},
	} {
		p := profile()
		check(t, name+": no ledger", tt.rule(p, years3), eligibility.Pending, "没有台账")
		p.Organisation.Facts.Ledgers = []fact.Ledger{full(2018), full(2019), full(2020)}
		check(t, name+": in order", tt.rule(p, years3), eligibility.Meets, "")
		tt.with(&p.Organisation.Facts.Ledgers[1])
		check(t, name, tt.rule(p, years3), tt.want, "")
		check(t, name+": too young", tt.rule(p, years3.Since(date("2020-02-01"))), eligibility.Meets, "不适用")
	}
	p := profile()
	p.Bodies[0].Functional = true
	p.Organisation.Facts.Ledgers = []fact.Ledger{{Year: 2018}, {Year: 2019}, {Year: 2020}}
	check(t, "a functional body's dues", eligibility.DuesOnTime(p, years3), eligibility.Meets, "不适用")
}

func TestRulesInForce(t *testing.T) {
	t.Parallel()
	p := profile()
	check(t, "none", eligibility.RulesInForce(p, deadline), eligibility.Pending, "")
	p.Organisation.Facts.Regulations = []fact.Regulation{{Title: "议事规则", AdoptedOn: date("2019-01-01"), EndedOn: deadline}}
	check(t, "ended on the day", eligibility.RulesInForce(p, deadline), eligibility.Pending, "")
	check(t, "the day before", eligibility.RulesInForce(p, deadline.AddDays(-1)), eligibility.Meets, "1项")
}

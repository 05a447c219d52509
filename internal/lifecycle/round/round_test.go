package round_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	director = stage.Actor{Account: "acc_director", Role: stage.Director}
	chair    = stage.Actor{Account: "acc_chair", Role: stage.Chair}
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation(time.DateTime, s, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v.UTC()
}

// someProgramme is approved, has two categories and wants 15 days for filing.
func someProgramme() *programme.Programme {
	return &programme.Programme{
		Name: "base", Version: 3, Title: "示范基地创建", Approval: programme.Approval{Document: "关于同意开展的批复"},
		Office:     programme.Body{Name: "办公室", Contact: "办公室值班电话见安装单位设置"},
		Applicants: programme.Applicants{Categories: []programme.Category{{Code: "association"}, {Code: "service"}}},
		Filing:     programme.Filing{MinDays: 15},
		Cycle:      programme.Cycle{EveryYears: 1},
	}
}

// somePlan is the call of 2021: its deadline is a Saturday, and the office
// chose that it stays.
func somePlan() round.Plan {
	return round.Plan{
		Year: 2021, Title: "关于开展2021年度示范基地创建活动的通知", DocNumber: "吉社联党发〔2021〕4号", Addressees: "各社会组织党委（党总支、党支部）",
		DatedOn: calendar.MustDate("2021-06-04"), DeadlineDate: calendar.MustDate("2021-07-10"), RestDay: calendar.Strict,
	}
}

func drafted(t testing.TB, change func(*round.Plan)) *round.Round {
	t.Helper()
	plan := somePlan()
	if change != nil {
		change(&plan)
	}
	r, m, err := round.Draft(clerk, someProgramme(), plan)
	if err != nil || m.To != round.Drafted || m.Act != "draft" {
		t.Fatal(m, err)
	}
	r.ID = "rnd_this"
	return r
}

func someFacts() round.Facts {
	return round.Facts{Programme: someProgramme(), State: programme.Active, Calendar: calendar.Embedded()}
}

func published(t testing.TB) *round.Round {
	t.Helper()
	r := drafted(t, nil)
	if _, err := r.Publish(director, someFacts(), at(t, "2021-06-21 15:56:00")); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPublish(t *testing.T) {
	t.Parallel()
	now := at(t, "2021-06-21 15:56:00")
	r := drafted(t, nil)
	m, err := r.Publish(director, someFacts(), now)
	if err != nil || m.To != round.Open || r.State != round.Open {
		t.Fatal(m, err)
	}
	// S2: three dates apart; S4: the version is frozen; S5: to 24:00 of the 10th.
	if r.DatedOn.String() != "2021-06-04" || r.IssuedOn.String() != "2021-06-21" || !r.PublishedAt.Equal(now) {
		t.Error("the three dates of the call:", r.DatedOn, r.IssuedOn, r.PublishedAt)
	}
	if r.ProgrammeVersion != 3 || r.CalendarVersion != calendar.Embedded().Version() {
		t.Error("what is frozen:", r.ProgrammeVersion, r.CalendarVersion)
	}
	if !r.Deadline.Equal(at(t, "2021-07-11 00:00:00")) || r.LastDay.String() != "2021-07-10" || r.DeadlineTime != "24:00" {
		t.Error("the deadline:", r.Deadline, r.LastDay, r.DeadlineTime)
	}
	if r.Contact != "办公室值班电话见安装单位设置" {
		t.Error("the contact comes from the configuration (S6):", r.Contact)
	}
	want := calendar.Commitment{
		Thing: "rnd_this", Label: r.Title + " 申报截止", From: r.DeadlineDate, RestDay: "strict",
		Last: calendar.MustDate("2021-07-10"), Version: calendar.Embedded().Version(),
	}
	if diff := cmp.Diff(want, r.Commitment()); diff != "" {
		t.Error(diff)
	}
}

func TestPublishRollsForwardWhenChosen(t *testing.T) {
	t.Parallel()
	r := drafted(t, func(p *round.Plan) { p.RestDay, p.DeadlineTime = calendar.RollForward, "17:30" })
	if _, err := r.Publish(chair, someFacts(), at(t, "2021-06-21 15:56:00")); err != nil {
		t.Fatal(err)
	}
	if !r.Deadline.Equal(at(t, "2021-07-12 17:30:00")) || r.LastDay.String() != "2021-07-12" || r.DeadlineDate.String() != "2021-07-10" {
		t.Error(r.Deadline, r.LastDay, r.DeadlineDate)
	}
}

func TestPublishRefuses(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate
	other := func(change func(*round.Round)) []round.Round {
		o := round.Round{ID: "rnd_other", Year: 2021, Title: "另一届", State: round.Open, PublishedAt: at(t, "2021-03-01 09:00:00")}
		change(&o)
		return []round.Round{o}
	}
	for name, tt := range map[string]struct {
		by    stage.Actor
		plan  func(*round.Plan)
		facts func(*round.Facts)
		now   string
		code  string
	}{
		"a clerk may not":             {by: clerk, code: "stage.not_allowed"},
		"an applicant may not":        {by: stage.Actor{Role: stage.Applicant}, code: "stage.not_allowed"},
		"who prepared it may not":     {by: stage.Actor{Account: clerk.Account, Role: stage.Director}, code: "round.publish.same_person"},
		"a suspended programme":       {facts: func(f *round.Facts) { f.State = programme.Suspended }, code: "round.publish.programme"},
		"no approval":                 {facts: func(f *round.Facts) { f.Programme.Approval = programme.Approval{} }, code: "round.publish.unapproved"},
		"an approval that ended":      {facts: func(f *round.Facts) { f.Programme.Approval.ValidTo = day("2021-06-20") }, code: "round.publish.approval_ended"},
		"an approval of its last day": {facts: func(f *round.Facts) { f.Programme.Approval.ValidTo = day("2021-06-21") }},
		"an override in words": {facts: func(f *round.Facts) {
			f.Programme.Approval = programme.Approval{Override: "以本单位内设机构为对象"}
		}},
		"a national title, no approval": {
			plan:  func(p *round.Plan) { p.Title = "全国示范基地" },
			facts: func(f *round.Facts) { f.Programme.Approval = programme.Approval{Override: "x"} }, code: "round.publish.scope_word",
		},
		"no date":              {plan: func(p *round.Plan) { p.DatedOn = calendar.Date{} }, code: "round.publish.incomplete"},
		"no deadline":          {plan: func(p *round.Plan) { p.DeadlineDate = calendar.Date{} }, code: "round.publish.incomplete"},
		"nobody addressed":     {plan: func(p *round.Plan) { p.Addressees = " " }, code: "round.publish.incomplete"},
		"no contact":           {facts: func(f *round.Facts) { f.Programme.Office.Contact = "" }, code: "round.publish.incomplete"},
		"its own contact":      {plan: func(p *round.Plan) { p.Contact = "办公室" }, facts: func(f *round.Facts) { f.Programme.Office.Contact = "" }},
		"before its date":      {now: "2021-06-03 23:59:59", code: "round.publish.before_date"},
		"on its date":          {now: "2021-06-04 00:00:00"},
		"before it is printed": {plan: func(p *round.Plan) { p.IssuedOn = day("2021-06-22") }, code: "round.publish.before_date"},
		"a rest day, not chosen": {
			plan: func(p *round.Plan) { p.RestDay = "" }, code: "round.publish.rest_day",
		},
		"a working day, nothing to choose": {plan: func(p *round.Plan) { p.RestDay, p.DeadlineDate = "", day("2021-07-09") }},
		"at the deadline":                  {now: "2021-07-11 00:00:00", code: "round.publish.deadline_past"},
		"two weeks before it": {
			now: "2021-06-26 09:00:00", code: "round.publish.unacknowledged",
		},
		"just enough days": {now: "2021-06-25 23:59:59"},
		"too few, taken note of": {
			now: "2021-07-10 23:59:59", facts: func(f *round.Facts) { f.Acknowledged = []string{"filing_days"} },
		},
		"a year without an arrangement": {
			plan: func(p *round.Plan) { p.Year, p.DeadlineDate = 2027, day("2027-03-10") }, now: "2027-01-10 09:00:00", code: "round.publish.unacknowledged",
		},
		"provisional, taken note of": {
			plan: func(p *round.Plan) { p.Year, p.DeadlineDate = 2027, day("2027-03-10") }, now: "2027-01-10 09:00:00",
			facts: func(f *round.Facts) { f.Acknowledged = []string{"provisional"} },
		},
		"a second round of the year": {facts: func(f *round.Facts) { f.Others = other(func(*round.Round) {}) }, code: "round.publish.second_regular"},
		"another year's round":       {facts: func(f *round.Facts) { f.Others = other(func(o *round.Round) { o.Year = 2020 }) }},
		"a special one of the year":  {facts: func(f *round.Facts) { f.Others = other(func(o *round.Round) { o.Special = true }) }},
		"a draft of the year":        {facts: func(f *round.Facts) { f.Others = other(func(o *round.Round) { o.PublishedAt = time.Time{} }) }},
		"itself among the others":    {facts: func(f *round.Facts) { f.Others = other(func(o *round.Round) { o.ID = "rnd_this" }) }},
		"special beside the regular": {plan: func(p *round.Plan) { p.Special, p.Reason = true, "补选" }, facts: func(f *round.Facts) { f.Others = other(func(*round.Round) {}) }},
		"special without a reason":   {plan: func(p *round.Plan) { p.Special = true }, code: "round.publish.special_reason"},
		"every two years, one apart": {facts: func(f *round.Facts) {
			f.Programme.Cycle.EveryYears, f.Others = 2, other(func(o *round.Round) { o.Year = 2020 })
		}, code: "round.publish.cycle"},
		"every two years, two apart": {facts: func(f *round.Facts) {
			f.Programme.Cycle.EveryYears, f.Others = 2, other(func(o *round.Round) { o.Year = 2019 })
		}},
		"every two years, one before": {facts: func(f *round.Facts) {
			f.Programme.Cycle.EveryYears, f.Others = 2, other(func(o *round.Round) { o.Year = 2022 })
		}, code: "round.publish.cycle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, f, by, now := drafted(t, tt.plan), someFacts(), director, "2021-06-21 15:56:00"
			if tt.by.Role != "" {
				by = tt.by
			}
			if tt.facts != nil {
				tt.facts(&f)
			}
			if tt.now != "" {
				now = tt.now
			}
			before := *r
			_, err := r.Publish(by, f, at(t, now))
			if tt.code == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if fault.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %s", err, tt.code)
			}
			if diff := cmp.Diff(before, *r); diff != "" {
				t.Error("a refusal changed the round:", diff)
			}
		})
	}
}

// TestFilingOpen: the 10th belongs to the period, to the last second and not a
// moment longer (S5, S45).
func TestFilingOpen(t *testing.T) {
	t.Parallel()
	r := published(t)
	for when, want := range map[string]bool{
		"2021-06-21 15:55:59": false, "2021-06-21 15:56:00": true,
		"2021-07-10 23:59:59": true, "2021-07-11 00:00:00": false, "2021-07-11 00:00:01": false,
	} {
		if r.FilingOpen(at(t, when)) != want {
			t.Errorf("filing open at %s: want %v", when, want)
		}
	}
	if r.State = round.Closed; r.FilingOpen(at(t, "2021-07-01 09:00:00")) {
		t.Error("a closed round takes applications")
	}
	if drafted(t, nil).FilingOpen(at(t, "2021-07-01 09:00:00")) {
		t.Error("a draft takes applications")
	}
}

func TestPlanRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*round.Plan)
		code   string
	}{
		"no title":                      {func(p *round.Plan) { p.Title = "　 " }, "round.plan.empty"},
		"a rare character":              {func(p *round.Plan) { p.Title = "𠮷林示范基地" }, ""},
		"a title of 120":                {func(p *round.Plan) { p.Title = strings.Repeat("𠮷", 120) }, ""},
		"a title of 121":                {func(p *round.Plan) { p.Title = strings.Repeat("𠮷", 121) }, "round.plan.long"},
		"10 MB":                         {func(p *round.Plan) { p.Contact = strings.Repeat("长", 10<<20/3) }, "round.plan.long"},
		"a NUL byte":                    {func(p *round.Plan) { p.Title = "示范\x00基地" }, "round.plan.control"},
		"no UTF-8":                      {func(p *round.Plan) { p.DocNumber = "\xff" }, "round.plan.control"},
		"year 21":                       {func(p *round.Plan) { p.Year = 21 }, "input.several"}, // the deadline is not in it either
		"printed before dated":          {func(p *round.Plan) { p.IssuedOn = calendar.MustDate("2021-06-03") }, "round.plan.issued_before_dated"},
		"printed when dated":            {func(p *round.Plan) { p.IssuedOn = p.DatedOn }, ""},
		"deadline on the date":          {func(p *round.Plan) { p.DeadlineDate = p.DatedOn }, "round.plan.deadline_before_dated"},
		"deadline in the next year":     {func(p *round.Plan) { p.DeadlineDate = calendar.MustDate("2022-01-10") }, ""},
		"deadline in two years":         {func(p *round.Plan) { p.DeadlineDate = calendar.MustDate("2023-01-10") }, "round.plan.deadline_year"},
		"deadline in the year before":   {func(p *round.Plan) { p.DatedOn, p.DeadlineDate = calendar.Date{}, calendar.MustDate("2020-12-31") }, "round.plan.deadline_year"},
		"a time of no day":              {func(p *round.Plan) { p.DeadlineTime = "24:30" }, "calendar.deadline.time"},
		"an unknown policy":             {func(p *round.Plan) { p.RestDay = "soon" }, "calendar.deadline.rest_day"},
		"a quota for a category":        {func(p *round.Plan) { p.Quota = map[string]int{"service": 3, "association": 0} }, ""},
		"one quota for all":             {func(p *round.Plan) { p.Quota = map[string]int{"": 10} }, ""},
		"a quota for no category":       {func(p *round.Plan) { p.Quota = map[string]int{"farm": 3} }, "round.plan.category"},
		"a negative quota":              {func(p *round.Plan) { p.Quota = map[string]int{"service": -1} }, "round.plan.quota"},
		"an absurd quota":               {func(p *round.Plan) { p.Quota = map[string]int{"service": 10001} }, "round.plan.quota"},
		"everything open but the title": {func(p *round.Plan) { *p = round.Plan{Year: 2021, Title: "通知"} }, ""},
		"two things at once":            {func(p *round.Plan) { p.Title, p.DeadlineTime = "", "x" }, "input.several"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := somePlan()
			tt.change(&plan)
			if _, _, err := round.Draft(clerk, someProgramme(), plan); tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
				t.Errorf("draft: got %v, want %s", err, tt.code)
			}
			r := drafted(t, nil)
			if _, err := r.Edit(clerk, someProgramme(), plan); tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
				t.Errorf("edit: got %v, want %s", err, tt.code)
			}
		})
	}
	if _, _, err := round.Draft(director, someProgramme(), somePlan()); fault.CodeOf(err) != "round.draft.role" {
		t.Errorf("a director drafts: %v", err)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	r := drafted(t, nil)
	plan := r.Plan()
	plan.Title, plan.Special, plan.Reason, plan.Quota = "新标题", false, "多余的理由", map[string]int{"": 5}
	other := stage.Actor{Account: "acc_other", Role: stage.Clerk}
	if _, err := r.Edit(other, someProgramme(), plan); err != nil || r.Title != "新标题" || r.Reason != "" || r.PreparedBy != other.Account || r.Quota[""] != 5 {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := published(t).Edit(clerk, someProgramme(), plan); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a published call is edited (S4): %v", err)
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	p := someProgramme()
	p.Quota.Max, p.Applicants.Categories[1].Quota.Max = 20, 5
	r := drafted(t, func(p *round.Plan) { p.Quota = map[string]int{"association": 3} })
	for category, want := range map[string]int{"association": 3, "service": 5, "": 20} {
		if got := r.Places(p, category); got != want {
			t.Errorf("places for %q: %d, want %d", category, got, want)
		}
	}
	if got := drafted(t, nil).Places(someProgramme(), ""); got != 0 {
		t.Errorf("no bound is written %d", got)
	}
}

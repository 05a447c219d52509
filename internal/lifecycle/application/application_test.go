package application_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
)

var (
	applicant = stage.Actor{Account: "acc_a", Role: stage.Applicant, Organisation: "org_1"}
	clerk     = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	chair     = stage.Actor{Account: "acc_chair", Role: stage.Chair}
	director  = stage.Actor{Account: "acc_director", Role: stage.Director}
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation(time.DateTime, s, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v.UTC()
}

// someFacts: a round of 2021 open until 10 July 24:00, with one indicator that
// asks for evidence, one of 2021 only and one of 2022 only.
func someFacts() application.Facts {
	return application.Facts{
		Programme: &programme.Programme{
			Name: "base", Applicants: programme.Applicants{Party: true, Categories: []programme.Category{
				{Code: "association", Kinds: []string{"association"}}, {Code: "service", Kinds: []string{"service", "foundation"}},
			}},
			Criteria: []programme.Group{{Code: "1", Indicators: []programme.Indicator{
				{Code: "1-1", Title: "成立党组织", Judged: "veto", Evidence: []string{"批复"}, Words: 20},
				{Code: "1-2", Title: "抗击疫情", Judged: "pass_fail", Years: []int{2021}},
				{Code: "1-3", Title: "以后的", Judged: "pass_fail", Years: []int{2022}},
			}}},
			Review: programme.Review{CorrectionDays: 5, CorrectionFacts: "clarify_only"},
			Filing: programme.Filing{AcceptIn: 5},
		},
		Round: &round.Round{
			ID: "rnd_1", Year: 2021, Title: "2021年度申报", State: round.Open,
			PublishedAt: calendar.MustDate("2021-06-21").Start(), Deadline: calendar.MustDate("2021-07-10").End(),
		},
		Organisation: &organisation.Organisation{
			ID: "org_1", Code: "51220000MJ1234567A", Kind: "association", State: organisation.Registered,
			Names: []organisation.Name{{Name: "吉林省𠮷松行业协会", From: calendar.MustDate("2015-01-01")}},
		},
		Bodies: []party.Body{{ID: "pty_1", Name: "吉林省𠮷松行业协会党支部"}},
	}
}

func complete() answer.Part {
	yes, who := true, " 书记甲 "
	return answer.Part{Committed: &yes, Signatory: &who, Answers: map[string]answer.Answer{
		"1-1": {Rating: answer.Meets, Statement: "已经成立。", Evidence: []string{"吉社联党批〔2015〕3号"}},
		"1-2": {Rating: answer.Partly, Statement: "有捐赠。"},
	}}
}

func draft(t testing.TB, f application.Facts) *application.Application {
	t.Helper()
	a, m, err := application.Start(applicant, f, "", at(t, "2021-06-22 09:00:00"))
	if err != nil || m.To != application.Draft || m.Act != "start" {
		t.Fatal(m, err)
	}
	a.ID = "app_1"
	return a
}

func ready(t testing.TB, f application.Facts) *application.Application {
	t.Helper()
	a := draft(t, f)
	if _, err := a.Save(applicant, f, complete(), at(t, "2021-06-23 09:00:00")); err != nil {
		t.Fatal(err)
	}
	return a
}

func submitted(t testing.TB, f application.Facts) *application.Application {
	t.Helper()
	a := ready(t, f)
	if _, err := a.Submit(applicant, f, "form-1", at(t, "2021-07-01 09:00:00")); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestStart: who may begin an application, when, and for whom (S14, S44, S67:
// what eligibility finds forbids no draft).
func TestStart(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     stage.Actor
		change func(*application.Facts)
		body   id.PartyBody
		now    string
		code   string
	}{
		"an applicant":               {},
		"a clerk":                    {by: clerk, code: "application.start.role"},
		"another's applicant":        {by: stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, code: "thing.not_found"},
		"at the publication":         {now: "2021-06-21 00:00:00"},
		"before the publication":     {now: "2021-06-20 23:59:59", code: "application.start.not_open"},
		"in the last second":         {now: "2021-07-10 23:59:59"},
		"at the deadline":            {now: "2021-07-11 00:00:00", code: "application.submit.late"},
		"a round that is drafted":    {change: func(f *application.Facts) { f.Round.State, f.Round.PublishedAt = round.Drafted, time.Time{} }, code: "application.start.not_open"},
		"struck off":                 {change: func(f *application.Facts) { f.Organisation.State = organisation.StruckOff }, code: "application.start.registration"},
		"a legacy number only":       {change: func(f *application.Facts) { f.Organisation.Code, f.Organisation.LegacyNumber = "", "吉社证字1" }, code: "application.start.code"},
		"no Party organisation":      {change: func(f *application.Facts) { f.Bodies = nil }, code: "application.start.party"},
		"none is wanted":             {change: func(f *application.Facts) { f.Bodies, f.Programme.Applicants.Party = nil, false }},
		"two, not said which":        {change: func(f *application.Facts) { f.Bodies = append(f.Bodies, party.Body{ID: "pty_2"}) }, code: "application.party.choose"},
		"two, the second":            {change: func(f *application.Facts) { f.Bodies = append(f.Bodies, party.Body{ID: "pty_2"}) }, body: "pty_2"},
		"somebody else's":            {body: "pty_9", code: "application.party.unknown"},
		"one is there":               {change: func(f *application.Facts) { f.Others = other("org_1", "", application.Draft) }, code: "application.start.twice"},
		"one was submitted":          {change: func(f *application.Facts) { f.Others = other("org_1", "", application.Submitted) }, code: "application.start.twice"},
		"one was declined":           {change: func(f *application.Facts) { f.Others = other("org_1", "", application.Declined) }, code: "application.start.twice"},
		"one was withdrawn":          {change: func(f *application.Facts) { f.Others = other("org_1", "pty_1", application.Withdrawn) }},
		"another organisation's":     {change: func(f *application.Facts) { f.Others = other("org_2", "pty_2", application.Submitted) }},
		"the joint branch did":       {change: func(f *application.Facts) { f.Others = other("org_2", "pty_1", application.Submitted) }, code: "application.party.twice"},
		"the joint branch withdrew":  {change: func(f *application.Facts) { f.Others = other("org_2", "pty_1", application.Withdrawn) }},
		"a kind of no category":      {change: func(f *application.Facts) { f.Organisation.Kind = "other" }},
		"while it holds the title":   {change: func(f *application.Facts) { f.Programme.Applicants.HolderMay = "never" }},
		"a round of another machine": {change: func(f *application.Facts) { f.Round.State = round.Closed }, code: "application.start.not_open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, by, now := someFacts(), applicant, "2021-06-22 09:00:00"
			if tt.by.Role != "" {
				by = tt.by
			}
			if tt.change != nil {
				tt.change(&f)
			}
			if tt.now != "" {
				now = tt.now
			}
			a, _, err := application.Start(by, f, tt.body, at(t, now))
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code || a != nil {
					t.Errorf("got %v, want %s", err, tt.code)
				}
				return
			}
			if err != nil || a.State != application.Draft || len(a.History) != 1 || a.Name != "吉林省𠮷松行业协会" {
				t.Errorf("%+v %v", a, err)
			}
		})
	}
}

func other(o id.Organisation, body id.PartyBody, s stage.State) []application.Application {
	return []application.Application{{ID: "app_9", Organisation: o, Body: body, Name: "另一家", State: s, SubmittedAt: time.Unix(1, 0), Number: "2021-001"}}
}

// TestCategory: derived from the kind of the organisation (S8).
func TestCategory(t *testing.T) {
	t.Parallel()
	p := someFacts().Programme
	for kind, want := range map[string]string{"association": "association", "service": "service", "foundation": "service", "other": ""} {
		if got := application.CategoryOf(p, &organisation.Organisation{Kind: kind}); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
	if got := application.CategoryOf(&programme.Programme{Applicants: programme.Applicants{Categories: []programme.Category{{Code: "all"}}}}, &organisation.Organisation{}); got != "all" {
		t.Errorf("a category of every kind: %q", got)
	}
}

// TestSave: a draft holds what is there, and belongs to the time of filing.
func TestSave(t *testing.T) {
	t.Parallel()
	f := someFacts()
	f.Bodies = append(f.Bodies, party.Body{ID: "pty_2", Name: "第二党支部"})
	a, _, err := application.Start(applicant, f, "pty_1", at(t, "2021-06-22 09:00:00"))
	if err != nil {
		t.Fatal(err)
	}
	save := func(now string, in answer.Part) error {
		before := a.Content()
		_, err := a.Save(applicant, f, in, at(t, now))
		if diff := cmp.Diff(before, a.Content()); err != nil && diff != "" {
			t.Error("a refusal changed the draft:", diff)
		}
		return err
	}
	second, foreign, long := id.PartyBody("pty_2"), id.PartyBody("pty_9"), strings.Repeat("长", 61)
	for name, tt := range map[string]struct {
		in   answer.Part
		code string
	}{
		"an indicator of another year": {answer.Part{Answers: map[string]answer.Answer{"1-3": {}}}, "answer.keep.indicator"},
		"an indicator of none":         {answer.Part{Answers: map[string]answer.Answer{"9\xff": {}}}, "answer.keep.indicator"},
		"two things":                   {answer.Part{Answers: map[string]answer.Answer{"1-1": {Rating: "x", Statement: "\x00"}}}, "input.several"},
		"a foreign Party body":         {answer.Part{Party: &foreign}, "application.party.unknown"},
		"who signs, without end":       {answer.Part{Signatory: &long}, "fact.text.long"},
	} {
		if err := save("2021-06-23 09:00:00", tt.in); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := save("2021-06-23 09:00:00", answer.Part{Party: &second, Answers: map[string]answer.Answer{"1-1": {Statement: "先写一句"}}}); err != nil || a.PartyBody != "第二党支部" {
		t.Error(err, a.PartyBody)
	}
	if err := save("2021-07-10 23:59:59", answer.Part{Answers: map[string]answer.Answer{"1-2": {Rating: answer.Meets}}}); err != nil || a.Answers["1-1"].Statement != "先写一句" {
		t.Error(err, a.Answers)
	}
	if !a.SavedAt.Equal(at(t, "2021-07-10 23:59:59")) || len(a.History) != 1 {
		t.Error(a.SavedAt, a.History)
	}
	if err := save("2021-07-11 00:00:00", answer.Part{}); fault.CodeOf(err) != "application.submit.late" {
		t.Error("saved after the deadline:", err)
	}
	if _, err := a.Save(clerk, f, answer.Part{}, at(t, "2021-06-23 09:00:00")); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error("a clerk writes:", err)
	}
}

// TestSubmit: in time to the second and complete, or not at all (S43–S45, S64).
func TestSubmit(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     stage.Actor
		change func(*application.Application, *application.Facts)
		form   string
		now    string
		code   string
	}{
		"complete":           {},
		"in the last second": {now: "2021-07-10 23:59:59"},
		"at the deadline":    {now: "2021-07-11 00:00:00", code: "application.submit.late"},
		"a second after it":  {now: "2021-07-11 00:00:01", code: "application.submit.late"},
		"after an extension": {now: "2021-07-11 00:00:01", change: func(_ *application.Application, f *application.Facts) {
			f.Round.Deadline = calendar.MustDate("2021-07-12").End()
		}},
		"by a clerk":             {by: clerk, code: "stage.not_allowed"},
		"twice":                  {change: func(a *application.Application, _ *application.Facts) { a.State = application.Submitted }, code: "stage.not_allowed"},
		"a form without a name":  {form: " ", code: "application.submit.form"},
		"a form of any length":   {form: strings.Repeat("x", 65), code: "application.submit.form"},
		"struck off meanwhile":   {change: func(_ *application.Application, f *application.Facts) { f.Organisation.State = organisation.StruckOff }, code: "application.start.registration"},
		"the Party body is gone": {change: func(_ *application.Application, f *application.Facts) { f.Bodies = nil }, code: "application.start.party"},
		"an indicator open":      {change: func(a *application.Application, _ *application.Facts) { delete(a.Answers, "1-2") }, code: "input.several"},
		"not the year's":         {change: func(a *application.Application, f *application.Facts) { delete(a.Answers, "1-2"); f.Round.Year = 2023 }},
		"a rating open": {change: func(a *application.Application, _ *application.Facts) {
			a.Answers["1-2"] = answer.Answer{Statement: "有"}
		}, code: "answer.complete.rating"},
		"20 字 of 20": {change: func(a *application.Application, _ *application.Facts) { setStatement(a, 20) }},
		"21 字 of 20": {change: func(a *application.Application, _ *application.Facts) { setStatement(a, 21) }, code: "answer.complete.words"},
		"evidence not described": {change: func(a *application.Application, _ *application.Facts) {
			a.Answers["1-1"] = answer.Answer{Rating: answer.Meets, Statement: "有"}
		}, code: "answer.complete.evidence"},
		"without commitment": {change: func(a *application.Application, _ *application.Facts) { a.Committed = false }, code: "answer.complete.commitment"},
		"nobody signs":       {change: func(a *application.Application, _ *application.Facts) { a.Signatory = "" }, code: "answer.complete.signatory"},
		"the joint branch did": {change: func(_ *application.Application, f *application.Facts) {
			f.Others = other("org_2", "pty_1", application.Underway)
		}, code: "application.party.twice"},
		"another one of its own": {change: func(_ *application.Application, f *application.Facts) {
			f.Others = other("org_1", "pty_1", application.Draft)
		}, code: "application.start.twice"},
		"itself among the others": {change: func(a *application.Application, f *application.Facts) { f.Others = []application.Application{*a} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := someFacts()
			a, by, now, form := ready(t, f), applicant, "2021-07-01 09:00:00", "form-1"
			if tt.change != nil {
				tt.change(a, &f)
			}
			if tt.by.Role != "" {
				by = tt.by
			}
			if tt.now != "" {
				now = tt.now
			}
			if tt.form != "" {
				form = tt.form
			}
			before := *a
			_, err := a.Submit(by, f, form, at(t, now))
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code {
					t.Errorf("got %v, want %s", err, tt.code)
				}
				if diff := cmp.Diff(before, *a); diff != "" {
					t.Error("a refusal changed the application:", diff)
				}
				return
			}
			if err != nil || a.State != application.Submitted || !a.SubmittedAt.Equal(at(t, now)) || a.Digest != a.Content().Digest() || a.Submission != form {
				t.Errorf("%+v %v", a, err)
			}
			if diff := cmp.Diff(a.Content(), a.Original); diff != "" || len(a.Changes()) != 0 {
				t.Error("what was submitted is kept:", diff)
			}
		})
	}
}

func setStatement(a *application.Application, n int) {
	w := a.Answers["1-1"]
	w.Statement = strings.Repeat("长", n)
	a.Answers["1-1"] = w
}

// TestNamesAreThoseOfTheDay: a change of name after the submission changes
// nothing in it (S59).
func TestNamesAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	f := someFacts()
	a := ready(t, f)
	f.Organisation.Names = append(f.Organisation.Names, organisation.Name{Name: "吉林省新名协会", From: calendar.MustDate("2021-06-25")})
	f.Bodies[0].Name = "新名党支部"
	if _, err := a.Submit(applicant, f, "form-1", at(t, "2021-07-01 09:00:00")); err != nil {
		t.Fatal(err)
	}
	f.Organisation.Names = append(f.Organisation.Names, organisation.Name{Name: "又一个名字", From: calendar.MustDate("2021-07-02")})
	if a.Name != "吉林省新名协会" || a.PartyBody != "新名党支部" || a.Original.Name != a.Name {
		t.Error(a.Name, a.PartyBody)
	}
}

func TestNextNumber(t *testing.T) {
	t.Parallel()
	r := &round.Round{Year: 2026}
	if got := application.NextNumber(r, 17); got != "2026-018" {
		t.Error(got)
	}
	r.Special = true
	if got := application.NextNumber(r, 0); got != "2026增-001" {
		t.Error(got)
	}
}

// TestForfeit: at the deadline's instant, by the clock, and only drafts (S45).
func TestForfeit(t *testing.T) {
	t.Parallel()
	f := someFacts()
	a := draft(t, f)
	if _, err := a.Forfeit(stage.TheClock, f.Round, at(t, "2021-07-10 23:59:59")); fault.CodeOf(err) != "application.forfeit.early" || a.State != application.Draft {
		t.Error("a second early:", err)
	}
	if _, err := a.Forfeit(clerk, f.Round, at(t, "2021-07-11 00:00:00")); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error("a person forfeits:", err)
	}
	if _, err := a.Forfeit(stage.TheClock, f.Round, at(t, "2021-07-11 00:00:00")); err != nil || a.State != application.Forfeited || !a.Ended() {
		t.Error(err, a.State)
	}
	if _, err := a.Submit(applicant, f, "form-1", at(t, "2021-07-11 00:00:01")); fault.CodeOf(err) != "application.submit.late" {
		t.Error("submitted after it was forfeited:", err)
	}
	if _, err := a.Save(applicant, f, complete(), at(t, "2021-07-11 00:00:01")); fault.CodeOf(err) != "application.submit.late" {
		t.Error("saved after it was forfeited:", err)
	}
	if _, err := submitted(t, f).Forfeit(stage.TheClock, f.Round, at(t, "2021-07-11 00:00:00")); fault.KindOf(err) != fault.Refused {
		t.Error("what was filed is forfeited:", err)
	}
}

func TestDiscardAndWithdraw(t *testing.T) {
	t.Parallel()
	f, now := someFacts(), at(t, "2021-07-02 09:00:00")
	a := draft(t, f)
	if _, err := a.Withdraw(applicant, f.Round, now); fault.KindOf(err) != fault.Refused {
		t.Error("a draft is withdrawn:", err)
	}
	if _, err := a.Discard(applicant, now); err != nil || a.State != application.Withdrawn || a.Live() || a.Filed() {
		t.Error(err, a)
	}
	b := submitted(t, f)
	if _, err := b.Discard(applicant, now); fault.KindOf(err) != fault.Refused {
		t.Error("what was filed is discarded:", err)
	}
	if _, err := b.Withdraw(clerk, f.Round, now); fault.KindOf(err) != fault.Refused {
		t.Error("the office withdraws:", err)
	}
	if _, err := b.Withdraw(applicant, f.Round, now); err != nil || b.State != application.Withdrawn || !b.Filed() || b.Number != "2021-001" {
		t.Error(err, b)
	}
	c := submitted(t, f)
	if _, err := c.Accept(clerk, now); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Withdraw(applicant, f.Round, now); fault.KindOf(err) != fault.Refused {
		t.Error("withdrawn after acceptance:", err)
	}
}

// TestDecline: only what is not within the programme at all (S46: the office has
// no other power to reject).
func TestDecline(t *testing.T) {
	t.Parallel()
	found := func(code string, v programme.Verdict) ruling.Check {
		return ruling.Check{Check: eligibility.Check{Finding: programme.Finding{Rule: programme.Rule{Code: code}, Verdict: v}}}
	}
	outside := application.Outside([]ruling.Check{
		found("applicants.kind", eligibility.Fails), found("applicants.code", eligibility.Meets), found("penalties", eligibility.Fails), found("applicants.party", eligibility.Doubtful),
	})
	if len(outside) != 1 || outside[0].Rule.Code != "applicants.kind" {
		t.Fatal(outside)
	}
	now := at(t, "2021-07-12 09:00:00")
	for name, tt := range map[string]struct {
		by      stage.Actor
		outside []ruling.Check
		reason  string
		code    string
	}{
		"outside":             {clerk, outside, "基金会分会不在范围内", ""},
		"within":              {clerk, nil, "受过处罚", "application.decline.within"},
		"no reason":           {clerk, outside, " 　", "application.decline.reason"},
		"500 字":               {clerk, outside, strings.Repeat("长", 500), ""},
		"501 字":               {clerk, outside, strings.Repeat("长", 501), "application.decline.reason"},
		"NUL":                 {clerk, outside, "x\x00", "application.decline.reason"},
		"by the chair":        {chair, outside, "x", "stage.not_allowed"},
		"by the applicant":    {applicant, outside, "x", "stage.not_allowed"},
		"with a rare 𠮷 in it": {clerk, outside, "𠮷", ""},
	} {
		a := submitted(t, someFacts())
		_, err := a.Decline(tt.by, tt.outside, tt.reason, now)
		if tt.code == "" && (err != nil || a.State != application.Declined || a.Reason == "") || tt.code != "" && (fault.CodeOf(err) != tt.code || a.State != application.Submitted) {
			t.Errorf("%s: %v %s", name, err, a.State)
		}
	}
}

// TestEnds: how an application ends after it was accepted, by whom, and that the
// reason is there.
func TestEnds(t *testing.T) {
	t.Parallel()
	now := at(t, "2021-09-01 09:00:00")
	underway := func() *application.Application {
		a := submitted(t, someFacts())
		if _, err := a.Accept(clerk, at(t, "2021-07-12 09:00:00")); err != nil {
			t.Fatal(err)
		}
		a.Enter("review", at(t, "2021-07-12 09:00:00"))
		return a
	}
	a := underway()
	if a.State != application.Underway || a.Stage != "review" {
		t.Fatal(a.State, a.Stage)
	}
	if _, err := a.BeNamed(director, now); fault.KindOf(err) != fault.Refused {
		t.Error("named before it was selected:", err)
	}
	if _, err := a.Select(chair, now); fault.KindOf(err) != fault.Refused {
		t.Error("a person selects:", err)
	}
	if _, err := a.Select(stage.TheClock, now); err != nil || a.State != application.Selected || a.Stage != "" {
		t.Error(err, a.State)
	}
	if _, err := a.BeNamed(director, now); err != nil || a.State != application.Named || !a.Ended() {
		t.Error(err, a.State)
	}
	b := underway()
	if _, err := b.PassOver(chair, " ", now); fault.CodeOf(err) != "application.pass_over.reason" {
		t.Error("no reason:", err)
	}
	if _, err := b.PassOver(clerk, "x", now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error("the office passes over:", err)
	}
	if _, err := b.PassOver(chair, "赞成票未超过应到会委员的半数", now); err != nil || b.State != application.NotChosen {
		t.Error(err)
	}
	c := underway()
	if _, err := c.Disqualify(chair, "证明材料不实", now); err != nil || c.State != application.Disqualified || c.Reason != "证明材料不实" {
		t.Error(err)
	}
	if got := len(c.History); got != 5 || c.History[3].Stage != "review" {
		t.Errorf("its timeline: %+v", c.History)
	}
}

package visit_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
)

var (
	clerk    = stage.Actor{Account: "c1", Role: stage.Clerk}
	director = stage.Actor{Account: "d1", Role: stage.Director}
	chair    = stage.Actor{Account: "m0", Role: stage.Chair}
	leader   = assessor("a1")
	holder   = stage.Actor{Account: "h1", Role: stage.Applicant, Organisation: "org_1"}
	settings = programme.Visit{Scope: "all", TeamMin: 3, NoticeDays: 3}
	pool     = []visit.Seat{{Account: "a1", Name: "甲"}, {Account: "a2", Name: "乙"}, {Account: "a3", Name: "丙"}, {Account: "a4", Name: "丁"}}
	today    = day("2021-08-09") // a Monday
	onDay    = day("2021-08-16")
	criteria = []programme.Indicator{{Code: "1-1"}, {Code: "4-3", At: "visit"}, {Code: "5-1", Judged: "scored", Points: 10}}
)

func assessor(who id.Account) stage.Actor { return stage.Actor{Account: who, Role: stage.Assessor} }

func day(s string) time.Time { return calendar.MustDate(s).Start().Add(9 * time.Hour) }

func slot(on string) visit.Slot {
	return visit.Slot{On: calendar.MustDate(on), At: "09:30", Place: "该单位会议室"}
}

func opened() *visit.Visit {
	v := visit.Opened(application.Application{ID: "app_1", Programme: "p", Round: "rnd_1", Organisation: "org_1"}, today)
	return &v
}

func composed(t *testing.T) *visit.Visit {
	t.Helper()
	v := opened()
	if _, err := v.Compose(clerk, team.Choice{Members: []id.Account{"a1", "a2", "a3"}, Leader: "a1"}, pool, settings, nil, today); err != nil {
		t.Fatal(err)
	}
	return v
}

func scheduled(t *testing.T) *visit.Visit {
	t.Helper()
	v := composed(t)
	if _, err := v.Schedule(clerk, slot("2021-08-16"), "", settings, &calendar.Calendar{}, today); err != nil {
		t.Fatal(err)
	}
	return v
}

// written is a report that nothing is wrong with.
func written() assessment.Account {
	return assessment.Account{
		Records: map[string]assessment.Record{
			"papers": {Text: "查阅会议记录"}, "premises": {Skipped: "场地装修"},
			"interviews": {Text: "座谈", People: 12, Tallies: map[string]assessment.Tally{"members": {Sample: 20, Content: 20}}},
		},
		Findings: map[string]assessment.Finding{"4-3": {Rating: "meets"}},
		Opinion:  "meets", Text: "达到标准。",
	}
}

func reported(t *testing.T) *visit.Visit {
	t.Helper()
	v := scheduled(t)
	if _, err := v.Report(leader, assessment.Criteria{Indicators: criteria}, settings, written(), onDay); err != nil {
		t.Fatal(err)
	}
	return v
}

func refused(t *testing.T, err error, code, field string) {
	t.Helper()
	f, ok := err.(*fault.Fault)
	if !ok || f.Code != code || field != "" && (len(f.Fields) != 1 || f.Fields[0].Path != field) {
		t.Errorf("got %v, want %s at %s", err, code, field)
	}
}

func TestCompose(t *testing.T) {
	t.Parallel()
	ties := review.Interests{"a4": "曾在该单位任职"}
	for name, tt := range map[string]struct {
		members []id.Account
		leader  id.Account
		code    string
		field   string
	}{
		"three":            {[]id.Account{"a1", "a2", "a3"}, "a2", "", ""},
		"two":              {[]id.Account{"a1", "a2"}, "a2", "visit.team.size", "team"},
		"leader outside":   {[]id.Account{"a1", "a2", "a3"}, "a4", "visit.team.leader", "leader"},
		"no leader":        {[]id.Account{"a1", "a2", "a3"}, "", "visit.team.leader", "leader"},
		"nobody's account": {[]id.Account{"a1", "a2", "c1"}, "a1", "visit.team.assessor", "team"},
		"the same twice":   {[]id.Account{"a1", "a2", "a2"}, "a1", "visit.team.assessor", "team"},
		"with an interest": {[]id.Account{"a1", "a2", "a4"}, "a1", "visit.team.interest", "team"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := opened()
			_, err := v.Compose(clerk, team.Choice{Members: tt.members, Leader: tt.leader}, pool, settings, ties, today)
			if tt.code != "" {
				refused(t, err, tt.code, tt.field)
				return
			}
			if err != nil || len(v.Team) != 3 || v.Leader().Account != tt.leader || v.Team[0].Name != "甲" {
				t.Errorf("%+v %v", v.Team, err)
			}
		})
	}
	v := opened()
	if _, err := v.Compose(clerk, team.Choice{Members: []id.Account{"a1", "a2", "a3"}, Leader: "a1"}, pool, programme.Visit{TeamMin: 4}, nil, today); fault.CodeOf(err) != "visit.team.size" {
		t.Error(err)
	}
	if team.Of(programme.Visit{}) != team.Least {
		t.Error("three where the programme does not say")
	}
	_, err := v.Compose(director, team.Choice{}, pool, settings, nil, today)
	refused(t, err, "stage.not_allowed", "")
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	var c calendar.Calendar
	v := opened()
	_, err := v.Schedule(clerk, slot("2021-08-16"), "", settings, &c, today)
	refused(t, err, "visit.team.short", "")
	for name, tt := range map[string]struct {
		slot  visit.Slot
		code  string
		field string
	}{
		"third working day": {slot("2021-08-12"), "", ""},
		"second":            {slot("2021-08-11"), "visit.schedule.notice", "on"},
		"today":             {slot("2021-08-09"), "visit.schedule.day", "on"},
		"past":              {slot("2021-08-06"), "visit.schedule.day", "on"},
		"no day":            {visit.Slot{At: "09:30", Place: "x"}, "visit.schedule.day", "on"},
		"bad time":          {visit.Slot{On: calendar.MustDate("2021-08-16"), At: "24:00", Place: "x"}, "visit.schedule.time", "at"},
		"no place":          {visit.Slot{On: calendar.MustDate("2021-08-16"), At: "09:30", Place: " "}, "visit.schedule.place", "place"},
		"long place":        {visit.Slot{On: calendar.MustDate("2021-08-16"), At: "09:30", Place: strings.Repeat("路", 201)}, "visit.schedule.place", "place"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := composed(t)
			m, err := v.Schedule(clerk, tt.slot, "", settings, &c, today)
			if tt.code != "" {
				refused(t, err, tt.code, tt.field)
				return
			}
			if err != nil || m.Act != "schedule" || v.State != visit.Scheduled || v.NoticedOn != calendar.MustDate("2021-08-09") {
				t.Errorf("%+v %v", v, err)
			}
		})
	}
	v = scheduled(t)
	if got := v.Begins(); got != calendar.MustDate("2021-08-16").Start().Add(9*time.Hour+30*time.Minute) {
		t.Error(got)
	}
	_, err = v.Schedule(clerk, slot("2021-08-17"), "", settings, &c, today)
	refused(t, err, "review.text", "reason")
	if m, err := v.Schedule(clerk, slot("2021-08-17"), "组长出差", settings, &c, today); err != nil || m.Act != "reschedule" {
		t.Error(err)
	}
}

func TestTheOrganisationAnswers(t *testing.T) {
	t.Parallel()
	v := scheduled(t)
	_, err := v.Confirm(stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, today)
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: %v", err)
	}
	_, err = v.Confirm(holder, onDay)
	refused(t, err, "visit.answer.late", "")
	_, err = v.Propose(holder, calendar.MustDate("2021-08-16"), "09:30", "换届", today)
	refused(t, err, "visit.propose.day", "day")
	_, err = v.Propose(holder, calendar.MustDate("2021-08-09"), "09:30", "换届", today)
	refused(t, err, "visit.propose.day", "day")
	_, err = v.Propose(holder, calendar.MustDate("2021-08-10"), "9点", "换届", today)
	refused(t, err, "visit.schedule.time", "at")
	_, err = v.Propose(holder, calendar.MustDate("2021-08-10"), "09:30", "", today)
	refused(t, err, "review.text", "reason")
	if _, err := v.Propose(holder, calendar.MustDate("2021-08-10"), "14:00", "换届", today); err != nil || !v.Answer.Proposed() || v.On != calendar.MustDate("2021-08-16") {
		t.Errorf("the day stands until the office arranges another: %+v %v", v, err)
	}
	if _, err := v.Schedule(clerk, slot("2021-08-10"), "按对方提议", settings, &calendar.Calendar{}, today); err != nil || !v.Answer.Confirmed {
		t.Errorf("the day it proposed needs no notice and no other yes: %v", err)
	}
	v = scheduled(t)
	if _, err := v.Confirm(holder, onDay.AddDate(0, 0, -1)); err != nil || !v.Answer.Confirmed {
		t.Error(err)
	}
	if _, err := v.Schedule(clerk, slot("2021-08-18"), "组长出差", settings, &calendar.Calendar{}, today); err != nil || v.Answer.Confirmed {
		t.Errorf("a yes is for one day: %v", err)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*assessment.Account)
		code   string
		field  string
	}{
		"complete":              {func(*assessment.Account) {}, "", ""},
		"method missing":        {record("papers", assessment.Record{}), "visit.report.method", "records.papers.text"},
		"method used and not":   {record("papers", assessment.Record{Text: "x", Skipped: "y"}), "visit.report.method_both", "records.papers.skipped"},
		"nobody talked to":      {record("interviews", assessment.Record{Text: "座谈"}), "visit.report.people", "records.interviews.people"},
		"all skipped":           {record("interviews", assessment.Record{Skipped: "疫情防控"}), "", ""},
		"too many people":       {record("interviews", assessment.Record{Text: "座谈", People: assessment.Most + 1}), "visit.record.count", "records.interviews.people"},
		"tally equal":           {tally(20, 20), "", ""},
		"tally over":            {tally(20, 21), "visit.record.tally", "records.interviews.tallies.members"},
		"tally negative":        {tally(20, -1), "visit.record.count", "records.interviews.tallies.members"},
		"nobody asked":          {tally(0, 0), "", ""},
		"visit's unrated":       {finding("4-3", assessment.Finding{}), "visit.report.rating", "findings.4-3.rating"},
		"other left open":       {finding("1-1", assessment.Finding{}), "", ""},
		"unknown rating":        {finding("1-1", assessment.Finding{Rating: "good"}), "visit.record.rating", "findings.1-1.rating"},
		"partly without a note": {finding("4-3", assessment.Finding{Rating: "partly"}), "visit.report.note", "findings.4-3.note"},
		"score at the top":      {finding("5-1", assessment.Finding{Rating: "meets", Score: 10}), "", ""},
		"score above":           {finding("5-1", assessment.Finding{Rating: "meets", Score: 11}), "visit.record.score", "findings.5-1.score"},
		"no opinion":            {func(a *assessment.Account) { a.Opinion = "" }, "visit.report.opinion", "opinion"},
		"unknown opinion":       {func(a *assessment.Account) { a.Opinion = "good" }, "visit.report.opinion", "opinion"},
		"no words":              {func(a *assessment.Account) { a.Text = " " }, "review.text", "text"},
		"a person's number":     {func(a *assessment.Account) { a.Text = "访谈220102199001011234" }, "review.text.personal", "text"},
		"one absent of three":   {func(a *assessment.Account) { a.Absent = map[id.Account]string{"a2": "病假"} }, "visit.report.absent", "absent"},
		"stranger absent":       {func(a *assessment.Account) { a.Absent = map[id.Account]string{"a9": "病假"} }, "visit.report.stranger", "absent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, a := scheduled(t), written()
			tt.change(&a)
			_, err := v.Report(leader, assessment.Criteria{Indicators: criteria}, settings, a, onDay)
			if tt.code != "" {
				refused(t, err, tt.code, tt.field)
				if v.State != visit.Scheduled || v.Opinion != "" {
					t.Errorf("half done: %+v", v)
				}
				return
			}
			if err != nil || v.State != visit.Reported || v.Edition != 1 {
				t.Errorf("%+v %v", v, err)
			}
		})
	}
	v := scheduled(t)
	_, err := v.Report(leader, assessment.Criteria{Indicators: criteria}, settings, written(), calendar.MustDate("2021-08-16").Start().Add(-time.Second))
	refused(t, err, "visit.report.early", "")
	if _, err := v.Report(leader, assessment.Criteria{Indicators: criteria}, settings, written(), calendar.MustDate("2021-08-16").Start()); err != nil {
		t.Errorf("on the day itself: %v", err)
	}
	v = scheduled(t)
	_, err = v.Report(assessor("a2"), assessment.Criteria{Indicators: criteria}, settings, written(), onDay)
	refused(t, err, "visit.report.leader", "")
	_, err = v.Report(assessor("a4"), assessment.Criteria{Indicators: criteria}, settings, written(), onDay)
	refused(t, err, "visit.report.not_on_team", "")
}

func record(name string, r assessment.Record) func(*assessment.Account) {
	return func(a *assessment.Account) { a.Records[name] = r }
}

func tally(sample, content int) func(*assessment.Account) {
	return record("interviews", assessment.Record{Text: "座谈", People: 1, Tallies: map[string]assessment.Tally{"members": {Sample: sample, Content: content}}})
}

func finding(code string, f assessment.Finding) func(*assessment.Account) {
	return func(a *assessment.Account) { a.Findings[code] = f }
}

func TestRecord(t *testing.T) {
	t.Parallel()
	v := scheduled(t)
	half := assessment.Account{Records: map[string]assessment.Record{"papers": {Text: "查阅台账"}}}
	_, err := v.Record(assessor("a2"), criteria, half, today)
	refused(t, err, "visit.report.early", "")
	_, err = v.Record(assessor("a4"), criteria, half, onDay)
	refused(t, err, "visit.report.not_on_team", "")
	for _, by := range []stage.Actor{assessor("a2"), clerk} {
		if _, err := v.Record(by, criteria, half, onDay); err != nil || v.State != visit.Scheduled || v.Records["papers"].Text == "" {
			t.Errorf("%s: %v", by.Role, err)
		}
	}
	_, err = v.Record(assessor("a2"), criteria, assessment.Account{Text: "\x00"}, onDay)
	refused(t, err, "review.text", "text")
}

func TestAnAbsentMemberDoesNotSign(t *testing.T) {
	t.Parallel()
	v := opened()
	if _, err := v.Compose(clerk, team.Choice{Members: []id.Account{"a1", "a2", "a3", "a4"}, Leader: "a1"}, pool, settings, nil, today); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Schedule(clerk, slot("2021-08-16"), "", settings, &calendar.Calendar{}, today); err != nil {
		t.Fatal(err)
	}
	a := written()
	a.Absent = map[id.Account]string{"a1": "病假"}
	_, err := v.Report(leader, assessment.Criteria{Indicators: criteria}, settings, a, onDay)
	refused(t, err, "visit.report.absent", "absent")
	a.Absent = map[id.Account]string{"a4": "病假"}
	if _, err := v.Report(leader, assessment.Criteria{Indicators: criteria}, settings, a, onDay); err != nil {
		t.Fatal(err)
	}
	_, err = v.Sign(assessor("a4"), 1, "", nil, onDay)
	refused(t, err, "visit.sign.absent", "")
	for _, who := range []id.Account{"a1", "a2", "a3"} {
		if _, err := v.Sign(assessor(who), 1, "", nil, onDay); err != nil {
			t.Fatal(err)
		}
	}
	if v.State != visit.Signed {
		t.Error(v.State)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	v := reported(t)
	_, err := v.Sign(assessor("a2"), 2, "", nil, onDay)
	refused(t, err, "visit.sign.edition", "")
	_, err = v.Sign(assessor("a4"), 1, "", nil, onDay)
	refused(t, err, "visit.report.not_on_team", "")
	_, err = v.Sign(assessor("a2"), 1, "", review.Interests{"a2": "亲属任职"}, onDay)
	refused(t, err, "review.interest", "")
	_, err = v.Sign(assessor("a2"), 1, "不同意\x00", nil, onDay)
	refused(t, err, "review.text", "dissent")
	if m, err := v.Sign(assessor("a2"), 1, "指标4-3只是部分达到", nil, onDay); err != nil || m.Act != "dissent" || v.Signatures[0].Dissent == "" {
		t.Errorf("%v %v", m, err)
	}
	_, err = v.Sign(assessor("a2"), 1, "", nil, onDay)
	refused(t, err, "visit.sign.twice", "")
	if m, err := v.Sign(leader, 1, "", nil, onDay); err != nil || m.Act != "sign" || v.State != visit.Reported || len(v.Unsigned()) != 1 {
		t.Errorf("%v %v", m, err)
	}
	if m, err := v.Sign(assessor("a3"), 1, "", nil, onDay); err != nil || m.Act != "conclude" || v.State != visit.Signed || v.EndedAt.IsZero() {
		t.Errorf("%v %v", m, err)
	}
}

func TestALaterEditVoidsTheSignatures(t *testing.T) {
	t.Parallel()
	v := reported(t)
	if _, err := v.Sign(assessor("a2"), 1, "", nil, onDay); err != nil {
		t.Fatal(err)
	}
	a := written()
	a.Opinion = "partly"
	_, err := v.Amend(assessor("a2"), assessment.Criteria{Indicators: criteria}, settings, a, onDay)
	refused(t, err, "visit.report.leader", "")
	if _, err := v.Amend(leader, assessment.Criteria{Indicators: criteria}, settings, a, onDay); err != nil || v.Edition != 2 || len(v.Signatures) != 0 || len(v.Unsigned()) != 3 {
		t.Errorf("%+v %v", v, err)
	}
	_, err = v.Sign(assessor("a2"), 1, "", nil, onDay)
	refused(t, err, "visit.sign.edition", "")
}

func TestDeclare(t *testing.T) {
	t.Parallel()
	v := scheduled(t)
	if _, _, err := v.Declare(assessor("a4"), "亲属任职", today); fault.CodeOf(err) != "visit.declare.not_on_team" {
		t.Error(err)
	}
	i, _, err := v.Declare(leader, "亲属任职", today)
	if err != nil || i.Account != "a1" || v.Seat("a1") != nil || len(v.Replaced) != 1 {
		t.Fatalf("%+v %v", v, err)
	}
	_, err = v.Report(assessor("a2"), assessment.Criteria{Indicators: criteria}, settings, written(), onDay)
	refused(t, err, "visit.team.short", "")
	if _, err := v.Compose(clerk, team.Choice{Members: []id.Account{"a2", "a3", "a4"}, Leader: "a2", Why: "原组长回避"}, pool, settings, review.Interests{"a1": "亲属任职"}, today); err != nil || v.State != visit.Scheduled {
		t.Error(err)
	}
}

// TestAnInterestFoundLaterVoidsTheVisit is S48: conflict found later → redo.
func TestAnInterestFoundLaterVoidsTheVisit(t *testing.T) {
	t.Parallel()
	v := reported(t)
	for _, who := range []id.Account{"a1", "a2", "a3"} {
		if _, err := v.Sign(assessor(who), 1, "", nil, onDay); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := v.Redo(clerk, "a3", "亲属任职", nil, onDay); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a signed visit is the director's: %v", err)
	}
	if _, _, err := v.Redo(director, "a4", "亲属任职", nil, onDay); fault.CodeOf(err) != "visit.redo.member" {
		t.Error(err)
	}
	i, _, err := v.Redo(director, "a3", "亲属任职", nil, onDay)
	if err != nil || i.Account != "a3" || v.State != visit.Planned || v.Opinion != "" || len(v.Signatures) != 0 || len(v.Team) != 2 || !v.On.IsZero() {
		t.Errorf("%+v %v", v, err)
	}
	if len(v.Records) != 0 || v.Edition != 1 {
		t.Errorf("editions go on counting: %+v", v)
	}
	v = reported(t)
	if _, _, err := v.Redo(clerk, "a2", "亲属任职", review.Interests{"c1": "曾任职"}, onDay); fault.CodeOf(err) != "review.interest" {
		t.Error(err)
	}
	if _, _, err := v.Redo(clerk, "a2", "亲属任职", nil, onDay); err != nil {
		t.Error(err)
	}
}

func TestWaive(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     stage.Actor
		scope  string
		reason string
		code   string
	}{
		"chair":                        {chair, "all", "去年已考核", ""},
		"chair without reason":         {chair, "all", "", "review.text"},
		"director where all":           {director, "all", "未列入", "visit.waive.all"},
		"director where chosen":        {director, "chosen", "未列入", ""},
		"director, chosen, unreasoned": {director, "chosen", "", "review.text"},
		"clerk":                        {clerk, "chosen", "未列入", "stage.not_allowed"},
	} {
		v := opened()
		_, err := v.Waive(tt.by, tt.scope, tt.reason, nil, today)
		if tt.code == "" && (err != nil || v.State != visit.Waived) || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	v := opened()
	_, err := v.Waive(chair, "all", "去年已考核", review.Interests{"m0": "曾任会长"}, today)
	refused(t, err, "review.interest", "")
	v = scheduled(t)
	if _, err := v.Waive(chair, "all", "大雪封路", nil, today); err != nil {
		t.Error(err)
	}
	v = reported(t)
	_, err = v.Waive(chair, "all", "不去了", nil, today)
	refused(t, err, "stage.not_allowed", "")
}

func TestEnd(t *testing.T) {
	t.Parallel()
	v := scheduled(t)
	_, err := v.End(stage.TheClock, application.Application{State: application.Underway, Stage: "visit"}, today)
	refused(t, err, "visit.end.underway", "")
	if _, err := v.End(stage.TheClock, application.Application{State: application.Disqualified}, today); err != nil || v.State != visit.Ended {
		t.Error(err)
	}
}

// TestThePassMark: the opinion follows the points of the review and the visit together,
// and a programme may ask for more than the mark.
func TestThePassMark(t *testing.T) {
	t.Parallel()
	scored := []programme.Indicator{
		{Code: "1-1", Judged: "scored", Points: 60}, {Code: "4-3", Judged: "scored", Points: 40, At: "visit"},
	}
	for name, tt := range map[string]struct {
		mark     int
		strictly bool
		score    int
		opinion  string
		code     string
	}{
		"below":                {70, false, 19, "meets", "visit.report.pass_mark"},
		"at the mark":          {70, false, 20, "meets", ""},
		"more than the mark":   {70, true, 20, "meets", "visit.report.pass_mark"},
		"above it":             {70, true, 21, "meets", ""},
		"another opinion":      {70, false, 0, "partly", ""},
		"as the review had it": {50, false, 0, "meets", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, a := scheduled(t), written()
			a.Findings = map[string]assessment.Finding{"1-1": {Rating: "meets", Score: 60}, "4-3": {Rating: "meets", Score: tt.score}}
			a.Opinion = tt.opinion
			rule := score.Rule{Scoring: programme.Scoring{Method: "scored", PassMark: tt.mark, Strictly: tt.strictly}, Groups: []programme.Group{{Indicators: scored}}}
			c := assessment.Criteria{Indicators: scored, Rule: rule, Given: map[string]review.Finding{"1-1": {Score: 50}}}
			_, err := v.Report(leader, c, settings, a, onDay)
			if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
				t.Errorf("%v, want %q", err, tt.code)
			}
		})
	}
}

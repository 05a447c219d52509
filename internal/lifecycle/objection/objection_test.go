package objection_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk     = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	other     = stage.Actor{Account: "acc_other", Role: stage.Clerk}
	director  = stage.Actor{Account: "acc_director", Role: stage.Director}
	chair     = stage.Actor{Account: "acc_chair", Role: stage.Chair}
	applicant = stage.Actor{Account: "acc_app", Role: stage.Applicant, Organisation: "org_a"}
	stranger  = stage.Actor{Account: "acc_app2", Role: stage.Applicant, Organisation: "org_b"}
)

var candidate = publicity.Candidate{ID: "cnd_a", Organisation: "org_a", Name: "甲协会", State: publicity.Listed}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04:05", s, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// running is a publicity from 2021-09-01 to 2021-09-08 that wants real names.
func running(t testing.TB) *publicity.Publicity {
	t.Helper()
	prog := &programme.Programme{Publicity: programme.Publicity{Days: 5, RealName: true, AnswerDays: 10}}
	p, _, err := publicity.Draft(clerk, prog, "rnd_a", publicity.Naming, publicity.Plan{Title: "公示", Text: "现予公示。", Contact: "办公室"})
	if err != nil {
		t.Fatal(err)
	}
	now := at(t, "2021-09-01 10:00:00")
	if _, err := p.Publish(director, calendar.DateOf(now), publicity.Facts{Calendar: calendar.Embedded(), Candidates: []publicity.Candidate{candidate}}, now); err != nil {
		t.Fatal(err)
	}
	return p
}

var filing = objection.Filing{Channel: objection.Web, Name: "柳某", Contact: "0431-00000000", Text: "2020年度报告没有公开。"}

func received(t testing.TB, p *publicity.Publicity, when string) *objection.Objection {
	t.Helper()
	o, _, err := objection.File(stage.Anyone, p, candidate, filing, at(t, when))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestFile(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by     stage.Actor
		change func(*objection.Filing)
		now    string
		code   string
		report string // Late, Unsigned or ""
	}{
		"in the last second":                {now: "2021-09-08 23:59:59"},
		"at 24:00":                          {now: "2021-09-09 00:00:00", report: objection.Late},
		"unsigned where a name is asked":    {change: func(f *objection.Filing) { f.Anonymous, f.Name, f.Contact = true, "", "" }, report: objection.Unsigned},
		"no name and not said so":           {change: func(f *objection.Filing) { f.Name = "" }, code: "objection.file.unsigned"},
		"no way to reach them":              {change: func(f *objection.Filing) { f.Contact = " " }, code: "objection.file.contact"},
		"unsigned with a name":              {change: func(f *objection.Filing) { f.Anonymous = true }, code: "objection.file.both"},
		"no facts":                          {change: func(f *objection.Filing) { f.Text = "\n" }, code: "words.empty"},
		"facts without end":                 {change: func(f *objection.Filing) { f.Text = strings.Repeat("长", 10<<20/3) }, code: "words.long"},
		"NUL":                               {change: func(f *objection.Filing) { f.Text = "a\x00" }, code: "words.control"},
		"𠮷 in the name":                     {change: func(f *objection.Filing) { f.Name = "𠮷某" }},
		"a letter, posted in time":          {by: clerk, change: letter("2021-09-08"), now: "2021-09-13 09:00:00"},
		"a letter, posted a day late":       {by: clerk, change: letter("2021-09-09"), now: "2021-09-13 09:00:00", report: objection.Late},
		"a letter from before":              {by: clerk, change: letter("2021-08-31"), code: "objection.file.date"},
		"a letter from tomorrow":            {by: clerk, change: letter("2021-09-07"), code: "objection.file.date"},
		"a letter, registered by a visitor": {change: letter("2021-09-03"), code: "objection.file.role"},
		"by pigeon":                         {by: clerk, change: func(f *objection.Filing) { f.Channel = "pigeon" }, code: "objection.file.channel"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, f := running(t), filing
			if tt.change != nil {
				tt.change(&f)
			}
			if tt.now == "" {
				tt.now = "2021-09-06 09:00:00"
			}
			if tt.by.Role == "" {
				tt.by = stage.Anyone
			}
			o, _, err := objection.File(tt.by, p, candidate, f, at(t, tt.now))
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code || p.Objections != 0 {
					t.Errorf("got %v, want %s", err, tt.code)
				}
				return
			}
			if err != nil || o.Number != 1 || o.Label() != "异议〔2021〕001号" {
				t.Fatalf("%v %+v", err, o)
			}
			if got := o.Report(p, calendar.Embedded()); got != tt.report {
				t.Errorf("report %q, want %q", got, tt.report)
			}
			_, err = o.Transfer(stage.TheClock, p, calendar.Embedded())
			if tt.report == "" && fault.CodeOf(err) != "objection.transfer.in_time" {
				t.Errorf("an objection in time becomes a report: %v", err)
			}
			if tt.report != "" && (err != nil || o.Open() || o.Why != tt.report || o.ReportWord() == "") {
				t.Errorf("%v %+v", err, o)
			}
		})
	}
	p := running(t)
	p.State = publicity.Withdrawn
	if _, _, err := objection.File(stage.Anyone, p, candidate, filing, p.PublishedAt); fault.CodeOf(err) != "objection.file.not_public" {
		t.Errorf("against a list taken back: %v", err)
	}
	gone := candidate
	gone.State = publicity.Removed
	if _, _, err := objection.File(stage.Anyone, running(t), gone, filing, p.PublishedAt); fault.CodeOf(err) != "objection.file.off_list" {
		t.Errorf("against one off the list: %v", err)
	}
}

func letter(on string) func(*objection.Filing) {
	return func(f *objection.Filing) { f.Channel, f.On = objection.Letter, calendar.MustDate(on) }
}

// investigated brings a case to its handler.
func investigated(t testing.TB) (*objection.Objection, objection.Objector) {
	t.Helper()
	p := running(t)
	o, c := received(t, p, "2021-09-06 09:00:00"), calendar.Embedded()
	who := o.Objector(filing, "hash")
	if _, err := o.Admit(clerk, p, c, at(t, "2021-09-06 10:00:00")); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Assign(director, inquiry.Handler{Account: clerk.Account, Name: "甲"}); err != nil {
		t.Fatal(err)
	}
	return o, who
}

func TestAdmitAndAssign(t *testing.T) {
	t.Parallel()
	p, c := running(t), calendar.Embedded()
	o := received(t, p, "2021-09-06 09:00:00")
	if _, err := o.Assign(director, inquiry.Handler{Account: clerk.Account}); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("assigned before it is a case: %v", err)
	}
	if _, err := o.Admit(clerk, p, c, at(t, "2021-09-06 10:00:00")); err != nil || o.AnswerOn.String() != "2021-09-18" {
		t.Errorf("answer by %s, %v", o.AnswerOn, err) // 10 working days; the 18th is a Saturday that is worked
	}
	if _, err := o.Assign(clerk, inquiry.Handler{Account: clerk.Account}); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a clerk takes it: %v", err)
	}
	if _, err := o.Assign(director, inquiry.Handler{Account: clerk.Account, Name: "甲", Interest: "兼任该单位经办人"}); fault.CodeOf(err) != "inquiry.assign.interest" {
		t.Errorf("one with an interest: %v", err)
	}
	if _, err := o.Assign(director, inquiry.Handler{}); fault.CodeOf(err) != "inquiry.assign.nobody" {
		t.Errorf("nobody: %v", err)
	}
	if _, err := o.Assign(director, inquiry.Handler{Account: clerk.Account}); err != nil || o.State != objection.Investigating {
		t.Error(err)
	}
	if _, err := o.Assign(director, inquiry.Handler{Account: clerk.Account}); fault.CodeOf(err) != "inquiry.assign.same" {
		t.Errorf("the same again: %v", err)
	}
	late := received(t, p, "2021-09-09 00:00:00")
	if _, err := late.Admit(clerk, p, c, at(t, "2021-09-09 10:00:00")); fault.CodeOf(err) != "objection.admit.report" {
		t.Errorf("a report becomes an objection: %v", err)
	}
}

// known is what is known of a clerk: no interest.
func known(by stage.Actor) inquiry.Handler { return inquiry.Handler{Account: by.Account, Name: "甲"} }

func TestAskAndReply(t *testing.T) {
	t.Parallel()
	c, asked := calendar.Embedded(), at(t, "2021-09-07 10:00:00")
	for name, tt := range map[string]struct {
		by       stage.Actor
		question string
		days     int
		code     string
	}{
		"the handler":         {clerk, "请说明2020年度报告的公开情况。", 3, ""},
		"another clerk":       {other, "请说明。", 3, "inquiry.handler"},
		"telling the name":    {clerk, "柳某反映，年报没有公开，请说明。", 3, "inquiry.leak"},
		"telling the contact": {clerk, "请与0431-00000000联系。", 3, "inquiry.leak"},
		"for no time":         {clerk, "请说明。", 0, "objection.ask.days"},
		"for 15 days":         {clerk, "请说明。", 15, ""},
		"for too long":        {clerk, "请说明。", 16, "objection.ask.days"},
		"nothing":             {clerk, "", 3, "words.empty"},
	} {
		o, who := investigated(t)
		if _, err := o.Ask(tt.by, known(tt.by), who, tt.question, tt.days, c, asked); tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	o, who := investigated(t)
	if _, err := o.GiveReply(applicant, "已公开。", asked); fault.CodeOf(err) != "objection.reply.not_asked" {
		t.Errorf("not asked: %v", err)
	}
	if _, err := o.Ask(clerk, inquiry.Handler{Account: clerk.Account, Name: "甲", Interest: "兼任该单位经办人"}, who, "请说明。", 3, c, asked); fault.CodeOf(err) != "inquiry.assign.interest" {
		t.Errorf("an interest came up since: %v", err)
	}
	if _, err := o.Ask(clerk, known(clerk), who, "请说明。", 3, c, asked); err != nil || o.ReplyOn.String() != "2021-09-10" {
		t.Fatal(err)
	}
	if _, err := o.Ask(clerk, known(clerk), who, "请说明。", 3, c, asked); fault.CodeOf(err) != "objection.ask.again" {
		t.Errorf("asked twice: %v", err)
	}
	if _, err := o.GiveReply(stranger, "x", asked); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: %v", err)
	}
	if _, err := o.GiveReply(applicant, "x", o.ReplyDue); fault.CodeOf(err) != "objection.reply.late" {
		t.Errorf("at 24:00: %v", err)
	}
	if _, err := o.GiveReply(applicant, "已在网站公开。", o.ReplyDue.Add(-time.Second)); err != nil || o.Reply == "" {
		t.Errorf("in the last second: %v", err)
	}
}

func TestConclude(t *testing.T) {
	t.Parallel()
	c, now := calendar.Embedded(), at(t, "2021-09-07 10:00:00")
	o, who := investigated(t)
	yes := objection.Conclusion{Founded: true, Summary: "反映年报未公开", Finding: "经查属实"}
	if _, err := o.Conclude(clerk, known(clerk), who, yes, now); fault.CodeOf(err) != "objection.conclude.unheard" {
		t.Errorf("founded without hearing the organisation: %v", err)
	}
	if _, err := o.Ask(clerk, known(clerk), who, "请说明。", 3, c, now); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Conclude(clerk, known(clerk), who, yes, o.ReplyDue.Add(-time.Second)); fault.CodeOf(err) != "objection.conclude.waiting" {
		t.Errorf("before its time is over: %v", err)
	}
	if _, err := o.Conclude(other, known(other), who, yes, o.ReplyDue); fault.CodeOf(err) != "inquiry.handler" {
		t.Errorf("another clerk: %v", err)
	}
	leak := yes
	leak.Finding = "柳某所述属实"
	if _, err := o.Conclude(clerk, known(clerk), who, leak, o.ReplyDue); fault.CodeOf(err) != "inquiry.leak" {
		t.Errorf("telling who objected: %v", err)
	}
	if _, err := o.Conclude(clerk, known(clerk), who, yes, o.ReplyDue); err != nil || o.State != objection.Founded || !o.Open() {
		t.Errorf("%v %+v", err, o)
	}
	if _, err := o.GiveAnswer(director, "答复", now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("answered before the committee: %v", err)
	}
	if _, err := o.Decide(chair, "", true); fault.CodeOf(err) != "objection.decide.undecided" {
		t.Errorf("without a decision: %v", err)
	}
	for _, upheld := range []bool{true, false} {
		d := *o
		if _, err := d.Decide(chair, "itm_a", upheld); err != nil || d.Open() || (d.State == objection.Upheld) != upheld {
			t.Errorf("%v %+v", err, d)
		}
		if _, err := d.GiveAnswer(director, "答复", now); err != nil || d.State != objection.Answered || (d.Outcome == objection.Upheld) != upheld {
			t.Errorf("%v %+v", err, d)
		}
	}
}

// TestUnfounded: it counts as none once another person answered it (S58, S65).
func TestUnfounded(t *testing.T) {
	t.Parallel()
	o, who := investigated(t)
	now := at(t, "2021-09-07 10:00:00")
	no := objection.Conclusion{Summary: "反映年报未公开", Finding: "年报已经公开"}
	if _, err := o.Conclude(clerk, known(clerk), who, no, now); err != nil || o.State != objection.Unfounded || !o.Open() {
		t.Fatalf("%v %+v", err, o)
	}
	if _, err := o.SendBack(director, "再查公开的时间"); err != nil || o.State != objection.Investigating || o.Sent == "" {
		t.Error(err)
	}
	if _, err := o.Conclude(clerk, known(clerk), who, no, now); err != nil || o.Sent != "" {
		t.Error(err)
	}
	before := *o
	if _, err := o.GiveAnswer(stage.Actor{Account: clerk.Account, Role: stage.Director}, "不成立", now); fault.CodeOf(err) != "objection.answer.same_person" {
		t.Errorf("the handler answers: %v", err)
	}
	if diff := cmp.Diff(before, *o); diff != "" {
		t.Error(diff)
	}
	if _, err := o.GiveAnswer(director, "经查不成立。", now); err != nil || o.Open() || o.Outcome != objection.Unfounded {
		t.Error(err)
	}
}

// TestWithdraw: taking it back ends nothing by itself.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	o, _ := investigated(t)
	now := at(t, "2021-09-07 10:00:00")
	if _, err := o.Withdraw(stage.Anyone, now); err != nil || !o.Open() || o.State != objection.Investigating || !o.WithdrawnAt.Equal(now) {
		t.Errorf("%v %+v", err, o)
	}
	if _, err := o.Withdraw(stage.Anyone, now); fault.CodeOf(err) != "objection.withdraw.twice" {
		t.Error(err)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	o := &objection.Objection{Candidate: "cnd_a"}
	same, more := filing, filing
	same.Text = " 2020年度报告没有公开。\r\n"
	more.Text += "另有一事。"
	of := func(o *objection.Objection, f objection.Filing) string { return o.Objector(f, "hash").Fingerprint }
	if of(o, filing) != of(o, same) || of(o, filing) == of(o, more) || of(o, filing) == of(&objection.Objection{Candidate: "cnd_b"}, filing) {
		t.Error("the same thing sent twice is not told from another")
	}
	if objection.OpenOf([]objection.Objection{{State: objection.Received}, {State: objection.Transferred}, {State: objection.Answered}, {State: objection.Unfounded}}) != 2 {
		t.Error("open ones miscounted")
	}
	if err := o.Twice(); fault.CodeOf(err) != "objection.file.twice" {
		t.Error(err)
	}
}

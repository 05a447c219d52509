package misuse_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
)

var (
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	other    = stage.Actor{Account: "acc_other", Role: stage.Clerk}
	director = stage.Actor{Account: "acc_director", Role: stage.Director}
	handler  = inquiry.Handler{Account: "acc_clerk", Name: "经办人"}
	title    = designation.Designation{ID: "dsg_1", Organisation: "org_1", Name: "甲协会", State: designation.Valid, NamedOn: calendar.MustDate("2021-09-15")}
	noon     = calendar.MustDate("2022-03-01").Start().Add(12 * time.Hour)
	filing   = misuse.Filing{About: "profit", Text: "挂着牌匾收费。", Name: "柳某", Contact: "0431-00000000"}
	who      = misuse.Reporter{Source: inquiry.Source{Name: "柳某", Contact: "0431-00000000"}}
)

func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func received(t *testing.T) *misuse.Report {
	t.Helper()
	r, m, err := misuse.File(stage.Anyone, &title, "7K3DM8QWXJ", filing, 3, noon)
	if err != nil || m.Act != "file" || r.State != misuse.Received || r.Label() != "线索〔2022〕003号" || r.Name != title.Name {
		t.Fatalf("%+v %+v %v", r, m, err)
	}
	return r
}

func assigned(t *testing.T) *misuse.Report {
	t.Helper()
	r := received(t)
	if _, err := r.Assign(director, handler); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFiling: what a report must hold, at its bounds. It may be unsigned.
func TestFiling(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*misuse.Filing)
		want   string
	}{
		"as it is":             {func(*misuse.Filing) {}, ""},
		"unsigned":             {func(f *misuse.Filing) { f.Name, f.Contact = "", "" }, ""},
		"a contact, no name":   {func(f *misuse.Filing) { f.Name = "" }, ""},
		"a name, no contact":   {func(f *misuse.Filing) { f.Contact = " " }, "misuse.file.contact"},
		"of nothing":           {func(f *misuse.Filing) { f.About = "" }, "misuse.file.about"},
		"of something else":    {func(f *misuse.Filing) { f.About = "forged'" }, "misuse.file.about"},
		"no text":              {func(f *misuse.Filing) { f.Text = " " }, "words.empty"},
		"a text as long as":    {func(f *misuse.Filing) { f.Text = strings.Repeat("字", misuse.TextMax) }, ""},
		"a text too long":      {func(f *misuse.Filing) { f.Text = strings.Repeat("字", misuse.TextMax+1) }, "words.long"},
		"a place too long":     {func(f *misuse.Filing) { f.Place = strings.Repeat("字", 121) }, "words.long"},
		"a name too long":      {func(f *misuse.Filing) { f.Name = strings.Repeat("字", 61) }, "words.long"},
		"a contact as long as": {func(f *misuse.Filing) { f.Contact = strings.Repeat("字", 120) }, ""},
	} {
		f := filing
		c.change(&f)
		if _, _, err := misuse.File(stage.Anyone, &title, "c", f, 1, noon); code(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestLetters: a clerk enters what came otherwise, and the day of the postmark counts.
func TestLetters(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate
	for name, c := range map[string]struct {
		by      stage.Actor
		channel string
		on      calendar.Date
		want    string
		at      time.Time
	}{
		"a letter":              {clerk, "letter", day("2022-02-20"), "", day("2022-02-20").End().Add(-time.Second)},
		"a call today":          {clerk, "phone", day("2022-03-01"), "", noon},
		"a visit, no day":       {clerk, "visit", calendar.Date{}, "", noon},
		"the day of the naming": {clerk, "letter", day("2021-09-15"), "", day("2021-09-15").End().Add(-time.Second)},
		"before the naming":     {clerk, "letter", day("2021-09-14"), "misuse.file.date", noon},
		"tomorrow":              {clerk, "letter", day("2022-03-02"), "misuse.file.date", noon},
		"by no way":             {clerk, "pigeon", calendar.Date{}, "misuse.file.channel", noon},
		"by the form":           {clerk, "web", calendar.Date{}, "misuse.file.channel", noon},
		"entered by anybody":    {stage.Anyone, "letter", calendar.Date{}, "misuse.file.role", noon},
		"entered by a director": {director, "phone", calendar.Date{}, "misuse.file.role", noon},
	} {
		f := filing
		f.Channel, f.On = c.channel, c.on
		r, m, err := misuse.File(c.by, &title, "c", f, 1, noon)
		if code(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		} else if err == nil && (!r.ArrivedAt.Equal(c.at) || r.Channel != c.channel || r.RegisteredBy != c.by.Account || m.By != stage.Clerk) {
			t.Errorf("%s: %+v %+v", name, r, m)
		}
	}
	if r := received(t); r.Channel != "" || r.RegisteredBy != "" || misuse.ChannelWord(r.Channel) != "网上" {
		t.Errorf("by the form: %+v", r)
	}
	tied := handler
	tied.Interest = "兼任该单位经办人"
	if misuse.Registrable(handler) != nil || code(misuse.Registrable(tied)) != "misuse.file.tied" {
		t.Error("a clerk with a tie enters a letter, or one without does not")
	}
}

// TestTheSameTwice: the same words of the same person are one fingerprint, however spaced.
func TestTheSameTwice(t *testing.T) {
	t.Parallel()
	r := received(t)
	spaced, stranger := filing, filing
	spaced.Text = "  " + filing.Text + "\n"
	stranger.Name = "杨某"
	if one := r.Reporter(filing, "h").Fingerprint; one != r.Reporter(spaced, "g").Fingerprint || one == r.Reporter(stranger, "h").Fingerprint {
		t.Error("the fingerprint tells other things apart")
	}
}

// TestAssign: only the director, only to a clerk without a tie, and not to the same again.
func TestAssign(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by   stage.Actor
		to   inquiry.Handler
		want string
	}{
		"a clerk without a tie": {director, handler, ""},
		"one with a tie":        {director, inquiry.Handler{Account: "acc_x", Name: "甲", Interest: "兼任该单位经办人"}, "inquiry.assign.interest"},
		"nobody":                {director, inquiry.Handler{}, "inquiry.assign.nobody"},
		"by a clerk":            {clerk, handler, "stage.not_allowed"},
		"by the public":         {stage.Anyone, handler, "stage.not_allowed"},
	} {
		r := received(t)
		if _, err := r.Assign(c.by, c.to); code(err) != c.want || (err == nil) != (r.State == misuse.Investigating) {
			t.Errorf("%s: %v, %s", name, err, r.State)
		}
	}
	r := assigned(t)
	if _, err := r.Assign(director, handler); code(err) != "inquiry.assign.same" {
		t.Error(err)
	}
	if _, err := r.Assign(director, inquiry.Handler{Account: "acc_other"}); err != nil || r.Handler != "acc_other" {
		t.Error(err)
	}
}

// TestNote: by its handler alone, who has come to no tie since, and never telling who
// reported.
func TestNote(t *testing.T) {
	t.Parallel()
	tied := handler
	tied.Interest = "近亲属在该单位任职"
	for name, c := range map[string]struct {
		by   stage.Actor
		h    inquiry.Handler
		text string
		want string
	}{
		"its handler":        {clerk, handler, "实地看了牌匾。", ""},
		"another clerk":      {other, inquiry.Handler{Account: "acc_other"}, "看了。", "inquiry.handler"},
		"one no longer free": {clerk, tied, "看了。", "inquiry.assign.interest"},
		"no longer a clerk":  {clerk, inquiry.Handler{}, "看了。", "inquiry.handler"},
		"telling the name":   {clerk, handler, "柳某反映。", "inquiry.leak"},
		"telling the number": {clerk, handler, "打0431-00000000。", "inquiry.leak"},
		"nothing":            {clerk, handler, "", "words.empty"},
	} {
		r := assigned(t)
		if _, err := r.Note(c.by, c.h, who, c.text, noon); code(err) != c.want || (err == nil) != (len(r.Notes) == 1) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := assigned(t)
	for range 100 {
		if _, err := r.Note(clerk, handler, who, "看了。", noon); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Note(clerk, handler, who, "看了。", noon); code(err) != "misuse.note.many" {
		t.Error(err)
	}
}

// TestConclude: each verdict ends the case once, and only the holder's own misuse is the
// holder's.
func TestConclude(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change   func(*misuse.Conclusion)
		by       stage.Actor
		want     string
		ends     stage.State
		byHolder bool
	}{
		"by the holder":      {func(c *misuse.Conclusion) { c.Verdict = misuse.ByHolder }, clerk, "", misuse.Founded, true},
		"by another":         {func(c *misuse.Conclusion) { c.Verdict = misuse.ByOther }, clerk, "", misuse.Founded, false},
		"not true":           {func(c *misuse.Conclusion) { c.Verdict = misuse.Untrue }, clerk, "", misuse.Unfounded, false},
		"referred":           {func(c *misuse.Conclusion) { c.Verdict, c.To = misuse.Refer, "某市市场监督管理局" }, clerk, "", misuse.Referred, false},
		"referred to nobody": {func(c *misuse.Conclusion) { c.Verdict = misuse.Refer }, clerk, "misuse.refer.nowhere", misuse.Investigating, false},
		"no verdict":         {func(c *misuse.Conclusion) { c.Verdict = "founded" }, clerk, "misuse.conclude.verdict", misuse.Investigating, false},
		"by another clerk":   {func(c *misuse.Conclusion) { c.Verdict = misuse.Untrue }, other, "inquiry.handler", misuse.Investigating, false},
		"no answer":          {func(c *misuse.Conclusion) { c.Verdict, c.Answer = misuse.Untrue, "" }, clerk, "words.empty", misuse.Investigating, false},
		"no finding":         {func(c *misuse.Conclusion) { c.Verdict, c.Finding = misuse.Untrue, "" }, clerk, "words.empty", misuse.Investigating, false},
		"a finding tells":    {func(c *misuse.Conclusion) { c.Verdict, c.Finding = misuse.Untrue, "柳某所述不实" }, clerk, "inquiry.leak", misuse.Investigating, false},
	} {
		r, in := assigned(t), misuse.Conclusion{Finding: "看了现场。", Answer: "已核查。"}
		c.change(&in)
		_, err := r.Conclude(c.by, handler, who, in, noon)
		if code(err) != c.want || r.State != c.ends || r.ByHolder != c.byHolder || r.Open() == (err == nil) {
			t.Errorf("%s: %v, %s", name, err, r.State)
		}
		if err == nil {
			if _, err := r.Conclude(clerk, handler, who, in, noon); err == nil {
				t.Errorf("%s: twice", name)
			}
		}
	}
}

// TestCause: what a title is told names the case and nobody.
func TestCause(t *testing.T) {
	t.Parallel()
	r := assigned(t)
	r.ID = "mis_1"
	if _, err := r.Conclude(clerk, handler, who, misuse.Conclusion{Verdict: misuse.ByHolder, Finding: "收费属实。", Answer: "已核查。"}, noon); err != nil {
		t.Fatal(err)
	}
	c := r.Cause()
	if c.Kind != trigger.Misuse || c.Fact != "misuse|mis_1" || c.On.String() != "2022-03-01" || !strings.Contains(c.Say, "线索〔2022〕003号") || who.Tells(c.Say) {
		t.Errorf("%+v", c)
	}
}

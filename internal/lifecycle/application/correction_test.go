package application_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var missing = []application.Defect{{Field: "1-1", Say: "批复文号看不出日期，请补写。"}}

func correcting(t testing.TB, f application.Facts, defects ...application.Defect) *application.Application {
	t.Helper()
	a := submitted(t, f)
	f.Round.State = round.Closed
	if _, err := a.RequestCorrection(clerk, f.Programme, f.Round, calendar.Embedded(), defects, at(t, "2021-07-12 10:00:00")); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestRequestCorrection: once, everything at once, each thing at its field, with
// the time counted in working days (S46 一次性告知).
func TestRequestCorrection(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by      stage.Actor
		defects []application.Defect
		now     string
		due     string
		code    string
	}{
		"a field":                {defects: missing, due: "2021-07-20 00:00:00"},
		"on a Friday":            {defects: missing, now: "2021-07-16 10:00:00", due: "2021-07-24 00:00:00"},
		"on a made-up Saturday":  {defects: missing, now: "2021-09-18 10:00:00", due: "2021-09-28 00:00:00"},
		"two fields":             {defects: []application.Defect{missing[0], {Field: "signatory", Say: "写明职务。"}}, due: "2021-07-20 00:00:00"},
		"nothing":                {code: "application.request_correction.empty"},
		"an unknown field":       {defects: []application.Defect{{Field: "committed", Say: "x"}}, code: "application.request_correction.field"},
		"another year's":         {defects: []application.Defect{{Field: "1-3", Say: "x"}}, code: "application.request_correction.field"},
		"a field twice":          {defects: []application.Defect{missing[0], missing[0]}, code: "application.request_correction.twice"},
		"nothing said":           {defects: []application.Defect{{Field: "1-1", Say: " "}}, code: "application.request_correction.say"},
		"300 字":                  {defects: []application.Defect{{Field: "1-1", Say: strings.Repeat("长", 300)}}, due: "2021-07-20 00:00:00"},
		"301 字":                  {defects: []application.Defect{{Field: "1-1", Say: strings.Repeat("长", 301)}}, code: "application.request_correction.say"},
		"by the applicant":       {by: applicant, defects: missing, code: "stage.not_allowed"},
		"two things wrong in it": {defects: []application.Defect{{Field: "x", Say: "y"}, {Field: "1-1"}}, code: "input.several"},
	} {
		f, by, now := someFacts(), clerk, "2021-07-12 10:00:00"
		if tt.by.Role != "" {
			by = tt.by
		}
		if tt.now != "" {
			now = tt.now
		}
		a := submitted(t, f)
		_, err := a.RequestCorrection(by, f.Programme, f.Round, calendar.Embedded(), tt.defects, at(t, now))
		if tt.code != "" {
			if fault.CodeOf(err) != tt.code || a.State != application.Submitted {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || a.State != application.Correcting || !a.Correction.Due.Equal(at(t, tt.due)) || a.Correction.LastDay.End() != a.Correction.Due {
			t.Errorf("%s: %v %s", name, err, a.Correction.Due)
		}
	}
	f := someFacts()
	a := correcting(t, f, missing...)
	if _, err := a.Correct(applicant, f.Programme, f.Round, answer.Part{}, at(t, "2021-07-13 09:00:00")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.RequestCorrection(clerk, f.Programme, f.Round, calendar.Embedded(), missing, at(t, "2021-07-14 09:00:00")); fault.CodeOf(err) != "application.request_correction.once" {
		t.Error("a second notice:", err)
	}
	f.Programme.Review.CorrectionDays = 0
	if got := application.CorrectionDays(f.Programme); got != 5 {
		t.Error(got)
	}
}

// TestCorrect: after the deadline only what the notice names may change, unless
// the programme takes new facts (S46); in time to the second.
func TestCorrect(t *testing.T) {
	t.Parallel()
	mended := answer.Answer{Rating: answer.Meets, Statement: "2015年5月16日成立。", Evidence: []string{"吉社联党批〔2015〕3号，2015年5月16日"}}
	other, who := answer.Answer{Rating: answer.Meets, Statement: "新的说法"}, "书记乙"
	for name, tt := range map[string]struct {
		in     answer.Part
		by     stage.Actor
		change func(*application.Facts)
		now    string
		code   string
	}{
		"what the notice names":     {in: answer.Part{Answers: map[string]answer.Answer{"1-1": mended}}},
		"in the last second":        {in: answer.Part{Answers: map[string]answer.Answer{"1-1": mended}}, now: "2021-07-19 23:59:59"},
		"at the end":                {in: answer.Part{Answers: map[string]answer.Answer{"1-1": mended}}, now: "2021-07-20 00:00:00", code: "application.correct.late"},
		"something else":            {in: answer.Part{Answers: map[string]answer.Answer{"1-1": mended, "1-2": other}}, code: "application.correct.other"},
		"who signs":                 {in: answer.Part{Signatory: &who}, code: "application.correct.other"},
		"something else, unchanged": {in: answer.Part{Answers: map[string]answer.Answer{"1-1": mended, "1-2": {Rating: answer.Partly, Statement: " 有捐赠。"}}}},
		"new facts are taken":       {in: answer.Part{Answers: map[string]answer.Answer{"1-2": other}}, change: func(f *application.Facts) { f.Programme.Review.CorrectionFacts = "new_facts" }},
		"one may still file": {in: answer.Part{Answers: map[string]answer.Answer{"1-2": other}}, change: func(f *application.Facts) {
			f.Round.State, f.Round.Deadline = round.Open, calendar.MustDate("2021-07-30").End()
		}},
		"with a gap":                     {in: answer.Part{Answers: map[string]answer.Answer{"1-1": {Rating: answer.Meets}}}, code: "input.several"},
		"too long":                       {in: answer.Part{Answers: map[string]answer.Answer{"1-1": {Rating: answer.Fails, Statement: strings.Repeat("长", 21)}}}, code: "answer.complete.words"},
		"by a clerk":                     {by: clerk, code: "stage.not_allowed"},
		"the commitment stays with it":   {in: answer.Part{Committed: new(bool)}},
		"an indicator that is not in it": {in: answer.Part{Answers: map[string]answer.Answer{"1-3": other}}, code: "answer.keep.indicator"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, by, now := someFacts(), applicant, "2021-07-13 09:00:00"
			a := correcting(t, f, missing...)
			if tt.change != nil {
				tt.change(&f)
			}
			if tt.by.Role != "" {
				by = tt.by
			}
			if tt.now != "" {
				now = tt.now
			}
			before := *a
			_, err := a.Correct(by, f.Programme, f.Round, tt.in, at(t, now))
			if tt.code != "" {
				if diff := cmp.Diff(before, *a); fault.CodeOf(err) != tt.code || diff != "" {
					t.Errorf("got %v, want %s %s", err, tt.code, diff)
				}
				return
			}
			if err != nil || a.State != application.Submitted || !a.Correction.AnsweredAt.Equal(at(t, now)) || a.Digest != a.Content().Digest() || !a.Committed {
				t.Errorf("%+v %v", a, err)
			}
			if a.Original.Answers["1-1"].Statement != "已经成立。" || a.Number != before.Number || !a.SubmittedAt.Equal(before.SubmittedAt) {
				t.Error("what was submitted is kept beside it")
			}
		})
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	f := someFacts()
	a := correcting(t, f, missing[0], application.Defect{Field: "signatory", Say: "写明职务。"})
	who := "党支部书记 甲"
	was := a.Answers["1-1"]
	now := answer.Answer{Rating: answer.Meets, Statement: "2015年成立。", Evidence: []string{"3号"}}
	if _, err := a.Correct(applicant, f.Programme, f.Round, answer.Part{Signatory: &who, Answers: map[string]answer.Answer{"1-1": now}}, at(t, "2021-07-13 09:00:00")); err != nil {
		t.Fatal(err)
	}
	want := []answer.Change{{Field: "1-1", Was: was, Now: now}, {Field: "signatory", Text: [2]string{"书记甲", who}}}
	if diff := cmp.Diff(want, a.Changes()); diff != "" {
		t.Error(diff)
	}
	if got := a.Demanded("1-1"); got != missing[0].Say || a.Demanded("1-2") != "" {
		t.Error(got)
	}
	if a.Original.Digest() == a.Digest {
		t.Error("the digest is still that of before")
	}
}

// TestLapse: a correction that is not answered leaves the application as it was.
func TestLapse(t *testing.T) {
	t.Parallel()
	a := correcting(t, someFacts(), missing...)
	before := a.Content()
	if _, err := a.Lapse(stage.TheClock, at(t, "2021-07-19 23:59:59")); fault.CodeOf(err) != "application.lapse.early" {
		t.Error("a second early:", err)
	}
	if _, err := a.Lapse(clerk, at(t, "2021-07-20 00:00:00")); fault.CodeOf(err) != "stage.not_allowed" {
		t.Error("a person lapses it:", err)
	}
	if _, err := a.Lapse(stage.TheClock, at(t, "2021-07-20 00:00:00")); err != nil || a.State != application.Submitted || !a.Correction.Lapsed {
		t.Error(err, a.State)
	}
	if diff := cmp.Diff(before, a.Content()); diff != "" {
		t.Error(diff)
	}
	f := someFacts()
	if _, err := a.Correct(applicant, f.Programme, f.Round, answer.Part{}, at(t, "2021-07-20 00:00:01")); fault.CodeOf(err) != "application.correct.late" {
		t.Error("corrected after it lapsed:", err)
	}
}

// TestAcceptBy: the office decides within the programme's working days from the
// submission, or from the answer to its notice.
func TestAcceptBy(t *testing.T) {
	t.Parallel()
	f, c := someFacts(), calendar.Embedded()
	a := submitted(t, f)
	if p, ok := a.AcceptBy(f.Programme, c); !ok || p.Last.String() != "2021-07-08" {
		t.Error(p.Last, ok)
	}
	b := correcting(t, f, missing...)
	if _, ok := b.AcceptBy(f.Programme, c); ok {
		t.Error("the office has a time limit while the applicant corrects")
	}
	if _, err := b.Correct(applicant, f.Programme, f.Round, answer.Part{}, at(t, "2021-07-13 09:00:00")); err != nil {
		t.Fatal(err)
	}
	if p, ok := b.AcceptBy(f.Programme, c); !ok || p.Last.String() != "2021-07-20" {
		t.Error(p.Last, ok)
	}
}

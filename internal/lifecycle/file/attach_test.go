package file_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// TestAttach: files come and go while a draft is in time and while a correction may
// change their indicator, and at no other time (S43, S45, S46).
func TestAttach(t *testing.T) {
	t.Parallel()
	p := &programme.Programme{Criteria: []programme.Group{{Code: "1", Indicators: []programme.Indicator{
		{Code: "1-1"}, {Code: "1-2"}, {Code: "1-3", Years: []int{2022}},
	}}}}
	deadline, due := calendar.MustDate("2021-07-10").End(), calendar.MustDate("2021-07-19").End()
	r := &round.Round{Year: 2021, State: round.Open, PublishedAt: calendar.MustDate("2021-06-21").Start(), Deadline: deadline}
	mended := application.Correction{Defects: []application.Defect{{Field: "1-1", Say: "缺页"}}, NotifiedAt: deadline, Due: due}
	lapsed := mended
	lapsed.Lapsed = true
	applicant, clerk := stage.Actor{Role: stage.Applicant}, stage.Actor{Role: stage.Clerk}
	for _, tt := range []struct {
		what string
		a    application.Application
		by   stage.Actor
		code string
		now  time.Time
		want string
	}{
		{"a draft", application.Application{State: application.Draft}, applicant, "1-1", deadline.Add(-1), ""},
		{"a draft that is late", application.Application{State: application.Draft}, applicant, "1-1", deadline, "file.attach.late"},
		{"one that the clock forfeited", application.Application{State: application.Forfeited}, applicant, "1-1", deadline, "file.attach.late"},
		{"no such indicator", application.Application{State: application.Draft}, applicant, "9-9", deadline.Add(-1), "file.attach.indicator"},
		{"an indicator of another year", application.Application{State: application.Draft}, applicant, "1-3", deadline.Add(-1), "file.attach.indicator"},
		{"the office in a draft", application.Application{State: application.Draft}, clerk, "1-1", deadline.Add(-1), "stage.not_allowed"},
		{"submitted", application.Application{State: application.Submitted}, applicant, "1-1", deadline.Add(-1), "stage.not_allowed"},
		{"a correction", application.Application{State: application.Correcting, Correction: mended}, applicant, "1-1", due.Add(-1), ""},
		{"a correction that is over", application.Application{State: application.Correcting, Correction: mended}, applicant, "1-1", due, "file.attach.over"},
		{"what the notice does not name", application.Application{State: application.Correcting, Correction: mended}, applicant, "1-2", due.Add(-1), "file.attach.other"},
		{"a correction that lapsed", application.Application{State: application.Submitted, Correction: lapsed}, applicant, "1-1", due, "file.attach.over"},
	} {
		for act, do := range map[string]func(*application.Application, stage.Actor, *programme.Programme, *round.Round, string, time.Time) (stage.Move, error){"attach": file.Attach, "detach": file.Detach} {
			m, err := do(&tt.a, tt.by, p, r, tt.code, tt.now)
			if tt.want == "" && (err != nil || m.Act != act || m.To != tt.a.State) || tt.want != "" && fault.CodeOf(err) != tt.want {
				t.Errorf("%s, %s: %+v %v, want %q", tt.what, act, m, err, tt.want)
			}
		}
	}
}

// TestSubmitted: what was first submitted stays so after a correction.
func TestSubmitted(t *testing.T) {
	t.Parallel()
	with := func(sum string) map[string]answer.Answer {
		return map[string]answer.Answer{"1-1": {Files: []answer.File{{SHA256: sum}}}}
	}
	a := application.Application{Answers: with("b"), Original: answer.Content{Answers: with("a")}}
	if !file.Submitted(&a, "a") || !file.Submitted(&a, "b") || file.Submitted(&a, "c") {
		t.Error("wrong")
	}
}

package file

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var (
	errIndicator = fault.Define(fault.Invalid, "file.attach.indicator", "本届没有指标“%s”。刷新页面，在现在的指标下上传。", "四")
	errLate      = fault.Define(fault.Refused, "file.attach.late", "申报已于%s截止，不能再上传或者移除文件。", "办法(一) 逾期申报的视为放弃")
	errOver      = fault.Define(fault.Refused, "file.attach.over", "补正已于%s截止，不能再上传或者移除文件。", "办法(二)；制度:补正逾期的按原材料初审")
	errUntouched = fault.Define(fault.Refused, "file.attach.other", "指标%s不在补正通知之内，截止以后不能再改它的文件。", "办法(一)；制度:补正只作说明")
)

// Attach puts a file under an indicator of an application while that is a draft in
// time, or while a correction may still change the indicator (S43, S45, S46).
func Attach(a *application.Application, by stage.Actor, p *programme.Programme, r *round.Round, code string, now time.Time) (stage.Move, error) {
	return refile(a, "attach", by, p, r, code, now)
}

// Detach takes a file from under an indicator, under the same conditions. What was
// submitted before keeps it.
func Detach(a *application.Application, by stage.Actor, p *programme.Programme, r *round.Round, code string, now time.Time) (stage.Move, error) {
	return refile(a, "detach", by, p, r, code, now)
}

func refile(a *application.Application, act string, by stage.Actor, p *programme.Programme, r *round.Round, code string, now time.Time) (stage.Move, error) {
	if by.Role == stage.Applicant { // who comes after the clock hears the same rule as who comes before it
		switch {
		case a.State == application.Forfeited:
			return stage.Move{}, errLate.New(round.Instant(r.Deadline))
		case a.Correction.Lapsed:
			return stage.Move{}, errOver.New(round.Instant(a.Correction.Due))
		}
	}
	m, err := application.Kind.Step(a.State, act, by.Role)
	if err != nil {
		return m, err
	}
	i, known := p.Indicator(code)
	switch {
	case !known || !i.CountsIn(r.Year):
		return m, errIndicator.At("file", chars.Cut(strings.ToValidUTF8(code, ""), 20))
	case a.State == application.Draft && !r.FilingOpen(now):
		return m, errLate.New(round.Instant(r.Deadline))
	case a.State == application.Correcting && !now.Before(a.Correction.Due):
		return m, errOver.New(round.Instant(a.Correction.Due))
	case a.State == application.Correcting && !a.May(code, p, r, now):
		return m, errUntouched.New(code)
	}
	return m, nil
}

// Submitted reports whether the bytes with this SHA-256 were submitted with an
// application, at first or with its correction.
func Submitted(a *application.Application, sum string) bool {
	for _, content := range []answer.Content{a.Original, a.Content()} {
		for _, w := range content.Answers {
			if slices.ContainsFunc(w.Files, func(f answer.File) bool { return f.SHA256 == sum }) {
				return true
			}
		}
	}
	return false
}

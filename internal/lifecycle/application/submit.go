package application

import (
	"cmp"
	"fmt"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var (
	errSubmission = fault.Define(fault.Invalid, "application.submit.form", "这份提交表单不完整。重新打开提交页再交。", "")
	errStands     = fault.Define(fault.Refused, "application.withdraw.late", "申报已于%s截止，截止以后不能撤回。不再参加的，联系办公室说明情况。", "办法(一)")
	errOpen       = fault.Define(fault.Refused, "application.forfeit.early", "还没有到截止时间%s。", "办法(一)")
)

// Gaps lists what is still missing for submission, each at its field, in the
// order of the form.
func (a *Application) Gaps(p *programme.Programme, year int) []*fault.Fault {
	all := append(a.Content().Gaps(p, year), answer.Unconfirmed(p, year, a.Carried)...)
	if p.Applicants.Party && a.PartyBody == "" {
		all = append(all, errNoParty.At("party_body"))
	}
	return all
}

// Submit files the application: in time to the second, complete, with the
// commitment and who signs. It gets the round's next number, and its content is
// fixed with its digest; the names are those of this day (S43–S45, S59, S64).
// submission identifies the form that was sent.
func (a *Application) Submit(by stage.Actor, f Facts, submission string, now time.Time) (stage.Move, error) {
	if f := a.forfeited(by, f.Round); f != nil {
		return stage.Move{}, f
	}
	m, err := Kind.Step(a.State, "submit", by.Role)
	if err != nil {
		return m, err
	}
	next := *a
	content := a.Content()
	content.Attach(f.Files)
	next.Answers = content.Answers
	for _, rule := range []*fault.Fault{
		filing(f.Round, now), registered(f.Organisation), a.once(f.Others), next.choose(f, a.Body), asSent(submission),
	} {
		if rule != nil {
			return m, rule
		}
	}
	if err := fault.All(next.Gaps(f.Programme, f.Round.Year)...); err != nil {
		return m, err
	}
	a.Body, a.PartyBody, a.Answers = next.Body, next.PartyBody, next.Answers
	a.Name, a.Category = f.Organisation.Name(), CategoryOf(f.Programme, f.Organisation)
	a.Number, a.SubmittedAt, a.Submission = NextNumber(f.Round, f.Filed), now, submission
	a.Original = a.Content()
	a.Digest = a.Original.Digest()
	a.move(m, now)
	return m, nil
}

// asSent: the form says which one it is.
func asSent(submission string) *fault.Fault {
	if fact.Text("submission", "", submission, 64, true) != nil {
		return errSubmission.New()
	}
	return nil
}

// NextNumber returns the number of the next application that is submitted in a
// round of which so many were: 2026-018, or 2026增-018 in a special round. Numbers
// count up and stay with what was withdrawn.
func NextNumber(r *round.Round, filed int) string {
	if r.Special {
		return fmt.Sprintf("%d增-%03d", r.Year, filed+1)
	}
	return fmt.Sprintf("%d-%03d", r.Year, filed+1)
}

// Discard gives up a draft.
func (a *Application) Discard(by stage.Actor, now time.Time) (stage.Move, error) {
	return a.step("discard", by, now)
}

// Withdraw takes back what was submitted, until the deadline and until the office accepts
// it; before the deadline the organisation may begin another. Afterwards the list of who
// applied stands: the notice knows no withdrawal then.
func (a *Application) Withdraw(by stage.Actor, r *round.Round, now time.Time) (stage.Move, error) {
	return a.step("withdraw", by, now, fault.Unless(r.FilingOpen(now), errStands.New(round.Instant(r.Deadline))))
}

// Forfeit ends a draft at the deadline: 逾期申报的视为放弃 (S45). The clock does it
// to all, and to nobody before the instant.
func (a *Application) Forfeit(by stage.Actor, r *round.Round, now time.Time) (stage.Move, error) {
	over := r.Published() && !now.Before(r.Deadline)
	return a.step("forfeit", by, now, fault.Unless(over, errOpen.New(round.Instant(r.Deadline))))
}

// step takes a move that depends on nothing but what may be against it.
func (a *Application) step(act string, by stage.Actor, now time.Time, against ...*fault.Fault) (stage.Move, error) {
	m, err := Kind.Step(a.State, act, by.Role)
	if err = cmp.Or(err, fault.All(against...)); err == nil {
		a.move(m, now)
	}
	return m, err
}

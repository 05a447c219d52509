package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// SummaryView is the office's report of the review of a round to the committee
// (办法(二) 汇总后报联合党委; S47).
type SummaryView struct {
	Round     round.Round
	Programme *programme.Programme
	Rows      []SummaryRow // everything that was received, in the order of its numbers, withdrawn ones too
	Sums      SummarySums
	Wrong     []string // which figures do not add up; none when all do
	Partial   bool     // the viewer has an interest in some, which are left out
}

// SummaryRow is one application in the report.
type SummaryRow struct {
	Application application.Application
	Category    string // its title
	Review      review.Review
	Verdicts    map[string]int // indicators by verdict
	Visit       visit.Visit
}

// Reviewed reports whether the office's opinion is confirmed.
func (r SummaryRow) Reviewed() bool { return r.Review.State == review.Confirmed }

// SummarySums counts the applications of the report. Each stands in exactly one
// line of each sum.
type SummarySums struct {
	Received                              int
	Waiting, Withdrawn, Declined          int // not accepted
	Reviewing, Ended, Reviewed, Elsewhere int // accepted; Elsewhere: the procedure has no review
	Recommended, NotRecommended, Doubtful int // of those reviewed
}

// reconcile says which sums do not add up.
func (s SummarySums) reconcile() (wrong []string) {
	if sum := s.Waiting + s.Withdrawn + s.Declined + s.Reviewing + s.Ended + s.Reviewed + s.Elsewhere; sum != s.Received {
		wrong = append(wrong, fmt.Sprintf("收到%d件，各项合计%d件", s.Received, sum))
	}
	if sum := s.Recommended + s.NotRecommended + s.Doubtful; sum != s.Reviewed {
		wrong = append(wrong, fmt.Sprintf("完成初审%d件，各类建议合计%d件", s.Reviewed, sum))
	}
	return wrong
}

// ReviewSummary makes the report of a round's review for the office, the
// committee and the auditors.
func (d *Desk) ReviewSummary(ctx context.Context, by stage.Actor, key id.Round) (v SummaryView, err error) {
	defer fault.Wrap(&err, "casework.ReviewSummary(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Round, err = tx.RoundFor(by, key); err != nil {
			return err
		}
		if ok, err := reportsOn(tx, by, v.Round); err != nil || !ok {
			return cmp.Or(err, error(fault.Missing()))
		}
		if v.Programme, err = tx.ProgrammeOf(key); err != nil {
			return err
		}
		all, hidden, err := tx.ReceivedIn(by, key)
		if err != nil {
			return err
		}
		v.Partial = hidden
		return v.fill(tx, all)
	})
	return v, err
}

// reportsOn reports whether somebody reads the report: the office, the chair and
// the auditors of the programme, and members who sit in a meeting of the round.
func reportsOn(tx *store.Tx, by stage.Actor, r round.Round) (bool, error) {
	switch {
	case by.Programme != "" && by.Programme != r.Programme:
		return false, nil
	case by.Role == stage.Member:
		all, err := tx.Meetings(by, store.MeetingFilter{Round: r.ID, Limit: 1})
		return len(all) > 0, err
	}
	return slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, by.Role), nil
}

func (v *SummaryView) fill(tx *store.Tx, all []application.Application) error {
	indicators := v.Programme.Indicators(v.Round.Year)
	slices.SortStableFunc(all, func(a, b application.Application) int { return strings.Compare(a.Number, b.Number) })
	for _, a := range all {
		row := SummaryRow{Application: a}
		for _, c := range v.Programme.Applicants.Categories {
			if c.Code == a.Category {
				row.Category = c.Title
			}
		}
		var err error
		if row.Review, err = tx.ReviewOf(a.ID); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if row.Visit, err = tx.VisitOf(a.ID); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if row.Reviewed() {
			row.Verdicts = review.Count(indicators, row.Review.Findings)
		}
		v.Rows = append(v.Rows, row)
		v.Sums.add(row)
	}
	v.Wrong = v.Sums.reconcile()
	return nil
}

// add counts an application in.
func (s *SummarySums) add(r SummaryRow) {
	s.Received++
	switch {
	case r.Reviewed():
		s.Reviewed++
		switch r.Review.Recommendation {
		case "recommend":
			s.Recommended++
		case "not_recommend":
			s.NotRecommended++
		case "doubtful":
			s.Doubtful++
		}
	case r.Review.State == review.Ended:
		s.Ended++
	case r.Review.State != "":
		s.Reviewing++
	case r.Application.State == application.Submitted, r.Application.State == application.Correcting:
		s.Waiting++
	case r.Application.State == application.Withdrawn:
		s.Withdrawn++
	case r.Application.State == application.Declined:
		s.Declined++
	default:
		s.Elsewhere++
	}
}

package simulate

import (
	"fmt"
	"slices"

	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// mayPractise is what may be done about the exercise before the visits of a round.
func (k *kept) mayPractise() {
	for _, r := range k.running() {
		visits := read(k, func(tx *store.Tx) ([]visit.Visit, error) { return tx.VisitsOf(r.ID) })
		if !slices.ContainsFunc(visits, func(v visit.Visit) bool { return v.State == visit.Planned || v.State == visit.Scheduled }) {
			continue
		}
		live := 0
		for _, c := range read(k, func(tx *store.Tx) (all []calibration.Calibration, err error) {
			all, _, err = tx.CalibrationsOf(k.clerks[0], r.ID)
			return all, err
		}) {
			switch c.State {
			case calibration.Prepared:
				live++
				k.may(8, func() { k.issueSample(r, c) })
			case calibration.Open:
				live++
				k.mayMark(r, c)
			}
			if c.State != calibration.Withdrawn && k.chance(2) {
				k.may(1, func() {
					k.try("calibration.withdraw", k.desk.WithdrawCalibration(k.ctx, k.anyone(k.clerks), c.ID, pick(k, []string{"样本有误", ""})))
				})
			}
		}
		if live == 0 && (k.practises || k.chance(4)) {
			k.may(8, func() {
				_, err := k.desk.PrepareCalibration(k.ctx, k.anyone(k.clerks), r.ID, fmt.Sprintf("样本%d", k.last))
				k.try("calibration.prepare", err)
			})
		}
	}
}

// marks is a mark of everything that a visit looks at, with a gap now and then.
func (k *kept) marks(r round.Round) map[string]assessment.Finding {
	all := map[string]assessment.Finding{}
	for _, i := range calibration.Asked(k.programme.Indicators(r.Year)) {
		if !k.chance(1) {
			all[i.Code] = assessment.Finding{Rating: pick(k, []string{"meets", "partly", "fails"}), Score: i.Points}
		}
	}
	return all
}

func (k *kept) issueSample(r round.Round, c calibration.Calibration) {
	s := calibration.Sample{Title: c.Title, Answers: map[string]string{}, Reference: k.marks(r)}
	for _, i := range calibration.Asked(k.programme.Indicators(r.Year)) {
		s.Answers[i.Code] = "制度上墙，记录齐全"
	}
	if k.chance(20) {
		k.try("calibration.edit", k.desk.EditCalibration(k.ctx, k.anyone(k.clerks), c.ID, k.seen(c.Version), s))
		return
	}
	k.try("calibration.issue", k.desk.IssueCalibration(k.ctx, k.anyone(k.clerks), c.ID, k.seen(c.Version), s))
}

// mayMark lets the assessors mark a sample; now and then one does so twice, or who wrote it.
func (k *kept) mayMark(r round.Round, c calibration.Calibration) {
	marked := read(k, func(tx *store.Tx) ([]calibration.Marking, error) { return tx.MarkingsOf(c.ID) })
	var left []stage.Actor
	for _, a := range k.assessors {
		if !calibration.Shows(marked, a.Account) {
			left = append(left, a)
		}
	}
	if len(left) == 0 {
		return
	}
	k.may(12, func() {
		for _, by := range left[:1+k.IntN(len(left))] {
			switch k.IntN(40) {
			case 0:
				by = pick(k, k.assessors)
			case 1:
				by = as(c.PreparedBy, stage.Assessor)
			}
			k.try("calibration.mark", k.desk.MarkCalibration(k.ctx, by, c.ID, k.marks(r)))
			k.tickle()
		}
	})
}

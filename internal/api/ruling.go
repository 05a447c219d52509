package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
)

// eligibilityData is whether an organisation satisfies the conditions of a programme.
type eligibilityData struct {
	Programme string          `json:"programme"`
	Title     string          `json:"title"`
	Round     string          `json:"round,omitempty" doc:"whose deadline is meant; left out while no call is open"`
	Deadline  calendar.Date   `json:"deadline" doc:"as of which the conditions are looked at"`
	Overall   string          `json:"overall" doc:"meets, pending, doubtful or fails"`
	Checks    []eligibleCheck `json:"checks"`
	MayRule   bool            `json:"may_rule" doc:"the token's role may find otherwise"`
}

// eligibleCheck is one condition, what was computed of it and what the office found.
type eligibleCheck struct {
	Rule     string      `json:"rule" doc:"its code"`
	Title    string      `json:"title"`
	RedLine  bool        `json:"red_line" doc:"against it only the director finds"`
	Computed string      `json:"computed" doc:"what the facts say: meets, pending, doubtful or fails"`
	Verdict  string      `json:"verdict" doc:"what holds: the office's where it found otherwise"`
	Why      []string    `json:"why" doc:"what stands in the facts"`
	Mend     []string    `json:"mend" doc:"what to do; nothing when it is met"`
	Ruling   *rulingData `json:"ruling,omitempty"`
}

// rulingData is what the office found of a condition against what was computed.
type rulingData struct {
	Verdict string    `json:"verdict"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}

func eligibilityDataOf(v casework.EligibilityView) eligibilityData {
	return eligibilityData{
		string(v.Programme.Name), v.Programme.Title, string(v.Round.ID), v.Day, string(v.Overall), each(v.Checks, eligibleCheckOf), v.MayRule,
	}
}

func eligibleCheckOf(c ruling.Check) eligibleCheck {
	e := eligibleCheck{
		Rule: c.Rule.Code, Title: c.Rule.Title, RedLine: c.Rule.RedLine, Computed: string(c.Computed()), Verdict: string(c.Verdict),
		Why: acts(c.Why), Mend: acts(c.Mend),
	}
	if r := c.Ruling; r != nil {
		e.Ruling = &rulingData{string(r.Verdict), r.Reason, r.At}
	}
	return e
}

// rulingEntry is what the office finds of one condition.
type rulingEntry struct {
	Rule    string `json:"rule" doc:"its code"`
	Seen    string `json:"seen" doc:"the verdict that was read: when it changed since, nothing is done"`
	Verdict string `json:"verdict" doc:"meets or fails; what was computed takes an earlier finding back"`
	Reason  string `json:"reason" doc:"kept beside what was computed"`
	sure
}

// eligibilityQuery narrows a list of programmes.
type eligibilityQuery struct{ paging }

func rulingRoutes() []route {
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor}
	key := func(c *call) id.Organisation { return id.Organisation(c.PathValue("id")) }
	return []route{
		list("/organisations/{id}/eligibility", "listEligibility", "List under which programmes an organisation may apply, and why not.", "GET /organisations/{id}/eligibility", see, func(c *call, q *eligibilityQuery, _ int) ([]eligibilityData, string, error) {
			if _, err := c.desk.Organisation(c.Context(), c.Actor, key(c)); err != nil {
				return nil, "", err // also where there is no programme
			}
			all, err := c.desk.Eligible(c.Context(), c.Actor, key(c))
			return whole(all, err, &q.paging, func(v casework.EligibilityView) string { return string(v.Programme.Name) }, eligibilityDataOf)
		}),
		one("/organisations/{id}/eligibility/{programme}", "getEligibility", "Read whether an organisation may apply under one programme, condition by condition.", "GET /organisations/{id}/eligibility/{programme}", see, func(c *call, _ string) (eligibilityData, int64, error) {
			v, err := c.desk.CheckEligibility(c.Context(), c.Actor, key(c), id.Programme(c.PathValue("programme")))
			if err != nil {
				return eligibilityData{}, 0, err
			}
			return eligibilityDataOf(v), 0, nil
		}),
		act("/organisations/{id}/eligibility/{programme}/rule", "ruleEligibility", "Find otherwise than the facts say about one condition.", "POST /organisations/{id}/eligibility/{programme}/{rule}", office, func(c *call, in rulingEntry) error {
			if err := unpersonal(&in, in.NotPersonal); err != nil {
				return err
			}
			return c.desk.RuleEligibility(c.Context(), c.Actor, key(c), casework.RulingOf{
				Programme: id.Programme(c.PathValue("programme")), Rule: in.Rule, Seen: programme.Verdict(in.Seen), Verdict: programme.Verdict(in.Verdict), Reason: in.Reason,
			})
		}),
	}
}

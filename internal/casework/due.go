package casework

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/store"
)

// recheckWork is what rechecks ask of somebody.
func recheckWork(tx *store.Tx, by stage.Actor, _ time.Time, w *waits) ([]WorkItem, error) {
	f := store.RecheckFilter{States: []stage.State{recheck.Due, recheck.Underway, recheck.Reported, recheck.Slipped}}
	return listing[recheck.Recheck]{
		stage: recheck.Kind.Label, url: "/rechecks",
		list: func(after *recheck.Recheck, limit int) ([]recheck.Recheck, error) {
			if f.Limit = limit; after != nil {
				f.After = after.ID
			}
			return tx.Rechecks(by, f)
		},
		item: func(r *recheck.Recheck) (WorkItem, error) {
			title, due, err := recheckTask(tx, by, r)
			if title == "" || err != nil {
				return WorkItem{}, err
			}
			return titleWork(tx, r.Designation, WorkItem{Title: title, URL: "/rechecks/" + string(r.ID), Due: due, Stage: recheck.Kind.Label})
		},
	}.gather(w)
}

// recheckTask says what somebody is to do about a recheck and by when, or "".
func recheckTask(tx *store.Tx, by stage.Actor, r *recheck.Recheck) (title string, due time.Time, err error) {
	due = r.DueOn.End()
	switch {
	case by.Role == stage.Clerk && r.State == recheck.Due:
		what, err := recheckWhy(tx, r)
		return "指定人员，开始" + what + " ", due, err
	case by.Role == stage.Applicant && r.State == recheck.Underway && r.SelfReport == "":
		return "提交复查自查情况 ", due, nil
	case by.Role == stage.Assessor && r.State == recheck.Underway:
		return "复查 ", due, nil
	case by.Role == stage.Chair && r.State == recheck.Reported && r.ReportedBy != by.Account:
		return "作出复查结论 ", due, nil
	case by.Role == stage.Clerk && r.State == recheck.Underway && r.Depth == recheck.Light && r.SelfReport != "":
		return "审阅自查情况 ", due, nil
	case by.Role == stage.Chair && r.State == recheck.Slipped:
		if follows, err := ordersFrom(tx, r); !follows || err != nil {
			return "", due, err
		}
		return "责令整改 ", time.Time{}, nil
	}
	return "", due, nil
}

// recheckWhy says what a recheck is for in a line: 复查, or 随时复查（年检不合格）.
func recheckWhy(tx *store.Tx, r *recheck.Recheck) (string, error) {
	causes, err := tx.TriggersIn(r.ID)
	var words []string
	for _, c := range causes {
		if w := trigger.Words[c.Kind]; !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	said := "复查"
	if r.Origin == recheck.OfEvent {
		said = "随时复查"
	}
	if r.Plan != "" {
		said = "年度抽查"
	}
	if r.Depth != "" {
		said += "·" + recheck.Depths[r.Depth]
	}
	if len(words) > 0 {
		said += "（" + strings.Join(words, "、") + "）"
	}
	return said, err
}

// ordersFrom reports whether an order is still to follow from a recheck that
// slipped.
func ordersFrom(tx *store.Tx, r *recheck.Recheck) (bool, error) {
	t, err := tx.Designation(r.Designation)
	if err != nil || t.State != designation.Valid {
		return false, err
	}
	orders, err := tx.RectificationsOf(r.Designation)
	return !slices.ContainsFunc(orders, func(o rectification.Rectification) bool { return o.Recheck == r.ID }), err
}

// titleWork completes an item with the holder's name and the title's number.
func titleWork(tx *store.Tx, key id.Designation, w WorkItem) (WorkItem, error) {
	t, err := tx.Designation(key)
	w.Title, w.Thing = w.Title+t.Name, t.Number
	return w, err
}

// rectificationWork is what orders ask of somebody.
func rectificationWork(tx *store.Tx, by stage.Actor, _ time.Time, w *waits) ([]WorkItem, error) {
	f := store.RectificationFilter{States: []stage.State{rectification.Ordered, rectification.Running, rectification.Reported, rectification.Verified}}
	return listing[rectification.Rectification]{
		stage: rectification.Kind.Label, url: "/rectifications",
		list: func(after *rectification.Rectification, limit int) ([]rectification.Rectification, error) {
			if f.Limit = limit; after != nil {
				f.After = after.ID
			}
			return tx.Rectifications(by, f)
		},
		item: func(r *rectification.Rectification) (WorkItem, error) {
			title, due, err := rectificationTask(tx, by, r)
			if title == "" || err != nil {
				return WorkItem{}, err
			}
			return titleWork(tx, r.Designation, WorkItem{Title: title, URL: "/rectifications/" + string(r.ID), Due: due, Stage: rectification.Kind.Label})
		},
	}.gather(w)
}

// rectificationTask says what somebody is to do about an order and by when, or "".
func rectificationTask(tx *store.Tx, by stage.Actor, r *rectification.Rectification) (title string, due time.Time, err error) {
	switch {
	case by.Role == stage.Clerk && r.State == rectification.Ordered:
		return "送达整改通知 ", due, nil
	case by.Role == stage.Applicant && r.State == rectification.Running:
		return "整改并提交报告 ", r.Due, nil
	case by.Role == stage.Clerk && r.State == rectification.Reported && len(r.Assessors) == 0:
		return "指定验收人员 ", due, nil
	case by.Role == stage.Assessor && r.State == rectification.Reported:
		return "验收整改 ", due, nil
	case by.Role == stage.Clerk && r.State == rectification.Verified:
		if listed, err := onAgenda(tx, item.Subject{Kind: "rectification", ID: string(r.ID)}); listed || err != nil {
			return "", due, err
		}
		return "把整改结论列入会议 ", due, nil
	}
	return "", due, nil
}

// revocationWork is what proceedings ask of somebody.
func revocationWork(tx *store.Tx, by stage.Actor, _ time.Time, w *waits) ([]WorkItem, error) {
	f := store.RevocationFilter{States: []stage.State{revocation.Proposed, revocation.Notified, revocation.Heard, revocation.Revoked, revocation.Appealed}}
	return listing[revocation.Revocation]{
		stage: revocation.Kind.Label, url: "/revocations",
		list: func(after *revocation.Revocation, limit int) ([]revocation.Revocation, error) {
			if f.Limit = limit; after != nil {
				f.After = after.ID
			}
			return tx.Revocations(by, f)
		},
		item: func(r *revocation.Revocation) (WorkItem, error) {
			title, due, err := revocationTask(tx, by, r)
			if title == "" || err != nil {
				return WorkItem{}, err
			}
			return titleWork(tx, r.Designation, WorkItem{Title: title, URL: "/revocations/" + string(r.ID), Due: due, Stage: revocation.Kind.Label})
		},
	}.gather(w)
}

// revocationTask says what somebody is to do about a proceeding and by when, or "".
func revocationTask(tx *store.Tx, by stage.Actor, r *revocation.Revocation) (title string, due time.Time, err error) {
	switch {
	case by.Role == stage.Clerk && r.State == revocation.Proposed:
		return "告知拟撤销称号 ", due, nil
	case by.Role == stage.Applicant && r.State == revocation.Notified:
		return "陈述申辩 ", r.HearingEnds, nil
	case by.Role == stage.Applicant && r.State == revocation.Revoked && !r.AppealLast.IsZero():
		return "可以申诉 ", r.AppealEnds, nil
	case by.Role == stage.Clerk && (r.State == revocation.Heard || r.State == revocation.Appealed):
		kind := map[stage.State]string{revocation.Heard: "revocation", revocation.Appealed: "appeal"}[r.State]
		if listed, err := onAgenda(tx, item.Subject{Kind: kind, ID: string(r.ID)}); listed || err != nil {
			return "", due, err
		}
		return "把" + item.Subjects[kind] + "列入会议 ", due, nil
	}
	return "", due, nil
}

// recheckAhead says when the next rechecks begin.
func recheckAhead(tx *store.Tx, now time.Time) (all []Milestone, err error) {
	plan, err := plannedRechecks(tx, "", calendar.DateOf(now).AddDays(2*planAhead))
	for _, p := range plan {
		m := Milestone{At: p.OpensOn.Start(), Word: "复查开始", What: p.Title.Name}
		if n := len(all); n > 0 && all[n-1].At.Equal(m.At) {
			continue // those of one day are one place to jump to
		}
		all = append(all, m)
	}
	return all, err
}

// rechecksDueAhead says by when the rechecks that are open must be concluded.
func rechecksDueAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	open, err := tx.Rechecks(stage.Actor{Role: stage.Clerk}, store.RecheckFilter{States: []stage.State{recheck.Due, recheck.Underway, recheck.Reported}, Limit: 1000})
	for i, r := range open {
		if i > 0 && open[i-1].DueOn == r.DueOn {
			continue // those of one day are one place to jump to
		}
		t, err := tx.Designation(r.Designation)
		if err != nil {
			return nil, err
		}
		all = append(all, Milestone{At: r.DueOn.End(), Word: "复查到期", What: t.Name})
	}
	return all, err
}

// rectificationAhead says when the time to put right ends.
func rectificationAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	running, err := tx.RectificationsRunning()
	for _, r := range running {
		t, err := tx.Designation(r.Designation)
		if err != nil {
			return nil, err
		}
		all = append(all, Milestone{At: r.Due, Word: "整改期满", What: t.Name})
	}
	return all, err
}

// revocationAhead says when the time to be heard and the time to appeal end.
func revocationAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	hearing, err := tx.RevocationsHearing()
	if err != nil {
		return nil, err
	}
	appealable, err := tx.RevocationsAppealable()
	for _, r := range append(hearing, appealable...) {
		t, err := tx.Designation(r.Designation)
		if err != nil {
			return nil, err
		}
		m := Milestone{At: r.HearingEnds, Word: "陈述申辩期满", What: t.Name}
		if r.State == revocation.Revoked {
			m.At, m.Word = r.AppealEnds, "申诉期满"
		}
		all = append(all, m)
	}
	return all, err
}

// TitleOutcome is one line of what rechecks, orders and proceedings brought about
// for a title.
type TitleOutcome struct {
	On   calendar.Date
	Word string
	URL  string // where the viewer may read more; empty for others
}

// titleOutcomes lists the outcomes about a title that a viewer may see, the oldest
// first. Everybody sees what was concluded and nothing of how (S75); the office, the
// holder and those concerned have links to what they may open.
func titleOutcomes(tx *store.Tx, by stage.Actor, t *designation.Designation) (all []TitleOutcome, err error) {
	key := t.ID
	raised, err := tx.TriggersFor(by, t)
	if err != nil {
		return nil, err
	}
	for _, c := range raised {
		url := ""
		if c.Recheck != "" {
			url = "/rechecks/" + string(c.Recheck)
		}
		all = append(all, outcome(c.RaisedAt, trigger.Kind.Label+"："+c.Say+"（"+trigger.Kind.Word(string(c.State))+"）", url, nil))
	}
	checks, err := tx.RechecksOf(key)
	if err != nil {
		return nil, err
	}
	for _, r := range checks {
		if r.State == recheck.Passed || r.State == recheck.Slipped {
			_, hidden := tx.RecheckFor(by, r.ID)
			all = append(all, outcome(r.ConcludedAt, recheck.Kind.Word(string(r.State)), "/rechecks/"+string(r.ID), hidden))
		}
	}
	orders, err := tx.RectificationsOf(key)
	if err != nil {
		return nil, err
	}
	for _, r := range orders {
		_, hidden := tx.RectificationFor(by, r.ID)
		if !r.ServedOn.IsZero() {
			all = append(all, outcome(r.ServedOn.Start(), "责令限期整改", "/rectifications/"+string(r.ID), hidden))
		}
		if r.State == rectification.Passed || r.State == rectification.Failed {
			all = append(all, outcome(r.ConcludedAt, rectification.Kind.Word(string(r.State)), "/rectifications/"+string(r.ID), hidden))
		}
	}
	proceedings, err := tx.RevocationsOf(key)
	for _, r := range proceedings {
		_, hidden := tx.RevocationFor(by, r.ID)
		url := "/revocations/" + string(r.ID)
		if r.Stands() || r.State == revocation.Reinstated {
			all = append(all, outcome(r.DecidedOn.Start(), "撤销称号："+revocation.Grounds[r.Ground], url, hidden))
		}
		if r.AppealItem != "" {
			word := map[bool]string{true: "申诉成立，恢复称号", false: "申诉不成立，维持撤销"}[r.State == revocation.Reinstated]
			all = append(all, outcome(r.ClosedAt, word, url, hidden))
		}
	}
	slices.SortStableFunc(all, func(a, b TitleOutcome) int { return a.On.Compare(b.On) })
	return all, err
}

func outcome(at time.Time, word, url string, hidden error) TitleOutcome {
	o := TitleOutcome{On: calendar.DateOf(at), Word: word}
	if fault.KindOf(hidden) != fault.NotFound {
		o.URL = url
	}
	return o
}

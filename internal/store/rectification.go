package store

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
)

var rectifications = table[rectification.Rectification]{
	name: "rectifications",
	columns: []string{
		"id", "programme", "designation", "organisation", "recheck", "state", "terms", "items", "assessors", "ordered_at",
		"served_on", "due", "due_on", "provisional", "calendar_version", "extensions", "reported_at",
		"method", "evident", "opinion", "verified_by", "verified_at", "decision", "reason", "concluded_at", "version",
	},
	fields: func(r *rectification.Rectification) []any {
		return []any{
			&r.ID, &r.Programme, &r.Designation, &r.Organisation, &r.Recheck, &r.State, asJSON(&r.Terms), asJSON(&r.Items), asJSON(&r.Assessors), asTime(&r.OrderedAt),
			asDate(&r.ServedOn), asTime(&r.Due), asDate(&r.DueOn), &r.Provisional, &r.CalendarVersion, asJSON(&r.Extensions), asTime(&r.ReportedAt),
			&r.Method, &r.Evident, &r.Opinion, &r.VerifiedBy, asTime(&r.VerifiedAt), &r.Decision, &r.Reason, asTime(&r.ConcludedAt), &r.Version,
		}
	},
	version: func(r *rectification.Rectification) *int64 { return &r.Version },
}

// Rectification returns the order with the given identifier, or fault.Missing. It
// does not ask who looks; RectificationFor does.
func (tx *Tx) Rectification(key id.Rectification) (rectification.Rectification, error) {
	return rectifications.get(tx, string(key))
}

// AddRectification adds an order. A title has one open order at a time.
func (tx *Tx) AddRectification(r *rectification.Rectification) error {
	return rectifications.insert(tx, r)
}

// PutRectification saves an order, unless someone else saved it since it was read.
func (tx *Tx) PutRectification(r *rectification.Rectification) error {
	return rectifications.update(tx, r)
}

// RectificationFor returns an order as a viewer may see it: the office, the chair
// and the auditors of its programme; those who verify; members before whom it
// comes; and its holder from the day it was served, who reads the verification
// once it is concluded, and never who verified.
func (tx *Tx) RectificationFor(viewer stage.Actor, key id.Rectification) (rectification.Rectification, error) {
	r, err := tx.Rectification(key)
	if err != nil {
		return r, err
	}
	sees := slices.Contains(seesTitleCases, viewer.Role) || holds(viewer, r.Organisation) && !r.ServedOn.IsZero() ||
		viewer.Role == stage.Assessor && slices.Contains(r.Assessors, viewer.Account)
	if !sees {
		if sees, err = tx.onAgendaOf(viewer, item.Subject{Kind: "rectification", ID: string(key)}); err != nil {
			return rectification.Rectification{}, err
		}
	}
	if !sees || !inProgramme(viewer, r.Programme) {
		return rectification.Rectification{}, fault.Missing()
	}
	return seenRectification(viewer, r), nil
}

func seenRectification(viewer stage.Actor, r rectification.Rectification) rectification.Rectification {
	if viewer.Role != stage.Applicant {
		return r
	}
	r.Assessors, r.VerifiedBy = nil, ""
	if r.State == rectification.Passed || r.State == rectification.Failed {
		return r
	}
	r.Method, r.Evident, r.Opinion, r.VerifiedAt = "", false, "", time.Time{}
	r.Items = slices.Clone(r.Items)
	for n := range r.Items {
		r.Items[n].Evident, r.Items[n].Note = false, ""
	}
	return r
}

// RectificationFilter narrows a list of orders.
type RectificationFilter struct {
	Programme id.Programme
	States    []stage.State
	Query     string           // part of the title's number or of the holder's name at the naming
	After     id.Rectification // the order that ended the page before
	Limit     int              // 0: 50
}

// Rectifications lists the orders that a viewer may see, the latest first.
func (tx *Tx) Rectifications(viewer stage.Actor, f RectificationFilter) ([]rectification.Rectification, error) {
	var q where
	switch {
	case slices.Contains(seesTitleCases, viewer.Role):
	case viewer.Role == stage.Assessor:
		q.and("assessors LIKE ? ESCAPE '!'", `%"`+escapeLike(string(viewer.Account))+`"%`)
	case viewer.Role == stage.Applicant && viewer.Organisation != "":
		q.and("organisation = ?", string(viewer.Organisation))
		q.and("served_on <> ?", "")
	default:
		return nil, nil
	}
	aboutTitles(&q, viewer, f.Programme, f.States, f.Query)
	if f.After != "" {
		q.and("(ordered_at, id) < (SELECT ordered_at, id FROM rectifications WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := rectifications.list(tx, q.String()+" ORDER BY ordered_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	for n := range all {
		all[n] = seenRectification(viewer, all[n])
	}
	return all, err
}

// RectificationsOf lists every order about a title, the first first, for the rules.
func (tx *Tx) RectificationsOf(key id.Designation) ([]rectification.Rectification, error) {
	return rectifications.list(tx, "WHERE designation = $1 ORDER BY ordered_at, id", string(key))
}

// RectificationsVerified lists the orders of a programme that wait for the
// committee.
func (tx *Tx) RectificationsVerified(p id.Programme) ([]rectification.Rectification, error) {
	return rectifications.list(tx, "WHERE state = $1 AND programme = $2 ORDER BY due, id", string(rectification.Verified), string(p))
}

// RectificationsRunning lists the orders whose time runs, the next to end first.
func (tx *Tx) RectificationsRunning() ([]rectification.Rectification, error) {
	return rectifications.list(tx, "WHERE state = $1 ORDER BY due, id", string(rectification.Running))
}

// RectificationsMissed lists the orders whose time is over without a report.
func (tx *Tx) RectificationsMissed(now time.Time) ([]rectification.Rectification, error) {
	return rectifications.list(tx, "WHERE state = $1 AND due <= $2 ORDER BY due, id", string(rectification.Running), now.UnixMicro())
}

// RectificationsFailed lists the orders that failed and from which nothing has
// followed yet: the title is still under the order, and no proceeding about it
// is open.
func (tx *Tx) RectificationsFailed() ([]rectification.Rectification, error) {
	return rectifications.list(tx, `WHERE state = $1
		AND designation IN (SELECT id FROM designations WHERE state = 'rectifying')
		AND NOT EXISTS (SELECT 1 FROM revocations WHERE revocations.rectification = rectifications.id)
		AND NOT EXISTS (SELECT 1 FROM revocations WHERE revocations.designation = rectifications.designation
			AND revocations.state IN ('proposed', 'notified', 'heard', 'revoked', 'appealed'))
		ORDER BY concluded_at, id`, string(rectification.Failed))
}

// RectificationsOutlived lists the open orders whose title ended in another way.
func (tx *Tx) RectificationsOutlived() ([]rectification.Rectification, error) {
	return rectifications.list(tx, "WHERE state IN ($1, $2, $3, $4) AND "+titleEnded+" ORDER BY id",
		string(rectification.Ordered), string(rectification.Running), string(rectification.Reported), string(rectification.Verified))
}

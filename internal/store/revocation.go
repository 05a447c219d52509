package store

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
)

var revocations = table[revocation.Revocation]{
	name: "revocations",
	columns: []string{
		"id", "programme", "designation", "organisation", "rectification", "state", "ground", "facts", "proposed_at", "proposed_by",
		"notified_on", "hearing_ends", "hearing_last", "provisional", "calendar_version", "statement", "heard_at",
		"decision", "reason", "decided_on", "appeal_ends", "appeal_last", "appeal", "appealed_at", "appeal_item", "appeal_reason",
		"barred_until", "closed_at", "version",
	},
	fields: func(r *revocation.Revocation) []any {
		return []any{
			&r.ID, &r.Programme, &r.Designation, &r.Organisation, &r.Rectification, &r.State, &r.Ground, &r.Facts, asTime(&r.ProposedAt), &r.ProposedBy,
			asDate(&r.NotifiedOn), asTime(&r.HearingEnds), asDate(&r.HearingLast), &r.Provisional, &r.CalendarVersion, &r.Statement, asTime(&r.HeardAt),
			&r.Decision, &r.Reason, asDate(&r.DecidedOn), asTime(&r.AppealEnds), asDate(&r.AppealLast), &r.Appeal, asTime(&r.AppealedAt), &r.AppealItem, &r.AppealReason,
			asDate(&r.BarredUntil), asTime(&r.ClosedAt), &r.Version,
		}
	},
	version: func(r *revocation.Revocation) *int64 { return &r.Version },
}

// Revocation returns the proceeding with the given identifier, or fault.Missing.
// It does not ask who looks; RevocationFor does.
func (tx *Tx) Revocation(key id.Revocation) (revocation.Revocation, error) {
	return revocations.get(tx, string(key))
}

// AddRevocation adds a proceeding. A title has one open proceeding at a time.
func (tx *Tx) AddRevocation(r *revocation.Revocation) error { return revocations.insert(tx, r) }

// PutRevocation saves a proceeding, unless someone else saved it since it was read.
func (tx *Tx) PutRevocation(r *revocation.Revocation) error { return revocations.update(tx, r) }

// RevocationFor returns a proceeding as a viewer may see it: the office, the chair
// and the auditors of its programme; members before whom it or its appeal comes;
// and its holder from the day of the notice, without who proposed it.
func (tx *Tx) RevocationFor(viewer stage.Actor, key id.Revocation) (revocation.Revocation, error) {
	r, err := tx.Revocation(key)
	if err != nil {
		return r, err
	}
	sees := slices.Contains(seesTitleCases, viewer.Role) || holds(viewer, r.Organisation) && !r.NotifiedOn.IsZero()
	if !sees {
		sees, err = tx.onAgendaOf(viewer, item.Subject{Kind: "revocation", ID: string(key)}, item.Subject{Kind: "appeal", ID: string(key)})
		if err != nil {
			return revocation.Revocation{}, err
		}
	}
	if !sees || !inProgramme(viewer, r.Programme) {
		return revocation.Revocation{}, fault.Missing()
	}
	return seenRevocation(viewer, r), nil
}

func seenRevocation(viewer stage.Actor, r revocation.Revocation) revocation.Revocation {
	if viewer.Role == stage.Applicant {
		r.ProposedBy = ""
	}
	return r
}

// RevocationFilter narrows a list of proceedings.
type RevocationFilter struct {
	Programme id.Programme
	States    []stage.State
	Query     string        // part of the title's number or of the holder's name at the naming
	After     id.Revocation // the proceeding that ended the page before
	Limit     int           // 0: 50
}

// Revocations lists the proceedings that a viewer may see, the latest first.
func (tx *Tx) Revocations(viewer stage.Actor, f RevocationFilter) ([]revocation.Revocation, error) {
	var q where
	switch {
	case slices.Contains(seesTitleCases, viewer.Role):
	case viewer.Role == stage.Applicant && viewer.Organisation != "":
		q.and("organisation = ?", string(viewer.Organisation))
		q.and("notified_on <> ?", "")
	default:
		return nil, nil
	}
	aboutTitles(&q, viewer, f.Programme, f.States, f.Query)
	if f.After != "" {
		q.and("(proposed_at, id) < (SELECT proposed_at, id FROM revocations WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := revocations.list(tx, q.String()+" ORDER BY proposed_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	for n := range all {
		all[n] = seenRevocation(viewer, all[n])
	}
	return all, err
}

// RevocationsOf lists every proceeding about a title, the first first, for the
// rules.
func (tx *Tx) RevocationsOf(key id.Designation) ([]revocation.Revocation, error) {
	return revocations.list(tx, "WHERE designation = $1 ORDER BY proposed_at, id", string(key))
}

// RevocationsIn lists the proceedings of a programme in a state, the first first:
// what waits for the committee.
func (tx *Tx) RevocationsIn(p id.Programme, s stage.State) ([]revocation.Revocation, error) {
	return revocations.list(tx, "WHERE state = $1 AND programme = $2 ORDER BY proposed_at, id", string(s), string(p))
}

// RevocationsHearing lists the proceedings in which the holder may still speak,
// the next to end first.
func (tx *Tx) RevocationsHearing() ([]revocation.Revocation, error) {
	return revocations.list(tx, "WHERE state = $1 ORDER BY hearing_ends, id", string(revocation.Notified))
}

// RevocationsAppealable lists the proceedings in which the holder may still
// appeal, the next to end first.
func (tx *Tx) RevocationsAppealable() ([]revocation.Revocation, error) {
	return revocations.list(tx, "WHERE state = $1 ORDER BY appeal_ends, id", string(revocation.Revoked))
}

// RevocationsUnheard lists the proceedings whose time to be heard is over.
func (tx *Tx) RevocationsUnheard(now time.Time) ([]revocation.Revocation, error) {
	return revocations.list(tx, "WHERE state = $1 AND hearing_ends <= $2 ORDER BY hearing_ends, id", string(revocation.Notified), now.UnixMicro())
}

// RevocationsUnappealed lists the proceedings whose time to appeal is over.
func (tx *Tx) RevocationsUnappealed(now time.Time) ([]revocation.Revocation, error) {
	return revocations.list(tx, "WHERE state = $1 AND appeal_ends <= $2 ORDER BY appeal_ends, id", string(revocation.Revoked), now.UnixMicro())
}

// RevocationsOutlived lists the proceedings that are not decided and whose title
// ended in another way.
func (tx *Tx) RevocationsOutlived() ([]revocation.Revocation, error) {
	return revocations.list(tx, "WHERE state IN ($1, $2, $3) AND "+titleEnded+" ORDER BY id",
		string(revocation.Proposed), string(revocation.Notified), string(revocation.Heard))
}

// FraudOn returns the day on which an organisation was last found to have stated
// an untruth in a programme (S64); zero: never.
func (tx *Tx) FraudOn(o id.Organisation, p id.Programme) (last calendar.Date, err error) {
	all, err := revocations.list(tx, "WHERE organisation = $1 AND programme = $2 AND ground = $3 AND state IN ($4, $5, $6) ORDER BY decided_on",
		string(o), string(p), revocation.Untrue, string(revocation.Revoked), string(revocation.Appealed), string(revocation.Final))
	for _, r := range all {
		last = r.DecidedOn
	}
	return last, err
}

package store

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var rounds = table[round.Round]{
	name: "rounds",
	columns: []string{
		"id", "programme", "programme_version", "year", "special", "reason", "title", "doc_number", "addressees",
		"dated_on", "issued_on", "published_at", "deadline_date", "deadline_time", "rest_day", "deadline", "last_day", "calendar_version",
		"quota", "contact", "acknowledged", "extensions", "state", "prepared_by", "published_by", "end_reason", "version",
	},
	fields: func(r *round.Round) []any {
		return []any{
			&r.ID, &r.Programme, &r.ProgrammeVersion, &r.Year, &r.Special, &r.Reason, &r.Title, &r.DocNumber, &r.Addressees,
			asDate(&r.DatedOn), asDate(&r.IssuedOn), asTime(&r.PublishedAt), asDate(&r.DeadlineDate), &r.DeadlineTime, &r.RestDay, asTime(&r.Deadline), asDate(&r.LastDay), &r.CalendarVersion,
			asJSON(&r.Quota), &r.Contact, asJSON(&r.Acknowledged), asJSON(&r.Extensions), &r.State, &r.PreparedBy, &r.PublishedBy, &r.EndReason, &r.Version,
		}
	},
	version: func(r *round.Round) *int64 { return &r.Version },
}

// Round returns the round with the given identifier, or fault.Missing. It does
// not ask who looks; RoundFor does.
func (tx *Tx) Round(key id.Round) (round.Round, error) { return rounds.get(tx, string(key)) }

// RoundFor returns a round as a viewer may see it: published ones are for
// everybody, what was never published is for the office and the committee's
// chair of its programme, and for auditors.
func (tx *Tx) RoundFor(viewer stage.Actor, key id.Round) (round.Round, error) {
	r, err := tx.Round(key)
	if err != nil {
		return r, err
	}
	if !r.Published() && !(seesDrafts(viewer) && (viewer.Programme == "" || viewer.Programme == r.Programme)) {
		return round.Round{}, fault.Missing()
	}
	return r, nil
}

// seesDrafts reports whether a role sees rounds that were never published.
func seesDrafts(viewer stage.Actor) bool {
	return slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, viewer.Role)
}

// AddRound adds a round.
func (tx *Tx) AddRound(r *round.Round) error { return rounds.insert(tx, r) }

// PutRound saves a round, unless someone else saved it since it was read.
func (tx *Tx) PutRound(r *round.Round) error { return rounds.update(tx, r) }

// RoundFilter narrows a list of rounds.
type RoundFilter struct {
	Programme id.Programme
	Year      int // 0: every year
	States    []stage.State
	After     id.Round // the round that ended the page before
	Limit     int      // 0: 50
}

// Rounds lists the rounds that a viewer may see, the latest year first.
func (tx *Tx) Rounds(viewer stage.Actor, f RoundFilter) ([]round.Round, error) {
	var q where
	if !seesDrafts(viewer) {
		q.and("published_at > ?", 0)
	} else if viewer.Programme != "" {
		q.and("(published_at > ? OR programme = ?)", 0, string(viewer.Programme))
	}
	if f.Programme != "" {
		q.and("programme = ?", string(f.Programme))
	}
	if f.Year != 0 {
		q.and("year = ?", f.Year)
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.After != "" {
		q.and("(year, id) < (SELECT year, id FROM rounds WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return rounds.list(tx, q.String()+" ORDER BY year DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
}

// RoundsOf lists every round of a programme, the latest year first, for the
// rules that compare rounds.
func (tx *Tx) RoundsOf(p id.Programme) ([]round.Round, error) {
	return rounds.list(tx, "WHERE programme = $1 ORDER BY year DESC, id DESC", string(p))
}

// RoundsDue lists the open rounds whose deadline has come.
func (tx *Tx) RoundsDue(now time.Time) ([]round.Round, error) {
	return rounds.list(tx, "WHERE state = $1 AND deadline <= $2 ORDER BY deadline, id", string(round.Open), now.UnixMicro())
}

// RunningRounds lists the rounds whose published deadline has not come.
func (tx *Tx) RunningRounds() ([]round.Round, error) {
	return rounds.list(tx, "WHERE state = $1 ORDER BY deadline, id", string(round.Open))
}

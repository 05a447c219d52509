package store

import (
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var publicities = table[publicity.Publicity]{
	name: "publicities",
	columns: []string{
		"id", "programme", "round", "about", "title", "body", "contact", "place", "days", "count_first", "real_name", "on_change", "answer_days", "acknowledged",
		"published_at", "posting", "started_at", "first_day", "last_day", "ends", "lost", "calendar_version", "provisional", "served_at", "taken_down_at",
		"changes", "snapshot", "digest", "objections", "state", "prepared_by", "reason", "version",
	},
	fields: func(p *publicity.Publicity) []any {
		return []any{
			&p.ID, &p.Programme, &p.Round, &p.About, &p.Title, &p.Text, &p.Contact, &p.Place, &p.Days, &p.CountFirst, &p.RealName, &p.OnChange, &p.AnswerDays, &p.Acknowledged,
			asTime(&p.PublishedAt), asJSON(&p.Posting), asTime(&p.StartedAt), asDate(&p.First), asDate(&p.Last), asTime(&p.Ends), asJSON(&p.Lost), &p.CalendarVersion, &p.Provisional, asTime(&p.ServedAt), asTime(&p.TakenDownAt),
			asJSON(&p.Changes), &p.Snapshot, &p.Digest, &p.Objections, &p.State, &p.PreparedBy, &p.Reason, &p.Version,
		}
	},
	version: func(p *publicity.Publicity) *int64 { return &p.Version },
}

var candidates = table[publicity.Candidate]{
	name: "candidates",
	columns: []string{
		"id", "publicity", "programme", "round", "application", "organisation", "position", "name", "party_body", "code", "category",
		"state", "reason", "changed_at", "version",
	},
	fields: func(c *publicity.Candidate) []any {
		return []any{
			&c.ID, &c.Publicity, &c.Programme, &c.Round, &c.Application, &c.Organisation, &c.Position, &c.Name, &c.PartyBody, &c.Code, &c.Category,
			&c.State, &c.Reason, asTime(&c.ChangedAt), &c.Version,
		}
	},
	version: func(c *publicity.Candidate) *int64 { return &c.Version },
}

// Publicity returns the publicity with the given identifier, or fault.Missing. It
// does not ask who looks; PublicityFor does.
func (tx *Tx) Publicity(key id.Publicity) (publicity.Publicity, error) {
	return publicities.get(tx, string(key))
}

// PublicityFor returns a publicity as a viewer may see it: what was published is
// for everybody, also when it was taken back; a draft is for the office and the
// chair of its programme, and for auditors.
func (tx *Tx) PublicityFor(viewer stage.Actor, key id.Publicity) (publicity.Publicity, error) {
	p, err := tx.Publicity(key)
	if err != nil {
		return p, err
	}
	if !p.Published() && !(seesDrafts(viewer) && within(viewer, p.Programme)) {
		return publicity.Publicity{}, fault.Missing()
	}
	return p, nil
}

// within reports whether a grant holds in a programme.
func within(viewer stage.Actor, p id.Programme) bool {
	return viewer.Programme == "" || viewer.Programme == p
}

// AddPublicity adds a publicity.
func (tx *Tx) AddPublicity(p *publicity.Publicity) error { return publicities.insert(tx, p) }

// PutPublicity saves a publicity, unless someone else saved it since it was read.
func (tx *Tx) PutPublicity(p *publicity.Publicity) error { return publicities.update(tx, p) }

// PublicityFilter narrows a list of publicities.
type PublicityFilter struct {
	Programme id.Programme
	Round     id.Round
	States    []stage.State
	After     id.Publicity // the one that ended the page before
	Limit     int          // 0: 50
}

// Publicities lists the publicities that a viewer may see: drafts last, the
// latest first.
func (tx *Tx) Publicities(viewer stage.Actor, f PublicityFilter) ([]publicity.Publicity, error) {
	var q where
	if !seesDrafts(viewer) {
		q.and("published_at > ?", 0)
	} else if viewer.Programme != "" {
		q.and("(published_at > ? OR programme = ?)", 0, string(viewer.Programme))
	}
	if f.Programme != "" {
		q.and("programme = ?", string(f.Programme))
	}
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	if len(f.States) > 0 {
		q.in(f.States)
	}
	if f.After != "" {
		q.and("(published_at, id) < (SELECT published_at, id FROM publicities WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return publicities.list(tx, q.String()+" ORDER BY published_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
}

// in adds the condition that the state is one of some.
func (w *where) in(all []stage.State) {
	states := make([]any, len(all))
	for i, s := range all {
		states[i] = string(s)
	}
	w.and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
}

// PublicitiesDue lists the running publicities whose last day is over.
func (tx *Tx) PublicitiesDue(now time.Time) ([]publicity.Publicity, error) {
	return publicities.list(tx, "WHERE state = $1 AND ends <= $2 ORDER BY ends, id", string(publicity.Running), now.UnixMicro())
}

// RunningPublicities lists the publicities that run, the next to end first.
func (tx *Tx) RunningPublicities() ([]publicity.Publicity, error) {
	return publicities.list(tx, "WHERE state = $1 ORDER BY ends, id", string(publicity.Running))
}

// Candidate returns the candidate with the given identifier, or fault.Missing. It
// does not ask who looks; CandidateFor does.
func (tx *Tx) Candidate(key id.Candidate) (publicity.Candidate, error) {
	return candidates.get(tx, string(key))
}

// CandidateFor returns a candidate as a viewer may see it: whoever may see the
// list may see who is on it.
func (tx *Tx) CandidateFor(viewer stage.Actor, key id.Candidate) (publicity.Candidate, error) {
	c, err := tx.Candidate(key)
	if err != nil {
		return c, err
	}
	if _, err := tx.PublicityFor(viewer, c.Publicity); err != nil {
		return publicity.Candidate{}, err
	}
	return c, nil
}

// AddCandidate adds a candidate to a list.
func (tx *Tx) AddCandidate(c *publicity.Candidate) error { return candidates.insert(tx, c) }

// PutCandidate saves a candidate, unless someone else saved it since it was read.
func (tx *Tx) PutCandidate(c *publicity.Candidate) error { return candidates.update(tx, c) }

// RemoveCandidate takes a candidate off a list that was never published.
func (tx *Tx) RemoveCandidate(key id.Candidate) error { return candidates.remove(tx, string(key)) }

// CandidatesOf lists the candidates of a publicity in the order of its list.
func (tx *Tx) CandidatesOf(key id.Publicity) ([]publicity.Candidate, error) {
	return candidates.list(tx, "WHERE publicity = $1 ORDER BY position, id", string(key))
}

// CandidateOf returns the candidate that stands for an application: the one that
// is on a list now or was cleared, or else the last of those that were. It returns
// fault.Missing when the application was never on a list.
func (tx *Tx) CandidateOf(key id.Application) (publicity.Candidate, error) {
	all, err := candidates.list(tx, "WHERE application = $1 ORDER BY changed_at, id", string(key))
	if err != nil || len(all) == 0 {
		if err == nil {
			err = fault.Missing()
		}
		return publicity.Candidate{}, err
	}
	for _, c := range all {
		if c.State == publicity.Listed || c.State == publicity.Cleared {
			return c, nil
		}
	}
	return all[len(all)-1], nil
}

// funnelOfCandidates counts the applications of a round that were made public,
// each once, and what became of them. What was taken off a list before its days
// were served counts only when it stands on a later one.
func (tx *Tx) funnelOfCandidates(key id.Round, f *round.Funnel) error {
	all, err := candidates.list(tx, "WHERE round = $1 AND state <> $2 AND publicity IN (SELECT id FROM publicities WHERE published_at > 0) ORDER BY id", string(key), string(publicity.Removed))
	for _, c := range all {
		f.Publicised++
		switch c.State {
		case publicity.Listed:
			f.Held++
		case publicity.Cleared:
			f.Cleared++
		case publicity.Upheld:
			f.Upheld++
		}
	}
	return err
}

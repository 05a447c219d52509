package store

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var meetings = table[meeting.Meeting]{
	name: "meetings",
	columns: []string{
		"id", "programme", "round", "title", "at", "place", "roster", "presiding", "rules", "state",
		"circulated_on", "opened_at", "ended_at", "notes", "reason", "rankings", "version",
	},
	fields: func(m *meeting.Meeting) []any {
		return []any{
			&m.ID, &m.Programme, &m.Round, &m.Title, asTime(&m.At), &m.Place, asJSON(&m.Roster), &m.Presiding, asJSON(&m.Rules), &m.State,
			asDate(&m.CirculatedOn), asTime(&m.OpenedAt), asTime(&m.EndedAt), &m.Notes, &m.Reason, asJSON(&m.Rankings), &m.Version,
		}
	},
	version: func(m *meeting.Meeting) *int64 { return &m.Version },
}

var items = table[item.Item]{
	name: "items",
	columns: []string{
		"id", "meeting", "programme", "round", "organisation", "subject_kind", "subject_id", "position", "title",
		"category", "recommendation", "opinion", "state", "ballot", "recusals", "written", "votes_cast", "counts",
		"tally", "base", "ayes", "reason", "listed_at", "opened_at", "closed_at", "decided_at", "version",
	},
	fields: func(i *item.Item) []any {
		return []any{
			&i.ID, &i.Meeting, &i.Programme, &i.Round, &i.Organisation, &i.Subject.Kind, &i.Subject.ID, &i.Position, &i.Title,
			&i.Category, &i.Recommendation, &i.Opinion, &i.State, &i.Ballot, asJSON(&i.Recusals), asJSON(&i.Written), &i.Cast, asJSON(&i.Counts),
			asJSON(&i.Tally), asJSON(&i.Base), asJSON(&i.Ayes), &i.Reason, asTime(&i.ListedAt), asTime(&i.OpenedAt), asTime(&i.ClosedAt), asTime(&i.DecidedAt), &i.Version,
		}
	},
	version: func(i *item.Item) *int64 { return &i.Version },
}

var votes = table[ballot.Vote]{
	name:    "votes",
	columns: []string{"id", "item", "ballot", "account", "choice", "at"},
	fields: func(v *ballot.Vote) []any {
		return []any{&v.Key, &v.Item, &v.Ballot, &v.Account, &v.Choice, asTime(&v.At)}
	},
}

// Meeting returns the meeting with the given identifier, or fault.Missing. It
// does not ask who looks; MeetingFor does.
func (tx *Tx) Meeting(key id.Meeting) (meeting.Meeting, error) { return meetings.get(tx, string(key)) }

// AddMeeting adds a meeting.
func (tx *Tx) AddMeeting(m *meeting.Meeting) error { return meetings.insert(tx, m) }

// PutMeeting saves a meeting, unless someone else saved it since it was read.
func (tx *Tx) PutMeeting(m *meeting.Meeting) error { return meetings.update(tx, m) }

// seesMeetings lists the roles that see every meeting of their programme;
// members see those on whose roster they are.
var seesMeetings = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Scrutineer, stage.Auditor}

// MeetingFor returns a meeting as a viewer may see it: the office, the chair, the
// scrutineers and the auditors of its programme, and members who sit in it.
func (tx *Tx) MeetingFor(viewer stage.Actor, key id.Meeting) (meeting.Meeting, error) {
	m, err := tx.Meeting(key)
	if err != nil {
		return m, err
	}
	sees := slices.Contains(seesMeetings, viewer.Role) || viewer.Role == stage.Member && m.Seat(viewer.Account) != nil
	if !sees || viewer.Programme != "" && viewer.Programme != m.Programme {
		return meeting.Meeting{}, fault.Missing()
	}
	return m, nil
}

// MeetingFilter narrows a list of meetings.
type MeetingFilter struct {
	Round     id.Round
	States    []stage.State
	Unwritten bool       // only those of which nothing is written beyond the figures
	After     id.Meeting // the meeting that ended the page before
	Limit     int        // 0: 50
}

// Meetings lists the meetings that a viewer may see, the latest first.
func (tx *Tx) Meetings(viewer stage.Actor, f MeetingFilter) ([]meeting.Meeting, error) {
	var q where
	switch {
	case viewer.Role == stage.Member:
		q.and("roster LIKE ? ESCAPE '!'", `%"account":"`+escapeLike(string(viewer.Account))+`"%`)
	case !slices.Contains(seesMeetings, viewer.Role):
		return nil, nil
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for n, s := range f.States {
			states[n] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.Unwritten {
		q.and("notes = ?", "")
	}
	if f.After != "" {
		q.and("(at, id) < (SELECT at, id FROM meetings WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return meetings.list(tx, q.String()+" ORDER BY at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
}

// Item returns the item with the given identifier, or fault.Missing. It does not
// ask who looks; ItemFor does.
func (tx *Tx) Item(key id.Item) (item.Item, error) { return items.get(tx, string(key)) }

// AddItem adds an item.
func (tx *Tx) AddItem(i *item.Item) error { return items.insert(tx, i) }

// PutItem saves an item, unless someone else saved it since it was read.
func (tx *Tx) PutItem(i *item.Item) error { return items.update(tx, i) }

// ItemsOf lists the items of a meeting in the order of its agenda, for the rules.
// Items shows them to people.
func (tx *Tx) ItemsOf(key id.Meeting) ([]item.Item, error) {
	return items.list(tx, "WHERE meeting = $1 ORDER BY position, id", string(key))
}

// ItemsAbout lists the items that were ever about a thing, the first first.
func (tx *Tx) ItemsAbout(s item.Subject) ([]item.Item, error) {
	return items.list(tx, "WHERE subject_id = $1 AND subject_kind = $2 ORDER BY listed_at, id", s.ID, s.Kind)
}

// WithoutAgenda counts the applications of a round that wait for the committee while no
// meeting has them, for the office's work. One that a meeting put off waits again.
func (tx *Tx) WithoutAgenda(key id.Round) (int, error) {
	return applications.count(tx, "WHERE round = $1 AND state = $2 AND stage = $3 AND id NOT IN (SELECT subject_id FROM items WHERE round = $4 AND subject_kind = $5 AND state NOT IN ($6, $7))",
		string(key), string(application.Underway), meeting.Kind.Name, string(key), application.Kind.Name, string(item.Deferred), string(item.Withdrawn))
}

// ItemsOfRound lists the items about applications of a round, the first first.
func (tx *Tx) ItemsOfRound(key id.Round) ([]item.Item, error) {
	return items.list(tx, "WHERE round = $1 AND subject_kind = $2 ORDER BY listed_at, id", string(key), "application")
}

// Items lists the agenda of a meeting as a viewer who may see the meeting sees it.
func (tx *Tx) Items(viewer stage.Actor, m *meeting.Meeting) ([]item.Item, error) {
	all, err := tx.ItemsOf(m.ID)
	for n := range all {
		all[n] = seenItem(viewer, all[n])
	}
	return all, err
}

// ItemFor returns an item as a viewer may see it, with its meeting.
func (tx *Tx) ItemFor(viewer stage.Actor, key id.Item) (item.Item, meeting.Meeting, error) {
	i, err := tx.Item(key)
	if err != nil {
		return i, meeting.Meeting{}, err
	}
	m, err := tx.MeetingFor(viewer, i.Meeting)
	if err != nil {
		return item.Item{}, m, err
	}
	return seenItem(viewer, i), m, nil
}

// seenItem leaves out of an item what a viewer may not see. A recused member sees
// that it is on the agenda and how it ended, and neither opinions nor figures. A
// scrutineer counts without knowing what the other counted. Written opinions are
// their writer's until the vote is closed, and then the chair's, the office's and
// the auditors' too.
func seenItem(viewer stage.Actor, i item.Item) item.Item {
	decided := !i.DecidedAt.IsZero()
	if i.Recused(viewer.Account) {
		i.Recommendation, i.Opinion, i.Reason = "", "", ""
		i.Cast, i.Ayes, i.Tally, i.Counts = 0, nil, ballot.Tally{}, nil
		i.Base = meeting.Attendance{}
		i.Written = nil
		i.Recusals = map[id.Account]string{viewer.Account: i.Recusals[viewer.Account]}
		return i
	}
	if viewer.Role == stage.Member && !decided {
		i.Recusals = nil
	}
	_, agreed := ballot.Agreed(i.Counts)
	if !decided && !agreed {
		i.Counts = slices.DeleteFunc(slices.Clone(i.Counts), func(c ballot.Count) bool { return c.By != viewer.Account })
	}
	keepsAll := decided && slices.Contains([]stage.Role{stage.Chair, stage.Clerk, stage.Auditor}, viewer.Role)
	if !keepsAll {
		own, mine := i.Written[viewer.Account]
		i.Written = map[id.Account]item.Written{}
		if mine {
			i.Written[viewer.Account] = own
		}
	}
	return i
}

// AddVote adds a vote. Nobody votes twice in one ballot.
func (tx *Tx) AddVote(v *ballot.Vote) error { return votes.insert(tx, v) }

// VotesIn lists the votes given in one ballot on an item, for the rules.
// VotesFor shows votes to people.
func (tx *Tx) VotesIn(key id.Item, n int) ([]ballot.Vote, error) {
	return votes.list(tx, "WHERE item = $1 AND ballot = $2 ORDER BY at, id", string(key), n)
}

// VotesFor lists who voted what in the last ballot on an item, as far as a
// viewer may see it: their own vote always; those of all only once the result is
// declared, and only the chair, scrutineers and auditors, who are not recused.
func (tx *Tx) VotesFor(viewer stage.Actor, i item.Item) ([]ballot.Vote, error) {
	all, err := tx.VotesIn(i.ID, i.Ballot)
	watches := slices.Contains([]stage.Role{stage.Chair, stage.Scrutineer, stage.Auditor}, viewer.Role)
	if watches && !i.DecidedAt.IsZero() && !i.Recused(viewer.Account) {
		return all, err
	}
	return slices.DeleteFunc(all, func(v ballot.Vote) bool { return v.Account != viewer.Account }), err
}

// MeetingsFrom lists the meetings that are convened or sitting, the next first,
// as a viewer may see them: what is to be done about meetings.
func (tx *Tx) MeetingsFrom(viewer stage.Actor) ([]meeting.Meeting, error) {
	all, err := tx.Meetings(viewer, MeetingFilter{States: []stage.State{meeting.Convened, meeting.Sitting}})
	slices.SortStableFunc(all, func(a, b meeting.Meeting) int { return time.Time.Compare(a.At, b.At) })
	return all, err
}

// funnelOfMeetings counts the committee's last word on each application of a
// round, once the meeting that took it is over.
func (tx *Tx) funnelOfMeetings(key id.Round, f *round.Funnel) error {
	all, err := items.list(tx, "WHERE round = $1 AND subject_kind = $2 AND meeting IN (SELECT id FROM meetings WHERE state IN ($3, $4)) ORDER BY decided_at, id",
		string(key), "application", string(meeting.Closed), string(meeting.Adjourned))
	last := map[string]stage.State{}
	for _, i := range all {
		if i.State == item.Carried || i.State == item.Lost {
			last[i.Subject.ID] = i.State
		}
	}
	for _, s := range last {
		if s == item.Carried {
			f.Carried++
		} else {
			f.Lost++
		}
	}
	return err
}

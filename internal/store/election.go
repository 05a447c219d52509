package store

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var ceremonies = table[ceremony.Ceremony]{
	name:    "ceremonies",
	columns: []string{"id", "meeting", "programme", "state", "threshold", "trustees", "registrar", "version"},
	fields: func(c *ceremony.Ceremony) []any {
		return []any{&c.ID, &c.Meeting, &c.Programme, &c.State, &c.Threshold, asJSON(&c.Trustees), asJSON(&c.Registrar), &c.Version}
	},
	version: func(c *ceremony.Ceremony) *int64 { return &c.Version },
}

var elections = table[election.Election]{
	name: "elections",
	columns: []string{
		"id", "meeting", "programme", "ceremony", "state", "rehearsal", "items", "voters", "object", "credentials", "ballots", "voted",
		"pepper", "tally", "size", "parts", "result", "began", "reason", "version",
	},
	fields: func(e *election.Election) []any {
		return []any{
			&e.ID, &e.Meeting, &e.Programme, &e.Ceremony, &e.State, &e.Rehearsal, asJSON(&e.Items), asJSON(&e.Voters), &e.Object, &e.Credentials, &e.Ballots, &e.Cast,
			&e.Pepper, &e.Tally, &e.Size, asJSON(&e.Parts), &e.Result, asTime(&e.Began), &e.Reason, &e.Version,
		}
	},
	version: func(e *election.Election) *int64 { return &e.Version },
}

var ballots = table[election.Ballot]{
	name:    "ballots",
	columns: []string{"id", "election", "number", "tracker", "credential", "voter", "body", "at"},
	fields: func(b *election.Ballot) []any {
		return []any{&b.Key, &b.Election, &b.Number, &b.Tracker, &b.Credential, &b.Voter, &b.Body, asTime(&b.At)}
	},
}

// ballotsWithoutBodies is all that a new ballot is compared with.
var ballotsWithoutBodies = ballots.some([]string{"id", "election", "number", "tracker", "credential", "voter"},
	func(b *election.Ballot) []any {
		return []any{&b.Key, &b.Election, &b.Number, &b.Tracker, &b.Credential, &b.Voter}
	})

// CeremonyOf returns the ceremony of a meeting that is not given up, or nil. Nothing
// in it is secret from those who see the meeting.
func (tx *Tx) CeremonyOf(key id.Meeting) (*ceremony.Ceremony, error) {
	all, err := ceremonies.list(tx, "WHERE meeting = $1 AND state <> $2", string(key), string(ceremony.Cancelled))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// Ceremony returns the ceremony with the given identifier.
func (tx *Tx) Ceremony(key id.Ceremony) (ceremony.Ceremony, error) {
	return ceremonies.get(tx, string(key))
}

// AddCeremony adds a ceremony.
func (tx *Tx) AddCeremony(c *ceremony.Ceremony) error { return ceremonies.insert(tx, c) }

// PutCeremony saves a ceremony, unless someone else saved it since it was read.
func (tx *Tx) PutCeremony(c *ceremony.Ceremony) error { return ceremonies.update(tx, c) }

// Election returns the election with the given identifier, or fault.Missing. It does
// not ask who looks; ElectionFor does.
func (tx *Tx) Election(key id.Election) (election.Election, error) {
	return elections.get(tx, string(key))
}

// AddElection adds an election.
func (tx *Tx) AddElection(e *election.Election) error { return elections.insert(tx, e) }

// PutElection saves an election, unless someone else saved it since it was read.
func (tx *Tx) PutElection(e *election.Election) error { return elections.update(tx, e) }

// ElectionsOf lists the elections of a meeting, the first first, for the rules.
// ElectionsFor shows them to people.
func (tx *Tx) ElectionsOf(key id.Meeting) ([]election.Election, error) {
	return elections.list(tx, "WHERE meeting = $1 ORDER BY began, id", string(key))
}

// ElectionFor returns an election as a viewer may see it: those who see its meeting,
// and, once the meeting is over and the figures are known, everybody. To a member
// recused from one of its items there is none before.
func (tx *Tx) ElectionFor(viewer stage.Actor, key id.Election) (election.Election, meeting.Meeting, error) {
	e, err := tx.Election(key)
	if err != nil {
		return e, meeting.Meeting{}, err
	}
	m, err := tx.Meeting(e.Meeting)
	if err != nil {
		return e, m, err
	}
	if published(&e, &m) {
		return seenElection(e), m, nil
	}
	if _, err := tx.MeetingFor(viewer, e.Meeting); err != nil {
		return election.Election{}, meeting.Meeting{}, err
	}
	all, err := tx.ElectionsFor(viewer, &m)
	if n := slices.IndexFunc(all, func(o election.Election) bool { return o.ID == key }); err == nil && n >= 0 {
		return all[n], m, nil
	} else if err == nil {
		err = fault.Missing()
	}
	return election.Election{}, meeting.Meeting{}, err
}

// published: an election is everybody's to recount once its meeting is over.
func published(e *election.Election, m *meeting.Meeting) bool {
	return e.State == election.Resolved && !e.Rehearsal && (m.State == meeting.Closed || m.State == meeting.Adjourned)
}

// ElectionsFor lists the elections of a meeting that a viewer sees, as they may be
// seen, without those on items from which the viewer is recused.
func (tx *Tx) ElectionsFor(viewer stage.Actor, m *meeting.Meeting) (seen []election.Election, err error) {
	all, err := tx.ElectionsOf(m.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	items, err := tx.ItemsOf(m.ID)
	if err != nil {
		return nil, err
	}
	recused := map[id.Item]bool{}
	for n := range items {
		recused[items[n].ID] = items[n].Recused(viewer.Account)
	}
	for _, e := range all {
		if !slices.ContainsFunc(e.Items, func(key id.Item) bool { return recused[key] }) {
			seen = append(seen, seenElection(e))
		}
	}
	return seen, nil
}

// seenElection leaves out what ties voters to ballots.
func seenElection(e election.Election) election.Election {
	e.Pepper = ""
	return e
}

// AddBallot adds a ballot. The same comes once.
func (tx *Tx) AddBallot(b *election.Ballot) error { return ballots.insert(tx, b) }

// BallotsBefore lists the ballots of an election without their bodies, for the
// rules.
func (tx *Tx) BallotsBefore(key id.Election) ([]election.Ballot, error) {
	return ballotsWithoutBodies.list(tx, "WHERE election = $1 ORDER BY number", string(key))
}

// BallotsOf lists the ballots of an election in the order of its archive.
func (tx *Tx) BallotsOf(key id.Election) ([]election.Ballot, error) {
	return ballots.list(tx, "WHERE election = $1 ORDER BY number", string(key))
}

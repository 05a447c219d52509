package store

import (
	"database/sql/driver"
	"encoding/base64"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
)

var rosters = table[roster.Roster]{
	name:    "rosters",
	columns: []string{"id", "list", "file", "sha256", "content", "skipped", "state", "account", "at", "done_at", "tally", "remains", "as_of", "title", "version"},
	fields: func(r *roster.Roster) []any {
		return []any{
			&r.ID, &r.List, &r.File, &r.SHA256, asBytes(&r.Content), &r.Skip, &r.State, &r.By, asTime(&r.At), asTime(&r.DoneAt),
			asJSON(&r.Tally), asJSON(&r.Left), asDate(&r.AsOf), &r.Title, &r.Version,
		}
	},
	version: func(r *roster.Roster) *int64 { return &r.Version },
}

// asBytes keeps bytes as base64 text.
func asBytes(b *[]byte) any {
	return column{
		write: func() (driver.Value, error) { return base64.StdEncoding.EncodeToString(*b), nil },
		read: func(src any) error {
			s, err := text(src)
			if err != nil {
				return err
			}
			*b, err = base64.StdEncoding.DecodeString(s)
			return err
		},
	}
}

// seesRosters lists the roles that see what was brought in by lists.
var seesRosters = []stage.Role{stage.Clerk, stage.Director, stage.Auditor}

// RosterFor returns a roster as a viewer may see it: the office and the auditors
// see what became of it, and the clerks its file while it waits.
func (tx *Tx) RosterFor(viewer stage.Actor, key id.Roster) (roster.Roster, error) {
	if !slices.Contains(seesRosters, viewer.Role) {
		return roster.Roster{}, fault.Missing()
	}
	r, err := rosters.get(tx, string(key))
	if viewer.Role != stage.Clerk {
		r.Content = nil
	}
	return r, err
}

// RosterFilter pages through rosters.
type RosterFilter struct {
	After id.Roster // the roster that ended the page before
	Limit int       // 0: 50
}

// Rosters lists rosters without their files, the latest first.
func (tx *Tx) Rosters(viewer stage.Actor, f RosterFilter) ([]roster.Roster, error) {
	if !slices.Contains(seesRosters, viewer.Role) {
		return nil, nil
	}
	var q where
	if f.After != "" {
		q.and("(at, id) < (SELECT at, id FROM rosters WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := rosters.list(tx, q.String()+" ORDER BY at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		all[i].Content = nil
	}
	return all, err
}

// OldRosters lists those that wait since before a time. It does not ask who looks.
func (tx *Tx) OldRosters(before time.Time) ([]roster.Roster, error) {
	return rosters.list(tx, "WHERE state = 'uploaded' AND at <= $1 ORDER BY at LIMIT 100", before.UnixMicro())
}

// AddRoster adds a roster.
func (tx *Tx) AddRoster(r *roster.Roster) error { return rosters.insert(tx, r) }

// PutRoster saves a roster, unless someone else saved it since it was read.
func (tx *Tx) PutRoster(r *roster.Roster) error { return rosters.update(tx, r) }

// KnownOrganisations finds the organisations with some codes, and those that have
// no code yet with some old numbers. It does not ask who looks. Ask for at most a
// few hundred at once.
func (tx *Tx) KnownOrganisations(codes, numbers []string) (k roster.Known, err error) {
	k = roster.Known{ByCode: map[string]organisation.Organisation{}, ByNumber: map[string]organisation.Organisation{}}
	in := func(column string, all []string, also string) ([]organisation.Organisation, error) {
		if len(all) == 0 {
			return nil, nil
		}
		var q where
		marks := ""
		for i, v := range all {
			if i > 0 {
				marks += ", "
			}
			marks += q.mark(v)
		}
		return organisations.list(tx, "WHERE "+also+column+" IN ("+marks+")", q.args...)
	}
	some, err := in("code", codes, "code <> '' AND ")
	if err != nil {
		return k, err
	}
	for _, o := range some {
		k.ByCode[o.Code] = o
	}
	some, err = in("legacy_number", numbers, "code = '' AND ")
	for _, o := range some {
		k.ByNumber[o.LegacyNumber] = o
	}
	return k, err
}

// AddOrganisations adds many organisations at once.
func (tx *Tx) AddOrganisations(all []*organisation.Organisation) error {
	return organisations.insertAll(tx, all)
}

var factChanges = table[fact.Change]{
	name:    "fact_changes",
	columns: []string{"id", "organisation", "section", "was", "now", "account", "office", "at"},
	fields: func(c *fact.Change) []any {
		return []any{&c.ID, &c.Organisation, &c.Section, asJSON(&c.Was), asJSON(&c.Now), &c.By, &c.Office, asTime(&c.At)}
	},
}

// AddFactChange keeps how a section of an organisation's facts changed.
func (tx *Tx) AddFactChange(c *fact.Change) error { return factChanges.insert(tx, c) }

// FactChangesSince lists how the facts of an organisation changed after an instant, the
// latest first, for the rules.
func (tx *Tx) FactChangesSince(key id.Organisation, at time.Time) ([]fact.Change, error) {
	return factChanges.list(tx, "WHERE organisation = $1 AND at > $2 ORDER BY at DESC, id DESC", string(key), at.UnixMicro())
}

// changesShown bounds the list of changes of one organisation.
const changesShown = 100

// FactChangesFor lists how the facts of an organisation changed, the latest first,
// at most a hundred, for those who see the organisation with its facts.
func (tx *Tx) FactChangesFor(viewer stage.Actor, key id.Organisation) ([]fact.Change, error) {
	if viewer.Role == stage.Operator {
		return nil, fault.Missing()
	}
	if _, err := tx.OrganisationFor(viewer, key); err != nil {
		return nil, err
	}
	return factChanges.list(tx, "WHERE organisation = $1 ORDER BY at DESC, id DESC LIMIT $2", string(key), changesShown)
}

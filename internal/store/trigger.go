package store

import (
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
)

var triggers = table[trigger.Trigger]{
	name: "triggers",
	columns: []string{
		"id", "programme", "designation", "organisation", "state", "kind", "fact", "say", "happened_on", "raised_at", "recheck", "ended_at", "version",
	},
	fields: func(t *trigger.Trigger) []any {
		return []any{
			&t.ID, &t.Programme, &t.Designation, &t.Organisation, &t.State, &t.Kind, &t.Fact, &t.Say, asDate(&t.On), asTime(&t.RaisedAt), &t.Recheck, asTime(&t.EndedAt), &t.Version,
		}
	},
	version: func(t *trigger.Trigger) *int64 { return &t.Version },
}

// Trigger returns the trigger with the given identifier, or fault.Missing.
func (tx *Tx) Trigger(key id.Trigger) (trigger.Trigger, error) { return triggers.get(tx, string(key)) }

// AddTrigger adds a trigger. A title has one for each fact.
func (tx *Tx) AddTrigger(t *trigger.Trigger) error { return triggers.insert(tx, t) }

// PutTrigger saves a trigger, unless someone else saved it since it was read.
func (tx *Tx) PutTrigger(t *trigger.Trigger) error { return triggers.update(tx, t) }

// TriggersOf lists every trigger of a title, the first first, for the rules.
func (tx *Tx) TriggersOf(key id.Designation) ([]trigger.Trigger, error) {
	return triggers.list(tx, "WHERE designation = $1 ORDER BY raised_at, id", string(key))
}

// TriggersIn lists what a recheck looks into beside the standard, the first first. Who
// may see the recheck may see them.
func (tx *Tx) TriggersIn(key id.Recheck) ([]trigger.Trigger, error) {
	return triggers.list(tx, "WHERE recheck = $1 ORDER BY raised_at, id", string(key))
}

// TriggersDue lists the triggers that the clock can answer now: not those of a title
// under an order, nor of one whose recheck waits for its conclusion or slipped and waits
// for its order. They wait with it.
func (tx *Tx) TriggersDue() ([]trigger.Trigger, error) {
	return triggers.list(tx, `WHERE state = $1
		AND EXISTS (SELECT 1 FROM designations d WHERE d.id = triggers.designation AND d.state <> $2
			AND NOT EXISTS (SELECT 1 FROM rechecks r WHERE r.designation = d.id AND (r.state = $3
				OR r.state = $4 AND d.state = $5 AND NOT EXISTS (SELECT 1 FROM rectifications o WHERE o.designation = d.id AND o.recheck = r.id))))
		ORDER BY raised_at, id`,
		string(trigger.Raised), string(designation.Rectifying), string(recheck.Reported), string(recheck.Slipped), string(designation.Valid))
}

// TriggersFor lists what was raised for a title as a viewer may see it: the office, the
// chair and the auditors of its programme, and its holder; nothing for others.
func (tx *Tx) TriggersFor(viewer stage.Actor, d *designation.Designation) ([]trigger.Trigger, error) {
	if !slices.Contains(seesTitleCases, viewer.Role) && !holds(viewer, d.Organisation) || !inProgramme(viewer, d.Programme) {
		return nil, nil
	}
	return tx.TriggersOf(d.ID)
}

package casework

import (
	"fmt"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// advance takes an application to the stage that its round's procedure puts
// after the one that just ended, and opens it. Nothing happens when the ended
// state does not lead on.
func (d *Desk) advance(tx *store.Tx, a *application.Application, p lifecycle.Procedure, ended stage.State, now time.Time) error {
	next, goes := p.After(a.Stage, ended)
	if !goes {
		return nil
	}
	return d.begin(tx, a, next, now)
}

// begin opens a stage for an application. The meeting and the publicity have
// nothing to open: an application waits there until somebody puts it on an
// agenda or on a list.
func (d *Desk) begin(tx *store.Tx, a *application.Application, next string, now time.Time) error {
	a.Enter(next, now)
	switch next {
	case "review":
		return d.openReview(tx, a, now)
	case "visit":
		return d.openVisit(tx, a, now)
	case "meeting", "publicity":
		return nil
	}
	return fmt.Errorf("casework: no stage %q", next)
}

// matter is how one kind of thing comes before the committee, and what its
// decision does there. See item.Subjects for the kinds.
type matter struct {
	// facts says what a decision about the thing would rest on now.
	facts func(tx *store.Tx, key string) (item.Facts, error)
	// waiting lists what waits for the committee in a programme, and of a round
	// where the kind belongs to one.
	waiting func(tx *store.Tx, p id.Programme, r id.Round) ([]item.Facts, error)
	// decided carries the decision out, when the meeting that took it closes.
	decided func(tx *store.Tx, by stage.Actor, i item.Item, carried bool, now time.Time) error
}

// matters lists what may be put on an agenda. One line a kind.
func (d *Desk) matters() map[string]matter {
	return map[string]matter{
		"objection":     d.objectionMatter(),
		"succession":    d.succession(),
		"application":   d.applicationMatter(),
		"recheck":       d.recheckMatter(),
		"rectification": d.rectificationMatter(),
		"revocation":    d.revocationMatter("撤销称号：", revocation.Heard, d.revocationDecided),
		"appeal":        d.revocationMatter("申诉成立，恢复称号：", revocation.Appealed, d.appealDecided),
	}
}

// decided carries out what the committee decided on an item.
func (d *Desk) decided(tx *store.Tx, by stage.Actor, i item.Item, carried bool, now time.Time) error {
	m, known := d.matters()[i.Subject.Kind]
	if !known {
		return fmt.Errorf("casework: nothing follows from a decision about %q", i.Subject.Kind)
	}
	return m.decided(tx, by, i, carried, now)
}

// factsOf says what a decision about a thing would rest on now.
func (d *Desk) factsOf(tx *store.Tx, p id.Programme, s item.Subject) (item.Facts, error) {
	m, known := d.matters()[s.Kind]
	if !known {
		return item.Facts{}, fault.Missing()
	}
	f, err := m.facts(tx, s.ID)
	if err == nil && f.Programme != p {
		err = fault.Missing()
	}
	f.Subject = s
	return f, err
}

// wholeFor returns a thing whole to an actor who may see it, as an act on it needs it.
// version is the one that the actor saw; 0 when it does not matter.
func wholeFor[K, T any](by stage.Actor, key K, version int64, seen func(stage.Actor, K) (T, error), read func(K) (T, error), of func(T) int64) (t T, err error) {
	if by.Role != stage.Clock {
		if _, err := seen(by, key); err != nil {
			return t, err
		}
	}
	if t, err = read(key); err != nil {
		return t, err
	}
	if version != 0 && version != of(t) {
		return t, fault.Stale()
	}
	return t, nil
}

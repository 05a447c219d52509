// Package together says what must be true of several things at once, which one case
// of lifecycle/invariant does not hold: the draws of a round with the teams that they
// seated, a sample with everybody's marks and the visits that wait for it, the title of
// a holder that was split up with those of its heirs, a letter with what its receiver
// got, and a story with its title.
//
// It is the same idea and the same words: a named sentence with what it rests on, asked
// after every act, by the store before it commits and by simulate.
package together

import (
	"fmt"
	"time"

	"shifan/internal/lifecycle/invariant"
)

// Promise is one sentence that holds after every act.
type Promise struct {
	Name string // stable: draw.party.opposed
	Says string // the promise, in a sentence
	Base string // the clause or rule it rests on

	wrong func(c *Case) string // which thing breaks it, or nothing
}

// Case is what is looked at together. Parts that are not there are nil, and break
// nothing. Nothing in it is changed.
type Case struct {
	Now      time.Time
	Draw     *Drawn
	Visit    *Visited
	Sample   *Sample
	Division *Division
	Letter   *Letter
	Story    *Story
}

// All lists every promise, in the order of the life.
func All() []Promise {
	var all []Promise
	for _, chapter := range [][]Promise{ofDraws, ofTeams, ofSamples, ofDivisions, ofStories, ofLetters} {
		all = append(all, chapter...)
	}
	return all
}

var list = All()

// Check returns the first promise that a case breaks as an invariant.Violation, or nil.
func Check(c *Case) error {
	for i := range list {
		if what := list[i].wrong(c); what != "" {
			return invariant.Violation{Invariant: list[i].Name, Says: list[i].Says, What: what}
		}
	}
	return nil
}

// one looks at the part of a case that a promise is about, if it is there. What is told
// of it for the log is its key: nothing that somebody wrote.
func one[T any](of func(*Case) *T, key func(*T) string, holds func(*Case, *T) bool) func(*Case) string {
	return func(c *Case) string {
		if v := of(c); v != nil && !holds(c, v) {
			return fmt.Sprintf("%T %s", v, key(v))
		}
		return ""
	}
}

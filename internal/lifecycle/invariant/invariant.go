package invariant

import (
	"fmt"
	"time"

	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/story"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/lifecycle/visit"
)

// Invariant is one sentence that holds after every act.
type Invariant struct {
	Name string // stable: application.submitted.in_time
	Says string // the promise, in a sentence
	Base string // the clause or rule it rests on

	// wrong says what of a case breaks the promise, or nothing. What a case does
	// not hold cannot break it.
	wrong func(c *Case) string
}

// Case is what is looked at together: one application with all that grew out of
// it up to the title and what became of that, or a part of it. Parts that are not
// there are nil. Nothing in it is changed.
type Case struct {
	Now       time.Time
	Programme *programme.Programme // the version that the round froze

	Round          *round.Round
	Application    *application.Application // a draft may come without Answers, Carried and Original: nothing is promised of what it says
	Review         *review.Review
	Visit          *visit.Visit
	Meetings       []*meeting.Meeting
	Items          []*item.Item
	Publicity      *publicity.Publicity
	Candidate      *publicity.Candidate
	Objections     []*objection.Objection
	Naming         *naming.Naming
	Designation    *designation.Designation
	Plaque         *plaque.Plaque
	Triggers       []*trigger.Trigger
	Plan           *plan.Plan
	Rechecks       []*recheck.Recheck
	Rectifications []*rectification.Rectification
	Revocations    []*revocation.Revocation
	Stories        []*story.Story
}

// Violation is a promise that a case breaks.
type Violation struct {
	Invariant string `json:"invariant"`
	Says      string `json:"says"`
	What      string `json:"what"` // which thing, and what is wrong with it
}

// Error tells which promise is broken by what.
func (v Violation) Error() string { return fmt.Sprintf("%s: %s: %s", v.Invariant, v.Says, v.What) }

// All lists every invariant, in the order of the life.
func All() []Invariant {
	var all []Invariant
	for _, chapter := range [][]Invariant{ofRound, ofFile, ofMeeting, ofList, ofNaming, ofTitle, ofTriggers, ofWatch, ofStories} {
		all = append(all, chapter...)
	}
	return all
}

var list = All()

// Check returns the first promise that a case breaks, or nil.
func Check(c *Case) error {
	for i := range list {
		if what := list[i].wrong(c); what != "" {
			return Violation{Invariant: list[i].Name, Says: list[i].Says, What: what}
		}
	}
	return nil
}

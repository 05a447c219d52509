package invariant

import (
	"fmt"
	"reflect"
	"strings"

	"shifan/internal/chars"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/lifecycle/visit"
)

// told bounds what is told of a thing that breaks a promise, in signs.
const told = 500

// one looks at the thing of a kind that a case may hold.
func one[T any](of func(*Case) *T, holds func(*Case, *T) bool) func(*Case) string {
	return func(c *Case) string {
		if v := of(c); v != nil && !holds(c, v) {
			return tell(*v)
		}
		return ""
	}
}

// each looks at all things of a kind that a case holds.
func each[T any](of func(*Case) []*T, holds func(*Case, *T) bool) func(*Case) string {
	return func(c *Case) string {
		for _, v := range of(c) {
			if !holds(c, v) {
				return tell(*v)
			}
		}
		return ""
	}
}

// tell says which thing it is and how it stands, for the log: its identifiers,
// states, instants, days and numbers, and nothing that somebody wrote, which may be
// personal.
func tell(v any) string {
	said := []string{fmt.Sprintf("%T", v)}
	thing := reflect.ValueOf(v)
	for n := range thing.NumField() {
		f := thing.Field(n)
		word := f.Kind() == reflect.String && f.Type().PkgPath() != "" // id.Round or stage.State, not text
		number := f.CanInt() || f.Kind() == reflect.Bool
		_, dated := f.Interface().(interface{ IsZero() bool })
		if (word || number || dated) && !f.IsZero() {
			said = append(said, fmt.Sprintf("%s:%v", thing.Type().Field(n).Name, f))
		}
	}
	return chars.Cut(strings.Join(said, " "), told)
}

func theRound(c *Case) *round.Round                    { return c.Round }
func theApplication(c *Case) *application.Application  { return c.Application }
func theReview(c *Case) *review.Review                 { return c.Review }
func theVisit(c *Case) *visit.Visit                    { return c.Visit }
func theMeetings(c *Case) []*meeting.Meeting           { return c.Meetings }
func theItems(c *Case) []*item.Item                    { return c.Items }
func thePublicity(c *Case) *publicity.Publicity        { return c.Publicity }
func theCandidate(c *Case) *publicity.Candidate        { return c.Candidate }
func theObjections(c *Case) []*objection.Objection     { return c.Objections }
func theNaming(c *Case) *naming.Naming                 { return c.Naming }
func theTitle(c *Case) *designation.Designation        { return c.Designation }
func thePlan(c *Case) *plan.Plan                       { return c.Plan }
func theTriggers(c *Case) []*trigger.Trigger           { return c.Triggers }
func theRechecks(c *Case) []*recheck.Recheck           { return c.Rechecks }
func theOrders(c *Case) []*rectification.Rectification { return c.Rectifications }
func theRevocations(c *Case) []*revocation.Revocation  { return c.Revocations }

package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Dossier is an application with the criteria it answers and what is known of
// its organisation: what a reviewer, a visitor and a member read.
type Dossier struct {
	Application  application.Application
	Organisation organisation.Organisation
	Round        round.Round
	Programme    *programme.Programme
	Groups       []programme.Group // with the indicators of the round's year
	Checks       []ruling.Check    // the conditions, as of the round's last day of filing
	Files        map[string][]File // what was submitted, by indicator
}

// Indicators lists the indicators that count.
func (v Dossier) Indicators() []programme.Indicator { return v.Programme.Indicators(v.Round.Year) }

// ChecksAt lists the conditions that the programme ties to an indicator, as they were
// found, in the programme's order.
func (v Dossier) ChecksAt(i programme.Indicator) (some []ruling.Check) {
	for _, c := range v.Checks {
		if slices.Contains(i.Rules, c.Rule.Code) {
			some = append(some, c)
		}
	}
	return some
}

// dossier gathers an application for one of those who judge it. It does not ask who may:
// its callers did.
func (d *Desk) dossier(tx *store.Tx, by stage.Actor, key id.Application) (v Dossier, err error) {
	if v.Application, err = tx.Application(key); err != nil {
		return v, err
	}
	if v.Organisation, err = tx.Organisation(v.Application.Organisation); err != nil {
		return v, err
	}
	if v.Round, err = tx.Round(v.Application.Round); err != nil {
		return v, err
	}
	if v.Programme, err = tx.ProgrammeOf(v.Application.Round); err != nil {
		return v, err
	}
	submitted, err := tx.FilesUnder(&v.Application, false)
	if err != nil {
		return v, err
	}
	if v.Files, err = withPlaces(tx, by, v.Programme, submitted); err != nil {
		return v, err
	}
	v.Groups = score.Groups(v.Programme, v.Round.Year)
	v.Checks, err = d.eligibleFor(tx, v.Application.Organisation, v.Programme, v.Round.LastDay)
	return v, err
}

// ReviewView is what the pages of one review show.
type ReviewView struct {
	Dossier
	Review    review.Review
	Reviewer  string // names; empty when nobody
	Confirmer string
	Task      string        // what the viewer is to do now; empty: nothing
	Writes    bool          // the viewer may write the judgement
	Seconds   bool          // the viewer may confirm or send back
	Clerks    []ClerkOnDuty // to whom it may be assigned; for those who may
	Left      int           // working days until it is due
	LeftKnown bool
	Notes     []NoteLine // the earliest first
	Annotates bool       // the viewer may write and settle notes
	Now       time.Time
}

// ClerkOnDuty is somebody to whom a review may be given.
type ClerkOnDuty struct {
	Account id.Account
	Name    string
	Open    int // reviews that they have and did not finish
}

// Overdue reports whether the review is late.
func (v ReviewView) Overdue() bool { return v.Review.Overdue(calendar.DateOf(v.Now)) }

// Review returns one review as the viewer may see it, with the application. The
// applicant has pages of its own.
func (d *Desk) Review(ctx context.Context, by stage.Actor, key id.Review) (v ReviewView, err error) {
	defer fault.Wrap(&err, "casework.Review(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if by.Role == stage.Applicant {
			return fault.Missing()
		}
		r, err := tx.ReviewFor(by, key)
		if err != nil {
			return err
		}
		v, err = d.reviewView(tx, by, r)
		return err
	})
	return v, err
}

func (d *Desk) reviewView(tx *store.Tx, by stage.Actor, r review.Review) (v ReviewView, err error) {
	v.Now, v.Review = d.Now(), r
	if v.Dossier, err = d.dossier(tx, by, r.Application); err != nil {
		return v, err
	}
	names := namesIn(tx)
	if v.Reviewer, err = names(r.Reviewer); err != nil {
		return v, err
	}
	if v.Confirmer, err = names(r.Confirmer); err != nil {
		return v, err
	}
	c, err := tx.Calendar()
	if err != nil {
		return v, err
	}
	v.Left, v.LeftKnown = c.WorkingDaysBetween(calendar.DateOf(v.Now), r.DueOn)
	acts := review.Kind.May(r.State, by.Role)
	v.Task = reviewTask(by, &r)
	v.Writes = slices.Contains(acts, "draft") && (r.Reviewer == "" || r.Reviewer == by.Account)
	v.Seconds = slices.Contains(acts, "confirm") && (r.Reviewer != by.Account || !v.Programme.Review.FourEyes)
	v.Annotates = slices.Contains(acts, "annotate")
	if v.Notes, err = notesOf(tx, by, &r, v.Files); err != nil {
		return v, err
	}
	if slices.Contains(acts, "assign") {
		err = v.clerks(tx)
	}
	return v, err
}

// clerks lists to whom the review may be given.
func (v *ReviewView) clerks(tx *store.Tx) error {
	loads, err := tx.ReviewLoads(v.Review.Programme)
	if err != nil {
		return err
	}
	ties, err := tiesOn(tx, v.Programme, v.Review.Organisation, calendar.DateOf(v.Now))
	if err != nil {
		return err
	}
	names := namesIn(tx)
	for _, l := range loads {
		if ties[l.Account] != "" {
			continue
		}
		name, err := names(l.Account)
		if err != nil {
			return err
		}
		v.Clerks = append(v.Clerks, ClerkOnDuty{l.Account, name, l.Open})
	}
	return nil
}

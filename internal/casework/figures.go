package casework

import (
	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/figure"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// figures puts what was known of the holder at the naming beside what is known now, or was
// when the recheck was concluded, for those who see what is known of the holder (S69). A
// title from before the system has nothing from its naming but what was known when it was
// imported.
func (d *Desk) figures(tx *store.Tx, by stage.Actor, v *RecheckView) error {
	if _, err := tx.OrganisationFor(by, v.Title.Organisation); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	}
	naming, current, err := versionsFor(tx, &v.Title)
	if err != nil {
		return err
	}
	profile, err := tx.ProfileOf(v.Title.Organisation)
	if err != nil {
		return err
	}
	v.Then = v.Title.NamedOn
	known := v.Then.End()
	if v.Title.Round != "" {
		r, err := tx.Round(v.Title.Round)
		if err != nil {
			return err
		}
		v.Then = r.LastDay
	}
	until := v.Now
	if !v.Recheck.ConcludedAt.IsZero() {
		until = v.Recheck.ConcludedAt
	}
	changes, err := tx.FactChangesSince(v.Title.Organisation, known)
	if err != nil {
		return err
	}
	was, is := *profile.Organisation, *profile.Organisation
	was.Facts, is.Facts = figure.AsOf(was.Facts, changes, known), figure.AsOf(is.Facts, changes, until)
	then, now := figure.Moment{Day: v.Then, Profile: profile}, figure.Moment{Day: calendar.DateOf(until), Profile: profile}
	then.Profile.Organisation, now.Profile.Organisation = &was, &is
	v.Figures, v.Numbers = figure.Compare(naming, current, then, now), figure.Numbers(then, now)
	return nil
}

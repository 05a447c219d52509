package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/stage"
)

// factSource is who stands behind a fact, and since when. Which person is nowhere here.
type factSource struct {
	Confirmed bool          `json:"confirmed" doc:"by the office; otherwise the organisation declared it"`
	On        calendar.Date `json:"on,omitzero"`
	Of        string        `json:"of,omitempty" doc:"the list or document that says so"`
}

func factSourceOf(s fact.Source) factSource { return factSource{s.Confirmed, s.On, s.Of} }

// Facts as somebody writes them down.
type (
	inspectionEntry struct {
		Year       int    `json:"year" doc:"the year inspected, not that of the conclusion"`
		Conclusion string `json:"conclusion" doc:"passed, passed_barely, failed, not_inspected, pending, report_filed, newly_founded or report_not"`
	}
	gradeEntry struct {
		Rank        int           `json:"rank" doc:"1 to 5: A to 5A"`
		AnnouncedOn calendar.Date `json:"announced_on"`
		RevokedOn   calendar.Date `json:"revoked_on,omitzero" doc:"withdrawn or lowered from this day on"`
	}
	penaltyEntry struct {
		Number    string        `json:"number" doc:"of the decision"`
		Authority string        `json:"authority"`
		Kind      string        `json:"kind" doc:"warning, fine, confiscation, suspension or revocation"`
		DecidedOn calendar.Date `json:"decided_on"`
		QuashedOn calendar.Date `json:"quashed_on,omitzero" doc:"quashed on review: it does not count"`
		Performed calendar.Date `json:"performed,omitzero" doc:"when it was carried out"`
		Against   string        `json:"against,omitempty" doc:"branch or person; left out when it is against the organisation"`
	}
	listingEntry struct {
		List string        `json:"list" doc:"abnormal or serious"`
		From calendar.Date `json:"from"`
		To   calendar.Date `json:"to,omitzero" doc:"the last day on it; left out while it stands there"`
		Why  string        `json:"why,omitempty"`
	}
	charterEntry struct {
		Wording    string        `json:"wording,omitempty" doc:"as it stands in the charter"`
		Clause     string        `json:"clause,omitempty"`
		ApprovedOn calendar.Date `json:"approved_on,omitzero" doc:"by the registrar"`
	}
	regulationEntry struct {
		Title     string        `json:"title"`
		AdoptedOn calendar.Date `json:"adopted_on"`
		EndedOn   calendar.Date `json:"ended_on,omitzero"`
	}
	metricEntry struct {
		Name   string `json:"name"`
		Unit   string `json:"unit"`
		Year   int    `json:"year" doc:"the last of the three"`
		Values [3]int `json:"values"`
		Rank   int    `json:"rank,omitempty" doc:"left out when none is claimed"`
		Of     int    `json:"of,omitempty"`
		Among  string `json:"among,omitempty" doc:"the population that the rank is within"`
	}
)

// Facts with who stands behind each.
type (
	inspectionFact struct {
		inspectionEntry
		Source factSource `json:"source"`
	}
	gradeFact struct {
		gradeEntry
		Source factSource `json:"source"`
	}
	penaltyFact struct {
		penaltyEntry
		Source factSource `json:"source"`
	}
	listingFact struct {
		listingEntry
		Source factSource `json:"source"`
	}
	charterFact struct {
		charterEntry
		Source factSource `json:"source"`
	}
	regulationFact struct {
		regulationEntry
		Source factSource `json:"source"`
	}
	metricFact struct {
		metricEntry
		Source factSource `json:"source"`
	}
)

// factsData is what is known of an organisation beside its registration. The yearly
// figures are under ledgers.
type factsData struct {
	Inspections []inspectionFact `json:"inspections,omitempty"`
	Grades      []gradeFact      `json:"grades,omitempty"`
	Penalties   []penaltyFact    `json:"penalties,omitempty"`
	NoPenalty   *factSource      `json:"no_penalty,omitempty" doc:"who says that these are all penalties"`
	Listings    []listingFact    `json:"listings,omitempty"`
	NoListing   *factSource      `json:"no_listing,omitempty" doc:"who says that these are all listings"`
	Charter     *charterFact     `json:"charter,omitempty"`
	Regulations []regulationFact `json:"regulations,omitempty"`
	Metrics     []metricFact     `json:"metrics,omitempty"`
	Ledgers     []int            `json:"ledgers,omitempty" doc:"years of which there are figures"`
}

func factsDataOf(f fact.Facts) factsData {
	said := func(s fact.Source) *factSource {
		if s == (fact.Source{}) {
			return nil
		}
		one := factSourceOf(s)
		return &one
	}
	d := factsData{
		Inspections: each(f.Inspections, func(v fact.Inspection) inspectionFact {
			return inspectionFact{inspectionEntry{v.Year, v.Conclusion}, factSourceOf(v.Source)}
		}),
		Grades: each(f.Grades, func(v fact.Grade) gradeFact {
			return gradeFact{gradeEntry{v.Rank, v.AnnouncedOn, v.RevokedOn}, factSourceOf(v.Source)}
		}),
		Penalties: each(f.Penalties, func(v fact.Penalty) penaltyFact {
			return penaltyFact{penaltyEntry{v.Number, v.Authority, v.Kind, v.DecidedOn, v.QuashedOn, v.Performed, v.Against}, factSourceOf(v.Source)}
		}),
		Listings: each(f.Listings, func(v fact.Listing) listingFact {
			return listingFact{listingEntry{v.List, v.From, v.To, v.Why}, factSourceOf(v.Source)}
		}),
		Regulations: each(f.Regulations, func(v fact.Regulation) regulationFact {
			return regulationFact{regulationEntry{v.Title, v.AdoptedOn, v.EndedOn}, factSourceOf(v.Source)}
		}),
		Metrics: each(f.Metrics, func(v fact.Metric) metricFact {
			return metricFact{metricEntry{v.Name, v.Unit, v.Year, v.Values, v.Rank, v.Of, v.Among}, factSourceOf(v.Source)}
		}),
		NoPenalty: said(f.NoPenalty), NoListing: said(f.NoListing),
		Ledgers: each(f.Ledgers, func(l fact.Ledger) int { return l.Year }),
	}
	if c := f.Charter; c != (fact.Charter{}) {
		d.Charter = &charterFact{charterEntry{c.Wording, c.Clause, c.ApprovedOn}, factSourceOf(c.Source)}
	}
	return d
}

// factsEdit sets sections of what is known. A section that is given stands in place of
// what it was, to correct, to quash or to take out; one that is left out stays.
type factsEdit struct {
	Inspections *[]inspectionEntry `json:"inspections,omitempty"`
	Grades      *[]gradeEntry      `json:"grades,omitempty"`
	Penalties   *[]penaltyEntry    `json:"penalties,omitempty"`
	NoPenalty   *bool              `json:"no_penalty,omitempty" doc:"true: these are all penalties"`
	Listings    *[]listingEntry    `json:"listings,omitempty"`
	NoListing   *bool              `json:"no_listing,omitempty" doc:"true: these are all listings"`
	Charter     *charterEntry      `json:"charter,omitempty"`
	Regulations *[]regulationEntry `json:"regulations,omitempty"`
	Metrics     *[]metricEntry     `json:"metrics,omitempty"`
	sure
}

// section puts what was given in place of a section.
func section[V, R any](to *[]R, given *[]V, row func(V) R) {
	if given != nil {
		*to = each(*given, row)
	}
}

// saysWhole says, or says no more, that a list is complete.
func saysWhole(to *fact.Source, given *bool, today calendar.Date) {
	switch {
	case given == nil:
	case *given:
		*to = fact.Source{On: today}
	default:
		*to = fact.Source{}
	}
}

// over returns the facts with the sections that were given.
func (in factsEdit) over(f fact.Facts, today calendar.Date) fact.Facts {
	section(&f.Inspections, in.Inspections, func(v inspectionEntry) fact.Inspection {
		return fact.Inspection{Year: v.Year, Conclusion: v.Conclusion}
	})
	section(&f.Grades, in.Grades, func(v gradeEntry) fact.Grade {
		return fact.Grade{Rank: v.Rank, AnnouncedOn: v.AnnouncedOn, RevokedOn: v.RevokedOn}
	})
	section(&f.Penalties, in.Penalties, func(v penaltyEntry) fact.Penalty {
		return fact.Penalty{Number: v.Number, Authority: v.Authority, Kind: v.Kind, DecidedOn: v.DecidedOn, QuashedOn: v.QuashedOn, Performed: v.Performed, Against: v.Against}
	})
	section(&f.Listings, in.Listings, func(v listingEntry) fact.Listing {
		return fact.Listing{List: v.List, From: v.From, To: v.To, Why: v.Why}
	})
	section(&f.Regulations, in.Regulations, func(v regulationEntry) fact.Regulation {
		return fact.Regulation{Title: v.Title, AdoptedOn: v.AdoptedOn, EndedOn: v.EndedOn}
	})
	section(&f.Metrics, in.Metrics, func(v metricEntry) fact.Metric {
		return fact.Metric{Name: v.Name, Unit: v.Unit, Year: v.Year, Values: v.Values, Rank: v.Rank, Of: v.Of, Among: v.Among}
	})
	if c := in.Charter; c != nil {
		f.Charter = fact.Charter{Wording: c.Wording, Clause: c.Clause, ApprovedOn: c.ApprovedOn}
	}
	saysWhole(&f.NoPenalty, in.NoPenalty, today)
	saysWhole(&f.NoListing, in.NoListing, today)
	return f
}

// factChange is how one section was before and after an act.
type factChange struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Section string    `json:"section"`
	Office  bool      `json:"office" doc:"by the office; otherwise by the organisation"`
	Was     factsData `json:"was" doc:"this section and nothing else"`
	Now     factsData `json:"now"`
}

func factRoutes() []route {
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor}
	return []route{
		one("/organisations/{id}/facts", "getFacts", "Read what is known of an organisation beside its registration.", "GET /organisations/{id}", append([]stage.Role{stage.Operator}, see...), func(c *call, key string) (factsData, int64, error) {
			v, err := c.desk.Organisation(c.Context(), c.Actor, id.Organisation(key))
			return factsDataOf(v.Organisation.Facts), v.Organisation.Version, err
		}),
		list("/organisations/{id}/facts/changes", "listFactChanges", "List how what is known of an organisation changed, the latest first.", "GET /organisations/{id}/history", see, func(c *call, q *factChangeQuery, limit int) ([]factChange, string, error) {
			all, err := c.desk.FactChanges(c.Context(), c.Actor, id.Organisation(c.PathValue("id")))
			return ordered(all, err, &q.paging, func(f fact.Change) string { return string(f.ID) }, func(f fact.Change) factChange {
				return factChange{string(f.ID), f.At, f.Section, f.Office, factsDataOf(f.Was), factsDataOf(f.Now)}
			})
		}),
		act("/organisations/{id}/facts", "editFacts", "Enter, correct or quash what is known of an organisation, by sections.", "POST /organisations/{id}/facts/{section}", []stage.Role{stage.Applicant, stage.Clerk}, func(c *call, in factsEdit) error {
			if err := unpersonal(&in, in.NotPersonal); err != nil {
				return err
			}
			v, err := c.desk.Organisation(c.Context(), c.Actor, id.Organisation(c.PathValue("id")))
			if err != nil {
				return err
			}
			return c.desk.EditFacts(c.Context(), c.Actor, v.Organisation.ID, c.match, in.over(v.Organisation.Facts, v.Today))
		}).matching(),
	}
}

// factChangeQuery narrows a list of changes.
type factChangeQuery struct{ paging }

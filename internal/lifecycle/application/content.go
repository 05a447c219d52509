package application

import (
	"maps"
	"slices"

	"shifan/internal/lifecycle/answer"
)

// Content returns what the application says now. It shares nothing with it.
func (a *Application) Content() answer.Content {
	c := answer.Content{
		Round: a.Round, Organisation: a.Organisation, Name: a.Name, PartyBody: a.PartyBody, Category: a.Category,
		Answers: maps.Clone(a.Answers), Signatory: a.Signatory, Committed: a.Committed,
	}
	for code, w := range c.Answers {
		w.Evidence, w.Files = slices.Clone(w.Evidence), slices.Clone(w.Files)
		c.Answers[code] = w
	}
	return c
}

// Changes lists what was changed since the application was first submitted, by
// field.
func (a *Application) Changes() []answer.Change {
	if a.Original.Round == "" {
		return nil
	}
	return a.Content().Since(a.Original)
}

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

// Change is one field that a correction changed.
type Change struct {
	Field    string        // indicator code, or "signatory"
	Was, Now answer.Answer // of an indicator
	Text     [2]string
}

// Changes lists what was changed since the application was first submitted, by
// field.
func (a *Application) Changes() (all []Change) {
	if a.Original.Round == "" {
		return nil
	}
	for _, code := range slices.Sorted(maps.Keys(a.Answers)) {
		was, now := a.Original.Answers[code], a.Answers[code]
		if !was.Equal(now) {
			all = append(all, Change{Field: code, Was: was, Now: now})
		}
	}
	if a.Original.Signatory != a.Signatory {
		all = append(all, Change{Field: "signatory", Text: [2]string{a.Original.Signatory, a.Signatory}})
	}
	return all
}

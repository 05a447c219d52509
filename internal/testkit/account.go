package testkit

import (
	"fmt"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// TheOperator is who sets up accounts in tests: the command line.
var TheOperator = casework.Console

// Person adds an account that holds a role in every programme and returns it as
// an actor. An applicant acts for an organisation: use PersonWith.
func (w *World) Person(name string, role stage.Role) stage.Actor {
	w.Helper()
	return w.PersonWith(name, casework.Grant{Role: role})
}

// PersonWith adds an account with the given grants and returns it acting in the
// first. It has no password: tests of signing in set one through an invitation.
func (w *World) PersonWith(name string, grants ...casework.Grant) stage.Actor {
	w.Helper()
	w.people++
	w.named = append(w.named, name)
	key, err := w.Desk.AddAccount(w.Context(), TheOperator, casework.NewAccount{
		Login: fmt.Sprintf("person%d", w.people), Name: name, Grants: grants,
	})
	if err != nil {
		w.Fatal(err)
	}
	a := casework.Account{ID: key}
	return a.Actor(grants[0])
}

// Applicant adds an account that acts for an organisation.
func (w *World) Applicant(name string, organisation id.Organisation) stage.Actor {
	w.Helper()
	return w.PersonWith(name, casework.Grant{Role: stage.Applicant, Organisation: organisation})
}

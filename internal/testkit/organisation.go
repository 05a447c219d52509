package testkit

import (
	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
)

// Organisation registers another invented organisation and returns it. Its facts
// are confirmed by the office and satisfy every rule of the notice for a deadline
// of this year: three inspections passed, grade 3A, nobody penalised or listed,
// the charter approved, a branch with its elections on time, three ledgers.
func (w *World) Organisation() id.Organisation {
	w.Helper()
	w.organisations++
	o := play.Organisations(w.organisations)[w.organisations-1]
	clerk, year := w.Office().Clerk, calendar.DateOf(w.Now()).Year
	key, err := w.Desk.RegisterOrganisation(w.Context(), clerk, organisation.Registration{
		Code: o.Code, Name: o.Name, Registrar: "吉林省民政厅", Industry: "现代服务业", LegalHead: "负责人甲", Contact: "办公室电话", RegisteredOn: calendar.On(year-11, 3, 1),
	})
	if err != nil {
		w.Fatal(err)
	}
	if err := w.Desk.EditFacts(w.Context(), clerk, key, 0, play.EligibleFacts(year)); err != nil {
		w.Fatal(err)
	}
	if _, err := w.Desk.AddParty(w.Context(), clerk, key, play.EligibleBody(o.Party, year)); err != nil {
		w.Fatal(err)
	}
	return key
}

// ApplicantOf returns somebody who acts for an organisation, made on the first
// call.
func (w *World) ApplicantOf(key id.Organisation) stage.Actor {
	w.Helper()
	if _, known := w.applicants[key]; !known {
		if w.applicants == nil {
			w.applicants = map[id.Organisation]stage.Actor{}
		}
		w.applicants[key] = w.Applicant("申报单位经办人", key)
	}
	return w.applicants[key]
}

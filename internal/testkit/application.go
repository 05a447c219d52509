package testkit

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/store"
)

// Drafted begins an application of another organisation in a round, and fills in
// everything. The round must be open.
func (w *World) Drafted(round id.Round) id.Application {
	w.Helper()
	return w.DraftedBy(round, w.Organisation())
}

// DraftedBy begins an application of an organisation in a round, and fills in
// everything.
func (w *World) DraftedBy(round id.Round, o id.Organisation) id.Application {
	w.Helper()
	by := w.ApplicantOf(o)
	key, err := w.Desk.StartApplication(w.Context(), by, round, "")
	if err != nil {
		w.Fatal(err)
	}
	v, err := w.Desk.Application(w.Context(), by, key)
	if err != nil {
		w.Fatal(err)
	}
	yes, who := true, "党支部书记 甲"
	in := answer.Part{Answers: map[string]answer.Answer{}, Committed: &yes, Signatory: &who}
	for _, i := range v.Programme.Indicators(v.Round.Year) {
		a := answer.Answer{Rating: answer.Meets, Score: i.Points, Statement: "对照“" + i.Title + "”，三年来每年都有安排、有记录、有检查。"}
		for _, e := range i.Evidence {
			a.Evidence = append(a.Evidence, e+"，见档案第3册")
		}
		in.Answers[i.Code] = a
	}
	if err := w.Desk.SaveApplication(w.Context(), by, key, 0, in); err != nil {
		w.Fatal(err)
	}
	return key
}

// Submitted files an application of another organisation in a round, now.
func (w *World) Submitted(round id.Round) id.Application {
	w.Helper()
	key := w.Drafted(round)
	if err := w.Desk.SubmitApplication(w.Context(), w.ApplicantOf(w.ApplicationOf(key).Organisation), key, 0, w.Desk.SubmissionKey()); err != nil {
		w.Fatal(err)
	}
	return key
}

// Accepted files an application of another organisation in a round, and the
// office accepts it, now.
func (w *World) Accepted(round id.Round) id.Application {
	w.Helper()
	key := w.Submitted(round)
	if err := w.Desk.AcceptApplication(w.Context(), w.Office().Clerk, key); err != nil {
		w.Fatal(err)
	}
	return key
}

// ApplicationOf returns an application as it is kept, whoever may see it.
func (w *World) ApplicationOf(key id.Application) (a application.Application) {
	w.Helper()
	if err := w.Desk.Store.View(w.Context(), func(tx *store.Tx) (err error) {
		a, err = tx.Application(key)
		return err
	}); err != nil {
		w.Fatal(err)
	}
	return a
}

package web

import (
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/review"
	"shifan/internal/web/page"
)

// notePlace is beside what the asked page of notes stands: what the address or the form
// says, or nothing that the viewer may see.
func notePlace(r *request, v casework.ReviewView) (at page.NotePlace, err error) {
	code, key := r.FormValue("indicator"), id.File(r.FormValue("file"))
	if code == "" && key == "" {
		return at, nil
	}
	for _, i := range v.Indicators() {
		if i.Code == code {
			at.Indicator = i
			if key != "" {
				at.File, err = v.FileUnder(code, key)
			}
			return at, err
		}
	}
	return at, fault.Missing()
}

func (s *Site) showNotes(w http.ResponseWriter, r *request) error {
	return s.reviewPage(r, "批注", func(f page.Frame, v casework.ReviewView) error {
		at, err := notePlace(r, v)
		if err != nil {
			return err
		}
		if f.Wide = true; at.File.ID != "" {
			f.Title = "批注：" + at.File.Name
		}
		return s.render(w, r, http.StatusOK, page.ReviewNotes(f, v, at))
	})
}

func (s *Site) annotate(w http.ResponseWriter, r *request) error {
	of := reviewOf(r)
	at, err := r.number("page")
	if err != nil {
		return err
	}
	n := review.Note{Indicator: r.FormValue("indicator"), File: id.File(r.FormValue("file")), Page: at, Text: r.text("text")}
	key, err := s.desk.AnnotateReview(r.Context(), r.Actor, of, n)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, page.NotesURL(of, n.Indicator, n.File)+"#note-"+string(key), "批注已写上。")
}

func (s *Site) settleNote(w http.ResponseWriter, r *request) error {
	of := reviewOf(r)
	if err := s.desk.SettleNote(r.Context(), r.Actor, of, id.Note(r.PathValue("note"))); err != nil {
		return err
	}
	return s.seeOther(w, r, page.NotesURL(of, r.FormValue("indicator"), id.File(r.FormValue("file"))), "批注已办结。")
}

package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/stamped"
	"shifan/internal/web/page"
)

// paperRoutes send documents, as PDF or DOCX. Who may see a page may have its documents.
func (s *Site) paperRoutes() []route {
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /applications/{id}/papers/{paper}", allow: see, serve: s.sendApplicationPaper},
		{pattern: "GET /applications/{id}/copy", allow: see, serve: s.askCopy},
		{pattern: "POST /applications/{id}/copy", allow: see, serve: s.compareCopy, form: s.askCopy, streams: true},
	}
}

func (s *Site) sendApplicationPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.ApplicationPaper(r.Context(), r.Actor, id.Application(r.PathValue("id")), r.PathValue("paper"))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}

// sendPaper sends a document so that a browser shows it, and saves it under its own
// name; or, where the address says as=docx, as a file of a word processor to save.
func sendPaper(w http.ResponseWriter, r *request, p casework.Paper) error {
	content, media, how, ending := p.PDF, "application/pdf", "inline", ".pdf"
	if r.URL.Query().Get("as") == "docx" {
		var err error
		if content, err = p.DOCX(); err != nil {
			return err
		}
		media, how, ending = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment", ".docx"
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Header().Set("Content-Disposition", how+`; filename="document`+ending+`"; filename*=UTF-8''`+url.PathEscape(p.Name+ending))
	_, err := w.Write(content)
	return err
}

func (s *Site) askCopy(w http.ResponseWriter, r *request) error {
	return s.showCopy(w, r, nil)
}

func (s *Site) showCopy(w http.ResponseWriter, r *request, c *stamped.Copy) error {
	return s.anApplication(r, "核对盖章版", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.CompareCopy(f, v, c))
	})
}

// compareCopy reads a stamped copy and says how it compares. The file is gone
// afterwards.
func (s *Site) compareCopy(w http.ResponseWriter, r *request) error {
	if _, err := s.application(r); err != nil {
		return err // before anything is read
	}
	r.Body = http.MaxBytesReader(w, r.Body, casework.CopyMost+1<<16)
	parts, err := r.MultipartReader()
	if err != nil {
		return casework.ErrNoCopy.At("copy")
	}
	for {
		p, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return casework.ErrNoCopy.At("copy")
		case err != nil:
			return copyFault(err)
		case p.FormName() != "copy" || p.FileName() == "":
			continue
		}
		c, err := s.desk.CompareCopyFrom(r.Context(), r.Actor, id.Application(r.PathValue("id")), p)
		if err != nil {
			return copyFault(err)
		}
		return s.showCopy(w, r, &c)
	}
}

func copyFault(err error) error {
	if _, big := errors.AsType[*http.MaxBytesError](err); big {
		return casework.ErrBigCopy.At("copy")
	}
	if _, ok := errors.AsType[*fault.Fault](err); ok {
		return err
	}
	return errBody.New()
}

func (s *Site) sendCall(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.CallDocument(r.Context(), r.Actor, id.Round(r.PathValue("id"))))
}

func (s *Site) sendReviewReport(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.ReviewReport(r.Context(), r.Actor, id.Round(r.PathValue("id"))))
}

func (s *Site) sendVisitPaper(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.VisitPaper(r.Context(), r.Actor, id.Visit(r.PathValue("id")), r.PathValue("paper")))
}

func (s *Site) sendMeetingPaper(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.MeetingPaper(r.Context(), r.Actor, meetingOf(r), r.PathValue("paper"), id.Account(r.URL.Query().Get("for"))))
}

func (s *Site) sendObjectionPaper(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.ObjectionPaper(r.Context(), r.Actor, id.Objection(r.PathValue("id"))))
}

func (s *Site) sendPlaquePaper(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.PlaquePaper(r.Context(), r.Actor, id.Plaque(r.PathValue("id"))))
}

func (s *Site) sendRecheckPaper(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.RecheckPaper(r.Context(), r.Actor, id.Recheck(r.PathValue("id")), r.PathValue("paper")))
}

// handed sends a document, if there is one.
func handed(w http.ResponseWriter, r *request) func(casework.Paper, error) error {
	return func(p casework.Paper, err error) error {
		if err != nil {
			return err
		}
		return sendPaper(w, r, p)
	}
}

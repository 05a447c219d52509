package web

import (
	"errors"
	"io"
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// countSheetRoutes bring and show the scans of how paper ballots were counted.
func (s *Site) countSheetRoutes() []route {
	bring := []stage.Role{stage.Scrutineer, stage.Clerk}
	return []route{
		{pattern: "GET /items/{id}/sheet", allow: bring, serve: s.askCountSheet},
		{pattern: "POST /items/{id}/sheet", allow: bring, serve: s.takeCountSheet, form: s.askCountSheet, streams: true},
		{pattern: "GET /items/{id}/sheets/{sheet}", allow: seesMeetings, serve: s.sendCountSheet},
	}
}

func (s *Site) askCountSheet(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "上传计票单", func(f page.Frame, v casework.ItemView) error {
		if v.Recused {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.CountSheetForm(f, v, s.desk.Files.Room.Filled().File))
	})
}

// takeCountSheet takes the one file of a form as it comes.
func (s *Site) takeCountSheet(w http.ResponseWriter, r *request) error {
	defer r.patient(w)()
	r.Body = http.MaxBytesReader(w, r.Body, s.desk.Files.Room.Filled().File+1<<20)
	if err := s.desk.MayAttachCountSheet(r.Context(), r.Actor, itemOf(r)); err != nil {
		return err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return errBody.New()
	}
	for {
		p, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return errNoFile.At("file")
		case err != nil:
			return s.cutOff(err)
		case p.FileName() == "":
			continue
		}
		if err := s.desk.AttachCountSheet(r.Context(), r.Actor, itemOf(r), p.FileName(), p); err != nil {
			return atField(err, "file")
		}
		return s.toItem(w, r, "计票单扫描件已保存。")
	}
}

func (s *Site) sendCountSheet(w http.ResponseWriter, r *request) error {
	sheet, sum, in, err := s.desk.OpenCountSheet(r.Context(), r.Actor, itemOf(r), id.CountSheet(r.PathValue("sheet")))
	if err != nil {
		return err
	}
	s.sendUploaded(w, r, sheet.Name, sheet.Kind, sum, in)
	return nil
}

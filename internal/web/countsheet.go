package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"

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
		{pattern: "GET /meetings/{id}/rankings/{n}/sheet", allow: bring, serve: s.askRankingSheet},
		{pattern: "POST /meetings/{id}/rankings/{n}/sheet", allow: bring, serve: s.takeRankingSheet, form: s.askRankingSheet, streams: true},
		{pattern: "GET /meetings/{id}/rankings/{n}/sheets/{sheet}", allow: seesMeetings, serve: s.sendRankingSheet},
	}
}

func (s *Site) askCountSheet(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "上传计票单", func(f page.Frame, v casework.ItemView) error {
		if v.Recused {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.CountSheetForm(f, page.SheetsOfItem(v), s.desk.Files.Room.Filled().File))
	})
}

// rankingNumber is the number of a ranking in an address; 0, which none has, where it is none.
func rankingNumber(r *request) int {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return 0
	}
	return n
}

func (s *Site) askRankingSheet(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "上传计票单", func(f page.Frame, v casework.MeetingView) error {
		for n := range v.Meeting.Rankings {
			if one := &v.Meeting.Rankings[n]; one.Number == rankingNumber(r) && one.Paper {
				return s.render(w, r, http.StatusOK, page.CountSheetForm(f, page.SheetsOfRanking(v, one), s.desk.Files.Room.Filled().File))
			}
		}
		return fault.Missing()
	})
}

func (s *Site) takeCountSheet(w http.ResponseWriter, r *request) error {
	return s.takeSheet(w, r, func() error { return s.desk.MayAttachCountSheet(r.Context(), r.Actor, itemOf(r)) }, func(name string, in io.Reader) error {
		if err := s.desk.AttachCountSheet(r.Context(), r.Actor, itemOf(r), name, in); err != nil {
			return err
		}
		return s.toItem(w, r, "计票单扫描件已保存。")
	})
}

func (s *Site) takeRankingSheet(w http.ResponseWriter, r *request) error {
	n := rankingNumber(r)
	return s.takeSheet(w, r, func() error { return s.desk.MayAttachRankingSheet(r.Context(), r.Actor, meetingOf(r), n) }, func(name string, in io.Reader) error {
		if err := s.desk.AttachRankingSheet(r.Context(), r.Actor, meetingOf(r), n, name, in); err != nil {
			return err
		}
		return s.toRankings(w, r, "计票单扫描件已保存。")
	})
}

// takeSheet takes the one file of a form as it comes, once it may come at all.
func (s *Site) takeSheet(w http.ResponseWriter, r *request, may func() error, take func(name string, in io.Reader) error) error {
	defer r.patient(w)()
	r.Body = http.MaxBytesReader(w, r.Body, s.desk.Files.Room.Filled().File+1<<20)
	if err := may(); err != nil {
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
		return atField(take(p.FileName(), p), "file")
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

func (s *Site) sendRankingSheet(w http.ResponseWriter, r *request) error {
	sheet, sum, in, err := s.desk.OpenRankingSheet(r.Context(), r.Actor, meetingOf(r), rankingNumber(r), id.CountSheet(r.PathValue("sheet")))
	if err != nil {
		return err
	}
	s.sendUploaded(w, r, sheet.Name, sheet.Kind, sum, in)
	return nil
}

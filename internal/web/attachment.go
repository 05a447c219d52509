package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// attachmentRoutes take files that come along with an objection or a report of misuse, and
// show them to those who know who raised it.
func (s *Site) attachmentRoutes() []route {
	office := []stage.Role{stage.Clerk, stage.Director}
	return []route{
		{pattern: "POST /objections/attach", allow: everyone, serve: s.attachToObjection, form: s.objectionSoFar, streams: true},
		{pattern: "POST /misuses/attach", allow: everyone, serve: s.attachToMisuse, form: s.misuseSoFar, streams: true},
		{pattern: "GET /attachments/{id}", allow: office, serve: s.sendAttachment},
	}
}

// attachToObjection takes the files of a form and shows how the case stands. The code is a
// field of the form, before its files, and nowhere in an address.
func (s *Site) attachToObjection(w http.ResponseWriter, r *request) error {
	if err := s.takeAttachments(w, r, "code", s.desk.AttachToObjection); err != nil {
		return err
	}
	return s.objectionSoFar(w, r)
}

func (s *Site) attachToMisuse(w http.ResponseWriter, r *request) error {
	if err := s.takeAttachments(w, r, "query", s.desk.AttachToMisuse); err != nil {
		return err
	}
	return s.misuseSoFar(w, r)
}

// objectionSoFar shows a case to whoever sent its code along; without one it asks for it.
func (s *Site) objectionSoFar(w http.ResponseWriter, r *request) error {
	receipt, err := s.desk.ObjectionStatus(r.Context(), r.Form.Get("code"))
	if err != nil {
		return s.askQuery(w, r)
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.ObjectionQuery(s.page(r, "查询异议办理进度", publicitiesLink), &receipt))
}

func (s *Site) misuseSoFar(w http.ResponseWriter, r *request) error {
	receipt, err := s.desk.MisuseStatus(r.Context(), r.Form.Get("query"))
	if err != nil {
		return s.askMisuse(w, r)
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.MisuseQuery(s.page(r, "查询线索办理进度"), &receipt))
}

// takeAttachments takes the files of a form one after another as they come, after the field
// with the code. A wrong code counts against the address, and so does what is sent: codes
// cannot be tried out, and nobody fills the disk.
func (s *Site) takeAttachments(w http.ResponseWriter, r *request, field string, keep func(ctx context.Context, code, name string, in io.Reader) error) error {
	from := door.Address(r.Request, s.options.Proxies)
	if wait := max(s.limit.Wait(from), s.attaching.Wait(from)); wait > 0 {
		return errOften.New(int(wait/time.Minute) + 1)
	}
	s.attaching.Fail(from)
	defer r.patient(w)()
	r.Body = http.MaxBytesReader(w, r.Body, inquiry.BytesMost+1<<20)
	parts, err := r.MultipartReader()
	if err != nil {
		return errBody.New()
	}
	r.Form = url.Values{}
	for taken := 0; ; {
		p, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF) && taken == 0:
			return errNoFile.At("file")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return s.cutOff(err)
		case p.FormName() == field && p.FileName() == "":
			code, err := io.ReadAll(io.LimitReader(p, 64))
			if err != nil {
				return s.cutOff(err)
			}
			r.Form.Set(field, string(code))
		case p.FileName() != "":
			if err := keep(r.Context(), r.Form.Get(field), p.FileName(), p); err != nil {
				if fault.CodeOf(err) == "objection.code.unknown" {
					s.limit.Fail(from)
				}
				return atField(err, "file")
			}
			taken++
		}
	}
}

func (s *Site) sendAttachment(w http.ResponseWriter, r *request) error {
	a, in, err := s.desk.OpenAttachment(r.Context(), r.Actor, id.Attachment(r.PathValue("id")))
	if err != nil {
		return err
	}
	s.sendUploaded(w, r, a.Name, a.Kind, a.SHA256, in)
	return nil
}

package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) evidenceRoutes() []route {
	mine := []stage.Role{stage.Applicant}
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Auditor}
	const one = "/applications/{id}/evidence/{indicator}"
	return []route{
		{pattern: "GET " + one, allow: mine, serve: s.askEvidence},
		{pattern: "POST " + one, allow: mine, serve: s.uploadEvidence, form: s.askEvidence, streams: true},
		{pattern: "POST " + one + "/place", allow: mine, serve: s.placeEvidence, form: s.askEvidence},
		{pattern: "POST " + one + "/remove", allow: mine, serve: s.removeEvidence, form: s.askEvidence},
		{pattern: "GET /files/{id}", allow: see, serve: s.sendFile},
		{pattern: "GET /files/{id}/pages/{page}", allow: see, serve: s.sendPreview},
	}
}

var (
	errNoFile     = fault.Define(fault.Invalid, "evidence.upload.none", "还没有选择文件。选择一个或者几个文件再上传。", "")
	errSomeFiles  = fault.Define(fault.Invalid, "evidence.upload.some", "有%d个文件没有上传。", "")
	errNonePlaced = fault.Define(fault.Invalid, "evidence.place.none", "还没有勾选文件。勾选一个或者几个已经上传的文件。", "")
	errSomePlaced = fault.Define(fault.Invalid, "evidence.place.some", "有%d个文件没有放到本项指标下。", "")
	errAllFiles   = fault.Define(fault.Invalid, "evidence.upload.size", "一次上传的文件太大，合起来最多%s。分几次上传。", "")
)

// askEvidence shows the files of an indicator and asks for more.
func (s *Site) askEvidence(w http.ResponseWriter, r *request) error {
	return s.anApplication(r, r.PathValue("indicator")+" 佐证文件", func(f page.Frame, v casework.ApplicationView) error {
		i, known := v.Programme.Indicator(r.PathValue("indicator"))
		if !known || !i.CountsIn(v.Round.Year) {
			return fault.Missing()
		}
		open := v.Application.State == application.Draft || v.Application.State == application.Correcting
		if !open && !r.form.Failed() {
			return s.seeOther(w, r, "/applications/"+string(v.Application.ID), "")
		}
		under, err := s.desk.EvidenceOf(r.Context(), r.Actor, v.Application.ID)
		if err != nil {
			return err
		}
		coming, err := s.desk.Uploads(r.Context(), r.Actor, v.Application.ID)
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.UploadEvidence(f, v, i, under, coming[i.Code], s.desk.Files.Room))
	})
}

// evidenceNext leads from a form to the files of an indicator, when that is where
// its button goes.
func evidenceNext(r *request, indicators []programme.Indicator) (url string, ok bool) {
	code, ok := strings.CutPrefix(r.text("then"), "evidence:")
	for _, i := range indicators {
		if ok && i.Code == code {
			return "/applications/" + r.PathValue("id") + "/evidence/" + code, true
		}
	}
	return "", false
}

// patience is how long a file may be on its way: 20 MB at 200 kbit/s.
const patience = 15 * time.Minute

// patient lets a request take its time, and the answer too.
func (r *request) patient(w http.ResponseWriter) (done func()) { return r.patientFor(w, patience) }

// patientFor lets a request take a time of its own.
func (r *request) patientFor(w http.ResponseWriter, most time.Duration) (done func()) {
	c := http.NewResponseController(w)
	if c.SetReadDeadline(time.Time{}) != nil || c.SetWriteDeadline(time.Time{}) != nil {
		return func() {} // a recorder of tests has none
	}
	t := time.AfterFunc(most, func() {
		c.SetReadDeadline(time.Unix(1, 0))  //nolint:errcheck // the connection is gone
		c.SetWriteDeadline(time.Unix(1, 0)) //nolint:errcheck // the connection is gone
	})
	return func() { t.Stop() }
}

// uploadEvidence takes the files of a form for an indicator.
func (s *Site) uploadEvidence(w http.ResponseWriter, r *request) error {
	return s.takeFiles(w, r, func(name string, in io.Reader) (casework.File, error) {
		return s.desk.Upload(r.Context(), r.Actor, id.Application(r.PathValue("id")), r.PathValue("indicator"), name, in)
	})
}

// takeFiles takes the files of a form one after another as they come. Each is kept or
// refused for itself.
func (s *Site) takeFiles(w http.ResponseWriter, r *request, keep func(name string, in io.Reader) (casework.File, error)) error {
	defer r.patient(w)()
	most := s.desk.Files.Room.Filled().Application + 1<<20
	r.Body = http.MaxBytesReader(w, r.Body, most)
	parts, err := r.MultipartReader()
	if err != nil {
		return errBody.New()
	}
	var stored []casework.File
	var refused []*fault.Fault
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			refused = append(refused, s.cutOff(err))
			break
		}
		if p.FileName() == "" {
			continue
		}
		f, err := keep(p.FileName(), p)
		ft, ok := errors.AsType[*fault.Fault](err)
		switch {
		case err == nil:
			stored = append(stored, f)
		case ok && aboutFile(ft):
			refused = append(refused, ft)
		default:
			return err
		}
	}
	return s.uploaded(w, r, stored, refused)
}

// cutOff says why the rest of a form did not arrive.
func (s *Site) cutOff(err error) *fault.Fault {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errAllFiles.New(file.Size(s.desk.Files.Room.Filled().Application))
	}
	return errBody.New()
}

// aboutFile reports whether a refusal concerns one file, so that the others of the
// form may still be kept.
func aboutFile(f *fault.Fault) bool {
	return strings.HasPrefix(f.Code, "evidence.") && f.Kind != fault.Unavailable || strings.HasPrefix(f.Code, "file.put.") || strings.HasPrefix(f.Code, "rectification.attach.") || strings.HasPrefix(f.Code, "factproof.attach.")
}

// refusals says of several files why each was not taken.
func refusals(all *fault.Fault, field string, refused []*fault.Fault) *fault.Fault {
	if len(refused) == 1 {
		all.Say = refused[0].Say
	}
	for _, f := range refused {
		all.Fields = append(all.Fields, fault.Field{Path: field, Say: f.Say})
	}
	return all
}

// uploaded tells what became of the files of a form.
func (s *Site) uploaded(w http.ResponseWriter, r *request, stored []casework.File, refused []*fault.Fault) error {
	if len(stored)+len(refused) == 0 {
		return errNoFile.At("file")
	}
	if len(refused) > 0 {
		return refusals(errSomeFiles.New(len(refused)), "file", refused)
	}
	say := fmt.Sprintf("已上传%d个文件。", len(stored))
	for _, f := range stored {
		say += sameBytes(f.Name, f.Under, r.PathValue("indicator"))
	}
	return s.seeOther(w, r, r.URL.Path, say)
}

// placeEvidence puts files of other indicators under this one too, each for itself.
func (s *Site) placeEvidence(w http.ResponseWriter, r *request) error {
	var stored []casework.File
	var refused []*fault.Fault
	for _, which := range r.all("again") {
		f, err := s.desk.PlaceEvidence(r.Context(), r.Actor, id.Application(r.PathValue("id")), r.PathValue("indicator"), id.File(which))
		ft, ok := errors.AsType[*fault.Fault](err)
		switch {
		case err == nil:
			stored = append(stored, f)
		case ok && aboutFile(ft):
			refused = append(refused, ft)
		default:
			return err
		}
	}
	switch {
	case len(stored)+len(refused) == 0:
		return errNonePlaced.At("again")
	case len(refused) > 0:
		return refusals(errSomePlaced.New(len(refused)), "again", refused)
	}
	return s.seeOther(w, r, strings.TrimSuffix(r.URL.Path, "/place"), fmt.Sprintf("已把%d个文件也放在指标%s下，不另占空间。", len(stored), r.PathValue("indicator")))
}

func (s *Site) removeEvidence(w http.ResponseWriter, r *request) error {
	key, code := id.Application(r.PathValue("id")), r.PathValue("indicator")
	if err := s.desk.RemoveEvidence(r.Context(), r.Actor, key, code, id.File(r.text("file"))); err != nil {
		return err
	}
	return s.seeOther(w, r, strings.TrimSuffix(r.URL.Path, "/remove"), "文件已移除。")
}

// sendFile sends a file, or its copy to those who judge it, to be kept, never to be
// shown: whatever is in it, no browser runs it on this site.
func (s *Site) sendFile(w http.ResponseWriter, r *request) error {
	f, given, in, err := s.desk.OpenFile(r.Context(), r.Actor, id.File(r.PathValue("id")))
	if err != nil {
		return err
	}
	s.sendUploaded(w, r, f.Name, f.Kind, given.SHA256, in)
	return nil
}

// sendUploaded sends a file that somebody uploaded, and closes it. Whatever it is, a browser
// runs nothing of it.
func (s *Site) sendUploaded(w http.ResponseWriter, r *request, name, kind, sum string, in blob.File) {
	defer in.Close()
	defer r.patient(w)()
	h := w.Header()
	h.Set("Content-Type", evidence.Kind(kind).Media())
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", disposition(name, kind))
	h.Set("ETag", `"`+sum+`"`)
	http.ServeContent(w, r.Request, "", time.Time{}, in)
}

// sendPreview shows a page of a file as the picture that the program drew of it.
func (s *Site) sendPreview(w http.ResponseWriter, r *request) error {
	page, err := strconv.Atoi(r.PathValue("page"))
	if err != nil {
		return fault.Missing()
	}
	p, in, err := s.desk.OpenPreview(r.Context(), r.Actor, id.File(r.PathValue("id")), page)
	if err != nil {
		return err
	}
	defer in.Close()
	h := w.Header()
	h.Set("Content-Type", evidence.JPG.Media())
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("ETag", `"`+p.SHA256+`"`)
	http.ServeContent(w, r.Request, "", time.Time{}, in)
	return nil
}

// disposition says that a file is to be saved, and under which name: RFC 6266, in
// UTF-8, with a plain name for those who do not read that.
func disposition(name, kind string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', strings.IndexByte("!#$&+-.^_`|~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return `attachment; filename="file.` + kind + `"; filename*=UTF-8''` + b.String()
}

package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"shifan/internal/evidence"
	"shifan/internal/id"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// photographRoutes bring and show the photographs of plaques. What everybody sees of them is
// a part of /v/{code}.
func (s *Site) photographRoutes() []route {
	bring := []stage.Role{stage.Clerk, stage.Applicant}
	return []route{
		{pattern: "GET /plaques/{id}/photograph", allow: bring, serve: s.askPhotograph},
		{pattern: "POST /plaques/{id}/photograph", allow: bring, serve: s.addPhotograph, form: s.askPhotograph, streams: true},
		{pattern: "GET /plaques/{id}/photographs/{photograph}", allow: append([]stage.Role{stage.Applicant}, seesRegister...), serve: s.sendPhotograph},
		{pattern: "POST /plaques/{id}/photographs/{photograph}/show", allow: clerks, serve: s.showPhotograph, form: s.showPlaque},
		{pattern: "POST /plaques/{id}/photographs/{photograph}/decline", allow: clerks, serve: s.declinePhotograph, form: s.showPlaque},
		{pattern: "POST /plaques/{id}/photographs/{photograph}/take-back", allow: []stage.Role{stage.Applicant}, serve: s.takeBackPhotograph, form: s.showPlaque},
		{pattern: "POST /plaques/{id}/photographs/{photograph}/remove", allow: bring, serve: s.removePhotograph, form: s.showPlaque},
	}
}

func photographOf(r *request) (id.Plaque, id.Photograph) {
	return id.Plaque(r.PathValue("id")), id.Photograph(r.PathValue("photograph"))
}

func (s *Site) askPhotograph(w http.ResponseWriter, r *request) error {
	v, err := s.plaque(r)
	if err != nil {
		return err
	}
	f := s.page(r, "牌匾照片", s.plaquesLink(r), page.Link{Word: v.Plaque.Number, URL: "/plaques/" + string(v.Plaque.ID)})
	return s.render(w, r, http.StatusOK, page.PhotographForm(f, v, r.Actor, v.MayPhotograph(r.Actor), s.desk.Files.Room.Filled().File))
}

// addPhotograph takes the one file of a form as it comes, after what the picture shows.
func (s *Site) addPhotograph(w http.ResponseWriter, r *request) error {
	defer r.patient(w)()
	r.Body = http.MaxBytesReader(w, r.Body, s.desk.Files.Room.Filled().File+1<<20)
	parts, err := r.MultipartReader()
	if err != nil {
		if r.PostForm = nil; r.ParseForm() != nil { // not from our form; what it says is shown again
			return errBody.New()
		}
		return errNoFile.At("file")
	}
	r.Form = url.Values{}
	r.PostForm = r.Form
	for {
		p, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return errNoFile.At("file")
		case err != nil:
			return s.cutOff(err)
		case p.FileName() != "":
			if err := s.desk.AddPhotograph(r.Context(), r.Actor, id.Plaque(r.PathValue("id")), p.FileName(), r.text("description"), p); err != nil {
				return atField(err, "file")
			}
			say := "照片已登记，在核验页公开。"
			if r.Actor.Role == stage.Applicant {
				say = "照片已提交，办公室看过以后在核验页公开。"
			}
			return s.seeOther(w, r, "/plaques/"+r.PathValue("id"), say)
		case p.FormName() == "description":
			b, err := io.ReadAll(io.LimitReader(p, photoForm))
			if err != nil {
				return s.cutOff(err)
			}
			r.Form.Set("description", string(b))
		}
	}
}

func (s *Site) sendPhotograph(w http.ResponseWriter, r *request) error {
	of, key := photographOf(r)
	p, in, err := s.desk.OpenPhotograph(r.Context(), r.Actor, of, key)
	if err != nil {
		return err
	}
	s.sendUploaded(w, r, "photograph.jpg", string(evidence.JPG), p.SHA256, in)
	return nil
}

// sendShown sends the photograph that belongs to the page of a code.
func (s *Site) sendShown(w http.ResponseWriter, r *request, code string) error {
	p, in, err := s.desk.OpenShown(r.Context(), code)
	if err != nil {
		return err
	}
	s.sendUploaded(w, r, "photograph.jpg", string(evidence.JPG), p.SHA256, in)
	return nil
}

func (s *Site) showPhotograph(w http.ResponseWriter, r *request) error {
	of, key := photographOf(r)
	if err := s.desk.ShowPhotograph(r.Context(), r.Actor, of, key); err != nil {
		return err
	}
	return s.seeOther(w, r, "/plaques/"+string(of), "照片已在核验页公开。")
}

func (s *Site) declinePhotograph(w http.ResponseWriter, r *request) error {
	of, key := photographOf(r)
	if err := s.desk.DeclinePhotograph(r.Context(), r.Actor, of, key, r.text("decline")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/plaques/"+string(of), "照片未采用，理由已告知持有单位。")
}

func (s *Site) takeBackPhotograph(w http.ResponseWriter, r *request) error {
	of, key := photographOf(r)
	if err := s.desk.TakeBackPhotograph(r.Context(), r.Actor, of, key); err != nil {
		return err
	}
	return s.seeOther(w, r, "/plaques/"+string(of), "照片已收回。")
}

func (s *Site) removePhotograph(w http.ResponseWriter, r *request) error {
	of, key := photographOf(r)
	if err := s.desk.RemovePhotograph(r.Context(), r.Actor, of, key, r.text("remove")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/plaques/"+string(of), "照片已撤下，留在登记里备查。")
}

// shownData is what programs read of the photograph of a plaque.
type shownData struct {
	URL         string `json:"url"` // on this site
	Description string `json:"description"`
	SHA256      string `json:"sha256"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
}

func shownOf(q plaque.Plaque, p *photograph.Photograph) *shownData {
	if p == nil {
		return nil
	}
	return &shownData{URL: "/v/" + q.Code + "/" + page.PhotographPart, Description: p.Description, SHA256: p.SHA256, Width: p.Width, Height: p.Height}
}

package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) plaqueRoutes() []route {
	clerk := []stage.Role{stage.Clerk}
	holders := append([]stage.Role{stage.Applicant}, seesRegister...)
	routes := []route{
		{pattern: "GET /v", allow: everyone, serve: s.askVerify, kept: true},
		{pattern: "GET /v/{code}", allow: everyone, serve: s.verify, kept: true},
		{pattern: "GET /plaques", allow: seesRegister, serve: s.listPlaques},
		{pattern: "GET /V/{code}", allow: everyone, serve: s.verifyCapital},
		{pattern: "GET /plaques.csv", allow: seesRegister, serve: s.sendCeremonyList},
		{pattern: "GET /plaques/list", allow: seesRegister, serve: s.showCeremony},
		{pattern: "GET /plaques/list/paper", allow: seesRegister, serve: s.sendCeremonyPaper},
		{pattern: "GET /plaques/{id}", allow: holders, serve: s.showPlaque},
		{pattern: "GET /plaques/{id}/paper", allow: holders, serve: s.sendPlaquePaper},
		{pattern: "GET /plaques/{id}/{drawing}", allow: holders, serve: s.sendArtwork},
	}
	for _, a := range []struct {
		slug, act string
		allow     []stage.Role
	}{
		{"hand-over", "hand_over", clerk},
		{"lost", "report_lost", []stage.Role{stage.Clerk, stage.Applicant}},
		{"find", "find", clerk},
		{"reissue", "reissue", clerk},
		{"recall", "recall", clerk},
		{"hand-back", "hand_back", clerk},
	} {
		ask := s.askPlaque(a.act)
		routes = append(routes,
			route{pattern: "GET /plaques/{id}/" + a.slug, allow: a.allow, serve: ask},
			route{pattern: "POST /plaques/{id}/" + a.slug, allow: a.allow, serve: s.plaqueAct(a.act), form: ask})
	}
	return routes
}

// askVerify asks for a verification code, and leads to what it tells.
func (s *Site) askVerify(w http.ResponseWriter, r *request) error {
	typed := r.text("code")
	if typed == "" {
		return s.render(w, r, http.StatusOK, page.VerifyForm(s.page(r, "牌匾核验"), ""))
	}
	code, err := plaque.ParseCode(typed)
	if err != nil {
		return s.wrongCode(w, r, typed, err)
	}
	http.Redirect(w, r.Request, "/v/"+code, http.StatusSeeOther)
	return nil
}

// wrongCode shows the form again with what seems to be wrong with a code.
func (s *Site) wrongCode(w http.ResponseWriter, r *request, typed string, err error) error {
	f, ok := err.(*fault.Fault) //nolint:errorlint // ParseCode returns it bare
	if !ok {
		return err
	}
	r.form, r.status = page.Form{Fault: f}, door.Status(fault.Invalid)
	return s.render(w, r, http.StatusOK, page.VerifyForm(s.page(r, "牌匾核验"), shorten(typed)))
}

// verify tells what a code tells. A code written otherwise leads to its own
// address, so that a plaque has one.
func (s *Site) verify(w http.ResponseWriter, r *request) error {
	typed, data := strings.CutSuffix(r.PathValue("code"), ".json")
	code, err := plaque.ParseCode(typed)
	if data {
		return s.credentialOrState(w, r, code, err)
	}
	if err != nil {
		return s.wrongCode(w, r, typed, err)
	}
	if code != typed {
		http.Redirect(w, r.Request, "/v/"+code, http.StatusSeeOther)
		return nil
	}
	v, err := s.desk.Verify(r.Context(), code)
	if fault.KindOf(err) == fault.NotFound {
		return s.render(w, r, http.StatusNotFound, page.UnknownCode(s.page(r, "没有这个核验码", page.Link{Word: "牌匾核验", URL: "/v"}), code))
	}
	if err != nil {
		return err
	}
	f := s.page(r, "牌匾核验结果")
	f.Crumbs, f.Nav = nil, nil // a scan shows the answer on one screen
	var b bytes.Buffer
	if err := page.Verify(f, v).Render(r.Context(), &b); err != nil {
		return err
	}
	return s.send(w, r, "text/html; charset=utf-8", b.Bytes())
}

// verifyJSON tells programs what the page tells people.
func (s *Site) verifyJSON(w http.ResponseWriter, r *request, code string, err error) error {
	type answer struct {
		Code    string     `json:"code"`
		Known   bool       `json:"known"`
		Stands  bool       `json:"stands"` // the title is held and this plaque may be shown
		Plaque  string     `json:"plaque_state,omitempty"`
		Number  string     `json:"plaque_number,omitempty"`
		Text    []string   `json:"plaque_text,omitempty"`
		Picture *shownData `json:"plaque_photograph,omitempty"`
		Title   *titleData `json:"designation,omitempty"`
		History []struct {
			On   string `json:"on"`
			What string `json:"what"`
		} `json:"history,omitempty"`
		Say string `json:"say,omitempty"`
	}
	a := answer{Code: code}
	if err == nil {
		var v casework.Verification
		if v, err = s.desk.Verify(r.Context(), code); err == nil {
			d := dataOf(v.Title)
			a.Known, a.Stands, a.Plaque, a.Number, a.Text, a.Title = true, v.Stands, string(v.Plaque.State), v.Plaque.Number, strings.Split(v.Plaque.Text, "\n"), &d
			a.Picture = shownOf(v.Plaque, v.Photograph)
			for _, e := range v.Title.Timeline {
				a.History = append(a.History, struct {
					On   string `json:"on"`
					What string `json:"what"`
				}{e.On.String(), e.Word})
			}
			a.Say = designation.Kind.Word(d.State)
			return s.sendJSON(w, r, a)
		}
	}
	switch fault.KindOf(err) {
	case fault.NotFound:
		a.Say = "没有这个核验码"
	case fault.Invalid:
		a.Say = "核验码的写法不对"
	default:
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(door.Status(fault.KindOf(err)))
	return s.sendJSON(statusSent{w}, r, a)
}

// statusSent is a response whose status is written already.
type statusSent struct{ http.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (statusSent) WriteHeader(int) {}

// sendCeremonyList sends who fetches which plaque, for spreadsheets.
func (s *Site) sendCeremonyList(w http.ResponseWriter, r *request) error {
	b, err := s.desk.CeremonyList(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="plaques.csv"; filename*=UTF-8''`+url.PathEscape("领牌名单.csv"))
	return s.send(w, r, "text/csv; charset=utf-8", b)
}

// showCeremony shows who fetches which plaque, to look at and to print.
func (s *Site) showCeremony(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Ceremony(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Ceremony(s.page(r, "领牌名单", designationsLink, s.plaquesLink(r)), v))
}

func (s *Site) sendCeremonyPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.CeremonyPaper(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}

// verifyCapital leads on from the address that a code in capital letters says.
func (s *Site) verifyCapital(w http.ResponseWriter, r *request) error {
	http.Redirect(w, r.Request, "/v/"+url.PathEscape(r.PathValue("code")), http.StatusMovedPermanently)
	return nil
}

// plaqueBase is the address that the code on plaques leads to.
func (s *Site) plaqueBase(r *request) string {
	if base := strings.TrimSuffix(s.options.PlaqueURL, "/"); base != "" {
		return base
	}
	return s.base(r)
}

// sendArtwork sends the drawing of a plaque: for a workshop, or to look at.
func (s *Site) sendArtwork(w http.ResponseWriter, r *request) error {
	name := r.PathValue("drawing")
	if name != "artwork.pdf" && name != "artwork.png" {
		return fault.Missing()
	}
	a, err := s.desk.PlaqueArtwork(r.Context(), r.Actor, id.Plaque(r.PathValue("id")), s.plaqueBase(r))
	if err != nil {
		return err
	}
	if name == "artwork.png" {
		b, err := a.PNG()
		if err != nil {
			return err
		}
		return s.send(w, r, "image/png", b)
	}
	b, err := a.PDF()
	if err != nil {
		return err
	}
	return sendPaper(w, r, casework.Paper{Name: a.Name, PDF: b})
}

// sendCertificate sends the certificate of a title.
func (s *Site) sendCertificate(w http.ResponseWriter, r *request) error {
	p, err := s.desk.Certificate(r.Context(), r.Actor, id.Designation(r.PathValue("id")), s.plaqueBase(r))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}

func (s *Site) listPlaques(w http.ResponseWriter, r *request) error {
	f := casework.PlaqueFilter{Query: r.text("q"), After: id.Plaque(r.FormValue("after")), Limit: designationsMost}
	if state := r.text("state"); state != "" {
		f.States = []stage.State{stage.State(state)}
	}
	all, err := s.desk.Plaques(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	next := ""
	if len(all) == f.Limit {
		q := r.URL.Query()
		q.Set("after", string(all[len(all)-1].Plaque.ID))
		next = "/plaques?" + q.Encode()
	}
	return s.render(w, r, http.StatusOK, page.Plaques(s.page(r, "牌匾登记", designationsLink), all, r.text("state"), r.text("q"), next))
}

func (s *Site) plaque(r *request) (casework.PlaqueView, error) {
	return s.desk.Plaque(r.Context(), r.Actor, id.Plaque(r.PathValue("id")))
}

func (s *Site) showPlaque(w http.ResponseWriter, r *request) error {
	v, err := s.plaque(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Plaque(s.page(r, "牌匾 "+v.Plaque.Number, s.plaquesLink(r)), v, r.Actor))
}

// plaquesLink leads to where a reader sees plaques.
func (s *Site) plaquesLink(r *request) page.Link {
	if r.Actor.Role == stage.Applicant {
		return page.Link{Word: "证书与牌匾", URL: "/certificates"}
	}
	return page.Link{Word: "牌匾登记", URL: "/plaques"}
}

// askPlaque draws the page that an act on a plaque is taken from.
func (s *Site) askPlaque(act string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		v, err := s.plaque(r)
		if err != nil {
			return err
		}
		f := s.page(r, plaque.Kind.Word(act), s.plaquesLink(r), page.Link{Word: v.Plaque.Number, URL: "/plaques/" + string(v.Plaque.ID)})
		return s.render(w, r, http.StatusOK, page.PlaqueAct(f, v, act, calendar.DateOf(s.desk.Now()).String()))
	}
}

// plaqueAct takes an act on a plaque.
func (s *Site) plaqueAct(act string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		key, version, ctx := id.Plaque(r.PathValue("id")), r.version(), r.Context()
		on := map[string]string{"hand_over": "handed_on", "report_lost": "lost_on", "hand_back": "returned_on"}[act]
		var day calendar.Date
		var err error
		if on != "" {
			if day, err = r.date(on); err != nil {
				return err
			}
		}
		say, to := "已登记。", "/plaques/"+string(key)
		switch act {
		case "hand_over":
			err = s.desk.HandOverPlaque(ctx, r.Actor, key, version, r.text("receiver"), day)
			say = "已登记授牌。"
		case "report_lost":
			err = s.desk.ReportPlaqueLost(ctx, r.Actor, key, version, r.text("reason"), day)
			say = "已挂失。扫这块牌匾的人会看到“牌匾已挂失”。需要补发的，由办公室办理。"
		case "find":
			err = s.desk.FindPlaque(ctx, r.Actor, key, version)
		case "reissue":
			var next id.Plaque
			next, err = s.desk.ReissuePlaque(ctx, r.Actor, key, version, r.text("reason"))
			say, to = "已列入制作，用新的核验码。旧核验码显示“牌匾已更换”。", "/plaques/"+string(next)
		case "recall":
			err = s.desk.RecallPlaque(ctx, r.Actor, key, version)
			say = "已通知持有单位交回。"
		case "hand_back":
			err = s.desk.ReturnPlaque(ctx, r.Actor, key, version, day)
			say = "已登记交回。"
		}
		if err != nil {
			return err
		}
		return s.seeOther(w, r, to, say)
	}
}

package web

import (
	"net/http"
	"net/url"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) roundRoutes() []route {
	office := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	clerk := []stage.Role{stage.Clerk}
	head := []stage.Role{stage.Director, stage.Chair}
	return []route{
		{pattern: "GET /rounds", allow: office, serve: s.listRounds},
		{pattern: "GET /rounds/new", allow: clerk, serve: s.newRound},
		{pattern: "POST /rounds/new", allow: clerk, serve: s.draftRound, form: s.newRound},
		{pattern: "GET /rounds/{id}", allow: office, serve: s.showRound},
		{pattern: "GET /rounds/{id}/edit", allow: clerk, serve: s.askRound},
		{pattern: "POST /rounds/{id}/edit", allow: clerk, serve: s.editRound, form: s.askRound},
		{pattern: "GET /rounds/{id}/publish", allow: head, serve: s.askPublish},
		{pattern: "POST /rounds/{id}/publish", allow: head, serve: s.publishRound, form: s.askPublish},
		{pattern: "GET /rounds/{id}/published", allow: head, serve: s.showPublished},
		{pattern: "GET /rounds/{id}/receipts", allow: office, serve: s.showCallReceipts},
		{pattern: "GET /rounds/{id}/extend", allow: head, serve: s.askExtend},
		{pattern: "POST /rounds/{id}/extend", allow: head, serve: s.extendRound, form: s.askExtend},
		{pattern: "GET /rounds/{id}/cancel", allow: []stage.Role{stage.Clerk, stage.Director}, serve: s.askCancel},
		{pattern: "POST /rounds/{id}/cancel", allow: []stage.Role{stage.Clerk, stage.Director}, serve: s.cancelRound, form: s.askCancel},
		{pattern: "GET /rounds/{id}/conclude", allow: []stage.Role{stage.Director}, serve: s.askConclude},
		{pattern: "POST /rounds/{id}/conclude", allow: []stage.Role{stage.Director}, serve: s.concludeRound, form: s.askConclude},
		{pattern: "POST /rounds/{id}/archive", allow: []stage.Role{stage.Director}, serve: s.sendArchive, form: s.showRound},
		{pattern: "GET /calls", allow: everyone, serve: s.listCalls, kept: true},
		{pattern: "GET /calls/{id}", allow: everyone, serve: s.showCall, kept: true},
		{pattern: "GET /calls/{id}/paper", allow: everyone, serve: s.sendCall},
	}
}

var roundsLink = page.Link{Word: "年度批次", URL: "/rounds"}

// roundsMost is how many rounds a page lists.
const roundsMost = 30

func (s *Site) listRounds(w http.ResponseWriter, r *request) error {
	f := casework.RoundFilter{Programme: r.Actor.Programme, After: id.Round(r.FormValue("after")), Limit: roundsMost}
	if y, err := r.number("year"); err == nil {
		f.Year = y
	}
	all, err := s.desk.Rounds(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	next := ""
	if len(all) == roundsMost {
		q := r.URL.Query()
		q.Set("after", string(all[len(all)-1].Round.ID))
		next = "/rounds?" + q.Encode()
	}
	return s.render(w, r, http.StatusOK, page.Rounds(s.page(r, "年度批次"), all, r.text("year"), r.Actor.Role == stage.Clerk, next))
}

// round loads the round of the address.
func (s *Site) round(r *request) (casework.RoundView, error) {
	return s.desk.Round(r.Context(), r.Actor, id.Round(r.PathValue("id")))
}

// aRound draws a page of the round of the address.
func (s *Site) aRound(r *request, title string, draw func(page.Frame, casework.RoundView) error) error {
	v, err := s.round(r)
	if err != nil {
		return err
	}
	above := []page.Link{roundsLink}
	if title == "" {
		title = v.Round.Title
	} else {
		above = append(above, page.Link{Word: strconv.Itoa(v.Round.Year) + "年度", URL: "/rounds/" + string(v.Round.ID)})
	}
	return draw(s.page(r, title, above...), v)
}

// anAct draws the page of an act on the round of the address. A round of another
// programme is as if it were not there, as it is for the act itself.
func (s *Site) anAct(r *request, title string, draw func(page.Frame, casework.RoundView) error) error {
	return s.aRound(r, title, func(f page.Frame, v casework.RoundView) error {
		if r.Actor.Programme != "" && r.Actor.Programme != v.Round.Programme {
			return fault.Missing()
		}
		return draw(f, v)
	})
}

func (s *Site) showRound(w http.ResponseWriter, r *request) error {
	return s.aRound(r, "", func(f page.Frame, v casework.RoundView) error {
		return s.render(w, r, http.StatusOK, page.Round(f, v))
	})
}

func (s *Site) newRound(w http.ResponseWriter, r *request) error {
	all, err := s.desk.DraftableProgrammes(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errNoProgramme.New()
	}
	p := all[0]
	for _, one := range all {
		if string(one.Name) == r.FormValue("programme") {
			p = one
		}
	}
	year := calendar.DateOf(s.desk.Now()).Year
	plan := round.Plan{
		Year: year, Title: "关于开展" + strconv.Itoa(year) + "年度" + p.Title + "的通知", DeadlineTime: p.Filing.Time, Contact: p.Office.Contact,
	}
	if d, err := calendar.ParseDate(strconv.Itoa(year) + "-" + p.Filing.Deadline); err == nil {
		plan.DeadlineDate = d
	}
	return s.render(w, r, http.StatusOK, page.RoundForm(s.page(r, "起草新的一届", roundsLink), plan, p, all, 0, "/rounds"))
}

var errNoProgramme = fault.Define(fault.Refused, "round.draft.no_programme",
	"还没有启用的方案，不能起草新的一届。请先导入并启用方案。", "制度:先载入方案，再起草一届")

func (s *Site) draftRound(w http.ResponseWriter, r *request) error {
	plan, err := s.readPlan(r)
	if err != nil {
		return err
	}
	key, err := s.desk.DraftRound(r.Context(), r.Actor, id.Programme(r.text("programme")), plan)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/rounds/"+string(key), "已保存。核对截止时间和设定后，请负责人发布。")
}

func (s *Site) askRound(w http.ResponseWriter, r *request) error {
	return s.anAct(r, "修改通知", func(f page.Frame, v casework.RoundView) error {
		return s.render(w, r, http.StatusOK, page.RoundForm(f, v.Round.Plan(), v.Programme, []*programme.Programme{v.Programme}, v.Round.Version, "/rounds/"+string(v.Round.ID)))
	})
}

func (s *Site) editRound(w http.ResponseWriter, r *request) error {
	plan, err := s.readPlan(r)
	if err != nil {
		return err
	}
	if err := s.desk.EditRound(r.Context(), r.Actor, id.Round(r.PathValue("id")), r.version(), plan); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rounds/"+r.PathValue("id"), "已保存。")
}

// readPlan reads the form of a round, and reports every field that is malformed
// at once.
func (s *Site) readPlan(r *request) (p round.Plan, err error) {
	var wrong []*fault.Fault
	note := func(err error) {
		if f, ok := err.(*fault.Fault); ok { //nolint:errorlint // the readers return it bare
			wrong = append(wrong, f)
		}
	}
	p = round.Plan{
		Special: r.yes("special"), Reason: r.text("reason"), Title: r.text("title"), DocNumber: r.text("doc_number"),
		Addressees: r.text("addressees"), DeadlineTime: r.code("deadline_time"), RestDay: r.text("rest_day"), Contact: r.text("contact"),
		Quota: map[string]int{},
	}
	p.Year, err = r.number("year")
	note(err)
	for _, d := range []struct {
		name string
		into *calendar.Date
	}{{"dated_on", &p.DatedOn}, {"issued_on", &p.IssuedOn}, {"deadline_date", &p.DeadlineDate}} {
		*d.into, err = r.date(d.name)
		note(err)
	}
	for name := range r.PostForm {
		if code, ok := cutQuota(name); ok {
			n, err := r.number(name)
			note(err)
			if n != 0 {
				p.Quota[code] = n
			}
		}
	}
	return p, fault.All(wrong...)
}

// cutQuota returns the category of a field "quota.service".
func cutQuota(name string) (code string, ok bool) {
	const prefix = "quota."
	if len(name) < len(prefix) || name[:len(prefix)] != prefix {
		return "", false
	}
	return name[len(prefix):], true
}

func (s *Site) askPublish(w http.ResponseWriter, r *request) error {
	return s.anAct(r, "核对并发布", func(f page.Frame, v casework.RoundView) error {
		to, err := s.desk.CallAudience(r.Context(), r.Actor, v.Round.ID)
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.PublishRound(f, v, to))
	})
}

func (s *Site) publishRound(w http.ResponseWriter, r *request) error {
	if err := s.desk.PublishRound(r.Context(), r.Actor, id.Round(r.PathValue("id")), r.all("acknowledged")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rounds/"+r.PathValue("id")+"/published", "")
}

func (s *Site) showPublished(w http.ResponseWriter, r *request) error {
	return s.anAct(r, "通知已发布", func(f page.Frame, v casework.RoundView) error {
		if !v.Round.Published() {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.PublishedRound(f, v))
	})
}

// showCallReceipts shows whom a call is for, who was told and who read it.
func (s *Site) showCallReceipts(w http.ResponseWriter, r *request) error {
	key := id.Round(r.PathValue("id"))
	f := casework.CallReceiptFilter{Query: r.text("q"), Only: r.code("only"), After: id.Organisation(r.FormValue("after")), Limit: pageSize}
	round, err := s.desk.Round(r.Context(), r.Actor, key)
	if err != nil {
		return err
	}
	v, err := s.desk.CallReceipts(r.Context(), r.Actor, key, f)
	if err != nil {
		return err
	}
	next := ""
	if v.Next != "" {
		next = r.URL.Path + "?" + url.Values{"q": {f.Query}, "only": {f.Only}, "after": {string(v.Next)}}.Encode()
	}
	return s.render(w, r, http.StatusOK, page.CallReceipts(s.page(r, "通知送达情况", roundsLink, page.Link{Word: round.Round.Title, URL: "/rounds/" + string(key)}), round.Round, v, f, next))
}

func (s *Site) askExtend(w http.ResponseWriter, r *request) error {
	return s.anAct(r, "顺延截止时间", func(f page.Frame, v casework.RoundView) error {
		to, err := s.desk.CallAudience(r.Context(), r.Actor, v.Round.ID)
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.ExtendRound(f, v, to))
	})
}

func (s *Site) extendRound(w http.ResponseWriter, r *request) error {
	to, err := r.date("date")
	if err != nil {
		return err
	}
	if to.IsZero() {
		return errNoDate.At("date")
	}
	if err := s.desk.ExtendRound(r.Context(), r.Actor, id.Round(r.PathValue("id")), to, r.code("deadline_time"), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rounds/"+r.PathValue("id"), "顺延已公布，对全体申报单位有效。")
}

var errNoDate = fault.Define(fault.Invalid, "round.extend.no_date", "写上新的截止日期，例如 2021-07-12。", "")

func (s *Site) askCancel(w http.ResponseWriter, r *request) error {
	return s.anAct(r, "取消这一届", func(f page.Frame, v casework.RoundView) error {
		return s.render(w, r, http.StatusOK, page.CancelRound(f, v))
	})
}

func (s *Site) cancelRound(w http.ResponseWriter, r *request) error {
	if err := s.desk.CancelRound(r.Context(), r.Actor, id.Round(r.PathValue("id")), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rounds/"+r.PathValue("id"), "已取消。")
}

func (s *Site) askConclude(w http.ResponseWriter, r *request) error {
	return s.anAct(r, "办结本届", func(f page.Frame, v casework.RoundView) error {
		return s.render(w, r, http.StatusOK, page.ConcludeRound(f, v))
	})
}

func (s *Site) concludeRound(w http.ResponseWriter, r *request) error {
	if err := s.desk.ConcludeRound(r.Context(), r.Actor, id.Round(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rounds/"+r.PathValue("id"), "本届已办结。")
}

func (s *Site) listCalls(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Rounds(r.Context(), stage.Anyone, casework.RoundFilter{})
	if err != nil {
		return err
	}
	var open, past []casework.RoundView
	for _, v := range all {
		if v.FilingOpen() {
			open = append(open, v)
		} else {
			past = append(past, v)
		}
	}
	return s.render(w, r, http.StatusOK, page.Calls(s.page(r, "正在申报"), open, past))
}

func (s *Site) showCall(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Round(r.Context(), stage.Anyone, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := s.page(r, strconv.Itoa(v.Round.Year)+"年度通知", page.Link{Word: "正在申报", URL: "/calls"})
	return s.render(w, r, http.StatusOK, page.Call(f, v))
}

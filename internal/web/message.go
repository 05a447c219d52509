package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/ics"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// messageRoutes are what a person was told, how they are told, and the log of it.
func (s *Site) messageRoutes() []route {
	log := []stage.Role{stage.Clerk, stage.Director, stage.Auditor, stage.Operator}
	again := []stage.Role{stage.Clerk, stage.Director, stage.Operator}
	return []route{
		{pattern: "GET /messages", allow: signedIn, serve: s.listMessages},
		{pattern: "POST /messages/read", allow: signedIn, serve: s.markMessages},
		{pattern: "POST /messages/{id}/read", allow: signedIn, serve: s.markMessage},
		{pattern: "GET /account/mail", allow: signedIn, serve: s.askMail},
		{pattern: "POST /account/mail", allow: signedIn, serve: s.setMail, form: s.askMail},
		{pattern: "GET /account/mail/{code}", allow: signedIn, serve: s.askVerifyMail},
		{pattern: "POST /account/mail/{code}", allow: signedIn, serve: s.verifyMail, form: s.askVerifyMail},
		{pattern: "POST /account/calendars", allow: signedIn, serve: s.subscribe, form: s.askMail},
		{pattern: "GET /account/calendars/{id}/end", allow: signedIn, serve: s.askUnsubscribe},
		{pattern: "POST /account/calendars/{id}/end", allow: signedIn, serve: s.unsubscribe, form: s.askUnsubscribe},
		{pattern: "GET /calendar/{file}", allow: everyone, serve: s.sendFeed},
		{pattern: "GET /deliveries", allow: log, serve: s.listDeliveries},
		{pattern: "POST /deliveries/{id}/retry", allow: again, serve: s.retryDelivery},
	}
}

const messagesMost = 50

var mailLink = page.Link{Word: "消息设置", URL: "/account/mail"}

// unread adds to the top bar where messages are, with how many wait to be read.
func (s *Site) unread(r *request) page.Link {
	l := page.Link{Word: "消息", URL: "/messages"}
	if n, err := s.desk.CountUnread(r.Context(), r.Actor); err == nil && n > 0 {
		l.Word += " " + strconv.Itoa(n)
	}
	return l
}

func (s *Site) listMessages(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Messages(r.Context(), r.Actor, casework.MessageFilter{After: id.Message(r.FormValue("after")), Limit: messagesMost + 1})
	if err != nil {
		return err
	}
	next := ""
	if len(all) > messagesMost {
		all = all[:messagesMost]
		next = "/messages?after=" + string(all[messagesMost-1].ID)
	}
	return s.render(w, r, http.StatusOK, page.Messages(s.page(r, "消息"), all, next))
}

func (s *Site) markMessages(w http.ResponseWriter, r *request) error {
	n, err := s.desk.MarkMessages(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/messages", strconv.Itoa(n)+"条消息已标为已读。")
}

func (s *Site) markMessage(w http.ResponseWriter, r *request) error {
	if err := s.desk.MarkMessage(r.Context(), r.Actor, id.Message(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/messages", "")
}

func (s *Site) askMail(w http.ResponseWriter, r *request) error {
	b, err := s.desk.OwnMailbox(r.Context(), *r.Signed)
	if err != nil {
		return err
	}
	feeds, err := s.desk.Feeds(r.Context(), *r.Signed)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.MailForm(s.page(r, "消息设置", accountLink), b, feeds))
}

func (s *Site) setMail(w http.ResponseWriter, r *request) error {
	from, err := r.number("from")
	if err != nil {
		return err
	}
	to, err := r.number("to")
	if err != nil {
		return err
	}
	asked, err := s.desk.SetMailbox(r.Context(), *r.Signed, casework.SetMailbox{Address: r.text("address"), Mode: r.text("mode"), Quiet: message.Quiet{From: from, To: to}})
	if err != nil {
		return err
	}
	say := "消息设置已保存。"
	if asked {
		say = "设置已保存。验证邮件即将发出，打开其中的链接以后才会用这个邮箱。"
	}
	return s.seeOther(w, r, "/account/mail", say)
}

func (s *Site) subscribe(w http.ResponseWriter, r *request) error {
	token, err := s.desk.Subscribe(r.Context(), *r.Signed)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.FeedMade(s.page(r, "日历订阅已建", accountLink, mailLink), s.options.BaseURL+"/calendar/"+token+".ics", r.Signed.Session.Grant))
}

// ownFeed returns an own calendar; another's is missing.
func (s *Site) ownFeed(r *request) (casework.Feed, error) {
	all, err := s.desk.Feeds(r.Context(), *r.Signed)
	i := slices.IndexFunc(all, func(f casework.Feed) bool { return string(f.ID) == r.PathValue("id") })
	if err == nil && i < 0 {
		err = fault.Missing()
	}
	if err != nil {
		return casework.Feed{}, err
	}
	return all[i], nil
}

func (s *Site) askUnsubscribe(w http.ResponseWriter, r *request) error {
	f, err := s.ownFeed(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.FeedEnd(s.page(r, "停止日历订阅", accountLink, mailLink), f))
}

func (s *Site) unsubscribe(w http.ResponseWriter, r *request) error {
	if err := s.desk.Unsubscribe(r.Context(), *r.Signed, id.Feed(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/account/mail", "日历订阅已停止。")
}

// sendFeed sends the calendar to the program of whoever knows its address. Any other
// address under it is missing in the same words.
func (s *Site) sendFeed(w http.ResponseWriter, r *request) error {
	token, calendar := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !calendar {
		return fault.Missing()
	}
	all, now, err := s.desk.Calendared(r.Context(), token)
	if err != nil {
		return err
	}
	events := make([]ics.Event, len(all))
	for i, d := range all {
		events[i] = ics.Event{UID: d.ID + "@shifan", On: d.On, Summary: d.Stage + "截止", Text: d.Thing, URL: s.options.BaseURL + d.URL}
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	_, err = w.Write(ics.Write(s.options.Name+"：到期的事", events, now))
	return err
}

func (s *Site) askVerifyMail(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.MailVerify(s.page(r, "验证邮箱", accountLink), r.PathValue("code")))
}

func (s *Site) verifyMail(w http.ResponseWriter, r *request) error {
	if err := s.desk.VerifyMailbox(r.Context(), *r.Signed, r.PathValue("code")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/account/mail", "邮箱已验证。")
}

func (s *Site) listDeliveries(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Deliveries(r.Context(), r.Actor, casework.DeliveryFilter{After: id.Delivery(r.FormValue("after")), Limit: messagesMost + 1})
	if err != nil {
		return err
	}
	next := ""
	if len(all) > messagesMost {
		all = all[:messagesMost]
		next = "/deliveries?after=" + string(all[messagesMost-1].Delivery.ID)
	}
	return s.render(w, r, http.StatusOK, page.Deliveries(s.page(r, "发送记录"), all, r.Actor.Role, next))
}

func (s *Site) retryDelivery(w http.ResponseWriter, r *request) error {
	if err := s.desk.RetryDelivery(r.Context(), r.Actor, id.Delivery(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/deliveries", "已重新列入发送。")
}

package web

import (
	"net/http"
	"strconv"

	"shifan/internal/casework"
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
		{pattern: "GET /deliveries", allow: log, serve: s.listDeliveries},
		{pattern: "POST /deliveries/{id}/retry", allow: again, serve: s.retryDelivery},
	}
}

const messagesMost = 50

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
	return s.render(w, r, http.StatusOK, page.MailForm(s.page(r, "消息设置", accountLink), b))
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

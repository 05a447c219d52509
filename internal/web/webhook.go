package web

import (
	"net/http"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// webhookRoutes are the pages of the programs and robots that a programme tells of what
// happens.
func (s *Site) webhookRoutes() []route {
	sets := []stage.Role{stage.Director, stage.Operator}
	return []route{
		{pattern: "GET /webhooks", allow: sets, serve: s.listHooks},
		{pattern: "GET /webhooks/new", allow: sets, serve: s.askHook},
		{pattern: "POST /webhooks/new", allow: sets, serve: s.addHook, form: s.askHook},
		{pattern: "GET /webhooks/{id}", allow: sets, serve: s.showHook},
		{pattern: "POST /webhooks/{id}/test", allow: sets, serve: s.actOnHook("test", "已列入发送，几秒后刷新本页看结果。"), form: s.showHook},
		{pattern: "POST /webhooks/{id}/start", allow: sets, serve: s.actOnHook("start", "已恢复使用。"), form: s.showHook},
		{pattern: "GET /webhooks/{id}/rotate", allow: sets, serve: s.askRotateHook},
		{pattern: "POST /webhooks/{id}/rotate", allow: sets, serve: s.rotateHook, form: s.askRotateHook},
		{pattern: "GET /webhooks/{id}/stop", allow: sets, serve: s.askOffHook("stop")},
		{pattern: "POST /webhooks/{id}/stop", allow: sets, serve: s.actOnHook("stop", "已停用。"), form: s.askOffHook("stop")},
		{pattern: "GET /webhooks/{id}/remove", allow: sets, serve: s.askOffHook("remove")},
		{pattern: "POST /webhooks/{id}/remove", allow: sets, serve: s.actOnHook("remove", "已移除。"), form: s.askOffHook("remove")},
	}
}

var hooksLink = page.Link{Word: "消息推送", URL: "/webhooks"}

func (s *Site) listHooks(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Hooks(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Hooks(s.page(r, "消息推送"), all))
}

func (s *Site) askHook(w http.ResponseWriter, r *request) error {
	all, err := s.desk.HookProgrammes(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.HookForm(s.page(r, "添加推送", hooksLink), all))
}

func (s *Site) addHook(w http.ResponseWriter, r *request) error {
	h := casework.Hook{
		Programme: id.Programme(r.text("programme")), Name: r.text("name"), Channel: r.text("channel"), Address: r.text("url"), Secret: r.text("secret"), Kinds: r.all("kinds"),
	}
	key, secret, err := s.desk.AddHook(r.Context(), r.Actor, h)
	if err != nil {
		return err
	}
	if secret == "" { // the secret of a robot comes from its group
		return s.seeOther(w, r, "/webhooks/"+string(key), "推送已添加。请试发一条。")
	}
	h.ID = key
	return s.render(w, r, http.StatusOK, page.HookMade(s.page(r, "推送已添加", hooksLink), h, secret))
}

func (s *Site) showHook(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Hook(r.Context(), r.Actor, id.Hook(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Hook(s.page(r, v.Hook.Name, hooksLink), v))
}

// askRotateHook asks before the secret of a hook is replaced.
func (s *Site) askRotateHook(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Hook(r.Context(), r.Actor, id.Hook(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.HookRotate(s.page(r, "更换密钥", hooksLink, page.Link{Word: v.Hook.Name, URL: "/webhooks/" + string(v.Hook.ID)}), v.Hook))
}

func (s *Site) rotateHook(w http.ResponseWriter, r *request) error {
	h, secret, err := s.desk.RotateHook(r.Context(), r.Actor, id.Hook(r.PathValue("id")), r.text("secret"))
	if err != nil {
		return err
	}
	if secret == "" {
		return s.seeOther(w, r, "/webhooks/"+string(h.ID), "密钥已更换。请试发一条。")
	}
	return s.render(w, r, http.StatusOK, page.HookMade(s.page(r, "密钥已更换", hooksLink), h, secret))
}

// askOffHook asks before a hook is stopped or removed.
func (s *Site) askOffHook(act string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		v, err := s.desk.Hook(r.Context(), r.Actor, id.Hook(r.PathValue("id")))
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.HookOff(s.page(r, page.HookActs[act], hooksLink, page.Link{Word: v.Hook.Name, URL: "/webhooks/" + string(v.Hook.ID)}), v.Hook, act))
	}
}

func (s *Site) actOnHook(act, say string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := s.desk.ActOnHook(r.Context(), r.Actor, id.Hook(r.PathValue("id")), act); err != nil {
			return err
		}
		to := "/webhooks/" + r.PathValue("id")
		if act == "remove" {
			to = "/webhooks"
		}
		return s.seeOther(w, r, to, say)
	}
}

// circularRoutes are the pages on which the office writes to the applicants of a round.
func (s *Site) circularRoutes() []route {
	office := []stage.Role{stage.Clerk, stage.Director}
	return []route{
		{pattern: "GET /rounds/{id}/circular", allow: office, serve: s.askCircular},
		{pattern: "POST /rounds/{id}/circular/preview", allow: office, serve: s.previewCircular, form: s.askCircular},
		{pattern: "POST /rounds/{id}/circular", allow: office, serve: s.writeCircular, form: s.againCircular},
	}
}

func (s *Site) circularFrame(r *request, c casework.Circular, title string) page.Frame {
	return s.page(r, title, page.Link{Word: "年度批次", URL: "/rounds"}, page.Link{Word: c.Round, URL: "/rounds/" + r.PathValue("id")})
}

func (s *Site) askCircular(w http.ResponseWriter, r *request) error {
	c, err := s.desk.Circular(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.CircularForm(s.circularFrame(r, c, "给申报单位发通知"), r.PathValue("id"), c, r.text("subject"), r.text("text")))
}

func (s *Site) previewCircular(w http.ResponseWriter, r *request) error {
	if r.yes("again") {
		return s.askCircular(w, r)
	}
	c, err := s.desk.PreviewCircular(r.Context(), r.Actor, id.Round(r.PathValue("id")), r.text("subject"), r.text("text"))
	if err != nil {
		return err
	}
	return s.showCircular(w, r, c)
}

// againCircular shows the recipients anew when they changed; what was typed stays.
func (s *Site) againCircular(w http.ResponseWriter, r *request) error {
	c, err := s.desk.PreviewCircular(r.Context(), r.Actor, id.Round(r.PathValue("id")), r.text("subject"), r.text("text"))
	if fault.KindOf(err) == fault.Invalid {
		return s.askCircular(w, r)
	}
	if err != nil {
		return err
	}
	return s.showCircular(w, r, c)
}

func (s *Site) showCircular(w http.ResponseWriter, r *request, c casework.Circular) error {
	return s.render(w, r, http.StatusOK, page.CircularPreview(s.circularFrame(r, c, "核对后发出"), r.PathValue("id"), c, r.text("subject"), r.text("text")))
}

func (s *Site) writeCircular(w http.ResponseWriter, r *request) error {
	n, err := s.desk.WriteCircular(r.Context(), r.Actor, id.Round(r.PathValue("id")), r.text("subject"), r.text("text"), r.text("seen"))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/rounds/"+r.PathValue("id"), "通知已发给"+strconv.Itoa(n)+"人。")
}

package web

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/web/page"
)

func (s *Site) drawRoutes() []route {
	all := []stage.Role{stage.Public, stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Scrutineer, stage.Auditor}
	parties := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Scrutineer}
	director, typists := []stage.Role{stage.Director}, []stage.Role{stage.Clerk, stage.Director, stage.Scrutineer}
	office := []stage.Role{stage.Clerk, stage.Director}
	reason := func(title, label, warn string) func(http.ResponseWriter, *request) error {
		return s.askDrawReason(page.Reason{Title: title, Label: label, Button: title, Audience: "任何人。原因随抽取公开。", Warn: warn})
	}
	fail := reason("登记没有完成", "没有完成的原因", "没有揭示的参与方会记录在案。第一次可以重新抽取一次。")
	manual := reason("登记人工抽取", "人工抽取的经过和在场监督的人", "登记后由办公室按抽到的人组织考核组，公开页注明人工抽取。")
	cancel := reason("取消抽取", "取消的原因", "")
	return []route{
		{pattern: "GET /draws", allow: all, serve: s.listDraws, kept: true},
		{pattern: "GET /draws/new", allow: clerks, serve: s.newDraw},
		{pattern: "POST /draws/new", allow: clerks, serve: s.openDraw, form: s.newDraw},
		{pattern: "GET /draws/verify", allow: everyone, serve: s.askVerifyDraw},
		{pattern: "POST /draws/verify", allow: everyone, serve: s.verifyDraw},
		{pattern: "GET /draws/{id}", allow: all, serve: s.showDraw},
		{pattern: "GET /draws/{id}/projector", allow: all, serve: s.projectDraw},
		{pattern: "GET /draws/{id}/draw.json", allow: everyone, serve: s.sendDraw},
		{pattern: "GET /draws/{id}/recompute.py", allow: everyone, serve: s.sendDrawScript},
		{pattern: "GET /draws/{id}/certificate", allow: everyone, serve: s.sendDrawPaper},
		{pattern: "POST /draws/{id}/freeze", allow: clerks, serve: s.actOnDraw("名单已重新冻结。", s.desk.RefreezeDraw), form: s.showDraw},
		{pattern: "GET /draws/{id}/rule", allow: director, serve: s.drawForm("公布规则", page.RuleForm)},
		{pattern: "POST /draws/{id}/rule", allow: director, serve: s.ruleDraw, form: s.drawForm("公布规则", page.RuleForm)},
		{pattern: "GET /draws/{id}/commit", allow: parties, serve: s.askCommit},
		{pattern: "POST /draws/{id}/commit", allow: parties, serve: s.commitToDraw, form: s.askCommit},
		{pattern: "POST /draws/{id}/close", allow: director, serve: s.actOnDraw("承诺已结束，请各方揭示。", s.desk.CloseDraw), form: s.showDraw},
		{pattern: "GET /draws/{id}/reveal", allow: parties, serve: s.drawForm("揭示", revealForm)},
		{pattern: "POST /draws/{id}/reveal", allow: parties, serve: s.revealToDraw, form: s.drawForm("揭示", revealForm)},
		{pattern: "GET /draws/{id}/value", allow: typists, serve: s.drawForm("录入外部数值", page.ValueForm)},
		{pattern: "POST /draws/{id}/value", allow: typists, serve: s.enterDrawValue, form: s.drawForm("录入外部数值", page.ValueForm)},
		{pattern: "POST /draws/{id}/conclude", allow: office, serve: s.actOnDraw("结果已产生，考核组已按结果组成。", s.desk.ConcludeDraw), form: s.showDraw},
		{pattern: "GET /draws/{id}/fail", allow: director, serve: fail},
		{pattern: "POST /draws/{id}/fail", allow: director, serve: s.reasonOnDraw("已登记为没有完成。", s.desk.FailDraw), form: fail},
		{pattern: "POST /draws/{id}/restart", allow: clerks, serve: s.restartDraw, form: s.showDraw},
		{pattern: "GET /draws/{id}/manual", allow: []stage.Role{stage.Scrutineer}, serve: manual},
		{pattern: "POST /draws/{id}/manual", allow: []stage.Role{stage.Scrutineer}, serve: s.reasonOnDraw("已登记人工抽取。", s.desk.DrawByHand), form: manual},
		{pattern: "GET /draws/{id}/cancel", allow: director, serve: cancel},
		{pattern: "POST /draws/{id}/cancel", allow: director, serve: s.reasonOnDraw("抽取已取消。", s.desk.CancelDraw), form: cancel},
		{pattern: "GET /pool", allow: []stage.Role{stage.Clerk, stage.Director, stage.Scrutineer, stage.Auditor}, serve: s.showPool},
		{pattern: "POST /pool/{programme}/{account}", allow: clerks, serve: s.placeAssessor, form: s.showPool},
	}
}

var drawsLink = page.Link{Word: "抽取", URL: "/draws"}

func drawOf(r *request) id.Draw { return id.Draw(r.PathValue("id")) }

func (s *Site) toDraw(w http.ResponseWriter, r *request, key id.Draw, say string) error {
	return s.seeOther(w, r, "/draws/"+string(key), say)
}

func (s *Site) listDraws(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Draws(r.Context(), r.Actor, casework.DrawFilter{After: id.Draw(r.FormValue("after")), Limit: publicitiesMost})
	if err != nil {
		return err
	}
	next := ""
	if len(all) == publicitiesMost {
		next = "/draws?after=" + string(all[len(all)-1].Draw.ID)
	}
	return s.render(w, r, http.StatusOK, page.Draws(s.page(r, "抽取"), all, r.Actor.Role == stage.Clerk, next))
}

func (s *Site) newDraw(w http.ResponseWriter, r *request) error {
	all, err := s.desk.DrawChoices(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.NewDraw(s.page(r, "发起抽取", drawsLink), all))
}

func (s *Site) openDraw(w http.ResponseWriter, r *request) error {
	var visits []id.Visit
	for _, v := range r.all("visits") {
		visits = append(visits, id.Visit(v))
	}
	key, err := s.desk.OpenDraw(r.Context(), r.Actor, id.Round(r.FormValue("round")), visits)
	if err != nil {
		return err
	}
	return s.toDraw(w, r, key, "名单已冻结并公布。")
}

// drawPage draws a page of the draw of the address.
func (s *Site) drawPage(r *request, title string, show func(page.Frame, casework.DrawView) error) error {
	v, err := s.desk.Draw(r.Context(), r.Actor, drawOf(r))
	if err != nil {
		return err
	}
	above := []page.Link{drawsLink}
	if title == "" {
		title = v.Title()
	} else {
		above = append(above, page.Link{Word: v.Title(), URL: "/draws/" + string(v.Draw.ID)})
	}
	return show(s.page(r, title, above...), v)
}

func (s *Site) showDraw(w http.ResponseWriter, r *request) error {
	return s.drawPage(r, "", func(f page.Frame, v casework.DrawView) error {
		return s.render(w, r, http.StatusOK, page.Draw(f, v, s.lots))
	})
}

// projectDraw shows a draw for the wall, without script.
func (s *Site) projectDraw(w http.ResponseWriter, r *request) error {
	return s.drawPage(r, "投影画面", func(f page.Frame, v casework.DrawView) error {
		f.Wide = true
		w.Header().Set("Refresh", strconv.Itoa(int(page.DrawRefresh/time.Second)))
		return s.render(w, r, http.StatusOK, page.DrawProjector(f, v))
	})
}

// drawForm draws a form about the draw of the address.
func (s *Site) drawForm(title string, show func(page.Frame, casework.DrawView) templ.Component) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.drawPage(r, title, func(f page.Frame, v casework.DrawView) error {
			return s.render(w, r, http.StatusOK, show(f, v))
		})
	}
}

func (s *Site) askDrawReason(a page.Reason) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.drawPage(r, a.Title, func(f page.Frame, v casework.DrawView) error {
			a := a
			a.Below = v.Title()
			return s.askReason(w, r, f, a, "/draws/"+string(v.Draw.ID))
		})
	}
}

// sendDraw sends the document that everybody may recompute.
func (s *Site) sendDraw(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Draw(r.Context(), r.Actor, drawOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+string(v.Draw.ID)+`.json"`)
	_, err = w.Write(v.Document)
	return err
}

func (s *Site) sendDrawScript(w http.ResponseWriter, r *request) error {
	if _, err := s.desk.Draw(r.Context(), r.Actor, drawOf(r)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="recompute.py"`)
	_, err := io.WriteString(w, lot.Script)
	return err
}

// sendDrawPaper sends the certificate.
func (s *Site) sendDrawPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.DrawPaper(r.Context(), r.Actor, drawOf(r))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}

type (
	drawAct    = func(context.Context, stage.Actor, id.Draw) error
	drawReason = func(context.Context, stage.Actor, id.Draw, string) error
)

// actOnDraw does an act that needs nothing but the draw.
func (s *Site) actOnDraw(say string, act drawAct) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, drawOf(r)); err != nil {
			return err
		}
		return s.toDraw(w, r, drawOf(r), say)
	}
}

// reasonOnDraw does an act that needs a reason.
func (s *Site) reasonOnDraw(say string, act drawReason) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, drawOf(r), r.text("reason")); err != nil {
			return err
		}
		return s.toDraw(w, r, drawOf(r), say)
	}
}

func (s *Site) ruleDraw(w http.ResponseWriter, r *request) error {
	by, err := r.moment("reveal_by")
	if err != nil {
		return err
	}
	if err := s.desk.RuleDraw(r.Context(), r.Actor, drawOf(r), by, r.text("external")); err != nil {
		return err
	}
	return s.toDraw(w, r, drawOf(r), "规则已公布，请各方承诺。")
}

func (s *Site) askCommit(w http.ResponseWriter, r *request) error {
	return s.drawPage(r, "承诺", func(f page.Frame, v casework.DrawView) error {
		var b [16]byte
		if _, err := io.ReadFull(s.rand(), b[:]); err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.CommitForm(f, v.Title(), "/draws/"+string(v.Draw.ID), hex.EncodeToString(b[:]), s.lots))
	})
}

func revealForm(f page.Frame, v casework.DrawView) templ.Component {
	return page.RevealForm(f, v.Title(), "/draws/"+string(v.Draw.ID))
}

func revealOf(r *request) lot.Reveal {
	return lot.Reveal{Secret: r.text("secret"), Nonce: r.text("nonce")}
}

func (s *Site) commitToDraw(w http.ResponseWriter, r *request) error {
	if err := s.desk.CommitToDraw(r.Context(), r.Actor, drawOf(r), draw.Commitment{Digest: r.text("commitment"), Reveal: revealOf(r)}); err != nil {
		return err
	}
	return s.toDraw(w, r, drawOf(r), "承诺已登记。保管好秘密和随机数，揭示时要用。")
}

func (s *Site) revealToDraw(w http.ResponseWriter, r *request) error {
	if err := s.desk.RevealToDraw(r.Context(), r.Actor, drawOf(r), revealOf(r)); err != nil {
		return err
	}
	return s.toDraw(w, r, drawOf(r), "揭示已登记。")
}

func (s *Site) enterDrawValue(w http.ResponseWriter, r *request) error {
	if err := s.desk.EnterDrawValue(r.Context(), r.Actor, drawOf(r), r.text("value")); err != nil {
		return err
	}
	return s.toDraw(w, r, drawOf(r), "外部数值已录入。")
}

func (s *Site) restartDraw(w http.ResponseWriter, r *request) error {
	next, err := s.desk.RestartDraw(r.Context(), r.Actor, drawOf(r))
	if err != nil {
		return err
	}
	return s.toDraw(w, r, next, "已重新抽取，名单另行冻结。")
}

func (s *Site) askVerifyDraw(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.VerifyDraw(s.page(r, "复算抽取记录", drawsLink), nil, ""))
}

// verifyDraw recomputes what was pasted. A browser sends lines with CR and may drop
// the last line feed; the document has neither.
func (s *Site) verifyDraw(w http.ResponseWriter, r *request) error {
	pasted := strings.ReplaceAll(r.text("document"), "\r\n", "\n")
	report, err := lot.Verify([]byte(strings.TrimRight(pasted, "\n") + "\n"))
	wrong := ""
	switch {
	case errors.Is(err, lot.ErrOpen):
		wrong = "还不能知道：" + err.Error() + "。"
	case err != nil:
		wrong = "不成立：" + err.Error() + "。"
	}
	return s.render(w, r, http.StatusOK, page.VerifyDraw(s.page(r, "复算抽取记录", drawsLink), &report, wrong))
}

func (s *Site) showPool(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Pools(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Pools(s.page(r, "专家库", drawsLink), all, r.Actor.Role == stage.Clerk))
}

func (s *Site) placeAssessor(w http.ResponseWriter, r *request) error {
	if err := s.desk.PlaceAssessor(r.Context(), r.Actor, id.Programme(r.PathValue("programme")), id.Account(r.PathValue("account")), r.FormValue("stratum")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/pool", "分层已保存。")
}

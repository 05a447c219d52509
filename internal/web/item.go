package web

import (
	"context"
	"net/http"
	"slices"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) itemRoutes() []route {
	voters := []stage.Role{stage.Member, stage.Chair}
	scrutineers := []stage.Role{stage.Scrutineer}
	return []route{
		{pattern: "GET /items/{id}", allow: seesMeetings, serve: s.showItem},
		{pattern: "GET /items/{id}/projector", allow: seesMeetings, serve: s.projectItem},
		{pattern: "GET /items/{id}/recuse", allow: seated, serve: s.askRecuse},
		{pattern: "POST /items/{id}/recuse", allow: seated, serve: s.recuse, form: s.askRecuse},
		{pattern: "GET /items/{id}/write", allow: voters, serve: s.askOpinion},
		{pattern: "POST /items/{id}/write", allow: voters, serve: s.writeOpinion, form: s.askOpinion},
		{pattern: "POST /items/{id}/open-vote", allow: chairs, serve: s.itemDoes("表决已开始。", s.desk.OpenVote), form: s.showItem},
		{pattern: "POST /items/{id}/check", allow: voters, serve: s.checkVote, form: s.showItem},
		{pattern: "POST /items/{id}/vote", allow: voters, serve: s.vote, form: s.showItem},
		{pattern: "GET /items/{id}/close-vote", allow: chairs, serve: s.askCloseVote},
		{pattern: "POST /items/{id}/close-vote", allow: chairs, serve: s.itemDoes("表决已结束。", s.desk.CloseVote), form: s.askCloseVote},
		{pattern: "GET /items/{id}/count", allow: scrutineers, serve: s.askCount},
		{pattern: "POST /items/{id}/count", allow: scrutineers, serve: s.count, form: s.askCount},
		{pattern: "GET /items/{id}/declare", allow: chairs, serve: s.askDeclare},
		{pattern: "POST /items/{id}/declare", allow: chairs, serve: s.declare, form: s.askDeclare},
		{pattern: "GET /items/{id}/annul", allow: chairs, serve: s.askItem("宣布表决无效", "宣布无效，重新表决")},
		{pattern: "POST /items/{id}/annul", allow: chairs, serve: s.itemReason("本次表决无效，请重新表决。", s.desk.AnnulVote), form: s.askItem("宣布表决无效", "宣布无效，重新表决")},
		{pattern: "GET /items/{id}/defer", allow: chairs, serve: s.askItem("缓议到下次会议", "缓议本项")},
		{pattern: "POST /items/{id}/defer", allow: chairs, serve: s.itemReason("本项缓议，可以列入下次会议。", s.desk.DeferItem), form: s.askItem("缓议到下次会议", "缓议本项")},
		{pattern: "GET /items/{id}/withdraw", allow: clerks, serve: s.askItem("撤下本项", "撤下本项")},
		{pattern: "POST /items/{id}/withdraw", allow: clerks, serve: s.itemReason("本项已撤下。", s.desk.WithdrawItem), form: s.askItem("撤下本项", "撤下本项")},
		{pattern: "POST /items/{id}/second-ballot", allow: chairs, serve: s.itemDoes("本项要再次表决。", s.desk.SecondBallot), form: s.showItem},
		{pattern: "POST /items/{id}/displace", allow: chairs, serve: s.itemDoes("本项不列入。", s.desk.Displace), form: s.showItem},
	}
}

func itemOf(r *request) id.Item { return id.Item(r.PathValue("id")) }

// actOnMeeting is an act on a meeting that needs no input.
type actOnMeeting = func(context.Context, stage.Actor, id.Meeting) error

// meetingDoes and itemDoes are acts that need no input.
func (s *Site) meetingDoes(say string, act func(context.Context, stage.Actor, id.Meeting) error) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, meetingOf(r)); err != nil {
			return err
		}
		return s.toMeeting(w, r, say)
	}
}

func (s *Site) itemDoes(say string, act func(context.Context, stage.Actor, id.Item) error) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, itemOf(r)); err != nil {
			return err
		}
		return s.toItem(w, r, say)
	}
}

// itemReason is an act that needs a reason; askItem asks for it.
func (s *Site) itemReason(say string, act func(context.Context, stage.Actor, id.Item, string) error) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, itemOf(r), r.text("reason")); err != nil {
			return err
		}
		return s.toItem(w, r, say)
	}
}

func (s *Site) askItem(title, button string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.itemPage(r, title, func(f page.Frame, v casework.ItemView) error {
			return s.askReason(w, r, f, page.Reason{
				Title: title, Below: v.Item.Title, Label: "理由", Button: button, Audience: "办公室和委员；写入会议记录。",
			}, "/items/"+string(v.Item.ID))
		})
	}
}

func (s *Site) toItem(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/items/"+r.PathValue("id"), say)
}

// itemPage draws a page of the item of the address.
func (s *Site) itemPage(r *request, title string, draw func(page.Frame, casework.ItemView) error) error {
	v, err := s.desk.Item(r.Context(), r.Actor, itemOf(r))
	if err != nil {
		return err
	}
	above := []page.Link{meetingsLink, {Word: v.Meeting.Title, URL: "/meetings/" + string(v.Meeting.ID)}}
	if title == "" {
		title = v.Item.Title
	} else {
		above = append(above, page.Link{Word: v.Item.Title, URL: "/items/" + string(v.Item.ID)})
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) showItem(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "", func(f page.Frame, v casework.ItemView) error {
		f.Wide = true
		return s.render(w, r, http.StatusOK, page.Item(f, v, r.Actor, s.papers(r, v)))
	})
}

// papers links to what an item is about, for those who may read it there.
func (s *Site) papers(r *request, v casework.ItemView) []page.Link {
	where := map[string]string{
		"objection": "/objections/", "recheck": "/rechecks/", "rectification": "/rectifications/",
		"revocation": "/revocations/", "appeal": "/revocations/",
	}[v.Item.Subject.Kind]
	if v.Item.Subject.Kind == "application" && !v.Recused && r.Actor.Role != stage.Scrutineer {
		return []page.Link{{Word: "审议材料（申报、初审和考核意见）", URL: "/items/" + string(v.Item.ID) + "/file"}}
	}
	lets := slices.ContainsFunc(s.all, func(rt route) bool { return rt.pattern == "GET "+where+"{id}" && rt.lets(r.Actor.Role) })
	if where == "" || v.Recused || !lets {
		return nil
	}
	return []page.Link{{Word: "查看材料", URL: where + v.Item.Subject.ID}}
}

func (s *Site) projectItem(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "投影画面", func(f page.Frame, v casework.ItemView) error {
		f.Wide = true
		w.Header().Set("Refresh", "5")
		return s.render(w, r, http.StatusOK, page.Projector(f, casework.MeetingView{Meeting: v.Meeting, Attendance: v.Meeting.Attendance()}, &v))
	})
}

func (s *Site) askRecuse(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "回避", func(f page.Frame, v casework.ItemView) error {
		return s.render(w, r, http.StatusOK, page.RecuseForm(f, v, r.Actor.Role == stage.Clerk))
	})
}

func (s *Site) recuse(w http.ResponseWriter, r *request) error {
	if err := s.desk.RecuseFromItem(r.Context(), r.Actor, itemOf(r), id.Account(r.FormValue("who")), r.text("reason")); err != nil {
		return err
	}
	return s.toItem(w, r, "回避已登记。")
}

func (s *Site) askOpinion(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "提交书面意见", func(f page.Frame, v casework.ItemView) error {
		return s.render(w, r, http.StatusOK, page.WriteForm(f, v))
	})
}

func (s *Site) writeOpinion(w http.ResponseWriter, r *request) error {
	if err := s.desk.WriteOpinion(r.Context(), r.Actor, itemOf(r), item.Written{Choice: r.FormValue("choice"), Text: r.text("text")}); err != nil {
		return err
	}
	return s.toItem(w, r, "书面意见已提交。")
}

// checkVote shows a vote once more. Nothing is kept yet.
func (s *Site) checkVote(w http.ResponseWriter, r *request) error {
	choice := r.FormValue("choice")
	if err := s.desk.MayVote(r.Context(), r.Actor, itemOf(r), choice); err != nil {
		return err
	}
	return s.itemPage(r, "核对表决意见", func(f page.Frame, v casework.ItemView) error {
		return s.render(w, r, http.StatusOK, page.CheckVote(f, v, choice))
	})
}

func (s *Site) vote(w http.ResponseWriter, r *request) error {
	if err := s.desk.Vote(r.Context(), r.Actor, itemOf(r), r.FormValue("choice")); err != nil {
		return err
	}
	return s.toItem(w, r, "票已投出。")
}

func (s *Site) askCloseVote(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "结束表决", func(f page.Frame, v casework.ItemView) error {
		return s.render(w, r, http.StatusOK, page.CloseVote(f, v))
	})
}

func (s *Site) askCount(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "填写计票结果", func(f page.Frame, v casework.ItemView) error {
		var own ballot.Tally
		for _, c := range v.Item.Counts {
			if c.By == r.Actor.Account {
				own = c.Tally
			}
		}
		return s.render(w, r, http.StatusOK, page.CountForm(f, v, own))
	})
}

func (s *Site) count(w http.ResponseWriter, r *request) error {
	var t ballot.Tally
	var wrong error
	for _, f := range []struct {
		name string
		into *int
	}{
		{"issued", &t.Issued},
		{"collected", &t.Collected},
		{"ayes", &t.Ayes},
		{"noes", &t.Noes},
		{"abstentions", &t.Abstentions},
		{"invalid", &t.Invalid},
	} {
		n, err := r.number(f.name)
		if err != nil && wrong == nil {
			wrong = err
		}
		*f.into = n
	}
	if wrong != nil {
		return wrong
	}
	if err := s.desk.CountBallots(r.Context(), r.Actor, itemOf(r), t); err != nil {
		return err
	}
	return s.toItem(w, r, "计票结果已提交。")
}

func (s *Site) askDeclare(w http.ResponseWriter, r *request) error {
	return s.itemPage(r, "宣布结果", func(f page.Frame, v casework.ItemView) error {
		switch {
		case v.Blocked != nil:
			return v.Blocked
		case v.Outcome == "": // nothing to declare: show how it stands
			return s.toItem(w, r, "")
		}
		return s.render(w, r, http.StatusOK, page.Declare(f, v))
	})
}

func (s *Site) declare(w http.ResponseWriter, r *request) error {
	if err := s.desk.Declare(r.Context(), r.Actor, itemOf(r), r.FormValue("casting"), r.text("reason")); err != nil {
		return err
	}
	return s.toItem(w, r, "结果已宣布，闭会后生效。")
}

package web

import (
	"net/http"
	"slices"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// Who sees meetings, and who has a seat in them. What of a meeting each sees is
// decided by the store.
var (
	seesMeetings = []stage.Role{stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Scrutineer, stage.Auditor}
	seated       = []stage.Role{stage.Clerk, stage.Member, stage.Chair}
	chairs       = []stage.Role{stage.Chair}
	clerks       = []stage.Role{stage.Clerk}
)

func (s *Site) meetingRoutes() []route {
	head := []stage.Role{stage.Clerk, stage.Chair}
	return []route{
		{pattern: "GET /meetings", allow: seesMeetings, serve: s.listMeetings},
		{pattern: "GET /meetings/new", allow: clerks, serve: s.newMeeting},
		{pattern: "POST /meetings/new", allow: clerks, serve: s.conveneMeeting, form: s.newMeeting},
		{pattern: "GET /meetings/{id}", allow: seesMeetings, serve: s.showMeeting},
		{pattern: "GET /meetings/{id}/papers/{paper}", allow: seesMeetings, serve: s.sendMeetingPaper},
		{pattern: "GET /meetings/{id}/reschedule", allow: clerks, serve: s.askReschedule},
		{pattern: "POST /meetings/{id}/reschedule", allow: clerks, serve: s.rescheduleMeeting, form: s.askReschedule},
		{pattern: "POST /meetings/{id}/items", allow: clerks, serve: s.listItems, form: s.showMeeting},
		{pattern: "POST /meetings/{id}/circulate", allow: clerks, serve: s.meetingDoes("材料送达已登记，委员现在可以看到议题。", s.desk.CirculateMeeting), form: s.showMeeting},
		{pattern: "GET /meetings/{id}/roster", allow: seesMeetings, serve: s.showRoster},
		{pattern: "POST /meetings/{id}/sign-in", allow: seated, serve: s.signIn, form: s.showMeeting},
		{pattern: "POST /meetings/{id}/depart", allow: seated, serve: s.depart, form: s.showMeeting},
		{pattern: "GET /meetings/{id}/excuse", allow: seated, serve: s.askExcuse},
		{pattern: "POST /meetings/{id}/excuse", allow: seated, serve: s.excuse, form: s.askExcuse},
		{pattern: "POST /meetings/{id}/open", allow: chairs, serve: s.meetingDoes("会议已开始。", s.desk.OpenMeeting), form: s.showMeeting},
		{pattern: "GET /meetings/{id}/close", allow: chairs, serve: s.askClose},
		{pattern: "POST /meetings/{id}/close", allow: chairs, serve: s.meetingDoes("会议已闭会，决定已生效。", s.desk.CloseMeeting), form: s.askClose},
		{pattern: "GET /meetings/{id}/adjourn", allow: chairs, serve: s.askAdjourn},
		{pattern: "POST /meetings/{id}/adjourn", allow: chairs, serve: s.adjournMeeting, form: s.askAdjourn},
		{pattern: "GET /meetings/{id}/cancel", allow: head, serve: s.askCancelMeeting},
		{pattern: "POST /meetings/{id}/cancel", allow: head, serve: s.cancelMeeting, form: s.askCancelMeeting},
		{pattern: "GET /meetings/{id}/notes", allow: clerks, serve: s.askNotes},
		{pattern: "POST /meetings/{id}/notes", allow: clerks, serve: s.noteMeeting, form: s.askNotes},
		{pattern: "GET /meetings/{id}/minutes", allow: seesMeetings, serve: s.showMinutes},
		{pattern: "GET /meetings/{id}/projector", allow: seesMeetings, serve: s.showProjector},
	}
}

var meetingsLink = page.Link{Word: "会议", URL: "/meetings"}

// meetingsMost is how many meetings a page lists.
const meetingsMost = 30

func meetingOf(r *request) id.Meeting { return id.Meeting(r.PathValue("id")) }

func (s *Site) listMeetings(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Meetings(r.Context(), r.Actor, casework.MeetingFilter{After: id.Meeting(r.FormValue("after")), Limit: meetingsMost})
	if err != nil {
		return err
	}
	next := ""
	if len(all) == meetingsMost {
		next = "/meetings?after=" + string(all[len(all)-1].ID)
	}
	return s.render(w, r, http.StatusOK, page.Meetings(s.page(r, "会议"), all, r.Actor.Role == stage.Clerk, next))
}

func (s *Site) newMeeting(w http.ResponseWriter, r *request) error {
	c, err := s.desk.ConveneChoices(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.MeetingForm(s.page(r, "召集会议", meetingsLink), casework.MeetingView{}, c, "/meetings/new"))
}

var errAbout = fault.Define(fault.Invalid, "meeting.convene.about",
	"没有选审议什么。选一届申报，或者选复查、整改、撤销等事项。", "")

func (s *Site) conveneMeeting(w http.ResponseWriter, r *request) error {
	plan, err := readMeeting(r)
	if err != nil {
		return err
	}
	kind, about, _ := strings.Cut(r.FormValue("about"), ":")
	name := id.Programme("")
	switch kind {
	case "round":
		plan.Round = id.Round(about)
	case "programme":
		name = id.Programme(about)
	default:
		return errAbout.At("about")
	}
	key, err := s.desk.ConveneMeeting(r.Context(), r.Actor, name, plan)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/meetings/"+string(key), "会议已召集。下一步列入议题，再送达材料。")
}

func readMeeting(r *request) (meeting.Plan, error) {
	p := meeting.Plan{Title: r.text("title"), Place: r.text("place"), Presiding: id.Account(r.FormValue("presiding")), Ballot: r.FormValue("ballot")}
	for line := range strings.Lines(r.FormValue("attending")) {
		if name := strings.TrimSpace(line); name != "" {
			p.Attending = append(p.Attending, name)
		}
	}
	var err error
	p.At, err = r.moment("at")
	return p, err
}

// meetingPage draws a page of the meeting of the address.
func (s *Site) meetingPage(r *request, title string, draw func(page.Frame, casework.MeetingView) error) error {
	v, err := s.desk.Meeting(r.Context(), r.Actor, meetingOf(r))
	if err != nil {
		return err
	}
	above := []page.Link{meetingsLink}
	if title == "" {
		title = v.Meeting.Title
	} else {
		above = append(above, page.Link{Word: v.Meeting.Title, URL: "/meetings/" + string(v.Meeting.ID)})
	}
	f := s.page(r, title, above...)
	f.Wide = true
	return draw(f, v)
}

func (s *Site) showMeeting(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "", func(f page.Frame, v casework.MeetingView) error {
		return s.render(w, r, http.StatusOK, page.Meeting(f, v, r.Actor.Role))
	})
}

func (s *Site) askReschedule(w http.ResponseWriter, r *request) error {
	c, err := s.desk.ConveneChoices(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.meetingPage(r, "会议改期", func(f page.Frame, v casework.MeetingView) error {
		return s.render(w, r, http.StatusOK, page.MeetingForm(f, v, c, r.URL.Path))
	})
}

func (s *Site) rescheduleMeeting(w http.ResponseWriter, r *request) error {
	plan, err := readMeeting(r)
	if err != nil {
		return err
	}
	if err := s.desk.RescheduleMeeting(r.Context(), r.Actor, meetingOf(r), r.version(), plan); err != nil {
		return err
	}
	return s.toMeeting(w, r, "改期已保存，名册已按现在的委员更新。")
}

func (s *Site) toMeeting(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/meetings/"+r.PathValue("id"), say)
}

var errNothing = fault.Define(fault.Invalid, "item.list.nothing",
	"没有选事项。至少选一项再列入。", "")

func (s *Site) listItems(w http.ResponseWriter, r *request) error {
	chosen := r.all("subject")
	if _, err := s.desk.Meeting(r.Context(), r.Actor, meetingOf(r)); err != nil {
		return err
	}
	if len(chosen) == 0 {
		return errNothing.At("subject")
	}
	for _, c := range chosen {
		kind, key, _ := strings.Cut(c, ":")
		if _, err := s.desk.ListItem(r.Context(), r.Actor, meetingOf(r), item.Subject{Kind: kind, ID: key}); err != nil {
			return err
		}
	}
	return s.toMeeting(w, r, "已列入议题。")
}

func (s *Site) showRoster(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "签到名单", func(f page.Frame, v casework.MeetingView) error {
		return s.render(w, r, http.StatusOK, page.MeetingRoster(f, v, r.Actor.Role))
	})
}

// backToSeat returns to where the actor signed in: the office to the list.
func (s *Site) backToSeat(w http.ResponseWriter, r *request, say string) error {
	if r.Actor.Role == stage.Clerk {
		return s.seeOther(w, r, "/meetings/"+r.PathValue("id")+"/roster", say)
	}
	return s.toMeeting(w, r, say)
}

func (s *Site) signIn(w http.ResponseWriter, r *request) error {
	if err := s.desk.SignIntoMeeting(r.Context(), r.Actor, meetingOf(r), id.Account(r.FormValue("who"))); err != nil {
		return err
	}
	return s.backToSeat(w, r, "已签到。")
}

func (s *Site) depart(w http.ResponseWriter, r *request) error {
	if err := s.desk.DepartMeeting(r.Context(), r.Actor, meetingOf(r), id.Account(r.FormValue("who"))); err != nil {
		return err
	}
	return s.backToSeat(w, r, "已登记离会。已经投出的票有效。")
}

func (s *Site) askExcuse(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "请假", func(f page.Frame, v casework.MeetingView) error {
		a := page.Reason{Title: "请假", Below: v.Meeting.Title, Label: "请假理由", Hint: "请假的委员仍计入应到。", Audience: "办公室和委员。", Button: "登记请假"}
		if who := v.Meeting.Seat(id.Account(r.FormValue("who"))); who != nil && r.Actor.Role == stage.Clerk {
			a.Below, a.Hidden = who.Name, map[string]string{"who": string(who.Account)}
		}
		return s.askReason(w, r, f, a, "/meetings/"+string(v.Meeting.ID))
	})
}

// askReason draws a form of one reason at the address itself.
func (s *Site) askReason(w http.ResponseWriter, r *request, f page.Frame, a page.Reason, back string) error {
	a.Action, a.Back = r.URL.Path, back
	return s.render(w, r, http.StatusOK, page.AskReason(f, a))
}

func (s *Site) excuse(w http.ResponseWriter, r *request) error {
	if err := s.desk.ExcuseFromMeeting(r.Context(), r.Actor, meetingOf(r), id.Account(r.FormValue("who")), r.text("reason")); err != nil {
		return err
	}
	return s.backToSeat(w, r, "请假已登记。")
}

func (s *Site) askClose(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "闭会", func(f page.Frame, v casework.MeetingView) error {
		return s.render(w, r, http.StatusOK, page.CloseMeeting(f, v))
	})
}

func (s *Site) askAdjourn(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "中止会议", func(f page.Frame, v casework.MeetingView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "中止会议", Below: v.Meeting.Title, Label: "中止理由", Button: "中止会议", Audience: "办公室和委员。",
			Warn: "没有结果的议题和超过名额还没有排出先后的议题缓议到下次会议；已有结果的生效。不能恢复。",
		}, "/meetings/"+string(v.Meeting.ID))
	})
}

func (s *Site) adjournMeeting(w http.ResponseWriter, r *request) error {
	if err := s.desk.AdjournMeeting(r.Context(), r.Actor, meetingOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.toMeeting(w, r, "会议已中止。")
}

func (s *Site) askCancelMeeting(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "取消会议", func(f page.Frame, v casework.MeetingView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "取消会议", Below: v.Meeting.Title, Label: "取消理由", Button: "取消会议", Audience: "办公室和委员。",
			Warn: "取消后议题缓议，可以列入下次会议。",
		}, "/meetings/"+string(v.Meeting.ID))
	})
}

func (s *Site) cancelMeeting(w http.ResponseWriter, r *request) error {
	if err := s.desk.CancelMeeting(r.Context(), r.Actor, meetingOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.toMeeting(w, r, "会议已取消。")
}

func (s *Site) askNotes(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "写会议记录", func(f page.Frame, v casework.MeetingView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "写会议记录", Below: v.Meeting.Title, Name: "notes", Label: "记录", Saved: v.Meeting.Notes, Version: v.Meeting.Version,
			Hint: "到会情况、票数和结果由系统列出，这里写讨论要点和其他事项。", Audience: "办公室和委员。", Button: "保存会议记录",
		}, "/meetings/"+string(v.Meeting.ID)+"/minutes")
	})
}

func (s *Site) noteMeeting(w http.ResponseWriter, r *request) error {
	if err := s.desk.MinuteMeeting(r.Context(), r.Actor, meetingOf(r), r.version(), r.text("notes")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/meetings/"+r.PathValue("id")+"/minutes", "会议记录已保存。")
}

func (s *Site) showMinutes(w http.ResponseWriter, r *request) error {
	v, m, err := s.desk.MeetingMinutes(r.Context(), r.Actor, meetingOf(r))
	if err != nil {
		return err
	}
	f := s.page(r, "会议记录", meetingsLink, page.Link{Word: v.Meeting.Title, URL: "/meetings/" + string(v.Meeting.ID)})
	return s.render(w, r, http.StatusOK, page.MeetingMinutes(f, m, v))
}

// showProjector draws the picture for the wall, which comes again by itself. It
// shows the item that is before the meeting now.
func (s *Site) showProjector(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "投影画面", func(f page.Frame, v casework.MeetingView) error {
		var shown *casework.ItemView
		n := slices.IndexFunc(v.Items, func(i item.Item) bool { return i.State == item.Voting || i.State == item.Counting })
		if n < 0 { // between two items, the one that was declared last
			for k, i := range v.Items {
				if !i.DecidedAt.IsZero() && (n < 0 || i.DecidedAt.After(v.Items[n].DecidedAt)) {
					n = k
				}
			}
		}
		if n >= 0 && v.Meeting.State == meeting.Sitting {
			iv, err := s.desk.Item(r.Context(), r.Actor, v.Items[n].ID)
			if err != nil {
				return err
			}
			shown = &iv
		}
		w.Header().Set("Refresh", "5")
		return s.render(w, r, http.StatusOK, page.Projector(f, v, shown))
	})
}

package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) rankingRoutes() []route {
	voters := []stage.Role{stage.Member, stage.Chair}
	return []route{
		{pattern: "GET /meetings/{id}/rankings", allow: seesMeetings, serve: s.showRankings},
		{pattern: "POST /meetings/{id}/rankings/open", allow: chairs, serve: s.openRanking, form: s.showRankings},
		{pattern: "POST /meetings/{id}/rankings/vote", allow: voters, serve: s.rank, form: s.showRankings},
		{pattern: "POST /meetings/{id}/rankings/close", allow: chairs, serve: s.rankingDoes("差额表决已结束。", s.desk.CloseRanking), form: s.showRankings},
		{pattern: "POST /meetings/{id}/rankings/count", allow: []stage.Role{stage.Scrutineer}, serve: s.countRanking, form: s.showRankings},
		{pattern: "POST /meetings/{id}/rankings/settle", allow: chairs, serve: s.rankingDoes("差额表决结果已宣布。", s.desk.SettleRanking), form: s.showRankings},
		{pattern: "GET /meetings/{id}/rankings/void", allow: chairs, serve: s.askVoidRanking},
		{pattern: "POST /meetings/{id}/rankings/void", allow: chairs, serve: s.voidRanking, form: s.askVoidRanking},
	}
}

func (s *Site) showRankings(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "差额表决", func(f page.Frame, v casework.MeetingView) error {
		return s.render(w, r, http.StatusOK, page.Rankings(f, v, r.Actor))
	})
}

func (s *Site) toRankings(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/meetings/"+r.PathValue("id")+"/rankings", say)
}

func (s *Site) rankingDoes(say string, act actOnMeeting) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, meetingOf(r)); err != nil {
			return err
		}
		return s.toRankings(w, r, say)
	}
}

func (s *Site) openRanking(w http.ResponseWriter, r *request) error {
	if err := s.desk.OpenRanking(r.Context(), r.Actor, meetingOf(r), r.FormValue("category")); err != nil {
		return err
	}
	return s.toRankings(w, r, "差额表决已开始。")
}

var errPlace = fault.Define(fault.Invalid, "ranking.vote.place",
	"名次要从1起连着写，不重复：第1、第2……没有要排的空着。", "方案设定的超额办法")

// rank reads what somebody chose: boxes that are ticked, or the place of each candidate.
func (s *Site) rank(w http.ResponseWriter, r *request) error {
	var chosen []id.Item
	for _, i := range r.all("choice") {
		chosen = append(chosen, id.Item(i))
	}
	placed := map[int]id.Item{}
	for _, name := range slices.Sorted(keysOf(r)) {
		key, is := strings.CutPrefix(name, "place-")
		if !is || strings.TrimSpace(r.FormValue(name)) == "" {
			continue
		}
		n, err := r.number(name)
		if err != nil {
			return err
		}
		if n < 1 || placed[n] != "" {
			return errPlace.At(name)
		}
		placed[n] = id.Item(key)
	}
	for n := 1; n <= len(placed); n++ {
		if placed[n] == "" {
			return errPlace.At("choice")
		}
		chosen = append(chosen, placed[n])
	}
	if err := s.desk.Rank(r.Context(), r.Actor, meetingOf(r), chosen); err != nil {
		return err
	}
	return s.toRankings(w, r, "已投票，共选"+strconv.Itoa(len(chosen))+"项。")
}

func keysOf(r *request) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range r.PostForm {
			if !yield(name) {
				return
			}
		}
	}
}

func (s *Site) countRanking(w http.ResponseWriter, r *request) error {
	c := ballot.RankingCount{Points: map[id.Item]int{}}
	var wrong error
	read := func(name string) int {
		n, err := r.number(name)
		if err != nil && wrong == nil {
			wrong = err
		}
		return n
	}
	c.Issued, c.Collected, c.Invalid = read("issued"), read("collected"), read("invalid")
	for name := range r.PostForm {
		if key, is := strings.CutPrefix(name, "points-"); is {
			c.Points[id.Item(key)] = read(name)
		}
	}
	if wrong != nil {
		return wrong
	}
	if err := s.desk.CountRanking(r.Context(), r.Actor, meetingOf(r), c); err != nil {
		return err
	}
	return s.toRankings(w, r, "计票结果已提交。")
}

func (s *Site) askVoidRanking(w http.ResponseWriter, r *request) error {
	return s.meetingPage(r, "宣布差额表决无效", func(f page.Frame, v casework.MeetingView) error {
		at := "/meetings/" + string(v.Meeting.ID) + "/rankings"
		return s.askReason(w, r, f, page.Reason{
			Title: "宣布差额表决无效", Below: v.Meeting.Title, Label: "理由", Button: "宣布无效", Audience: "办公室和委员；写入会议记录。",
		}, at)
	})
}

func (s *Site) voidRanking(w http.ResponseWriter, r *request) error {
	if err := s.desk.VoidRanking(r.Context(), r.Actor, meetingOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.toRankings(w, r, "这次差额表决无效，可以重新开始。")
}

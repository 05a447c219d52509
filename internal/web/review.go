package web

import (
	"net/http"
	"net/url"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) reviewRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	office := []stage.Role{stage.Clerk, stage.Director}
	reports := []stage.Role{stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /reviews", allow: sees, serve: s.listReviews},
		{pattern: "GET /reviews/{id}", allow: sees, serve: s.showReview},
		{pattern: "POST /reviews/{id}", allow: clerks, serve: s.writeReview, form: s.showReview},
		{pattern: "POST /reviews/{id}/assign", allow: office, serve: s.assignReview, form: s.showReview},
		{pattern: "GET /reviews/{id}/send-back", allow: office, serve: s.askReviewBack},
		{pattern: "POST /reviews/{id}/send-back", allow: office, serve: s.sendBackReview, form: s.askReviewBack},
		{pattern: "GET /reviews/{id}/confirm", allow: office, serve: s.askConfirmReview},
		{pattern: "POST /reviews/{id}/confirm", allow: office, serve: s.confirmReview, form: s.askConfirmReview},
		{pattern: "GET /reviews/{id}/done", allow: sees, serve: s.reviewDone},
		{pattern: "GET /reviews/{id}/declare", allow: office, serve: s.askDeclareReview},
		{pattern: "POST /reviews/{id}/declare", allow: office, serve: s.declareReview, form: s.askDeclareReview},
		{pattern: "GET /reviews/{id}/notes", allow: sees, serve: s.showNotes},
		{pattern: "POST /reviews/{id}/notes", allow: office, serve: s.annotate, form: s.showNotes},
		{pattern: "POST /reviews/{id}/notes/{note}/settle", allow: office, serve: s.settleNote, form: s.showNotes},
		{pattern: "GET /rounds/{id}/review", allow: reports, serve: s.showReviewSummary},
		{pattern: "GET /rounds/{id}/review/paper", allow: reports, serve: s.sendReviewReport},
		{pattern: "GET /items/{id}/file", allow: reports, serve: s.showItemFile},
	}
}

var reviewsLink = page.Link{Word: "初审", URL: "/reviews"}

// linesMost is how many lines a page of reviews or visits has.
const linesMost = 50

func reviewOf(r *request) id.Review { return id.Review(r.PathValue("id")) }

func (s *Site) listReviews(w http.ResponseWriter, r *request) error {
	q := page.ReviewQuery{Query: r.text("query"), State: r.FormValue("state"), Mine: r.FormValue("mine"), Due: r.FormValue("due"), Sort: r.FormValue("sort")}
	f := casework.ReviewFilter{Query: q.Query, Unassigned: q.Mine == "nobody", Newest: q.Sort == page.Newest, After: id.Review(r.FormValue("after")), Limit: linesMost}
	f.States = asked(q.State, review.Open, review.Drafted)
	if q.Mine == "yes" {
		f.Reviewer = r.Actor.Account
	}
	if q.Due == "late" {
		f.DueBefore = calendar.DateOf(s.desk.Now())
	}
	v, err := s.desk.Reviews(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	next := ""
	if n := len(v.Lines); n == linesMost {
		next = nextPage("/reviews", string(v.Lines[n-1].Review.ID), "query", q.Query, "state", q.State, "mine", q.Mine, "due", q.Due, "sort", q.Sort)
	}
	p := s.page(r, "初审")
	p.Wide = true
	return s.render(w, r, http.StatusOK, page.Reviews(p, v, q, next))
}

// asked is what a list's filter of states means: none chosen, those that are in hand;
// all, every one.
func asked(state string, inHand ...stage.State) []stage.State {
	switch state {
	case "":
		return inHand
	case page.EveryState:
		return nil
	}
	return []stage.State{stage.State(state)}
}

// nextPage is the address of the next page of a list with the filter that it has.
func nextPage(path, after string, filter ...string) string {
	q := url.Values{"after": {after}}
	for i := 0; i+1 < len(filter); i += 2 {
		if filter[i+1] != "" {
			q.Set(filter[i], filter[i+1])
		}
	}
	return path + "?" + q.Encode()
}

// reviewPage draws a page of the review of the address.
func (s *Site) reviewPage(r *request, title string, draw func(page.Frame, casework.ReviewView) error) error {
	v, err := s.desk.Review(r.Context(), r.Actor, reviewOf(r))
	if err != nil {
		return err
	}
	above := []page.Link{reviewsLink}
	if title == "" {
		title = v.Application.Name
	} else {
		above = append(above, page.Link{Word: v.Application.Name, URL: "/reviews/" + string(v.Review.ID)})
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) showReview(w http.ResponseWriter, r *request) error {
	return s.reviewPage(r, "", func(f page.Frame, v casework.ReviewView) error {
		f.Wide = true
		return s.render(w, r, http.StatusOK, page.Review(f, v, r.Actor))
	})
}

// writeReview saves or hands in a judgement. Saving leads back to the group that
// was at work; what is not among the criteria is not read.
func (s *Site) writeReview(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Review(r.Context(), r.Actor, reviewOf(r))
	if err != nil {
		return err
	}
	j := review.Judgement{Findings: map[string]review.Finding{}, Recommendation: r.FormValue("recommendation"), Opinion: r.text("opinion")}
	for _, i := range v.Indicators() {
		at := "findings." + i.Code
		score, err := r.number(at + ".score")
		if err != nil {
			return err
		}
		j.Findings[i.Code] = review.Finding{Verdict: r.FormValue(at + ".verdict"), Reason: r.text(at + ".reason"), Score: score}
	}
	act, group, _ := strings.Cut(r.FormValue("act"), ":")
	if act == "draft" {
		if err := s.desk.DraftReview(r.Context(), r.Actor, reviewOf(r), r.version(), j); err != nil {
			return err
		}
		return s.seeOther(w, r, "/reviews/"+r.PathValue("id"), "已提交复核，由另一人确认。")
	}
	if err := s.desk.SaveReview(r.Context(), r.Actor, reviewOf(r), r.version(), j); err != nil {
		return err
	}
	to := "/reviews/" + r.PathValue("id")
	if act == "note" {
		indicator, file, _ := strings.Cut(group, ":")
		return s.seeOther(w, r, page.NotesURL(reviewOf(r), indicator, id.File(file)), "初审意见已暂存。")
	}
	if group != "" {
		to += "#group-" + url.PathEscape(group)
	}
	return s.seeOther(w, r, to, "已暂存。可以随时离开。")
}

func (s *Site) assignReview(w http.ResponseWriter, r *request) error {
	if err := s.desk.AssignReview(r.Context(), r.Actor, reviewOf(r), id.Account(r.FormValue("reviewer"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/reviews/"+r.PathValue("id"), "初审人已指定。")
}

func (s *Site) askReviewBack(w http.ResponseWriter, r *request) error {
	return s.reviewPage(r, "退回修改", func(f page.Frame, v casework.ReviewView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "退回修改", Below: v.Application.Name, Name: "remark", Label: "退回理由", Hint: "写明哪一项要再核，怎么核。", Button: "退回修改",
			Audience: "办公室。", Version: v.Review.Version,
		}, "/reviews/"+string(v.Review.ID))
	})
}

func (s *Site) sendBackReview(w http.ResponseWriter, r *request) error {
	if err := s.desk.SendBackReview(r.Context(), r.Actor, reviewOf(r), r.version(), r.text("remark")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/reviews/"+r.PathValue("id"), "已退回初审人修改。")
}

func (s *Site) askConfirmReview(w http.ResponseWriter, r *request) error {
	return s.reviewPage(r, "确认初审意见", func(f page.Frame, v casework.ReviewView) error {
		return s.render(w, r, http.StatusOK, page.ConfirmReview(f, v))
	})
}

func (s *Site) confirmReview(w http.ResponseWriter, r *request) error {
	if err := s.desk.ConfirmReview(r.Context(), r.Actor, reviewOf(r), r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/reviews/"+r.PathValue("id")+"/done", "")
}

func (s *Site) reviewDone(w http.ResponseWriter, r *request) error {
	return s.reviewPage(r, "初审意见已确认", func(f page.Frame, v casework.ReviewView) error {
		if v.Review.State != review.Confirmed {
			return s.seeOther(w, r, "/reviews/"+string(v.Review.ID), "")
		}
		return s.render(w, r, http.StatusOK, page.ReviewDone(f, v))
	})
}

func (s *Site) askDeclareReview(w http.ResponseWriter, r *request) error {
	return s.reviewPage(r, "声明回避", func(f page.Frame, v casework.ReviewView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "声明回避", Below: v.Application.Name, Label: "与该单位的利害关系", Hint: "例如 配偶在该单位任职。", Button: "声明回避",
			Audience: "办公室负责人和主任委员。", Warn: "声明后看不到该单位的申报，也不参加它的初审、考核和表决。不能收回。",
		}, "/reviews/"+string(v.Review.ID))
	})
}

func (s *Site) declareReview(w http.ResponseWriter, r *request) error {
	if err := s.desk.DeclareReviewInterest(r.Context(), r.Actor, reviewOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/reviews", "回避已登记。")
}

func (s *Site) showReviewSummary(w http.ResponseWriter, r *request) error {
	v, err := s.desk.ReviewSummary(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := s.page(r, "初审情况报告")
	f.Wide = true
	return s.render(w, r, http.StatusOK, page.ReviewSummary(f, v, r.Actor))
}

func (s *Site) showItemFile(w http.ResponseWriter, r *request) error {
	v, err := s.desk.ItemFile(r.Context(), r.Actor, itemOf(r))
	if err != nil {
		return err
	}
	f := s.page(r, "审议材料", meetingsLink, page.Link{Word: v.Item.Title, URL: "/items/" + string(v.Item.ID)})
	f.Wide = true
	return s.render(w, r, http.StatusOK, page.ItemFile(f, v))
}

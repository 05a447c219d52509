package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
)

// reviewRow is a review in a list.
type reviewRow struct {
	ID           string        `json:"id"`
	Application  string        `json:"application"`
	Round        string        `json:"round"`
	Organisation string        `json:"organisation"`
	Name         string        `json:"name" doc:"the applicant's"`
	Number       string        `json:"number,omitempty" doc:"the application's"`
	State        stage.State   `json:"state"`
	StateWord    string        `json:"state_word"`
	Reviewer     string        `json:"reviewer,omitempty" doc:"the account that has it"`
	DueOn        calendar.Date `json:"due_on,omitzero"`
	OpenedAt     time.Time     `json:"opened_at,omitzero"`
	EndedAt      time.Time     `json:"ended_at,omitzero"`
}

// reviewData is one review.
type reviewData struct {
	reviewRow
	Findings       map[string]review.Finding `json:"findings" doc:"by indicator"`
	Recommendation string                    `json:"recommendation,omitempty"`
	Opinion        string                    `json:"opinion,omitempty"`
	Remark         string                    `json:"remark,omitempty" doc:"why it was sent back"`
	Returned       int                       `json:"returned"`
	Task           string                    `json:"task,omitempty" doc:"what the token's person is to do now"`
	Checks         map[string][]checkData    `json:"checks" doc:"by indicator: the conditions of eligibility that the programme ties to it, as they were found"`
	Notes          []noteData                `json:"notes" doc:"what the office wrote beside places of the application, the earliest first"`
}

// checkData is what was found of one condition of eligibility.
type checkData struct {
	Rule    string   `json:"rule" doc:"its code"`
	Title   string   `json:"title"`
	Verdict string   `json:"verdict" doc:"符合, 不符合, 存疑 or 暂无结论"`
	Why     []string `json:"why" doc:"the inputs and the time looked at, in sentences"`
	Ruling  string   `json:"ruling,omitempty" doc:"why the office found otherwise than the facts say"`
}

// checksOf lists the conditions of every indicator to which the programme ties some.
func checksOf(v casework.ReviewView) map[string][]checkData {
	all := map[string][]checkData{}
	for _, i := range v.Indicators() {
		for _, c := range v.ChecksAt(i) {
			d := checkData{Rule: c.Rule.Code, Title: c.Rule.Title, Verdict: c.Verdict.Word(), Why: append([]string{}, c.Why...)}
			if c.Ruling != nil {
				d.Ruling = c.Ruling.Reason
			}
			all[i.Code] = append(all[i.Code], d)
		}
	}
	return all
}

// noteData is a note beside one place of an application that is reviewed.
type noteData struct {
	ID        string    `json:"id"`
	Indicator string    `json:"indicator,omitempty" doc:"its code; none: the application as a whole"`
	File      string    `json:"file,omitempty" doc:"evidence under the indicator; none: the answer"`
	Page      int       `json:"page,omitempty" doc:"of the file, from 1; none: the file as a whole"`
	Text      string    `json:"text"`
	By        string    `json:"by" doc:"an account"`
	At        time.Time `json:"at"`
	SettledBy string    `json:"settled_by,omitempty" doc:"an account"`
	SettledAt time.Time `json:"settled_at,omitzero" doc:"none: open"`
}

func noteDataOf(all []casework.NoteLine) []noteData {
	notes := make([]noteData, 0, len(all))
	for _, n := range all {
		notes = append(notes, noteData{string(n.ID), n.Indicator, string(n.File), n.Page, n.Text, string(n.By), n.At, string(n.SettledBy), n.SettledAt})
	}
	return notes
}

// annotation is a note as it is written.
type annotation struct {
	Indicator string `json:"indicator,omitempty" doc:"its code; none: the application as a whole"`
	File      string `json:"file,omitempty" doc:"evidence under the indicator"`
	Page      int    `json:"page,omitempty" doc:"of the file, from 1"`
	Text      string `json:"text" doc:"at most 500 characters"`
}

func reviewRowOf(r review.Review, name, number string) reviewRow {
	return reviewRow{
		ID: string(r.ID), Application: string(r.Application), Round: string(r.Round), Organisation: string(r.Organisation), Name: name, Number: number,
		State: r.State, StateWord: review.Kind.Word(string(r.State)), Reviewer: string(r.Reviewer), DueOn: r.DueOn, OpenedAt: r.OpenedAt, EndedAt: r.EndedAt,
	}
}

// judgement is what a reviewer writes.
type judgement struct {
	Findings       map[string]review.Finding `json:"findings,omitempty" doc:"by indicator"`
	Recommendation string                    `json:"recommendation,omitempty" doc:"recommended, not_recommended or doubtful"`
	Opinion        string                    `json:"opinion,omitempty"`
}

func (j judgement) judgement() review.Judgement {
	return review.Judgement{Findings: j.Findings, Recommendation: j.Recommendation, Opinion: j.Opinion}
}

// reviewAssignment gives a review to somebody.
type reviewAssignment struct {
	Reviewer string `json:"reviewer" doc:"an account"`
}

// remarked is read by acts that send something back.
type remarked struct {
	Remark string `json:"remark" doc:"what is to be done better"`
}

// reviewQuery narrows a list of reviews.
type reviewQuery struct {
	paging
	Round          string        `query:"round"`
	State          []string      `query:"state" doc:"one or more states"`
	Reviewer       string        `query:"reviewer"`
	Unassigned     bool          `query:"unassigned"`
	DueBefore      calendar.Date `query:"due_before"`
	Recommendation string        `query:"recommendation"`
	Query          string        `query:"q" doc:"part of the applicant's name or of the number"`
}

func reviewRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	key := func(c *call) id.Review { return id.Review(c.PathValue("id")) }
	return []route{
		list("/reviews", "listReviews", "List reviews.", "GET /reviews", sees, func(c *call, q *reviewQuery, limit int) ([]reviewRow, string, error) {
			v, err := c.desk.Reviews(c.Context(), c.Actor, casework.ReviewFilter{
				Round: id.Round(q.Round), States: states(q.State), Reviewer: id.Account(q.Reviewer), Unassigned: q.Unassigned, DueBefore: q.DueBefore,
				Recommendation: q.Recommendation, Query: q.Query, After: id.Review(q.After), Limit: limit + 1,
			})
			return rows(v.Lines, err, limit, func(l casework.ReviewLine) string { return string(l.Review.ID) }, func(l casework.ReviewLine) reviewRow {
				return reviewRowOf(l.Review, l.Application.Name, l.Application.Number)
			})
		}),
		one("/reviews/{id}", "getReview", "Read one review.", "GET /reviews/{id}", sees, func(c *call, key string) (reviewData, int64, error) {
			v, err := c.desk.Review(c.Context(), c.Actor, id.Review(key))
			if err != nil {
				return reviewData{}, 0, err
			}
			r := v.Review
			if r.Findings == nil {
				r.Findings = map[string]review.Finding{}
			}
			return reviewData{reviewRowOf(r, v.Application.Name, v.Application.Number), r.Findings, r.Recommendation, r.Opinion, r.Remark, r.Returned, v.Task, checksOf(v), noteDataOf(v.Notes)}, r.Version, nil
		}),
		act("/reviews/{id}/assign", "assignReview", "Give a review to somebody.", "POST /reviews/{id}/assign", office, func(c *call, in reviewAssignment) error {
			return c.desk.AssignReview(c.Context(), c.Actor, key(c), id.Account(in.Reviewer))
		}),
		act("/reviews/{id}/save", "saveReview", "Save a judgement that is not finished.", "POST /reviews/{id}", clerk, func(c *call, in judgement) error {
			return c.desk.SaveReview(c.Context(), c.Actor, key(c), c.match, in.judgement())
		}).matching(),
		act("/reviews/{id}/draft", "draftReview", "Hand in a judgement for somebody else to confirm.", "POST /reviews/{id}", clerk, func(c *call, in judgement) error {
			return c.desk.DraftReview(c.Context(), c.Actor, key(c), c.match, in.judgement())
		}).matching(),
		act("/reviews/{id}/send-back", "sendBackReview", "Send a judgement back.", "POST /reviews/{id}/send-back", office, func(c *call, in remarked) error {
			return c.desk.SendBackReview(c.Context(), c.Actor, key(c), c.match, in.Remark)
		}).matching(),
		act("/reviews/{id}/confirm", "confirmReview", "Confirm a judgement.", "POST /reviews/{id}/confirm", office, func(c *call, _ none) error {
			return c.desk.ConfirmReview(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/reviews/{id}/notes", "annotateReview", "Write a note beside a place of the application.", "POST /reviews/{id}/notes", office, func(c *call, in annotation) error {
			_, err := c.desk.AnnotateReview(c.Context(), c.Actor, key(c), review.Note{Indicator: in.Indicator, File: id.File(in.File), Page: in.Page, Text: in.Text})
			return err
		}),
		act("/reviews/{id}/notes/{note}/settle", "settleNote", "Say that nothing is left to do about a note.", "POST /reviews/{id}/notes/{note}/settle", office, func(c *call, _ none) error {
			return c.desk.SettleNote(c.Context(), c.Actor, key(c), id.Note(c.PathValue("note")))
		}),
		act("/reviews/{id}/declare", "declareReviewInterest", "Declare an interest in what is reviewed.", "POST /reviews/{id}/declare", office, func(c *call, in reasoned) error {
			return c.desk.DeclareReviewInterest(c.Context(), c.Actor, key(c), in.Reason)
		}),
	}
}

package api

import (
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/raters"
	"shifan/internal/lifecycle/stage"
)

// likenessStatement is what one application says to one indicator.
type likenessStatement struct {
	Application string `json:"application"`
	Number      string `json:"number,omitempty"`
	Name        string `json:"name"`
	Year        int    `json:"year" doc:"of its round"`
	Indicator   string `json:"indicator"`
	Text        string `json:"text"`
}

// likenessPair are two statements that share a good part of their wording.
type likenessPair struct {
	Here      likenessStatement `json:"here"`
	There     likenessStatement `json:"there"`
	Percent   int               `json:"percent" doc:"of the runs of five characters that both have, estimated"`
	SameHouse bool              `json:"same_house" doc:"both are of one organisation"`
}

// likenessData is what comparing found: hints for the office, never a verdict.
type likenessData struct {
	Pairs    []likenessPair `json:"pairs" doc:"the most alike first, a hundred at most"`
	Found    int            `json:"found" doc:"how many there are in all"`
	Compared int            `json:"compared" doc:"applications that were looked at"`
	Partial  bool           `json:"partial" doc:"there are more applications than are looked at"`
}

// likenessPiece is a piece of a text.
type likenessPiece struct {
	Text   string `json:"text"`
	Shared bool   `json:"shared" doc:"the other has it too"`
}

// likenessSides are two statements side by side.
type likenessSides struct {
	Here        likenessStatement `json:"here"`
	There       likenessStatement `json:"there"`
	HerePieces  []likenessPiece   `json:"here_pieces"`
	TherePieces []likenessPiece   `json:"there_pieces"`
	Percent     int               `json:"percent"`
}

// likenessQuery says which two statements are meant.
type likenessQuery struct {
	Indicator string `query:"indicator" doc:"of this application"`
	Other     string `query:"other" doc:"the other application"`
	As        string `query:"as" doc:"the indicator of the other"`
}

func likenessStatementOf(s casework.Statement) likenessStatement {
	return likenessStatement{string(s.Application), s.Number, s.Name, s.Year, s.Indicator.Code, s.Text}
}

func likenessDataOf(v casework.LikenessView) likenessData {
	return likenessData{each(v.Pairs, func(a casework.Alike) likenessPair {
		return likenessPair{likenessStatementOf(a.Here), likenessStatementOf(a.There), a.Percent, a.SameHouse}
	}), v.Found, v.Compared, v.Partial}
}

// scoresData is what the applications of a round were given.
type scoresData struct {
	Rows      []scoresRow  `json:"rows" doc:"the best first; those without a whole score after them"`
	Partial   bool         `json:"partial" doc:"some are left out because of the person's interests"`
	Alpha     string       `json:"alpha,omitempty" doc:"how far the raters agree, with two decimals; left out when it cannot be said"`
	Why       string       `json:"why,omitempty" doc:"why it cannot"`
	Strict    []strictness `json:"strict" doc:"the strictest first; none when there is no second opinion"`
	Refused   string       `json:"refused,omitempty" doc:"why there is no second opinion"`
	Differing int          `json:"differing" doc:"rows whose outcome the second opinion would change"`
}

// scoresRow is one application.
type scoresRow struct {
	Application string `json:"application"`
	Number      string `json:"number,omitempty"`
	Name        string `json:"name"`
	Visit       string `json:"visit,omitempty"`
	Scored      bool   `json:"scored" doc:"review and visit have both said what they give"`
	Total       string `json:"total,omitempty" doc:"exact, as a fraction where it is none of hundredths"`
	Passes      bool   `json:"passes"`
	Rank        int    `json:"rank,omitempty"`
	Adjusted    int    `json:"adjusted_rank,omitempty" doc:"by the second opinion"`
	Changes     bool   `json:"changes" doc:"the second opinion would change the outcome"`
}

func scoresRowOf(r casework.ScoreRow) scoresRow {
	s := scoresRow{Application: string(r.Application.ID), Number: r.Application.Number, Name: r.Application.Name, Visit: string(r.Visit), Scored: r.Scored, Rank: r.Rank, Adjusted: r.Adjusted, Changes: r.Changes}
	if r.Scored && r.Result.Total != nil {
		s.Total, s.Passes = r.Result.Total.RatString(), r.Result.Passes()
	}
	return s
}

func scoresDataOf(v casework.ScoresView) scoresData {
	d := scoresData{Rows: each(v.Rows, scoresRowOf), Partial: v.Partial, Why: v.Agreement.Why, Differing: v.Changed, Strict: each(v.Strict, func(s casework.StrictLine) strictness {
		return strictness{s.Rater, s.Name, raters.Two(s.Shift), raters.Two(s.Error), s.N}
	})}
	if v.Agreement.Known {
		d.Alpha = strconv.FormatFloat(v.Agreement.Alpha, 'f', 2, 64)
	}
	if v.Refused != nil {
		d.Refused = v.Refused.Error()
	}
	return d
}

// likenessRoutes compare what was written with one another, and what was given.
func likenessRoutes() []route {
	compares := []stage.Role{stage.Clerk, stage.Director, stage.Auditor}
	return []route{
		one("/rounds/{id}/likenesses", "getRoundLikeness", "Read which statements of a round share their wording, with one another and with earlier ones.", "GET /rounds/{id}/likenesses", compares, func(c *call, key string) (likenessData, int64, error) {
			v, err := c.desk.RoundLikeness(c.Context(), c.Actor, id.Round(key))
			return likenessDataOf(v), 0, err
		}),
		one("/applications/{id}/likenesses", "getApplicationLikeness", "Read which statements of an application share their wording with others.", "GET /applications/{id}/likenesses", compares, func(c *call, key string) (likenessData, int64, error) {
			v, err := c.desk.ApplicationLikeness(c.Context(), c.Actor, id.Application(key))
			return likenessDataOf(v), 0, err
		}),
		reading("/applications/{id}/likenesses/compare", "compareStatements", "Read two statements side by side, with the passages that both have.", "GET /applications/{id}/likenesses/compare", compares, func(c *call, q *likenessQuery) (likenessSides, error) {
			v, err := c.desk.CompareStatements(c.Context(), c.Actor, id.Application(c.PathValue("id")), q.Indicator, id.Application(q.Other), q.As)
			return likenessSides{likenessStatementOf(v.Here), likenessStatementOf(v.There), each(v.HerePieces, likenessPieceOf), each(v.TherePieces, likenessPieceOf), v.Percent}, err
		}),
		one("/rounds/{id}/scores", "getScores", "Read what the applications of a round were given, and how far the raters agree.", "GET /rounds/{id}/scores", []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, func(c *call, key string) (scoresData, int64, error) {
			v, err := c.desk.Scores(c.Context(), c.Actor, id.Round(key))
			return scoresDataOf(v), 0, err
		}),
	}
}

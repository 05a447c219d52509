package api

import (
	"shifan/internal/casework"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/review"
)

// itemFile is an application as those read it before whom it comes.
type itemFile struct {
	Application string                 `json:"application"`
	Number      string                 `json:"number,omitempty"`
	Name        string                 `json:"name"`
	Answers     map[string]answerData  `json:"answers" doc:"by indicator"`
	Files       map[string][]fileShort `json:"files" doc:"by indicator"`
	Review      *itemReview            `json:"review,omitempty" doc:"the office's opinion; left out when the procedure has none"`
	Visit       *itemVisit             `json:"visit,omitempty" doc:"the team's; the same"`
}

// itemReview is what the office found.
type itemReview struct {
	Findings       map[string]review.Finding `json:"findings" doc:"by indicator"`
	Recommendation string                    `json:"recommendation,omitempty"`
	Opinion        string                    `json:"opinion,omitempty"`
}

// itemVisit is what a team found.
type itemVisit struct {
	Findings map[string]assessment.Finding `json:"findings" doc:"by indicator"`
	Opinion  string                        `json:"opinion,omitempty"`
	Text     string                        `json:"text,omitempty"`
}

func itemFileOf(v casework.FileView) itemFile {
	a := v.Application
	f := itemFile{string(a.ID), a.Number, a.Name, map[string]answerData{}, map[string][]fileShort{}, nil, nil}
	for code, s := range a.Answers {
		f.Answers[code] = answerData{s.Rating, s.Score, s.Statement, s.Evidence}
	}
	for code, all := range v.Files {
		f.Files[code] = each(all, func(g casework.File) fileShort { return fileShort{string(g.ID), g.Name} })
	}
	if r := v.Review; r.ID != "" {
		f.Review = &itemReview{orEmpty(r.Findings), r.Recommendation, r.Opinion}
	}
	if w := v.Visit; w.ID != "" {
		f.Visit = &itemVisit{orEmpty(w.Findings), w.Opinion, w.Text}
	}
	return f
}

// orEmpty is a map that is never null.
func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

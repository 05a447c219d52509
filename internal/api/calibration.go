package api

import (
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/raters"
	"shifan/internal/lifecycle/stage"
)

// calibrationRow is a sample in a list.
type calibrationRow struct {
	ID        string      `json:"id"`
	Round     string      `json:"round"`
	Title     string      `json:"title"`
	State     stage.State `json:"state"`
	StateWord string      `json:"state_word"`
	OpenedAt  time.Time   `json:"opened_at,omitzero"`
}

// calibrationData is one sample, as the token's person may see it.
type calibrationData struct {
	calibrationRow
	Answers   map[string]string             `json:"answers" doc:"by indicator: what the sample says of it"`
	Reference map[string]assessment.Finding `json:"reference,omitempty" doc:"by indicator; an assessor reads it after marking"`
	Marks     []calibrationMark             `json:"marks" doc:"an assessor reads those of others after marking"`
	Reason    string                        `json:"reason,omitempty" doc:"why it was withdrawn"`
	Acts      []string                      `json:"acts" doc:"what the token's person may do with it now"`
}

// calibrationMark is what one assessor gave.
type calibrationMark struct {
	Account  string                        `json:"account"`
	Name     string                        `json:"name"`
	Findings map[string]assessment.Finding `json:"findings" doc:"by indicator"`
	At       time.Time                     `json:"at"`
}

// calibrationExercise is the exercise of a round.
type calibrationExercise struct {
	Required bool             `json:"required" doc:"who has not marked every open sample neither scores nor signs a visit"`
	Samples  []calibrationRow `json:"samples"`
	Severity []strictness     `json:"severity" doc:"the harshest first"`
	Modelled bool             `json:"modelled" doc:"by the additive model; false: plain mean distances"`
	Refused  string           `json:"refused,omitempty" doc:"why the model was refused"`
}

// strictness is how harsh somebody is.
type strictness struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Shift   string `json:"shift" doc:"points of a hundred with two decimals; below 0: harsh"`
	Error   string `json:"error" doc:"standard error, with two decimals; 0.00 for plain means"`
	N       int    `json:"n" doc:"things marked"`
}

// sampleTitle names a sample.
type sampleTitle struct {
	Title string `json:"title"`
}

// sampleText is what the office writes of a sample.
type sampleText struct {
	Title     string                        `json:"title"`
	Answers   map[string]string             `json:"answers" doc:"by indicator"`
	Reference map[string]assessment.Finding `json:"reference" doc:"by indicator: rating and, where points are given, score"`
}

func (t sampleText) sample() calibration.Sample {
	return calibration.Sample{Title: t.Title, Answers: t.Answers, Reference: t.Reference}
}

// sampleMarks is what an assessor gives to a sample.
type sampleMarks struct {
	Findings map[string]assessment.Finding `json:"findings" doc:"by indicator, all of them"`
}

func calibrationRowOf(c calibration.Calibration) calibrationRow {
	return calibrationRow{string(c.ID), string(c.Round), c.Title, c.State, calibration.Kind.Word(string(c.State)), c.OpenedAt}
}

func calibrationRoutes() []route {
	sees := []stage.Role{stage.Assessor, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	key := func(c *call) id.Calibration { return id.Calibration(c.PathValue("id")) }
	return []route{
		one("/rounds/{id}/calibrations", "getCalibrationExercise", "Read the exercise of a round.", "GET /rounds/{id}/calibrations", sees, func(c *call, of string) (calibrationExercise, int64, error) {
			v, err := c.desk.Calibrations(c.Context(), c.Actor, id.Round(of))
			if err != nil {
				return calibrationExercise{}, 0, err
			}
			out := calibrationExercise{Required: v.Required, Modelled: v.Modelled}
			out.Samples = each(v.Lines, func(l casework.CalibrationLine) calibrationRow { return calibrationRowOf(l.Calibration) })
			out.Severity = each(v.Strict, func(s casework.StrictLine) strictness {
				return strictness{s.Rater, s.Name, raters.Two(s.Shift), raters.Two(s.Error), s.N}
			})
			if v.Why != nil && len(v.Strict) > 0 {
				out.Refused = v.Why.Error()
			}
			return out, 0, nil
		}),
		one("/calibrations/{id}", "getCalibration", "Read a sample.", "GET /calibrations/{id}", sees, func(c *call, of string) (calibrationData, int64, error) {
			v, err := c.desk.Calibration(c.Context(), c.Actor, id.Calibration(of))
			if err != nil {
				return calibrationData{}, 0, err
			}
			marks := each(v.Marks, func(k casework.CalibrationMark) calibrationMark {
				return calibrationMark{string(k.Account), k.Name, k.Findings, k.At}
			})
			return calibrationData{calibrationRowOf(v.Calibration), v.Answers, v.Reference, marks, v.Reason, acts(v.Acts)}, v.Version, nil
		}),
		act("/rounds/{id}/calibrations", "prepareCalibration", "Begin a sample of a round.", "POST /rounds/{id}/calibrations", clerk, func(c *call, in sampleTitle) error {
			_, err := c.desk.PrepareCalibration(c.Context(), c.Actor, id.Round(c.PathValue("id")), in.Title)
			return err
		}),
		act("/calibrations/{id}/edit", "editCalibration", "Write a sample.", "POST /calibrations/{id}/edit", clerk, func(c *call, in sampleText) error {
			return c.desk.EditCalibration(c.Context(), c.Actor, key(c), c.match, in.sample())
		}).matching(),
		act("/calibrations/{id}/issue", "issueCalibration", "Give a sample out.", "POST /calibrations/{id}/edit", clerk, func(c *call, in sampleText) error {
			return c.desk.IssueCalibration(c.Context(), c.Actor, key(c), c.match, in.sample())
		}).matching(),
		act("/calibrations/{id}/withdraw", "withdrawCalibration", "Take a sample back.", "POST /calibrations/{id}/withdraw", clerk, func(c *call, in reasoned) error {
			return c.desk.WithdrawCalibration(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/calibrations/{id}/mark", "markCalibration", "Give one's marks to a sample.", "POST /calibrations/{id}", assessor, func(c *call, in sampleMarks) error {
			return c.desk.MarkCalibration(c.Context(), c.Actor, key(c), in.Findings)
		}),
	}
}

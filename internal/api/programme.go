package api

import (
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// programmeRow is a programme in a list.
type programmeRow struct {
	Name    string      `json:"name" doc:"the slug by which it is known"`
	Title   string      `json:"title"`
	Base    string      `json:"base" doc:"what an organisation becomes by it"`
	Issuer  string      `json:"issuer"`
	State   stage.State `json:"state"`
	Version int         `json:"version" doc:"the version of its file that holds now"`
	Since   time.Time   `json:"since,omitzero" doc:"when it got into its state"`
}

// programmeData is one programme.
type programmeData struct {
	programmeRow
	Procedure []string        `json:"procedure" doc:"its stages, in order"`
	Document  string          `json:"document,omitempty" doc:"that suspended, resumed, merged or abolished it"`
	Reason    string          `json:"reason,omitempty"`
	Into      string          `json:"into,omitempty" doc:"the programme that it was merged into"`
	Criteria  []criteriaGroup `json:"criteria"`
	Acts      []string        `json:"acts" doc:"what the token's role may do with it now"`
}

// criteriaGroup is a group of criteria.
type criteriaGroup struct {
	Code       string      `json:"code"`
	Title      string      `json:"title"`
	Indicators []indicator `json:"indicators"`
}

// indicator is one criterion.
type indicator struct {
	Code   string `json:"code"`
	Title  string `json:"title"`
	Text   string `json:"text"`
	Clause string `json:"clause"`
	Points int    `json:"points,omitempty"`
}

func groupsOf(all []programme.Group) []criteriaGroup {
	return each(all, func(g programme.Group) criteriaGroup {
		return criteriaGroup{g.Code, g.Title, each(g.Indicators, func(i programme.Indicator) indicator {
			return indicator{i.Code, i.Title, i.Text, i.Clause, i.Points}
		})}
	})
}

func programmeRowOf(v casework.ProgrammeView) programmeRow {
	p, s := v.Programme, v.Standing
	return programmeRow{string(s.Name), p.Title, p.Base, p.Issuer.Name, s.State, s.Current, s.Since}
}

// programmeFile is a programme's file.
type programmeFile struct {
	File string `json:"file" doc:"the programme's YAML, whole; docs/programme-format.md explains it"`
}

// guideData is what everybody may read of a programme.
type guideData struct {
	programmeRow
	Criteria []criteriaGroup `json:"criteria"`
}

// programmeDecision says what a programme's standing changes by.
type programmeDecision struct {
	Document string `json:"document" doc:"number of the document that decides it"`
	Reason   string `json:"reason"`
}

func (d programmeDecision) decision() programme.Decision {
	return programme.Decision{Document: d.Document, Reason: d.Reason}
}

// programmeMerger is a decision that merges a programme.
type programmeMerger struct {
	Into string `json:"into" doc:"name of the programme that goes on"`
	programmeDecision
}

func programmeRoutes() []route {
	staff := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Operator, stage.Auditor}
	key := func(c *call) id.Programme { return id.Programme(c.PathValue("id")) }
	return []route{
		list("/programmes", "listProgrammes", "List the programmes.", "GET /programmes", staff, func(c *call, q *paging, _ int) ([]programmeRow, string, error) {
			all, err := c.desk.Programmes(c.Context(), c.Actor)
			return whole(all, err, q, func(v casework.ProgrammeView) string { return string(v.Standing.Name) }, programmeRowOf)
		}),
		one("/programmes/{id}", "getProgramme", "Read one programme, in the version that holds now.", "GET /programmes/{name}", staff, func(c *call, key string) (programmeData, int64, error) {
			v, err := c.desk.Programme(c.Context(), c.Actor, id.Programme(key))
			if err != nil {
				return programmeData{}, 0, err
			}
			s := v.Standing
			return programmeData{
				programmeRow: programmeRowOf(v), Procedure: v.Programme.Procedure, Document: s.Document, Reason: s.Reason,
				Into: string(s.Into), Criteria: groupsOf(v.Programme.Criteria), Acts: acts(v.Acts),
			}, s.Version, nil
		}),
		act("/programmes", "loadProgramme", "Load a programme, or a new version of one.", "POST /programmes/new", []stage.Role{stage.Operator}, func(c *call, in programmeFile) error {
			_, err := c.desk.LoadProgramme(c.Context(), c.Actor, []byte(in.File))
			return err
		}).making(),
		act("/programmes/{id}/suspend", "suspendProgramme", "Suspend a programme.", "POST /programmes/{name}/suspend", chair, func(c *call, in programmeDecision) error {
			return c.desk.SuspendProgramme(c.Context(), c.Actor, key(c), c.match, in.decision())
		}).matching(),
		act("/programmes/{id}/resume", "resumeProgramme", "Resume a suspended programme.", "POST /programmes/{name}/resume", chair, func(c *call, in programmeDecision) error {
			return c.desk.ResumeProgramme(c.Context(), c.Actor, key(c), c.match, in.decision())
		}).matching(),
		act("/programmes/{id}/merge", "mergeProgramme", "Merge a programme into another.", "POST /programmes/{name}/merge", chair, func(c *call, in programmeMerger) error {
			return c.desk.MergeProgramme(c.Context(), c.Actor, key(c), id.Programme(in.Into), c.match, in.decision())
		}).matching(),
		act("/programmes/{id}/abolish", "abolishProgramme", "Abolish a programme.", "POST /programmes/{name}/abolish", chair, func(c *call, in programmeDecision) error {
			return c.desk.AbolishProgramme(c.Context(), c.Actor, key(c), c.match, in.decision())
		}).matching(),
	}
}

// acts is a list that is never null.
func acts(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

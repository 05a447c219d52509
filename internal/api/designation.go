package api

import (
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
)

// designationRow is a title in a list.
type designationRow struct {
	ID           string        `json:"id"`
	Number       string        `json:"number"`
	Name         string        `json:"name" doc:"the holder's name at the decision"`
	CurrentName  string        `json:"current_name"`
	Organisation string        `json:"organisation"`
	Code         string        `json:"code" doc:"the holder's Unified Social Credit Code"`
	Programme    string        `json:"programme"`
	Title        string        `json:"title"`
	Issuer       string        `json:"issuer"`
	Document     string        `json:"document_number,omitempty" doc:"of the naming document; empty for a title from before the system"`
	Category     string        `json:"category,omitempty"`
	State        stage.State   `json:"state"`
	StateWord    string        `json:"state_word"`
	NamedOn      calendar.Date `json:"named_on,omitzero"`
	ValidFrom    calendar.Date `json:"valid_from,omitzero"`
	ValidTo      calendar.Date `json:"valid_to,omitzero" doc:"the last valid day"`
	EndedOn      calendar.Date `json:"ended_on,omitzero"`
}

// designationData is one title.
type designationData struct {
	designationRow
	RecheckDue calendar.Date      `json:"recheck_due,omitzero"`
	MendBy     calendar.Date      `json:"mend_by,omitzero" doc:"last day of an order to put things right"`
	Reason     string             `json:"reason,omitempty" doc:"why it ended, for the office and the holder"`
	Note       string             `json:"note,omitempty" doc:"the office's own"`
	Timeline   []designationEvent `json:"timeline"`
	Plaques    []plaqueRow        `json:"plaques"`
	Acts       []string           `json:"acts" doc:"what the token's role may do with it now"`
}

// designationEvent is a line of a title's public history.
type designationEvent struct {
	On   calendar.Date `json:"on"`
	Word string        `json:"word"`
	Note string        `json:"note,omitempty"`
}

func designationRowOf(v casework.DesignationView) designationRow {
	d := v.Designation
	return designationRow{
		ID: string(d.ID), Number: d.Number, Name: d.Name, CurrentName: v.Present, Organisation: string(d.Organisation), Code: v.Code,
		Programme: string(d.Programme), Title: v.Programme.Base, Issuer: v.Programme.Issuer.Name, Document: v.Naming.DocNumber, Category: d.Category,
		State: d.State, StateWord: designation.Kind.Word(string(d.State)), NamedOn: d.NamedOn, ValidFrom: d.ValidFrom, ValidTo: d.ValidTo, EndedOn: d.EndedOn,
	}
}

func designationDataOf(v casework.DesignationView) designationData {
	d := v.Designation
	return designationData{
		designationRow: designationRowOf(v), RecheckDue: d.RecheckDue, MendBy: v.MendBy, Reason: d.Reason, Note: d.Note, Acts: acts(v.Acts),
		Timeline: each(v.Timeline, func(e casework.TitleEvent) designationEvent { return designationEvent{e.On, e.Word, e.Note} }),
		Plaques:  each(v.Plaques, plaqueRowOf),
	}
}

// note is the office's note.
type note struct {
	Note string `json:"note"`
}

// designationQuery narrows a list of titles.
type designationQuery struct {
	paging
	Programme    string        `query:"programme"`
	Round        string        `query:"round"`
	Organisation string        `query:"organisation"`
	State        []string      `query:"state" doc:"one or more states; all when left out"`
	Year         int           `query:"year" doc:"of the naming document"`
	Category     string        `query:"category"`
	Kind         string        `query:"kind" doc:"of the organisation: association, service, foundation"`
	Region       string        `query:"region" doc:"division of the register that the holder is in: two, four or six digits"`
	On           calendar.Date `query:"on" doc:"held at the end of this day"`
	Ended        int           `query:"ended" doc:"year in which they ended"`
	DueBy        calendar.Date `query:"due_by" doc:"expires, or its recheck is due, on this day or before"`
	Query        string        `query:"q" doc:"part of the number, the code, or of any name the holder has or had"`
}

func designationRoutes() []route {
	anybody := append([]stage.Role{stage.Public}, signedIn...)
	key := func(c *call) id.Designation { return id.Designation(c.PathValue("id")) }
	return []route{
		list("/designations", "listDesignations", "List titles.", "GET /designations", anybody, func(c *call, q *designationQuery, limit int) ([]designationRow, string, error) {
			all, err := c.desk.Designations(c.Context(), c.Actor, casework.DesignationFilter{
				Programme: id.Programme(q.Programme), Round: id.Round(q.Round), Organisation: id.Organisation(q.Organisation), States: states(q.State),
				Year: q.Year, Category: q.Category, Kind: q.Kind, Region: q.Region, On: q.On, Ended: q.Ended, DueBy: q.DueBy, Query: q.Query, After: id.Designation(q.After), Limit: limit + 1,
			})
			return rows(all, err, limit, func(v casework.DesignationView) string { return string(v.Designation.ID) }, designationRowOf)
		}),
		one("/designations/{id}", "getDesignation", "Read one title.", "GET /designations/{id}", anybody, func(c *call, key string) (designationData, int64, error) {
			v, err := c.desk.Designation(c.Context(), c.Actor, id.Designation(key))
			if err != nil {
				return designationData{}, 0, err
			}
			return designationDataOf(v), v.Designation.Version, nil
		}),
		act("/designations/{id}/note", "annotateDesignation", "Write the office's note.", "POST /designations/{id}/note", clerk, func(c *call, in note) error {
			return c.desk.AnnotateDesignation(c.Context(), c.Actor, key(c), c.match, in.Note)
		}).matching(),
		act("/designations/{id}/return", "returnDesignation", "Give a title back, as its holder.", "POST /designations/{id}/return", applicant, func(c *call, in reasoned) error {
			return c.desk.ReturnDesignation(c.Context(), c.Actor, key(c), c.match, in.Reason)
		}).matching(),
		act("/designations/{id}/dissolve", "dissolveDesignation", "End a title whose holder is no more.", "POST /designations/{id}/dissolve", clerk, func(c *call, _ none) error {
			return c.desk.DissolveDesignation(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
	}
}

// plaqueRow is a plaque in a list, or one.
type plaqueRow struct {
	ID          string        `json:"id"`
	Designation string        `json:"designation"`
	Number      string        `json:"number" doc:"of the title, and which plaque of it this is"`
	Code        string        `json:"code,omitempty" doc:"verification code; for those who see the register"`
	State       stage.State   `json:"state"`
	StateWord   string        `json:"state_word"`
	Copy        int           `json:"copy" doc:"1 for the first"`
	OrderedOn   calendar.Date `json:"ordered_on,omitzero"`
	HandedOn    calendar.Date `json:"handed_on,omitzero"`
	LostOn      calendar.Date `json:"lost_on,omitzero"`
	RecalledOn  calendar.Date `json:"recalled_on,omitzero"`
	ReturnedOn  calendar.Date `json:"returned_on,omitzero"`
}

// plaqueData is one plaque.
type plaqueData struct {
	plaqueRow
	Text     string   `json:"text" doc:"what it must say, one line each"`
	Size     string   `json:"size,omitempty"`
	Material string   `json:"material,omitempty"`
	Receiver string   `json:"receiver,omitempty" doc:"the post of who received it"`
	Reason   string   `json:"reason,omitempty"`
	Acts     []string `json:"acts" doc:"what the token's role may do with it now"`

	Photographs []photographRow `json:"photographs" doc:"the latest first"`
}

func plaqueRowOf(p plaque.Plaque) plaqueRow {
	return plaqueRow{
		string(p.ID), string(p.Designation), p.Number, p.Code, p.State, plaque.Kind.Word(string(p.State)), p.Copy,
		p.OrderedOn, p.HandedOn, p.LostOn, p.RecalledOn, p.ReturnedOn,
	}
}

// handOver says to whom a plaque was given.
type handOver struct {
	Receiver string        `json:"receiver" doc:"a post, for example 秘书长"`
	On       calendar.Date `json:"on"`
}

// loss says how a plaque was lost.
type loss struct {
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
}

// plaqueQuery narrows a list of plaques.
type plaqueQuery struct {
	paging
	State []string `query:"state" doc:"one or more states"`
	Query string   `query:"q" doc:"part of the number, the code or the text"`
}

func plaqueRoutes() []route {
	register := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	holders := append([]stage.Role{stage.Applicant}, register...)
	key := func(c *call) id.Plaque { return id.Plaque(c.PathValue("id")) }
	return []route{
		list("/plaques", "listPlaques", "List plaques.", "GET /plaques", register, func(c *call, q *plaqueQuery, limit int) ([]plaqueRow, string, error) {
			all, err := c.desk.Plaques(c.Context(), c.Actor, casework.PlaqueFilter{States: states(q.State), Query: q.Query, After: id.Plaque(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(v casework.PlaqueView) string { return string(v.Plaque.ID) }, func(v casework.PlaqueView) plaqueRow { return plaqueRowOf(v.Plaque) })
		}),
		one("/plaques/{id}", "getPlaque", "Read one plaque.", "GET /plaques/{id}", holders, func(c *call, key string) (plaqueData, int64, error) {
			v, err := c.desk.Plaque(c.Context(), c.Actor, id.Plaque(key))
			if err != nil {
				return plaqueData{}, 0, err
			}
			p := v.Plaque
			return plaqueData{plaqueRowOf(p), p.Text, p.Size, p.Material, p.Receiver, p.Reason, acts(v.Acts), each(v.Photographs, photographRowOf)}, p.Version, nil
		}),
		act("/plaques/{id}/hand-over", "handOverPlaque", "Register that a plaque was handed over.", "POST /plaques/{id}/hand-over", clerk, func(c *call, in handOver) error {
			return c.desk.HandOverPlaque(c.Context(), c.Actor, key(c), c.match, in.Receiver, in.On)
		}).matching(),
		act("/plaques/{id}/lost", "reportPlaqueLost", "Report a plaque lost.", "POST /plaques/{id}/lost", []stage.Role{stage.Clerk, stage.Applicant}, func(c *call, in loss) error {
			return c.desk.ReportPlaqueLost(c.Context(), c.Actor, key(c), c.match, in.Reason, in.On)
		}).matching(),
		act("/plaques/{id}/find", "findPlaque", "Register that a plaque was found.", "POST /plaques/{id}/find", clerk, func(c *call, _ none) error {
			return c.desk.FindPlaque(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/plaques/{id}/reissue", "reissuePlaque", "Have a plaque made again.", "POST /plaques/{id}/reissue", clerk, func(c *call, in reasoned) error {
			_, err := c.desk.ReissuePlaque(c.Context(), c.Actor, key(c), c.match, in.Reason)
			return err
		}).matching(),
		act("/plaques/{id}/recall", "recallPlaque", "Recall a plaque.", "POST /plaques/{id}/recall", clerk, func(c *call, _ none) error {
			return c.desk.RecallPlaque(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/plaques/{id}/hand-back", "returnPlaque", "Register that a plaque came back.", "POST /plaques/{id}/hand-back", clerk, func(c *call, in dated) error {
			return c.desk.ReturnPlaque(c.Context(), c.Actor, key(c), c.match, in.On)
		}).matching(),
	}
}

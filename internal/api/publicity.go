package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
)

// publicityRow is a publicity in a list.
type publicityRow struct {
	ID          string        `json:"id"`
	Programme   string        `json:"programme"`
	Round       string        `json:"round,omitempty"`
	Title       string        `json:"title"`
	State       stage.State   `json:"state"`
	StateWord   string        `json:"state_word"`
	PublishedAt time.Time     `json:"published_at,omitzero"`
	First       calendar.Date `json:"first,omitzero" doc:"the first day that counts"`
	Last        calendar.Date `json:"last,omitzero" doc:"the last day that counts"`
	Days        int           `json:"days" doc:"full working days that are needed"`
}

// publicityData is one publicity.
type publicityData struct {
	publicityRow
	Text        string          `json:"text,omitempty"`
	Contact     string          `json:"contact,omitempty"`
	Place       string          `json:"place,omitempty"`
	Provisional bool            `json:"provisional" doc:"a year in it has no published arrangement of working days"`
	Digest      string          `json:"digest,omitempty" doc:"SHA-256 of the page as published, in hex"`
	Posting     string          `json:"posting,omitempty" doc:"where it was posted besides"`
	Candidates  []candidateData `json:"candidates"`
	Changes     []publicityNote `json:"changes"`
	Acts        []string        `json:"acts" doc:"what the token's role may do with it now"`
}

// candidateData is a candidate on the list.
type candidateData struct {
	ID        string      `json:"id"`
	Position  int         `json:"position"`
	Name      string      `json:"name"`
	Code      string      `json:"code,omitempty"`
	PartyBody string      `json:"party_body,omitempty"`
	Category  string      `json:"category,omitempty"`
	State     stage.State `json:"state"`
}

// publicityNote is what changed while it ran.
type publicityNote struct {
	At  time.Time `json:"at"`
	Act string    `json:"act"`
	Say string    `json:"say"`
}

func publicityRowOf(v casework.PublicityView) publicityRow {
	p := v.Publicity
	return publicityRow{
		ID: string(p.ID), Programme: string(p.Programme), Round: string(p.Round), Title: p.Title, State: p.State,
		StateWord: publicity.Kind.Word(string(p.State)), PublishedAt: p.PublishedAt, First: p.First, Last: p.Last, Days: p.Days,
	}
}

func publicityDataOf(v casework.PublicityView) publicityData {
	p := v.Publicity
	return publicityData{
		publicityRow: publicityRowOf(v), Text: p.Text, Contact: p.Contact, Place: p.Place, Provisional: p.Provisional, Digest: p.Digest, Posting: p.Posting.URL, Acts: acts(v.Acts),
		Candidates: each(v.Candidates, func(c publicity.Candidate) candidateData {
			return candidateData{string(c.ID), c.Position, c.Name, c.Code, c.PartyBody, c.Category, c.State}
		}),
		Changes: each(p.Changes, func(c publicity.Change) publicityNote { return publicityNote{c.At, c.Act, c.Say} }),
	}
}

// publicityPlan is what a publicity says.
type publicityPlan struct {
	Title   string `json:"title"`
	Text    string `json:"text"`
	Contact string `json:"contact"`
}

func (p publicityPlan) plan() publicity.Plan {
	return publicity.Plan{Title: p.Title, Text: p.Text, Contact: p.Contact}
}

// publicityDraft is a plan with its round.
type publicityDraft struct {
	Round string `json:"round"`
	publicityPlan
}

// publicityRelease publishes.
type publicityRelease struct {
	From         calendar.Date `json:"from" doc:"the day on which it begins"`
	Acknowledged bool          `json:"acknowledged,omitempty" doc:"that the end is provisional"`
}

// publicityPosting registers where it was posted.
type publicityPosting struct {
	URL          string    `json:"url"`
	At           time.Time `json:"at"`
	SHA256       string    `json:"sha256,omitempty" doc:"of the page there, in hex; empty: not reckoned"`
	Acknowledged bool      `json:"acknowledged,omitempty"`
}

// interruption registers that it could not be read for a while.
type interruption struct {
	From         time.Time `json:"from"`
	To           time.Time `json:"to"`
	Reason       string    `json:"reason"`
	Acknowledged bool      `json:"acknowledged,omitempty"`
}

// publicityCorrection corrects what was published.
type publicityCorrection struct {
	publicityPlan
	Names        map[string]string `json:"names,omitempty" doc:"by candidate, as they should read"`
	Remove       []string          `json:"remove,omitempty" doc:"candidates that leave the list"`
	Reason       string            `json:"reason"`
	Acknowledged bool              `json:"acknowledged,omitempty"`
}

func (p publicityCorrection) correction() casework.Correction {
	out := casework.Correction{Plan: p.plan(), Names: map[id.Candidate]string{}, Reason: p.Reason, Acknowledged: p.Acknowledged}
	for k, n := range p.Names {
		out.Names[id.Candidate(k)] = n
	}
	for _, k := range p.Remove {
		out.Remove = append(out.Remove, id.Candidate(k))
	}
	return out
}

// takenDown says when something was taken down.
type takenDown struct {
	At time.Time `json:"at"`
}

// publicityQuery narrows a list of publicities.
type publicityQuery struct {
	paging
	Programme string   `query:"programme"`
	Round     string   `query:"round"`
	State     []string `query:"state" doc:"one or more states"`
}

func publicityRoutes() []route {
	public := []stage.Role{stage.Public, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	key := func(c *call) id.Publicity { return id.Publicity(c.PathValue("id")) }
	return []route{
		list("/publicities", "listPublicities", "List publicities.", "GET /publicities", public, func(c *call, q *publicityQuery, limit int) ([]publicityRow, string, error) {
			all, err := c.desk.Publicities(c.Context(), c.Actor, casework.PublicityFilter{
				Programme: id.Programme(q.Programme), Round: id.Round(q.Round), States: states(q.State), After: id.Publicity(q.After), Limit: limit + 1,
			})
			return rows(all, err, limit, func(v casework.PublicityView) string { return string(v.Publicity.ID) }, publicityRowOf)
		}),
		one("/publicities/{id}", "getPublicity", "Read one publicity.", "GET /publicities/{id}", public, func(c *call, key string) (publicityData, int64, error) {
			v, err := c.desk.Publicity(c.Context(), c.Actor, id.Publicity(key))
			if err != nil {
				return publicityData{}, 0, err
			}
			return publicityDataOf(v), v.Publicity.Version, nil
		}),
		act("/publicities", "draftPublicity", "Draft a publicity.", "POST /publicities/new", clerk, func(c *call, in publicityDraft) error {
			_, err := c.desk.DraftPublicity(c.Context(), c.Actor, id.Round(in.Round), in.plan())
			return err
		}).making(),
		act("/publicities/{id}/edit", "editPublicity", "Change a draft.", "POST /publicities/{id}/edit", clerk, func(c *call, in publicityPlan) error {
			return c.desk.EditPublicity(c.Context(), c.Actor, key(c), c.match, in.plan())
		}).matching(),
		act("/publicities/{id}/publish", "publishPublicity", "Publish.", "POST /publicities/{id}/publish", director, func(c *call, in publicityRelease) error {
			return c.desk.PublishPublicity(c.Context(), c.Actor, key(c), c.match, in.From, in.Acknowledged)
		}).matching(),
		act("/publicities/{id}/post", "postPublicity", "Register where it was posted besides.", "POST /publicities/{id}/post", office, func(c *call, in publicityPosting) error {
			return c.desk.PostPublicity(c.Context(), c.Actor, key(c), publicity.Posting{URL: in.URL, At: in.At, SHA256: in.SHA256}, in.Acknowledged)
		}),
		act("/publicities/{id}/interrupt", "interruptPublicity", "Register that it could not be read for a while.", "POST /publicities/{id}/interrupt", office, func(c *call, in interruption) error {
			return c.desk.InterruptPublicity(c.Context(), c.Actor, key(c), in.From, in.To, in.Reason, in.Acknowledged)
		}),
		act("/publicities/{id}/correct", "correctPublicity", "Correct what was published.", "POST /publicities/{id}/correct", director, func(c *call, in publicityCorrection) error {
			return c.desk.CorrectPublicity(c.Context(), c.Actor, key(c), c.match, in.correction())
		}).matching(),
		act("/publicities/{id}/recount", "recountPublicity", "Count the days anew after a new arrangement of working days.", "POST /publicities/{id}/recount", director, func(c *call, _ none) error {
			return c.desk.RecountPublicity(c.Context(), c.Actor, key(c))
		}),
		act("/publicities/{id}/take-down", "takeDownPublicity", "Register that it was taken down.", "POST /publicities/{id}/take-down", clerk, func(c *call, in takenDown) error {
			return c.desk.TakeDownPublicity(c.Context(), c.Actor, key(c), in.At)
		}),
		act("/publicities/{id}/withdraw", "withdrawPublicity", "Withdraw a publicity that runs.", "POST /publicities/{id}/withdraw", director, func(c *call, in reasoned) error {
			return c.desk.WithdrawPublicity(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/publicities/{id}/cancel", "cancelPublicity", "Cancel a draft.", "POST /publicities/{id}/cancel", office, func(c *call, in reasoned) error {
			return c.desk.CancelPublicity(c.Context(), c.Actor, key(c), in.Reason)
		}),
	}
}

// objectionRow is an objection in a list. Who objects is nowhere here.
type objectionRow struct {
	ID        string        `json:"id"`
	Publicity string        `json:"publicity"`
	Candidate string        `json:"candidate"`
	Name      string        `json:"name" doc:"of the candidate, as publicised"`
	Number    int           `json:"number" doc:"within its publicity, from 1"`
	State     stage.State   `json:"state"`
	StateWord string        `json:"state_word"`
	ArrivedAt time.Time     `json:"arrived_at,omitzero"`
	AnswerOn  calendar.Date `json:"answer_on,omitzero"`
}

// objectionData is one objection, as the token's person may see it.
type objectionData struct {
	objectionRow
	Text       string        `json:"text,omitempty"`
	Question   string        `json:"question,omitempty" doc:"what the organisation is asked"`
	ReplyOn    calendar.Date `json:"reply_on,omitzero"`
	Reply      string        `json:"reply,omitempty"`
	Summary    string        `json:"summary,omitempty"`
	Finding    string        `json:"finding,omitempty"`
	Outcome    stage.State   `json:"outcome,omitempty"`
	Answer     string        `json:"answer,omitempty"`
	AnsweredAt time.Time     `json:"answered_at,omitzero"`
	Files      []sentAlong   `json:"files" doc:"that came along with it, for those who know who raised it"`
	Acts       []string      `json:"acts" doc:"what the token's role may do with it now"`
}

func objectionRowOf(o objection.Objection) objectionRow {
	return objectionRow{
		ID: string(o.ID), Publicity: string(o.Publicity), Candidate: string(o.Candidate), Name: o.Name, Number: o.Number, State: o.State,
		StateWord: objection.Kind.Word(string(o.State)), ArrivedAt: o.ArrivedAt, AnswerOn: o.AnswerOn,
	}
}

// objectionAssignment gives a case to somebody.
type objectionAssignment struct {
	Handler string `json:"handler" doc:"an account"`
}

// objectionQuestion asks the organisation.
type objectionQuestion struct {
	Question string `json:"question" doc:"never who objected"`
	Days     int    `json:"days" doc:"working days for the reply"`
}

// objectionText is a reply or an answer.
type objectionText struct {
	Text string `json:"text"`
}

// objectionConclusion is what the handler found.
type objectionConclusion struct {
	Founded bool   `json:"founded"`
	Summary string `json:"summary" doc:"what is raised, in the handler's words"`
	Finding string `json:"finding" doc:"what was looked into, and what it shows"`
}

// objectionQuery narrows a list of objections.
type objectionQuery struct {
	paging
	Publicity string   `query:"publicity"`
	State     []string `query:"state" doc:"one or more states"`
}

func objectionRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Auditor, stage.Applicant}
	key := func(c *call) id.Objection { return id.Objection(c.PathValue("id")) }
	return []route{
		list("/objections", "listObjections", "List objections.", "GET /objections", sees, func(c *call, q *objectionQuery, limit int) ([]objectionRow, string, error) {
			all, err := c.desk.Objections(c.Context(), c.Actor, casework.ObjectionFilter{Publicity: id.Publicity(q.Publicity), States: states(q.State), After: id.Objection(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(o objection.Objection) string { return string(o.ID) }, objectionRowOf)
		}),
		one("/objections/{id}", "getObjection", "Read one objection.", "GET /objections/{id}", sees, func(c *call, key string) (objectionData, int64, error) {
			v, err := c.desk.Objection(c.Context(), c.Actor, id.Objection(key))
			if err != nil {
				return objectionData{}, 0, err
			}
			o := v.Objection
			return objectionData{objectionRowOf(o), o.Text, o.Question, o.ReplyOn, o.Reply, o.Summary, o.Finding, o.Outcome, o.Answer, o.AnsweredAt, each(v.Files, sentAlongOf), acts(v.Acts)}, o.Version, nil
		}),
		act("/objections/{id}/admit", "admitObjection", "Open the case.", "POST /objections/{id}/admit", clerk, func(c *call, _ none) error {
			return c.desk.AdmitObjection(c.Context(), c.Actor, key(c))
		}),
		act("/objections/{id}/assign", "assignObjection", "Give the case to somebody.", "POST /objections/{id}/assign", director, func(c *call, in objectionAssignment) error {
			return c.desk.AssignObjection(c.Context(), c.Actor, key(c), id.Account(in.Handler))
		}),
		act("/objections/{id}/ask", "askObjection", "Ask the organisation.", "POST /objections/{id}/ask", clerk, func(c *call, in objectionQuestion) error {
			return c.desk.AskObjection(c.Context(), c.Actor, key(c), in.Question, in.Days)
		}),
		act("/objections/{id}/reply", "replyObjection", "Reply, as the organisation.", "POST /objections/{id}/reply", applicant, func(c *call, in objectionText) error {
			return c.desk.ReplyObjection(c.Context(), c.Actor, key(c), in.Text)
		}),
		act("/objections/{id}/conclude", "concludeObjection", "Say what was found.", "POST /objections/{id}/conclude", clerk, func(c *call, in objectionConclusion) error {
			return c.desk.ConcludeObjection(c.Context(), c.Actor, key(c), objection.Conclusion{Founded: in.Founded, Summary: in.Summary, Finding: in.Finding})
		}),
		act("/objections/{id}/send-back", "sendBackObjection", "Have the case looked into again.", "POST /objections/{id}/send-back", director, func(c *call, in reasoned) error {
			return c.desk.SendBackObjection(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/objections/{id}/answer", "answerObjection", "Answer the objector.", "POST /objections/{id}/answer", director, func(c *call, in objectionText) error {
			return c.desk.AnswerObjection(c.Context(), c.Actor, key(c), in.Text)
		}),
	}
}

package api

import (
	"io"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/figure"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
)

var (
	seesTitleCases = []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Chair, stage.Auditor}
	opensTitleCase = []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Auditor}
)

// titleShort names the title that a case is about.
type titleShort struct {
	Designation  string `json:"designation"`
	Organisation string `json:"organisation"`
	Number       string `json:"number" doc:"of the title"`
	Name         string `json:"name" doc:"the holder's at the naming"`
}

func titleShortOf(d designation.Designation) titleShort {
	return titleShort{string(d.ID), string(d.Organisation), d.Number, d.Name}
}

// caseQuery narrows a list of cases about titles.
type caseQuery struct {
	paging
	Programme string   `query:"programme"`
	State     []string `query:"state" doc:"one or more states"`
	Query     string   `query:"q" doc:"part of the title's number or of the holder's name at the naming"`
}

// dueQuery narrows a list of rechecks.
type dueQuery struct {
	caseQuery
	DueBy calendar.Date `query:"due_by" doc:"due on this day or before"`
}

// recheckRow is a recheck in a list.
type recheckRow struct {
	ID string `json:"id"`
	titleShort
	State     stage.State   `json:"state"`
	StateWord string        `json:"state_word"`
	DueOn     calendar.Date `json:"due_on,omitzero"`
	Plan      string        `json:"plan,omitempty" doc:"whose sample drew it"`
	Depth     string        `json:"depth,omitempty" doc:"light, desk or site, where a plan says so"`
	Origin    string        `json:"origin,omitempty" doc:"event where something that happened to the holder opened it; otherwise of the title's term"`
}

// recheckCause is what happened to the holder and a recheck looks into.
type recheckCause struct {
	ID   string        `json:"id"`
	Kind string        `json:"kind" doc:"as the programme's recheck.triggers name it"`
	Say  string        `json:"say"`
	On   calendar.Date `json:"on,omitzero"`
}

func recheckCauseOf(t trigger.Trigger) recheckCause {
	return recheckCause{string(t.ID), t.Kind, t.Say, t.On}
}

// recheckFigure is one condition, then and now.
type recheckFigure struct {
	Rule   string        `json:"rule"`
	Title  string        `json:"title"`
	Clause string        `json:"clause,omitempty"`
	Then   recheckJudged `json:"then"`
	Now    recheckJudged `json:"now"`
	Change string        `json:"change" doc:"in words"`
}

// recheckJudged is what one condition found.
type recheckJudged struct {
	Why      []string `json:"why" doc:"what was looked at"`
	ByNaming string   `json:"by_naming,omitempty" doc:"by the standard of the naming; absent where it does not ask"`
	ByNow    string   `json:"by_now,omitempty" doc:"by today's standard; absent where it does not ask"`
}

func recheckFigureOf(f figure.Figure) recheckFigure {
	judged := func(j figure.Judged) recheckJudged {
		return recheckJudged{each(j.Why, func(s string) string { return s }), string(j.ByNaming), string(j.ByNow)}
	}
	return recheckFigure{f.Code, f.Title, f.Clause, judged(f.Then), judged(f.Now), f.Change()}
}

// recheckNumber is one figure of the ledger.
type recheckNumber struct {
	Word   string `json:"word"`
	Unit   string `json:"unit"`
	Then   int    `json:"then" doc:"-1: none"`
	Now    int    `json:"now" doc:"-1: none"`
	Change string `json:"change" doc:"in words"`
}

func recheckNumberOf(n figure.Number) recheckNumber {
	return recheckNumber{n.Word, n.Unit, n.Then, n.Now, n.Change()}
}

// recheckData is one recheck, as the token's person may see it.
type recheckData struct {
	recheckRow
	Assessors   []string                   `json:"assessors" doc:"accounts"`
	SelfReport  string                     `json:"self_report,omitempty"`
	Findings    map[string]recheck.Finding `json:"findings" doc:"by indicator"`
	Opinion     string                     `json:"opinion,omitempty"`
	Reason      string                     `json:"reason,omitempty"`
	OpenedAt    time.Time                  `json:"opened_at,omitzero"`
	ReportedAt  time.Time                  `json:"reported_at,omitzero"`
	ConcludedAt time.Time                  `json:"concluded_at,omitzero"`
	Order       string                     `json:"order,omitempty" doc:"the rectification that followed"`
	Figures     []recheckFigure            `json:"figures" doc:"conditions as at the naming and now, by either standard"`
	Numbers     []recheckNumber            `json:"numbers" doc:"of the ledger of the year before the naming and of the last year"`
	Causes      []recheckCause             `json:"causes" doc:"what happened to the holder that it looks into"`
	Acts        []string                   `json:"acts" doc:"what the token's role may do with it now"`
}

func recheckRowOf(r recheck.Recheck, d designation.Designation) recheckRow {
	return recheckRow{string(r.ID), titleShortOf(d), r.State, recheck.Kind.Word(string(r.State)), r.DueOn, string(r.Plan), r.Depth, r.Origin}
}

func names(all []id.Account) []string {
	return each(all, func(a id.Account) string { return string(a) })
}

// assessors names who looks.
type assessors struct {
	Assessors []string `json:"assessors" doc:"accounts"`
}

// selfReport is the holder's own account.
type selfReport struct {
	Text string `json:"text"`
}

// recheckAccount is what was found.
type recheckAccount struct {
	Findings map[string]recheck.Finding `json:"findings,omitempty" doc:"by indicator; now and note"`
	Opinion  string                     `json:"opinion,omitempty"`
}

func recheckRoutes() []route {
	key := func(c *call) id.Recheck { return id.Recheck(c.PathValue("id")) }
	return []route{
		list("/rechecks", "listRechecks", "List rechecks.", "GET /rechecks", seesTitleCases, func(c *call, q *dueQuery, limit int) ([]recheckRow, string, error) {
			all, _, err := c.desk.Rechecks(c.Context(), c.Actor, casework.RecheckFilter{
				Programme: id.Programme(q.Programme), States: states(q.State), DueBy: q.DueBy, Query: q.Query, After: id.Recheck(q.After), Limit: limit + 1,
			})
			return rows(all, err, limit, func(r casework.RecheckRow) string { return string(r.Recheck.ID) }, func(r casework.RecheckRow) recheckRow { return recheckRowOf(r.Recheck, r.Title) })
		}),
		one("/rechecks/{id}", "getRecheck", "Read one recheck.", "GET /rechecks/{id}", opensTitleCase, func(c *call, key string) (recheckData, int64, error) {
			v, err := c.desk.Recheck(c.Context(), c.Actor, id.Recheck(key))
			if err != nil {
				return recheckData{}, 0, err
			}
			r := v.Recheck
			if r.Findings == nil {
				r.Findings = map[string]recheck.Finding{}
			}
			return recheckData{
				recheckRowOf(r, v.Title), names(r.Assessors), r.SelfReport, r.Findings, r.Opinion, r.Reason, r.OpenedAt, r.ReportedAt, r.ConcludedAt, string(v.Order), each(v.Figures, recheckFigureOf), each(v.Numbers, recheckNumberOf), each(v.Causes, recheckCauseOf), acts(v.Acts),
			}, r.Version, nil
		}),
		act("/rechecks/{id}/begin", "beginRecheck", "Begin a recheck that is due, and say who looks.", "POST /rechecks/{id}/assessors", clerk, func(c *call, in assessors) error {
			return c.desk.BeginRecheck(c.Context(), c.Actor, key(c), accounts(in.Assessors), c.match)
		}).matching(),
		act("/rechecks/{id}/assign", "assignRecheck", "Say anew who looks.", "POST /rechecks/{id}/assessors", clerk, func(c *call, in assessors) error {
			return c.desk.AssignRecheck(c.Context(), c.Actor, key(c), accounts(in.Assessors), c.match)
		}).matching(),
		act("/rechecks/{id}/self-report", "reportSelf", "Report, as the holder.", "POST /rechecks/{id}/self-report", applicant, func(c *call, in selfReport) error {
			return c.desk.ReportSelf(c.Context(), c.Actor, key(c), in.Text, c.match)
		}).matching(),
		act("/rechecks/{id}/note", "noteRecheck", "Save what was found, not finished.", "POST /rechecks/{id}/report", assessor, func(c *call, in recheckAccount) error {
			return c.desk.NoteRecheck(c.Context(), c.Actor, key(c), in.Findings, in.Opinion, c.match)
		}).matching(),
		act("/rechecks/{id}/report", "reportRecheck", "Report what was found.", "POST /rechecks/{id}/report", assessor, func(c *call, in recheckAccount) error {
			return c.desk.ReportRecheck(c.Context(), c.Actor, key(c), in.Findings, in.Opinion, c.match)
		}).matching(),
		act("/rechecks/{id}/visit", "visitRecheck", "Note the day at the place.", "POST /rechecks/{id}/visited", assessor, func(c *call, in dated) error {
			return c.desk.VisitRecheck(c.Context(), c.Actor, key(c), in.On, c.match)
		}).matching(),
		act("/rechecks/{id}/accept", "acceptRecheck", "Accept the holder's own account, in a light recheck.", "POST /rechecks/{id}/accept", clerk, func(c *call, in recheckAccount) error {
			return c.desk.AcceptRecheck(c.Context(), c.Actor, key(c), in.Opinion, c.match)
		}).matching(),
		act("/rechecks/{id}/deepen", "deepenRecheck", "Have it look deeper.", "POST /rechecks/{id}/deepen", clerk, func(c *call, in deeper) error {
			return c.desk.DeepenRecheck(c.Context(), c.Actor, key(c), in.Depth, in.Reason, c.match)
		}).matching(),
		act("/rechecks/{id}/pass", "passRecheck", "Conclude that the standard is kept.", "POST /rechecks/{id}/conclude", chair, func(c *call, in reasoned) error {
			return c.desk.PassRecheck(c.Context(), c.Actor, key(c), in.Reason, c.match)
		}).matching(),
		act("/rechecks/{id}/slip", "slipRecheck", "Conclude that the standard has slipped.", "POST /rechecks/{id}/conclude", chair, func(c *call, in reasoned) error {
			return c.desk.SlipRecheck(c.Context(), c.Actor, key(c), in.Reason, c.match)
		}).matching(),
	}
}

// rectificationRow is an order in a list.
type rectificationRow struct {
	ID string `json:"id"`
	titleShort
	State     stage.State   `json:"state"`
	StateWord string        `json:"state_word"`
	OrderedAt time.Time     `json:"ordered_at,omitzero"`
	ServedOn  calendar.Date `json:"served_on,omitzero"`
	DueOn     calendar.Date `json:"due_on,omitzero"`
}

// rectificationData is one order, as the token's person may see it.
type rectificationData struct {
	rectificationRow
	Recheck    string               `json:"recheck,omitempty"`
	Items      []rectification.Item `json:"items"`
	Assessors  []string             `json:"assessors" doc:"accounts"`
	ReportedAt time.Time            `json:"reported_at,omitzero"`
	Method     string               `json:"method,omitempty" doc:"site or desk: how it was verified"`
	Evident    bool                 `json:"evident"`
	Opinion    string               `json:"opinion,omitempty"`
	Reason     string               `json:"reason,omitempty"`
	Proceeding string               `json:"proceeding,omitempty" doc:"the revocation that followed"`
	Acts       []string             `json:"acts" doc:"what the token's role may do with it now"`
}

func rectificationRowOf(r rectification.Rectification, d designation.Designation) rectificationRow {
	return rectificationRow{string(r.ID), titleShortOf(d), r.State, rectification.Kind.Word(string(r.State)), r.OrderedAt, r.ServedOn, r.DueOn}
}

// order orders a rectification.
type order struct {
	Recheck     string   `json:"recheck,omitempty" doc:"that led to it"`
	Designation string   `json:"designation,omitempty" doc:"read when no recheck led to it"`
	Items       []string `json:"items" doc:"what to put right"`
}

// extension extends a limit.
type extension struct {
	To     calendar.Date `json:"to"`
	Reason string        `json:"reason"`
}

// itemAnswer answers one item of an order.
type itemAnswer struct {
	Item     int    `json:"item" doc:"from 1"`
	Done     string `json:"done"`
	Evidence string `json:"evidence,omitempty" doc:"what shows it, in words; may be empty where files are attached"`
}

// verification verifies what was put right.
type verification struct {
	Method  string               `json:"method" doc:"site or desk"`
	Items   []rectification.Item `json:"items" doc:"evident and note, in the order of the items"`
	Opinion string               `json:"opinion"`
}

// proofQuery says what a file that comes as a body shows.
type proofQuery struct {
	Item int    `query:"item" doc:"of the order that the file shows to be put right, from 1"`
	Name string `query:"name" doc:"the file's name"`
}

// proofGone takes a file away from an item.
type proofGone struct {
	Item int    `json:"item" doc:"from 1"`
	File string `json:"file"`
}

// attachProof reads a file from the body. What was asked is known once it was read.
func attachProof(c *call, q *proofQuery) error {
	_, err := c.desk.AttachProof(c.Context(), c.Actor, id.Rectification(c.PathValue("id")), q.Item, q.Name, io.TeeReader(c.Body, c.asked))
	return err
}

func rectificationRoutes() []route {
	key := func(c *call) id.Rectification { return id.Rectification(c.PathValue("id")) }
	return []route{
		list("/rectifications", "listRectifications", "List orders to put things right.", "GET /rectifications", seesTitleCases, func(c *call, q *caseQuery, limit int) ([]rectificationRow, string, error) {
			all, err := c.desk.Rectifications(c.Context(), c.Actor, casework.RectificationFilter{Programme: id.Programme(q.Programme), States: states(q.State), Query: q.Query, After: id.Rectification(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(r casework.RectificationRow) string { return string(r.Order.ID) }, func(r casework.RectificationRow) rectificationRow { return rectificationRowOf(r.Order, r.Title) })
		}),
		one("/rectifications/{id}", "getRectification", "Read one order.", "GET /rectifications/{id}", opensTitleCase, func(c *call, key string) (rectificationData, int64, error) {
			v, err := c.desk.Rectification(c.Context(), c.Actor, id.Rectification(key))
			if err != nil {
				return rectificationData{}, 0, err
			}
			r := v.Order
			return rectificationData{
				rectificationRowOf(r, v.Title), string(r.Recheck), each(r.Items, func(i rectification.Item) rectification.Item { return i }), names(r.Assessors),
				r.ReportedAt, r.Method, r.Evident, r.Opinion, r.Reason, string(v.Proceeding), acts(v.Acts),
			}, r.Version, nil
		}),
		act("/rectifications", "orderRectification", "Order a rectification.", "POST /rectifications/new", chair, func(c *call, in order) error {
			_, err := c.desk.OrderRectification(c.Context(), c.Actor, casework.RectificationOrder{Recheck: id.Recheck(in.Recheck), Designation: id.Designation(in.Designation), Items: in.Items})
			return err
		}).making(),
		act("/rectifications/{id}/serve", "serveRectification", "Register that the order was served.", "POST /rectifications/{id}/serve", clerk, func(c *call, in dated) error {
			return c.desk.ServeRectification(c.Context(), c.Actor, key(c), in.On, c.match)
		}).matching(),
		act("/rectifications/{id}/extend", "extendRectification", "Extend the limit.", "POST /rectifications/{id}/extend", director, func(c *call, in extension) error {
			return c.desk.ExtendRectification(c.Context(), c.Actor, key(c), in.To, in.Reason, c.match)
		}).matching(),
		act("/rectifications/{id}/assign", "assignRectification", "Say who verifies.", "POST /rectifications/{id}/assessors", clerk, func(c *call, in assessors) error {
			return c.desk.AssignRectification(c.Context(), c.Actor, key(c), accounts(in.Assessors), c.match)
		}).matching(),
		act("/rectifications/{id}/answer", "answerRectification", "Answer an item, as the holder.", "POST /rectifications/{id}/items/{n}", applicant, func(c *call, in itemAnswer) error {
			return c.desk.AnswerRectification(c.Context(), c.Actor, key(c), in.Item, in.Done, in.Evidence, c.match)
		}).matching(),
		streaming("/rectifications/{id}/attach", "attachRectificationEvidence", "Upload evidence for an item, as the holder; the body is the file's bytes.", "POST /rectifications/{id}/items/{n}/files", applicant, attachProof),
		act("/rectifications/{id}/detach", "detachRectificationEvidence", "Take evidence away from an item, as the holder.", "POST /rectifications/{id}/items/{n}/files/remove", applicant, func(c *call, in proofGone) error {
			return c.desk.DetachProof(c.Context(), c.Actor, key(c), in.Item, id.File(in.File))
		}),
		act("/rectifications/{id}/report", "reportRectification", "Report that everything is put right.", "POST /rectifications/{id}/report", applicant, func(c *call, _ none) error {
			return c.desk.ReportRectification(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/rectifications/{id}/verify", "verifyRectification", "Verify.", "POST /rectifications/{id}/verify", assessor, func(c *call, in verification) error {
			return c.desk.VerifyRectification(c.Context(), c.Actor, key(c), in.Method, in.Items, in.Opinion, c.match)
		}).matching(),
	}
}

// revocationRow is a proceeding in a list.
type revocationRow struct {
	ID string `json:"id"`
	titleShort
	State      stage.State `json:"state"`
	StateWord  string      `json:"state_word"`
	Ground     string      `json:"ground"`
	ProposedAt time.Time   `json:"proposed_at,omitzero"`
}

// revocationData is one proceeding, as the token's person may see it.
type revocationData struct {
	revocationRow
	Facts       string        `json:"facts,omitempty"`
	NotifiedOn  calendar.Date `json:"notified_on,omitzero"`
	HearingLast calendar.Date `json:"hearing_last,omitzero"`
	Statement   string        `json:"statement,omitempty"`
	Reason      string        `json:"reason,omitempty"`
	DecidedOn   calendar.Date `json:"decided_on,omitzero"`
	AppealLast  calendar.Date `json:"appeal_last,omitzero"`
	Appeal      string        `json:"appeal,omitempty"`
	BarredUntil calendar.Date `json:"barred_until,omitzero"`
	ClosedAt    time.Time     `json:"closed_at,omitzero"`
	Acts        []string      `json:"acts" doc:"what the token's role may do with it now"`
}

func revocationRowOf(r revocation.Revocation, d designation.Designation) revocationRow {
	return revocationRow{string(r.ID), titleShortOf(d), r.State, revocation.Kind.Word(string(r.State)), r.Ground, r.ProposedAt}
}

// proposal proposes a revocation.
type proposal struct {
	Designation string `json:"designation"`
	Ground      string `json:"ground"`
	Facts       string `json:"facts" doc:"what was found, as the notice prints it"`
}

// statement is what the holder says.
type statement struct {
	Text string `json:"text"`
}

func revocationRoutes() []route {
	lists := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	opens := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Auditor}
	key := func(c *call) id.Revocation { return id.Revocation(c.PathValue("id")) }
	return []route{
		list("/revocations", "listRevocations", "List proceedings.", "GET /revocations", lists, func(c *call, q *caseQuery, limit int) ([]revocationRow, string, error) {
			all, err := c.desk.Revocations(c.Context(), c.Actor, casework.RevocationFilter{Programme: id.Programme(q.Programme), States: states(q.State), Query: q.Query, After: id.Revocation(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(r casework.RevocationRow) string { return string(r.Proceeding.ID) }, func(r casework.RevocationRow) revocationRow { return revocationRowOf(r.Proceeding, r.Title) })
		}),
		one("/revocations/{id}", "getRevocation", "Read one proceeding.", "GET /revocations/{id}", opens, func(c *call, key string) (revocationData, int64, error) {
			v, err := c.desk.Revocation(c.Context(), c.Actor, id.Revocation(key))
			if err != nil {
				return revocationData{}, 0, err
			}
			r := v.Proceeding
			return revocationData{
				revocationRowOf(r, v.Title), r.Facts, r.NotifiedOn, r.HearingLast, r.Statement, r.Reason, r.DecidedOn, r.AppealLast, r.Appeal, r.BarredUntil, r.ClosedAt, acts(v.Acts),
			}, r.Version, nil
		}),
		act("/revocations", "proposeRevocation", "Propose a revocation.", "POST /revocations/new", clerk, func(c *call, in proposal) error {
			_, err := c.desk.ProposeRevocation(c.Context(), c.Actor, id.Designation(in.Designation), in.Ground, in.Facts)
			return err
		}).making(),
		act("/revocations/{id}/notify", "notifyRevocation", "Register that the holder was notified.", "POST /revocations/{id}/notify", clerk, func(c *call, in dated) error {
			return c.desk.NotifyRevocation(c.Context(), c.Actor, key(c), in.On, c.match)
		}).matching(),
		act("/revocations/{id}/state", "stateAgainstRevocation", "State, as the holder.", "POST /revocations/{id}/state", applicant, func(c *call, in statement) error {
			return c.desk.StateAgainstRevocation(c.Context(), c.Actor, key(c), in.Text, c.match)
		}).matching(),
		act("/revocations/{id}/appeal", "appealRevocation", "Appeal, as the holder.", "POST /revocations/{id}/appeal", applicant, func(c *call, in statement) error {
			return c.desk.AppealRevocation(c.Context(), c.Actor, key(c), in.Text, c.match)
		}).matching(),
	}
}

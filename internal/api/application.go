package api

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/notice"
	"shifan/internal/lifecycle/stage"
)

// applicationRow is an application in a list.
type applicationRow struct {
	ID           string        `json:"id"`
	Programme    string        `json:"programme"`
	Round        string        `json:"round"`
	Organisation string        `json:"organisation"`
	Number       string        `json:"number,omitempty" doc:"given when it is submitted"`
	Name         string        `json:"name"`
	Category     string        `json:"category,omitempty"`
	State        stage.State   `json:"state"`
	StateWord    string        `json:"state_word"`
	Stage        string        `json:"stage,omitempty" doc:"the stage that has it"`
	SubmittedAt  time.Time     `json:"submitted_at,omitzero"`
	AcceptBy     calendar.Date `json:"accept_by,omitzero" doc:"until when the office decides about accepting"`
}

// applicationData is one application.
type applicationData struct {
	applicationRow
	PartyBody  string                 `json:"party_body,omitempty"`
	Answers    map[string]answerData  `json:"answers" doc:"by indicator"`
	Signatory  string                 `json:"signatory,omitempty"`
	Committed  bool                   `json:"committed"`
	SavedAt    time.Time              `json:"saved_at,omitzero"`
	Digest     string                 `json:"digest,omitempty" doc:"SHA-256 of what was submitted, in hex"`
	Correction applicationCorrection  `json:"correction,omitzero"`
	Reason     string                 `json:"reason,omitempty"`
	History    []applicationEvent     `json:"history"`
	Gaps       []wrong                `json:"gaps" doc:"what is missing, of a draft"`
	Checks     []eligibilityCheck     `json:"checks" doc:"the conditions, as they stand now"`
	Files      map[string][]fileShort `json:"files" doc:"by indicator"`
	Acts       []string               `json:"acts" doc:"what the token's role may do with it now"`
}

// answerData is the answer to an indicator.
type answerData struct {
	Rating    string   `json:"rating,omitempty" doc:"meets, partly or fails"`
	Score     int      `json:"score,omitempty"`
	Statement string   `json:"statement,omitempty"`
	Evidence  []string `json:"evidence,omitempty" doc:"descriptions of evidence, first those that the indicator asks for"`
}

// applicationCorrection is what the office asked to be corrected.
type applicationCorrection struct {
	Defects    []notice.Defect `json:"defects"`
	NotifiedAt time.Time       `json:"notified_at,omitzero"`
	LastDay    calendar.Date   `json:"last_day,omitzero"`
	AnsweredAt time.Time       `json:"answered_at,omitzero"`
}

// applicationEvent is a line of an application's history.
type applicationEvent struct {
	At    time.Time `json:"at"`
	Act   string    `json:"act"`
	Stage string    `json:"stage,omitempty"`
}

// eligibilityCheck is a condition and what is known of it.
type eligibilityCheck struct {
	Code    string `json:"code"`
	Title   string `json:"title"`
	Verdict string `json:"verdict"`
	Say     string `json:"say,omitempty"`
}

// fileShort names a file.
type fileShort struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func applicationRowOf(l casework.ApplicationLine) applicationRow {
	a := l.Application
	return applicationRow{
		ID: string(a.ID), Programme: string(a.Programme), Round: string(a.Round), Organisation: string(a.Organisation), Number: a.Number, Name: a.Name,
		Category: a.Category, State: a.State, StateWord: application.Kind.Word(string(a.State)), Stage: a.Stage, SubmittedAt: a.SubmittedAt, AcceptBy: l.AcceptBy,
	}
}

func applicationDataOf(v casework.ApplicationView) applicationData {
	a := v.Application
	d := applicationData{
		applicationRow: applicationRowOf(casework.ApplicationLine{Application: a, AcceptBy: v.AcceptBy}), PartyBody: a.PartyBody,
		Answers: map[string]answerData{}, Signatory: a.Signatory, Committed: a.Committed, SavedAt: a.SavedAt, Digest: a.Digest,
		Reason: a.Reason, Gaps: []wrong{}, Checks: []eligibilityCheck{}, Files: map[string][]fileShort{}, Acts: acts(v.Acts),
		History: each(a.History, func(e application.Event) applicationEvent { return applicationEvent{e.At, e.Act, e.Stage} }),
	}
	for code, s := range a.Answers {
		d.Answers[code] = answerData{s.Rating, s.Score, s.Statement, s.Evidence}
	}
	if c := a.Correction; !c.NotifiedAt.IsZero() {
		d.Correction = applicationCorrection{c.Defects, c.NotifiedAt, c.LastDay, c.AnsweredAt}
	}
	for _, g := range v.Gaps {
		for _, f := range g.Fields {
			d.Gaps = append(d.Gaps, wrong{f.Path, f.Say})
		}
	}
	for _, c := range v.Checks {
		d.Checks = append(d.Checks, eligibilityCheck{c.Rule.Code, c.Rule.Title, string(c.Verdict), c.Say})
	}
	for code, all := range v.Files {
		d.Files[code] = each(all, func(f casework.File) fileShort { return fileShort{string(f.ID), f.Name} })
	}
	return d
}

// applicationStart begins an application.
type applicationStart struct {
	Round string `json:"round"`
	Party string `json:"party,omitempty" doc:"identifier of the Party organisation; may be left out when there is one"`
}

// applicationPart is a part of an application, as it is saved. What is left out stays.
type applicationPart struct {
	Answers   map[string]answerData `json:"answers,omitempty" doc:"by indicator"`
	Party     *string               `json:"party,omitempty"`
	Signatory *string               `json:"signatory,omitempty"`
	Committed *bool                 `json:"committed,omitempty" doc:"that everything is true"`
	Sure      []string              `json:"sure,omitempty" doc:"indicators whose answer of an earlier round still holds"`
}

func (p applicationPart) part() answer.Part {
	in := answer.Part{Signatory: p.Signatory, Committed: p.Committed, Sure: p.Sure, Answers: map[string]answer.Answer{}}
	for code, a := range p.Answers {
		in.Answers[code] = answer.Answer{Rating: a.Rating, Score: a.Score, Statement: a.Statement, Evidence: a.Evidence}
	}
	if p.Party != nil {
		body := id.PartyBody(*p.Party)
		in.Party = &body
	}
	return in
}

// stampedCopy is how a stamped copy compares.
type stampedCopy struct {
	Same    bool     `json:"same" doc:"every page was read and is of what holds now"`
	Say     []string `json:"say" doc:"what is wrong, in sentences"`
	Sheets  int      `json:"sheets" doc:"pages of the scan"`
	Matched int      `json:"matched" doc:"pages whose content is the application's"`
}

// defects lists what is to be corrected.
type defects struct {
	Defects []notice.Defect `json:"defects"`
}

// applicationQuery narrows a list of applications.
type applicationQuery struct {
	paging
	Round        string   `query:"round"`
	Organisation string   `query:"organisation"`
	State        []string `query:"state" doc:"one or more states"`
	Stage        string   `query:"stage"`
	Category     string   `query:"category"`
	Query        string   `query:"q" doc:"part of the name or of the number"`
}

func applicationRoutes() []route {
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	key := func(c *call) id.Application { return id.Application(c.PathValue("id")) }
	return []route{
		list("/applications", "listApplications", "List applications.", "GET /applications", see, func(c *call, q *applicationQuery, limit int) ([]applicationRow, string, error) {
			all, err := c.desk.Applications(c.Context(), c.Actor, casework.ApplicationFilter{
				Round: id.Round(q.Round), Organisation: id.Organisation(q.Organisation), States: states(q.State), Stage: q.Stage,
				Category: q.Category, Query: q.Query, After: id.Application(q.After), Limit: limit + 1,
			})
			return rows(all, err, limit, func(l casework.ApplicationLine) string { return string(l.Application.ID) }, applicationRowOf)
		}),
		one("/applications/{id}", "getApplication", "Read one application.", "GET /applications/{id}", see, func(c *call, key string) (applicationData, int64, error) {
			v, err := c.desk.Application(c.Context(), c.Actor, id.Application(key))
			if err != nil {
				return applicationData{}, 0, err
			}
			return applicationDataOf(v), v.Application.Version, nil
		}),
		consulting("/applications/{id}/copy", "compareCopy", "Ask whether the scan of a stamped copy is of what the application says; the body is its bytes, at most 50 MB. Nothing is kept.", "POST /applications/{id}/copy", see, func(c *call, _ *none) (stampedCopy, error) {
			if _, err := c.desk.Application(c.Context(), c.Actor, key(c)); err != nil {
				return stampedCopy{}, err // before anything is read
			}
			v, err := c.desk.CompareCopyFrom(c.Context(), c.Actor, key(c), io.TeeReader(c.Body, c.asked))
			return stampedCopy{v.Same, acts(v.Say), v.Sheets, v.Matched}, err
		}),
		one("/applications/{id}/proof", "getApplicationProof", "Prove that the application was received as it is.", "GET /applications/{id}/proof", see, func(c *call, key string) (proof, int64, error) {
			p, err := c.desk.ProveApplication(c.Context(), c.Actor, id.Application(key))
			if err != nil {
				return proof{}, 0, err
			}
			return proof{key, p.String()}, 0, nil
		}),
		act("/applications", "startApplication", "Begin an application.", "POST /applications/new", applicant, func(c *call, in applicationStart) error {
			_, err := c.desk.StartApplication(c.Context(), c.Actor, id.Round(in.Round), id.PartyBody(in.Party))
			return err
		}).making(),
		act("/applications/{id}/save", "saveApplication", "Save a part of a draft.", "POST /applications/{id}/sections/{group}", applicant, func(c *call, in applicationPart) error {
			return c.desk.SaveApplication(c.Context(), c.Actor, key(c), c.match, in.part())
		}).matching(),
		act("/applications/{id}/carry", "carryApplication", "Carry over answers of an earlier application.", "POST /applications/{id}/carry", applicant, func(c *call, _ none) error {
			_, err := c.desk.CarryApplication(c.Context(), c.Actor, key(c))
			return err
		}),
		act("/applications/{id}/submit", "submitApplication", "Submit an application.", "POST /applications/{id}/submit", applicant, func(c *call, _ none) error {
			return c.desk.SubmitApplication(c.Context(), c.Actor, key(c), c.match, c.desk.SubmissionKey())
		}).matching(),
		act("/applications/{id}/correct", "correctApplication", "Send in what was to be corrected.", "POST /applications/{id}/correction", applicant, func(c *call, in applicationPart) error {
			return c.desk.CorrectApplication(c.Context(), c.Actor, key(c), c.match, in.part())
		}).matching(),
		act("/applications/{id}/discard", "discardApplication", "Discard a draft.", "POST /applications/{id}/discard", applicant, func(c *call, _ none) error {
			return c.desk.DiscardApplication(c.Context(), c.Actor, key(c))
		}),
		act("/applications/{id}/withdraw", "withdrawApplication", "Withdraw an application.", "POST /applications/{id}/withdraw", applicant, func(c *call, _ none) error {
			return c.desk.WithdrawApplication(c.Context(), c.Actor, key(c))
		}),
		act("/applications/{id}/accept", "acceptApplication", "Accept an application.", "POST /applications/{id}/accept", clerk, func(c *call, _ none) error {
			return c.desk.AcceptApplication(c.Context(), c.Actor, key(c))
		}),
		act("/applications/{id}/decline", "declineApplication", "Decline an application that does not fall within the programme.", "POST /applications/{id}/decline", clerk, func(c *call, in reasoned) error {
			return c.desk.DeclineApplication(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/applications/{id}/request", "requestCorrection", "Ask for a correction.", "POST /applications/{id}/request", clerk, func(c *call, in defects) error {
			return c.desk.RequestCorrection(c.Context(), c.Actor, key(c), in.Defects)
		}),
	}
}

// evidenceData is a file of an application.
type evidenceData struct {
	ID          string      `json:"id"`
	Application string      `json:"application"`
	Name        string      `json:"name"`
	Kind        string      `json:"kind" doc:"pdf, jpg, png, docx or xlsx, by its content"`
	Size        int64       `json:"size" doc:"bytes"`
	SHA256      string      `json:"sha256" doc:"in hex"`
	Pages       int         `json:"pages,omitempty"`
	State       stage.State `json:"state"`
	UploadedAt  time.Time   `json:"uploaded_at,omitzero"`
	Under       []string    `json:"under" doc:"the indicators that it stands under"`
}

func evidenceDataOf(f casework.File) evidenceData {
	return evidenceData{
		ID: string(f.ID), Application: string(f.Application), Name: f.Name, Kind: f.Kind, Size: f.Size, SHA256: f.SHA256, Pages: f.Pages,
		State: f.State, UploadedAt: f.UploadedAt, Under: acts(f.Under),
	}
}

// evidenceQuery says whose files are meant.
type evidenceQuery struct {
	paging
	Application string `query:"application" doc:"identifier of the application; needed"`
}

// evidenceUpload says where a file belongs.
type evidenceUpload struct {
	Application string `query:"application"`
	Indicator   string `query:"indicator" doc:"code of the indicator that it shows"`
	Name        string `query:"name" doc:"the file's name"`
}

// placing puts a file under an indicator or takes it away.
type placing struct {
	Application string `json:"application"`
	Indicator   string `json:"indicator"`
}

var errApplication = fault.Define(fault.Invalid, "api.evidence.application",
	"写明是哪一件申报的材料，例如 ?application=app_…。", "")

// raw is an answer that is no JSON.
type raw struct {
	media, name string
	body        io.ReadSeekCloser
	sum         string // SHA-256 of the bytes, in hex: their ETag
}

func evidenceRoutes() []route {
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	opens := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Auditor}
	key := func(c *call) id.File { return id.File(c.PathValue("id")) }
	content := one("/evidence/{id}/content", "getEvidenceContent", "Read the bytes of a file.", "GET /files/{id}", opens, func(c *call, key string) (raw, int64, error) {
		f, _, in, err := c.desk.OpenFile(c.Context(), c.Actor, id.File(key))
		if err != nil {
			return raw{}, 0, err
		}
		return raw{evidence.Kind(f.Kind).Media(), f.Name, in, f.SHA256}, 0, nil
	})
	return []route{
		list("/evidence", "listEvidence", "List the files of an application.", "GET /applications/{id}", see, func(c *call, q *evidenceQuery, _ int) ([]evidenceData, string, error) {
			if q.Application == "" {
				return nil, "", errApplication.At("application")
			}
			v, err := c.desk.Filed(c.Context(), c.Actor, id.Application(q.Application))
			var all []casework.File
			for _, code := range slices.Sorted(maps.Keys(v.Files)) {
				for _, f := range v.Files[code] {
					if !slices.ContainsFunc(all, func(g casework.File) bool { return g.ID == f.ID }) {
						all = append(all, f)
					}
				}
			}
			return whole(all, err, &q.paging, func(f casework.File) string { return string(f.ID) }, evidenceDataOf)
		}),
		one("/evidence/{id}", "getEvidence", "Read what is known of a file.", "GET /files/{id}", opens, func(c *call, key string) (evidenceData, int64, error) {
			f, _, in, err := c.desk.OpenFile(c.Context(), c.Actor, id.File(key))
			if err != nil {
				return evidenceData{}, 0, err
			}
			return evidenceDataOf(f), f.Version, in.Close()
		}),
		content,
		streaming("/evidence", "uploadEvidence", "Upload a file; the body is its bytes.", "POST /applications/{id}/evidence/{indicator}", applicant, uploadEvidence).making(),
		act("/evidence/{id}/place", "placeEvidence", "Let a file stand under another indicator too.", "POST /applications/{id}/evidence/{indicator}/place", applicant, func(c *call, in placing) error {
			_, err := c.desk.PlaceEvidence(c.Context(), c.Actor, id.Application(in.Application), in.Indicator, key(c))
			return err
		}),
		act("/evidence/{id}/remove", "removeEvidence", "Take a file away from an indicator.", "POST /applications/{id}/evidence/{indicator}/remove", applicant, func(c *call, in placing) error {
			return c.desk.RemoveEvidence(c.Context(), c.Actor, id.Application(in.Application), in.Indicator, key(c))
		}),
	}
}

// uploadEvidence reads a file from the body. What was asked is known once it was read.
func uploadEvidence(c *call, q *evidenceUpload) error {
	_, err := c.desk.Upload(c.Context(), c.Actor, id.Application(q.Application), q.Indicator, q.Name, io.TeeReader(c.Body, c.asked))
	return err
}

// serve sends an answer that is no JSON.
func (v raw) serve(w http.ResponseWriter, r *http.Request) {
	defer v.body.Close() //nolint:errcheck // it was only read
	h := w.Header()
	h.Set("Content-Type", v.media)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+pathEscape(v.name))
	if v.sum != "" {
		h.Set("ETag", `"`+v.sum+`"`)
	}
	http.ServeContent(w, r, "", time.Time{}, v.body)
}

// pathEscape escapes everything but what a file name in a header may hold.
func pathEscape(s string) string {
	var out []byte
	for _, b := range []byte(s) {
		if b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '.' || b == '-' || b == '_' {
			out = append(out, b)
			continue
		}
		out = append(out, '%')
		out = append(out, strconv.FormatInt(int64(b)+256, 16)[1:]...)
	}
	return string(out)
}

package api

import (
	"errors"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/stage"
)

// namingRow is a naming in a list.
type namingRow struct {
	ID        string        `json:"id"`
	Programme string        `json:"programme"`
	Round     string        `json:"round,omitempty" doc:"left out of a naming from before the system"`
	Title     string        `json:"title"`
	Document  string        `json:"document_number,omitempty" doc:"given when it is issued"`
	DatedOn   calendar.Date `json:"dated_on,omitzero" doc:"the day of issue when it is left open"`
	Count     int           `json:"count" doc:"how many are on the list"`
	State     stage.State   `json:"state"`
	StateWord string        `json:"state_word"`
	IssuedAt  time.Time     `json:"issued_at,omitzero"`
}

// namingEntry is a line of the list of a naming.
type namingEntry struct {
	Application  string `json:"application,omitempty" doc:"for those who see the list before it is issued"`
	Organisation string `json:"organisation"`
	Name         string `json:"name" doc:"at the committee's decision"`
	Present      string `json:"present_name,omitempty" doc:"where it has changed since"`
	Category     string `json:"category,omitempty"`
	Number       string `json:"number,omitempty" doc:"of the title, given when it is issued"`
	Designation  string `json:"designation,omitempty" doc:"the title, once it is issued"`
}

// namingCandidate is one who may be named, or may yet come to it, with what the gate found.
type namingCandidate struct {
	Application  string        `json:"application"`
	Organisation string        `json:"organisation"`
	Name         string        `json:"name" doc:"at the committee's decision"`
	Present      string        `json:"present_name"`
	Number       string        `json:"number" doc:"of the application"`
	Ready        bool          `json:"ready" doc:"may be named now"`
	Checks       []namingCheck `json:"checks"`
}

// namingCheck is one condition of the gate.
type namingCheck struct {
	Code   string `json:"code" doc:"decision, days, objections or registration"`
	Say    string `json:"say"`
	Passed bool   `json:"passed"`
}

// namingRelease is one person's yes to the list.
type namingRelease struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// namingData is one naming, as the token's person may see it.
type namingData struct {
	namingRow
	Addressees string            `json:"addressees"`
	Closing    string            `json:"closing,omitempty" doc:"what it asks of those named"`
	List       []namingEntry     `json:"list"`
	PreparedBy string            `json:"prepared_by,omitempty" doc:"for the office, until it is issued"`
	Releases   []namingRelease   `json:"releases" doc:"for the office, until it is issued"`
	Need       int               `json:"releases_needed" doc:"how many different persons must release it"`
	Candidates []namingCandidate `json:"candidates" doc:"everybody of the round who may be named or may yet come to it; for the office, until it is issued"`
	Next       string            `json:"next_number,omitempty" doc:"the document number that would be taken now"`
	Left       string            `json:"left,omitempty" doc:"why it cannot go on now, in words"`
	Reason     string            `json:"reason,omitempty" doc:"why it was sent back or cancelled; for the office"`
	Acts       []string          `json:"acts" doc:"what the token's person may do with it now"`
}

func namingRowOf(n naming.Naming) namingRow {
	return namingRow{
		ID: string(n.ID), Programme: string(n.Programme), Round: string(n.Round), Title: n.Title, Document: n.DocNumber, DatedOn: n.DatedOn,
		Count: len(n.List), State: n.State, StateWord: naming.Kind.Word(string(n.State)), IssuedAt: n.IssuedAt,
	}
}

func namingCandidateOf(k naming.Candidate) namingCandidate {
	return namingCandidate{
		string(k.Application), string(k.Organisation), k.Name, k.Present, k.Number, k.Ready(),
		each(k.Checks(), func(c naming.Check) namingCheck { return namingCheck{c.Code, c.Say, c.Passed} }),
	}
}

func namingDataOf(v casework.NamingView) namingData {
	n := v.Naming
	titles := map[string]id.Designation{}
	for _, t := range v.Titles {
		titles[t.Number] = t.ID
	}
	d := namingData{
		namingRow: namingRowOf(n), Addressees: n.Addressees, Closing: n.Closing, PreparedBy: v.Names[n.PreparedBy], Need: v.Need, Next: v.Next, Reason: n.Reason,
		Acts: acts(v.Acts), Candidates: each(v.Candidates, namingCandidateOf),
		Releases: each(n.Releases, func(r naming.Release) namingRelease { return namingRelease{v.Names[r.By], r.At} }),
		List: each(n.List, func(e naming.Entry) namingEntry {
			l := namingEntry{Organisation: string(e.Organisation), Name: e.Name, Present: e.Now, Category: e.Category, Number: e.Number}
			if n.PreparedBy != "" {
				l.Application = string(e.Application)
			}
			if e.Number != "" {
				l.Designation = string(titles[e.Number])
			}
			return l
		}),
	}
	if f, ok := errors.AsType[*fault.Fault](v.Left); ok {
		d.Left = f.Say
	}
	return d
}

// namingChoices is what a naming of a round may choose from.
type namingChoices struct {
	Title      string            `json:"title" doc:"what may be proposed"`
	Addressees string            `json:"addressees"`
	Candidates []namingCandidate `json:"candidates"`
}

// namingPlan is what a naming says.
type namingPlan struct {
	Title      string        `json:"title"`
	Addressees string        `json:"addressees"`
	Closing    string        `json:"closing,omitempty" doc:"what it asks of those named"`
	DatedOn    calendar.Date `json:"dated_on,omitzero" doc:"the day of issue when left out"`
	List       []string      `json:"list" doc:"applications"`
}

func (p namingPlan) plan() naming.Plan {
	out := naming.Plan{Title: p.Title, Addressees: p.Addressees, Closing: p.Closing, DatedOn: p.DatedOn}
	for _, a := range p.List {
		out.List = append(out.List, id.Application(a))
	}
	return out
}

// namingDraft is a plan with its round.
type namingDraft struct {
	Round string `json:"round"`
	namingPlan
}

// namingQuery narrows a list of namings.
type namingQuery struct {
	paging
	Round string   `query:"round"`
	State []string `query:"state" doc:"one or more states"`
}

func namingRoutes() []route {
	anybody := append([]stage.Role{stage.Public}, signedIn...)
	leave := []stage.Role{stage.Clerk, stage.Director, stage.Chair}
	key := func(c *call) id.Naming { return id.Naming(c.PathValue("id")) }
	return []route{
		list("/namings", "listNamings", "List namings, the latest first; those not yet issued are for the office.", "GET /namings", anybody, func(c *call, q *namingQuery, limit int) ([]namingRow, string, error) {
			all, err := c.desk.Namings(c.Context(), c.Actor, casework.NamingFilter{Round: id.Round(q.Round), States: states(q.State), After: id.Naming(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(n naming.Naming) string { return string(n.ID) }, namingRowOf)
		}),
		one("/namings/{id}", "getNaming", "Read one naming.", "GET /namings/{id}", anybody, func(c *call, key string) (namingData, int64, error) {
			v, err := c.desk.Naming(c.Context(), c.Actor, id.Naming(key))
			if err != nil {
				return namingData{}, 0, err
			}
			return namingDataOf(v), v.Naming.Version, nil
		}),
		one("/rounds/{id}/naming", "getNamingChoices", "Read who may be named in a round, and what the gate finds.", "GET /rounds/{id}/naming", clerk, func(c *call, key string) (namingChoices, int64, error) {
			v, err := c.desk.NamingChoices(c.Context(), c.Actor, id.Round(key))
			return namingChoices{v.Plan.Title, v.Plan.Addressees, each(v.Candidates, namingCandidateOf)}, 0, err
		}),
		act("/namings", "draftNaming", "Draft the naming of those of a round who may be named.", "POST /rounds/{id}/naming", clerk, func(c *call, in namingDraft) error {
			_, err := c.desk.DraftNaming(c.Context(), c.Actor, id.Round(in.Round), in.plan())
			return err
		}).making(),
		act("/namings/{id}/edit", "editNaming", "Change the draft of a naming.", "POST /namings/{id}/edit", clerk, func(c *call, in namingPlan) error {
			return c.desk.EditNaming(c.Context(), c.Actor, key(c), c.match, in.plan())
		}).matching(),
		act("/namings/{id}/release", "releaseNaming", "Say yes to the list, as one of the persons who must.", "POST /namings/{id}/release", heads, func(c *call, _ none) error {
			return c.desk.ReleaseNaming(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/namings/{id}/issue", "issueNaming", "Issue the naming document; it takes the next number and makes the titles.", "POST /namings/{id}/issue", director, func(c *call, _ none) error {
			return c.desk.IssueNaming(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/namings/{id}/send-back", "sendBackNaming", "Return the list to be changed; its releases are void.", "POST /namings/{id}/send-back", heads, func(c *call, in reasoned) error {
			return c.desk.SendBackNaming(c.Context(), c.Actor, key(c), c.match, in.Reason)
		}).matching(),
		act("/namings/{id}/cancel", "cancelNaming", "Give a naming up before it is issued.", "POST /namings/{id}/cancel", leave, func(c *call, in reasoned) error {
			return c.desk.CancelNaming(c.Context(), c.Actor, key(c), c.match, in.Reason)
		}).matching(),
	}
}

// numberRow is a line of the register of document numbers: a number, or a document that
// was signed without one.
type numberRow struct {
	Number    string        `json:"number,omitempty" doc:"left out of a document that bears none"`
	Title     string        `json:"title"`
	SortWord  string        `json:"sort_word,omitempty" doc:"of the document"`
	To        string        `json:"addressee,omitempty"`
	On        calendar.Date `json:"on,omitzero"`
	State     stage.State   `json:"state,omitempty" doc:"of the document; of a number without one: taken or void"`
	StateWord string        `json:"state_word"`
	Reason    string        `json:"reason,omitempty" doc:"why it is void or superseded"`
	Document  string        `json:"document,omitempty" doc:"the signed document; left out of what was written outside"`
	Naming    string        `json:"naming,omitempty" doc:"of a number whose naming has no signed document"`
	Gap       bool          `json:"gap,omitempty" doc:"nothing holds this number; no new one is given until it is entered"`
}

// numberRegister is the register of a programme's numbers in one year.
type numberRegister struct {
	Programme string      `json:"programme"`
	Word      string      `json:"word" doc:"with which every number begins"`
	Year      int         `json:"year"`
	Lines     []numberRow `json:"lines" doc:"the latest number first; then what was signed without one"`
	Whole     bool        `json:"whole" doc:"false: so many documents were signed that only the latest are here"`
}

func numberRowOf(l casework.RegisterLine) numberRow {
	return numberRow{l.Number, l.Title, l.Word, l.To, l.On, l.State, l.Said, l.Why, string(l.Document), l.Thing, l.Gap}
}

// numberEntry says up to which number documents were written outside the system.
type numberEntry struct {
	Programme string `json:"programme"`
	Year      int    `json:"year"`
	Seq       int    `json:"seq" doc:"the running number, without word and year; those before it that nothing holds are entered too"`
	Title     string `json:"title" doc:"of the document that bears it"`
}

// numberVoiding says why a number is void.
type numberVoiding struct {
	Why string `json:"why" doc:"as the register shows it"`
}

// numberRoutes read and keep the register of document numbers, one register a programme
// and year. It is read as a whole, like its page.
func numberRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		one("/numbers/{id}/{year}", "getRegister", "Read the register of a programme's document numbers in one year.", "GET /numbers", sees, func(c *call, key string) (numberRegister, int64, error) {
			year, err := ledgerYear(c)
			if err != nil {
				return numberRegister{}, 0, err
			}
			v, err := c.desk.Register(c.Context(), c.Actor, id.Programme(key), year)
			if err != nil {
				return numberRegister{}, 0, err
			}
			return numberRegister{string(v.Programme.Name), v.Programme.Naming.Numbers, v.Year, each(v.RegisterLines(), numberRowOf), v.Whole}, 0, nil
		}),
		act("/numbers", "enterNumbers", "Enter numbers that were used outside the system, up to one of them.", "POST /numbers", clerk, func(c *call, in numberEntry) error {
			return c.desk.EnterNumbers(c.Context(), c.Actor, id.Programme(in.Programme), in.Year, in.Seq, in.Title)
		}),
		act("/numbers/{id}/void", "voidNumber", "Make a number void that was used outside the system; the identifier is the number as it is printed.", "POST /numbers/{key}/void", director, func(c *call, in numberVoiding) error {
			key := c.PathValue("id")
			p, err := c.desk.NumberOf(c.Context(), c.Actor, key)
			if err != nil {
				return err
			}
			return c.desk.VoidNumber(c.Context(), c.Actor, p, key, in.Why)
		}),
	}
}

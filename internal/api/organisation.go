package api

import (
	"slices"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
)

// organisationRow is an organisation in a list.
type organisationRow struct {
	ID           string        `json:"id"`
	Code         string        `json:"code" doc:"Unified Social Credit Code; empty while none is known"`
	Name         string        `json:"name" doc:"the name it bears now"`
	Kind         string        `json:"kind"`
	State        stage.State   `json:"state"`
	StateWord    string        `json:"state_word"`
	RegisteredOn calendar.Date `json:"registered_on,omitzero"`
}

// organisationData is one organisation. The yearly figures are under ledgers.
type organisationData struct {
	organisationRow
	LegacyNumber string             `json:"legacy_number,omitempty"`
	Names        []organisationName `json:"names"`
	Registrar    string             `json:"registrar,omitempty"`
	Industry     string             `json:"industry,omitempty"`
	EndedOn      calendar.Date      `json:"ended_on,omitzero"`
	Successor    string             `json:"successor,omitempty" doc:"identifier of the organisation that it went into"`
	Successors   []string           `json:"successors,omitempty" doc:"identifiers of all that it was split up into, where several"`
	Parties      []partyBody        `json:"parties"`
	Inspections  []fact.Inspection  `json:"inspections"`
	Grades       []fact.Grade       `json:"grades"`
	Declared     int                `json:"declared" doc:"facts and Party organisations that the office has not confirmed"`
	Titles       []string           `json:"titles" doc:"identifiers of its designations"`
	Acts         []string           `json:"acts" doc:"what the token's role may do with it now"`
}

// organisationName is a name and since when.
type organisationName struct {
	Name string        `json:"name"`
	From calendar.Date `json:"from,omitzero"`
}

// partyBody is a Party organisation. Members are a count, never persons.
type partyBody struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Form      string        `json:"form"`
	FoundedOn calendar.Date `json:"founded_on,omitzero"`
	Members   int           `json:"members"`
	Confirmed bool          `json:"confirmed" doc:"by the office"`
	Version   int64         `json:"version" doc:"what edit-party wants in If-Match"`
}

func organisationRowOf(o organisation.Organisation) organisationRow {
	return organisationRow{string(o.ID), o.Code, o.Name(), o.Kind, o.State, organisation.Kind.Word(string(o.State)), o.RegisteredOn}
}

func organisationDataOf(v casework.OrganisationView) organisationData {
	o := v.Organisation
	d := organisationData{
		organisationRow: organisationRowOf(o), LegacyNumber: o.LegacyNumber, Registrar: o.Registrar, Industry: o.Industry, EndedOn: o.EndedOn,
		Successor: string(o.Successor), Declared: v.Declared, Acts: acts(v.Acts), Titles: []string{},
		Names: each(o.Names, func(n organisation.Name) organisationName { return organisationName{n.Name, n.From} }),
		Parties: each(v.Bodies, func(p casework.PartyView) partyBody {
			b := p.Body
			return partyBody{string(b.ID), b.Name, b.Form, b.FoundedOn, b.Members, b.Source.Confirmed, b.Version}
		}),
		Inspections: each(o.Facts.Inspections, func(i fact.Inspection) fact.Inspection { i.Source.By = ""; return i }),
		Grades:      each(o.Facts.Grades, func(g fact.Grade) fact.Grade { g.Source.By = ""; return g }),
	}
	if len(o.Others) > 0 {
		for _, s := range o.Successors() {
			d.Successors = append(d.Successors, string(s))
		}
	}
	for _, t := range v.Titles {
		d.Titles = append(d.Titles, string(t.ID))
	}
	return d
}

// sure says that somebody looked at what seems to be a number of a person.
type sure struct {
	NotPersonal bool `json:"not_personal,omitempty" doc:"true: somebody looked at what seems to be a number of a person, and it is none"`
}

// registration enters an organisation.
type registration struct {
	Code         string        `json:"code"`
	Name         string        `json:"name"`
	Kind         string        `json:"kind" doc:"association, service, foundation, cooperative or other"`
	LegacyNumber string        `json:"legacy_number,omitempty"`
	Registrar    string        `json:"registrar,omitempty"`
	Industry     string        `json:"industry,omitempty"`
	LegalHead    string        `json:"legal_head,omitempty"`
	Contact      string        `json:"contact,omitempty" doc:"an office's telephone, no person's"`
	RegisteredOn calendar.Date `json:"registered_on,omitzero"`
	sure
}

// amendment corrects what is known of an organisation.
type amendment struct {
	LegacyNumber string        `json:"legacy_number,omitempty"`
	Registrar    string        `json:"registrar,omitempty"`
	Industry     string        `json:"industry,omitempty"`
	LegalHead    string        `json:"legal_head,omitempty"`
	Contact      string        `json:"contact,omitempty"`
	RegisteredOn calendar.Date `json:"registered_on,omitzero"`
	sure
}

// renaming gives an organisation a new name.
type renaming struct {
	Name string        `json:"name"`
	From calendar.Date `json:"from"`
}

// codeEntry gives an organisation its code.
type codeEntry struct {
	Code     string `json:"code"`
	Reason   string `json:"reason,omitempty" doc:"why a code stands whose check digit does not match"`
	Evidence string `json:"evidence,omitempty" doc:"what shows it"`
}

// ending ends an organisation.
type ending struct {
	Act       string        `json:"act" doc:"deregister, strike_off or merge"`
	On        calendar.Date `json:"on"`
	Successor string        `json:"successor,omitempty" doc:"code of the organisation that it went into; for merge only"`
	Others    []string      `json:"others,omitempty" doc:"codes of the others that it was split up into"`
}

// partyEntry is what is said of a Party organisation.
type partyEntry struct {
	Body           string           `json:"body,omitempty" doc:"identifier of the one that is edited"`
	Name           string           `json:"name"`
	Form           string           `json:"form"`
	FoundedOn      calendar.Date    `json:"founded_on,omitzero"`
	Superior       string           `json:"superior,omitempty"`
	Members        int              `json:"members" doc:"full members: a count"`
	Functional     bool             `json:"functional,omitempty"`
	Head           string           `json:"head,omitempty"`
	ApprovedForm   string           `json:"approved_form,omitempty"`
	TransitionTerm int              `json:"transition_term,omitempty"`
	Elections      []party.Election `json:"elections,omitempty"`
	sure
}

func (p partyEntry) body() party.Body {
	return party.Body{
		ID: id.PartyBody(p.Body), Name: p.Name, Form: p.Form, FoundedOn: p.FoundedOn, Superior: p.Superior, Members: p.Members,
		Functional: p.Functional, Head: p.Head, ApprovedForm: p.ApprovedForm, TransitionTerm: p.TransitionTerm, Elections: p.Elections,
	}
}

// cover says which organisation a Party organisation covers too.
type cover struct {
	Body         string `json:"body"`
	Organisation string `json:"organisation" doc:"its code or its name"`
}

// uncover says that a Party organisation covers this one no more.
type uncover struct {
	Body string `json:"body"`
}

// organisationQuery narrows a list of organisations.
type organisationQuery struct {
	paging
	organisationNarrow
}

// organisationNarrow is what narrows lists and tables of organisations.
type organisationNarrow struct {
	Query    string `query:"q" doc:"part of the code, of the old number, or of a name of today or before"`
	Kind     string `query:"kind"`
	State    string `query:"state"`
	Declared bool   `query:"declared" doc:"only those with something that the office has not confirmed"`
}

func (q organisationNarrow) narrowed() casework.OrganisationFilter {
	return casework.OrganisationFilter{Query: q.Query, Kind: q.Kind, State: stage.State(q.State), Declared: q.Declared}
}

func (q *organisationQuery) filter(limit int) casework.OrganisationFilter {
	f := q.narrowed()
	f.After, f.Limit = id.Organisation(q.After), limit+1
	return f
}

func organisationRoutes() []route {
	look := []stage.Role{stage.Operator, stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor}
	edit := []stage.Role{stage.Applicant, stage.Clerk}
	key := func(c *call) id.Organisation { return id.Organisation(c.PathValue("id")) }
	return append([]route{
		list("/organisations", "listOrganisations", "List organisations.", "GET /organisations", look, func(c *call, q *organisationQuery, limit int) ([]organisationRow, string, error) {
			all, err := c.desk.Organisations(c.Context(), c.Actor, q.filter(limit))
			return rows(all, err, limit, func(o organisation.Organisation) string { return string(o.ID) }, organisationRowOf)
		}),
		one("/organisations/{id}", "getOrganisation", "Read one organisation.", "GET /organisations/{id}", look, func(c *call, key string) (organisationData, int64, error) {
			v, err := c.desk.Organisation(c.Context(), c.Actor, id.Organisation(key))
			if err != nil {
				return organisationData{}, 0, err
			}
			return organisationDataOf(v), v.Organisation.Version, nil
		}),
		act("/organisations", "registerOrganisation", "Enter an organisation.", "POST /organisations/new", clerk, func(c *call, in registration) error {
			if err := unpersonal(&in, in.NotPersonal); err != nil {
				return err
			}
			_, err := c.desk.RegisterOrganisation(c.Context(), c.Actor, organisation.Registration{
				Code: in.Code, Name: in.Name, Kind: in.Kind, LegacyNumber: in.LegacyNumber, Registrar: in.Registrar, Industry: in.Industry,
				LegalHead: in.LegalHead, Contact: in.Contact, RegisteredOn: in.RegisteredOn,
			})
			return err
		}).making(),
		act("/organisations/{id}/amend", "amendOrganisation", "Correct what is known of an organisation.", "POST /organisations/{id}/amend", clerk, func(c *call, in amendment) error {
			if err := unpersonal(&in, in.NotPersonal); err != nil {
				return err
			}
			return c.desk.AmendOrganisation(c.Context(), c.Actor, key(c), c.match, organisation.Amendment{
				LegacyNumber: in.LegacyNumber, Registrar: in.Registrar, Industry: in.Industry, LegalHead: in.LegalHead, Contact: in.Contact, RegisteredOn: in.RegisteredOn,
			})
		}).matching(),
		act("/organisations/{id}/confirm", "confirmOrganisation", "Confirm what the organisation declared.", "POST /organisations/{id}/confirm", clerk, func(c *call, _ none) error {
			return c.desk.ConfirmOrganisation(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/organisations/{id}/rename", "renameOrganisation", "Enter a new name.", "POST /organisations/{id}/rename", clerk, func(c *call, in renaming) error {
			return c.desk.RenameOrganisation(c.Context(), c.Actor, key(c), c.match, in.Name, in.From)
		}).matching(),
		act("/organisations/{id}/code", "enterOrganisationCode", "Enter the code of an organisation that has none.", "POST /organisations/{id}/code", clerk, func(c *call, in codeEntry) error {
			return c.desk.EnterCode(c.Context(), c.Actor, key(c), c.match, in.Code, organisation.Override{Reason: in.Reason, Evidence: in.Evidence})
		}).matching(),
		act("/organisations/{id}/end", "endOrganisation", "Enter that an organisation was deregistered, struck off or merged.", "POST /organisations/{id}/end", clerk, func(c *call, in ending) error {
			return c.desk.EndOrganisation(c.Context(), c.Actor, key(c), c.match, casework.Ending{Act: in.Act, On: in.On, Successor: in.Successor, Others: in.Others})
		}).matching(),
		act("/organisations/{id}/restore", "restoreOrganisation", "Enter that an ending was an error.", "POST /organisations/{id}/restore", clerk, func(c *call, _ none) error {
			return c.desk.RestoreOrganisation(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
	}, partyRoutes(edit, key)...)
}

func partyRoutes(edit []stage.Role, key func(*call) id.Organisation) []route {
	return []route{
		act("/organisations/{id}/add-party", "addParty", "Enter a Party organisation.", "POST /organisations/{id}/party/new", edit, func(c *call, in partyEntry) error {
			if err := unpersonal(&in, in.NotPersonal); err != nil {
				return err
			}
			_, err := c.desk.AddParty(c.Context(), c.Actor, key(c), in.body())
			return err
		}),
		act("/organisations/{id}/edit-party", "editParty", "Change what is known of a Party organisation; If-Match names its own version.", "POST /organisations/{id}/party/{body}", edit, func(c *call, in partyEntry) error {
			if err := unpersonal(&in, in.NotPersonal); err != nil {
				return err
			}
			return c.desk.EditParty(c.Context(), c.Actor, key(c), c.match, in.body())
		}).matching(),
		act("/organisations/{id}/cover", "coverOrganisation", "Enter that a Party organisation covers another organisation too.", "POST /organisations/{id}/party/{body}/covers", clerk, func(c *call, in cover) error {
			return c.desk.CoverOrganisation(c.Context(), c.Actor, key(c), id.PartyBody(in.Body), in.Organisation)
		}),
		act("/organisations/{id}/uncover", "uncoverOrganisation", "Enter that a Party organisation covers this one no more.", "POST /organisations/{id}/party/{body}/uncover", clerk, func(c *call, in uncover) error {
			return c.desk.UncoverOrganisation(c.Context(), c.Actor, key(c), id.PartyBody(in.Body))
		}),
	}
}

// ledgerRow is an organisation with its yearly figures.
type ledgerRow struct {
	Organisation string         `json:"organisation"`
	Name         string         `json:"name"`
	Year         int            `json:"year"`
	There        bool           `json:"there" doc:"the organisation has a ledger of the year"`
	Confirmed    bool           `json:"confirmed" doc:"by the office"`
	Figures      map[string]int `json:"figures" doc:"by name; figures that are kept by quarter are meetings_1 … meetings_4"`
}

func ledgerRowOf(o organisation.Organisation, l fact.Ledger, there bool, year int) ledgerRow {
	r := ledgerRow{string(o.ID), o.Name(), year, there, l.Source.Confirmed, map[string]int{}}
	if there {
		for _, f := range fact.Figures {
			r.Figures[f.Name] = *f.Of(&l)
		}
	}
	return r
}

// ledgerQuery narrows a list of ledgers.
type ledgerQuery struct {
	organisationQuery
	Year int `query:"year" doc:"the year of the figures; the last one when left out"`
}

// ledgerEdit sets the figures of a year.
type ledgerEdit struct {
	Figures map[string]int `json:"figures" doc:"by name, as the view names them; those left out stay"`
}

var errFigure = fault.Define(fault.Invalid, "api.ledger.figure",
	"工作台账没有“%s”这一项。请对照读取时的 figures。", "")

var errYear = fault.Define(fault.Invalid, "api.ledger.year",
	"年度要写成四位数，例如 2026。", "")

func ledgerYear(c *call) (int, error) {
	y, err := strconv.Atoi(c.PathValue("year"))
	if err != nil || y < 1949 || y > 9999 {
		return 0, errYear.At("year")
	}
	return y, nil
}

func ledgerRoutes() []route {
	edit := []stage.Role{stage.Applicant, stage.Clerk}
	return []route{
		list("/ledgers", "listLedgers", "List the yearly figures of organisations.", "GET /ledgers", []stage.Role{stage.Clerk, stage.Director, stage.Auditor}, func(c *call, q *ledgerQuery, limit int) ([]ledgerRow, string, error) {
			if q.Year == 0 {
				q.Year = calendar.DateOf(c.desk.Now()).Year - 1
			}
			all, err := c.desk.Ledgers(c.Context(), c.Actor, q.Year, q.filter(limit))
			return rows(all, err, limit, func(r casework.LedgerRow) string { return string(r.Organisation.ID) }, func(r casework.LedgerRow) ledgerRow {
				return ledgerRowOf(r.Organisation, r.Ledger, r.There, q.Year)
			})
		}),
		one("/ledgers/{id}/{year}", "getLedger", "Read the figures of one organisation in one year.", "GET /organisations/{id}/ledgers/{year}", edit, func(c *call, key string) (ledgerRow, int64, error) {
			year, err := ledgerYear(c)
			if err != nil {
				return ledgerRow{}, 0, err
			}
			v, err := c.desk.LedgerFor(c.Context(), c.Actor, id.Organisation(key), year)
			return ledgerRowOf(v.Organisation, v.Ledger, v.There, year), v.Organisation.Version, err
		}),
		act("/ledgers/{id}/{year}/edit", "editLedger", "Set figures of a year.", "POST /organisations/{id}/ledgers/{year}", edit, editLedger).matching(),
	}
}

// editLedger sets figures of a year, as the form of the ledger does.
func editLedger(c *call, in ledgerEdit) error {
	year, err := ledgerYear(c)
	if err != nil {
		return err
	}
	v, err := c.desk.Organisation(c.Context(), c.Actor, id.Organisation(c.PathValue("id")))
	if err != nil {
		return err
	}
	f, ledger := v.Organisation.Facts.InYear(year)
	var wrong []*fault.Fault
	for name, n := range in.Figures {
		i := slices.IndexFunc(fact.Figures, func(g fact.Figure) bool { return g.Name == name })
		if i < 0 {
			wrong = append(wrong, errFigure.At("figures."+name, name))
			continue
		}
		*fact.Figures[i].Of(ledger) = n
	}
	if err := fault.All(wrong...); err != nil {
		return err
	}
	return c.desk.EditFacts(c.Context(), c.Actor, v.Organisation.ID, c.match, f)
}

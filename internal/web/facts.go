package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/factproof"
	"shifan/internal/lifecycle/party"
	"shifan/internal/web/page"
)

// rows reads the rows of a form, list.0.field, list.1.field …, and gathers what
// is wrong. A row that is blank is left out; places keeps where each one stood.
type rows struct {
	r      *request
	list   string
	at     string // the row being read
	places []int
	wrong  []*fault.Fault
}

func (l *rows) note(err error) {
	if f, ok := err.(*fault.Fault); ok { //nolint:errorlint // the readers return it bare
		l.wrong = append(l.wrong, f)
	}
}

func (l *rows) text(name string) string { return l.r.text(l.at + name) }

func (l *rows) number(name string) int {
	n, err := l.r.number(l.at + name)
	l.note(err)
	return n
}

func (l *rows) date(name string) calendar.Date {
	d, err := l.r.date(l.at + name)
	l.note(err)
	return d
}

// each calls read for every row with something in it.
func (l *rows) each(read func()) {
	for i := range page.RowsMost {
		l.at = fmt.Sprintf("%s.%d.", l.list, i)
		if l.blank() {
			continue
		}
		l.places = append(l.places, i)
		read()
	}
}

func (l *rows) blank() bool {
	for name := range l.r.PostForm {
		if strings.HasPrefix(name, l.at) && l.r.text(name) != "" {
			return false
		}
	}
	return true
}

// placed leads the faults of a list to the rows they were typed in, and those
// of what stands alone to its one row.
func (l *rows) placed(err error) error {
	f := asFault(err)
	if f == nil {
		return err
	}
	for i, w := range f.Fields {
		rest, ours := strings.CutPrefix(w.Path, l.list+".")
		if !ours {
			continue
		}
		n, name, _ := strings.Cut(rest, ".")
		k, err := strconv.Atoi(n)
		switch {
		case err != nil:
			f.Fields[i].Path = l.list + ".0." + rest
		case k < len(l.places):
			f.Fields[i].Path = fmt.Sprintf("%s.%d.%s", l.list, l.places[k], name)
		}
	}
	return f
}

// asFault returns the fault that an error is, or nil.
func asFault(err error) *fault.Fault {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return nil
	}
	return f
}

func (s *Site) askFacts(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Organisation(r.Context(), r.Actor, organisationOf(r))
	if err != nil {
		return err
	}
	section, ok := page.SectionOf(r.PathValue("section"), v.Organisation.Facts)
	if !ok {
		return fault.Missing()
	}
	section.Fixed = !slices.Contains(v.Acts, "confirm")
	return s.render(w, r, http.StatusOK, page.FactsForm(s.page(r, section.Title, page.OrganisationCrumbs(v.Organisation)...), v, section))
}

// more shows the form again with one row more, and what was typed.
func (s *Site) more(w http.ResponseWriter, r *request, form func(http.ResponseWriter, *request) error) error {
	r.form = page.Form{Values: r.PostForm}
	return form(w, r)
}

func (s *Site) editFacts(w http.ResponseWriter, r *request) error {
	if r.text("more") != "" {
		return s.more(w, r, s.askFacts)
	}
	if err := r.unpersonal(); err != nil {
		return err
	}
	v, err := s.desk.Organisation(r.Context(), r.Actor, organisationOf(r))
	if err != nil {
		return err
	}
	f, name := v.Organisation.Facts, r.PathValue("section")
	section, ok := page.SectionOf(name, f)
	if !ok {
		return fault.Missing()
	}
	l := &rows{r: r, list: name}
	readSection(l, &f)
	if section.Whole != "" {
		said := fact.Source{}
		if r.yes("whole") {
			said = fact.Source{On: v.Today}
		}
		if name == "penalties" {
			f.NoPenalty = said
		} else {
			f.NoListing = said
		}
	}
	if err := fault.All(l.wrong...); err != nil {
		return err
	}
	if err := s.desk.EditFacts(r.Context(), r.Actor, organisationOf(r), r.version(), f); err != nil {
		return l.placed(err)
	}
	if r.text("then") == "files" {
		return s.seeOther(w, r, r.URL.Path+"/files", section.Title+"已保存。")
	}
	return s.changed(w, r, section.Title+"已保存。")
}

// askFactProofs shows what proves a part of what is known of an organisation, and asks for
// more.
func (s *Site) askFactProofs(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Organisation(r.Context(), r.Actor, organisationOf(r))
	if err != nil {
		return err
	}
	section := r.PathValue("section")
	if _, err := factproof.May(&v.Organisation, r.Actor, section); err != nil {
		return err
	}
	f := s.page(r, fact.WordOf(fact.Sections, section)+"证明材料", page.OrganisationCrumbs(v.Organisation)...)
	return s.render(w, r, http.StatusOK, page.FactProofs(f, v, section, s.desk.Files.Room))
}

// uploadFactProofs takes the files of a form one after another as they come.
func (s *Site) uploadFactProofs(w http.ResponseWriter, r *request) error {
	if _, err := s.desk.Organisation(r.Context(), r.Actor, organisationOf(r)); err != nil {
		return err
	}
	return s.takeFiles(w, r, func(name string, in io.Reader) (casework.File, error) {
		return s.desk.AttachFactProof(r.Context(), r.Actor, organisationOf(r), r.PathValue("section"), name, in)
	})
}

func (s *Site) removeFactProof(w http.ResponseWriter, r *request) error {
	if err := s.desk.DetachFactProof(r.Context(), r.Actor, organisationOf(r), r.PathValue("section"), id.File(r.text("file"))); err != nil {
		return err
	}
	return s.seeOther(w, r, strings.TrimSuffix(r.URL.Path, "/remove"), "证明材料已移除。")
}

// readSection replaces one section of the facts by what the form says.
func readSection(l *rows, f *fact.Facts) {
	switch l.list {
	case "inspections":
		f.Inspections = nil
		l.each(func() {
			f.Inspections = append(f.Inspections, fact.Inspection{Year: l.number("year"), Conclusion: l.text("conclusion")})
		})
	case "grades":
		f.Grades = nil
		l.each(func() {
			f.Grades = append(f.Grades, fact.Grade{Rank: l.number("rank"), AnnouncedOn: l.date("announced_on"), RevokedOn: l.date("revoked_on")})
		})
	case "penalties":
		f.Penalties = nil
		l.each(func() {
			f.Penalties = append(f.Penalties, fact.Penalty{
				Number: l.text("number"), Authority: l.text("authority"), Kind: l.text("kind"), DecidedOn: l.date("decided_on"),
				QuashedOn: l.date("quashed_on"), Performed: l.date("performed"), Against: l.text("against"),
			})
		})
	case "listings":
		f.Listings = nil
		l.each(func() {
			f.Listings = append(f.Listings, fact.Listing{List: l.text("list"), From: l.date("from"), To: l.date("to"), Why: l.text("why")})
		})
	default:
		readOther(l, f)
	}
}

func readOther(l *rows, f *fact.Facts) {
	switch l.list {
	case "charter":
		f.Charter = fact.Charter{}
		l.each(func() {
			f.Charter = fact.Charter{Wording: l.text("wording"), Clause: l.text("clause"), ApprovedOn: l.date("approved_on")}
		})
	case "regulations":
		f.Regulations = nil
		l.each(func() {
			f.Regulations = append(f.Regulations, fact.Regulation{Title: l.text("title"), AdoptedOn: l.date("adopted_on"), EndedOn: l.date("ended_on")})
		})
	case "metrics":
		f.Metrics = nil
		l.each(func() {
			f.Metrics = append(f.Metrics, fact.Metric{
				Name: l.text("name"), Unit: l.text("unit"), Year: l.number("year"), Values: [3]int{l.number("value1"), l.number("value2"), l.number("value3")},
				Rank: l.number("rank"), Of: l.number("of"), Among: l.text("among"),
			})
		})
	}
}

// withoutPrefix turns ledgers.2.members into members: the form has one ledger.
func withoutPrefix(err error, list string) error {
	f := asFault(err)
	if f == nil {
		return err
	}
	for i, w := range f.Fields {
		if rest, ours := strings.CutPrefix(w.Path, list+"."); ours {
			_, f.Fields[i].Path, _ = strings.Cut(rest, ".")
		}
	}
	return f
}

func (s *Site) askParty(w http.ResponseWriter, r *request) error {
	title, body := "添加党组织", r.PathValue("body")
	if body != "" {
		title = "党组织情况"
	}
	return s.anOrganisation(r, title, func(f page.Frame, v casework.OrganisationView) error {
		if body == "" {
			return s.render(w, r, http.StatusOK, page.PartyForm(f, v, casework.PartyView{}))
		}
		for _, p := range v.Bodies {
			if string(p.Body.ID) == body {
				return s.render(w, r, http.StatusOK, page.PartyForm(f, v, p))
			}
		}
		return fault.Missing()
	})
}

func (s *Site) editParty(w http.ResponseWriter, r *request) error {
	if r.text("more") != "" {
		return s.more(w, r, s.askParty)
	}
	if err := r.unpersonal(); err != nil {
		return err
	}
	l := &rows{r: r, list: "elections"}
	b := party.Body{
		ID: id.PartyBody(r.PathValue("body")), Name: r.text("name"), Form: r.text("form"), Superior: r.text("superior"), Functional: r.yes("functional"),
		Head: r.text("head"), ApprovedForm: r.text("approved_form"), FoundedOn: l.date("founded_on"), Members: l.number("members"), TransitionTerm: l.number("transition_term"),
	}
	l.each(func() {
		b.Elections = append(b.Elections, party.Election{HeldOn: l.date("held_on"), PostponedBy: l.number("postponed_by"), PostponedBase: l.text("postponed_base")})
	})
	if err := fault.All(l.wrong...); err != nil {
		return err
	}
	var err error
	if b.ID == "" {
		_, err = s.desk.AddParty(r.Context(), r.Actor, organisationOf(r), b)
	} else {
		err = s.desk.EditParty(r.Context(), r.Actor, organisationOf(r), r.version(), b)
	}
	if err != nil {
		return l.placed(err)
	}
	return s.changed(w, r, "党组织情况已保存。")
}

func (s *Site) coverOrganisation(w http.ResponseWriter, r *request) error {
	if err := s.desk.CoverOrganisation(r.Context(), r.Actor, organisationOf(r), id.PartyBody(r.PathValue("body")), r.text("code")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/organisations/"+r.PathValue("id")+"/party/"+r.PathValue("body"), "已添加覆盖单位。")
}

func (s *Site) uncoverOrganisation(w http.ResponseWriter, r *request) error {
	if err := s.desk.UncoverOrganisation(r.Context(), r.Actor, organisationOf(r), id.PartyBody(r.PathValue("body"))); err != nil {
		return err
	}
	return s.changed(w, r, "已移出。")
}

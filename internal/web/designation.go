package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) designationRoutes() []route {
	anybody := append([]stage.Role{stage.Public}, signedIn...)
	clerk, applicant := []stage.Role{stage.Clerk}, []stage.Role{stage.Applicant}
	return []route{
		{pattern: "GET /designations", allow: anybody, serve: s.listDesignations, kept: true},
		{pattern: "GET /designations.json", allow: everyone, serve: s.designationsJSON, kept: true},
		{pattern: "GET /designations.csv", allow: everyone, serve: s.designationsCSV, kept: true},
		{pattern: "GET /designations/map", allow: everyone, serve: s.showDistribution, kept: true},
		{pattern: "GET /designations/map.json", allow: everyone, serve: s.distributionJSON, kept: true},
		{pattern: "GET /designations/{id}", allow: anybody, serve: s.showDesignation, kept: true},
		{pattern: "POST /designations/{id}/note", allow: clerk, serve: s.annotateDesignation, form: s.showDesignation},
		{pattern: "GET /designations/{id}/return", allow: applicant, serve: s.askReturn},
		{pattern: "POST /designations/{id}/return", allow: applicant, serve: s.returnDesignation, form: s.askReturn},
		{pattern: "GET /designations/{id}/returned", allow: applicant, serve: s.showReturned},
		{pattern: "GET /designations/{id}/dissolve", allow: clerk, serve: s.askDissolve},
		{pattern: "POST /designations/{id}/dissolve", allow: clerk, serve: s.dissolveDesignation, form: s.askDissolve},
		{pattern: "GET /designations/{id}/certificate.pdf", allow: append([]stage.Role{stage.Applicant}, seesRegister...), serve: s.sendCertificate},
		{pattern: "GET /certificates", allow: applicant, serve: s.showCertificates},
		{pattern: "GET /feed.atom", allow: everyone, serve: s.feed, kept: true},
	}
}

var designationsLink = page.Link{Word: "在册", URL: "/designations"}

// seesRegister lists the roles that work with titles and plaques; the others look
// at the public list.
var seesRegister = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// inside reports whether the page is a work page for this reader, and draws it
// under the work bar when it is.
func (r *request) inside() bool {
	if r.Actor.Role == stage.Public {
		return false
	}
	r.open = false
	return true
}

func office(r *request) bool {
	for _, role := range seesRegister {
		if r.Actor.Role == role {
			return true
		}
	}
	return false
}

// designationsMost is how many titles a page lists.
const designationsMost = 50

// designationFilter reads the filter of a list of titles. What is malformed
// filters nothing.
func (s *Site) designationFilter(r *request) casework.DesignationFilter {
	f := casework.DesignationFilter{
		Programme: id.Programme(r.text("programme")), Kind: r.text("kind"), Region: r.code("region"), Query: r.text("q"),
		After: id.Designation(r.FormValue("after")), Limit: designationsMost,
	}
	if y, err := r.number("year"); err == nil && y > 0 {
		f.Year = y
	}
	if d, err := r.date("due"); err == nil {
		f.DueBy = d
	}
	if y, err := r.number("ended"); err == nil && y > 0 {
		f.Ended = y
	}
	if d, err := r.date("on"); err == nil && !d.After(calendar.DateOf(s.desk.Now())) {
		f.On = d
	}
	switch state := r.text("state"); state {
	case "":
		if !f.On.IsZero() || f.Ended != 0 {
			break // what was held then, or ended then, may be in any state now
		}
		f.States = []stage.State{designation.Valid, designation.Rectifying}
	case "all":
	default:
		f.States = []stage.State{stage.State(state)}
	}
	return f
}

func (s *Site) listDesignations(w http.ResponseWriter, r *request) error {
	f := s.designationFilter(r)
	if office(r) && r.Actor.Programme != "" {
		f.Programme = r.Actor.Programme
	}
	all, err := s.desk.Designations(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	d := page.Directory{All: all, Query: r.URL.Query(), On: f.On, Ended: f.Ended, Office: office(r), Clerk: r.Actor.Role == stage.Clerk}
	if len(all) == f.Limit {
		q := r.URL.Query()
		q.Set("after", string(all[len(all)-1].Designation.ID))
		d.Next = "/designations?" + q.Encode()
	}
	title := "名单查询"
	if r.inside() && d.Office {
		title = "在册称号"
	}
	return s.render(w, r, http.StatusOK, page.Designations(s.page(r, title), d))
}

func (s *Site) showDistribution(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Distribution(r.Context(), id.Programme(r.text("programme")))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Distribution(s.page(r, "分布和历年", page.Link{Word: "名单查询", URL: "/designations"}), v))
}

// placeData is how many titles are of holders that are registered in one place.
type placeData struct {
	Division string `json:"division"` // two digits: a province, six: a register; empty: no code
	Name     string `json:"name"`
	Held     int    `json:"held"`
	Ever     int    `json:"ever"`

	Registers []placeData `json:"registers,omitempty"`
}

// yearData is a year of the list.
type yearData struct {
	Year  int `json:"year"`
	Named int `json:"named"`
	Ended int `json:"ended"`
	Held  int `json:"held_at_end"` // of this year: now
}

func (s *Site) distributionJSON(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Distribution(r.Context(), id.Programme(r.text("programme")))
	if err != nil {
		return err
	}
	regions, years := make([]placeData, 0, len(v.Regions)), make([]yearData, 0, len(v.Years))
	for _, g := range v.Regions {
		one := placeData{Division: g.Code, Name: g.Name, Held: g.Held, Ever: g.Ever}
		for _, in := range g.Registers {
			one.Registers = append(one.Registers, placeData{Division: in.Division, Name: in.Word, Held: in.Held, Ever: in.Ever})
		}
		regions = append(regions, one)
	}
	for _, y := range v.Years {
		years = append(years, yearData(y))
	}
	return s.sendJSON(w, r, map[string]any{"as_of": v.Today.String(), "regions": regions, "years": years})
}

// everyDesignation reads the whole list of a filter, page by page, as the public
// sees it.
func (s *Site) everyDesignation(r *request) (all []casework.DesignationView, err error) {
	f := s.designationFilter(r)
	f.After, f.Limit = "", 500
	for len(all) < 20000 {
		more, err := s.desk.Designations(r.Context(), stage.Anyone, f)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
		if len(more) < f.Limit {
			break
		}
		f.After = more[len(more)-1].Designation.ID
	}
	return all, nil
}

// titleData is a title as programs read it. Dates are 2021-09-14; what does not
// apply is "".
type titleData struct {
	ID        string `json:"id"`
	Number    string `json:"number"`
	Name      string `json:"name"`
	Present   string `json:"current_name"`
	Code      string `json:"code"`
	Region    string `json:"region"` // division of the register that the holder is in: places 3 to 8 of its code
	Kind      string `json:"kind"`
	Programme string `json:"programme"`
	Title     string `json:"title"`
	Issuer    string `json:"issuer"`
	DocNumber string `json:"document_number"`
	State     string `json:"state"`
	Word      string `json:"state_word"`
	NamedOn   string `json:"named_on"`
	ValidFrom string `json:"valid_from"`
	ValidTo   string `json:"valid_to"`
	EndedOn   string `json:"ended_on"`
	Plaque    string `json:"plaque_number"` // of the one that stands for the title now
	Verify    string `json:"verify"`        // where it is verified: /v/ and its code
}

func dataOf(v casework.DesignationView) titleData {
	d := v.Designation
	t := titleData{
		ID: string(d.ID), Number: d.Number, Name: d.Name, Present: v.Present, Code: v.Code, Region: creditcode.Division(v.Code), Kind: v.Kind, Programme: string(d.Programme),
		Title: v.Programme.Base, Issuer: v.Programme.Issuer.Name, DocNumber: v.DocNumber(), State: string(d.State),
		Word: designation.Kind.Word(string(d.State)), NamedOn: d.NamedOn.String(), ValidFrom: d.ValidFrom.String(), ValidTo: d.ValidTo.String(), EndedOn: d.EndedOn.String(),
	}
	if q := v.Plaque(); q != nil {
		t.Plaque, t.Verify = q.Number, "/v/"+q.Code
	}
	return t
}

func (s *Site) designationsJSON(w http.ResponseWriter, r *request) error {
	all, err := s.everyDesignation(r)
	if err != nil {
		return err
	}
	list := make([]titleData, 0, len(all))
	for _, v := range all {
		list = append(list, dataOf(v))
	}
	return s.sendJSON(w, r, map[string]any{"designations": list})
}

// designationsCSV sends the list as a table: UTF-8 with a mark, as spreadsheets
// expect. A cell that a spreadsheet would take for a formula or a number is sent
// as text.
func (s *Site) designationsCSV(w http.ResponseWriter, r *request) error {
	all, err := s.everyDesignation(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	rows := [][]string{{"编号", "单位", "现用名称", "统一社会信用代码", "登记地行政区划代码", "单位类别", "称号", "命名单位", "命名文号", "状态", "命名日期", "有效期自", "有效期至", "终止日期", "牌匾编号", "核验地址"}}
	for _, v := range all {
		d := dataOf(v)
		rows = append(rows, []string{d.Number, d.Name, d.Present, d.Code, d.Region, d.Kind, d.Title, d.Issuer, d.DocNumber, d.Word, d.NamedOn, d.ValidFrom, d.ValidTo, d.EndedOn, d.Plaque, d.Verify})
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = plainCell(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="designations.csv"`)
	return s.send(w, r, "text/csv; charset=utf-8", b.Bytes())
}

// plainCell keeps a spreadsheet from running a cell as a formula: such a cell
// begins with an apostrophe, which the spreadsheet does not show.
func plainCell(s string) string {
	if t := strings.TrimLeft(s, " \u3000"); t != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(t)[0]) {
		return "'" + s
	}
	return s
}

func (s *Site) sendJSON(w http.ResponseWriter, r *request, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return s.send(w, r, "application/json; charset=utf-8", append(b, '\n'))
}

// send sends data that is the same for everybody, with a tag by which a reader
// that has it already is told so.
func (s *Site) send(w http.ResponseWriter, r *request, media string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", media)
	_, err := w.Write(body)
	return err
}

func (s *Site) designation(r *request) (casework.DesignationView, error) {
	return s.desk.Designation(r.Context(), r.Actor, id.Designation(r.PathValue("id")))
}

func (s *Site) showDesignation(w http.ResponseWriter, r *request) error {
	v, err := s.designation(r)
	if err != nil {
		return err
	}
	inside := office(r) || r.Actor.Role == stage.Applicant && r.Actor.Organisation == v.Designation.Organisation
	above := page.Link{Word: "名单查询", URL: "/designations"}
	if r.inside() && office(r) {
		above = designationsLink
	}
	return s.render(w, r, http.StatusOK, page.Designation(s.page(r, v.Designation.Name, above), v, inside))
}

func (s *Site) annotateDesignation(w http.ResponseWriter, r *request) error {
	if err := s.desk.AnnotateDesignation(r.Context(), r.Actor, id.Designation(r.PathValue("id")), r.version(), r.text("note")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/designations/"+r.PathValue("id"), "备注已保存。")
}

// aTitle draws a page about the title of the address, for those who may take an
// act on it.
func (s *Site) aTitle(r *request, title string, draw func(page.Frame, casework.DesignationView) error) error {
	v, err := s.designation(r)
	if err != nil {
		return err
	}
	if r.Actor.Role == stage.Applicant && r.Actor.Organisation != v.Designation.Organisation {
		return fault.Missing()
	}
	return draw(s.page(r, title, designationsLink, page.Link{Word: v.Designation.Number, URL: "/designations/" + string(v.Designation.ID)}), v)
}

func (s *Site) askReturn(w http.ResponseWriter, r *request) error {
	return s.aTitle(r, "交回称号", func(f page.Frame, v casework.DesignationView) error {
		return s.render(w, r, http.StatusOK, page.ReturnDesignation(f, v))
	})
}

var errUnsure = fault.Define(fault.Invalid, "designation.return.unsure",
	"还没有勾选确认。看清交回的后果，勾选后再提交。", "制度:自愿交回")

func (s *Site) returnDesignation(w http.ResponseWriter, r *request) error {
	if !r.yes("sure") {
		return errUnsure.At("sure")
	}
	if err := s.desk.ReturnDesignation(r.Context(), r.Actor, id.Designation(r.PathValue("id")), r.version(), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/designations/"+r.PathValue("id")+"/returned", "")
}

func (s *Site) showReturned(w http.ResponseWriter, r *request) error {
	return s.aTitle(r, "称号已交回", func(f page.Frame, v casework.DesignationView) error {
		if v.Designation.State != designation.Returned {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.ReturnedDesignation(f, v))
	})
}

func (s *Site) askDissolve(w http.ResponseWriter, r *request) error {
	return s.aTitle(r, "注销称号", func(f page.Frame, v casework.DesignationView) error {
		return s.render(w, r, http.StatusOK, page.DissolveDesignation(f, v))
	})
}

func (s *Site) dissolveDesignation(w http.ResponseWriter, r *request) error {
	if err := s.desk.DissolveDesignation(r.Context(), r.Actor, id.Designation(r.PathValue("id")), r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/designations/"+r.PathValue("id"), "称号已注销，公开名单已更新。")
}

func (s *Site) showCertificates(w http.ResponseWriter, r *request) error {
	if r.Actor.Organisation == "" {
		return fault.Missing()
	}
	all, err := s.desk.Designations(r.Context(), r.Actor, casework.DesignationFilter{Organisation: r.Actor.Organisation})
	if err != nil {
		return err
	}
	plaques, err := s.desk.Plaques(r.Context(), r.Actor, casework.PlaqueFilter{})
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Certificates(s.page(r, "证书与牌匾"), all, plaques))
}

// atom is the feed as RFC 4287 has it.
type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title   string   `xml:"title"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
}

// base is how people reach the site, without a slash at its end.
func (s *Site) base(r *request) string {
	if base := strings.TrimSuffix(s.options.BaseURL, "/"); base != "" {
		return base
	}
	return (&url.URL{Scheme: "http", Host: r.Host}).String()
}

// feed tells what was made public last: calls, publicities, namings.
func (s *Site) feed(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Published(r.Context())
	if err != nil {
		return err
	}
	base := s.base(r)
	author := s.options.Owner
	if author == "" {
		author = s.options.Name
	}
	f := atom{
		Title: s.options.Name + "：通知、公示和命名", ID: base + "/feed.atom", Author: author, Updated: calendar.MustDate("2021-01-01").Start().UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", base + "/feed.atom"}, {"alternate", base + "/"}},
	}
	for i, n := range all {
		at := n.At.UTC().Format(time.RFC3339)
		if i == 0 {
			f.Updated = at
		}
		f.Entries = append(f.Entries, atomEntry{Title: n.Title, ID: base + n.URL, Updated: at, Link: atomLink{"alternate", base + n.URL}})
	}
	b, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return s.send(w, r, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), b...))
}

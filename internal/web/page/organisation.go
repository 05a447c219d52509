package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// organisationsLink leads to the list of organisations.
var organisationsLink = Link{Word: "单位", URL: "/organisations"}

// OrganisationURL is where an organisation's page is.
func OrganisationURL(o organisation.Organisation) string { return "/organisations/" + string(o.ID) }

// OrganisationCrumbs lead to a page of an organisation.
func OrganisationCrumbs(o organisation.Organisation) []Link {
	return []Link{organisationsLink, {Word: o.Name(), URL: OrganisationURL(o)}}
}

func organisationTone(s stage.State) Tone {
	if s == organisation.Registered {
		return OK
	}
	return Ended
}

func organisationWord(s stage.State) string { return organisation.Kind.Word(string(s)) }

func kindOptions(none string) []Option {
	return []Option{
		{Value: "", Word: none},
		{Value: creditcode.Association, Word: "社会团体"},
		{Value: creditcode.Service, Word: "社会服务机构"},
		{Value: creditcode.Foundation, Word: "基金会"},
		{Value: creditcode.Other, Word: "其他"},
	}
}

func stateOptions(none string) []Option {
	all := []Option{{Value: "", Word: none}}
	for _, s := range organisation.Kind.States() {
		all = append(all, Option{Value: string(s), Word: organisationWord(s)})
	}
	return all
}

// codeOr says the code, or the old number of who has none yet.
func codeOr(o organisation.Organisation) string {
	if o.Code == "" {
		return "旧证号 " + o.LegacyNumber
	}
	return o.Code
}

// registrationFacts lists what the register says.
func registrationFacts(v casework.OrganisationView) []Fact {
	o := v.Organisation
	all := []Fact{{Word: "统一社会信用代码", Value: o.Code, Code: true}}
	if o.Override.Reason != "" {
		all = append(all, Fact{Word: "校验码不符", Value: o.Override.Reason + "（依据：" + o.Override.Evidence + "）"})
	}
	if o.LegacyNumber != "" {
		all = append(all, Fact{Word: "旧登记证号", Value: o.LegacyNumber})
	}
	all = append(all, Fact{Word: "类别", Value: creditcode.KindWord(o.Kind)}, Fact{Word: "登记管理机关", Value: o.Registrar}, Fact{Word: "成立登记", Value: o.RegisteredOn.Chinese()})
	for i := len(o.Names) - 2; i >= 0; i-- {
		all = append(all, Fact{Word: "曾用名", Value: fmt.Sprintf("%s（至%s）", o.Names[i].Name, o.Names[i+1].From.AddDays(-1).Chinese())})
	}
	if o.State != organisation.Registered {
		all = append(all, Fact{Word: organisationWord(o.State), Value: o.EndedOn.Chinese()})
	}
	if len(v.Successors) > 0 {
		all = append(all, Fact{Word: intoWord(v.Successors), Value: strings.Join(v.Successors, "、")})
	}
	return all
}

// intoWord says how an organisation went into others: into one, or split up.
func intoWord(successors []string) string {
	if len(successors) > 1 {
		return "分立为"
	}
	return "并入"
}

// Column is one field of the rows of a section.
type Column struct {
	Name, Label, Hint string
	Kind              string // text, date, number or choice
	Options           []Option
	Unit              string
}

// Section is one part of what is known of an organisation, as a form and as a
// table: rows of columns.
type Section struct {
	Name, Title string
	Lead        string // what to fill in
	Columns     []Column
	Rows        [][]string    // as saved, in the form of the fields
	Sources     []fact.Source // of each row
	One         bool          // always one row: the charter
	Whole       string        // the sentence that says that the list is complete; empty: none
	Said        fact.Source   // who says so
	Fixed       bool          // what the office confirmed is not the reader's to change
}

var (
	choices0 = Option{Value: "", Word: "选择"}
	ranks    = []Option{choices0, {Value: "5", Word: "5A"}, {Value: "4", Word: "4A"}, {Value: "3", Word: "3A"}, {Value: "2", Word: "2A"}, {Value: "1", Word: "A"}}
)

func optionsOf(all []fact.Choice, none bool) (options []Option) {
	if none {
		options = append(options, choices0)
	}
	for _, c := range all {
		options = append(options, Option{Value: c.Value, Word: c.Word})
	}
	return options
}

// SectionNames lists the sections in their order.
var SectionNames = []string{"inspections", "grades", "penalties", "listings", "charter", "regulations", "metrics"}

// SectionOf returns one section of what is known of an organisation; ok is false
// when there is none of that name.
func SectionOf(name string, f fact.Facts) (s Section, ok bool) {
	s.Name, s.Title = name, fact.WordOf(fact.Sections, name)
	row := func(src fact.Source, values ...string) {
		s.Rows, s.Sources = append(s.Rows, values), append(s.Sources, src)
	}
	switch name {
	case "inspections":
		s.Lead = "一个年度一条，填被检查的年度。结论还没有公布的，选“尚无结论”。"
		s.Columns = []Column{{Name: "year", Label: "年度", Kind: "number"}, {Name: "conclusion", Label: "结论", Kind: "choice", Options: optionsOf(fact.Conclusions, true)}}
		for _, v := range f.Inspections {
			row(v.Source, strconv.Itoa(v.Year), v.Conclusion)
		}
	case "grades":
		s.Lead = "照评估公告填写。降级或者取消的，填写起始日期。"
		s.Columns = []Column{{Name: "rank", Label: "等级", Kind: "choice", Options: ranks}, {Name: "announced_on", Label: "公告日期", Kind: "date"}, {Name: "revoked_on", Label: "取消日期", Kind: "date", Hint: "没有取消的不填。"}}
		for _, v := range f.Grades {
			row(v.Source, strconv.Itoa(v.Rank), v.AnnouncedOn.String(), v.RevokedOn.String())
		}
	default:
		return restOfSections(s, f)
	}
	return s, true
}

func restOfSections(s Section, f fact.Facts) (Section, bool) {
	row := func(src fact.Source, values ...string) {
		s.Rows, s.Sources = append(s.Rows, values), append(s.Sources, src)
	}
	switch s.Name {
	case "penalties":
		s.Lead = "任何行政处罚都填，警告也填。复议或者诉讼中被撤销的，填写撤销日期。"
		s.Columns = []Column{
			{Name: "kind", Label: "种类", Kind: "choice", Options: optionsOf(fact.PenaltyKinds, true)},
			{Name: "authority", Label: "处罚机关"},
			{Name: "number", Label: "决定书文号"},
			{Name: "decided_on", Label: "决定日期", Kind: "date"},
			{Name: "performed", Label: "执行日期", Kind: "date"},
			{Name: "quashed_on", Label: "撤销日期", Kind: "date", Hint: "没有撤销的不填。"},
			{Name: "against", Label: "处罚对象", Kind: "choice", Options: optionsOf(fact.Against, false)},
		}
		s.Whole, s.Said = "以上是全部行政处罚；没有填写的，就是没有受到过", f.NoPenalty
		for _, v := range f.Penalties {
			row(v.Source, v.Kind, v.Authority, v.Number, v.DecidedOn.String(), v.Performed.String(), v.QuashedOn.String(), v.Against)
		}
	case "listings":
		s.Lead = "列入过活动异常名录或者严重违法失信名单的，都填。"
		s.Columns = []Column{
			{Name: "list", Label: "名录", Kind: "choice", Options: optionsOf(fact.Lists, true)},
			{Name: "from", Label: "列入日期", Kind: "date"},
			{Name: "to", Label: "移出日期", Kind: "date", Hint: "还没有移出的不填。"},
			{Name: "why", Label: "列入原因"},
		}
		s.Whole, s.Said = "以上是全部列入情况；没有填写的，就是没有列入过", f.NoListing
		for _, v := range f.Listings {
			row(v.Source, v.List, v.From.String(), v.To.String(), v.Why)
		}
	case "charter":
		s.Lead, s.One = "照章程原文填写关于坚持党的全面领导的一条。", true
		s.Columns = []Column{{Name: "wording", Label: "条文原文"}, {Name: "clause", Label: "第几条"}, {Name: "approved_on", Label: "登记管理机关核准日期", Kind: "date", Hint: "还没有核准的不填。"}}
		if f.Charter != (fact.Charter{}) {
			row(f.Charter.Source, f.Charter.Wording, f.Charter.Clause, f.Charter.ApprovedOn.String())
		}
	case "regulations":
		s.Lead = "填写党组织和单位现行的制度。已经废止的，填写废止日期。"
		s.Columns = []Column{{Name: "title", Label: "名称"}, {Name: "adopted_on", Label: "制定日期", Kind: "date"}, {Name: "ended_on", Label: "废止日期", Kind: "date", Hint: "现行的不填。"}}
		for _, v := range f.Regulations {
			row(v.Source, v.Title, v.AdoptedOn.String(), v.EndedOn.String())
		}
	case "metrics":
		s.Lead = "连续三年的主要指标。有排名的，写明在什么范围内排名。"
		s.Columns = []Column{
			{Name: "name", Label: "指标"},
			{Name: "unit", Label: "单位", Hint: "元、万元、人等。"},
			{Name: "year", Label: "最后一年", Kind: "number"},
			{Name: "value1", Label: "前两年", Kind: "number"},
			{Name: "value2", Label: "前一年", Kind: "number"},
			{Name: "value3", Label: "最后一年的数", Kind: "number"},
			{Name: "rank", Label: "名次", Kind: "number"},
			{Name: "of", Label: "总数", Kind: "number"},
			{Name: "among", Label: "排名范围"},
		}
		for _, v := range f.Metrics {
			row(v.Source, v.Name, v.Unit, strconv.Itoa(v.Year), strconv.Itoa(v.Values[0]), strconv.Itoa(v.Values[1]), strconv.Itoa(v.Values[2]), number(v.Rank), number(v.Of), v.Among)
		}
	default:
		return s, false
	}
	return s, true
}

// said says a saved value as people read it.
func (c Column) said(value string) string {
	switch c.Kind {
	case "choice":
		return Field{Saved: value}.savedWord(c.Options)
	case "date":
		if d, err := calendar.ParseDate(value); err == nil {
			return d.Chinese()
		}
	}
	return value
}

// rowsOf is how many rows a form shows: those saved and one blank, or as many as
// were sent.
func (s Section) rowsOf(f Form) int {
	if s.One {
		return 1
	}
	return RowsOf(f, s.Name, len(s.Rows))
}

// RowsOf is how many rows of a list a form shows: those saved and one blank, or
// as many as were sent and one more when that was asked for.
func RowsOf(f Form, name string, saved int) int {
	if f.Values == nil {
		return min(saved+1, RowsMost)
	}
	n, err := strconv.Atoi(f.Values.Get(name + ".rows"))
	if err != nil {
		n = saved + 1
	}
	if f.Values.Get("more") != "" {
		n++
	}
	return max(1, min(n, RowsMost))
}

// RowsMost bounds the rows of a form.
const RowsMost = 61

// value returns a saved value of a row, or "".
func (s Section) value(row, column int) string {
	if row < len(s.Rows) {
		return s.Rows[row][column]
	}
	return ""
}

// fixed reports whether a row was confirmed by the office, and the reader is not of it.
func (s Section) fixed(row int) bool {
	return s.Fixed && row < len(s.Sources) && s.Sources[row].Confirmed
}

func (s Section) anyFixed() bool {
	return slices.ContainsFunc(s.Sources, func(src fact.Source) bool { return s.Fixed && src.Confirmed })
}

// said puts a row into words.
func (s Section) said(row int) (all []Fact) {
	for j, c := range s.Columns {
		all = append(all, Fact{Word: c.Label, Value: c.said(s.value(row, j))})
	}
	return known(all)
}

// field describes a column of one row.
func (s Section) field(row, column int) Field {
	c := s.Columns[column]
	return Field{Name: fmt.Sprintf("%s.%d.%s", s.Name, row, c.Name), Label: c.Label, Hint: c.Hint, Saved: s.value(row, column)}
}

// state says how far a section is: nothing there, declared, or confirmed.
func (s Section) state() (Tone, string, string) {
	all := s.Sources
	if s.Whole != "" && s.Said != (fact.Source{}) {
		all = append(all[:len(all):len(all)], s.Said)
	}
	open := 0
	for _, src := range all {
		if !src.Confirmed {
			open++
		}
	}
	note := fmt.Sprintf("%d条", len(s.Rows))
	if s.One || len(s.Rows) == 0 {
		note = ""
	}
	if s.Whole != "" && s.Said == (fact.Source{}) {
		return Open, "未完成", "还没有说明是不是全部"
	}
	return stateOf(len(all), open, note)
}

func stateOf(all, open int, note string) (Tone, string, string) {
	switch {
	case all == 0:
		return Open, "未填写", note
	case open > 0:
		return Now, "待核实", note
	}
	return Plain, "已核实", note
}

// factTasks lists the sections as a task list.
func factTasks(v casework.OrganisationView) (tasks []Task) {
	base := OrganisationURL(v.Organisation) + "/facts/"
	for _, name := range SectionNames {
		s, _ := SectionOf(name, v.Organisation.Facts)
		tone, say, note := s.state()
		tasks = append(tasks, Task{Word: s.Title, URL: base + name, Note: note, Tone: tone, Say: say})
	}
	return tasks
}

// partyTasks lists the Party organisations, and a place for one more.
func partyTasks(v casework.OrganisationView) (tasks []Task) {
	base := OrganisationURL(v.Organisation) + "/party/"
	for _, p := range v.Bodies {
		tone, say, note := stateOf(1, btoi(!p.Body.Source.Confirmed), tenureSay(p))
		if p.Warning != "" {
			tone, say = Warn, "待说明"
		}
		tasks = append(tasks, Task{Word: p.Body.Name, URL: base + string(p.Body.ID), Note: note, Tone: tone, Say: say})
	}
	if len(v.Bodies) == 0 {
		return []Task{{Word: "添加党组织", URL: base + "new", Tone: Open, Say: "未填写"}}
	}
	return tasks
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// tenureSay says where a Party organisation stands between two elections.
func tenureSay(p casework.PartyView) string {
	switch {
	case p.Body.Functional:
		return "功能型党组织，不适用换届"
	case !p.Elected:
		return "没有换届记录"
	}
	return fmt.Sprintf("最近换届%s，任期至%s，%s", p.Tenure.ElectedOn.Chinese(), p.Tenure.Until.Chinese(), p.Tenure.Word())
}

// ledgerTasks lists the ledgers of the last years, and earlier ones there are.
func ledgerTasks(v casework.OrganisationView) (tasks []Task) {
	base := OrganisationURL(v.Organisation) + "/ledgers/"
	for y := v.Today.Year; y >= LedgerFrom; y-- {
		l, there := v.Organisation.Facts.Ledger(y)
		if !there && y < v.Today.Year-3 {
			continue
		}
		note := ""
		if there {
			note = fmt.Sprintf("正式党员%d人，党员大会%d次，培训%d次", l.Members, l.Meetings[0]+l.Meetings[1]+l.Meetings[2]+l.Meetings[3], l.Trainings)
		}
		tone, say, note := stateOf(btoi(there), btoi(!l.Source.Confirmed), note)
		tasks = append(tasks, Task{Word: strconv.Itoa(y) + "年度工作台账", URL: base + strconv.Itoa(y), Note: note, Tone: tone, Say: say})
	}
	return tasks
}

// LedgerFrom is the first year that a ledger can be of.
const LedgerFrom = 2000

func sourceSay(s fact.Source) string {
	if s == (fact.Source{}) {
		return "—"
	}
	if s.Of != "" {
		return s.Word() + "，" + s.Of + "，" + s.On.Chinese()
	}
	return s.Word() + "，" + s.On.Chinese()
}

// verdictTone is how a verdict feels.
func verdictTone(v programme.Verdict) Tone {
	switch v {
	case programme.Meets:
		return OK
	case programme.Fails:
		return Bad
	case programme.Doubtful:
		return Warn
	default:
		return Open
	}
}

// windowSay prints the days that a rule looked at.
func windowSay(w calendar.Span) string {
	var years []string
	for _, y := range w.Years {
		years = append(years, strconv.Itoa(y))
	}
	s := ""
	switch {
	case w.To.IsZero():
		return ""
	case len(years) > 0:
		s = strings.Join(years, "、") + "年度"
	case w.From == w.To:
		s = w.To.Chinese()
	default:
		s = w.From.Chinese() + "至" + w.To.Chinese()
	}
	if w.Shortened {
		s += "（从登记之日起）"
	}
	return s
}

// dayNote says which deadline a check is about.
func dayNote(v casework.EligibilityView) string {
	if v.Round.ID != "" {
		return fmt.Sprintf("按%d年度申报截止日%s核对。", v.Round.Year, v.Day.Chinese())
	}
	return fmt.Sprintf("现在没有正在申报的届次，按下一次申报的预计截止日%s核对。以通知为准。", v.Day.Chinese())
}

// failing counts the checks that are not met.
func failing(v casework.EligibilityView) (n int) {
	for _, c := range v.Checks {
		if c.Verdict != programme.Meets {
			n++
		}
	}
	return n
}

// EndingActs lists the ways a registration ends.
var EndingActs = []Option{
	{Value: "deregister", Word: "注销", Hint: "登记管理机关已准予注销。"},
	{Value: "strike_off", Word: "撤销或者吊销登记", Hint: "登记管理机关已作出决定。决定被撤销的，可以恢复。"},
	{Value: "merge", Word: "合并或者分立", Hint: "写明由哪个单位承继。"},
}

func endingWord(act string) string { return organisation.Kind.Word(act) }

func partyFormOptions() []Option { return optionsOf(party.Forms, true) }

package fact

import (
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/id"
)

// Source says who stands behind a fact, and since when.
type Source struct {
	Confirmed bool          `json:"confirmed,omitempty"` // by the office; otherwise declared by the organisation
	By        id.Account    `json:"by,omitempty"`
	On        calendar.Date `json:"on,omitzero"`
	Of        string        `json:"of,omitempty"` // the list or document that says so; at most NameMax 字
}

// Word returns the source as people read it.
func (s Source) Word() string {
	if s.Confirmed {
		return "办公室已核实"
	}
	return "单位自报"
}

// Choice is one value that a field may take, and its word.
type Choice struct{ Value, Word string }

// WordOf returns a choice's word, or "" when there is no such choice.
func WordOf(all []Choice, value string) string {
	if i := slices.IndexFunc(all, func(c Choice) bool { return c.Value == value }); i >= 0 {
		return all[i].Word
	}
	return ""
}

// The conclusions of an annual inspection (facts.md §4).
const (
	Passed       = "passed"        // 合格
	PassedBarely = "passed_barely" // 基本合格
	Failed       = "failed"        // 不合格
	NotInspected = "not_inspected" // 未参检
	Pending      = "pending"       // 尚无结论
	ReportFiled  = "report_filed"  // 不适用（年报已报）
	NewlyFounded = "newly_founded" // 不适用（当年新登记）
	ReportNot    = "report_not"    // 年报未报
)

// Conclusions lists the eight conclusions with their words.
var Conclusions = []Choice{
	{Passed, "合格"},
	{PassedBarely, "基本合格"},
	{Failed, "不合格"},
	{NotInspected, "未参检"},
	{Pending, "尚无结论"},
	{ReportFiled, "不适用（年报已报）"},
	{NewlyFounded, "不适用（当年新登记）"},
	{ReportNot, "年报未报"},
}

// Inspection is the annual inspection of one year.
type Inspection struct {
	Year       int    `json:"year"` // the year inspected, not the year of the conclusion
	Conclusion string `json:"conclusion"`
	Source     Source `json:"source"`
}

// PenaltyKinds lists the kinds of administrative penalty; every one of them
// counts, a warning too (S36).
var PenaltyKinds = []Choice{
	{"warning", "警告"}, {"fine", "罚款"}, {"confiscation", "没收违法所得"}, {"suspension", "限期停止活动"}, {"revocation", "撤销或者吊销登记"},
}

// Against lists whom a penalty is against.
var Against = []Choice{{"", "本单位"}, {"branch", "分支机构"}, {"person", "法定代表人或者工作人员个人"}}

// Penalty is one administrative penalty.
type Penalty struct {
	Number    string        `json:"number"` // of the decision
	Authority string        `json:"authority"`
	Kind      string        `json:"kind"`
	DecidedOn calendar.Date `json:"decided_on"`
	QuashedOn calendar.Date `json:"quashed_on,omitzero"` // quashed on review: it does not count
	Performed calendar.Date `json:"performed,omitzero"`  // when it was carried out
	Against   string        `json:"against,omitempty"`   // one of Against
	Source    Source        `json:"source"`
}

// Grade is one evaluation grade.
type Grade struct {
	Rank        int           `json:"rank"` // 1 to 5: A to 5A
	AnnouncedOn calendar.Date `json:"announced_on"`
	RevokedOn   calendar.Date `json:"revoked_on,omitzero"` // withdrawn or lowered from this day on
	Source      Source        `json:"source"`
}

// gradeReform is the day from which the revised measures hold: a grade announced
// on it or later counts from 1 January of the next year to 31 December of the
// fifth (facts.md finding 5).
var gradeReform = calendar.MustDate("2026-03-01")

// gradeYears is how long a grade lasts.
const gradeYears = 5

// Valid returns the first and the last day on which a grade holds, by the rule
// version that was in force when it was announced.
func (g Grade) Valid() (from, to calendar.Date, version string) {
	policy, version := calendar.Anniversary, "2011"
	if !g.AnnouncedOn.Before(gradeReform) {
		policy, version = calendar.CalendarYear, "2026"
	}
	from, to, _ = calendar.Validity(g.AnnouncedOn, gradeYears, policy) //nolint:errcheck // both policies exist
	if !g.RevokedOn.IsZero() && !g.RevokedOn.After(to) {
		to = g.RevokedOn.AddDays(-1)
	}
	return from, to, version
}

// GradeWord returns a rank as people write it, 4A.
func GradeWord(rank int) string {
	if rank < 1 || rank > 5 {
		return "未评估"
	}
	return []string{"A", "2A", "3A", "4A", "5A"}[rank-1]
}

// ParseGrade reads a grade as people write it: 3A, AAA, 3A级, ３Ａ. It returns 0
// for what is none.
func ParseGrade(s string) int {
	s = strings.TrimSuffix(creditcode.Normalise(s), "级")
	if n := strings.Count(s, "A"); n == len(s) && n <= 5 {
		return n
	}
	if len(s) == 2 && s[1] == 'A' && s[0] >= '1' && s[0] <= '5' {
		return int(s[0] - '0')
	}
	return 0
}

// The lists of organisations that the register publishes.
const (
	Abnormal = "abnormal" // 活动异常名录
	Serious  = "serious"  // 严重违法失信名单
)

// Lists holds their words.
var Lists = []Choice{{Abnormal, "活动异常名录"}, {Serious, "严重违法失信名单"}}

// Listing is one time on such a list.
type Listing struct {
	List   string        `json:"list"`
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to,omitzero"` // the last day on it; zero: still on it
	Why    string        `json:"why,omitempty"`
	Source Source        `json:"source"`
}

// Charter is what the charter says of the Party's leadership (S9).
type Charter struct {
	Wording    string        `json:"wording,omitempty"` // as it stands in the charter
	Clause     string        `json:"clause,omitempty"`
	ApprovedOn calendar.Date `json:"approved_on,omitzero"` // by the registrar; zero: not yet
	Source     Source        `json:"source"`
}

// Facts is what is known of an organisation beside its registration.
type Facts struct {
	Inspections []Inspection `json:"inspections,omitempty"`
	Penalties   []Penalty    `json:"penalties,omitempty"`
	NoPenalty   Source       `json:"no_penalty,omitzero"` // says that the list of penalties is complete
	Grades      []Grade      `json:"grades,omitempty"`
	Listings    []Listing    `json:"listings,omitempty"`
	NoListing   Source       `json:"no_listing,omitzero"` // says that the list of listings is complete
	Charter     Charter      `json:"charter,omitzero"`
	Regulations []Regulation `json:"regulations,omitempty"`
	Metrics     []Metric     `json:"metrics,omitempty"`
	Ledgers     []Ledger     `json:"ledgers,omitempty"`
}

// Regulation is one of the organisation's or its Party body's own rules (S20).
type Regulation struct {
	Title     string        `json:"title"`
	AdoptedOn calendar.Date `json:"adopted_on"`
	EndedOn   calendar.Date `json:"ended_on,omitzero"`
	Source    Source        `json:"source"`
}

// Metric is one business figure over three years with a claimed rank (S39).
type Metric struct {
	Name   string `json:"name"`
	Unit   string `json:"unit"` // 元, 万元, 人 …; never guessed
	Year   int    `json:"year"` // the last of the three
	Values [3]int `json:"values"`
	Rank   int    `json:"rank"` // among Of; 0: none claimed
	Of     int    `json:"of"`
	Among  string `json:"among"` // the population that the rank is within
	Source Source `json:"source"`
}

// Ledger returns the ledger of a year, and whether there is one.
func (f *Facts) Ledger(year int) (Ledger, bool) {
	if i := slices.IndexFunc(f.Ledgers, func(l Ledger) bool { return l.Year == year }); i >= 0 {
		return f.Ledgers[i], true
	}
	return Ledger{}, false
}

// InYear returns the facts with the ledger of a year to set figures in: the one that is
// there, or a new one in its place by year. The facts that it is called on stay as they are.
func (f Facts) InYear(year int) (Facts, *Ledger) {
	f.Ledgers = slices.Clone(f.Ledgers)
	if _, found := f.Ledger(year); !found {
		f.Ledgers = append(f.Ledgers, Ledger{Year: year})
	}
	slices.SortStableFunc(f.Ledgers, func(a, b Ledger) int { return a.Year - b.Year })
	return f, &f.Ledgers[slices.IndexFunc(f.Ledgers, func(l Ledger) bool { return l.Year == year })]
}

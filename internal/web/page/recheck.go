package page

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
)

// ratingWords are the ratings of a recheck, in words.
var ratingWords = map[string]string{"meets": "达到", "partly": "部分达到", "fails": "未达到"}

func recheckRatings() []Option {
	return []Option{{Value: "meets", Word: "达到"}, {Value: "partly", Word: "部分达到"}, {Value: "fails", Word: "未达到"}}
}

func recheckRatingTone(s string) Tone {
	return map[string]Tone{"meets": OK, "partly": Warn, "fails": Bad, "": Open}[s]
}

// deltaWord says how an indicator moved since the naming.
func deltaWord(f recheck.Finding) string {
	switch {
	case f.Then == "" || f.Now == "":
		return "不比较"
	case f.Delta() < 0:
		return "退步"
	case f.Delta() > 0:
		return "进步"
	}
	return "保持"
}

func recheckTone(s stage.State) Tone {
	switch s {
	case recheck.Due:
		return Open
	case recheck.Underway, recheck.Reported:
		return Now
	case recheck.Passed:
		return OK
	case recheck.Slipped:
		return Warn
	}
	return Ended
}

func rectificationTone(s stage.State) Tone {
	switch s {
	case rectification.Ordered:
		return Open
	case rectification.Running:
		return Warn
	case rectification.Reported, rectification.Verified:
		return Now
	case rectification.Passed:
		return OK
	case rectification.Failed:
		return Bad
	}
	return Ended
}

// stateFilter lists the states of a kind for a filter.
func stateFilter(k stage.Kind) []Option {
	all := []Option{{Value: "", Word: "全部"}}
	for _, s := range k.States() {
		all = append(all, Option{Value: string(s), Word: k.Word(string(s))})
	}
	return all
}

// leftSays says how many working days are left until a day.
func leftSays(v casework.TitleCase, until calendar.Date) string {
	today := calendar.DateOf(v.Now)
	if until.IsZero() {
		return ""
	}
	if today.After(until) {
		return fmt.Sprintf("已过%d天", until.DaysUntil(today))
	}
	n, known := v.Left(until)
	s := fmt.Sprintf("还剩%d个工作日", n)
	if n == 0 {
		s = "今天截止"
	}
	if !known {
		s += "（暂算）"
	}
	return s
}

var recheckSteps = []string{"开始复查", "自查和复查", "作出结论"}

func recheckStrip(v casework.RecheckView) Strip {
	r := v.Recheck
	s := Strip{Steps: recheckSteps, Stage: recheck.Kind.Word(string(r.State)), Due: Day(r.DueOn), DueNote: leftSays(v.TitleCase, r.DueOn)}
	switch r.State {
	case recheck.Due:
		s.Step, s.Who = 1, "办公室经办人"
	case recheck.Underway:
		s.Step, s.Who, s.WhoNote = 2, "复查人员", "持有单位同时提交自查"
	case recheck.Reported:
		s.Step, s.Who = 3, "主任委员"
		if v.Listed {
			s.Who, s.WhoNote = "委员会全体会议", "已列入会议议程"
		}
	default:
		s.Steps, s.Who, s.Due, s.DueNote = nil, Over, Minute(r.ConcludedAt), ""
	}
	if r.State == recheck.Slipped && v.Order == "" {
		// The recheck is over, what follows from it is not.
		switch v.Title.State {
		case designation.Valid:
			s.Who, s.WhoNote, s.Due = "主任委员", "责令限期整改", ""
		case designation.Rectifying:
			s.Who, s.WhoNote, s.Due = "办公室经办人", "送达整改通知", ""
		}
	}
	return s
}

// worse lists the indicators that are worse than at the naming, and those that are
// not met now.
func worse(v casework.RecheckView) (slipped, failing []string) {
	for _, i := range recheckIndicators(v) {
		f := v.Recheck.Findings[i.Code]
		if f.Slipped() {
			slipped = append(slipped, i.Code+" "+i.Title)
		}
		if f.Now == "fails" {
			failing = append(failing, i.Code+" "+i.Title)
		}
	}
	return slipped, failing
}

func comparedTone(v casework.RecheckView) Tone {
	if slipped, failing := worse(v); len(slipped)+len(failing) > 0 {
		return Warn
	}
	return OK
}

// comparedSays sums a comparison up, so that nobody has to look for what matters.
func comparedSays(v casework.RecheckView) string {
	slipped, failing := worse(v)
	all := fmt.Sprintf("共%d项", len(recheckIndicators(v)))
	if len(slipped)+len(failing) == 0 {
		return all + "，没有退步和未达到的。"
	}
	all += "。"
	if len(slipped) > 0 {
		all += fmt.Sprintf("比命名时退步%d项：%s。", len(slipped), joined(slipped))
	}
	if len(failing) > 0 {
		all += fmt.Sprintf("未达到%d项：%s。", len(failing), joined(failing))
	}
	return all
}

func namesOf(v casework.TitleCase, who []id.Account) string {
	var all []string
	for _, a := range who {
		all = append(all, v.Names[a])
	}
	return joined(all)
}

func lookerOptions(pool []recheck.Candidate) (all []Option) {
	for _, c := range pool {
		o := Option{Value: string(c.Account), Word: c.Name}
		if c.Interest != "" {
			o.Hint = c.Interest + "，应当回避"
		}
		all = append(all, o)
	}
	return all
}

// recheckIndicators are those that a recheck asks.
func recheckIndicators(v casework.RecheckView) []programme.Indicator {
	return v.Standard.Indicators(v.Recheck.DueOn.Year)
}

// noLonger lists the indicators that were asked at the naming and are not now.
func noLonger(v casework.RecheckView) (codes []string) {
	for _, code := range slices.Sorted(maps.Keys(v.Recheck.Findings)) {
		if !slices.ContainsFunc(recheckIndicators(v), func(i programme.Indicator) bool { return i.Code == code }) {
			codes = append(codes, code)
		}
	}
	return codes
}

func standardSays(v casework.RecheckView) string {
	if v.Recheck.StandardVersion == v.Recheck.NamingVersion {
		return fmt.Sprintf("对照第%d版标准，与命名时相同", v.Recheck.StandardVersion)
	}
	return fmt.Sprintf("对照第%d版标准；命名时为第%d版", v.Recheck.StandardVersion, v.Recheck.NamingVersion)
}

// causesSay says what the causes of a recheck did.
func causesSay(v casework.RecheckView) string {
	if v.Recheck.Origin == recheck.OfEvent {
		return "持有单位命名以后发生下列情形，按方案设定启动这次复查。复查时逐项查明，写入复查意见。"
	}
	return "复查期间持有单位还发生下列情形，并入这次复查。复查时逐项查明，写入复查意见。"
}

func effectSays(v casework.RecheckView) string {
	switch {
	case !v.Recheck.OfTerm():
		return "通过后称号继续有效，有效期和定期复查的时间都不变。"
	case v.Title.ValidTo.IsZero():
		return "通过后称号继续有效。"
	case v.Rules.Recheck.Effect == "expire_and_reapply":
		return "通过后称号保留到" + v.Title.ValidTo.Chinese() + "，期满按新一届重新申报。"
	case v.Rules.Recheck.Effect == "keep":
		return "通过后称号保留到" + v.Title.ValidTo.Chinese() + "。"
	}
	return fmt.Sprintf("通过后有效期自%s起续期%d年。", v.Title.ValidTo.AddDays(1).Chinese(), v.Rules.Validity.Years)
}

// proposedItems are the lines that an order begins with: what is worse than at the
// naming, or not met.
func proposedItems(v casework.OrderChoice) string {
	if v.Recheck == nil {
		return ""
	}
	var lines []string
	for _, i := range v.Standard.Indicators(v.Recheck.DueOn.Year) {
		if f := v.Recheck.Findings[i.Code]; f.Slipped() || f.Now == "fails" {
			lines = append(lines, i.Code+" "+i.Title+"："+strings.ReplaceAll(f.Note, "\n", " "))
		}
	}
	return strings.Join(lines, "\n")
}

// limitSays shows how the last day of an order comes about.
func limitSays(l rectification.Limit, t programme.Rectification) string {
	s := Day(l.From) + "送达，当日不计入；"
	switch {
	case t.Months > 0:
		s += fmt.Sprintf("%d个月到%s", t.Months, Day(l.Counted))
	case t.Working:
		s += fmt.Sprintf("%d个工作日到%s", t.Days, Day(l.Counted))
	default:
		s += fmt.Sprintf("%d个自然日到%s", t.Days, Day(l.Counted))
	}
	if l.Last != l.Counted {
		s += "，逢休息日顺延到" + Day(l.Last)
	}
	s += " 24:00 截止。"
	if l.Provisional {
		s += "该年放假安排还没有公布，为暂算。"
	}
	return s
}

func termsSay(t programme.Rectification) string {
	switch {
	case t.Months > 0:
		return fmt.Sprintf("%d个月，自送达次日起算", t.Months)
	case t.Working:
		return fmt.Sprintf("%d个工作日，自送达次日起算", t.Days)
	}
	return fmt.Sprintf("%d个自然日，自送达次日起算", t.Days)
}

var rectificationSteps = []string{"送达", "整改和报告", "验收", "会议审定"}

func rectificationStrip(v casework.RectificationView) Strip {
	r := v.Order
	s := Strip{Steps: rectificationSteps, Stage: rectification.Kind.Word(string(r.State)), Due: "送达后起算", DueNote: termsSay(r.Terms)}
	if !r.Due.IsZero() {
		s.Due, s.DueNote = Until(r.Due), ""
	}
	switch r.State {
	case rectification.Ordered:
		s.Step, s.Who = 1, "办公室经办人"
	case rectification.Running:
		s.Step, s.Who, s.DueNote = 2, "持有单位", leftSays(v.TitleCase, r.DueOn)
		if r.Provisional {
			s.DueNote += "（暂算）"
		}
	case rectification.Reported:
		s.Step, s.Who, s.DueNote = 3, "验收人员", "报告已按时提交"
	case rectification.Verified:
		s.Step, s.Who, s.DueNote = 4, "委员会全体会议", "报告已按时提交"
		if v.Listed {
			s.WhoNote = "已列入会议议程"
		}
	default:
		s.Steps, s.Who, s.Due, s.DueNote = nil, Over, Minute(r.ConcludedAt), r.Reason
	}
	return s
}

func itemsAnswered(r rectification.Rectification) (n int) {
	for _, i := range r.Items {
		if i.Answered() {
			n++
		}
	}
	return n
}

// nextItem is the first item that the holder has not answered, from 1, or 0.
func nextItem(r rectification.Rectification) int {
	return 1 + slices.IndexFunc(r.Items, func(i rectification.Item) bool { return !i.Answered() })
}

// itemTasks is the holder's list of what to put right.
func itemTasks(v casework.RectificationView) (all []Task) {
	for n, i := range v.Order.Items {
		t := Task{Word: fmt.Sprintf("%d. %s", n+1, i.Say), Tone: Open, Say: "未填写"}
		if i.Answered() {
			t.Tone, t.Say = Plain, "已填写"
		}
		if files := len(i.Files); files > 0 {
			t.Say += fmt.Sprintf("，%d个文件", files)
		}
		if slices.Contains(v.Acts, "answer") {
			t.URL = rectificationURL(v.Order.ID) + "/items/" + strconv.Itoa(n+1)
		}
		all = append(all, t)
	}
	return all
}

func evidentWord(r rectification.Rectification, i rectification.Item) string {
	switch {
	case r.VerifiedAt.IsZero():
		return ""
	case i.Evident:
		return "已整改"
	}
	return "未整改"
}

// verifiedWord is what a verification says as a whole.
func verifiedWord(r rectification.Rectification) string {
	if r.Evident {
		return "通过"
	}
	return "不明显"
}

func extensionSays(e rectification.Extension) string {
	return "由" + Day(e.From) + "延长到" + Day(e.To) + "。" + e.Reason
}

func recheckURL(key id.Recheck) string             { return "/rechecks/" + string(key) }
func rectificationURL(key id.Rectification) string { return "/rectifications/" + string(key) }
func revocationURL(key id.Revocation) string       { return "/revocations/" + string(key) }

func recheckFacts(v casework.RecheckView, by stage.Actor) []Fact {
	r := v.Recheck
	all := []Fact{
		{Word: "称号编号", Value: v.Title.Number, Code: true, Link: "/designations/" + string(v.Title.ID)},
		{Word: "命名日期", Value: Day(v.Title.NamedOn)},
		{Word: "有效期至", Value: Day(v.Title.ValidTo)},
		{Word: "自动开始", Value: Minute(r.OpenedAt)},
		{Word: "复查方式", Value: recheck.Depths[r.Depth]},
		{Word: "到现场", Value: Day(r.VisitedOn)},
	}
	if r.Plan != "" {
		all = append(all, Fact{Word: "事由", Value: "年度抽查抽到"})
	}
	if by.Role != stage.Applicant {
		all = append(all, Fact{Word: "复查人员", Value: namesOf(v.TitleCase, r.Assessors)}, Fact{Word: "报告人", Value: v.Names[r.ReportedBy]})
	}
	return known(append(all, Fact{Word: "自查提交", Value: Minute(r.SelfReportedAt)}, Fact{Word: "报告提交", Value: Minute(r.ReportedAt)}, Fact{Word: "作出结论", Value: Minute(r.ConcludedAt)}))
}

func rectificationFacts(v casework.RectificationView, by stage.Actor) []Fact {
	r := v.Order
	all := []Fact{
		{Word: "称号编号", Value: v.Title.Number, Code: true, Link: "/designations/" + string(v.Title.ID)},
		{Word: "责令日期", Value: Minute(r.OrderedAt)},
		{Word: "整改期限", Value: termsSay(r.Terms)},
	}
	if !r.ServedOn.IsZero() {
		all = append(all, Fact{Word: "期限计算", Value: limitSays(v.Limit, r.Terms)})
	}
	for _, e := range r.Extensions {
		all = append(all, Fact{Word: "延长", Value: extensionSays(e)})
	}
	if !r.Due.IsZero() {
		all = append(all, Fact{Word: "截止", Value: Until(r.Due)})
	}
	all = append(all, Fact{Word: "报告提交", Value: Minute(r.ReportedAt)}, Fact{Word: "验收方式", Value: rectification.Methods[r.Method]})
	if by.Role != stage.Applicant {
		all = append(all, Fact{Word: "验收人员", Value: namesOf(v.TitleCase, r.Assessors)}, Fact{Word: "验收人", Value: v.Names[r.VerifiedBy]})
	}
	if r.Reason != "" {
		all = append(all, Fact{Word: "结论理由", Value: r.Reason})
	}
	return known(all)
}

// outcomeEvents tells what rechecks, orders and proceedings brought about; links
// are for those who are signed in.
func outcomeEvents(v casework.DesignationView, inside bool) (all []Event) {
	for _, o := range v.Outcomes {
		e := Event{When: o.On.Chinese(), What: o.Word}
		if inside {
			e.Link = o.URL
		}
		all = append(all, e)
	}
	return all
}

// RectificationDone says that the holder's report on an order has arrived.
func RectificationDone(f Frame, v casework.RectificationView) templ.Component {
	return Done(f, []Fact{
		{Word: "办理编号", Value: string(v.Order.ID), Code: true},
		{Word: "单位", Value: v.Title.Name},
		{Word: "称号编号", Value: v.Title.Number, Code: true},
		{Word: "提交时间", Value: Moment(v.Order.ReportedAt)},
		{Word: "下一步", Value: "验收人员逐项验收，再由委员会全体会议审定。整改期间称号保留，结果在整改页公布。"},
	}, Link{Word: "查看整改", URL: rectificationURL(v.Order.ID)})
}

// SelfReportDone says that the holder's own account of a recheck has arrived.
func SelfReportDone(f Frame, v casework.RecheckView) templ.Component {
	return Done(f, []Fact{
		{Word: "办理编号", Value: string(v.Recheck.ID), Code: true},
		{Word: "单位", Value: v.Title.Name},
		{Word: "称号编号", Value: v.Title.Number, Code: true},
		{Word: "提交时间", Value: Moment(v.Recheck.SelfReportedAt)},
		{Word: "复查截止", Value: Day(v.Recheck.DueOn)},
		{Word: "下一步", Value: "复查人员对照标准提交复查报告，由主任委员或者会议作出结论。报告提交前，自查情况可以再改。"},
	}, Link{Word: "查看复查", URL: recheckURL(v.Recheck.ID)})
}

// numberSays writes a figure of the ledger, or that there is none.
func numberSays(n int, unit string) string {
	if n < 0 {
		return "没有台账"
	}
	return strconv.Itoa(n) + unit
}

// askedWord is a verdict, or that a standard asks nothing.
func askedWord(v programme.Verdict) string {
	if v == "" {
		return "不要求"
	}
	return v.Word()
}

package page

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
)

// applicationURL is the address of an application, or of a page below it.
func applicationURL(v casework.ApplicationView, below string) string {
	return "/applications/" + string(v.Application.ID) + below
}

func sectionURL(v casework.ApplicationView, group string) string {
	return applicationURL(v, "/sections/"+url.PathEscape(group))
}

// applicationTone is how an application's state feels.
func applicationTone(s stage.State) Tone {
	switch s {
	case application.Draft:
		return Open
	case application.Submitted, application.Underway, application.Selected:
		return Now
	case application.Correcting:
		return Warn
	case application.Named:
		return OK
	case application.Disqualified, application.Forfeited:
		return Ended
	}
	return Plain
}

// applicationWord says where an application is: its state, or while it is under
// way the stage that has it.
func applicationWord(a application.Application) string {
	if a.State == application.Underway && stepWords[a.Stage] != "" {
		return stepWords[a.Stage]
	}
	return application.Kind.Word(string(a.State))
}

// workdaysLeft says how many working days are left: 还剩5个工作日.
func workdaysLeft(v casework.ApplicationView) string {
	switch {
	case v.DaysLeft == 0:
		return "今天截止或只剩休息日"
	case !v.DaysKnown:
		return fmt.Sprintf("约还剩%d个工作日（暂算）", v.DaysLeft)
	}
	return fmt.Sprintf("还剩%d个工作日", v.DaysLeft)
}

// doers says who acts in a stage.
var doers = map[string]string{"review": "办公室", "visit": "考核组", "meeting": "委员会", "publicity": "办公室"}

// applicationStrip is the process strip of an application.
func applicationStrip(v casework.ApplicationView) Strip {
	a := v.Application
	s := Strip{Steps: Steps(v.Programme.Procedure), Stage: applicationWord(a)}
	switch a.State {
	case application.Draft:
		s.Step, s.Stage, s.StageNote = 1, "自评申报", "草稿，尚未提交"
		s.Due, s.DueNote = Until(v.Round.Deadline), workdaysLeft(v)+"。逾期视为放弃"
		s.Who, s.WhoNote = "本单位经办人", nextSay(v)
	case application.Submitted:
		s.Step, s.Stage, s.StageNote = 1, "待受理", "已提交"
		s.Due, s.DueNote, s.Who = Day(v.AcceptBy), lateSay(v.AcceptBy, v.Now), "办公室"
	case application.Correcting:
		s.Step, s.StageNote = 1, "一次性告知"
		s.Due, s.DueNote = Until(a.Correction.Due), workdaysLeft(v)+"。逾期按原材料办理"
		s.Who = "申报单位"
	case application.Underway:
		s.Step, s.Who = slices.Index(v.Programme.Procedure, a.Stage)+2, doers[a.Stage]
		if a.Stage == "review" {
			s.Due, s.DueNote = Day(v.ReviewBy), lateSay(v.ReviewBy, v.Now)
		}
	case application.Selected:
		s.Step, s.Who = len(s.Steps), "办公室负责人"
	case application.Named:
		s.Step, s.Who = len(s.Steps)+1, Over
	default:
		s.Steps, s.Who = nil, Over
	}
	return s
}

// lateSay says that a day is over.
func lateSay(last calendar.Date, now time.Time) string {
	if last.IsZero() || !calendar.DateOf(now).After(last) {
		return ""
	}
	return "已超期"
}

// nextSay says what comes after the submission and by when.
func nextSay(v casework.ApplicationView) string { return v.Next() }

// applicationTimeline tells what happened to an application, what is, and what
// comes next.
func applicationTimeline(v casework.ApplicationView) (events []Event) {
	a := v.Application
	for _, h := range a.History {
		e := Event{When: Minute(h.At), What: application.Kind.Word(h.Act)}
		switch h.Act {
		case "enter":
			e.What = "进入" + stepWords[h.Stage]
		case "submit":
			e.Note = "编号" + a.Number
		case "request_correction":
			e.Note = Until(a.Correction.Due) + "前补正"
		case "decline", "pass_over", "disqualify":
			e.Note = a.Reason
		}
		events = append(events, e)
	}
	s := applicationStrip(v)
	if a.Ended() {
		return events
	}
	here := Event{When: "现在", What: s.Stage, Note: "由" + s.Who + "办理", Here: true}
	if s.Due != "" {
		here.Note += "，" + s.Due + "前"
	}
	events = append(events, here)
	for i, word := range s.Steps {
		if i+1 > s.Step {
			events = append(events, Event{When: "其后", What: word, Next: true})
		}
	}
	return events
}

// groupOf returns the code of the group that has an indicator.
func groupOf(v casework.Filed, code string) string {
	for _, g := range v.Groups {
		for _, i := range g.Indicators {
			if i.Code == code {
				return g.Code
			}
		}
	}
	return ""
}

// gapURL leads to the field that a gap is in.
func gapURL(v casework.ApplicationView, path string) string {
	anchor := "#" + strings.ReplaceAll(path, ".", "-")
	code, part, _ := strings.Cut(path, ".")
	if part == "files" {
		return evidenceURL(v, code)
	}
	if g := groupOf(v.Filed, code); g != "" {
		return sectionURL(v, g) + anchor
	}
	return applicationURL(v, "/signature") + anchor
}

// gapLinks lists what is missing, each with a link to its field.
func gapLinks(v casework.ApplicationView) (links []Link) {
	for _, g := range v.Gaps {
		links = append(links, Link{Word: g.Say, URL: gapURL(v, g.Fields[0].Path)})
	}
	return links
}

// groupTask is one section as a line of the task list.
func groupTask(v casework.ApplicationView, g programme.Group) Task {
	t := Task{Word: "（" + g.Code + "）" + g.Title, URL: sectionURL(v, g.Code), Tone: Plain, Say: "已完成"}
	open, started, over, carried := 0, false, 0, 0
	for _, i := range g.Indicators {
		w := v.Application.Answers[i.Code]
		started = started || w.Started()
		if v.Application.Carried[i.Code] > 0 {
			carried++
		}
		gaps := w.Gaps(i)
		if len(gaps) > 0 {
			open++
		}
		if slices.ContainsFunc(gaps, func(f *fault.Fault) bool { return f.Code == "answer.complete.words" }) {
			over++
		}
	}
	t.Note = fmt.Sprintf("%d项指标", len(g.Indicators))
	switch {
	case over > 0:
		t.Tone, t.Say = Bad, "有问题"
		t.Note += fmt.Sprintf("，%d项自评说明超出字数", over)
	case carried > 0:
		t.Tone, t.Say = Warn, "请确认"
		t.Note += fmt.Sprintf("，%d项是以前填写的", carried)
	case open > 0 && started:
		t.Tone, t.Say = Now, "进行中"
		t.Note += fmt.Sprintf("，还差%d项", open)
	case open > 0:
		t.Tone, t.Say = Open, "未开始"
	}
	return t
}

// signatureTask is the part about who applies and commits.
func signatureTask(v casework.ApplicationView) Task {
	a := v.Application
	t := Task{Word: "申报主体与承诺", URL: applicationURL(v, "/signature"), Note: "申报的党组织、签署人、材料真实的承诺", Tone: Now, Say: "进行中"}
	switch {
	case a.Committed && a.Signatory != "":
		t.Tone, t.Say = Plain, "已完成"
	case !a.Committed && a.Signatory == "":
		t.Tone, t.Say = Open, "未开始"
	}
	return t
}

// tasksOf is the task list: what is prepared, the sections, and the end. done
// counts the parts that are finished of those that the applicant fills in.
func tasksOf(v casework.ApplicationView) (prepare, sections, last []Task, done, all int) {
	o := "/organisations/" + string(v.Application.Organisation)
	tone, say := Plain, "已完成"
	met, open := 0, 0
	for _, c := range v.Checks {
		if c.Verdict == programme.Meets {
			met++
		} else {
			open++
		}
	}
	note := fmt.Sprintf("%d项全部符合", met)
	if open > 0 {
		tone, say = Warn, "需核对"
		note = fmt.Sprintf("%d项符合，%d项不符合、存疑或者没有结论。不影响填写和提交", met, open)
	}
	prepare = []Task{
		{Word: "单位信息", URL: o, Note: "取自单位档案，只需核对", Tone: Plain, Say: "已带入"},
		{Word: "资格自查", URL: o + "/eligibility/" + string(v.Programme.Name), Note: note, Tone: tone, Say: say},
	}
	for _, g := range v.Groups {
		sections = append(sections, groupTask(v, g))
	}
	sign := signatureTask(v)
	for _, t := range append(slices.Clone(sections), sign) {
		all++
		if t.Tone == Plain {
			done++
		}
	}
	submit := Task{Word: "提交", Note: fmt.Sprintf("以上%d部分完成后可以提交", all), Tone: Locked, Say: "暂不能开始"}
	if len(v.Gaps) == 0 {
		submit.URL, submit.Note, submit.Tone, submit.Say = applicationURL(v, "/submit"), "校对无误再提交", Open, "未开始"
	}
	return prepare, sections, []Task{sign, {Word: "校对", URL: applicationURL(v, "/check"), Note: "全部内容看一遍，缺的逐项列出", Tone: Open, Say: "可以开始"}, submit}, done, all
}

// ratingOptions are the choices of a rating.
var ratingOptions = []Option{
	{Value: answer.Meets, Word: answer.RatingWord(answer.Meets)},
	{Value: answer.Partly, Word: answer.RatingWord(answer.Partly)},
	{Value: answer.Fails, Word: answer.RatingWord(answer.Fails), Hint: "写明原因，不用列佐证材料。"},
}

// ratingSay says a rating, with the score where there is one.
func ratingSay(i programme.Indicator, w answer.Answer) string {
	if i.Scored() && w.Rating != "" {
		return fmt.Sprintf("%d分，满分%d分", w.Score, i.Points)
	}
	return answer.RatingWord(w.Rating)
}

// scoreSaved writes a score as the form shows it: empty while open.
func scoreSaved(w answer.Answer) string {
	if w.Rating == "" {
		return ""
	}
	return strconv.Itoa(w.Score)
}

// part is what the form of one indicator shows.
type part struct {
	Indicator programme.Indicator
	Answer    answer.Answer
	Demand    string   // what the notice of defects says about it; empty: nothing
	Carried   int      // the year from which the answer was carried over and is not confirmed; 0: it was not
	Known     []string // what stands in the organisation's facts and ledger anyway
	Blank     string   // URL of the blank form; empty: there is none
}

func answerPart(v casework.ApplicationView, i programme.Indicator) part {
	p := part{Indicator: i, Answer: v.Application.Answers[i.Code], Demand: v.Application.Demanded(i.Code), Carried: v.Application.Carried[i.Code], Known: v.Known[i.Code]}
	if casework.HasForm(v.Programme.Name, i.BlankForm) {
		p.Blank = "/guide/" + string(v.Programme.Name) + "/forms/" + i.BlankForm
	}
	return p
}

// evidenceFields are the boxes for evidence of an indicator: those that it asks
// for, what is there beyond them, and two more.
func evidenceFields(i programme.Indicator, w answer.Answer) (fields []Field) {
	n := min(max(len(i.Evidence), len(w.Evidence))+2, 20)
	for k := range n {
		f := Field{Name: i.Code + ".evidence." + strconv.Itoa(k), Label: fmt.Sprintf("其他佐证材料 %d", k-len(i.Evidence)+1)}
		if k < len(i.Evidence) {
			f.Label = "佐证材料：" + i.Evidence[k]
		}
		if k < len(w.Evidence) {
			f.Saved = w.Evidence[k]
		}
		fields = append(fields, f)
	}
	return fields
}

// AnswerValues is an answer as the fields of its form hold it.
func AnswerValues(i programme.Indicator, w answer.Answer) map[string]string {
	all := map[string]string{i.Code + ".seen": w.Seal(), i.Code + ".statement": w.Statement}
	if i.Scored() {
		all[i.Code+".score"] = scoreSaved(w)
	} else {
		all[i.Code+".rating"] = w.Rating
	}
	for _, e := range evidenceFields(i, w) {
		all[e.Name] = e.Saved
	}
	return all
}

// evidenceWords lists the evidence of an answer with what the indicator calls it.
func evidenceWords(i programme.Indicator, w answer.Answer) (all []Fact) {
	for n := range max(len(i.Evidence), len(w.Evidence)) {
		f := Fact{Word: "其他材料"}
		if n < len(i.Evidence) {
			f.Word = i.Evidence[n]
		}
		if n < len(w.Evidence) {
			f.Value = w.Evidence[n]
		}
		if f.Value != "" || n < len(i.Evidence) && w.Rating != answer.Fails {
			all = append(all, f)
		}
	}
	return all
}

// paragraphs splits a text at its line ends.
func paragraphs(s string) (all []string) {
	for _, p := range strings.Split(s, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// sectionAnswers is a group as the page that checks it shows it.
func sectionAnswers(v casework.ApplicationView, g programme.Group) (all []Answer) {
	for _, i := range g.Indicators {
		w := v.Application.Answers[i.Code]
		to := func(part string) string { return sectionURL(v, g.Code) + "#" + i.Code + "-" + part }
		rated := "rating"
		if i.Scored() {
			rated = "score"
		}
		all = append(all,
			Answer{Word: i.Code + " " + i.Title + "：自评", Value: ratingSay(i, w), Change: to(rated)},
			Answer{Word: i.Code + " 自评说明", Value: w.Statement, Change: to("statement")})
		for n, e := range evidenceWords(i, w) {
			all = append(all, Answer{Word: i.Code + " " + e.Word, Value: e.Value, Change: to("evidence-" + strconv.Itoa(n))})
		}
		if i.Files > 0 || len(w.Files) > 0 {
			all = append(all, Answer{Word: i.Code + " 佐证文件", Value: fileNames(w.Files), Change: evidenceURL(v, i.Code)})
		}
	}
	return all
}

// repeatedSay says which evidence stands for several things.
func repeatedSay(c answer.Content) (all []string) {
	for _, r := range c.Repeated() {
		all = append(all, fmt.Sprintf("“%s”写在%s，共%d处。一份材料不重复充当多项，核对是否写错。", r.Evidence, strings.Join(slices.Compact(slices.Clone(r.Under)), "、"), len(r.Under)))
	}
	return all
}

// checkTone is how the verdict of a rule feels.
func checkTone(c ruling.Check) Tone {
	switch c.Verdict {
	case programme.Meets:
		return OK
	case programme.Fails:
		return Bad
	default:
		return Warn
	}
}

// verdictSay is a verdict as people read it.
var verdictSay = map[programme.Verdict]string{
	programme.Meets: "符合", programme.Fails: "不符合", programme.Doubtful: "存疑", programme.Pending: "暂无结论",
}

// categorySay is the word of an application's category.
func categorySay(p *programme.Programme, code string) string {
	for _, c := range p.Applicants.Categories {
		if c.Code == code {
			return c.Title
		}
	}
	return ""
}

// fieldSay names a field of an application: 1-2 按时换届.
func fieldSay(v casework.Filed, field string) string {
	if field == "signatory" {
		return "签署人"
	}
	if i, known := v.Programme.Indicator(field); known {
		return i.Code + " " + i.Title
	}
	return field
}

// applicationFacts are the facts of an application that was filed.
func applicationFacts(v casework.ApplicationView) []Fact {
	a := v.Application
	facts := []Fact{{Word: "申报编号", Value: a.Number, Code: true}, {Word: "申报单位", Value: a.Name}}
	if a.PartyBody != "" {
		facts = append(facts, Fact{Word: "申报主体", Value: a.PartyBody})
	}
	if c := categorySay(v.Programme, a.Category); c != "" {
		facts = append(facts, Fact{Word: "类别", Value: c})
	}
	return append(facts, Fact{Word: "签署人", Value: a.Signatory}, Fact{Word: "提交时间", Value: Moment(a.SubmittedAt)}, Fact{Word: "内容摘要", Value: groups(a.Digest), Code: true})
}

// receipt are the facts of the confirmation page.
func receipt(v casework.ApplicationView) []Fact {
	return append(applicationFacts(v),
		Fact{Word: "下一步", Value: nextSay(v)},
		Fact{Word: "截止以前", Value: "可以撤回，受理以后不能撤回；" + Until(v.Round.Deadline) + "前可以重新申报"},
		Fact{Word: "咨询", Value: v.Round.Contact})
}

// applicationStates are the states that the office filters by.
func applicationStates() []Option {
	options := []Option{{Value: "", Word: "全部"}}
	for _, s := range application.Kind.States() {
		if s != application.Draft && s != application.Forfeited {
			options = append(options, Option{Value: string(s), Word: application.Kind.Word(string(s))})
		}
	}
	return options
}

// withinSay says until when the office decides, and whether it is late.
func withinSay(l casework.ApplicationLine, today calendar.Date) string {
	if l.AcceptBy.IsZero() {
		return ""
	}
	if today.After(l.AcceptBy) {
		return ShortDay(l.AcceptBy) + "，已超期"
	}
	return ShortDay(l.AcceptBy)
}

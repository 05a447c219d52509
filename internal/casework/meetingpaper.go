package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/store"
)

// The documents of a meeting.
const (
	MeetingMaterial = "meeting_papers" // 会议材料
	MeetingRecord   = "meeting_record" // 会议记录
	MeetingMinutes  = "minutes"        // 会议纪要
	VoteResult      = "vote_result"    // 表决结果单
)

// Papers lists the documents that a meeting has by now, for the viewer.
func (v MeetingView) Papers(by stage.Actor) (all []PaperLink) {
	m := v.Meeting
	out := !m.CirculatedOn.IsZero() || by.Role == stage.Clerk // before, the office only prints them
	if out && len(v.Items) > 0 && by.Role != stage.Scrutineer {
		all = append(all, PaperLink{MeetingMaterial, "会议材料"})
	}
	if mayPrintCountSheets(by.Role) && (len(v.onPaper()) > 0 || v.paperRanking() != nil) && (m.State == meeting.Convened || m.State == meeting.Sitting) {
		all = append(all, PaperLink{CountSheet, "计票单（空白）"})
	}
	if m.State != meeting.Closed && m.State != meeting.Adjourned {
		return all
	}
	return append(all, PaperLink{MeetingRecord, "会议记录"}, PaperLink{MeetingMinutes, "会议纪要"}, PaperLink{VoteResult, "表决结果单"})
}

// Seats lists whose copies of the papers the office may print: each member's own.
func (v MeetingView) Seats(by stage.Actor) (all []meeting.Seat) {
	for _, s := range v.Meeting.Roster {
		if by.Role == stage.Clerk && s.Votes() && len(v.Items) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// MeetingPaper makes one of the documents of a meeting. reader, which the office may
// give, is the member whose copy of the papers it is: what that member may read.
func (d *Desk) MeetingPaper(ctx context.Context, by stage.Actor, key id.Meeting, kind string, reader id.Account) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.MeetingPaper(%s, %s)", key, kind)
	v, m, err := d.MeetingMinutes(ctx, by, key)
	if err != nil {
		return p, err
	}
	all := v.Papers(by)
	i := slices.IndexFunc(all, func(l PaperLink) bool { return l.Kind == kind })
	if i < 0 {
		return p, fault.Missing()
	}
	rules, err := d.rulesOfMeeting(ctx, by, v.Meeting)
	if err != nil {
		return p, err
	}
	name := all[i].Word + " " + v.Meeting.Title
	if kind == MeetingMinutes && slices.Contains(readsMinutes, by.Role) {
		return d.paperOf(ctx, MeetingMinutes, string(key), name, func() (*paper.Document, error) { return v.minutes(m, rules) })
	}
	var doc *paper.Document
	switch kind {
	case MeetingMaterial:
		who := "全体委员"
		if s := v.Meeting.Seat(by.Account); s != nil {
			who = s.Name
		}
		if reader != "" {
			n := slices.IndexFunc(v.Seats(by), func(s meeting.Seat) bool { return s.Account == reader })
			if n < 0 {
				return p, fault.Missing()
			}
			s := v.Seats(by)[n]
			who, by = s.Name, stage.Actor{Account: reader, Role: stage.Member, Programme: v.Meeting.Programme}
		}
		if doc, err = d.material(ctx, by, v, rules, who); err == nil {
			name += " " + who
		}
	case MeetingRecord:
		doc, err = v.record(m, rules)
	case MeetingMinutes:
		doc, err = v.minutes(m, rules)
	case CountSheet:
		doc, name = v.countSheets(), "计票单 "+v.Meeting.Title
	default:
		sheets, wrong := d.sheetsOf(ctx, by, &v.Meeting, v.Items)
		if wrong != nil {
			return p, wrong
		}
		doc, err = v.results(by, rules, sheets)
	}
	if err != nil {
		return p, err
	}
	return issue(name, doc)
}

// readsMinutes are those for whom minutes hide nothing: they get them as they were signed. To
// a member who was recused they say less.
var readsMinutes = []stage.Role{stage.Clerk, stage.Director, stage.Auditor}

func (d *Desk) minutesManuscript(tx *store.Tx, by stage.Actor, subject, _ string) (p manuscript, err error) {
	v, m, err := d.minutesView(tx, by, id.Meeting(subject))
	if err != nil {
		return p, err
	}
	if p.rules, err = d.programmeOfMeeting(tx, by, v.Meeting.Programme, v.Meeting.Round); err != nil {
		return p, err
	}
	p.of, p.on, p.name = v.Meeting.Programme, calendar.DateOf(v.ended()), "会议纪要 "+v.Meeting.Title
	if slices.ContainsFunc(v.Papers(by), func(l PaperLink) bool { return l.Kind == MeetingMinutes }) {
		p.doc, err = v.minutes(m, p.rules)
	}
	return p, err
}

func (d *Desk) rulesOfMeeting(ctx context.Context, by stage.Actor, m meeting.Meeting) (p *programme.Programme, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p, err = d.programmeOfMeeting(tx, by, m.Programme, m.Round)
		return err
	})
	return p, err
}

// sheetOf is what stands around the text of a meeting's plain documents.
func (v MeetingView) sheetOf(p *programme.Programme, at time.Time, word string) *paper.Document {
	return &paper.Document{Signers: []string{p.Office.Name}, Date: calendar.DateOf(at), Created: at.In(calendar.Zone), About: word + " " + v.Meeting.Title}
}

func (v MeetingView) presiding() string {
	if s := v.Meeting.Seat(v.Meeting.Presiding); s != nil {
		return s.Name
	}
	return ""
}

// ended is when the sitting ended, or was to begin.
func (v MeetingView) ended() time.Time {
	if v.Meeting.EndedAt.IsZero() {
		return v.Meeting.At
	}
	return v.Meeting.EndedAt
}

// material is what a member reads before the meeting: the agenda, and of each item both
// opinions, as far as that member may read them. Who is recused from an item reads
// that it is on the agenda.
func (d *Desk) material(ctx context.Context, by stage.Actor, v MeetingView, p *programme.Programme, who string) (*paper.Document, error) {
	m := v.Meeting
	agenda := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "议题", Width: 7}, {Head: "事项", Width: 2.2, Centre: true}}}
	var parts []paper.Block
	err := d.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Items(by, &v.Meeting)
		if err != nil {
			return err
		}
		slices.SortFunc(all, func(a, b item.Item) int { return a.Position - b.Position })
		for _, i := range all {
			agenda.Rows = append(agenda.Rows, []string{strconv.Itoa(i.Position), i.Title, item.Subjects[i.Subject.Kind]})
			facts, err := opinionsOn(tx, by, i)
			if err != nil {
				return err
			}
			parts = append(parts, paper.Heading{Level: 2, Text: "（" + ordinal(i.Position) + "）" + i.Title})
			parts = append(parts, facts...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	at := m.CirculatedOn.Start()
	if m.CirculatedOn.IsZero() {
		at = m.At
	}
	said := map[string]string{"会议": m.Title, "时刻": minute(m.At), "地点": m.Place, "议题数": strconv.Itoa(len(agenda.Rows)), "委员": who, "主持人": v.presiding()}
	doc := v.sheetOf(p, at, "会议材料")
	return compose(doc, p, MeetingMaterial, filling{words: said, blocks: map[string][]paper.Block{"议程": {agenda}, "各项材料": parts}})
}

// opinionsOn is what a member reads of one item.
func opinionsOn(tx *store.Tx, by stage.Actor, i item.Item) ([]paper.Block, error) {
	if i.Recused(by.Account) {
		return paragraphs("本人回避本项，材料不送达。"), nil
	}
	if i.Subject.Kind != "application" {
		return paragraphs("材料在系统里本项议题的页面上查看。"), nil
	}
	key := id.Application(i.Subject.ID)
	r, err := tx.ReviewOfFor(by, key)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	w, err := tx.VisitOfFor(by, key)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	facts := paper.Facts{{Word: "初审建议", Value: orNone(review.Recommendations[i.Recommendation])}, {Word: "初审意见", Value: orNone(r.Opinion)}, {Word: "考核结论", Value: orNone(assessment.Opinions[i.Opinion])}, {Word: "考核意见", Value: orNone(w.Text)}}
	for _, g := range w.Signatures {
		if g.Edition == w.Edition && g.Dissent != "" {
			facts = append(facts, paper.Fact{Word: "不同意见", Value: g.Dissent})
		}
	}
	return []paper.Block{facts}, nil
}

func orNone(s string) string {
	if strings.TrimSpace(s) == "" {
		return "没有"
	}
	return s
}

// record is the whole record (会议记录): who was there, each item with its figures, who
// voted what where the reader may know, and what the office noted.
func (v MeetingView) record(m minutes.Minutes, p *programme.Programme) (*paper.Document, error) {
	facts := paper.Facts{
		{Word: "会议", Value: m.Title},
		{Word: "时间", Value: sat(m)},
		{Word: "地点", Value: m.Place},
		{Word: "主持", Value: orNone(m.Presiding)},
		{Word: "应到", Value: fmt.Sprintf("%d人，法定人数%d人", m.Entitled, m.Needed)},
		{Word: "出席", Value: fmt.Sprintf("%d人：%s", len(m.Present), strings.Join(m.Present, "、"))},
	}
	for _, l := range []struct {
		word  string
		names []string
	}{{"中途离会", m.Left}, {"请假", m.Leave}, {"缺席", m.Absent}, {"列席", m.Attending}} {
		if len(l.names) > 0 {
			facts = append(facts, paper.Fact{Word: l.word, Value: strings.Join(l.names, "、")})
		}
	}
	var parts []paper.Block
	for _, i := range m.Items {
		facts := paper.Facts{{Word: "事项", Value: i.Subject}, {Word: "两份意见", Value: opinionsSaid(i)}}
		if len(i.Recused) > 0 {
			facts = append(facts, paper.Fact{Word: "回避", Value: i.Away()})
		}
		if i.Voted {
			facts = append(facts, paper.Fact{Word: "表决", Value: fmt.Sprintf("应到%d人，实到%d人。%s", i.Base.Entitled, i.Base.Present, tallied(i.Tally))})
		}
		for _, l := range []struct {
			word  string
			names []string
		}{{"赞成", i.Ayes}, {"反对", i.Noes}, {"弃权", i.Abstained}, {"书面意见", i.Written}} {
			if len(l.names) > 0 {
				facts = append(facts, paper.Fact{Word: l.word, Value: strings.Join(l.names, "、")})
			}
		}
		facts = append(facts, paper.Fact{Word: "结果", Value: i.Result})
		if i.Reason != "" {
			facts = append(facts, paper.Fact{Word: "理由", Value: i.Reason})
		}
		parts = append(parts, paper.Heading{Level: 2, Text: "（" + ordinal(i.Position) + "）" + i.Title}, facts)
	}
	if len(parts) == 0 {
		parts = paragraphs("没有议题。")
	}
	for _, r := range m.Rankings {
		facts := paper.Facts{}
		for _, line := range r.Lines {
			facts = append(facts, paper.Fact{Word: line[0], Value: line[1]})
		}
		parts = append(parts, paper.Heading{Level: 2, Text: r.Title}, facts)
	}
	return compose(v.sheetOf(p, v.ended(), "会议记录"), p, MeetingRecord, filling{
		words:  map[string]string{"会议": m.Title, "会议机关": p.Meeting.Body},
		blocks: map[string][]paper.Block{"会议情况": {facts}, "各项记录": parts, "补充记录": paragraphs(m.Notes)},
	})
}

func opinionsSaid(i minutes.Item) string {
	if i.Recommendation == "" && i.Opinion == "" {
		return "没有"
	}
	return "初审" + orNone(review.Recommendations[i.Recommendation]) + "；考核" + orNone(assessment.Opinions[i.Opinion])
}

func sat(m minutes.Minutes) string {
	if m.Opened.IsZero() {
		return minute(m.At)
	}
	s := minute(m.Opened)
	if !m.Ended.IsZero() {
		end := minute(m.Ended)
		if calendar.DateOf(m.Ended) == calendar.DateOf(m.Opened) {
			end = m.Ended.In(calendar.Zone).Format("15时04分")
		}
		s += "至" + end
	}
	return s
}

func minute(t time.Time) string { return t.In(calendar.Zone).Format("2006年1月2日15时04分") }

func tallied(t ballot.Tally) string {
	s := fmt.Sprintf("赞成%d票，反对%d票，弃权%d票", t.Ayes+t.WrittenAyes, t.Noes+t.WrittenNoes, t.Abstentions)
	if t.Invalid > 0 {
		s += fmt.Sprintf("，无效%d票", t.Invalid)
	}
	if t.Written > 0 {
		s += fmt.Sprintf("（含书面意见%d份）", t.Written)
	}
	return s + "。"
}

// minutes are what was resolved, in the form of minutes (纪要格式, 10.3): who attended
// stands after the text, and there is no seal.
func (v MeetingView) minutes(m minutes.Minutes, p *programme.Programme) (*paper.Document, error) {
	var resolved []paper.Block
	for _, i := range m.Items {
		then := i.Result
		if i.Voted {
			then += "，" + strings.TrimSuffix(tallied(i.Tally), "。")
		}
		if i.Reason != "" {
			then += "。" + unstopped(i.Reason)
		}
		resolved = append(resolved, paper.Heading{Level: 3, Text: fmt.Sprintf("%d.%s。", i.Position, unstopped(i.Title)), Then: then + "。"})
	}
	if len(resolved) == 0 {
		resolved = paragraphs("没有议题。")
	}
	came := []paper.Block{paper.Blank{}, paper.Heading{Level: 1, Text: "出席：", Then: orNone(strings.Join(m.Present, "、"))}}
	if away := slices.Concat(m.Leave, m.Absent); len(away) > 0 {
		came = append(came, paper.Heading{Level: 1, Text: "请假：", Then: strings.Join(away, "、")})
	}
	var attend []paper.Block
	if len(m.Attending) > 0 {
		attend = append(attend, paper.Heading{Level: 1, Text: "列席：", Then: strings.Join(m.Attending, "、")})
	}
	end := v.ended()
	return compose(&paper.Document{
		Form: paper.Minutes, Issuer: markOf(p), Title: m.Title + "纪要", Imprint: &paper.Imprint{PrintedBy: p.Office.Name, PrintedOn: calendar.DateOf(end)},
		Created: end.In(calendar.Zone), About: "会议纪要 " + m.Title,
	}, p, MeetingMinutes, filling{
		words: map[string]string{
			"会议": m.Title, "会议机关": p.Meeting.Body, "日期": calendar.DateOf(v.ended()).Chinese(), "地点": m.Place, "主持人": m.Presiding,
			"应到人数": strconv.Itoa(m.Entitled), "实到人数": strconv.Itoa(len(m.Present)), "法定人数": strconv.Itoa(m.Needed), "议题数": strconv.Itoa(len(m.Items)),
		},
		blocks: map[string][]paper.Block{"议定事项": resolved, "到会名单": came, "列席名单": attend},
	})
}

// markOf is what stands in red above minutes: ×××××会议纪要 (10.3).
func markOf(p *programme.Programme) string {
	body := p.Meeting.Body
	if body == "" {
		body = p.Issuer.Name
	}
	if strings.HasSuffix(body, "会议") {
		return body + "纪要"
	}
	return body + "会议纪要"
}

var ballotWord = map[string]string{"named": "记名投票", "paper": "无记名投票（纸质票）", "secret": "无记名投票（电子）"}

// results is the sheet of the votes with how each result was computed, so that anybody
// adds it up again.
func (v MeetingView) results(by stage.Actor, p *programme.Programme, sheets map[id.Item][]countsheet.Sheet) (*paper.Document, error) {
	m := v.Meeting
	of, whole := "应到人数", func(i item.Item) int { return i.Base.Entitled }
	if m.Rules.Of == "present" {
		of, whole = "实到人数", func(i item.Item) int { return i.Base.Present + i.Tally.Written }
	}
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1.1, Centre: true}, {Head: "议题", Width: 4.4}, {Head: "应到", Width: 1.1, Centre: true}, {Head: "实到", Width: 1.1, Centre: true}, {Head: "赞成", Width: 1.1, Centre: true}, {Head: "反对", Width: 1.1, Centre: true}, {Head: "弃权", Width: 1.1, Centre: true}, {Head: "无效", Width: 1.1, Centre: true}, {Head: "结果", Width: 1.5, Centre: true}}}
	var how []paper.Block
	all := slices.Clone(v.Items)
	slices.SortFunc(all, func(a, b item.Item) int { return a.Position - b.Position })
	for _, i := range all {
		row := []string{strconv.Itoa(i.Position), i.Title}
		result := item.Kind.Word(string(i.State))
		voted := i.State == item.Carried || i.State == item.Lost
		switch {
		case i.Recused(by.Account):
			row = append(row, "—", "—", "—", "—", "—", "—")
			how = append(how, paper.Paragraph{Text: fmt.Sprintf("第%d项：本人回避，不列票数。", i.Position)})
		case !voted:
			row = append(row, "—", "—", "—", "—", "—", "—")
			how = append(how, paper.Paragraph{Text: fmt.Sprintf("第%d项：%s，没有计票。%s", i.Position, result, reasoned(i.Reason))})
		default:
			y := i.Tally
			for _, n := range []int{i.Base.Entitled, i.Base.Present, y.Ayes + y.WrittenAyes, y.Noes + y.WrittenNoes, y.Abstentions, y.Invalid} {
				row = append(row, strconv.Itoa(n))
			}
			how = append(how, paper.Paragraph{Text: arithmetic(m.Rules, i, of, whole(i), result)})
			for _, s := range sheets[i.ID] {
				how = append(how, paper.Facts{{Word: "第" + strconv.Itoa(i.Position) + "项计票单扫描件", Value: s.Name}, {Word: "SHA-256", Value: byEights(s.SHA256), Plain: true}})
			}
		}
		t.Rows = append(t.Rows, append(row, result))
	}
	how = append(how, v.rankingResults()...)
	signs := paper.Table{Columns: []paper.Column{{Head: "签字人", Width: 4}, {Head: "签字", Width: 4}, {Head: "日期", Width: 3}}, Rows: [][]string{{"主持人 " + v.presiding(), "　\n　", ""}}}
	if m.Rules.Ballot != "named" {
		signs.Rows = append(signs.Rows, []string{"监票人", "　\n　", ""}, []string{"监票人", "　\n　", ""})
	}
	return compose(v.sheetOf(p, v.ended(), "表决结果单"), p, VoteResult, filling{
		words: map[string]string{
			"会议": m.Title, "日期": calendar.DateOf(v.ended()).Chinese(), "表决方式": ballotWord[m.Rules.Ballot],
			"法定人数规则": words.Fraction(m.Rules.Quorum), "通过规则": words.Fraction(m.Rules.Majority), "分母说明": of,
		},
		blocks: map[string][]paper.Block{"表决结果": {t}, "计算过程": how, "签字栏": {signs}},
	})
}

func reasoned(s string) string {
	if s == "" {
		return ""
	}
	return "理由：" + sentence(s)
}

// arithmetic says how the result of one item came about.
func arithmetic(rules programme.Meeting, i item.Item, of string, whole int, result string) string {
	y := i.Tally
	s := fmt.Sprintf("第%d项：应到%d人", i.Position, i.Base.Entitled)
	if i.Base.Recused > 0 {
		s += fmt.Sprintf("，回避%d人", i.Base.Recused)
		if rules.RecusedCount {
			s += "（计入应到）"
		} else {
			s += "（不计入应到）"
		}
	}
	if need, err := ballot.Needed(rules.Quorum, i.Base.Entitled); err == nil {
		s += fmt.Sprintf("，法定人数%d人，实到%d人", need, i.Base.Present)
	}
	if y.Issued > 0 {
		s += fmt.Sprintf("；发出%d张，收回%d张，%d+%d+%d+%d=%d", y.Issued, y.Collected, y.Ayes, y.Noes, y.Abstentions, y.Invalid, y.Ayes+y.Noes+y.Abstentions+y.Invalid)
	}
	if y.Written > 0 {
		s += fmt.Sprintf("；书面意见%d份，其中赞成%d份，反对%d份", y.Written, y.WrittenAyes, y.WrittenNoes)
	}
	if need, err := ballot.Needed(rules.Majority, whole); err == nil {
		s += fmt.Sprintf("；按%s%d人计算，通过需要%d票，赞成%d票", of, whole, need, y.Ayes+y.WrittenAyes)
	}
	return s + "，" + result + "。" + reasoned(i.Reason)
}

// ordinal is a number as headings have it: 一, 十, 二十三. From 100 on in digits.
func ordinal(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 1 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n-10]
	}
	return digits[n/10] + "十" + digits[n%10]
}

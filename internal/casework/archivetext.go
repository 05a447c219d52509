package casework

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/visit"
)

// lines builds a text for people with any editor: UTF-8 with a mark and the line ends
// that all of them know.
type lines struct{ strings.Builder }

func (l *lines) head(s string) { l.WriteString("\r\n【" + s + "】\r\n") }

// say writes a word and what it says, and nothing where that is empty.
func (l *lines) say(word, what string) {
	if what = strings.TrimSpace(what); what != "" {
		l.WriteString(word + "：" + strings.ReplaceAll(strings.ReplaceAll(what, "\r\n", "\n"), "\n", "\r\n　　") + "\r\n")
	}
}

func (l *lines) bytes(title string) []byte { return []byte("\ufeff" + title + "\r\n" + l.String()) }

func numeral(n int) string { return strconv.Itoa(n) }

func (p *packing) callText() []byte {
	r := &p.round
	var l lines
	l.say("方案", p.rules.Title)
	l.say("年度", numeral(r.Year))
	l.say("文号", r.DocNumber)
	l.say("主送", r.Addressees)
	l.say("成文日期", r.DatedOn.Chinese())
	l.say("印发日期", r.IssuedOn.Chinese())
	l.say("发布时间", second(r.PublishedAt))
	l.say("申报截止", round.Instant(r.Deadline))
	for _, e := range r.Extensions {
		l.say("顺延", fmt.Sprintf("%s由%s顺延至%s，%s", second(e.At), round.Instant(e.From), round.Instant(e.To), e.Reason))
	}
	l.say("特别届次的理由", r.Reason)
	l.say("咨询", r.Contact)
	l.say("状态", round.Kind.Word(string(r.State)))
	return l.bytes(r.Title)
}

// resultText says what became of an application, and when what happened.
func (p *packing) resultText(a *application.Application) []byte {
	var l lines
	l.say("申报编号", a.Number)
	l.say("申报单位", a.Name)
	l.say("申报主体", a.PartyBody)
	l.say("类别", p.category(a.Category))
	l.say("结果", p.became(a))
	l.say("理由", a.Reason)
	l.say("内容摘要（SHA-256）", a.Digest)
	l.head("经过")
	for _, e := range a.History {
		word := application.Kind.Word(e.Act)
		if e.Act == "enter" {
			word = "进入" + cmp.Or(lifecycle.Named(e.Stage).Label, e.Stage)
		}
		l.say(second(e.At), word)
	}
	if c := a.Correction; len(c.Defects) > 0 {
		l.head("补正")
		for _, defect := range c.Defects {
			l.say(defect.Field, defect.Say)
		}
		l.say("期限", c.LastDay.Chinese())
		l.say("提交", second(c.AnsweredAt))
	}
	return l.bytes("办理结果")
}

// became says an application's end, with its title.
func (p *packing) became(a *application.Application) string {
	word := application.Kind.Word(string(a.State))
	if t, named := p.titles[a.ID]; named {
		word += "，编号" + t.Number
	}
	return word
}

func (p *packing) category(code string) string {
	for _, c := range p.rules.Applicants.Categories {
		if c.Code == code {
			return c.Title
		}
	}
	return code
}

func (p *packing) reviewText(v *review.Review) ([]byte, error) {
	var l lines
	l.say("建议", review.Recommendations[v.Recommendation])
	l.say("意见", v.Opinion)
	by, err := p.who(v.Reviewer)
	if err != nil {
		return nil, err
	}
	confirmed, err := p.who(v.Confirmer)
	l.say("初审", by)
	l.say("复核", confirmed)
	l.say("提出时间", second(v.DraftedAt))
	l.say("确认时间", second(v.EndedAt))
	l.head("逐项意见")
	for _, i := range p.rules.Indicators(p.round.Year) {
		if f, there := v.Findings[i.Code]; there {
			l.say(indicator(i), strings.TrimSpace(review.Verdicts[f.Verdict]+points(f.Score)+"　"+f.Reason))
		}
	}
	return l.bytes("初审意见"), err
}

func points(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("，%d分", n)
}

func (p *packing) visitText(v *visit.Visit) ([]byte, error) {
	var l lines
	l.say("状态", visit.Kind.Word(string(v.State)))
	l.say("时间", strings.TrimSpace(v.On.Chinese()+" "+v.At))
	l.say("地点", v.Place)
	l.say("说明", v.Reason)
	for _, s := range v.Team {
		word := "组员"
		if s.Leader {
			word = "组长"
		}
		if s.Absent != "" {
			s.Name += "（没有到场：" + s.Absent + "）"
		}
		l.say(word, s.Name)
	}
	for _, s := range v.Replaced {
		l.say("更换", s.Name+"（"+s.Why+"）")
	}
	l.say("考核意见", assessment.Opinions[v.Opinion])
	l.say("意见说明", v.Text)
	for _, name := range slices.Sorted(maps.Keys(v.Records)) {
		r := v.Records[name]
		l.head(cmp.Or(assessment.Methods[name], name))
		l.say("情况", r.Text)
		l.say("没有采用的原因", r.Skipped)
		if r.People > 0 {
			l.say("人数", numeral(r.People))
		}
		for _, survey := range slices.Sorted(maps.Keys(r.Tallies)) {
			t := r.Tallies[survey]
			l.say(cmp.Or(assessment.Surveys[survey], survey), fmt.Sprintf("调查%d人，满意%d人", t.Sample, t.Content))
		}
	}
	l.head("逐项意见")
	for _, i := range p.rules.Indicators(p.round.Year) {
		if f, there := v.Findings[i.Code]; there {
			l.say(indicator(i), strings.TrimSpace(assessment.Ratings[f.Rating]+points(f.Score)+"　"+f.Note))
		}
	}
	l.head("签名")
	for _, s := range v.Signatures {
		name, err := p.who(s.Account)
		if err != nil {
			return nil, err
		}
		if s.Dissent != "" {
			name += "（不同意见：" + s.Dissent + "）"
		}
		l.say(second(s.At), name)
	}
	return l.bytes("实地考核情况"), nil
}

func minutesText(m minutes.Minutes) []byte {
	var l lines
	names := func(word string, all []string) { l.say(word, strings.Join(all, "、")) }
	l.say("时间", second(m.At))
	l.say("开会", second(m.Opened))
	l.say("散会", second(m.Ended))
	l.say("地点", m.Place)
	l.say("主持", m.Presiding)
	names("出席", m.Present)
	names("中途离开", m.Left)
	names("请假", m.Leave)
	names("缺席", m.Absent)
	names("列席", m.Attending)
	l.say("法定人数", fmt.Sprintf("应到%d人，须到%d人，实到%d人", m.Entitled, m.Needed, len(m.Present)))
	for _, i := range m.Items {
		l.head(fmt.Sprintf("第%d项 %s", i.Position, i.Title))
		l.say("事项", i.Subject)
		l.say("初审建议", review.Recommendations[i.Recommendation])
		l.say("考核意见", assessment.Opinions[i.Opinion])
		names("回避", i.Recused)
		names("书面意见", i.Written)
		if i.Voted {
			t := i.Tally
			l.say("表决", fmt.Sprintf("应到%d人，实到%d人；发出%d票，收回%d票，同意%d，不同意%d，弃权%d，无效%d", i.Base.Entitled, i.Base.Present, t.Issued, t.Collected, t.Ayes, t.Noes, t.Abstentions, t.Invalid))
		}
		names("同意", i.Ayes)
		names("不同意", i.Noes)
		names("弃权", i.Abstained)
		l.say("结果", i.Result)
		l.say("理由", i.Reason)
	}
	for _, r := range m.Rankings {
		l.head(r.Title)
		for _, line := range r.Lines {
			l.say(line[0], line[1])
		}
	}
	if m.Notes != "" {
		l.head("记录")
		l.say("会议记录", m.Notes)
	}
	return l.bytes(m.Title)
}

func publicityText(v *publicity.Publicity) []byte {
	var l lines
	l.say("状态", publicity.Kind.Word(string(v.State)))
	l.say("说明", v.Text)
	l.say("发布时间", second(v.PublishedAt))
	if v.Posting.URL != "" {
		l.say("发布网站", v.Posting.URL)
		l.say("网站发布时间", second(v.Posting.At))
		l.say("网站网页摘要（SHA-256）", v.Posting.SHA256)
	}
	l.say("公示期", fmt.Sprintf("%d个工作日，%s至%s", v.Days, v.First.Chinese(), v.Last.Chinese()))
	l.say("期满", second(v.ServedAt))
	l.say("名单摘要（SHA-256）", v.Digest)
	l.say("收到异议", fmt.Sprintf("%d件", v.Objections))
	l.say("理由", v.Reason)
	if len(v.Changes) > 0 {
		l.head("期间的变动")
	}
	for _, c := range v.Changes {
		l.say(second(c.At), strings.TrimSpace(publicity.Kind.Word(c.Act)+"　"+c.Say))
	}
	return l.bytes(v.Title)
}

// objectionText tells a case without who raised it and without what that person wrote,
// which may give them away.
func (p *packing) objectionText(o *objection.Objection) ([]byte, error) {
	handler, err := p.who(o.Handler)
	var l lines
	l.say("编号", numeral(o.Number))
	l.say("涉及", o.Name)
	l.say("收到时间", second(o.ArrivedAt))
	l.say("状态", objection.Kind.Word(string(o.State)))
	l.say("承办", handler)
	l.say("反映的问题（承办人归纳）", o.Summary)
	l.say("向单位了解", o.Question)
	l.say("单位说明", o.Reply)
	l.say("核查情况", o.Finding)
	l.say("核查时间", second(o.FoundAt))
	l.say("结论", objection.Kind.Word(string(o.Outcome)))
	l.say("答复时间", second(o.AnsweredAt))
	return l.bytes("异议办理情况"), err
}

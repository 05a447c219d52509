package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
)

// The documents of a proceeding.
const (
	HearingPaper = "hearing"  // 拟撤销告知书
	RevokedPaper = "decision" // 撤销决定
)

// Say is the sentence by which a naming names.
func (v NamingView) Say() string {
	s := "根据" + v.Programme.Title + "的通知，经" + strings.Join(words.Examined(v.Programme), "、") + "，公示无异议，决定命名下列" + strconv.Itoa(len(v.Naming.List)) + "家单位为" + v.Programme.Base
	if v.Programme.Validity.Years > 0 {
		s += "，有效期" + strconv.Itoa(v.Programme.Validity.Years) + "年"
	}
	return s + "。"
}

// NamingPaper makes the naming notice, once it is issued.
func (d *Desk) NamingPaper(ctx context.Context, by stage.Actor, key id.Naming) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.NamingPaper(%s)", key)
	v, err := d.Naming(ctx, by, key)
	if err != nil {
		return p, err
	}
	if v.Naming.State != naming.Issued {
		return p, fault.Missing()
	}
	return issue("命名通知 "+v.Naming.DocNumber, v.paper())
}

// paper is the naming notice.
func (v NamingView) paper() *paper.Document {
	n := v.Naming
	doc := &paper.Document{
		Form: paper.Red, Issuer: v.Programme.Issuer.Name + "文件", Number: n.DocNumber, Title: n.Title, To: n.Addressees,
		Body:    []paper.Block{paper.Paragraph{Text: strings.ReplaceAll(v.Say(), "下列", "附件所列")}},
		Annexes: []paper.Annex{{Title: v.Programme.Base + "名单", Body: []paper.Block{v.listTable()}}},
		Signers: []string{v.Programme.Issuer.Name}, Date: n.DatedOn, Seal: true,
		Imprint: &paper.Imprint{PrintedBy: v.Programme.Office.Name, PrintedOn: calendar.DateOf(n.IssuedAt)},
		Created: n.IssuedAt.In(calendar.Zone), About: n.DocNumber,
	}
	for _, s := range strings.Split(n.Closing, "\n") {
		if s = strings.TrimSpace(s); s != "" {
			doc.Body = append(doc.Body, paper.Paragraph{Text: s})
		}
	}
	return doc
}

// listTable is the list with names as decided, the present one beside it where it
// has changed.
func (v NamingView) listTable() paper.Table {
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "单位", Width: 6}, {Head: "编号", Width: 2, Centre: true}, {Head: "有效期至", Width: 2.4, Centre: true}}}
	for i, e := range v.Naming.List {
		name := e.Name
		if e.Now != "" {
			name += "\n（现名：" + e.Now + "）"
		}
		until := ""
		if k := slices.IndexFunc(v.Titles, func(t designation.Designation) bool { return t.Number == e.Number }); k >= 0 {
			until = v.Titles[k].NamedTo().Chinese()
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), name, e.Number, until})
	}
	return t
}

// title cites a title: “示范基地”称号（编号2026-007）.
func (v TitleCase) title() string {
	return "“" + v.Rules.Base + "”称号（编号" + v.Title.Number + "）"
}

// RectificationPaper makes the order to put things right (五(二)).
func (d *Desk) RectificationPaper(ctx context.Context, by stage.Actor, key id.Rectification) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.RectificationPaper(%s)", key)
	v, err := d.Rectification(ctx, by, key)
	if err != nil {
		return p, err
	}
	doc := letter(v.Rules, "责令限期整改通知书", v.Title.Name, v.Order.OrderedAt)
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "需要整改的问题", Width: 9}}}
	for i, item := range v.Order.Items {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), item.Say})
	}
	limit := "整改期限自本通知送达之日起计算，最后一天在送达时书面告知。"
	if !v.Order.DueOn.IsZero() {
		limit = fmt.Sprintf("本通知%s送达，请在%s24时前逐项整改并提交整改报告。", v.Order.ServedOn.Chinese(), v.Order.DueOn.Chinese())
	}
	doc.Body = []paper.Block{
		paper.Paragraph{Text: fmt.Sprintf("经核查，你单位持有的%s有以下问题，责令限期整改：", v.title()), Hold: true},
		t,
		paper.Paragraph{Text: limit + "期满没有提交报告的，视为整改效果不明显；整改效果不明显的，撤销称号。"},
	}
	return issue("责令限期整改通知书 "+v.Title.Number, doc)
}

// Papers lists the documents that a proceeding has by now.
func (v RevocationView) Papers() (all []PaperLink) {
	r := v.Proceeding
	if r.State == revocation.Proposed || !r.NotifiedOn.IsZero() { // it is printed, then served
		all = append(all, PaperLink{HearingPaper, "拟撤销称号告知书"})
	}
	if slices.Contains([]stage.State{revocation.Revoked, revocation.Appealed, revocation.Final, revocation.Reinstated}, r.State) {
		all = append(all, PaperLink{RevokedPaper, "撤销称号决定书"})
	}
	return all
}

// RevocationPaper makes one of the documents of a proceeding.
func (d *Desk) RevocationPaper(ctx context.Context, by stage.Actor, key id.Revocation, kind string) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.RevocationPaper(%s, %s)", key, kind)
	v, err := d.Revocation(ctx, by, key)
	if err != nil {
		return p, err
	}
	i := slices.IndexFunc(v.Papers(), func(l PaperLink) bool { return l.Kind == kind })
	if i < 0 {
		return p, fault.Missing()
	}
	word := v.Papers()[i].Word
	doc := v.decisionPaper(word)
	if kind == HearingPaper {
		doc = v.hearingPaper(word)
	}
	return issue(word+" "+v.Title.Number, doc)
}

// hearingPaper tells the holder what is intended and why, and until when it may
// state its view. Before it is served nobody knows that day, only how it is counted.
func (v RevocationView) hearingPaper(word string) *paper.Document {
	r := v.Proceeding
	at, until := r.NotifiedOn.Start(), "在"+r.HearingLast.Chinese()+"24时前"
	if r.NotifiedOn.IsZero() {
		at, until = v.Now, fmt.Sprintf("自收到本告知书次日起%d个工作日内", v.Rules.Revocation.HearingDays)
	}
	doc := letter(v.Rules, word, v.Title.Name, at)
	doc.Body = []paper.Block{
		paper.Paragraph{Text: "经查，" + sentence(r.Facts)},
		paper.Paragraph{Text: fmt.Sprintf("以上情形属于%s，拟撤销你单位的%s。", revocation.Grounds[r.Ground], v.title())},
		paper.Paragraph{Text: "你单位有权陈述申辩，请" + until + "书面提出，附上有关材料。期满没有提出的，视为放弃。"},
	}
	return doc
}

// decisionPaper is the decision with its reason and what may be done against it.
func (v RevocationView) decisionPaper(word string) *paper.Document {
	r := v.Proceeding
	doc := letter(v.Rules, word, v.Title.Name, r.DecidedOn.Start())
	doc.Issuer, doc.Signers = v.Rules.Issuer.Name, []string{v.Rules.Issuer.Name}
	heard := "你单位在期内没有陈述申辩。"
	if r.Statement != "" {
		heard = "你单位提出的陈述申辩已经听取。"
	}
	doc.Body = []paper.Block{
		paper.Paragraph{Text: "经查，" + sentence(r.Facts)},
		paper.Paragraph{Text: heard},
		paper.Paragraph{Text: fmt.Sprintf("以上情形属于%s。经会议审定，决定撤销你单位的%s，收回牌匾。", revocation.Grounds[r.Ground], v.title())},
	}
	if r.Reason != "" {
		doc.Body = append(doc.Body, paper.Paragraph{Text: "理由：" + sentence(r.Reason)})
	}
	if !r.BarredUntil.IsZero() {
		doc.Body = append(doc.Body, paper.Paragraph{Text: r.BarredUntil.Chinese() + "以前不得再次申报。"})
	}
	if !r.AppealLast.IsZero() {
		doc.Body = append(doc.Body, paper.Paragraph{Text: "对本决定不服的，可以在" + r.AppealLast.Chinese() + "24时前提出申诉。"})
	}
	return doc
}

// sentence ends a text with one full stop.
func sentence(s string) string { return strings.TrimRight(strings.TrimSpace(s), "。") + "。" }

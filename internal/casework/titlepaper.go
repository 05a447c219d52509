package casework

import (
	"context"
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
	"shifan/internal/store"
)

// The documents of a proceeding.
const (
	HearingPaper = "hearing"  // 拟撤销告知书
	RevokedPaper = "decision" // 撤销决定
)

// Says are the paragraphs by which a naming names, as its page shows them above the list.
func (v NamingView) Says() (all []string) {
	_, text, err := documentWords(v.Programme, "naming")
	if err != nil {
		return nil // the document says what is wrong
	}
	for _, l := range text.Fill(v.filling().words, nil) {
		all = append(all, strings.ReplaceAll(l.Text, "附件所列", "下列"))
	}
	return all
}

// filling is what the naming notice says.
func (v NamingView) filling() filling {
	p := v.Programme
	said := map[string]string{"方案": p.Title, "称号": p.Base, "经过": strings.Join(words.Examined(p), "、"), "家数": strconv.Itoa(len(v.Naming.List))}
	if p.Validity.Years > 0 {
		said["有效年数"] = strconv.Itoa(p.Validity.Years)
	}
	list := []paper.Block{v.listTable()}
	return filling{
		words: said, blocks: map[string][]paper.Block{"名单": list, "结尾": paragraphs(v.Naming.Closing)},
		annexes: map[string]paper.Annex{"附件名单": {Title: p.Base + "名单", Body: list}},
	}
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
	return d.paperOf(ctx, "naming", string(key), "命名通知 "+v.Naming.DocNumber, v.paper)
}

func (d *Desk) namingManuscript(tx *store.Tx, by stage.Actor, subject, _ string) (m manuscript, err error) {
	v, err := d.namingView(tx, by, id.Naming(subject))
	if err != nil {
		return m, err
	}
	n := v.Naming
	m = manuscript{rules: v.Programme, of: n.Programme, given: n.DocNumber, on: n.DatedOn, name: "命名通知 " + n.DocNumber}
	if n.State == naming.Issued {
		m.doc, err = v.paper()
	}
	return m, err
}

// paper is the naming notice.
func (v NamingView) paper() (*paper.Document, error) {
	n := v.Naming
	return compose(&paper.Document{
		Form: paper.Red, Issuer: v.Programme.Issuer.Name + "文件", Number: n.DocNumber, Title: n.Title, To: n.Addressees,
		Signers: []string{v.Programme.Issuer.Name}, Date: n.DatedOn, Seal: true,
		Imprint: &paper.Imprint{PrintedBy: v.Programme.Office.Name, PrintedOn: calendar.DateOf(n.IssuedAt)},
		Created: n.IssuedAt.In(calendar.Zone), About: n.DocNumber,
	}, v.Programme, "naming", v.filling())
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

// words are what every document about a title says of it.
func (v TitleCase) words() map[string]string {
	return map[string]string{"方案": v.Rules.Title, "称号": v.Rules.Base, "单位": v.Title.Name, "编号": v.Title.Number}
}

// RectificationPaper makes the order to put things right (五(二)).
func (d *Desk) RectificationPaper(ctx context.Context, by stage.Actor, key id.Rectification) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.RectificationPaper(%s)", key)
	v, err := d.Rectification(ctx, by, key)
	if err != nil {
		return p, err
	}
	return d.paperOf(ctx, "rectification", string(key), v.paperName(), v.paper)
}

func (v RectificationView) paperName() string { return "责令限期整改通知书 " + v.Title.Number }

func (d *Desk) rectificationManuscript(tx *store.Tx, by stage.Actor, subject, _ string) (m manuscript, err error) {
	v, err := d.rectificationView(tx, by, id.Rectification(subject))
	if err != nil {
		return m, err
	}
	m = manuscript{rules: v.Rules, of: v.Order.Programme, on: calendar.DateOf(v.Order.OrderedAt), name: v.paperName()}
	m.doc, err = v.paper()
	return m, err
}

func (v RectificationView) paper() (*paper.Document, error) {
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "需要整改的问题", Width: 9}}}
	for i, item := range v.Order.Items {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), item.Say})
	}
	words := v.words()
	if !v.Order.DueOn.IsZero() {
		words["送达日期"], words["期限"] = v.Order.ServedOn.Chinese(), v.Order.DueOn.Chinese()
	}
	return compose(letter(v.Rules, v.Title.Name, v.Order.OrderedAt), v.Rules, "rectification", filling{words: words, blocks: map[string][]paper.Block{"问题清单": {t}}})
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
	sort, write := "revocation", func() (*paper.Document, error) { return v.decisionPaper("") }
	if kind == HearingPaper {
		sort, write = HearingPaper, v.hearingPaper
	}
	return d.paperOf(ctx, sort, string(key), v.Papers()[i].Word+" "+v.Title.Number, write)
}

// revocationManuscript composes a document of a proceeding, once it has it.
func revocationManuscript(kind string) func(d *Desk, tx *store.Tx, by stage.Actor, subject, number string) (manuscript, error) {
	return func(d *Desk, tx *store.Tx, by stage.Actor, subject, number string) (m manuscript, err error) {
		v, err := d.revocationView(tx, by, id.Revocation(subject))
		if err != nil {
			return m, err
		}
		m = manuscript{rules: v.Rules, of: v.Proceeding.Programme}
		i := slices.IndexFunc(v.Papers(), func(l PaperLink) bool { return l.Kind == kind })
		if i < 0 {
			return m, nil
		}
		m.name = v.Papers()[i].Word + " " + v.Title.Number
		if kind == HearingPaper {
			m.on = v.hearingDay()
			m.doc, err = v.hearingPaper()
		} else {
			m.on = v.Proceeding.DecidedOn
			m.doc, err = v.decisionPaper(number)
		}
		return m, err
	}
}

// hearingPaper tells the holder what is intended and why, and until when it may
// state its view. Before it is served nobody knows that day, only how it is counted.
func (v RevocationView) hearingPaper() (*paper.Document, error) {
	r := v.Proceeding
	words := v.words()
	words["事实"], words["情形"], words["工作日数"] = unstopped(r.Facts), revocation.Grounds[r.Ground], strconv.Itoa(v.Rules.Revocation.HearingDays)
	if !r.NotifiedOn.IsZero() {
		words["期限"] = r.HearingLast.Chinese()
	}
	return compose(letter(v.Rules, v.Title.Name, v.hearingDay().Start()), v.Rules, "hearing", filling{words: words})
}

// hearingDay is the date that the notice bears: when it was served; before, today.
func (v RevocationView) hearingDay() calendar.Date {
	if on := v.Proceeding.NotifiedOn; !on.IsZero() {
		return on
	}
	return calendar.DateOf(v.Now)
}

// decisionPaper is the decision with its reason and what may be done against it.
func (v RevocationView) decisionPaper(number string) (*paper.Document, error) {
	r := v.Proceeding
	doc := letter(v.Rules, v.Title.Name, r.DecidedOn.Start())
	doc.Issuer, doc.Signers, doc.Number = v.Rules.Issuer.Name, []string{v.Rules.Issuer.Name}, number
	words := v.words()
	words["事实"], words["情形"] = unstopped(r.Facts), revocation.Grounds[r.Ground]
	words["陈述"], words["理由"] = unstopped(r.Statement), unstopped(r.Reason)
	words["再次申报日期"], words["申诉期限"] = r.BarredUntil.Chinese(), r.AppealLast.Chinese()
	return compose(doc, v.Rules, "revocation", filling{words: words})
}

// sentence ends a text with one full stop.
func sentence(s string) string { return strings.TrimRight(strings.TrimSpace(s), "。") + "。" }

package casework

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/stamped"
	"shifan/internal/paper"
	"shifan/internal/paper/scan"
	"shifan/internal/store"
)

// The documents of an application.
const (
	ReceiptPaper    = "receipt"    // 提交回执
	PrintPaper      = "print"      // 申报书打印版
	AcceptancePaper = "acceptance" // 受理通知书
	CorrectionPaper = "correction" // 补正通知书
	RefusalPaper    = "refusal"    // 不予受理通知书
)

// Papers lists the documents that an application has by now.
func (v ApplicationView) Papers() (all []PaperLink) {
	a := v.Application
	if a.Filed() {
		all = append(all, PaperLink{ReceiptPaper, "提交回执"})
	}
	if a.Filed() || a.State == application.Draft {
		all = append(all, PaperLink{PrintPaper, "申报书打印版"})
	}
	if !a.Correction.NotifiedAt.IsZero() {
		all = append(all, PaperLink{CorrectionPaper, "补正通知书"})
	}
	if !happened(a, "accept").IsZero() {
		all = append(all, PaperLink{AcceptancePaper, "受理通知书"})
	}
	if a.State == application.Declined {
		all = append(all, PaperLink{RefusalPaper, "不予受理通知书"})
	}
	return all
}

// happened returns when something last happened to an application; the zero Time
// when it did not.
func happened(a application.Application, act string) (at time.Time) {
	for _, e := range a.History {
		if e.Act == act {
			at = e.At
		}
	}
	return at
}

// ApplicationPaper makes one of the documents of an application, for those who may
// see it.
func (d *Desk) ApplicationPaper(ctx context.Context, by stage.Actor, key id.Application, kind string) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.ApplicationPaper(%s, %s)", key, kind)
	var doc *paper.Document
	name := ""
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.ApplicationFor(by, key)
		if err != nil {
			return err
		}
		v, err := d.applicationView(tx, by, a)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(v.Papers(), func(l PaperLink) bool { return l.Kind == kind })
		if i < 0 {
			return fault.Missing()
		}
		if doc, err = v.paper(kind); err != nil {
			return err
		}
		name = v.Papers()[i].Word + strings.TrimRight(" "+a.Number, " ")
		if kind == ReceiptPaper && a.State == application.Submitted && a.Correction.NotifiedAt.IsZero() {
			attachProof(tx, by, &a, doc)
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	if _, official := document.SortOf(kind); official {
		return d.paperOf(ctx, kind, string(key), name, func() (*paper.Document, error) { return doc, nil })
	}
	return issue(name, doc)
}

// applicationManuscript composes a letter about an application, once there is one.
func applicationManuscript(kind string) func(d *Desk, tx *store.Tx, by stage.Actor, subject, number string) (manuscript, error) {
	return func(d *Desk, tx *store.Tx, by stage.Actor, subject, _ string) (m manuscript, err error) {
		a, err := tx.ApplicationFor(by, id.Application(subject))
		if err != nil {
			return m, err
		}
		v, err := d.applicationView(tx, by, a)
		if err != nil {
			return m, err
		}
		m.rules, m.of = v.Programme, a.Programme
		i := slices.IndexFunc(v.Papers(), func(l PaperLink) bool { return l.Kind == kind })
		if i < 0 {
			return m, nil
		}
		m.name = v.Papers()[i].Word + strings.TrimRight(" "+a.Number, " ")
		m.doc, err = v.paper(kind)
		if m.doc != nil {
			m.on = m.doc.Date
		}
		return m, err
	}
}

// attachProof puts the proof that the submission stands in the record into the
// receipt, once its entry has its place.
func attachProof(tx *store.Tx, by stage.Actor, a *application.Application, doc *paper.Document) {
	proof, err := tx.Prove(by, string(a.ID))
	if err != nil {
		return // it has no place yet; the page of the application offers the proof
	}
	doc.Files = append(doc.Files, paper.File{Name: a.Number + ".tlog-proof", Media: "text/plain", About: "存证日志收录本次提交的证明", Content: []byte(proof.String())})
}

func (v ApplicationView) paper(kind string) (*paper.Document, error) {
	switch kind {
	case ReceiptPaper:
		return v.receiptPaper()
	case PrintPaper:
		return v.printPaper(), nil
	case CorrectionPaper:
		return v.correctionPaper()
	case AcceptancePaper:
		return v.acceptancePaper()
	}
	return v.refusalPaper()
}

// Next says what comes after a submission and by when; of what is decided, nothing.
func (v ApplicationView) Next() string {
	var parts []string
	if !v.AcceptBy.IsZero() {
		parts = append(parts, v.AcceptBy.Chinese()+"前告知是否受理")
	} else if n := v.Programme.Filing.AcceptIn; n > 0 {
		parts = append(parts, fmt.Sprintf("提交后%d个工作日内告知是否受理", n))
	}
	if !v.ReviewBy.IsZero() {
		parts = append(parts, v.ReviewBy.Chinese()+"前完成初审")
	}
	return strings.Join(parts, "，")
}

// facts are what every document of an application says of it.
func (v ApplicationView) facts() paper.Facts {
	a := v.Application
	all := paper.Facts{{Word: "申报项目", Value: v.Programme.Title + "（" + strconv.Itoa(v.Round.Year) + "年度）"}}
	if a.Number != "" {
		all = append(all, paper.Fact{Word: "申报编号", Value: a.Number})
	}
	all = append(all, paper.Fact{Word: "申报单位", Value: a.Name})
	if a.PartyBody != "" {
		all = append(all, paper.Fact{Word: "申报主体", Value: a.PartyBody})
	}
	for _, c := range v.Programme.Applicants.Categories {
		if c.Code == a.Category {
			all = append(all, paper.Fact{Word: "类别", Value: c.Title})
		}
	}
	return all
}

func (v ApplicationView) receiptPaper() (*paper.Document, error) {
	a := v.Application
	facts := append(v.facts(),
		paper.Fact{Word: "提交时间", Value: second(a.SubmittedAt)},
		paper.Fact{Word: "截止时间", Value: round.Instant(v.Round.Deadline)},
		paper.Fact{Word: "签署人", Value: a.Signatory},
		paper.Fact{Word: "内容摘要", Value: byEights(a.Digest)},
	)
	if next := v.Next(); next != "" {
		facts = append(facts, paper.Fact{Word: "下一步", Value: next})
	}
	facts = append(facts, paper.Fact{Word: "咨询", Value: v.Round.Contact})
	return compose(&paper.Document{
		Signers: []string{v.Programme.Office.Name}, Date: calendar.DateOf(a.SubmittedAt), Created: a.SubmittedAt.In(calendar.Zone), About: "申报编号 " + a.Number,
		Foot:  v.foot("凭编号和摘要可以核对本回执。"),
		Files: []paper.File{{Name: "application.json", Media: "application/json", About: "内容摘要所依据的原文", Content: a.Content().Canonical()}},
	}, v.Programme, "receipt", filling{words: v.words(), blocks: map[string][]paper.Block{"提交情况": {facts}}})
}

// foot says on every page which application it is and what its content was.
func (v ApplicationView) foot(last string) *paper.Foot {
	a := v.Application
	digest, number := a.Digest, a.Number
	if digest == "" {
		digest, number = a.Content().Digest(), "草稿，没有提交"
	}
	return &paper.Foot{
		Code: func(page, pages int) string {
			return stamped.Stamp{Number: a.Number, Digest: digest, Page: page, Pages: pages}.String()
		},
		Lines: func(page, pages int) []string {
			return []string{
				fmt.Sprintf("申报编号　%s　　第%d页，共%d页", number, page, pages),
				"内容摘要　" + byEights(digest[:32]), "　　　　　" + byEights(digest[32:]),
				last,
			}
		},
	}
}

// printPaper is what an organisation prints, stamps and scans: everything that it
// submits, in the order of the criteria.
func (v ApplicationView) printPaper() *paper.Document {
	a := v.Application
	at := a.SubmittedAt
	facts := v.facts()
	if a.Filed() {
		facts = append(facts, paper.Fact{Word: "提交时间", Value: second(at)})
	} else {
		at = a.SavedAt
	}
	d := &paper.Document{
		Title: v.Programme.Title + "|申报书", Body: []paper.Block{facts}, Foot: v.foot("盖章扫描后上传，平台读取左侧的码，核对是否与提交的内容一致。"), Created: at.In(calendar.Zone), About: strings.TrimSpace("申报编号 " + a.Number),
		Signers: []string{a.Name}, Undated: true, Seal: true,
	}
	for _, g := range v.Groups {
		d.Body = append(d.Body, paper.Heading{Level: 1, Text: "（" + g.Code + "）" + g.Title})
		t := paper.Table{Columns: []paper.Column{{Head: "指标", Width: 3.2}, {Head: "自评", Width: 1.5, Centre: true}, {Head: "自评说明和佐证材料", Width: 8}}}
		for _, i := range g.Indicators {
			t.Rows = append(t.Rows, []string{i.Code + "　" + i.Title, rated(i, a.Answers[i.Code]), said(i, a.Answers[i.Code])})
		}
		d.Body = append(d.Body, t)
	}
	promise := "本单位承诺：申报内容和佐证材料真实、准确，愿意接受核查；有虚假的，取消资格，已经命名的撤销称号。"
	if !a.Committed {
		promise = "（还没有作出材料真实的承诺。）"
	}
	d.Body = append(d.Body, paper.Heading{Level: 1, Text: "承诺"}, paper.Paragraph{Text: promise}, paper.Paragraph{Text: "签署人：" + a.Signatory + "　　（签字）"})
	return d
}

// rated says a rating, with the score where there is one.
func rated(i programme.Indicator, w answer.Answer) string {
	if i.Scored() && w.Rating != "" {
		return fmt.Sprintf("%d分\n满分%d分", w.Score, i.Points)
	}
	return answer.RatingWord(w.Rating)
}

// said is a statement with its evidence, each with what the indicator calls it.
func said(i programme.Indicator, w answer.Answer) string {
	lines := []string{w.Statement}
	for n, e := range w.Evidence {
		if e == "" {
			continue
		}
		name := "其他材料"
		if n < len(i.Evidence) {
			name = i.Evidence[n]
		}
		lines = append(lines, "〔"+name+"〕"+e)
	}
	return strings.Join(lines, "\n")
}

// words are what every document of an application says of it. Whom to ask is the office,
// never a person.
func (v ApplicationView) words() map[string]string {
	a := v.Application
	return map[string]string{
		"方案": v.Programme.Title, "称号": v.Programme.Base, "单位": a.Name, "编号": a.Number, "通知": call(v.Round),
		"提交日期": calendar.DateOf(a.SubmittedAt).Chinese(), "咨询": unstopped(v.Round.Contact),
	}
}

func (v ApplicationView) acceptancePaper() (*paper.Document, error) {
	a := v.Application
	words := v.words()
	words["初审期限"] = v.ReviewBy.Chinese()
	return compose(letter(v.Programme, a.Name, happened(a, "accept")), v.Programme, "acceptance", filling{words: words})
}

// correctionPaper tells everything that is missing at once (一次性告知, S46).
func (v ApplicationView) correctionPaper() (*paper.Document, error) {
	a := v.Application
	c := a.Correction
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "位置", Width: 3.5}, {Head: "需要补正的内容", Width: 8}}}
	for i, f := range c.Defects {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), v.fieldWord(f.Field), f.Say})
	}
	words := v.words()
	words["补正期限"] = c.LastDay.Chinese()
	return compose(letter(v.Programme, a.Name, c.NotifiedAt), v.Programme, "correction", filling{words: words, blocks: map[string][]paper.Block{"补正内容": {t}}})
}

func (v ApplicationView) fieldWord(field string) string {
	if field == "signatory" {
		return "签署人"
	}
	if i, known := v.Programme.Indicator(field); known {
		return i.Code + "　" + i.Title
	}
	return field
}

func (v ApplicationView) refusalPaper() (*paper.Document, error) {
	a := v.Application
	words := v.words()
	words["理由"] = unstopped(a.Reason)
	return compose(letter(v.Programme, a.Name, happened(a, "decline")), v.Programme, "refusal", filling{words: words})
}

var (
	errScanKind = fault.Define(fault.Invalid, "paper.scan.kind", "这个文件不是扫描件。上传扫描得到的PDF，或者JPG、PNG图片。", "")
	errScanMany = fault.Define(fault.Invalid, "paper.scan.many", "扫描件太大。最多200页，每页不超过A3、600dpi；重新扫描，分辨率选200到300dpi。", "")
)

// CopyMost is how many bytes a stamped copy may have.
const CopyMost = 50 << 20

// What is wrong with a stamped copy before it is read.
var (
	ErrNoCopy  = fault.Define(fault.Invalid, "paper.scan.none", "还没有选择文件。选择盖章版的扫描件再核对。", "")
	ErrBigCopy = fault.Define(fault.Invalid, "paper.scan.big", "文件超过50 MB。重新扫描，分辨率选200到300dpi，颜色选灰度。", "")
)

// CompareCopyFrom is CompareCopy for what is still on its way. It refuses with ErrNoCopy
// what is empty and with ErrBigCopy what is longer than CopyMost; the file is gone
// afterwards.
func (d *Desk) CompareCopyFrom(ctx context.Context, by stage.Actor, key id.Application, from io.Reader) (c stamped.Copy, err error) {
	f, err := os.CreateTemp("", "shifan-copy-")
	if err != nil {
		return c, err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
	defer f.Close()           //nolint:errcheck // the same
	n, err := io.Copy(f, io.LimitReader(from, CopyMost+1))
	switch {
	case err != nil:
		return c, err
	case n > CopyMost:
		return c, ErrBigCopy.At("copy")
	case n == 0:
		return c, ErrNoCopy.At("copy")
	}
	return d.CompareCopy(ctx, by, key, f, n)
}

// CompareCopy reads the codes of a stamped copy and holds it against what the
// application says. It keeps nothing.
func (d *Desk) CompareCopy(ctx context.Context, by stage.Actor, key id.Application, copied io.ReaderAt, size int64) (c stamped.Copy, err error) {
	defer fault.Wrap(&err, "casework.CompareCopy(%s)", key)
	var a application.Application
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.ApplicationFor(by, key)
		return err
	})
	if err != nil {
		return c, err
	}
	pages, err := scan.Read(copied, size)
	switch {
	case errors.Is(err, scan.ErrKind):
		return c, errScanKind.At("copy")
	case errors.Is(err, scan.ErrMany):
		return c, errScanMany.At("copy")
	case err != nil:
		return c, err
	}
	sheets := make([]*stamped.Stamp, len(pages))
	for i, p := range pages {
		if s, ok := stamped.ParseStamp(p.Code); ok {
			sheets[i] = &s
		}
	}
	o := stamped.Original{Number: a.Number, Digest: a.Content().Digest()}
	if a.Filed() {
		o.Digest = a.Digest
	}
	if a.Original.Round != "" {
		o.Before = a.Original.Digest()
	}
	return o.Compare(sheets), nil
}

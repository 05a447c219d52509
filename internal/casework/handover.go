package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/store"
)

// HandoverFile is one file of what the office gives to the site that carries a publicity.
type HandoverFile struct {
	Name string // in the package
	Text []byte
}

// formats are a document's files, in every format that documents have, called alike.
func formats(name string, p Paper) ([]HandoverFile, error) {
	docx, err := p.DOCX()
	return []HandoverFile{{name + ".pdf", p.PDF}, {name + ".docx", docx}}, err
}

// PublicityPaper makes a published list as a document. It has no red head: a publicity is
// none of the statutory types of documents (facts.md, finding 9).
func (d *Desk) PublicityPaper(ctx context.Context, by stage.Actor, key id.Publicity) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.PublicityPaper(%s)", key)
	v, err := d.Publicity(ctx, by, key)
	if err != nil {
		return p, err
	}
	if !v.Publicity.Published() {
		return p, fault.Missing()
	}
	return d.publicityPaper(ctx, v)
}

func (d *Desk) publicityPaper(ctx context.Context, v PublicityView) (Paper, error) {
	return d.paperOf(ctx, "publicity", string(v.Publicity.ID), "公示 "+v.Publicity.Title, v.paper)
}

func (d *Desk) publicityManuscript(tx *store.Tx, by stage.Actor, subject, _ string) (m manuscript, err error) {
	p, err := tx.PublicityFor(by, id.Publicity(subject))
	if err != nil {
		return m, err
	}
	v, err := d.publicityView(tx, by, p)
	if err != nil {
		return m, err
	}
	m = manuscript{rules: v.rules(), of: p.Programme, on: calendar.DateOf(p.PublishedAt), name: "公示 " + p.Title}
	if p.Published() {
		m.doc, err = v.paper()
	}
	return m, err
}

func (v PublicityView) paper() (*paper.Document, error) {
	p := v.Publicity
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "单位", Width: 6}, {Head: "类别", Width: 2, Centre: true}, {Head: "统一社会信用代码", Width: 4, Centre: true}}}
	for _, r := range v.listed() {
		t.Rows = append(t.Rows, []string{r[0], strings.TrimSpace(r[1] + "\n" + r[2]), r[3], r[4]})
	}
	doc := &paper.Document{Title: p.Title, Date: calendar.DateOf(p.PublishedAt), Created: p.PublishedAt.In(calendar.Zone), About: "公示 " + string(p.ID)}
	doc.Files = []paper.File{{Name: "list.txt", Media: "text/plain", About: "公示原文", Content: []byte(p.Snapshot)}}
	rules := v.rules()
	if v.Programme != nil {
		doc.Signers = []string{v.Programme.Office.Name}
	}
	return compose(doc, rules, "publicity", filling{words: map[string]string{"方案": rules.Title, "称号": rules.Base}, blocks: map[string][]paper.Block{
		"公示正文": paragraphs(p.Text), "公示期说明": paragraphs(v.PeriodSentence()), "反映办法": paragraphs(v.WaysSentence()), "名单": {t},
	}})
}

// rules are the programme's; of one that is not known, with the usual words.
func (v PublicityView) rules() *programme.Programme {
	if v.Programme != nil {
		return v.Programme
	}
	return &programme.Programme{}
}

// listed are the rows of the list that stand: number, name, Party body, category, code.
func (v PublicityView) listed() (rows [][]string) {
	for _, c := range v.Candidates {
		if c.State != publicity.Removed {
			rows = append(rows, []string{strconv.Itoa(len(rows) + 1), c.Name, c.PartyBody, c.Category, c.Code})
		}
	}
	return rows
}

// PeriodSentence says first and last day and their number, so that nobody has to count.
func (v PublicityView) PeriodSentence() string {
	p := v.Period
	s := fmt.Sprintf("公示期为%s至%s，共%d个工作日，到%s24时届满。", p.First.Chinese(), p.Last.Chinese(), p.Count(), p.Last.Chinese())
	if v.Publicity.Provisional {
		s += "（放假安排尚未公布，截止日是暂算的。）"
	}
	return s
}

// WaysSentence says how an objection is made: a person by real name and with a way to be
// reached, a unit under its stamp (S57).
func (v PublicityView) WaysSentence() string {
	s := "对名单有异议的，请在公示期内反映，写明被反映的单位、事实和依据。以个人名义反映的，署真实姓名和联系方式；以单位名义反映的，加盖单位公章。来信以邮戳日期为准。"
	return s + "受理方式：" + sentence(strings.ReplaceAll(v.Publicity.Contact, "\n", "；"))
}

// Handover gives the package for the site that carries a publicity: a page that needs
// nothing else, documents, the list for spreadsheets, the digests of all of them, and what
// to do. base is the address of this site. The same publicity gives the same bytes.
func (d *Desk) Handover(ctx context.Context, by stage.Actor, key id.Publicity, base string) (all []HandoverFile, err error) {
	defer fault.Wrap(&err, "casework.Handover(%s)", key)
	v, err := d.Publicity(ctx, by, key)
	if err != nil {
		return nil, err
	}
	if !v.Publicity.Published() {
		return nil, fault.Missing()
	}
	here := strings.TrimSuffix(base, "/") + "/publicities/" + string(key)
	page, err := v.page(here)
	if err != nil {
		return nil, err
	}
	list, err := v.csv()
	if err != nil {
		return nil, err
	}
	all = []HandoverFile{{"publicity.html", page}, {"list.csv", list}, {"list.txt", []byte(v.Publicity.Snapshot)}}
	switch doc, err := d.publicityPaper(ctx, v); {
	case err == nil:
		both, err := formats("publicity", doc)
		if err != nil {
			return nil, err
		}
		all = append(all, both...)
	case fault.CodeOf(err) != noFonts: // without fonts the page and the list go all the same
		return nil, err
	}
	all = append(all, HandoverFile{"说明.txt", v.instructions(here)})
	slices.SortFunc(all, func(a, b HandoverFile) int { return strings.Compare(a.Name, b.Name) })
	return append(all, HandoverFile{"SHA256SUMS.txt", sums(all)}), nil
}

// HandoverZIP is the package as one file, with the name that it is saved under.
func (d *Desk) HandoverZIP(ctx context.Context, by stage.Actor, key id.Publicity, base string) (name string, b []byte, err error) {
	all, err := d.Handover(ctx, by, key, base)
	if err != nil {
		return "", nil, err
	}
	files := make([]kitFile, len(all))
	for i, f := range all {
		files[i] = kitFile{f.Name, f.Text}
	}
	v, err := d.Publicity(ctx, by, key)
	if err != nil {
		return "", nil, err
	}
	b, err = zipped(files, v.Publicity.PublishedAt)
	return "publicity-" + calendar.DateOf(v.Publicity.PublishedAt).String() + ".zip", b, err
}

// sums are the digests as sha256sum writes and checks them.
func sums(all []HandoverFile) []byte {
	var b bytes.Buffer
	for _, f := range all {
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(f.Text), f.Name)
	}
	return b.Bytes()
}

func (v PublicityView) csv() ([]byte, error) {
	rows := append([][]string{{"序号", "单位", "申报党组织", "类别", "统一社会信用代码"}}, v.listed()...)
	if v.Programme != nil && !v.Programme.Applicants.Party { // nobody applies through one
		for i, r := range rows {
			rows[i] = slices.Delete(slices.Clone(r), 2, 3)
		}
	}
	return spreadsheet(rows)
}

// spreadsheet writes rows as CSV. A cell that a spreadsheet would compute is kept a text.
func spreadsheet(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff") // so that spreadsheets take it for what it is
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		for i, c := range row {
			if c != "" && strings.ContainsAny(c[:1], "=+-@\t\r") {
				row[i] = "'" + c
			}
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// handoverPage needs nothing from anywhere: no script, no picture, no address but as text.
var handoverPage = template.Must(template.New("publicity").Parse(`<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
body { margin: 0 auto; max-width: 48rem; padding: 1.5rem 1rem 3rem; font: 1.0625rem/1.9 "Noto Serif SC", SimSun, serif; color: #1a1a1a; background: #fff }
h1 { font-size: 1.5rem; line-height: 1.5; text-align: center; margin: 1rem 0 1.5rem }
p { margin: 0 0 .5rem; text-indent: 2em }
table { width: 100%; border-collapse: collapse; margin: 1rem 0; font-size: 1rem; line-height: 1.5 }
caption { text-align: left; color: #555; padding: .25rem 0 }
th, td { border: 1px solid #999; padding: .4rem .5rem; text-align: left; overflow-wrap: anywhere }
thead th { background: #f4f4f4 }
.sign { text-align: right; text-indent: 0; margin-top: 1.5rem }
.proof { font: .8125rem/1.6 monospace; color: #555; text-indent: 0; border-top: 1px solid #ccc; padding-top: .75rem; margin-top: 2rem; overflow-wrap: anywhere }
</style>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
{{range .Text}}<p>{{.}}</p>
{{end}}<p><strong>{{.Period}}</strong></p>
<table>
<caption>共{{len .Rows}}家，按统一社会信用代码排序，不分先后。</caption>
<thead><tr><th scope="col">序号</th><th scope="col">单位</th><th scope="col">类别</th><th scope="col">统一社会信用代码</th></tr></thead>
<tbody>
{{range .Rows}}<tr><td>{{index . 0}}</td><th scope="row">{{index . 1}}{{with index . 2}}<br><small>{{.}}</small>{{end}}</th><td>{{index . 3}}</td><td>{{index . 4}}</td></tr>
{{end}}</tbody>
</table>
<p>{{.Ways}}</p>
{{with .Here}}<p>网上反映：{{.}}/objections/new</p>
{{end}}<p class="sign">{{.Office}}<br>{{.Day}}</p>
<p class="proof">公示原文摘要（SHA-256）：{{.Digest}}<br>原文和核对办法：{{.Here}}</p>
</main>
</body>
</html>
`))

func (v PublicityView) page(here string) ([]byte, error) {
	p := v.Publicity
	office := ""
	if v.Programme != nil {
		office = v.Programme.Office.Name
	}
	var b bytes.Buffer
	err := handoverPage.Execute(&b, map[string]any{
		"Title": p.Title, "Text": strings.FieldsFunc(p.Text, func(r rune) bool { return r == '\n' || r == '\r' }), "Period": v.PeriodSentence(), "Rows": v.listed(),
		"Ways": v.WaysSentence(), "Here": here, "Office": office, "Day": calendar.DateOf(p.PublishedAt).Chinese(), "Digest": p.Digest,
	})
	return b.Bytes(), err
}

// instructions say what to do with the package, step by step.
func (v PublicityView) instructions(here string) []byte {
	p := v.Publicity
	place := p.Place
	if place == "" {
		place = "公示网站"
	}
	return fmt.Appendf(nil, `%s
交%s发布

一、这个文件夹里有什么
publicity.html　　公示页面，一个文件，不引用别处的图片、脚本和样式
publicity.pdf 　　公示文件；有 publicity.docx 的，内容相同，供编辑用
list.csv　　　　　名单，可以用表格软件打开
list.txt　　　　　公示原文，SHA-256 摘要是
　　　　　　　　　%s
SHA256SUMS.txt　　各个文件的 SHA-256 摘要

二、发布前核对
1. 名单共%d家；%s
2. 在文件夹里运行 sha256sum -c SHA256SUMS.txt（Windows：certutil -hashfile publicity.html SHA256，逐个对照），应当全部一致。不一致的不要发布，请重新取包。

三、发布
1. 把 publicity.html 原样放到网站上，或者把标题、正文和名单粘贴到网站的编辑器里，不增不减，不改名称。
2. 公示期从实际发布之日起算：晚于上面写的起始日发布的，请先告诉我们，截止日要顺延。
3. 保证公示期内一直可以访问，到期前不要撤下、修改。中断、改动的，公示期要重新起算或者顺延。

四、发布后
请把网页的完整网址、发布的时间（到分钟）和网页文件的 SHA-256 告诉我们，登记在
%s/manage
系统每隔一段时间访问这个网址，记录能不能打开。
`, p.Title, place, p.Digest, len(v.listed()), v.PeriodSentence(), here)
}

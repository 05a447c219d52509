package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/programme/reword"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/template"
	"shifan/internal/paper"
	"shifan/internal/record"
	"shifan/internal/store"
)

var (
	errTemplateText = fault.Define(fault.Invalid, "template.save.text", "第%d行第%d个字：文字%s", "制度:文书的文字由方案写明")
	errTemplateSame = fault.Define(fault.Invalid, "template.save.same", "文字没有改动，没有产生新的版本。改好再保存。", "")
	errTemplateFont = fault.Define(fault.Invalid, "template.save.characters", "文字里有字体里没有的字，文书出不来。%s", "")
)

// The lists of a programme's file that hold words.
const (
	DocumentTemplates = "documents"
	MessageTemplates  = "messages"
)

// TemplateView is the words of one kind of document or message, as they are now.
type TemplateView struct {
	Programme *programme.Programme
	List      string // DocumentTemplates or MessageTemplates
	Kind      template.Kind
	Subject   string // of a document its title; empty where whoever drafts it writes one
	Text      string
	Own       bool // the programme's own words, not the usual ones
	Rewords   bool // whether the viewer may change them
}

// Templates lists all words of a programme that it may give itself, documents first.
func (d *Desk) Templates(ctx context.Context, by stage.Actor, name id.Programme) (all []TemplateView, err error) {
	defer fault.Wrap(&err, "casework.Templates(%s)", name)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p, s, err := templatesOf(tx, by, name)
		if err != nil {
			return err
		}
		for list, kinds := range map[string][]template.Kind{DocumentTemplates: template.Documents, MessageTemplates: template.Messages} {
			for _, k := range kinds {
				if !k.Fixed {
					all = append(all, templateView(p, s, by, list, k))
				}
			}
		}
		slices.SortStableFunc(all, func(a, b TemplateView) int { return strings.Compare(a.List, b.List) })
		return nil
	})
	return all, err
}

// templatesOf is a programme as it is now, for those who work in it.
func templatesOf(tx *store.Tx, by stage.Actor, name id.Programme) (*programme.Programme, stage.State, error) {
	if by.Programme != "" && by.Programme != name {
		return nil, "", fault.Missing()
	}
	return tx.ProgrammeNow(name)
}

func templateView(p *programme.Programme, s stage.State, by stage.Actor, list string, k template.Kind) TemplateView {
	v := TemplateView{Programme: p, List: list, Kind: k, Subject: k.Subject, Text: k.Text, Rewords: slices.Contains(programme.Kind.May(s, by.Role), "reword")}
	for _, d := range p.Documents {
		if list == DocumentTemplates && d.Code == k.Name && d.Text != "" {
			v.Text, v.Own = strings.TrimSpace(d.Text), true
			if k.Subject != "" {
				v.Subject = d.Title
			}
		}
	}
	for _, m := range p.Messages {
		if list == MessageTemplates && m.Code == k.Name {
			v.Subject, v.Text, v.Own = m.Subject, strings.TrimSpace(m.Text), true
		}
	}
	return v
}

// Template returns the words of one kind as a programme has them now.
func (d *Desk) Template(ctx context.Context, by stage.Actor, name id.Programme, list, kind string) (v TemplateView, err error) {
	defer fault.Wrap(&err, "casework.Template(%s, %s, %s)", name, list, kind)
	all, err := d.Templates(ctx, by, name)
	if err != nil {
		return v, err
	}
	i := slices.IndexFunc(all, func(v TemplateView) bool { return v.List == list && v.Kind.Name == kind })
	if i < 0 {
		return v, fault.Missing()
	}
	return all[i], nil
}

// TemplateSample is words filled with the examples of their fields.
type TemplateSample struct {
	Subject  string
	Lines    []string        // of a message
	Document *paper.Document // of a document
}

// TryTemplate fills words with examples, and saves nothing.
func (d *Desk) TryTemplate(ctx context.Context, by stage.Actor, name id.Programme, list, kind, subject, text string) (s TemplateSample, err error) {
	defer fault.Wrap(&err, "casework.TryTemplate(%s, %s, %s)", name, list, kind)
	v, err := d.Template(ctx, by, name, list, kind)
	if err != nil {
		return s, err
	}
	return v.sample(subject, text, d.Now())
}

// TryTemplatePaper sets words filled with examples as a document.
func (d *Desk) TryTemplatePaper(ctx context.Context, by stage.Actor, name id.Programme, kind, text string) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.TryTemplatePaper(%s, %s)", name, kind)
	s, err := d.TryTemplate(ctx, by, name, DocumentTemplates, kind, "", text)
	if err != nil {
		return p, err
	}
	return issue("预览 "+s.Subject, s.Document)
}

// sample fills the words, if they can be filled.
func (v TemplateView) sample(subject, text string, now time.Time) (s TemplateSample, err error) {
	t, wrong := template.Parse(v.Kind, text)
	var faults []*fault.Fault
	for _, w := range wrong {
		line, column := lineOf(text, w.At)
		faults = append(faults, errTemplateText.At("text", line, column, w.Say))
	}
	words := map[string]string{}
	for _, f := range v.Kind.Fields {
		words[f.Name] = f.Example
	}
	words["方案"], words["称号"] = v.Programme.Title, v.Programme.Base
	if v.List == DocumentTemplates {
		if err := fault.All(faults...); err != nil {
			return s, err
		}
		s.Document = v.frame(now)
		fillIn(s.Document, "", t, sampleOf(v.Kind, words))
		s.Subject = s.Document.Title
		return s, nil
	}
	title, wrong := template.ParseSubject(v.Kind, subject)
	for _, w := range wrong {
		line, column := lineOf(subject, w.At)
		faults = append(faults, errTemplateText.At("subject", line, column, w.Say))
	}
	if err := fault.All(faults...); err != nil {
		return s, err
	}
	return TemplateSample{Subject: title.Say(words), Lines: strings.Split(t.Say(words), "\n")}, nil
}

// lineOf says where a character stands, from 1.
func lineOf(text string, at int) (line, column int) {
	before := string([]rune(text)[:at])
	last := strings.LastIndex(before, "\n")
	return strings.Count(before, "\n") + 1, len([]rune(before[last+1:])) + 1
}

// Heading is the title that a document has with words of the programme's own; empty where
// whoever drafts it writes one.
func (v TemplateView) Heading() string {
	if v.Kind.Subject == "" {
		return ""
	}
	for _, d := range v.Programme.Documents {
		if d.Code == v.Kind.Name {
			return d.Title
		}
	}
	return v.Kind.Label
}

// frame is what stands around the words of a document of this kind.
func (v TemplateView) frame(now time.Time) *paper.Document {
	p, day := v.Programme, calendar.DateOf(now)
	doc := &paper.Document{Title: cmp.Or(v.Heading(), "（标题由办公室起草时写）"), Signers: []string{p.Office.Name}, Date: day, Created: now.In(calendar.Zone), About: "预览"}
	switch v.Kind.Name {
	case "naming", "call":
		doc.Form, doc.Issuer, doc.Number, doc.To = paper.Red, p.Issuer.Name+"文件", p.Naming.Numbers+"〔"+strconv.Itoa(day.Year)+"〕×号", "各有关单位"
		doc.Signers, doc.Seal, doc.Imprint = []string{p.Issuer.Name}, true, &paper.Imprint{PrintedBy: p.Office.Name, PrintedOn: day}
	case "minutes":
		doc.Form, doc.Issuer, doc.Signers, doc.Date = paper.Minutes, markOf(p), nil, calendar.Date{}
		doc.Imprint = &paper.Imprint{PrintedBy: p.Office.Name, PrintedOn: day}
	case "correction", "acceptance", "refusal", "rectification", "hearing", "revocation", "visit_notice", "objection_answer", "recheck_notice", "recheck":
		f, _ := v.Kind.Field("单位")
		doc.Form, doc.Issuer, doc.To, doc.Seal = paper.Letter, p.Office.Name, f.Example, true
		if v.Kind.Name == "revocation" || v.Kind.Name == "recheck" {
			doc.Issuer, doc.Signers = p.Issuer.Name, []string{p.Issuer.Name}
		}
	}
	return doc
}

// sampleOf gives every block something to show.
func sampleOf(k template.Kind, words map[string]string) filling {
	s := filling{words: words, blocks: map[string][]paper.Block{}, annexes: map[string]paper.Annex{}}
	for _, f := range k.Fields {
		if !f.Block {
			continue
		}
		switch f.Name {
		case "附件标准", "附件日程", "附件申报表", "附件汇总":
			s.annexes[f.Name] = paper.Annex{Title: strings.TrimPrefix(f.Name, "附件"), Body: []paper.Block{sampleTable("内容", "（这里是"+f.Means+"。）")}}
		case "附件名单":
			s.annexes[f.Name] = paper.Annex{Title: words["称号"] + "名单", Body: []paper.Block{sampleTable("单位", "吉林省甲乙丙行业协会", "吉林省丁戊志愿服务中心", "吉林省己庚基金会")}}
		case "名单":
			s.blocks[f.Name] = []paper.Block{sampleTable("单位", "吉林省甲乙丙行业协会", "吉林省丁戊志愿服务中心", "吉林省己庚基金会")}
		case "问题清单", "补正内容":
			s.blocks[f.Name] = []paper.Block{sampleTable(f.Name, "制度没有更新", "材料缺少一页")}
		case "提交情况", "抽取数据":
			s.blocks[f.Name] = []paper.Block{paper.Facts{{Word: "编号", Value: "2026-007"}, {Word: "时间", Value: "2026年7月6日10时05分08秒"}, {Word: "摘要", Value: "0f3a91c2 77d0e5b1", Plain: true}}}
		case "各环节件数", "各类别件数":
			t := sampleTable(strings.TrimSuffix(f.Name, "件数"), "初审", "公示")
			t.Title = f.Name
			s.blocks[f.Name] = []paper.Block{t}
		default:
			s.blocks[f.Name] = []paper.Block{paper.Paragraph{Text: "（这里是" + f.Means + "。）"}}
		}
	}
	return s
}

func sampleTable(head string, rows ...string) paper.Table {
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: head, Width: 8}}}
	for i, r := range rows {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), r})
	}
	return t
}

// SaveTemplate makes a version of the programme in which a kind has other words; usual
// says that it has the usual ones again. seen is the version that the writer saw. Who
// changed another text meanwhile is not overruled; who changed the same one makes it a
// conflict. Rounds that were published keep what they froze (S4).
func (d *Desk) SaveTemplate(ctx context.Context, by stage.Actor, name id.Programme, list, kind string, seen int, subject, text string, usual bool) (err error) {
	defer fault.Wrap(&err, "casework.SaveTemplate(%s, %s, %s)", name, list, kind)
	v, err := d.Template(ctx, by, name, list, kind)
	if err != nil {
		return err
	}
	if !usual {
		if err := v.issuable(subject, text, d.Now()); err != nil {
			return err
		}
	}
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if _, _, err := templatesOf(tx, by, name); err != nil {
			return record.Entry{}, err
		}
		s, err := tx.Programme(name)
		if err != nil {
			return record.Entry{}, err
		}
		f, err := v.reworded(tx, by, s, seen, subject, text, usual)
		if err != nil {
			return record.Entry{}, err
		}
		p, problems := format.Read([]byte(f))
		if len(problems) > 0 {
			return record.Entry{}, errProgrammeFile.At("text", len(problems), problems[0].Line, problems[0].Say)
		}
		m, err := s.Reword(by, p)
		if err != nil {
			return record.Entry{}, err
		}
		file := store.ProgrammeFile{Programme: name, Number: p.Version, File: f, LoadedAt: now, LoadedBy: by.Account}
		if err := tx.AddProgrammeFile(&file); err != nil {
			return record.Entry{}, err
		}
		e := d.programmeEntry(by, &s, m, now)
		delete(e.Facts, "document") // it is what an act on its standing rests on
		e.Facts["digest"], e.Facts["template"] = file.Digest, list+"/"+kind
		return e, tx.PutProgramme(&s)
	})
}

// issuable refuses words that cannot be filled, or that no document could be set with.
func (v TemplateView) issuable(subject, text string, now time.Time) error {
	s, err := v.sample(subject, text, now)
	if err != nil || s.Document == nil {
		return err
	}
	_, err = paper.Typeset(s.Document)
	if f, is := errors.AsType[*fault.Fault](err); is && f.Code == "paper.characters" {
		return errTemplateFont.At("text", f.Say)
	}
	return nil // without fonts nothing is known of them
}

// reworded is the programme's file with the words.
func (v TemplateView) reworded(tx *store.Tx, by stage.Actor, s programme.Standing, seen int, subject, text string, usual bool) (string, error) {
	if _, err := programme.Kind.Step(s.State, "reword", by.Role); err != nil {
		return "", err
	}
	now, err := tx.ProgrammeVersion(s.Name, s.Current)
	if err != nil {
		return "", err
	}
	is := templateView(now, s.State, by, v.List, v.Kind)
	if seen != s.Current {
		before, err := tx.ProgrammeVersion(s.Name, seen)
		if err != nil {
			return "", fault.Stale()
		}
		if was := templateView(before, s.State, by, v.List, v.Kind); was.Text != is.Text || was.Subject != is.Subject {
			return "", fault.Stale()
		}
	}
	message := v.List == MessageTemplates
	same := text == is.Text && (!message || subject == is.Subject)
	if usual && !is.Own || !usual && same {
		return "", errTemplateSame.At("text")
	}
	f, err := tx.ProgrammeFile(s.Name, s.Current)
	if err != nil {
		return "", err
	}
	set, fresh := []reword.Pair{{Name: "text", Text: text}}, []reword.Pair{{Name: "title", Text: v.Kind.Label}, {Name: "type", Text: "plain"}}
	switch {
	case message && usual:
		set, fresh = nil, nil
	case message:
		set, fresh = []reword.Pair{{Name: "subject", Text: subject}, {Name: "text", Text: text}}, nil
	case usual:
		set[0].Text = ""
	}
	after, err := reword.File([]byte(f.File), v.List, v.Kind.Name, set, fresh)
	if err != nil {
		return "", err
	}
	return string(after), nil
}

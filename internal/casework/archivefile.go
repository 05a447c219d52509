package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"shifan/internal/archive"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/paper"
)

// call is what the round ran by: the programme as it was frozen, and the call.
func (p *packing) call() error {
	r := &p.round
	if err := errors.Join(p.programme(r.Programme, r.ProgrammeVersion), p.prove("届次", r.Title, string(r.ID))); err != nil {
		return err
	}
	a := archive.About{Number: r.DocNumber, Author: p.rules.Issuer.Name, Date: r.DatedOn.String()}
	p.bytes(callFolder, "通知.txt", p.file("call", r.Title, string(r.ID)), a, p.callText())
	return p.asSigned(callFolder, "创建通知", p.file("call", r.Title, string(r.ID)), CallPaper)
}

// programme is a version of the programme's file.
func (p *packing) programme(name id.Programme, version int) error {
	of, err := p.tx.ProgrammeFile(name, version)
	if err != nil {
		return err
	}
	if err := p.prove("方案", p.rules.Title, string(name)); err != nil {
		return err
	}
	f, err := p.bound(p.file("call", "方案文件，第"+numeral(of.Number)+"版", string(name)), "digest", []byte(of.File), "programme.load")
	p.bytes(callFolder, "方案.yaml", f, archive.About{Author: p.rules.Issuer.Name, Date: day(of.LoadedAt)}, []byte(of.File))
	return err
}

// asSigned puts the document of a sort about a file's thing into a folder where it was
// signed, and nothing where it was not.
func (p *packing) asSigned(folder, name string, f archive.File, sort string) error {
	of, err := inForce(p.tx, f.Thing, sort)
	if err != nil || of == nil {
		return err
	}
	return p.signed(folder, name, f, sort, f.Thing, &paper.Document{Signers: []string{p.rules.Issuer.Name}})
}

// applications are the files of those who applied.
func (p *packing) applications() error {
	all, err := p.tx.ApplicationsOf(p.round.ID)
	if err != nil {
		return err
	}
	titles, err := p.tx.DesignationsIn(p.round.ID)
	if err != nil {
		return err
	}
	for _, t := range titles {
		p.titles[t.Application] = t
	}
	slices.SortFunc(all, func(a, b application.Application) int {
		return strings.Compare(a.Number+"\x00"+string(a.ID), b.Number+"\x00"+string(b.ID))
	})
	for _, a := range all {
		p.counts[application.Kind.Word(string(a.State))]++
		one := packed{a: a}
		if a.Filed() {
			one.folder = p.names.In(filedFolder, strings.TrimSpace(a.Number+" "+a.Name))
			if err := p.application(a, one.folder); err != nil {
				return err
			}
			one.page = p.names.In(one.folder, "目录.html")
		} else if err := p.prove("申报", a.Name, string(a.ID)); err != nil {
			return err
		}
		p.filed = append(p.filed, one)
	}
	return nil
}

// kindOf says how long an application is kept: those that were named for ever.
func kindOf(a *application.Application) string {
	if a.State == application.Named {
		return "named"
	}
	return "application"
}

func (p *packing) application(a application.Application, folder string) error {
	v, err := p.desk.applicationView(p.tx, reading, a)
	if err != nil {
		return err
	}
	kind, thing := kindOf(&a), string(a.ID)
	if err := p.prove("申报", a.Number, thing); err != nil {
		return err
	}
	about := archive.About{Number: a.Number, Author: a.Name, Date: day(a.SubmittedAt)}
	put := func(name, title string, c answer.Content, acts ...string) error {
		text := c.Canonical()
		f, err := p.bound(p.file(kind, title, thing), "digest", text, acts...)
		p.bytes(folder, name, f, about, text)
		return err
	}
	if err := put("申报内容.json", "申报内容（计算摘要的原文）", a.Content(), "application.correct", "application.submit"); err != nil {
		return err
	}
	if a.Original.Round != "" && a.Original.Digest() != a.Digest {
		if err := put("申报内容（补正前）.json", "首次提交的申报内容", a.Original, "application.submit"); err != nil {
			return err
		}
	}
	for _, l := range v.Papers() {
		term := "notice"
		if l.Kind == PrintPaper {
			term = kind
		}
		doc, err := v.paper(l.Kind)
		if err != nil {
			return err
		}
		if err := p.signed(folder, l.Word, p.file(term, l.Word, thing), l.Kind, thing, doc); err != nil {
			return err
		}
	}
	p.bytes(folder, "办理结果.txt", p.file(kind, "办理结果和经过", thing), archive.About{Author: p.rules.Office.Name}, p.resultText(&a))
	if err := p.evidence(&a, folder, kind); err != nil {
		return err
	}
	if err := p.review(&a, folder); err != nil {
		return err
	}
	return p.visit(&a, folder)
}

func hex256(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// evidence are the files that were submitted, at first and with a correction, each once,
// under the indicator that it stands first under.
func (p *packing) evidence(a *application.Application, folder, kind string) error {
	kept, err := p.tx.FilesOf(a.ID)
	if err != nil || len(kept) == 0 {
		return err
	}
	bySum, done := map[string]file.File{}, map[string]bool{}
	for _, f := range kept {
		bySum[f.SHA256] = f
	}
	for _, from := range []struct {
		c    answer.Content
		mark string
	}{{a.Content(), ""}, {a.Original, "（补正前）"}} {
		for _, i := range p.rules.Indicators(p.round.Year) {
			for _, brief := range from.c.Answers[i.Code].Files {
				f, known := bySum[brief.SHA256]
				if !known || done[brief.SHA256] {
					continue
				}
				done[brief.SHA256] = true
				p.original(folder+"/佐证材料", i.Code+" "+from.mark+brief.Name, p.file(kind, "指标"+i.Code+"的佐证材料："+brief.Name, string(f.ID)), archive.About{Author: a.Name, Date: day(f.UploadedAt)}, f)
			}
		}
	}
	return nil
}

// original is a file as it was uploaded. One with a virus stays out.
func (p *packing) original(folder, name string, m archive.File, a archive.About, f file.File) {
	if f.State == file.Infected || p.desk.Files.Blobs == nil {
		p.infected++
		return
	}
	m.SHA256 = f.SHA256 // what its row says, and so what is written has to be
	p.add(folder, name, m, a, func(ctx context.Context) (io.ReadCloser, error) {
		return p.desk.Files.Blobs.Open(ctx, f.SHA256)
	})
}

func (p *packing) review(a *application.Application, folder string) error {
	v, err := p.tx.ReviewOf(a.ID)
	if fault.KindOf(err) == fault.NotFound || err == nil && v.State != review.Confirmed {
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.prove("初审", a.Number, string(v.ID)); err != nil {
		return err
	}
	text, err := p.reviewText(&v)
	p.bytes(folder, "初审意见.txt", p.file("review", "初审意见", string(v.ID)), archive.About{Author: p.rules.Office.Name, Date: day(v.EndedAt)}, text)
	return err
}

func (p *packing) visit(a *application.Application, folder string) error {
	v, err := p.tx.VisitOf(a.ID)
	if fault.KindOf(err) == fault.NotFound || err == nil && v.State != visit.Signed && v.State != visit.Waived {
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.prove("实地考核", a.Number, string(v.ID)); err != nil {
		return err
	}
	text, err := p.visitText(&v)
	if err != nil {
		return err
	}
	p.bytes(folder, "考核情况.txt", p.file("visit", "实地考核情况", string(v.ID)), archive.About{Author: "考核组", Date: day(v.EndedAt)}, text)
	photos, files, err := p.tx.PhotosFor(reading, v.ID)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	for _, photo := range photos {
		if f, known := files[photo.File]; known {
			p.original(folder+"/考核照片", f.Name, p.file("visit", "考核时拍摄的照片："+f.Name, string(f.ID)), archive.About{Author: "考核组", Date: day(f.UploadedAt)}, f)
		}
	}
	return err
}

// indicator names an indicator in a text.
func indicator(i programme.Indicator) string { return i.Code + " " + i.Title }

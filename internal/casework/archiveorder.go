package casework

import (
	"cmp"
	"fmt"
	"slices"

	"shifan/internal/archive"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/rectification"
)

// orders are the orders to put things right that followed a title, as they stood at the
// packing, each with what its holder uploaded against each item (S71). It returns how
// many there are.
func (p *packing) orders(t *designation.Designation) (int, error) {
	all, err := p.tx.RectificationsOf(t.ID)
	if err != nil {
		return 0, err
	}
	slices.SortFunc(all, func(a, b rectification.Rectification) int {
		return cmp.Or(a.OrderedAt.Compare(b.OrderedAt), cmp.Compare(a.ID, b.ID))
	})
	for n := range all {
		if err := p.order(t, &all[n], n+1); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// order is one of them, in a folder of its own. A file that stands under several items is
// there once, under the first.
func (p *packing) order(t *designation.Designation, r *rectification.Rectification, n int) error {
	folder := p.names.In(orderFolder, fmt.Sprintf("%s %s 第%d次", t.Number, t.Name, n))
	if err := p.prove("整改", t.Number, string(r.ID)); err != nil {
		return err
	}
	kept, err := p.tx.FilesOfOrder(r.ID)
	if err != nil {
		return err
	}
	byKey := map[string]file.File{}
	for _, f := range kept {
		byKey[string(f.ID)] = f
	}
	about, done := archive.About{Author: p.rules.Office.Name, Date: cmp.Or(day(r.ConcludedAt), day(r.OrderedAt))}, map[string]bool{}
	text, err := p.orderText(t, r, byKey)
	if err != nil {
		return err
	}
	p.bytes(folder, "整改情况.txt", p.file("rectification", "整改情况："+t.Name, string(r.ID)), about, text)
	for i, item := range r.Items {
		for _, key := range item.Files {
			f, known := byKey[string(key)]
			if !known || done[string(key)] {
				continue
			}
			done[string(key)] = true
			p.original(folder+"/佐证材料", fmt.Sprintf("第%d项 %s", i+1, f.Name), p.file("rectification", fmt.Sprintf("第%d项整改的佐证材料：%s", i+1, f.Name), string(f.ID)), archive.About{Author: t.Name, Date: day(f.UploadedAt)}, f)
		}
	}
	if err := p.asSigned(folder, "限期整改通知", p.file("rectification", "限期整改通知："+t.Name, string(r.ID)), "rectification"); err != nil {
		return err
	}
	return p.decision(folder, "整改结论", "rectification", r.Decision)
}

// orderText says what was ordered, what was done, what was found, and of each file its name
// and digest.
func (p *packing) orderText(t *designation.Designation, r *rectification.Rectification, files map[string]file.File) ([]byte, error) {
	var l lines
	l.say("称号", t.Number+" "+t.Name)
	l.say("状态", rectification.Kind.Word(string(r.State)))
	l.say("责令时间", second(r.OrderedAt))
	if !r.ServedOn.IsZero() {
		l.say("送达日期", r.ServedOn.Chinese())
		l.say("整改期限", r.DueOn.Chinese()+" 24:00")
	}
	for _, e := range r.Extensions {
		l.say("延长", fmt.Sprintf("%s由%s延长到%s，%s", second(e.At), e.From.Chinese(), e.To.Chinese(), e.Reason))
	}
	if !r.ReportedAt.IsZero() {
		l.say("提交报告", second(r.ReportedAt))
	}
	for n, i := range r.Items {
		l.head(fmt.Sprintf("第%d项", n+1))
		l.say("要求", i.Say)
		l.say("整改情况", i.Done)
		l.say("佐证", i.Evidence)
		for _, key := range i.Files {
			if f, known := files[string(key)]; known {
				l.say("佐证文件", f.Name+"，SHA-256 "+f.SHA256)
			}
		}
		if !r.VerifiedAt.IsZero() {
			l.say("验收", map[bool]string{true: "已整改", false: "未整改"}[i.Evident])
		}
		l.say("说明", i.Note)
	}
	if !r.VerifiedAt.IsZero() {
		who, err := p.who(r.VerifiedBy)
		if err != nil {
			return nil, err
		}
		l.head("验收")
		l.say("方式", rectification.Methods[r.Method])
		l.say("意见", r.Opinion)
		l.say("验收人", who)
		l.say("时间", second(r.VerifiedAt))
	}
	if !r.ConcludedAt.IsZero() {
		l.head("结论")
		l.say("结论", rectification.Kind.Word(string(r.State)))
		l.say("理由", r.Reason)
		l.say("时间", second(r.ConcludedAt))
	}
	return l.bytes("整改情况：" + t.Name), nil
}
